"""Keeping how a list is read, under a name."""

from __future__ import annotations

from typing import Any

from yifa.exchange.mapping import Reading, body_of, fingerprint
from yifa.exchange.models import SavedMapping
from yifa.exchange.targets import Target
from yifa.ledger.actions.base import said
from yifa.ledger.models import Organization, User
from yifa.ledger.refusal import ActionRefused


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


def rename(mapping: SavedMapping, name: str) -> None:
    """Gives a mapping another name. Raises ActionRefused where it is empty, too long or that of another of its list."""
    wanted = said(name, "对照的名称", "name", 80)
    others = SavedMapping.objects.filter(organization=mapping.organization_id, target=mapping.target)
    if others.filter(name=wanted).exclude(pk=mapping.pk).exists():
        raise ActionRefused(f"已有名为“{wanted}”的对照，请换一个名称。", code="invalid", field="name")
    SavedMapping.objects.filter(pk=mapping.pk).update(name=wanted)  # when it was kept stays
    mapping.name = wanted
