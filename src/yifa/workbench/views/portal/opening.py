"""Whether the pages for people outside are open, and what one address may ask of them."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from yifa.ledger.installation.options import Open, choice_of, choose, is_open
from yifa.ledger.models import Organization
from yifa.ledger.refusal import ActionRefused
from yifa.workbench.rights.access import has_role
from yifa.workbench.rights.permits import OPEN_PORTAL
from yifa.workbench.rights.recent import recently

P = ParamSpec("P")


def for_everybody(
    view: Callable[Concatenate[HttpRequest, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Asks to sign in while the pages are closed; keeps answers out of caches and search engines."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not (request.user.is_authenticated or is_open(Open.PORTAL)):
            return redirect_to_login(request.get_full_path())
        response = view(request, *args, **kwargs)
        response.headers["Cache-Control"] = "no-store, private"
        response.headers["X-Robots-Tag"] = "noindex"
        return response

    return guarded


def refuse_many(request: HttpRequest, what: str, most: int) -> None:
    """Refuses an address that asks too often within ten minutes."""
    if recently(request, what) > most:
        raise ActionRefused(f"同一地址10分钟内最多操作{most}次，已经达到。请稍后再试。", code="too_much")


def opening(request: HttpRequest) -> dict[str, Any]:
    """For templates: whose pages these are, the choice that holds, and whether the reader may change it."""
    body = Organization.objects.body()
    return {
        "body_name": body.name if body else "",
        "choice": choice_of(Open.PORTAL),
        "may_open": has_role(request.user, OPEN_PORTAL.roles),
    }


@require_POST
def portal_open(request: HttpRequest) -> HttpResponse:
    """Open the pages to people without an account, or close them."""
    choose(
        Open.PORTAL, request.POST.get("open") == "1", by=request.user.get_username(), at=timezone.localdate()
    )
    return redirect("inquiry")
