"""How far the ledger is, by kind of case and register: what was made of the records stands until this changes."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.db import connection
from django.utils import timezone

from yifa.law.loader import catalogue
from yifa.law.schema import CountingRule, GapType
from yifa.ledger.legal import rules_digest
from yifa.ledger.models import Record, Subject
from yifa.ledger.tables.unfinished import unfinished

LAST = {  # by whether it is a kind of case; an index of each table holds this
    True: "SELECT MAX(last) FROM ledger_case WHERE case_type = %s",
    False: "SELECT MAX(last) FROM ledger_entry WHERE register = %s",
}


class Latest:
    """One for each request. Records are only added, so the id of the last one about a kind tells whether anything was."""

    def __init__(self) -> None:
        units = Record.objects.filter(subject=Subject.ORGANIZATION).count()
        # units, their names and posts and what they do not collect; the day; the rules; whose ids may still come
        self.world = f"{units}:{timezone.localdate()}:{rules_digest()[:16]}:{unfinished()}"
        self._last: dict[str, int] = {}

    def of(self, kinds: Collection[str]) -> int:
        """The id of the last record about any of these kinds of case and registers; 0 where there is none."""
        self.ask(kinds)
        return max((self._last[kind] for kind in kinds), default=0)

    def ask(self, kinds: Iterable[str]) -> None:
        """Look for many kinds at once that will be wanted one by one."""
        unknown = sorted({*kinds} - self._last.keys())
        if not unknown:
            return
        wanted = ", ".join(f"({LAST[_is_case(kind)]})" for kind in unknown)
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {wanted}", unknown)
            self._last.update(zip(unknown, (last or 0 for last in cursor.fetchone()), strict=True))


def _is_case(kind: str) -> bool:
    return kind in catalogue().case_types


def kinds_of_rule(rule: CountingRule) -> list[str]:
    """The kinds of case and the registers a rule counts over; a rate's are its numerator's, then its denominator's."""
    if rule.rate is None:
        return [rule.case_type or rule.register_ or ""]
    rules = catalogue().counting_rules
    return [
        kind for part in (rule.rate.numerator, rule.rate.denominator) for kind in kinds_of_rule(rules[part])
    ]


def kinds_of_gap(gap: GapType) -> set[str]:
    """The kinds of case and the registers a gap list looks at."""
    rules = [gap.counting_rule] + [name for one in gap.unless for name in (one.counting_rule, one.equals)]
    kinds = {gap.case_type, gap.register_, *(one.register_ for one in gap.unless)}
    kinds |= {kind for name in rules if name for kind in kinds_of_rule(catalogue().counting_rules[name])}
    return {kind for kind in kinds if kind}
