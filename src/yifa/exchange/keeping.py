"""Keeping how a list is read, under a name."""

from __future__ import annotations

from typing import Any

from yifa.exchange.mapping import Reading, body_of, fingerprint
from yifa.exchange.models import SavedMapping
from yifa.exchange.targets import Target
from yifa.ledger.actions.base import said
from yifa.ledger.models import Organization, User


def keep(organization: Organization, target: Target, name: str, reading: Reading, user: User) -> bool:
    """Keeps a mapping for all of the body; one of the same name is replaced. Whether it is other than what was kept."""
    place: dict[str, Any] = {
        "organization": body_of(organization), "target": target.key, "name": said(name, "对照的名称", "name", 80),
    }  # fmt: skip
    data = reading.as_json()
    if SavedMapping.objects.filter(**place, data=data).exists():
        return False
    more = {"data": data, "fingerprint": fingerprint(reading.heads), "saved_by": user}
    SavedMapping.objects.update_or_create(**place, defaults=more)
    return True
