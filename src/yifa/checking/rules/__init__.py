"""The rules, in the order in which they run. A new rule: docs/howto/add-a-check-rule.md."""

from yifa.checking.rule import Registry
from yifa.checking.rules import (
    changes,
    claims,
    counts,
    integrity,
    laws,
    names,
    numbering,
    periods,
    plans,
    rates,
    repeats,
    sections,
    subset,
    sums,
)

RULES = Registry(
    (
        integrity.INJECTED,
        integrity.DAMAGED,
        integrity.RESIDUE,
        repeats.TEXT,
        sums.RULE,
        subset.RULE,
        rates.RULE,
        changes.RULE,
        counts.RULE,
        repeats.VALUE,
        periods.TITLE,
        periods.CUTOFF,
        periods.FUTURE,
        sections.RULE,
        numbering.RULE,
        plans.UNIT,
        plans.DUE,
        laws.NOT_YET,
        laws.NOT_IN_FORCE,
        laws.UNRESOLVED,
        names.RULE,
        claims.BASE,
        claims.ABSOLUTE,
        claims.THIN,
    )
)
