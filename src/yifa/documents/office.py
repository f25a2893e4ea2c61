"""What papers say of an organization: what it gave itself, else what holds above it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from yifa.documents.models import OfficeDetail
from yifa.ledger.models import Organization

REMEDY = "reconsideration_body"  # who reviews the acts of one body reviews none of those below it
GOVERNMENT = "county"


def office_of(chain: Sequence[Organization]) -> dict[str, Any]:
    """The details of the first of `chain`, an organization and those above it, the nearest first.

    Applications against departments, towns and agencies go to the government they belong to (行政复议法 article 24); who is
    led from above (article 27) enters another body.
    """
    details = dict(OfficeDetail.objects.filter(organization__in=chain).values_list("organization_id", "data"))
    found: dict[str, Any] = {}
    for organization in reversed(chain):
        given = details.get(organization.pk, {})
        found.pop(REMEDY, None)
        found |= {name: value for name, value in given.items() if value not in (None, "")}
    government = next((one.name for one in chain[1:] if one.level == GOVERNMENT), None)
    if REMEDY not in found and government is not None:
        found[REMEDY] = government
    return found
