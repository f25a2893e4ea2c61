"""What the administrators did, and who signed in: for the audit administrator."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from axes.models import AccessFailureLog
from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from yifa.ledger.actions import EndExemption, ExemptSeparation
from yifa.ledger.models import (
    Membership,
    Organization,
    Record,
    Role,
    SeparationException,
    SignIn,
    Subject,
    User,
)
from yifa.ledger.models.scoping import reach, scoped
from yifa.ledger.refusal import ActionRefused
from yifa.workbench.forms import StyledForm
from yifa.workbench.forms.given import named
from yifa.workbench.forms.look import DayInput
from yifa.workbench.rights.access import SignedInRequest, require_here

SHOWN = 200
WORDS = {
    "organization.created": "新增单位",
    "organization.renamed": "更改单位名称",
    "organization.office_changed": "修改文书用的单位信息",
    "collection.declined": "声明未采集",
    "law.followed": "按新修订的法律更新",
    "law.local_length": "录入本地时限",
    "post.created": "设置职务",
    "post.held": "登记任职",
    "user.created": "开设账号",
    "user.password_set": "设置密码",
    "user.deactivated": "停用账号",
    "user.reactivated": "启用账号",
    "role.granted": "授予角色",
    "role.revoked": "收回角色",
    "delegation.made": "登记代理",
    "delegation.ended": "提前结束代理",
    "separation.exempted": "登记兼任",
    "separation.ended": "提前结束兼任",
    "calendar.kept": "录入放假通知",
    "backup.made": "备份",
    "backup.taken": "下载备份",
}
NAMES = {
    "username": "账号",
    "name": "名称",
    "role": "角色",
    "absent": "被代理人",
    "deputy": "代理人",
    "begins": "自",
    "ends": "至",
    "reason": "理由",
    "until": "期限",
    "title": "职务",
    "person": "任职人",
    "file": "文件",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One record in words."""

    record: Record
    word: str
    said: str


class _Person(forms.ModelChoiceField):  # type: ignore[type-arg]  # not generic when it runs
    def label_from_instance(self, obj: Any) -> str:
        """Name and account."""
        return f"{obj.display_name or obj.username}（{obj.username}）"


class ExemptionForm(StyledForm):
    """Who may be system and security administrator in one person, why, and until when."""

    until = forms.DateField(
        label="至（含当日）",
        widget=DayInput(),
        help_text="最长一年，到期重新登记。",
        error_messages={"required": "请填写期限。"},
    )
    reason = forms.CharField(
        label="兼任的理由",
        max_length=200,
        help_text="例如：本单位编制三人，分不开。在“谁可以做什么”页公开。",
        error_messages={"required": "请填写理由。"},
    )

    def __init__(self, *args: Any, people: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["user"] = _Person(
            people,
            label="由谁兼任系统管理和安全管理",
            empty_label="（请选择）",
            error_messages={"required": "请选择兼任的人。"},
            widget=forms.Select(attrs={"class": "form-select"}),
        )
        self.fields["user"].marked = True  # type: ignore[attr-defined]  # as StyledForm marks the others
        self.order_fields(["user", "until", "reason"])


@login_required
def journal(request: SignedInRequest) -> HttpResponse:
    """The last records about units, accounts, roles, delegations; the last signings in, good and failed."""
    unit = _highest(request.user)
    require_here(request, unit)
    form = ExemptionForm(request.POST if "user" in request.POST else None, people=_eligible(request.user))
    refused: ActionRefused | None = None
    if request.method == "POST":
        try:
            if _exempt(request, form, unit):
                return redirect("journal")
        except ActionRefused as error:
            refused = error
    status = 422 if refused or form.errors else 200
    return render(request, "workbench/people/journal.html", _shown(request, form, refused), status=status)


def _exempt(request: SignedInRequest, form: ExemptionForm, unit: Organization | None) -> bool:
    """Register that one person holds two administrations, or end it; whether something was done."""
    if "end" in request.POST:
        one = named(_exceptions(request.user), request.POST["end"])
        EndExemption(actor=request.user, exception=one, reason=request.POST.get("why", "")).execute()
        messages.success(request, "兼任已结束。两项管理角色还在一人名下的，请安全管理员收回其中一项。")
        return True
    if unit is None or not form.is_valid():
        return False
    made = ExemptSeparation(actor=request.user, organization=unit, **form.cleaned_data).execute()
    name = made.user.display_name or made.user.username
    messages.success(
        request, f"已登记：{name}可以兼任系统管理和安全管理，至{made.until}。角色仍由安全管理员授予。"
    )
    return True


def _shown(request: SignedInRequest, form: ExemptionForm, refused: ActionRefused | None) -> dict[str, Any]:
    """What the page shows."""
    own = scoped(
        Record.objects.filter(subject=Subject.ORGANIZATION), request.user, "organization__path", _AUDIT
    )
    before = request.GET.get("before", "")
    if before.isascii() and before.isdigit():
        own = own.filter(pk__lt=int(before[:18]))
    rows = list(own.select_related("recorded_by", "organization").order_by("-pk")[: SHOWN + 1])
    signed = scoped(SignIn.objects.all(), request.user, "user__organization__path", _AUDIT)
    return {
        "title": "管理日志",
        "lines": [Line(row, WORDS.get(row.kind, row.kind), _said(row)) for row in rows[:SHOWN]],
        "older": rows[SHOWN - 1].pk if len(rows) > SHOWN else None,
        "sign_ins": signed.select_related("user")[:SHOWN],
        "failures": AccessFailureLog.objects.order_by("-attempt_time")[:SHOWN],
        "form": form,
        "refused": refused,
        "exceptions": _exceptions(request.user).select_related("user", "organization").order_by("until"),
    }


def _exceptions(user: User) -> QuerySet[SeparationException]:
    """Those that hold today, of the units whose journal the user reads."""
    running = SeparationException.objects.filter(until__gte=timezone.localdate())
    return scoped(running, user, "organization__path", _AUDIT)


def _eligible(user: User) -> QuerySet[User]:
    """Who may hold two administrations: whoever is not the audit's."""
    people = scoped(User.objects.filter(is_active=True), user, "organization__path", _AUDIT)
    auditing = Membership.objects.filter(role=Role.AUDIT)
    return people.exclude(pk__in=auditing.values("user")).select_related("organization").order_by("username")


_AUDIT = (Role.AUDIT,)


def _highest(user: User) -> Organization | None:
    """The highest unit whose journal the user reads."""
    path = min(reach(user, _AUDIT), key=len, default="")
    return Organization.objects.filter(path=path).first() or Organization.objects.body()


def _said(record: Record) -> str:
    payload: dict[str, Any] = json.loads(record.payload)
    labels = dict(Role.choices)
    parts = [
        f"{NAMES[key]}：{labels.get(str(value), value)}"
        for key, value in payload.items()
        if key in NAMES and isinstance(value, str | int) and value != ""
    ]
    if "behalf" in payload:
        parts.append(f"代{payload['behalf']['name']}")
    return "　".join(parts)
