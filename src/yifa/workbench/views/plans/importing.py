"""From a plan's text to a plan: choose a file or paste, look at what was read, import."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from yifa.law.errors import YifaError
from yifa.ledger.actions import StoreAttachment
from yifa.ledger.attachments import path_of
from yifa.ledger.models import Attachment, Organization, Role, User
from yifa.planning.actions import ImportPlan
from yifa.planning.models import Plan
from yifa.reading import Document, read_bytes
from yifa.workbench.access import SignedInRequest, has_role, require_role
from yifa.workbench.forms import StyledForm
from yifa.workbench.forms.acts import UnitField


class PlanTextForm(StyledForm):
    """Whose plan, of which year, and its text."""

    year = forms.IntegerField(label="年度", min_value=1990, max_value=2100)
    file = forms.FileField(
        label="文件", required=False, help_text="可读 Word（docx）、网页（html）、文本（txt）等。"
    )
    text = forms.CharField(
        label="或粘贴全文",
        required=False,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="连同标题和编号一起粘贴。",
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


def _document(attachment: Attachment) -> Document:
    return read_bytes(path_of(attachment.pk).read_bytes(), attachment.name)


@login_required
def import_plan(request: SignedInRequest) -> HttpResponse:
    """First the preview, then the import."""
    require_role(request.user, [Role.COORDINATOR])
    units = [
        unit
        for unit in Organization.objects.for_user(request.user)
        if has_role(request.user, [Role.COORDINATOR], unit)
    ]
    document: Document | None = None
    wrong = ""
    if request.method == "POST":
        form = PlanTextForm(request.POST, request.FILES, units=units)
        if form.is_valid():
            try:
                attachment = _kept(request.user, form)
                document = _document(attachment)
                action = ImportPlan(
                    actor=request.user,
                    organization=form.cleaned_data["organization"],
                    year=form.cleaned_data["year"],
                    document=document,
                    replaces=form.cleaned_data["replaces"],
                )
                action.check()
                if "confirm" in request.POST:
                    plan = action.execute()
                    messages.success(request, f"已导入：{plan.title}，任务 {plan.tasks.count()} 项。")
                    return redirect("plan", plan_id=plan.pk)
                form.show_again(kept=attachment.pk, text="")
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
        "document": document if document and document.tasks else None,
        "problems": _problems(document) if document else [],
        "crumbs": [("工作要点", reverse("plans"))],
    }
    status = 422 if form.is_bound and (wrong or form.errors) else 200
    return render(request, "workbench/plans/import.html", context, status=status)


def _problems(document: Document) -> list[str]:
    """What a person should look at before importing."""
    problems = []
    unnamed = [task.number for task in document.tasks if not task.lead]
    undated = [task.number for task in document.tasks if task.due is None]
    if unnamed:
        problems.append(f"{len(unnamed)} 项任务的原文没有写明责任单位，导入后须逐项指定。")
    if undated:
        problems.append(f"{len(undated)} 项任务的原文没有写明完成时限，导入后可统一设定。")
    if document.repairs:
        problems.append(f"读取时修复了 {len(document.repairs)} 处文字损坏。")
    problems += [f"原文夹有可疑文字“{mark.phrase}”，请核对。" for mark in document.marks[:5]]
    return problems
