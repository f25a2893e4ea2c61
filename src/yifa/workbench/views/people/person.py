"""One account: its roles by the security administrator, its password and whether it signs in by the system administrator."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from yifa.ledger.actions import DeactivateUser, GrantRole, ReactivateUser, RevokeRole, SetPassword
from yifa.ledger.installation.founding import first_password
from yifa.ledger.models import Delegation, Organization, Role, User
from yifa.ledger.models.scoping import scoped
from yifa.ledger.refusal import ActionRefused
from yifa.workbench.forms import StyledForm
from yifa.workbench.forms.acts import UnitField
from yifa.workbench.rights.access import SignedInRequest, has_role
from yifa.workbench.rights.permits import SEE_PEOPLE
from yifa.workbench.views.people.listing import units_of


class RoleForm(StyledForm):
    """One more role."""

    role = forms.ChoiceField(label="角色", choices=Role.choices)

    def __init__(self, *args: Any, units: list[Organization], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organization"] = UnitField(
            units, label="在哪里（含下级）", error_messages={"required": "请选择单位。"}
        )
        self.fields["organization"].widget.attrs["class"] = "form-select"


@login_required
def person(request: SignedInRequest, user_id: int) -> HttpResponse:
    """One account: roles, password, whether it may sign in."""
    seen = scoped(User.objects.all(), request.user, "organization__path", SEE_PEOPLE.roles)
    found = get_object_or_404(seen, pk=user_id)
    grants = units_of(request.user, GrantRole.needs.roles)
    form = RoleForm(units=grants, initial={"organization": found.organization_id})
    if request.method == "POST":
        try:
            _change(request, found, grants)
            return redirect("person", user_id=found.pk)
        except ActionRefused as error:
            if error.code == "role":
                raise PermissionDenied(error.message) from error
            messages.error(request, error.message)
    context = {
        "title": found.display_name or found.username,
        "person": found,
        "roles": found.memberships.select_related("organization"),
        "delegations": Delegation.objects.filter(Q(absent=found) | Q(deputy=found)).select_related(
            "absent", "deputy"
        )[:20],
        "form": form,
        "grants": bool(grants),
        "keeps": has_role(request.user, SetPassword.needs.roles, found.organization),
        "crumbs": [("单位与人员", reverse("people"))],
    }
    return render(request, "workbench/people/person.html", context)


def _change(request: SignedInRequest, found: User, grants: list[Organization]) -> None:
    what = request.POST.get("what")
    if what == "password":
        password = first_password()
        SetPassword(actor=request.user, user=found, password=password, must_change=True).execute()
        messages.success(request, f"新密码 {password}（只显示这一次，请当面告知，登录后须修改）。")
    elif what == "deactivate":
        DeactivateUser(actor=request.user, user=found).execute()
        messages.success(request, "账号已停用，不能再登录；其经手的记录不变。")
    elif what == "reactivate":
        ReactivateUser(actor=request.user, user=found).execute()
        messages.success(request, "账号已启用。")
    elif what == "revoke":
        held = found.memberships.select_related("organization")
        row = next((one for one in held if str(one.pk) == request.POST.get("membership")), None)
        if row is None:
            raise Http404
        RevokeRole(actor=request.user, user=found, organization=row.organization, role=row.role).execute()
        messages.success(request, "角色已收回。")
    elif what == "grant":
        form = RoleForm(request.POST, units=grants)
        if not form.is_valid():
            raise ActionRefused("请选择角色和单位。", code="invalid")
        GrantRole(actor=request.user, user=found, **form.cleaned_data).execute()
        messages.success(request, "角色已授予。")
