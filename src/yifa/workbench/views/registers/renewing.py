"""Renewing many entries at once: one new last day, what else becomes the same in all, one reason; a version of each."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from yifa.approvals.actions import DraftEntry
from yifa.approvals.models import EntryDraft
from yifa.law.loader import catalogue
from yifa.law.schema import FieldType, RegisterType
from yifa.ledger.actions import ReviseEntry
from yifa.ledger.models import Entry
from yifa.ledger.refusal import ActionRefused
from yifa.workbench.forms import SpecForm
from yifa.workbench.forms.look import DayInput
from yifa.workbench.forms.specs import PREFIX
from yifa.workbench.rights.access import SignedInRequest
from yifa.workbench.views.registers.listing import may_keep

MOST = 200
SAME = {FieldType.DATE, FieldType.CHOICE}  # what may become the same in many entries


class RenewForm(SpecForm):
    """Until when, on which day decided, why; and what else is to say the same in every entry."""

    ends = forms.DateField(widget=DayInput(), error_messages={"required": "请填写新的截止日期。"})
    on = forms.DateField(
        label="换发或者决定日期", widget=DayInput(), error_messages={"required": "请填写日期。"}
    )
    reason = forms.CharField(
        label="理由",
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="随每一条的新版本留痕，例如：2026年度集中换发。",
        error_messages={"required": "请写明理由。"},
    )

    def __init__(self, *args: Any, register: RegisterType, **kwargs: Any) -> None:
        settled = {register.key, register.title_field, register.ends}
        settled |= set() if register.continues else {register.begins}
        specs = {
            name: spec.model_copy(update={"required": False})
            for name, spec in register.fields.items()
            if name not in settled and spec.type in SAME
        }
        super().__init__(*args, specs=specs, **kwargs)
        self.register = register
        self.fields["ends"].label = f"新的{register.fields[register.ends or ''].title}"
        for name, spec in specs.items():
            field = self.fields[PREFIX + name]
            if isinstance(field, forms.ChoiceField):
                field.choices = [("", "（照旧）"), *((one, one) for one in spec.choices or [])]
        if register.continues:
            begins = self.fields[PREFIX + str(register.begins)]
            begins.label, begins.help_text = (
                f"新的{begins.label}",
                "不填的：还没到期的，自原截止日的次日起；已过期的，自换发之日起。",
            )

    def said_of(self, entry: Entry) -> dict[str, Any]:
        """What an entry says when renewed: a term not given begins after the former, or when it is renewed later."""
        begins, ends = str(self.register.begins), str(self.register.ends)
        said = {**entry.data, **self.spec_values(), ends: self.cleaned_data["ends"].isoformat()}
        if self.register.continues and begins not in self.spec_values() and entry.ends is not None:
            said[begins] = max(entry.ends + timedelta(days=1), self.cleaned_data["on"]).isoformat()
        return said


def _refused(request: SignedInRequest, entry: Entry, register: RegisterType, ends: date | None) -> str:
    """Why an entry is not renewed; empty where it is."""
    if entry.withdrawn:
        return "已撤下，不能续期；需要时另行登记"
    if not may_keep(request.user, entry.organization):
        return "不在您维护的单位"
    if ends is not None and entry.ends is not None and ends <= entry.ends:
        return f"现在的{register.fields[register.ends or ''].title}不早于新的，不用续"
    return ""


@login_required
@require_POST
def renew_entries(request: SignedInRequest, register: str) -> HttpResponseBase:
    """The ticked entries, one form, and with it sent a new version of each that can be renewed."""
    found = catalogue().registers.get(register)
    if found is None or not found.renews:
        raise Http404
    chosen = _ticked(request, register)
    if not chosen:
        messages.error(request, "没有选中条目，请先在列表里勾选。")
        return redirect("register", register=register)
    sent = "ends" in request.POST
    form = RenewForm(request.POST if sent else None, register=found, initial={"on": timezone.localdate()})
    ends = form.cleaned_data["ends"] if sent and form.is_valid() else None
    judged = [(entry, _refused(request, entry, found, ends)) for entry in chosen]
    refused: ActionRefused | None = None
    if ends is not None:
        try:
            count = _renew(request, found, [entry for entry, why in judged if not why], form)
            left = "；".join(f"“{entry.title}”没有续：{why}" for entry, why in judged if why)
            if found.approval:
                messages.success(request, f"已送审续期 {count} {found.unit}，由另一人审核通过后公布。{left}")
                return redirect("entry_drafts")
            messages.success(request, f"已续期 {count} {found.unit}。{left}")
            return redirect("register", register=register)
        except ActionRefused as error:
            refused = error
    context = {
        "title": f"续期：{found.title}",
        "register": found,
        "form": form,
        "judged": judged,
        "can": sum(not why for _, why in judged),
        "refused": refused,
        "crumbs": [
            ("清单名录", reverse("registers")),
            (found.title, reverse("register", args=[register])),
        ],
    }
    return render(request, "workbench/registers/renew.html", context, status=422 if sent else 200)


def _ticked(request: SignedInRequest, register: str) -> list[Entry]:
    ids = []
    for text in request.POST.getlist("entry")[:MOST]:
        try:
            ids.append(UUID(text))
        except ValueError:
            continue
    seen = Entry.objects.for_user(request.user).filter(register=register, pk__in=ids)
    return list(seen.select_related("organization").order_by("key"))


def _renew(request: SignedInRequest, register: RegisterType, chosen: list[Entry], form: RenewForm) -> int:
    """All of them or none; where the register wants it, as drafts for another person to approve."""
    data = form.cleaned_data
    with transaction.atomic():
        for entry in chosen:
            change: dict[str, Any] = {
                "actor": request.user,
                "entry": entry,
                "data": form.said_of(entry),
                "reason": data["reason"],
                "expected_length": entry.length,
            }
            if register.approval:
                kind, unit = EntryDraft.Kind.REVISE, entry.organization
                DraftEntry(
                    organization=unit, register=register.register_, kind=kind, on=data["on"], **change
                ).execute()
            else:
                ReviseEntry(on=data["on"], **change).execute()
    return len(chosen)
