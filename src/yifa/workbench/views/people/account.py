"""Signing in and out, the own account."""

from __future__ import annotations

import math
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from yifa.ledger.actions import SetPassword
from yifa.ledger.installation.options import Open, is_open, offered_accounts
from yifa.ledger.models import Organization, User
from yifa.ledger.refusal import ActionRefused
from yifa.workbench.forms import StyledForm, kept
from yifa.workbench.rights.access import memberships
from yifa.workbench.rights.signing import end_session, open_sessions


class SignInForm(StyledForm, AuthenticationForm):
    """User name and password."""

    error_messages = {  # noqa: RUF012
        "invalid_login": "用户名或密码不对，请重新输入。密码区分大小写；连续输错五次会暂停登录。",
        "inactive": "这个账号已停用，请与系统管理员联系。",
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = "用户名"
        self.fields["password"].label = "密码"
        for field in self.fields.values():
            field.error_messages["required"] = f"请填写{field.label}。"
            field.marked = False  # type: ignore[attr-defined]


class SignIn(LoginView):
    """The door. An empty installation says how to begin."""

    template_name = "workbench/account/login.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Whether anybody could sign in at all, and whose workbench it is."""
        body = Organization.objects.body()
        kwargs.update(
            title="登录",
            empty=not User.objects.exists(),
            body_name=body.name if body else "",
            open_check=is_open(Open.CHECK),
            open_portal=is_open(Open.PORTAL),
            offered=offered_accounts(),
        )
        return super().get_context_data(**kwargs)


class NewPasswordForm(StyledForm, PasswordChangeForm):
    """Old and new password."""

    error_messages = {  # noqa: RUF012
        "password_mismatch": "两次输入的新密码不一致，请重新输入。",
        "password_incorrect": "当前密码不对，请重新输入。",
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, label in (
            ("old_password", "当前密码"),
            ("new_password1", "新密码"),
            ("new_password2", "再输一次新密码"),
        ):
            self.fields[name].label = label
            self.fields[name].error_messages["required"] = f"请填写{label}。"
        self.fields["new_password1"].help_text = "至少 8 个字符，有字母，也有数字或者符号，不含登录名。"
        self.fields["new_password2"].help_text = ""


@login_required
def account(request: HttpRequest) -> HttpResponse:
    """Who I am here, and a new password."""
    assert isinstance(request.user, User)  # noqa: S101 - login_required
    form: forms.Form = NewPasswordForm(request.user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        password = form.cleaned_data["new_password1"]
        try:
            SetPassword(actor=request.user, user=request.user, password=password).execute()
            update_session_auth_hash(request, request.user)
            messages.success(request, "密码已修改。")
            return redirect("account")
        except ActionRefused as refused:
            form.add_error("new_password1", refused.message)
    context = {
        "title": "请先修改密码" if request.user.must_change else "我的账号",
        "form": form,
        "roles": memberships(request.user),
        "sessions": open_sessions(request.user),
        "here": request.session.session_key,
    }
    return render(request, "workbench/account/account.html", context, status=422 if form.errors else 200)


@require_POST
@login_required
def sessions(request: HttpRequest) -> HttpResponse:
    """Sign out one of one's own sessions, or all but this."""
    assert isinstance(request.user, User)  # noqa: S101 - login_required
    wanted = request.POST.get("session", "")
    ended = [
        row
        for row in open_sessions(request.user)
        if row.session_key != request.session.session_key and wanted in {"all", str(row.pk)}
    ]
    for row in ended:
        end_session(row)
    messages.success(request, f"已退出 {len(ended)} 处登录。")
    return redirect("account")


@require_POST
@login_required
def drop_kept_form(request: HttpRequest) -> HttpResponse:
    """Forget what was sent after the session had ended; back to the page as it is."""
    page = kept.page_of(request)
    kept.let_go(request)
    return redirect(page)


def locked_out(request: HttpRequest, credentials: Any = None, *args: Any, **kwargs: Any) -> HttpResponse:
    """Too many wrong passwords (called by axes)."""
    minutes = math.ceil(float(settings.AXES_COOLOFF_TIME) * 60)
    return render(
        request, "workbench/account/locked.html", {"title": "暂停登录", "minutes": minutes}, status=429
    )
