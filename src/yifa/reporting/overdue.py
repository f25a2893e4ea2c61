"""Counting rules that follow from the catalogue's clocks: the cases of a type in which a deadline was not kept."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from yifa.law.loader import Catalogue
from yifa.law.overdue import overdue_rules_of
from yifa.law.schema import CaseType, CountingRule
from yifa.ledger.figures.spans import begun


def overdue_rules(catalogue: Catalogue, level: str) -> dict[str, CountingRule]:
    """One rule for each deadline of the body's own, by rule id `late_<case type>_<clock>`."""
    allowed = set(catalogue.levels[level].case_types)
    return {
        rule.counting_rule: rule
        for case_type in catalogue.case_types.values()
        if case_type.case_type in allowed
        for rule in overdue_rules_of(case_type)
    }


def overdue_of(case_types: Mapping[str, CaseType], start: date, end: date) -> list[tuple[CaseType, str, str]]:
    """(case type, clock, rule) where a deadline may have been broken by cases begun in the period: what is worth counting."""
    known = {
        rule.counting_rule: (case_type, str(rule.clock))
        for case_type in case_types.values()
        for rule in overdue_rules_of(case_type)
    }
    return [(*known[rule], rule) for rule in sorted(begun(known, start, end))]
