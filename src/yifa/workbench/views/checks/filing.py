"""File the original and its check-up for good."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from yifa.workbench.views.checks.access import for_checkers, gone


@require_POST
@for_checkers
def file_check(request: HttpRequest, token: str, number: int) -> HttpResponse:
    """Store the original."""
    return gone(request)
