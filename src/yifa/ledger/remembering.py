"""What the rules say of many cases alike, asked once for all that agree in everything the rules looked at.

While the rules are asked, every fact and field they read is noted, in order. Since they are pure, another case that gives
the same answers to the same questions gets the same result: the notes form a tree, walked instead of asking again.
Nobody has to know which facts matter, and what was not read cannot make a difference.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Generic, TypeVar

from yifa.law.schema import CaseType, CountingRule
from yifa.ledger.history import CaseHistory
from yifa.ledger.legal import case_type_of
from yifa.ledger.rows import Judged
from yifa.ledger.ruling import rules_over
from yifa.procedures import engine
from yifa.procedures.counting import CountedCase
from yifa.procedures.model import Act, Context
from yifa.procedures.spans import Span, case_spans, may_count

Result = TypeVar("Result")
Question = tuple[int, str]  # 0 for a fact, else the place of the act; the name
MOST = 20_000  # results held by one tree
TRIED = 300  # askings after which a tree that seldom knows the answer is given up
SELDOM = 0.5
_MISSING = object()


class _Whole(Exception):  # noqa: N818 - not an error
    """The rules looked at all there is."""


class _Noted(Mapping[str, Any]):
    """Values that note what is read of them."""

    __slots__ = ("held", "notes", "place")

    def __init__(self, held: Mapping[str, Any], place: int, notes: dict[Question, Any] | None) -> None:
        self.held, self.place, self.notes = held, place, notes

    def _note(self, name: str) -> Any:
        value = self.held.get(name, _MISSING)
        if self.notes is not None:
            self.notes.setdefault((self.place, name), value)
        return value

    def __getitem__(self, name: str) -> Any:
        value = self._note(name)
        if value is _MISSING:
            raise KeyError(name)
        return value

    def get(self, name: str, default: Any = None) -> Any:
        value = self._note(name)
        return default if value is _MISSING else value

    def __contains__(self, name: object) -> bool:
        return self._note(str(name)) is not _MISSING

    def __iter__(self) -> Iterator[str]:
        raise _Whole

    def __len__(self) -> int:
        raise _Whole

    def __bool__(self) -> bool:
        raise _Whole


class _Tree(Generic[Result]):
    """Results by the answers to the questions that were asked."""

    __slots__ = ("asked", "held", "known", "roots")

    def __init__(self) -> None:
        self.roots: dict[
            Any, Any
        ] = {}  # key -> a leaf (Result,) or a branch [question, {answer: leaf or branch}]
        self.held = self.asked = self.known = 0

    @property
    def helps(self) -> bool:
        """Whether it knows the answer often enough to be asked."""
        return self.asked < TRIED or self.known > SELDOM * self.asked

    def find(self, key: Any, values: Sequence[Mapping[str, Any]]) -> tuple[Result] | None:
        """The result for these values, where one like it is known."""
        self.asked += 1
        node = self.roots.get(key)
        while isinstance(node, list):
            place, name = node[0]
            node = node[1].get(_answer(values[place].get(name, _MISSING)))
        self.known += node is not None
        return node

    def keep(self, key: Any, notes: Mapping[Question, Any], result: Result) -> None:
        """Remembers a result under what was read for it."""
        if self.held >= MOST:
            self.roots.clear()
            self.held = 0
        self.held += 1
        holder, under = self.roots, key
        for question, value in notes.items():
            branch = holder.setdefault(under, [question, {}])
            holder, under = branch[1], _answer(value)
        holder[under] = (result,)


def _answer(value: Any) -> Any:
    """A value as a key: equal only to what is the same."""
    if value is _MISSING or value.__class__ is str:
        return value
    return (value.__class__.__name__, repr(value))


class Judging:
    """Asks the rules of many cases. For one day and one state of the catalogue and the calendar."""

    def __init__(self) -> None:
        self._keys: dict[Any, int] = {}
        self._spans: dict[str, _Tree[tuple[Span, ...]]] = {}
        self._counting: dict[tuple[str, tuple[str, ...]], list[CountingRule]] = {}

    def judge(self, history: CaseHistory, looked_at: Context) -> Judged:
        """As `rows.judge`, of a case without corrections. Looking at contents is left to the rules; counting is remembered."""
        acts = history.acts()
        values = [history.facts, *(act.fields for act in acts)]
        whole = (history.case_type, history.level, history.jurisdiction, *map(_key, acts))
        key = self._keys.setdefault(whole, len(self._keys))
        case_type = case_type_of(history.case_type)
        state = engine.state(case_type, history.facts, acts, looked_at)
        findings = engine.findings(case_type, history.facts, acts, looked_at)
        rules = self._rules(case_type, acts)
        trees = [self._spans.setdefault(rule.counting_rule, _Tree()) for rule in rules]
        alone = [rule for rule, tree in zip(rules, trees, strict=True) if not tree.helps]
        counted = CountedCase(history.facts, acts, level=history.level)
        found = _by_rule(case_spans(alone, case_type, counted, looked_at)) if alone else {}
        for rule, tree in zip(rules, trees, strict=True):
            if tree.helps:
                ask = _counted(rule, case_type, history.level, looked_at)
                known: tuple[Span, ...] = _asked(tree, key, values, acts, ask)
                found[rule.counting_rule] = list(known)
        spans = [span for rule in rules for span in found.get(rule.counting_rule, ())]
        return Judged(state, findings, tuple(spans))

    def _rules(self, case_type: CaseType, acts: Sequence[Act]) -> list[CountingRule]:
        """The rules that may count acts of these kinds."""
        key = (case_type.case_type, tuple(act.act for act in acts))
        if key not in self._counting:
            rules = rules_over(case_type.case_type)
            self._counting[key] = [rule for rule in rules if may_count(rule, case_type, acts)]
        return self._counting[key]


def _by_rule(spans: Sequence[Span]) -> dict[str, list[Span]]:
    found: dict[str, list[Span]] = {}
    for span in spans:
        found.setdefault(span.rule.counting_rule, []).append(span)
    return found


Ask = Callable[[Mapping[str, Any], Sequence[Act]], Result]


def _asked(
    tree: _Tree[Result], key: int, values: Sequence[Mapping[str, Any]], acts: Sequence[Act], ask: Ask[Result]
) -> Result:
    known = tree.find(key, values)
    if known is not None:
        return known[0]
    notes: dict[Question, Any] = {}
    noted = [replace(act, fields=_Noted(act.fields, place, notes)) for place, act in enumerate(acts, 1)]
    try:
        result = ask(_Noted(values[0], 0, notes), noted)
    except _Whole:
        return ask(values[0], acts)
    tree.keep(key, notes, result)
    return result


def _counted(
    rule: CountingRule, case_type: CaseType, level: str, looked_at: Context
) -> Ask[tuple[Span, ...]]:
    return lambda facts, acts: tuple(
        case_spans([rule], case_type, CountedCase(facts, acts, level=level), looked_at)
    )


def _key(act: Act) -> Any:
    """What an act says beside its fields."""
    listed = tuple(act.listed.items()) if act.listed else ()
    fired = repr(act.fired) if act.fired else ""
    return (
        act.act,
        act.on,
        act.outcome,
        act.by,
        act.unit,
        act.role,
        act.evidence,
        act.entered,
        act.position,
        listed,
        fired,
    )
