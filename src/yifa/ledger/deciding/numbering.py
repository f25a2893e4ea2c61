"""Numbers of cases: given once, in order, in the transaction of the act that allows them."""

from __future__ import annotations

from datetime import date
from typing import Any

from yifa.law.schema import CaseType, NumberRule
from yifa.ledger.models import NumberSeries, Organization


def issuer_of(rule: NumberRule, organization: Organization) -> Organization:
    """Whose series gives the number: the organization itself, or the body above all."""
    if rule.unique_per == "organization":
        return organization
    return Organization.objects.get(code=organization.ancestor_codes()[0])


def number(rule: NumberRule, issuer: Organization, year: int, serial: int) -> dict[str, Any]:
    """The number as the act's record states it. Pure."""
    text = rule.format.format(
        issuer=issuer.document_code or issuer.short_name or issuer.name, year=year, serial=serial
    )
    return {"text": text, "of": issuer.code, "year": year, "serial": serial}


def due_number(case_type: CaseType, act: str, held: str) -> NumberRule | None:
    """The rule by which this act gives the case a number; None where it does not or the case has one."""
    rule = case_type.number
    return rule if rule is not None and rule.act == act and not held else None


def issue(case_type: CaseType, rule: NumberRule, organization: Organization, on: date) -> dict[str, Any]:
    """Takes the next serial of the series. Must run inside the transaction that records the act."""
    issuer = issuer_of(rule, organization)
    series, _ = NumberSeries.objects.select_for_update().get_or_create(
        organization=issuer, case_type=case_type.case_type, year=on.year
    )
    series.last += 1
    series.save(update_fields=["last"])
    return number(rule, issuer, on.year, series.last)
