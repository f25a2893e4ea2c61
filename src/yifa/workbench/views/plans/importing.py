"""From a plan's text to a plan: choose a file or paste, look at what was read, import."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from yifa.law.errors import YifaError
from yifa.ledger.actions import StoreAttachment
from yifa.ledger.chain.attachments import path_of
from yifa.ledger.models import Attachment, Organization, Role, User
from yifa.planning.actions import ImportPlan
from yifa.planning.importing import everyone, meanings, read_source
from yifa.planning.importing.sources import AUTO, TABLE, TEXT
from yifa.planning.models import Plan
from yifa.workbench.forms import StyledForm
from yifa.workbench.forms.acts import UnitField
from yifa.workbench.rights.access import SignedInRequest, has_role
from yifa.workbench.views.plans.preview import Preview, build


class PlanTextForm(StyledForm):
    """Whose plan, of which year, and its text."""

    year = forms.IntegerField(label="年度", min_value=1990, max_value=2100)
    file = forms.FileField(
        label="文件",
        required=False,
        help_text="可读 Word、WPS、PDF、OFD、网页、文本，以及任务分解表（xlsx、xls、et、csv）。",
    )
    text = forms.CharField(
        label="或粘贴全文",
        required=False,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="连同标题和编号一起粘贴；也可从 Excel 复制整张任务表粘贴。",
    )
    way = forms.ChoiceField(
        label="怎样读",
        required=False,
        choices=[(AUTO, "自动判断"), (TEXT, "按文字读"), (TABLE, "按表格读")],
        help_text="判断错了再改。",
    )
    kept = forms.CharField(required=False, widget=forms.HiddenInput())
    replaces = forms.ModelChoiceField(
        Plan.objects.none(), label="替换草稿", required=False, empty_label="（不替换，另立一份）"
    )

    def __init__(self, *args: Any, units: list[Organization], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organization"] = UnitField(
            units, label="谁的计划", error_messages={"required": "请选择单位。"}
        )
        self.fields["organization"].widget.attrs["class"] = "form-select"
        drafts = Plan.objects.filter(organization__in=units, state=Plan.State.DRAFT)
        self.fields["replaces"].queryset = drafts  # type: ignore[attr-defined]
        self.order_fields(["organization", "year"])
        for name in ("year",):
            self.fields[name].error_messages = {
                "required": "请填写年度。",
                "invalid": "年度应为四位数，例如 2026。",
                "min_value": "年度应为四位数，例如 2026。",
                "max_value": "年度应为四位数，例如 2026。",
            }
        self.fields["file"].error_messages["empty"] = "这个文件是空的，请检查后重新选择。"

    def clean(self) -> dict[str, Any]:
        """A file, a text, or the one kept from the preview."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors and not (cleaned.get("file") or cleaned.get("text") or cleaned.get("kept")):
            raise ValidationError("请选择一个文件，或粘贴计划全文。")
        return cleaned


def _kept(user: User, form: PlanTextForm) -> Attachment:
    """The text as a stored file, so that what is imported is what was looked at."""
    file = form.cleaned_data["file"]
    if isinstance(file, UploadedFile):
        return StoreAttachment(actor=user, content=file.file, name=file.name or "计划").execute()  # type: ignore[arg-type]
    text = form.cleaned_data["text"]
    if text:
        return StoreAttachment(actor=user, content=text.encode(), name="粘贴的计划.txt").execute()
    return Attachment.objects.get(pk=form.cleaned_data["kept"])


@login_required
def import_plan(request: SignedInRequest) -> HttpResponse:
    """First the preview, then the import; what is imported is what the preview showed."""
    units = [
        unit
        for unit in Organization.objects.for_user(request.user)
        if has_role(request.user, [Role.COORDINATOR], unit)
    ]
    seen: Preview | None = None
    wrong = ""
    if request.method == "POST":
        form = PlanTextForm(request.POST, request.FILES, units=units)
        if form.is_valid():
            try:
                seen = _preview(request, form)
                action = ImportPlan(
                    actor=request.user,
                    organization=form.cleaned_data["organization"],
                    year=form.cleaned_data["year"],
                    draft=seen.draft,
                    units=seen.chosen,
                    replaces=form.cleaned_data["replaces"],
                )
                action.check()
                if "confirm" in request.POST and request.POST.get("seen") == seen.fingerprint:
                    plan = action.execute()
                    messages.success(request, f"已导入：{plan.title}，任务 {plan.items.count()} 项。")
                    return redirect("plan", plan_id=plan.pk)
                if "confirm" in request.POST:
                    wrong = "内容与上次预览不同，没有导入。请看过下面的预览再确认。"
            except Attachment.DoesNotExist:
                wrong = "预览的文件不在了，请重新选择。"
            except YifaError as error:
                wrong = error.message
    else:
        form = PlanTextForm(
            units=units,
            initial={"year": timezone.localdate().year, "organization": units[0].pk if units else None},
        )
    context = {
        "title": "导入工作要点",
        "form": form,
        "wrong": wrong,
        "seen": seen,
        "units": Organization.objects.below(form.cleaned_data["organization"]) if seen else [],
        "groups": everyone(form.cleaned_data["organization"]) if seen and seen.names else {},
        "meanings": meanings(),
        "crumbs": [("工作要点", reverse("plans"))],
    }
    status = 422 if form.is_bound and (wrong or form.errors) else 200
    return render(request, "workbench/plans/import.html", context, status=status)


def _preview(request: SignedInRequest, form: PlanTextForm) -> Preview:
    """What is read; what was decided about another text before does not hold for a new one."""
    attachment = _kept(request.user, form)
    way = form.cleaned_data["way"]
    source = read_source(path_of(attachment.pk).read_bytes(), attachment.name, way)
    same = form.cleaned_data["kept"] == attachment.pk and request.POST.get("way_was", "") == way
    given = request.POST if same else QueryDict()
    form.show_again(kept=attachment.pk)
    return build(source, form.cleaned_data["year"], form.cleaned_data["organization"], given)
