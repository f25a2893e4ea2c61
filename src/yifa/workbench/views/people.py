"""Units, accounts and roles, for coordinators and administrators."""

from __future__ import annotations

import secrets
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from yifa.law.loader import catalogue
from yifa.ledger.actions import (
    CreateOrganization,
    CreateUser,
    DeactivateUser,
    GrantRole,
    ReactivateUser,
    RevokeRole,
    SetPassword,
)
from yifa.ledger.models import Membership, Organization, Role, User
from yifa.ledger.refusal import ActionRefused
from yifa.ledger.scoping import scoped
from yifa.workbench.access import SignedInRequest, has_role, require_role
from yifa.workbench.forms import StyledForm
from yifa.workbench.forms.acts import UnitField

KEEPERS = (Role.COORDINATOR,)


def kept_units(user: User) -> list[Organization]:
    """The units whose accounts the user keeps."""
    return [unit for unit in Organization.objects.for_user(user) if has_role(user, KEEPERS, unit)]


def _first_password() -> str:
    return secrets.token_urlsafe(9)


class UnitForm(StyledForm):
    """A new unit."""

    name = forms.CharField(label="单位名称", max_length=120, error_messages={"required": "请填写单位名称。"})
    short_name = forms.CharField(label="简称", max_length=60, required=False)
    code = forms.CharField(
        label="代码",
        max_length=40,
        help_text="字母、数字、横线，例如 sfj；定后不改。",
        error_messages={"required": "请填写代码。"},
    )
    level = forms.ChoiceField(label="层级")
    document_code = forms.CharField(
        label="机关代字", max_length=20, required=False, help_text="用于文书编号，例如 宁司。"
    )

    def __init__(self, *args: Any, units: list[Organization], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parent"] = UnitField(
            units, label="上级单位", error_messages={"required": "请选择上级单位。"}
        )
        self.fields["parent"].widget.attrs["class"] = "form-select"
        levels = [(name, one.title) for name, one in catalogue().levels.items()]
        self.fields["level"].choices = levels  # type: ignore[attr-defined]


class UserForm(StyledForm):
    """A new account with its first role."""

    display_name = forms.CharField(label="姓名", max_length=60, error_messages={"required": "请填写姓名。"})
    username = forms.CharField(
        label="登录名",
        max_length=150,
        help_text="字母和数字，例如 zhangsan。",
        error_messages={"required": "请填写登录名。"},
    )
    role = forms.ChoiceField(label="角色", choices=Role.choices)

    def __init__(self, *args: Any, units: list[Organization], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organization"] = UnitField(
            units, label="所在单位", error_messages={"required": "请选择单位。"}
        )
        self.fields["organization"].widget.attrs["class"] = "form-select"


@login_required
def people(request: SignedInRequest) -> HttpResponse:
    """Units with their accounts."""
    require_role(request.user, KEEPERS)
    units = kept_units(request.user)
    users = (
        scoped(User.objects.all(), request.user, "organization__path")
        .select_related("organization")
        .prefetch_related("memberships__organization")
        .order_by("organization__path", "username")
    )
    by_unit: dict[int | None, list[User]] = {}
    for user in users:
        by_unit.setdefault(user.organization_id, []).append(user)
    levels = {name: one.title for name, one in catalogue().levels.items()}
    context = {
        "title": "单位与人员",
        "rows": [
            (unit, unit.path.count("/") - 2, levels.get(unit.level, unit.level), by_unit.get(unit.pk, []))
            for unit in units
        ],
        "outside": by_unit.get(None, []),
    }
    return render(request, "workbench/people/people.html", context)


def _form(
    request: SignedInRequest, form: forms.Form, title: str, refused: ActionRefused | None
) -> HttpResponse:
    context = {
        "title": title,
        "form": form,
        "refused": refused,
        "crumbs": [("单位与人员", reverse("people"))],
    }
    return render(request, "workbench/people/form.html", context, status=422 if form.is_bound else 200)


