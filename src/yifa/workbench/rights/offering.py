"""What a page may link to: not what whoever looks at it is turned away from."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from django.contrib.auth.models import AnonymousUser
from django.urls import Resolver404, resolve

from yifa.ledger.models import User
from yifa.ledger.people.needs import Reach
from yifa.workbench.rights.access import memberships
from yifa.workbench.rights.permits import PERMITS

LINK = re.compile(r'<a href="([^"]*)"[^>]*>(.*?)</a>', re.DOTALL)


def opens(user: User | AnonymousUser, url: str) -> bool:
    """Whether the user has, anywhere, a role for the page; what lies elsewhere, and what no role decides, opens.

    Whether the role holds for the one thing the page is about, the page itself asks.
    """
    address = urlsplit(url)
    if address.netloc or not address.path:
        return True
    try:
        permit = PERMITS.get(resolve(address.path).url_name or "")
    except Resolver404:
        return False
    if permit is None:
        return False
    if permit.opens.reach in {Reach.PUBLIC, Reach.SELF}:
        return True
    if not isinstance(user, User):
        return False
    return user.is_superuser or any(permit.opens.admits(held.role) for held in memberships(user))


def only_what_opens(html: str, user: User | AnonymousUser) -> str:
    """Drawn text whose links stay where they open for the user; of the others the words stay."""
    return LINK.sub(lambda link: link[0] if opens(user, link[1]) else link[2], html)
