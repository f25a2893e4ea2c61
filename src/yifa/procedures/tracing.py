"""How a due date came about, line by line, and what to say of a clock that was broken."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from yifa.law import clocks
from yifa.law.phrases import day as in_chinese
from yifa.law.schema import CaseType
from yifa.procedures import wording
from yifa.procedures.clockwork import OVER_NOTE, Run
from yifa.procedures.model import TraceStep


def broken_message(case_type: CaseType, run: Run) -> str:
    """One sentence on a broken clock, with its dates and its article."""
    rule, due, cite = run.rule, run.due, wording.cite(run.rule.basis)
    if due is None:
        return f"{rule.type.title}{cite}"
    last = in_chinese(due)
    if run.stop is None:
        awaited = wording.act_title(case_type, rule.type.stops[0])
        over = (run.ended - due).days
        return f"{rule.type.title}（{run.plain_length()}）已于{last}届满，未进行{awaited}，超期{over}日{cite}"
    done = f"{in_chinese(run.stop.on)}进行{wording.act_title(case_type, run.stop.act)}"
    if rule.minimum:
        return f"{rule.type.title}不少于{run.plain_length()}，最早应于{last}进行，实际于{done}{cite}"
    over = (run.stop.on - due).days
    return f"{rule.type.title}（{run.length_text()}）于{last}届满，实际于{done}，超期{over}日{cite}"


def steps(case_type: CaseType, run: Run) -> tuple[TraceStep, ...]:
    """The computation of `yifa.law.clocks` with the acts' titles, and how the clock ended."""
    if run.started is None:
        return ()
    lines = [*_computed(case_type, run, run.started), *_ending(case_type, run)]
    return tuple(TraceStep(on, why) for on, why in lines)


def _computed(case_type: CaseType, run: Run, started: date) -> Iterable[tuple[date, str]]:
    cite = wording.cite(run.rule.basis)
    if run.fixed is not None:
        fact = case_type.facts[run.rule.type.ends_by_fact or ""].title
        return [(started, f"{_beginning(case_type, run)}{cite}"), (run.fixed, f"最后一日为“{fact}”")]
    why = f"{_beginning(case_type, run)}{cite}"
    if run.note not in {None, OVER_NOTE}:
        return [(started, f"{why}，当日不计，从次日起算{run.plain_length()}"), (run.ended, run.note or "")]

    def title(act: str) -> str:
        return wording.act_title(case_type, act)

    return clocks.trace(
        run.calendar,
        started,
        run.duration,
        extensions=[extended._replace(why=title(extended.why)) for extended in run.extensions],
        pauses=[pause._replace(why=title(pause.why)) for pause in run.pauses],
        restarts=[restart._replace(why=title(restart.why)) for restart in run.restarts],
        why=why,
        minimum=run.rule.minimum,
        full=run.rule.type.full,
    )


def _beginning(case_type: CaseType, run: Run) -> str:
    if run.starter is not None:
        title = wording.act_title(case_type, run.starter.act)
        earlier = run.rule.type.dated_back.get(run.starter.act)
        return title if earlier is None else f"{title}，自{wording.act_title(case_type, earlier)}之日起"
    if run.by_clock:
        return f"“{case_type.clocks[run.rule.type.starts_by_clock or ''].title}”届满"
    fact = run.rule.type.starts_by_fact or ""
    return f"“{case_type.facts[fact].title}”" if fact in case_type.facts else fact


def _ending(case_type: CaseType, run: Run) -> Iterator[tuple[date, str]]:
    for act, due in run.late_extensions:
        title = wording.act_title(case_type, act.act)
        yield act.on, f"{title}，期限已于{in_chinese(due)}届满，延长无效"
    if run.fell_away:
        yield run.ended, OVER_NOTE
    if run.stop is not None:
        title = wording.act_title(case_type, run.stop.act)
        verdict = f"，{_verdict(run, run.due, run.stop.on)}" if run.due is not None else ""
        yield run.stop.on, f"{title}{verdict}"


def _verdict(run: Run, due: date, stopped: date) -> str:
    if run.rule.minimum:
        return "未满最短时间" if stopped < due else "已满最短时间"
    return f"超期{(stopped - due).days}日" if stopped > due else "按期"
