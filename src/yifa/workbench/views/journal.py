"""What the administrators did, and who signed in: for the audit administrator."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from axes.models import AccessFailureLog
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render

from yifa.ledger.models import Organization, Record, Role, SignIn, Subject, User
from yifa.ledger.scoping import reach, scoped
from yifa.workbench.access import SignedInRequest, require_here

SHOWN = 200
WORDS = {
    "organization.created": "新增单位",
    "organization.renamed": "更改单位名称",
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


@login_required
def journal(request: SignedInRequest) -> HttpResponse:
    """The last records about units, accounts, roles, delegations; the last signings in, good and failed."""
    require_here(request, _highest(request.user))
    own = scoped(
        Record.objects.filter(subject=Subject.ORGANIZATION), request.user, "organization__path", _AUDIT
    )
    before = request.GET.get("before", "")
    if before.isascii() and before.isdigit():
        own = own.filter(pk__lt=int(before[:18]))
    rows = list(own.select_related("recorded_by", "organization").order_by("-pk")[: SHOWN + 1])
    signed = scoped(SignIn.objects.all(), request.user, "user__organization__path", _AUDIT)
    context = {
        "title": "管理日志",
        "lines": [Line(row, WORDS.get(row.kind, row.kind), _said(row)) for row in rows[:SHOWN]],
        "older": rows[SHOWN - 1].pk if len(rows) > SHOWN else None,
        "sign_ins": signed.select_related("user")[:SHOWN],
        "failures": AccessFailureLog.objects.order_by("-attempt_time")[:SHOWN],
    }
    return render(request, "workbench/people/journal.html", context)


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
