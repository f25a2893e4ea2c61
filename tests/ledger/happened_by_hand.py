"""What really happened in a case, told act by act: the measure for what the database reads of many at once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from yifa.ledger.chain.history import ACT_CORRECTED, ACT_RECORDED, ACT_WITHDRAWN, FACTS_CHANGED
from yifa.ledger.models import Amendment, Case, Record, Step, Subject, TermRun

WHAT = {
    ACT_RECORDED: Amendment.What.BACK,
    ACT_CORRECTED: Amendment.What.CORRECTED,
    ACT_WITHDRAWN: Amendment.What.WITHDRAWN,
    FACTS_CHANGED: Amendment.What.FACTS,
}


def steps(case: Case) -> Iterator[tuple[Any, ...]]:
    """Mark, stand, days, day, position, and from which act to which."""
    acts = list(case.acts.order_by("happened_on", "position"))
    early = set(case.findings.filter(kind="order").values_list("position", flat=True))
    seen: set[str] = set()
    for place, act in enumerate(acts):
        before = acts[place - 1] if place else None
        mark = Step.Mark.PLAIN
        if act.position in early:
            mark = Step.Mark.EARLY
        elif act.act in seen:
            mark = Step.Mark.AGAIN
        end = Step.Stands.ENDS if case.closed_on else Step.Stands.WAITS
        stands = Step.Stands.FOLLOWED if place + 1 < len(acts) else end
        days = (act.happened_on - before.happened_on).days if before else 0
        yield (
            int(mark),
            int(stands),
            days,
            act.happened_on,
            act.position,
            before.act if before else "",
            act.act,
        )
        seen.add(act.act)
    missing = {str(one.act) for one in case.findings.filter(kind="missing")} if acts else set()
    for name in missing:
        yield (
            int(Step.Mark.SKIPPED),
            int(Step.Stands.FOLLOWED),
            0,
            acts[-1].happened_on,
            0,
            acts[-1].act,
            name,
        )


def runs(case: Case) -> Iterator[tuple[Any, ...]]:
    """Clock, state, due, stop of the body's clocks that started and know their last day."""
    for clock in case.clocks.filter(party=False, started_on__isnull=False, due__isnull=False):
        if clock.stopped_on is None:
            state = TermRun.State.PAUSED if clock.paused else TermRun.State.RUNS
            if clock.minimum:
                continue
        else:
            assert clock.due is not None
            late = clock.stopped_on < clock.due if clock.minimum else clock.stopped_on > clock.due
            state = TermRun.State.BROKEN if late else TermRun.State.KEPT
        yield clock.clock, int(state), clock.due, clock.stopped_on


def amendments(case: Case) -> Iterator[tuple[Any, ...]]:
    """Record, what, days, day of record."""
    back = set(case.acts.filter(entered="back").values_list("record", flat=True))
    for one in Record.objects.filter(subject=Subject.CASE, subject_id=case.pk, kind__in=WHAT):
        if one.kind == FACTS_CHANGED and '"with":' in one.payload:
            continue
        days = max((one.recorded_on - one.happened_on).days, 0) if one.happened_on else 0
        if days or one.kind != ACT_RECORDED or one.pk in back:
            yield one.pk, int(WHAT[one.kind]), days, one.recorded_on
