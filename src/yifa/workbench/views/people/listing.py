"""Units and accounts: seen by those who administer and coordinate, made by the system administrator."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from yifa.law.loader import catalogue
from yifa.ledger.actions import (
    CreateOrganization,
    CreateUser,
)
from yifa.ledger.installation.founding import first_password
from yifa.ledger.models import Organization, User
from yifa.ledger.models.scoping import scoped
from yifa.ledger.people.pinyin import units_by_sound
from yifa.ledger.refusal import ActionRefused
from yifa.workbench.forms import StyledForm
from yifa.workbench.forms.acts import UnitField
from yifa.workbench.rights.access import SignedInRequest, has_role
from yifa.workbench.rights.permits import SEE_PEOPLE


def units_of(user: User, roles: Collection[str]) -> list[Organization]:
    """The units where the user has one of the roles, and all below."""
    return list(scoped(Organization.objects.all(), user, "path", roles))


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
    """A new account. Its roles are granted by somebody else."""

    display_name = forms.CharField(label="姓名", max_length=60, error_messages={"required": "请填写姓名。"})
    username = forms.CharField(
        label="登录名",
        max_length=150,
        help_text="字母和数字，例如 zhangsan。",
        error_messages={"required": "请填写登录名。"},
    )

    def __init__(self, *args: Any, units: list[Organization], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organization"] = UnitField(
            units, label="所在单位", error_messages={"required": "请选择单位。"}
        )
        self.fields["organization"].widget.attrs["class"] = "form-select"


@login_required
def people(request: SignedInRequest) -> HttpResponse:
    """Units with their accounts."""
    units = units_of(request.user, SEE_PEOPLE.roles)
    users = (
        scoped(User.objects.all(), request.user, "organization__path", SEE_PEOPLE.roles)
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
            for unit in units_by_sound(units)
        ],
        "outside": by_unit.get(None, []) if request.user.is_superuser else [],
        "makes": has_role(request.user, CreateUser.needs.roles),
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
    form = UnitForm(request.POST or None, units=units_of(request.user, request.needs.roles))
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
    form = UserForm(request.POST or None, units=units_of(request.user, request.needs.roles))
    refused: ActionRefused | None = None
    if request.method == "POST" and form.is_valid():
        password = first_password()
        try:
            user = CreateUser(
                actor=request.user, password=password, must_change=True, **form.cleaned_data
            ).execute()
            messages.success(
                request,
                f"已开设账号 {user.username}，初始密码 {password}（只显示这一次，请当面告知，首次登录须修改）。"
                "角色由安全管理员授予。",
            )
            return redirect("person", user_id=user.pk)
        except ActionRefused as error:
            refused = error
    return _form(request, form, "开设账号", refused)
