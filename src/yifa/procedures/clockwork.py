"""The clocks of a case: which acts start, pause, restart, lengthen and stop them, and where they stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from yifa.law import clocks
from yifa.law.calendar import Calendar, UnknownYearError, default_calendar
from yifa.law.clocks import Extended, Paused, Restarted
from yifa.law.phrases import day as in_chinese
from yifa.law.schema import Duration, Unit
from yifa.procedures.compiling import Edition, as_date
from yifa.procedures.history import History
from yifa.procedures.model import Act, ClockState, ClockStatus, Context, Listing
from yifa.procedures.rules import ClockRule, Holding

LOCAL_NOTE = "时长由本地规定，目录未填"
OVER_NOTE = "事项已经结束，不再计算"
_DAY = timedelta(days=1)


class Run:
    """One clock in one case on one day.

    `ended` is the day until which the clock is looked at: that of the act that stopped it, else that of the
    closing that left nothing to wait for, else the day of looking. `late_extensions` came after the due date they
    were to move and have no effect. `by_clock`: it began on the last day of another clock. The `why` of pauses,
    restarts and extensions is the id of the act.
    """

    __slots__ = (
        "by_clock", "calendar", "due", "duration", "ended", "extensions", "fell_away", "fixed",
        "late_extensions", "note", "on", "pauses", "restarts", "rule", "started", "starter", "status", "stop",
    )  # fmt: skip

    def __init__(
        self, rule: ClockRule, history: History, context: Context, others: Mapping[str, Run]
    ) -> None:
        self.rule = rule
        self.duration = _own_length(rule.duration, history)
        self.fixed = as_date(history.facts.get(rule.type.ends_by_fact)) if rule.type.ends_by_fact else None
        self.on = context.on
        self.calendar = context.calendar or default_calendar()
        self.pauses: list[Paused] = []
        self.restarts: list[Restarted] = []
        self.extensions: list[Extended] = []
        self.late_extensions: list[tuple[Act, date]] = []
        self.stop: Act | None = None
        self.due: date | None = None
        self.note: str | None = None
        self.fell_away = False
        self.ended = context.on
        self.status = ClockStatus.WAITING
        self.by_clock = False
        self.starter: Act | None = None
        self.started = self._begin(history, others)
        if self.started is not None:
            self._run(self.started, history)

    def _begin(self, history: History, others: Mapping[str, Run]) -> date | None:
        """The day from which it runs: a date among the facts, else another clock's last day, else an act's."""
        clock = self.rule.type
        start = as_date(history.facts.get(clock.starts_by_fact)) if clock.starts_by_fact is not None else None
        if start is None and (other := others.get(clock.starts_by_clock or "")) is not None:
            start = other.last_day()
            self.by_clock = start is not None
        if start is not None:
            return start if start <= self.on else None
        starter = history.first_of(clock.starts)
        ender = history.first_of(clock.not_after) if clock.not_after else None
        if starter is None or (
            ender is not None and (ender.on, ender.position) < (starter.on, starter.position)
        ):
            return None
        self.starter = starter
        earlier = (
            history.first_of([clock.dated_back[starter.act]]) if starter.act in clock.dated_back else None
        )
        return starter.on if earlier is None else min(earlier.on, starter.on)

    def _run(self, started: date, history: History) -> None:
        self.stop = _first_from(history, self.rule.type.stops, started)
        closed = history.closed
        if self.stop is not None:
            self.ended = self.stop.on
        elif closed is not None and not self.rule.survives_closing:
            self.fell_away = True
            self.ended = max(closed.on, started)
        if self.rule.pauses:
            over = self.stop is not None or self.fell_away
            self.pauses = _pauses(self.rule.pauses, history, self.ended, self.calendar, over=over)
        for restart in self.rule.type.restarts:
            for act in history.happened.get(restart.act, ()):
                anew = act.on if restart.on_field is None else as_date(act.fields.get(restart.on_field))
                if anew is not None and started <= anew and act.on <= self.ended and act is not self.starter:
                    self.restarts.append(Restarted(anew, act.act))
        try:
            self._extend(started, history)
            self.due = self._due(started)
        except UnknownYearError as error:
            self.note = f"缺少{error.year}年的放假安排，录入后才能推算"
        self.status = self._judge()
        if self.due is None and self.note is None and self.status is not ClockStatus.PAUSED:
            self.note = LOCAL_NOTE

    def _extend(self, started: date, history: History) -> None:
        """Take the extensions in order: each must come no later than the due date it is to move."""
        begun = max((restart.on for restart in self.restarts), default=started)
        for most in self.rule.extensions:
            for act in history.happened.get(most.act, ()):
                if not begun <= act.on <= self.ended:
                    continue
                due = self._due(started)
                if due is not None and act.on > due:
                    self.late_extensions.append((act, due))
                    continue
                length = _extension_length(act, most.most.length)
                if length is None:
                    self.note = LOCAL_NOTE
                else:
                    self.extensions.append(Extended(act.on, length, most.most.unit, act.act))

    def _due(self, started: date, pauses: Sequence[Paused] | None = None) -> date | None:
        if self.fixed is not None:
            return self.fixed
        if self.note is not None:
            return None
        due = clocks.due_date(
            self.calendar,
            started,
            self.duration,
            extensions=self.extensions,
            pauses=self.pauses if pauses is None else pauses,
            restarts=self.restarts,
        )
        return due + _DAY if due is not None and self.rule.type.full else due

    def last_day(self) -> date | None:
        """The last day of the time itself, also where the later act must wait until it has passed."""
        return self.due - _DAY if self.due is not None and self.rule.type.full else self.due

    def over_on(self, day: date) -> bool:
        """Whether a deadline that nothing has stopped has passed by a day: too late then to lengthen it."""
        return not self.rule.minimum and self.is_running() and self.due is not None and day > self.due

    def _judge(self) -> ClockStatus:
        due, minimum = self.due, self.rule.minimum
        if self.stop is not None:
            wrong = due is not None and (self.ended < due if minimum else self.ended > due)
            return ClockStatus.BROKEN if wrong else ClockStatus.KEPT
        if not minimum and due is not None and self.ended > due:
            return ClockStatus.BROKEN
        if self.fell_away:
            self.note = self.note or OVER_NOTE
            return ClockStatus.KEPT
        if due is None and self.duration.length is not None and self._open_pause() is not None:
            return ClockStatus.PAUSED
        return ClockStatus.RUNNING

    def _open_pause(self) -> Paused | None:
        return next((pause for pause in self.pauses if pause.ends is None), None)

    def due_if_resumed(self) -> date | None:
        """Of a paused clock: the due date if the pause ended on the day of looking."""
        pause, started = self._open_pause(), self.started
        if pause is None or started is None:
            return None
        try:
            ended = [p if p.ends is not None else p._replace(ends=self.on) for p in self.pauses]
            return self._due(started, ended)
        except UnknownYearError:
            return None

    def latest(self) -> date | None:
        """Of a paused clock: the due date if its pauses last as long as the law lets them; None if there is no limit."""
        pauses = [p if p.ends is not None else p._replace(ends=p.at_latest) for p in self.pauses]
        if self.started is None or any(pause.ends is None for pause in pauses):
            return None
        try:
            return self._due(self.started, pauses)
        except UnknownYearError:
            return None

    def is_running(self) -> bool:
        """Whether it has started and something can still stop it; also when late or paused."""
        return self.started is not None and self.stop is None and not self.fell_away

    def state(self) -> ClockState:
        """The clock as others see it."""
        if self.started is None:
            return self.rule.waiting
        rule, due = self.rule, self.due
        note = self._pause_note() if self.status is ClockStatus.PAUSED else self.note
        return ClockState(
            rule.id,
            rule.type.title,
            self.status,
            rule.minimum,
            self.started,
            due,
            self.stop.on if self.stop else None,
            (due - self.on).days if due is not None and self.is_running() else None,
            rule.basis,
            self.length_text(),
            note,
            self.latest() if self.status is ClockStatus.PAUSED else None,
        )

    def plain_length(self) -> str:
        """20个工作日, or the day on which it ends."""
        if self.fixed is not None:
            return f"至{in_chinese(self.fixed)}"
        return clocks.length_text(self.duration.length, self.duration.unit)

    def length_text(self) -> str:
        """20个工作日（另延长10个工作日）."""
        text = self.plain_length()
        for extended in self.extensions:
            text += f"（另延长{clocks.length_text(extended.length, extended.unit)}）"
        return text

    def _pause_note(self) -> str | None:
        pause, due = self._open_pause(), self.due_if_resumed()
        if pause is None:
            return None
        note = f"自{in_chinese(pause.starts)}起暂停计算"
        if due is None:
            return note
        if self.duration.unit is Unit.WORKDAYS:
            return f"{note}，恢复后尚余{self.calendar.workdays_between(self.on, due)}个工作日"
        return f"{note}，恢复后尚余{(due - self.on).days}日"


def _own_length(duration: Duration, history: History) -> Duration:
    """The duration with the length that the case's facts give it, if they do."""
    given = history.facts.get(duration.length_by_fact) if duration.length_by_fact is not None else None
    if isinstance(given, bool) or not isinstance(given, int | float) or given < 0:
        return duration
    return duration.model_copy(update={"length": int(given)})


