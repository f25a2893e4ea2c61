"""New entries, new versions, withdrawal."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from yifa.approvals.actions import DraftEntry
from yifa.approvals.models import EntryDraft
from yifa.law.loader import catalogue
from yifa.law.schema import FieldSpec, RegisterType
from yifa.ledger.actions import PublishEntry, ReviseEntry, WithdrawEntry
from yifa.ledger.legal import no_power, register_of
from yifa.ledger.models import Entry, Organization, User
from yifa.ledger.refusal import ActionRefused
from yifa.workbench.cases.papers import from_address
from yifa.workbench.forms import SpecForm
from yifa.workbench.forms.acts import UnitField
from yifa.workbench.forms.look import DayInput
from yifa.workbench.rights.access import SignedInRequest, home_organization, require_here
from yifa.workbench.views.registers.listing import may_keep
from yifa.workbench.views.registers.showing import seen_entry


class EntryForm(SpecForm):
    """The data of an entry, the day and the reason."""

    on = forms.DateField(label="日期", widget=DayInput(), error_messages={"required": "请填写日期。"})
    reason = forms.CharField(label="理由", required=False, widget=forms.Textarea(attrs={"rows": 2}))
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput())

    def __init__(self, *args: Any, needs_reason: bool, **kwargs: Any) -> None:
        self.needs_reason = needs_reason
        super().__init__(*args, **kwargs)
        self.fields["reason"].marked = needs_reason  # type: ignore[attr-defined]
        self.order_fields([name for name in self.fields if name.startswith("f_")])

    def clean_reason(self) -> str:
        """A reason where one must stand in the ledger."""
        reason: str = self.cleaned_data["reason"].strip()
        if self.needs_reason and not reason:
            raise ValidationError("请写明理由；理由随改动一并留痕。")
        return reason


class NewEntryForm(EntryForm):
    """A new entry also says whose it is."""

    organization = forms.CharField()

    def __init__(self, *args: Any, units: list[Organization], **kwargs: Any) -> None:
        super().__init__(*args, needs_reason=False, **kwargs)
        self.fields["organization"] = UnitField(
            units, label="单位", error_messages={"required": "请选择单位。"}
        )
        self.fields["organization"].widget.attrs["class"] = "form-select"
        self.fields["organization"].marked = True  # type: ignore[attr-defined]


def _page(
    request: SignedInRequest,
    register: RegisterType,
    form: EntryForm,
    *,
    title: str,
    refused: ActionRefused | None,
    entry: Entry | None = None,
    withdrawing: bool = False,
) -> HttpResponse:
    crumbs = [
        ("清单名录", reverse("registers")),
        (register.title, reverse("register", args=[register.register_])),
    ]
    if entry is not None:
        crumbs.append((entry.title, reverse("entry", args=[entry.pk])))
        if refused is not None:
            entry.refresh_from_db()
            form.show_again(seen=str(entry.length))
    kind = "撤下" if withdrawing else "登记" if entry is None else "修订"
    form.fields["on"].label = "公布日期" if register.approval else f"{kind}日期"
    context = {
        "title": title,
        "register": register,
        "again": _again(request, register.register_, entry),
        "form": form,
        "refused": refused,
        "entry": entry,
        "withdrawing": withdrawing,
        "back": crumbs[-1][1],
        "crumbs": crumbs,
    }
    status = 409 if refused is not None and refused.code == "conflict" else 422 if form.is_bound else 200
    return render(request, "workbench/registers/form.html", context, status=status)


def _keeping_units(user: User, register: str) -> list[Organization]:
    return [
        unit
        for unit in Organization.objects.for_user(user)
        if no_power(unit.level, register=register) is None and may_keep(user, unit)
    ]


@login_required
def new_entry(request: SignedInRequest, register: str) -> HttpResponse:
    """Put a new entry on a register."""
    found = catalogue().registers.get(register)
    if found is None:
        raise Http404
    units = _keeping_units(request.user, register)
    home = home_organization(request.user)
    refused: ActionRefused | None = None
    options: dict[str, Any] = {"specs": found.fields, "units": units}
    if request.method == "POST":
        form = NewEntryForm(request.POST, **options)
        if form.is_valid() and found.approval:
            refused = _drafted(request, found, form, EntryDraft.Kind.NEW)
            if refused is None:
                return redirect("entry_drafts")
        elif form.is_valid():
            try:
                entry = PublishEntry(
                    actor=request.user,
                    organization=form.cleaned_data["organization"],
                    register=register,
                    data=form.spec_values(),
                    on=form.cleaned_data["on"],
                    reason=form.cleaned_data["reason"],
                ).execute()
                messages.success(request, f"已登记：{entry.title}。")
                return redirect("entry", entry_id=entry.pk)
            except ActionRefused as error:
                refused = error
    else:
        named = next((one for one in units if one.code == request.GET.get("unit")), None)
        first = named or (home if home in units else (units[0] if units else None))
        again = _again(request, register)
        initial: dict[str, Any] = {"on": timezone.localdate(), "organization": first and first.pk}
        options["values"] = from_address(request.GET, found.fields)
        if again is not None:
            initial |= {"organization": again.organization_id, "reason": again.reason} | _drafted_day(again)
            options["values"] = again.data
        form = NewEntryForm(initial=initial, **options)
    return _page(request, found, form, title=f"登记：{found.title}", refused=refused)


def _again(request: SignedInRequest, register: str, entry: Entry | None = None) -> EntryDraft | None:
    """The user's returned draft that the address names, to be mended."""
    try:
        wanted = UUID(request.GET.get("draft", ""))
    except ValueError:
        return None
    returned = EntryDraft.objects.filter(state=EntryDraft.State.RETURNED, drafted_by=request.user)
    return returned.filter(pk=wanted, register=register, entry=entry).first()


