"""Which counting rule a wording means: of a plan's target, or of a figure in a report. Undecided where two fit alike."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from yifa.law.schema import CountingRule

OCCASIONS = frozenset({"次", "期", "场", "场次", "堂", "轮", "讲"})  # one meeting, however it is called
CASES = frozenset({"件", "宗", "起"})
_LATE = re.compile(r"超期|逾期|超过[^，。；]*[期时]限")  # what was done too late is not what was done


@dataclass(frozen=True, slots=True)
class Answer:
    """A counting rule with the words by which the wording was recognised."""

    rule: str
    words: tuple[str, ...]


def rule_for(wording: str, unit: str, rules: Mapping[str, CountingRule]) -> str:
    """The counting rule that answers a wording, "" where none or more than one fits.

    Args:
        wording: What is counted, e.g. 「行政执法人员培训」.
        unit: The unit of the number, e.g. 「次」.
        rules: The catalogue's counting rules.
    """
    answer = answer_for(wording, "", unit, rules)
    return answer.rule if answer else ""


def answer_for(wording: str, around: str, unit: str, rules: Mapping[str, CountingRule]) -> Answer | None:
    """The same for words that may need those around them: 「其中按期审结」 after 「审结行政处罚案件」.

    Words that say it all themselves are not read together with others; where others help, at least one word of the
    answer must be the wording's own.
    """
    late = _LATE.search(wording) is not None
    fitting = [
        (_length(words), rule, words)
        for rule in rules.values()
        if same_measure(unit, rule.unit)
        for words in _wordings(rule)
        if not late or any(_LATE.search(word) for word in words)
    ]
    return _best([fit for fit in fitting if _all(fit[2], wording)]) or _best(
        [
            fit
            for fit in fitting
            if _all(fit[2], wording + around) and not _all((w for w in fit[2] if w in wording), around)
        ]
    )


def same_measure(one: str, other: str) -> bool:
    """Whether numbers in two units may mean the same count."""
    return one == other or any({one, other} <= family for family in (OCCASIONS, CASES))


def _wordings(rule: CountingRule) -> Iterator[tuple[str, ...]]:
    return (tuple(words.split()) for words in rule.answers)


def _all(words: Iterable[str], wording: str) -> bool:
    return all(word in wording for word in words)


def _length(words: Sequence[str]) -> int:
    return sum(map(len, words))


def _best(fits: Sequence[tuple[int, CountingRule, tuple[str, ...]]]) -> Answer | None:
    """The longest fit; None where two rules fit alike."""
    longest = max((length for length, _, _ in fits), default=0)
    found = {rule.counting_rule: words for length, rule, words in fits if length == longest}
    return Answer(*next(iter(found.items()))) if len(found) == 1 else None
