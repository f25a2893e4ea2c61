"""What the rules say of the cases of one list, asked once for cases alike (see `procedures.noting`)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple, TypeVar

from yifa.law.schema import CaseType, CountingRule
from yifa.ledger.chain.history import CaseHistory
from yifa.ledger.legal import case_type_of
from yifa.ledger.rows.ruling import rules_over
from yifa.ledger.rows.tallies import Group, grouped
from yifa.ledger.rows.values import Verdict, judge
from yifa.procedures.counting import CountedCase, labels, unlabelled
from yifa.procedures.model import Act, Context
from yifa.procedures.noting import MOST, Noted, Question, Tree, Whole, kind_of, noted_act
from yifa.procedures.spans import Span, case_spans, may_count

Result = TypeVar("Result")
Rules = tuple[CountingRule, ...]
Counted = tuple[Span, ...]  # without part and kind
_Label = tuple[CountingRule, int]  # a rule that tells apart what it counts, the position of the act counted


class Told(NamedTuple):
    """Rows of what is counted, in which what tells apart stands as a number, and what the numbers mean."""

    group: Group
    names: Mapping[str, str]


@dataclass(slots=True)
class _Counting:
    """Rules that look at the same things, with what they were found to say."""

    rules: Rules
    tree: Tree[Counted]


class Judging:
    """Asks the rules of many cases. For one day and one state of the catalogue and the calendar."""

    def __init__(self) -> None:
        self._keys: dict[Any, int] = {}
        self._verdicts: Tree[Verdict] = Tree()
        self._counting: dict[tuple[str, tuple[str, ...]], list[_Counting]] = {}
        self._groups: dict[Any, tuple[tuple[Counted, ...], Group]] = {}
        self._labels: dict[Any, tuple[tuple[Counted, ...], tuple[_Label, ...]]] = {}

    def judge(self, history: CaseHistory, acts: tuple[Act, ...], looked_at: Context) -> tuple[Verdict, Told]:
        """As `rows.case_rows` asks, of a case without corrections; what is counted already in the groups of its rows.

        What is said of cases alike is the same object, for whoever makes something more of it.
        """
        whole = (history.case_type, history.level, history.jurisdiction, *map(kind_of, acts))
        key = self._keys.setdefault(whole, len(self._keys))
        case_type = case_type_of(history.case_type)
        case = _Case(key, history.facts, acts)
        verdict = case.ask(self._verdicts, lambda facts, entries: judge(case_type, facts, entries, looked_at))
        level = history.level
        counted = tuple([
            case.ask(
                counting.tree,
                lambda facts, entries, rules=counting.rules: _spans(  # type: ignore[misc]  # bound in the loop
                    rules, case_type, CountedCase(facts, entries, level=level), looked_at
                ),
            )
            for counting in self._rules(case_type, acts)
        ])  # fmt: skip
        return verdict, self._grouped(counted, case_type, CountedCase(history.facts, acts, level=level))

    def _rules(self, case_type: CaseType, acts: Sequence[Act]) -> list[_Counting]:
        """The rules that may count acts of these kinds; those that look at other things stand apart."""
        key = (case_type.case_type, tuple(act.act for act in acts))
        if key not in self._counting:
            alike: dict[Any, list[CountingRule]] = {}
            for rule in rules_over(case_type.case_type):
                if may_count(rule, case_type, acts):
                    looks = (
                        rule.sum_field,
                        repr(rule.where),
                        tuple(rule.acts or ()) if rule.outcomes else None,
                    )
                    alike.setdefault(looks, []).append(rule)
            self._counting[key] = [_Counting(tuple(rules), Tree()) for rules in alike.values()]
        return self._counting[key]

    def _grouped(self, counted: tuple[Counted, ...], case_type: CaseType, case: CountedCase) -> Told:
        """The rows of what is counted. The spans are held beside them, so that their identities stay theirs."""
        acts = {act.position: act for act in case.entries if isinstance(act, Act)}
        same = tuple(map(id, counted))
        kinds: dict[str | None, int] = {
            None: 0
        }  # what tells apart, numbered: rows of other cases differ in nothing else
        parts: list[str | None] = []
        for rule, position in self._told_apart(same, counted):
            part, kind = labels(rule, case_type, case, acts[position])
            parts += (part, str(kinds.setdefault(kind, len(kinds))))
        key = (same, tuple(parts))
        known = self._groups.get(key)
        if known is None:
            if len(self._groups) >= MOST:
                self._groups.clear()
            known = self._groups[key] = (counted, grouped(_labelled(counted, parts)))
        return Told(known[1], {str(number): kind for kind, number in kinds.items() if kind is not None})

    def _told_apart(self, same: tuple[int, ...], counted: tuple[Counted, ...]) -> tuple[_Label, ...]:
        """Which of the spans are told apart, with their rule and act; found once for the same spans."""
        known = self._labels.get(same)
        if known is None:
            if len(self._labels) >= MOST:
                self._labels.clear()
            found = [
                (span.rule, span.match.position)
                for spans in counted
                for span in spans
                if span.rule.breakdown is not None or span.rule.distinct_by is not None
            ]
            known = self._labels[same] = (counted, tuple(found))
        return known[1]


def _spans(rules: Rules, case_type: CaseType, case: CountedCase, looked_at: Context) -> Counted:
    """What is counted, not yet told apart."""
    own = {rule.counting_rule: rule for rule in rules}
    found = case_spans(map(unlabelled, rules), case_type, case, looked_at)
    return tuple(replace(span, rule=own[span.rule.counting_rule]) for span in found)


def _labelled(counted: Sequence[Counted], given: Sequence[str | None]) -> Iterator[Span]:
    """The spans with the labels given, two for each that is told apart; kinds stand there as numbers."""
    rest = iter(given)
    for spans in counted:
        for span in spans:
            if span.rule.breakdown is None and span.rule.distinct_by is None:
                yield span
                continue
            part, kind = next(rest), next(rest)
            match = replace(span.match, part=part, kind=None if kind == "0" else kind)
            yield replace(span, match=match)


@dataclass(frozen=True, slots=True)
class _Case:
    """A case as the rules see it. `key`: everything of it that is not noted."""

    key: int
    facts: Mapping[str, Any]
    acts: tuple[Act, ...]

    def ask(self, tree: Tree[Result], ask: Callable[[Mapping[str, Any], Sequence[Act]], Result]) -> Result:
        """What the tree knows, else what the rules say."""
        if not tree.helps:
            return ask(self.facts, self.acts)
        known = tree.find(self.key, self.facts, self.acts)
        if known is not None:
            return known[0]
        notes: dict[Question, Any] = {}
        noted = [noted_act(act, place, notes) for place, act in enumerate(self.acts, 1)]
        try:
            result = ask(Noted(self.facts, 0, notes), noted)
        except Whole:
            return ask(self.facts, self.acts)
        tree.keep(self.key, notes, result)
        return result