@login_required
def new_unit(request: SignedInRequest) -> HttpResponse:
    """Add a unit."""
    require_role(request.user, KEEPERS)
    form = UnitForm(request.POST or None, units=kept_units(request.user))
    refused: ActionRefused | None = None
    if request.method == "POST" and form.is_valid():
        try:
            unit = CreateOrganization(actor=request.user, **form.cleaned_data).execute()
            messages.success(request, f"已新增单位：{unit.name}。")
            return redirect("people")
        except ActionRefused as error:
            refused = error
    return _form(request, form, "新增单位", refused)


@login_required
def new_user(request: SignedInRequest) -> HttpResponse:
    """Open an account; the first password is shown once."""
    require_role(request.user, KEEPERS)
    form = UserForm(request.POST or None, units=kept_units(request.user))
    refused: ActionRefused | None = None
    if request.method == "POST" and form.is_valid():
        role = form.cleaned_data.pop("role")
        password = _first_password()
        try:
            user = CreateUser(actor=request.user, password=password, **form.cleaned_data).execute()
            GrantRole(
                actor=request.user, user=user, organization=form.cleaned_data["organization"], role=role
            ).execute()
            messages.success(
                request,
                f"已开设账号 {user.username}，初始密码 {password}（只显示这一次，请当面告知并请其登录后修改）。",
            )
            return redirect("person", user_id=user.pk)
        except ActionRefused as error:
            refused = error
    return _form(request, form, "开设账号", refused)


class RoleForm(StyledForm):
    """One more role."""

    role = forms.ChoiceField(label="角色", choices=Role.choices)

    def __init__(self, *args: Any, units: list[Organization], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organization"] = UnitField(
            units, label="在哪里（含下级）", error_messages={"required": "请选择单位。"}
        )
        self.fields["organization"].widget.attrs["class"] = "form-select"


def _refuse_above(actor: User, user: User) -> None:
    """Nobody touches the account of somebody whose roles reach beyond one's own."""
    if actor.is_superuser:
        return
    held = [row.organization for row in user.memberships.select_related("organization")]
    if user.is_superuser or not all(has_role(actor, KEEPERS, organization) for organization in held):
        raise PermissionDenied("这个账号的权限范围超出您的单位，请由上级法治办或系统管理员办理。")


@login_required
def person(request: SignedInRequest, user_id: int) -> HttpResponse:
    """One account: roles, password, whether it may sign in."""
    require_role(request.user, KEEPERS)
    found = get_object_or_404(scoped(User.objects.all(), request.user, "organization__path"), pk=user_id)
    form = RoleForm(units=kept_units(request.user), initial={"organization": found.organization_id})
    if request.method == "POST":
        _refuse_above(request.user, found)
        try:
            _change(request, found)
            return redirect("person", user_id=found.pk)
        except ActionRefused as error:
            messages.error(request, error.message)
    context = {
        "title": found.display_name or found.username,
        "person": found,
        "roles": found.memberships.select_related("organization"),
        "form": form,
        "crumbs": [("单位与人员", reverse("people"))],
    }
    return render(request, "workbench/people/person.html", context)


def _change(request: SignedInRequest, found: User) -> None:
    what = request.POST.get("what")
    if what == "password":
        password = _first_password()
        SetPassword(actor=request.user, user=found, password=password).execute()
        messages.success(request, f"新密码 {password}（只显示这一次，请当面告知并请其登录后修改）。")
    elif what == "deactivate":
        DeactivateUser(actor=request.user, user=found).execute()
        messages.success(request, "账号已停用，不能再登录；其经手的记录不变。")
    elif what == "reactivate":
        ReactivateUser(actor=request.user, user=found).execute()
        messages.success(request, "账号已启用。")
    elif what == "revoke":
        row = get_object_or_404(Membership, pk=request.POST.get("membership"), user=found)
        RevokeRole(actor=request.user, user=found, organization=row.organization, role=row.role).execute()
        messages.success(request, "角色已收回。")
    elif what == "grant":
        form = RoleForm(request.POST, units=kept_units(request.user))
        if not form.is_valid():
            raise ActionRefused("请选择角色和单位。", code="invalid")
        GrantRole(actor=request.user, user=found, **form.cleaned_data).execute()
        messages.success(request, "角色已授予。")
