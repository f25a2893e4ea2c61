"""Declaring that one keeps out, begun with who is signed in and what it is about."""

from __future__ import annotations

from urllib.parse import urlencode

from django.urls import reverse

from yifa.law.loader import catalogue
from yifa.ledger.models import Entry, User
from yifa.supervision.duties import OFFICERS
from yifa.workbench.rights.access import has_role

RECUSAL = "recusal"
INSPECTOR, REVIEWER = "检查人员", "评查人员"


def declaring(user: User, post: str = "", party: str = "") -> str:
    """Where the user declares it; nothing for those who may not.

    `post`: as what the user takes part; `party`: from whom to keep out.
    """
    if not has_role(user, catalogue().case_types[RECUSAL].acts["declare"].by):
        return ""
    name = user.display_name or user.get_username()
    card = _certificate(user, name) if post != REVIEWER else ""
    given = {
        "person": name, "card": card or user.get_username(), "post": post or (INSPECTOR if card else REVIEWER),
        "party": party,
    }  # fmt: skip
    told = {f"facts-f_{key}": text for key, text in given.items() if text}
    return f"{reverse('open_case', args=[RECUSAL])}?{urlencode(told)}"


def _certificate(user: User, name: str) -> str:
    """The certificate of enforcement under the user's name in the own unit; nothing where two bear the name."""
    if user.organization_id is None:
        return ""
    rows = Entry.objects.filter(
        register=OFFICERS, organization_id=user.organization_id, withdrawn=False, data__name=name
    )
    keys = list(rows.order_by("key").values_list("key", flat=True)[:2])
    return keys[0] if len(keys) == 1 else ""
