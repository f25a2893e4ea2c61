"""Acting for one another while away: who for whom, from when to when, with which roles."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from yifa.ledger.actions import Delegate, EndDelegation
from yifa.ledger.models import ADMINISTRATION, Case, Delegation, Membership, User
from yifa.ledger.models.scoping import scoped
from yifa.ledger.people.pinyin import people_by_sound
from yifa.ledger.refusal import ActionRefused
from yifa.workbench.forms import StyledForm
from yifa.workbench.forms.given import named
from yifa.workbench.forms.look import DayInput
from yifa.workbench.rights.access import SignedInRequest

SHOWN = 50


class _Person(forms.ModelChoiceField):  # type: ignore[type-arg]  # not generic when it runs
    def label_from_instance(self, obj: Any) -> str:
        """Name and unit."""
        return f"{obj.display_name or obj.username}（{obj.organization or '不属任何单位'}）"


class _Roles(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]  # not generic when it runs
    def label_from_instance(self, obj: Any) -> str:
        """Role and where."""
        return f"{obj.get_role_display()}（{obj.organization}）"


class DelegationForm(StyledForm):
    """Who acts, from when to when, with which roles, and why."""

    begins = forms.DateField(label="自", widget=DayInput(), error_messages={"required": "请填写开始日期。"})
    ends = forms.DateField(
        label="至（含当日）", widget=DayInput(), error_messages={"required": "请填写结束日期。"}
    )
    reason = forms.CharField(
        label="事由",
        max_length=200,
        help_text="例如：出差、休假、参加培训。",
        error_messages={"required": "请填写事由。"},
    )
    cases = forms.CharField(
        label="只代理这些事项",
        required=False,
        help_text="填事项编号，多个用顿号隔开；不填就是全部。只代理个别事项的，看不到其他事项。",
    )

    def __init__(self, *args: Any, absent: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._absent = absent
        mine = Membership.objects.filter(user=absent).select_related("organization").order_by("pk")
        deputies = _deputies(absent, mine)
        self.fields["deputy"] = deputy = _Person(
            deputies,
            label="由谁代理",
            empty_label="（请选择）",
            error_messages={"required": "请选择代理人。"},
            widget=forms.Select(attrs={"class": "form-select"}),
        )
        self.fields["memberships"] = _Roles(
            mine,
            label="代理哪些角色",
            initial=mine if len(mine) == 1 else None,
            error_messages={"required": "请选择代理哪些角色。"},
            widget=forms.CheckboxSelectMultiple(),
        )
        # the own unit first, as everywhere by sound below it
        people = sorted(
            people_by_sound(deputies), key=lambda one: one.organization_id != absent.organization_id
        )
        deputy.choices = [
            ("", deputy.empty_label),
            *((one.pk, deputy.label_from_instance(one)) for one in people),
        ]
        for name in ("deputy", "memberships"):
            self.fields[name].marked = True  # type: ignore[attr-defined]  # as StyledForm marks the others
        self.order_fields(["deputy", "memberships", "begins", "ends", "reason", "cases"])

    def clean_cases(self) -> list[Case]:
        """The cases by their numbers."""
        numbers = [one for one in re.split(r"[、，,;；\s]+", self.cleaned_data["cases"]) if one]
        found = {case.number: case for case in Case.objects.for_user(self._absent).filter(number__in=numbers)}
        missing = [number for number in numbers if number not in found]
        if missing:
            raise forms.ValidationError(f"没有编号为“{'、'.join(missing)}”的事项，请核对编号。")
        return [found[number] for number in numbers]


def _deputies(absent: User, lent: QuerySet[Membership]) -> QuerySet[User]:
    """Who may act for somebody with these roles: no administrator for work an administrator may not see."""
    others = User.objects.filter(is_active=True, is_superuser=False, organization__isnull=False)
    if any(one.role not in ADMINISTRATION for one in lent):
        works = Membership.objects.exclude(role__in=ADMINISTRATION).values("user")
        administers = Membership.objects.filter(role__in=ADMINISTRATION).values("user")
        others = others.filter(Q(pk__in=works) | ~Q(pk__in=administers))
    return others.exclude(pk=absent.pk).select_related("organization")


@login_required
def delegations(request: SignedInRequest) -> HttpResponse:
    """One's own delegations, given and received, and a new one. Whoever grants roles makes them for others too."""
    absent = _absent(request)
    has_roles = absent.memberships.exists()
    form = DelegationForm(request.POST or None, absent=absent, initial={"begins": timezone.localdate()})
    refused: ActionRefused | None = None
    if request.method == "POST" and form.is_valid():
        try:
            made = Delegate(actor=request.user, absent=absent, **form.cleaned_data).execute()
            messages.success(request, f"已登记：{made.deputy.display_name}代理{absent.display_name}。")
            return redirect(request.get_full_path())
        except ActionRefused as error:
            refused = error
    concerned = Delegation.objects.filter(Q(absent=absent) | Q(deputy=absent))
    rows = concerned.select_related("absent", "deputy", "made_by").prefetch_related(
        "memberships__organization"
    )[:SHOWN]
    context = {
        "title": "代理" if absent == request.user else f"代理：{absent.display_name}",
        "absent": absent,
        "today": timezone.localdate(),
        "rows": rows,
        "form": form if has_roles else None,
        "refused": refused,
    }
    status = 422 if refused or form.errors else 200
    return render(request, "workbench/people/delegations.html", context, status=status)


def _absent(request: SignedInRequest) -> User:
    """Whose: the user's own, or of an account to which the user may grant roles."""
    wanted = request.GET.get("for", "")
    if not wanted or wanted == str(request.user.pk):
        return request.user
    reachable = scoped(User.objects.all(), request.user, "organization__path", Delegate.needs.roles)
    return named(reachable, wanted)


@require_POST
@login_required
def end_delegation(request: SignedInRequest, delegation_id: int) -> HttpResponse:
    """End one before its day."""
    mine = Q(absent=request.user) | Q(deputy=request.user)
    granted = scoped(
        Delegation.objects.all(), request.user, "absent__organization__path", EndDelegation.needs.roles
    )
    one = get_object_or_404(
        Delegation.objects.filter(mine | Q(pk__in=granted.values("pk"))), pk=delegation_id
    )
    try:
        EndDelegation(actor=request.user, delegation=one, reason=request.POST.get("reason", "")).execute()
        messages.success(request, "代理已结束。")
    except ActionRefused as error:
        messages.error(request, error.message)
    return redirect("delegations")
