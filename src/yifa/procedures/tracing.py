"""How a due date came about, line by line, and what to say of a clock that was broken."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from yifa.law.calendar import WORKED
from yifa.law.schema import CaseType, Unit
from yifa.procedures import wording
from yifa.procedures.clockwork import Run
from yifa.procedures.model import TraceStep

_DAY = timedelta(days=1)


def broken_message(case_type: CaseType, run: Run) -> str:
    """One sentence on a broken clock, with its dates and its article."""
    rule, due, cite = run.rule, run.due, wording.cite(run.rule.basis)
    if due is None:
        return f"{rule.type.title}{cite}"
    last = wording.day(due)
    if run.stop is None:
        awaited = wording.act_title(case_type, rule.type.stops[0])
        over = (run.ended - due).days
        return f"{rule.type.title}（{rule.length_text}）已于{last}届满，未进行{awaited}，超期{over}日{cite}"
    done = f"{wording.day(run.stop.on)}进行{wording.act_title(case_type, run.stop.act)}"
    if rule.minimum:
        return f"{rule.type.title}不少于{rule.length_text}，最早应于{last}进行，实际于{done}{cite}"
    over = (run.stop.on - due).days
    return f"{rule.type.title}（{run.length_text()}）于{last}届满，实际于{done}，超期{over}日{cite}"


def steps(case_type: CaseType, run: Run) -> tuple[TraceStep, ...]:
    """The computation in order of the days: start, what does not count and why, what lengthens, the result."""
    started = run.started
    if started is None:
        return ()
    lines = [
        *_beginnings(case_type, run, started),
        *_interruptions(case_type, run),
        *_uncounted(run, started),
        *_ending(case_type, run),
    ]
    lines.sort(key=lambda line: line[:2])
    return tuple(TraceStep(on, why) for on, _, why in lines)


_Line = tuple[date, int, str]  # the day, its rank among the lines of one day, the reason


def _beginnings(case_type: CaseType, run: Run, started: date) -> Iterator[_Line]:
    if run.starter is not None:
        what = wording.act_title(case_type, run.starter.act)
    else:
        fact = run.rule.type.starts_by_fact or ""
        what = f"“{case_type.facts[fact].title}”" if fact in case_type.facts else fact
    yield started, 0, f"{what}，自次日起算，{run.rule.length_text}{wording.cite(run.rule.basis)}"
    bases = {restart.act: restart.basis for restart in run.rule.type.restarts}
    for act, _ in run.restarts:
        title, cite = wording.act_title(case_type, act.act), wording.cite(bases.get(act.act))
        yield act.on, 1, f"{title}，自次日起重新计算{cite}"


def _interruptions(case_type: CaseType, run: Run) -> Iterator[_Line]:
    begun = max((restarted.on for _, restarted in run.restarts), default=date.min)
    for pause in run.pauses:
        if pause.ends is not None and pause.ends <= begun:
            continue  # swallowed by the new beginning
        yield pause.starts, 2, "自次日起不计入时限"
        if pause.ends is not None and (run.stop is None or pause.ends < run.stop.on):
            yield pause.ends, 2, "至本日不计入时限，自次日起继续计算"
    for act, extended in run.extensions:
        given = f"{extended.length}{wording.UNITS[extended.unit]}"
        yield act.on, 3, f"{wording.act_title(case_type, act.act)}，延长{given}"
    for act, due in run.late_extensions:
        title = wording.act_title(case_type, act.act)
        yield act.on, 3, f"{title}，时限已于{wording.day(due)}届满，延长无效"


def _uncounted(run: Run, started: date) -> Iterator[_Line]:
    """Days off and worked weekends between the last beginning and the due date, where working days are counted."""
    due = run.due if run.due is not None else run.due_if_resumed()
    if run.rule.duration.unit is not Unit.WORKDAYS or due is None:
        return
    day = max((restarted.on for _, restarted in run.restarts), default=started) + _DAY
    while day <= due:
        if not any(p.starts < day and (p.ends is None or day <= p.ends) for p in run.pauses):
            reason = run.calendar.reason(day)
            if reason == WORKED:
                yield day, 4, "调休上班，计入"
            elif reason is not None:
                yield day, 4, f"{reason}，不计"
        day += _DAY


def _ending(case_type: CaseType, run: Run) -> Iterator[_Line]:
    due = run.due
    if due is None:
        if run.note is not None:
            yield run.ended, 7, run.note
        return
    counted = run.last_day_counted()
    if counted is not None and counted != due:
        yield counted, 5, f"最后一日为{run.calendar.reason(counted)}，顺延至其后第一个工作日"
    yield due, 6, "满期，自本日起可以进行" if run.rule.minimum else "期限届满之日"
    if run.stop is not None:
        yield (
            run.stop.on,
            7,
            f"{wording.act_title(case_type, run.stop.act)}，{_verdict(run, due, run.stop.on)}",
        )


def _verdict(run: Run, due: date, stopped: date) -> str:
    if run.rule.minimum:
        return "未满最短时间" if stopped < due else "已满最短时间"
    return f"超期{(stopped - due).days}日" if stopped > due else "按期"
