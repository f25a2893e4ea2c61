"""The order of a figure's parts: one and the same, whatever order a database gives its rows in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from yifa.law.loader import catalogue
from yifa.law.schema import CountingRule, FieldSpec, FieldType
from yifa.procedures.counting import UNTOLD


def in_order(
    rule: CountingRule, parts: Mapping[str, Decimal], units: Iterable[str] = ()
) -> dict[str, Decimal]:
    """The parts as the catalogue lists them, units as the list of units has them; what no list names the largest first.

    「未填」 stands last.
    """
    if len(parts) < 2:
        return dict(parts)
    listed = list(units) if rule.breakdown == "unit" else _listed(rule)
    places = {label: place for place, label in reversed(list(enumerate(listed)))}
    ordered = sorted(
        parts, key=lambda label: (label == UNTOLD, places.get(label, len(listed)), -parts[label], label)
    )
    return {label: parts[label] for label in ordered}


def _listed(rule: CountingRule) -> Sequence[str]:
    """The parts there can be, where the catalogue lists them."""
    law = catalogue()
    case_type = law.case_types.get(rule.case_type or "")
    sort, _, name = (rule.breakdown or "").partition(":")
    if case_type is None:
        register = law.registers.get(rule.register_ or "")
        return _choices(register.fields.get(name)) if register is not None else ()
    acts = [case_type.acts[act] for act in rule.acts or case_type.opens_with if act in case_type.acts]
    if sort == "outcome":
        return [outcome for act in acts for outcome in act.outcomes or ()]
    if sort == "act":
        return [act.title for act in acts]
    if sort == "fact":
        return _choices(case_type.facts.get(name))
    return [label for act in acts for label in _choices(act.fields.get(name))]


def _choices(field: FieldSpec | None) -> Sequence[str]:
    if field is None:
        return ()
    return ("是", "否") if field.type is FieldType.BOOLEAN else field.choices or ()
