"""A draw comes about in two steps: the pools are closed and the seed announced; later the published seed draws."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from yifa.draws import (
    Again,
    DrawError,
    Factor,
    Matching,
    Paper,
    Pool,
    Rules,
    Seed,
    Side,
    make,
    prepare,
    write,
)
from yifa.draws.paper import chosen
from yifa.ledger.actions import RecordAct, StoreAttachment
from yifa.ledger.actions.base import said, today
from yifa.ledger.models import Case, Organization, Role
from yifa.ledger.people.needs import Needs
from yifa.ledger.refusal import ActionRefused
from yifa.supervision.actions.base import DRAWERS, DrawAction
from yifa.supervision.idlerules import refuse_idle, refuse_unknown_units
from yifa.supervision.models import Draw, DrawnLot, DrawRecord
from yifa.supervision.pools import EXPERTS, SIDES, Scope, pool_of, scope_from
from yifa.supervision.recusals import avoiding, concerning, standing

SERVED = {Draw.Purpose.INSPECTION: "random_inspection", Draw.Purpose.UNITS: "law_inspection"}
PER = 2  # at least so many inspect an object


def pools_of(
    roles: Sequence[str], organization: Organization, title: str, scope: Scope, on: date
) -> dict[str, Pool]:
    """The pools as they stand, with what everybody in them keeps out of."""
    declared = standing(organization)
    if EXPERTS in roles:
        apart = concerning(declared, f"{title} {scope.trade}")
        scope = replace(scope, excluded={**apart, **scope.excluded})
    pools = {role: pool_of(role, organization, scope, on) for role in roles}
    if len(roles) > 1:
        pools[roles[1]] = avoiding(pools[roles[1]], pools[roles[0]], declared)
    return pools


def _refused(error: DrawError, name: str = "") -> ActionRefused:
    return ActionRefused(error.message, code=error.code, field=name or None)


@dataclass(frozen=True, kw_only=True)
class CloseDraw(DrawAction[Draw]):
    """Closes the pools of a draw as they stand today, and says from what the seed will come.

    Attributes:
        take: How many of the first pool; `people`: how many of the second, where there is one, with rules of their own.
        case: The task of inspection whose draw it is; its act is recorded when it is drawn.
    """

    organization: Organization
    purpose: str
    title: str
    announced: str
    take: int
    people: int = 0
    per: int = PER
    factors: tuple[Factor, ...] = ()
    not_units: tuple[str, ...] = ()
    rest_days: int = 0
    people_factors: tuple[Factor, ...] = ()
    people_rest_days: int = 0
    scope: Scope = field(default_factory=Scope)
    case: Case | None = None

    def check(self) -> None:
        """Refuses a draw without title, purpose or announced seed, and one for a case that is not waiting for it."""
        self._admit(self.organization)
        said(self.title, "抽取名称", "title", 200)
        said(self.announced, "用什么作种子", "announced", 300)
        if self.purpose not in SIDES:
            raise ActionRefused("请选择抽取的用途。", code="invalid", field="purpose")
        if self.purpose == Draw.Purpose.FILES and not self.scope.case_type:
            raise ActionRefused("请选择评查哪一类案卷。", code="invalid", field="case_type")
        if len(SIDES[self.purpose]) > 1 and self.per < PER:
            raise ActionRefused(f"每个对象至少由{PER}人办理。", code="invalid", field="per")
        refuse_case(self.case, self.purpose, self.organization)
        refuse_unknown_units(self.scope.only, self.organization)

    def _change(self) -> Draw:
        return self.kept(self.prepared(today()), self.scope, None)

    def prepared(self, on: date) -> Paper:
        """What is drawn from, as it stands on a day."""
        roles = SIDES[self.purpose]
        rules = {roles[0]: Rules(self.take, self.factors, self.not_units, self.rest_days)}
        for role in roles[1:]:
            rules[role] = Rules(self.people, self.people_factors, rest_days=self.people_rest_days)
        pools = pools_of(roles, self.organization, self.title, self.scope, on)
        refuse_idle(pools, rules, self.scope.excluded)
        sides = tuple(Side(role, pools[role], rules[role], "") for role in roles)
        return Paper(
            self.title.strip(), self.organization.name, on, self.announced.strip(), sides,
            matching=Matching(self.per) if len(roles) > 1 else None,
        )  # fmt: skip

    def kept(self, paper: Paper, scope: Scope, former: Draw | None) -> Draw:
        """The prepared draw as a row, with its record."""
        try:
            closed = prepare(paper)
        except DrawError as error:
            raise _refused(error) from error
        draw = Draw.objects.create(
            organization=self.organization,
            purpose=self.purpose,
            title=closed.title,
            scope=scope.stored(),
            closed_on=closed.closed_on,
            digest=closed.digest,
            former=former,
            case=self.case,
            made_by=self.actor,
        )
        DrawRecord.objects.create(draw=draw, text=write(closed))
        pools = {side.role: [len(side.pool.items), side.digest] for side in closed.sides}
        again = {"of": former.digest, "reason": closed.again.reason} if former and closed.again else None
        payload = {"purpose": self.purpose, "announced": closed.announced, "pools": pools, "again": again}
        self._record(draw, "draw.closed", closed.closed_on, payload)
        return draw


def refuse_case(case: Case | None, purpose: str, organization: Organization) -> None:
    """A draw serves a task of its own kind, of the body that draws or below."""
    if case is None:
        return
    if SERVED.get(Draw.Purpose(purpose)) != case.case_type:
        raise ActionRefused("这项抽取不能用于所选的事项，请核对用途。", code="invalid", field="case")
    if not case.organization.path.startswith(organization.path):
        raise ActionRefused("所选事项不属于抽取单位及其下级。", code="invalid", field="case")
    if case.closed_on is not None:
        raise ActionRefused("所选事项已经办结，不能再为它抽取。", code="invalid", field="case")


@dataclass(frozen=True, kw_only=True)
class MakeDraw(DrawAction[Draw]):
    """Draws with the published seed; where the draw serves a task, its act is recorded with the file as evidence."""

    draw: Draw
    text: str
    source: str
    published: date

    def check(self) -> None:
        """Refuses a draw that is made, and a seed that somebody could have chosen."""
        self._admit(self.draw.organization)
        if self.draw.drawn_on is not None:
            raise ActionRefused("这次抽取已经完成；确需重抽的，请写明理由另行抽取。", code="drawn")

    def _change(self) -> Draw:
        draw = Draw.objects.select_for_update(of=("self",)).get(pk=self.draw.pk)
        if draw.drawn_on is not None:
            raise ActionRefused("这次抽取刚由他人完成，请刷新查看。", code="conflict")
        seed = Seed(self.text.strip(), self.source.strip(), self.published)
        try:
            paper = make(draw.record, seed, today())
        except DrawError as error:
            raise _refused(error, "text" if error.code == "seed" else "") from error
        draw.digest, draw.drawn_on = paper.digest, paper.drawn_on
        draw.save(update_fields=["digest", "drawn_on"])
        draw.kept.text = write(paper)
        draw.kept.save()
        DrawnLot.objects.bulk_create(
            DrawnLot(draw=draw, role=side.role, item=lot.id, place=lot.place)
            for side in paper.sides
            for lot in side.drawn
        )
        drawn = {side.role: [lot.id for lot in side.drawn] for side in paper.sides}
        payload = {"seed": [seed.text, seed.source, seed.on], "drawn": drawn}
        self._record(draw, "draw.made", today(), payload)
        if draw.case is not None:
            self._tell(draw, draw.case, paper, seed)
        return draw

    def _tell(self, draw: Draw, case: Case, paper: Paper, seed: Seed) -> None:
        """The act of the task the draw serves."""
        file = StoreAttachment(
            actor=self.actor, content=draw.kept.text.encode(), name=f"抽取记录（{draw.title}）.json"
        ).execute()
        act, fields = _act(draw, paper, seed)
        RecordAct(
            actor=self.actor,
            case=case,
            act=act,
            on=today(),
            fields=fields,
            evidence=[{"title": "抽取记录", "attachment": file.pk}],
        ).execute()


def _act(draw: Draw, paper: Paper, seed: Seed) -> tuple[str, Mapping[str, object]]:
    names = [[item.name or item.id for item in chosen(side)] for side in paper.sides]
    if draw.purpose == Draw.Purpose.UNITS:
        return "draw", {"seed": seed.text, "drawn": names[0]}
    fields: dict[str, object] = {
        "seed": seed.text,
        "pool_digest": "、".join(side.digest for side in paper.sides),
        "objects": names[0],
        "inspectors": names[1],
    }
    if paper.again is not None:
        return "redraw", {**fields, "reason": paper.again.reason}
    people = {item.id: item.name or item.id for item in paper.sides[1].pool.items}
    return "draw", {**fields, "excluded": [people[id_] for id_, _ in paper.sides[1].excluded]}


@dataclass(frozen=True, kw_only=True)
class DrawAgain(DrawAction[Draw]):
    """Prepares a draw in place of one that was made, with the same rules, for a reason. The earlier one stays visible.

    Attributes:
        excluded: Ids or names left out this time, with the reason, beside those left out before.
    """

    draw: Draw
    reason: str
    announced: str
    excluded: Mapping[str, str] = field(default_factory=dict)

    def check(self) -> None:
        """Refuses one without a reason, and a second one in place of the same draw."""
        self._admit(self.draw.organization)
        said(self.reason, "重抽的理由", "reason", 500)
        said(self.announced, "用什么作种子", "announced", 300)
        if self.draw.drawn_on is None:
            raise ActionRefused("这次抽取还没有完成，不用重抽。", code="not_drawn")
        if Draw.objects.filter(former=self.draw).exists():
            raise ActionRefused("这次抽取已经重抽过，请在重抽的那一次里办理。", code="again")

    def _change(self) -> Draw:
        former, on = self.draw, today()
        before, kept = former.record, scope_from(former.scope)
        scope = replace(kept, excluded={**kept.excluded, **self.excluded})
        roles = [side.role for side in before.sides]
        pools = pools_of(roles, former.organization, former.title, scope, on)
        refuse_idle(pools, {side.role: side.rules for side in before.sides}, self.excluded)
        sides = tuple(replace(side, pool=pools[side.role]) for side in before.sides)
        paper = replace(
            before,
            closed_on=on,
            announced=self.announced.strip(),
            sides=sides,
            matching=Matching(before.matching.per) if before.matching else None,
            again=Again(former.digest, self.reason.strip()),
            seed=None,
            drawn_on=None,
        )
        closing = CloseDraw(
            actor=self.actor, organization=former.organization, purpose=former.purpose, title=former.title,
            announced=self.announced, take=1, case=former.case,
        )  # fmt: skip
        return closing.kept(paper, scope, former)


@dataclass(frozen=True, kw_only=True)
class PublishDraw(DrawAction[Draw]):
    """Lets anybody see the draw without signing in, and take its file."""

    needs = Needs("公布抽取", (*DRAWERS, Role.PUBLISHER))

    draw: Draw

    def check(self) -> None:
        """Refuses what is published already."""
        self._admit(self.draw.organization)
        if self.draw.published_on is not None:
            raise ActionRefused("这次抽取已经公布。", code="published")

    def _change(self) -> Draw:
        draw = Draw.objects.get(pk=self.draw.pk)
        draw.published_on = today()
        draw.save(update_fields=["published_on"])
        self._record(draw, "draw.published", today(), {})
        return draw
