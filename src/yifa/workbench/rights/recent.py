"""How much one address asked for within the last minutes, for pages that are open to everybody."""

from __future__ import annotations

from django.core.cache import cache
from django.http import HttpRequest

SEVERAL_MINUTES = 600


def recently(request: HttpRequest, what: str, amount: int = 1) -> int:
    """How much of something the address asked for within ten minutes, with `amount` that it asks for now."""
    key = f"recent:{what}:{request.META.get('REMOTE_ADDR', '')}"
    cache.add(key, 0, SEVERAL_MINUTES)
    try:
        return int(cache.incr(key, amount))
    except ValueError:  # ran out between the two lines
        cache.set(key, amount, SEVERAL_MINUTES)
        return amount