def _drafted_day(draft: EntryDraft | None) -> dict[str, Any]:
    """The day of publication that was drafted, where one was."""
    return {"on": draft.on} if draft is not None and draft.on else {}


def _drafted(
    request: SignedInRequest, register: RegisterType, form: EntryForm, kind: str, entry: Entry | None = None
) -> ActionRefused | None:
    """Send the change to another person for approval; what refused it, if anything did."""
    organization = entry.organization if entry is not None else form.cleaned_data["organization"]
    try:
        draft = DraftEntry(
            actor=request.user,
            organization=organization,
            register=register.register_,
            kind=kind,
            data=form.spec_values(),
            entry=entry,
            on=form.cleaned_data["on"],
            reason=form.cleaned_data["reason"],
            expected_length=form.cleaned_data["seen"] if entry is not None else None,
            again=_again(request, register.register_, entry),
        ).execute()
    except ActionRefused as error:
        return error
    messages.success(request, f"已送审：{draft.title}。由另一人审核通过后公布。")
    return None


def _changed(
    request: SignedInRequest, entry: Entry, form: EntryForm, withdrawing: bool
) -> ActionRefused | None:
    """Make the change; what refused it, if anything did."""
    shared: dict[str, Any] = {
        "actor": request.user,
        "entry": entry,
        "on": form.cleaned_data["on"],
        "reason": form.cleaned_data["reason"],
        "expected_length": form.cleaned_data["seen"],
    }
    action = WithdrawEntry(**shared) if withdrawing else ReviseEntry(data=form.spec_values(), **shared)
    try:
        action.execute()
    except ActionRefused as error:
        return error
    return None


def _change(request: SignedInRequest, entry_id: UUID, withdrawing: bool) -> HttpResponse:
    entry = seen_entry(request.user, entry_id)
    register = register_of(entry.register)
    require_here(request, entry.organization)
    specs: dict[str, FieldSpec] = {} if withdrawing else register.fields
    refused: ActionRefused | None = None
    if request.method == "POST":
        form = EntryForm(request.POST, specs=specs, needs_reason=True)
        if form.is_valid():
            if register.approval:
                kind = EntryDraft.Kind.WITHDRAW if withdrawing else EntryDraft.Kind.REVISE
                refused = _drafted(request, register, form, kind, entry)
            else:
                refused = _changed(request, entry, form, withdrawing)
            if refused is None and register.approval:
                return redirect("entry_drafts")
            if refused is None:
                messages.success(request, f"{'已撤下' if withdrawing else '已修订'}：{entry.title}。")
                return redirect("entry", entry_id=entry.pk)
    else:
        again = _again(request, register.register_, entry)
        reason = again.reason if again is not None else ""
        initial = {"on": timezone.localdate(), "seen": entry.length, "reason": reason} | _drafted_day(again)
        values = again.data if again is not None else entry.data
        form = EntryForm(specs=specs, values=values, needs_reason=True, initial=initial)
    title = f"{'撤下' if withdrawing else '修订'}：{entry.title}"
    return _page(request, register, form, title=title, refused=refused, entry=entry, withdrawing=withdrawing)


@login_required
def revise(request: SignedInRequest, entry_id: UUID) -> HttpResponse:
    """Give an entry a new version."""
    return _change(request, entry_id, withdrawing=False)


@login_required
def withdraw(request: SignedInRequest, entry_id: UUID) -> HttpResponse:
    """Take an entry off the register."""
    return _change(request, entry_id, withdrawing=True)
