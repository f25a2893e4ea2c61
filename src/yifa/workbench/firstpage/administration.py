"""The first page of those who administer: accounts, roles, sign-ins; no case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from axes.models import AccessFailureLog
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from yifa.ledger.models import Delegation, Record, Role, SignIn, Subject, User
from yifa.ledger.models.scoping import scoped
from yifa.ledger.rows.kinds import title_of
from yifa.ledger.rows.rebuilding import under_way
from yifa.workbench.firstpage.delegated import current
from yifa.workbench.rights.access import SignedInRequest, has_role

DUTIES = {
    Role.SYSTEM: "系统管理：单位、职务、账号、备份；不授予角色。",
    Role.SECURITY: "安全管理：授予和收回角色、登记代理；不能改自己的角色，不开设账号。",
    Role.AUDIT: "审计管理：看另两名管理员做了什么、谁登录过；登记小单位的兼任。",
}


@dataclass(frozen=True, slots=True)
class Card:
    """One number and where it opens."""

    name: str
    value: int
    says: str
    url: str


def administration(request: SignedInRequest, today: date) -> HttpResponse:
    """What needs an administrator now."""
    user = request.user
    context = {
        "title": "首页",
        "rebuild": rebuild_shown() if has_role(user, (Role.SYSTEM,)) else None,
        "today": today,
        "cards": _accounts(user) + _delegated(user, today) + _audited(user, today),
        "delegations": current(user, today),
        "duties": [said for role, said in DUTIES.items() if has_role(user, [role])],
    }
    return render(request, "workbench/administration.html", context)


@dataclass(frozen=True, slots=True)
class RebuildShown:
    """How far the rows have been made anew after a change of the rules."""

    title: str
    percent: int
    done: int
    total: int
    moved_at: datetime


def rebuild_shown() -> RebuildShown | None:
    """The rebuild that is under way; None where all stands."""
    mark = under_way()
    if mark is None:
        return None
    return RebuildShown(title_of(mark.what), mark.percent, mark.done, mark.total, mark.moved_at)


def _accounts(user: User) -> list[Card]:
    if not has_role(user, (Role.SYSTEM, Role.SECURITY)):
        return []
    roles = (Role.SYSTEM, Role.SECURITY)
    accounts = scoped(User.objects.filter(is_active=True), user, "organization__path", roles)
    people = reverse("people")
    return [
        Card("使用中的账号", accounts.count(), "含管理员", people),
        Card("还没有角色的账号", accounts.filter(memberships=None).count(), "由安全管理员授予", people),
        Card("还没有改初始密码", accounts.filter(must_change=True).count(), "首次登录时须改", people),
    ]


def _delegated(user: User, today: date) -> list[Card]:
    if not has_role(user, (Role.SECURITY,)):
        return []
    running = Delegation.objects.filter(ended_on=None, begins__lte=today, ends__gte=today)
    seen = scoped(running, user, "absent__organization__path", (Role.SECURITY,))
    return [Card("正在代理", seen.count(), "到期自动结束", reverse("delegations"))]


def _audited(user: User, today: date) -> list[Card]:
    if not has_role(user, (Role.AUDIT,)):
        return []
    roles, journal = (Role.AUDIT,), reverse("journal")
    done = Record.objects.filter(subject=Subject.ORGANIZATION, recorded_on=today)
    signed = SignIn.objects.filter(began_at__date=today)
    return [
        Card("今天的管理操作", scoped(done, user, "organization__path", roles).count(), "逐条可见", journal),
        Card("今天登录", scoped(signed, user, "user__organization__path", roles).count(), "人次", journal),
        Card(
            "今天登录失败", AccessFailureLog.objects.filter(attempt_time__date=today).count(), "次", journal
        ),
    ]
