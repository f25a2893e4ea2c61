"""What the ledger answers to a number the plan demands."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from yifa.ledger.figures.counting import Counted, count
from yifa.ledger.models import Organization
from yifa.planning.models import PlanTarget

EVERY = re.compile(r"^(各|每个|每一)")
TOWNS = re.compile(r"[乡镇]|街道|办事处")
MONTHS = {"month": 1, "quarter": 3, "year": 12}
Counter = Callable[[str, Organization, date, date], Counted]


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of the year for which a target holds by itself, with what was counted in it."""

    start: date
    end: date
    value: Decimal
    met: bool
    over: bool  # whether it has ended on the day of looking


@dataclass(frozen=True, slots=True)
class UnitAnswer:
    """What one unit has done where the target asks each unit."""

    organization: Organization
    value: Decimal | None
    met: bool | None
    counted: Counted


@dataclass(frozen=True, slots=True)
class Answer:
    """A target's answer on a day.

    `met` is None where nothing can be said: no counting rule, no such power, not collected. `final` says that the
    target's time is over, so that 「尚未达到」 has become 「未达到」. For a target that each unit has to reach, `value`
    is the sum and `units` holds the answers of each.
    """

    target: PlanTarget
    value: Decimal | None
    met: bool | None
    final: bool
    counted: Counted | None
    stretches: tuple[Stretch, ...] = ()
    units: tuple[UnitAnswer, ...] = ()

    @property
    def text(self) -> str:
        """The answer in a word."""
        if self.counted is None:
            return "没有可用的口径，需人工核实"
        if self.counted.status == "no_power":
            return "本级无此职权"
        if self.met is None:
            return "数据未采集" if self.counted.status == "not_collected" else "尚无可计算的数据"
        if self.met:
            return "已达到" if self.final or self.target.compare == ">=" else "目前符合"
        return "未达到" if self.final or self.target.compare == "<=" else "尚未达到"


def missing(found: Answer) -> str:
    """What a target that is not reached still lacks, e.g. 「还差3次」; "" where it is reached or nothing can be said."""
    target = found.target
    if found.met is not False or target.compare != ">=":
        return ""
    if found.units:
        lacking = [unit.organization.name for unit in found.units if unit.met is False]
        return f"{len(lacking)}个单位还没有达到：{'、'.join(lacking)}"
    if not found.stretches:
        return f"还差{_short_of(target, found.value or Decimal(0))}"
    short = [part for part in found.stretches if not part.met]
    return "、".join(
        f"{_name(target.per, part)}{'' if part.over else '还'}差{_short_of(target, part.value)}"
        for part in short
    )


def _short_of(target: PlanTarget, value: Decimal) -> str:
    unit = "个百分点" if target.unit in {"%", "％"} else target.unit
    return f"{format((target.value - value).normalize(), 'f')}{unit}"


def _name(per: str, part: Stretch) -> str:
    """第二季度, 5月, 5月4日起的一周."""
    if per == "quarter":
        return f"第{'一二三四'[(part.start.month - 1) // 3]}季度"
    return f"{part.start.month}月" if per == "month" else f"{part.start.month}月{part.start.day}日起的一周"


def answer(target: PlanTarget, on: date, counter: Counter = count) -> Answer:
    """Counts what the plan's year has brought for a target until a day; a page may give a counter that remembers."""
    plan = target.task.plan
    start, end = date(plan.year, 1, 1), date(plan.year, 12, 31)
    until = max(start, min(on, end))
    final = on >= min(end, target.task.due or end)
    if not target.counting_rule:
        return Answer(target, None, None, final, None)
    each = _each_of(target)
    if each:
        return _of_each(target, each, start, until, final, counter)
    owner = _owner(target) or plan.organization
    counted = counter(target.counting_rule, owner, start, until)
    stretches = tuple(_stretches(target, counted, until)) if counted.value is not None else ()
    return Answer(target, counted.value, _met(target, counted.value, stretches), final, counted, stretches)


def answers(targets: Iterable[PlanTarget], on: date, counter: Counter = count) -> tuple[Answer, ...]:
    """The answers to several targets."""
    return tuple(answer(target, on, counter) for target in targets)


def whose(target: PlanTarget) -> list[Organization]:
    """The organizations whose records, with those of all below them, a target counts."""
    return _each_of(target) or [_owner(target) or target.task.plan.organization]


def _of_each(  # noqa: PLR0917 - the order in which one says it
    target: PlanTarget, units: list[Organization], start: date, until: date, final: bool, counter: Counter
) -> Answer:
    found = tuple(_of_unit(target, unit, start, until, counter) for unit in units)
    values = [unit.value for unit in found if unit.value is not None]
    known = [unit.met for unit in found if unit.met is not None]
    met = all(known) if known else None
    whole = counter(target.counting_rule, target.task.plan.organization, start, until)
    return Answer(target, sum(values, Decimal(0)) if values else None, met, final, whole, units=found)


def _of_unit(
    target: PlanTarget, unit: Organization, start: date, until: date, counter: Counter
) -> UnitAnswer:
    counted = counter(target.counting_rule, unit, start, until)
    stretches = tuple(_stretches(target, counted, until)) if counted.value is not None else ()
    return UnitAnswer(unit, counted.value, _met(target, counted.value, stretches), counted)


def _met(target: PlanTarget, value: Decimal | None, stretches: tuple[Stretch, ...]) -> bool | None:
    """A target for each month or quarter is met while every one that is over has met it, and one at least has."""
    if value is None:
        return None
    if not stretches:
        return compare(value, target.compare, target.value)
    judged = [stretch for stretch in stretches if stretch.over or stretch.met]
    return bool(judged) and all(stretch.met for stretch in judged)


def compare(value: Decimal, sign: str, wanted: Decimal) -> bool:
    """Whether a value satisfies a demand."""
    if sign == ">=":
        return value >= wanted
    return value <= wanted if sign == "<=" else value == wanted


def _stretches(target: PlanTarget, counted: Counted, until: date) -> Iterator[Stretch]:
    """The weeks, months or quarters of the year up to the day, where the target holds for each of them."""
    if target.per in ("", "year") or counted.denominator is not None:
        return
    for start, end in _periods(target.per, counted.start.year):
        if start > until:
            return
        value = sum((more for day, more in counted.days.items() if start <= day <= end), Decimal(0))
        yield Stretch(start, end, value, compare(value, target.compare, target.value), end <= until)


def _periods(per: str, year: int) -> Iterator[tuple[date, date]]:
    start, last = date(year, 1, 1), date(year, 12, 31)
    while start <= last:
        following = _next_start(per, start)
        yield start, min(following - timedelta(days=1), last)
        start = following


def _next_start(per: str, start: date) -> date:
    if per == "week":
        return start + timedelta(days=7 - start.weekday())
    month = start.month + MONTHS.get(per, 12)
    return date(start.year + (month - 1) // 12, (month - 1) % 12 + 1, 1)


def _owner(target: PlanTarget) -> Organization | None:
    return target.task.plan.unit_names.find(target.who).organization if target.who else None


def _each_of(target: PlanTarget) -> list[Organization]:
    """The units of which each has to reach the target: 「各乡镇」 the towns below, 「各部门」 the others."""
    if not EVERY.match(target.who):
        return []
    below = Organization.objects.filter(parent=target.task.plan.organization)
    if TOWNS.search(target.who):
        return list(below.filter(level="town"))
    return list(below.exclude(level="town")) if "部门" in target.who else list(below)
