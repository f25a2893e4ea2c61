"""How far the words of a figure narrow what a counting rule counts: 「其中涉企行政处罚」 beside the rule for all penalties."""

from __future__ import annotations

import re
from functools import cache

from yifa.law.answers import Answer, answer_for
from yifa.law.datafiles import beside
from yifa.law.loader import catalogue
from yifa.reading.document import Figure


@cache
def words() -> dict[str, list[str]]:
    """The words of comparing.yaml by their use."""
    found: dict[str, list[str]] = beside(__file__, "comparing.yaml")
    return found


@cache
def _neutral() -> re.Pattern[str]:
    longest_first = sorted(words()["neutral"], key=len, reverse=True)
    return re.compile("|".join(map(re.escape, longest_first)))


def narrowing(subject: str, answer: Answer) -> int:
    """How many characters of a figure's name neither say what the rule counts nor are neutral."""
    for word in sorted(answer.words, key=len, reverse=True):
        subject = subject.replace(word, "")
    titles = _titles(answer.rule)
    plain = _beyond(_neutral().sub("", subject), titles)
    return min(len(plain), len(_neutral().sub("", _beyond(subject, titles))))


def _titles(rule_id: str) -> str:
    """What a rule, and what it counts over, are called."""
    known = catalogue()
    rule = known.counting_rules[rule_id]
    of = known.counting_rules[rule.rate.numerator] if rule.rate else rule
    thing = known.case_types.get(of.case_type or "") or known.registers.get(of.register_ or "")
    return f"{rule.title}\0{thing.title if thing else ''}"


def _beyond(subject: str, titles: str) -> str:
    """What is left of a name without the stretches of two and more characters that stand in the titles."""
    left, place = "", 0
    while place < len(subject):
        end = next((end for end in range(len(subject), place + 1, -1) if subject[place:end] in titles), place)
        left += "" if end > place else subject[place]
        place = max(end, place + 1)
    return left


def narrowing_of_whole(whole: Figure | None, answer: Answer) -> int:
    """The same for the whole; 0 where it is itself what a rule counts, as 「办结信访事项」 before 「其中成功调处」."""
    if whole is None:
        return 0
    own = answer_for(whole.subject, "", whole.unit, catalogue().counting_rules)
    return min(narrowing(whole.subject, known) for known in (answer, own or answer))