def _first_from(history: History, stops: Sequence[str], started: date) -> Act | None:
    """The first of these acts on or after the start."""
    found: Act | None = None
    for name in stops:
        for act in history.happened.get(name, ()):
            if act.on >= started:
                if found is None or (act.on, act.position) < (found.on, found.position):
                    found = act
                break
    return found


def _extension_length(act: Act, most: int | None) -> int | None:
    """What the act gives, at most what the law gives; the law's whole length where the act does not say."""
    given = act.fields.get("days")
    if isinstance(given, bool) or not isinstance(given, int | float) or given < 0:
        return most
    return int(given) if most is None else min(int(given), most)


def _pauses(
    holdings: Sequence[Holding], history: History, ended: date, calendar: Calendar, *, over: bool
) -> list[Paused]:
    """The times that do not count; one that still lasts is open unless all is over."""
    found: list[Paused] = []
    for holding in holdings:
        since: Act | None = None
        for act in history.all_of([*holding.starts, *holding.ends]):
            if act.on > ended:
                break
            if since is None and act.act in holding.starts and _stands(act):
                since = act
            elif since is not None and act.act in holding.ends:
                found.append(_paused(holding, since, act.on, calendar))
                since = None
        if since is not None:
            paused = _paused(holding, since, ended, calendar)
            found.append(paused if over or paused.limit else paused._replace(ends=None))
    return found


def _stands(act: Act) -> bool:
    """Whether all entries that the act names were on their lists that day; else it stops no clock."""
    return all(standing is Listing.IN_FORCE for standing in act.listed.values())


def _paused(holding: Holding, since: Act, until: date, calendar: Calendar) -> Paused:
    """The pause until a day, or until the most it may last has passed."""
    most = holding.most
    if most is None or most.length is None:
        return Paused(since.on, until, since.act)
    try:
        last = clocks.add(calendar, since.on, most.length, most.unit)
    except UnknownYearError:  # its end lies beyond the days that are known
        return Paused(since.on, until, since.act)
    if last < until:
        return Paused(since.on, last, since.act, clocks.length_text(most.length, most.unit))
    return Paused(since.on, until, since.act, at_latest=last)


def runs(edition: Edition, history: History, context: Context) -> list[Run]:
    """All clocks that apply to the case, in catalogue order."""
    made: dict[str, Run] = {}
    for rule in edition.clocks:
        if rule.when is None or rule.when(history):
            made[rule.id] = Run(rule, history, context, made)
    return list(made.values())
