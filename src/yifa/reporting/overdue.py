"""Counting rules that follow from the catalogue's clocks: the cases of a type in which a deadline was not kept."""

from __future__ import annotations

from datetime import date

from django.db.models import F, Q

from yifa.law.loader import Catalogue
from yifa.law.overdue import overdue_rules_of, rule_id
from yifa.law.schema import CountingRule
from yifa.ledger.models import CaseClock, Organization

__all__ = ["overdue_clocks", "overdue_rules", "rule_id"]


def overdue_rules(catalogue: Catalogue, level: str) -> dict[str, CountingRule]:
    """One rule for each deadline of the body's own, by rule id `late_<case type>_<clock>`."""
    allowed = set(catalogue.levels[level].case_types)
    return {
        rule.counting_rule: rule
        for case_type in catalogue.case_types.values()
        if case_type.case_type in allowed
        for rule in overdue_rules_of(case_type)
    }


def overdue_clocks(organization: Organization, start: date, end: date) -> set[tuple[str, str]]:
    """(case type, clock) pairs with a broken deadline among cases opened in the period: what is worth counting."""
    late = Q(stopped_on__gt=F("due")) | Q(stopped_on__isnull=True, due__lt=end)
    clocks = CaseClock.objects.filter(
        late,
        minimum=False,
        due__isnull=False,
        case__organization__path__startswith=organization.path,
        case__opened_on__range=(start, end),
    )
    return set(clocks.values_list("case__case_type", "clock").distinct())
