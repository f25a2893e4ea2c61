"""Acting for somebody absent: from a day until a day, with roles the absent one has, never with more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from yifa.ledger.actions.base import Action, said, today
from yifa.ledger.actions.organizations import record_of
from yifa.ledger.models import ADMINISTRATION, Case, Delegation, Membership, Organization, Role, User
from yifa.ledger.people.needs import Needs, labels
from yifa.ledger.people.roles import administers
from yifa.ledger.refusal import ActionRefused


def _home(user: User) -> Organization:
    home = user.organization or Organization.objects.body()
    if home is None:
        raise ActionRefused("还没有建立单位，不能登记代理。请先运行 yifa init。", code="missing")
    return home


@dataclass(kw_only=True)
class Delegate(Action[Delegation]):
    """Lets `deputy` act for `absent`. What the deputy does is recorded under the deputy's name, as done for the absent.

    Attributes:
        memberships: Which of the absent one's roles.
        cases: The only cases it holds for; none: all.
    """

    needs = Needs("登记代理", (Role.SECURITY,), "本人也可以登记由他人代理自己")

    actor: User | None
    absent: User
    deputy: User
    memberships: Sequence[Membership]
    begins: date
    ends: date
    reason: str
    cases: Sequence[Case] = ()

    def check(self) -> None:
        """Refuses others, days that passed, roles the absent one does not have, and what would join what is apart."""
        if self.actor is None or self.actor.pk != self.absent.pk:
            self._admit(_home(self.absent))
        said(self.reason, "代理的事由", "reason", 200)
        self._check_people()
        if self.begins < today():
            raise ActionRefused(
                "代理不能从过去的日子算起，请从今天或以后开始。", code="invalid", field="begins"
            )
        if self.ends < self.begins:
            raise ActionRefused("结束日期早于开始日期，请核对。", code="invalid", field="ends")
        self._check_roles()
        self._check_overlap()

    def _check_people(self) -> None:
        if self.deputy.pk == self.absent.pk:
            raise ActionRefused("不能由本人代理本人，请另选一人。", code="invalid", field="deputy")
        if not self.deputy.is_active or not self.absent.is_active:
            raise ActionRefused("已停用的账号不能代理，也不能被代理。", code="invalid", field="deputy")

    def _check_roles(self) -> None:
        if not self.memberships:
            raise ActionRefused("请选择代理哪些角色。", code="invalid", field="memberships")
        if any(one.user_id != self.absent.pk for one in self.memberships):
            raise ActionRefused(
                f"只能交出{self.absent.display_name}自己的角色；代理别人得来的角色不能再转交。",
                code="invalid",
                field="memberships",
            )
        lent = {one.role for one in self.memberships if one.role in ADMINISTRATION}
        kept = set(administers(self.deputy))
        works = self.deputy.memberships.exclude(role__in=ADMINISTRATION).exists()
        if kept and not works and any(one.role not in ADMINISTRATION for one in self.memberships):
            raise ActionRefused(
                f"{self.deputy.display_name}是{labels(kept)}，管理员不办业务，请另选一人代理。",
                code="apart",
                field="deputy",
            )
        joined = lent | kept
        if lent and len(joined) > 1:
            raise ActionRefused(
                "系统管理、安全管理、审计管理不得由一人兼任，代理期间也不行，请另选一人。",
                code="apart",
                field="deputy",
            )

    def _check_overlap(self) -> None:
        same = Delegation.objects.filter(
            Q(begins__lte=self.ends, ends__gte=self.begins),
            absent=self.absent,
            deputy=self.deputy,
            ended_on=None,
        )
        roles = {one.pk for one in self.memberships}
        given = [str(one.pk) for one in self.cases]
        for one in same.prefetch_related("memberships"):
            shared = roles & {row.pk for row in one.memberships.all()}
            if shared and (not one.cases or (set(given) <= set(one.cases) and given)):
                raise ActionRefused(
                    f"{self.deputy.display_name}在这段时间已经代理这些角色，不用再登记。", code="duplicate"
                )

    def _change(self) -> Delegation:
        made = Delegation.objects.create(
            absent=self.absent,
            deputy=self.deputy,
            begins=self.begins,
            ends=self.ends,
            reason=self.reason.strip(),
            cases=[str(case.pk) for case in self.cases],
            made_by=self.actor,
        )
        made.memberships.set(self.memberships)
        roles = [
            {"role": one.role, "organization": one.organization.code}
            for one in made.memberships.select_related("organization")
        ]
        record_of(
            _home(self.absent),
            "delegation.made",
            self.begins,
            self.actor,
            {**_named(made), "roles": roles, "cases": made.cases, "reason": made.reason},
        )
        return made


@dataclass(kw_only=True)
class EndDelegation(Action[Delegation]):
    """Ends it before its day: by the absent one, the deputy, or the security administrator."""

    needs = Needs("提前结束代理", (Role.SECURITY,), "被代理人、代理人本人也可以")

    actor: User | None
    delegation: Delegation
    reason: str

    def check(self) -> None:
        """Refuses others, without reason, and what has ended."""
        one = self.delegation
        if self.actor is None or self.actor.pk not in {one.absent_id, one.deputy_id}:
            self._admit(_home(one.absent))
        said(self.reason, "提前结束的理由", "reason", 200)
        if one.ended_on is not None or one.ends < today():
            raise ActionRefused("这项代理已经结束。", code="state")

    def _change(self) -> Delegation:
        one = self.delegation
        one.ended_on, one.ended_reason = today(), self.reason.strip()
        one.save(update_fields=["ended_on", "ended_reason"])
        payload = {**_named(one), "reason": one.ended_reason}
        record_of(_home(one.absent), "delegation.ended", today(), self.actor, payload)
        return one


def _named(one: Delegation) -> dict[str, object]:
    return {
        "delegation": one.pk,
        "absent": one.absent.get_username(),
        "deputy": one.deputy.get_username(),
        "begins": one.begins,
        "ends": one.ends,
    }
