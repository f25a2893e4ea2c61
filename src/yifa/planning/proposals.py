"""Which kinds of records a task's own words speak of, each with the words by which it was recognised.

Nothing is linked by this: a person looks at the records of a proposed kind and links what answers the task.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from yifa.law.loader import catalogue
from yifa.law.schema import CountingRule
from yifa.planning.models import Task, TaskEvidence

MOST = 8
SHORTEST = 4  # characters a wording must have: 「信访」 alone is said of too many things
_CLAUSE = re.compile(r"[^，。；：！？,;\n]+")
_LIST = re.compile(
    r"(名录库?|清单|目录|台账|登记|名册)$"
)  # a title says this of the register, not of its subject


@dataclass(frozen=True, slots=True)
class Proposal:
    """A case type or register that the task speaks of. `said` is the clause in which `words` stand."""

    kind: TaskEvidence.Kind
    source: str
    title: str
    words: tuple[str, ...]
    said: str
    rule: str  # the title of the counting rule that answers to the words; "" where the kind's own title does

    @property
    def why(self) -> str:
        """Why it is proposed."""
        words = "、".join(f"“{word}”" for word in self.words)
        if self.rule:
            return f"任务写有{words}，口径“{self.rule}”正是统计这类记录"
        return f"任务写有{words}"


def proposals(task: Task) -> tuple[Proposal, ...]:
    """The kinds a task's title and text speak of, the most particular wording first."""
    best: dict[str, Proposal] = {}
    for clause in dict.fromkeys(
        match.group().strip() for match in _CLAUSE.finditer(f"{task.title}。{task.text}")
    ):
        by_rules = list(_by_rules(clause, catalogue().counting_rules))
        # 「行政执法人员培训」 means trainings, not the list of officers: a title counts where no rule's wording does
        for found in by_rules or _by_titles(clause):
            known = best.get(found.source)
            if known is None or _weight(found) > _weight(known):
                best[found.source] = found
    return tuple(sorted(best.values(), key=lambda one: -_weight(one))[:MOST])


def _weight(found: Proposal) -> int:
    return sum(map(len, found.words))


def _by_rules(clause: str, rules: Mapping[str, CountingRule]) -> Iterator[Proposal]:
    """A rule's wordings are those by which figures are recognised: all words of one must stand in the clause."""
    for rule in rules.values():
        if rule.rate is not None or rule.units is not None:
            continue
        for answer in rule.answers:
            words = tuple(answer.split())
            if sum(map(len, words)) >= SHORTEST and all(word in clause for word in words):
                yield _proposal(rule.case_type, rule.register_, words, clause, rule.title)


def _by_titles(clause: str) -> Iterator[Proposal]:
    for name, case_type in catalogue().case_types.items():
        if len(case_type.title) >= SHORTEST and case_type.title in clause:
            yield _proposal(name, None, (case_type.title,), clause, "")
    for name, register in catalogue().registers.items():
        subject = _LIST.sub("", register.title)
        if len(subject) >= SHORTEST and subject in clause:
            yield _proposal(None, name, (subject,), clause, "")


def _proposal(
    case_type: str | None, register: str | None, words: tuple[str, ...], said: str, rule: str
) -> Proposal:
    if case_type is not None:
        title = catalogue().case_types[case_type].title
        return Proposal(TaskEvidence.Kind.CASE, case_type, title, words, said, rule)
    source = register or ""
    return Proposal(TaskEvidence.Kind.ENTRY, source, catalogue().registers[source].title, words, said, rule)
