"""What somebody sent after the session had ended: kept for that person alone, and put back into the form.

It stays in the server's memory for an hour, never on a disk; the browser's session bears the key. It is shown only to
whoever filled it in, signed in again in the same browser; somebody else's signing in throws it away. Passwords and
files are not kept, and nothing is ever sent by itself.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.utils import timezone

from yifa.ledger.models import SignIn, User
from yifa.workbench.forms.refilled import refill

KEY, WAS, AGAIN = "kept_form", "was", "again"  # in the session
NOT_KEPT = {"login", "logout", "init", "init_step", "account", "sessions", "person", "drop_kept_form"}
MOST = 300_000  # characters: a long report's section has a tenth
NEVER = "password"  # nor what has this in its name
SHOWN_WITH = {200, 403, 404, 405, 409}
DONE = range(300, 400)
FAILED = 500


@dataclass(frozen=True, slots=True)
class Kept:
    """What was sent: by whom, where to, and the page with the form."""

    user: int
    address: str
    page: str
    values: dict[str, list[str]]
    files: tuple[str, ...]
    at: datetime


def who_was(request: HttpRequest) -> int | None:
    """Whose session it was that has ended in this browser."""
    known: int | None = request.session.get(WAS)
    key = request.COOKIES.get(settings.SESSION_COOKIE_NAME)
    if known is None and key:
        known = SignIn.objects.filter(session_key=key).values_list("user_id", flat=True).first()
    return known


def keep(request: HttpRequest, user: int) -> str:
    """Note whose session ended, keep what was sent, if anything was; the page to go back to."""
    request.session[WAS] = user
    page = _page(request)
    name = request.resolver_match.url_name if request.resolver_match else None
    if request.method != "POST" or name in NOT_KEPT:
        return page
    values = {
        field: [str(value) for value in given]
        for field, given in request.POST.lists()
        if field != "csrfmiddlewaretoken" and NEVER not in field
    }
    if not values or sum(len(value) for given in values.values() for value in given) > MOST:
        return page
    files = tuple(file.name or "" for _, given in request.FILES.lists() for file in given)
    let_go(request)
    request.session[KEY] = key = secrets.token_urlsafe(24)
    caches["forms"].set(key, Kept(user, request.path, page, values, files, timezone.now()))
    return page


def _page(request: HttpRequest) -> str:
    """The page whose form was sent, of this site; the address itself where the browser does not say."""
    said = request.headers.get("HX-Current-URL") or request.headers.get("Referer", "")
    parts = urlsplit(said)
    sent = getattr(request, "htmx", False) or request.method == "POST"
    if sent and parts.netloc == request.get_host() and parts.path:
        return f"{parts.path}?{parts.query}" if parts.query else parts.path
    return request.get_full_path()


def is_kept(request: HttpRequest) -> bool:
    """Whether something waits in this browser, whoever signs in."""
    return KEY in request.session and caches["forms"].get(request.session[KEY]) is not None


def page_of(request: HttpRequest) -> str:
    """The page to which what is kept belongs; the first one where nothing is."""
    found: Kept | None = caches["forms"].get(request.session.get(KEY, ""))
    return found.page if found is not None else "/"


def signed_in(request: HttpRequest, user: User) -> None:
    """After signing in: for the same person it stays, for another it is thrown away."""
    was = request.session.pop(WAS, None)
    if was == user.pk:
        request.session[AGAIN] = True
    else:
        let_go(request)


def sent_from_an_old_page(request: HttpRequest) -> str | None:
    """Keeps a form from before the person signed in again, refused because its page is older; the page, if it did.

    Only from this site's own pages: what another site sends is refused and forgotten.
    """
    user = getattr(request, "user", None)
    own = request.headers.get("Origin") == f"{request.scheme}://{request.get_host()}"
    if not isinstance(user, User) or not own or not request.session.get(AGAIN):
        return None
    page = keep(request, user.pk)
    request.session.pop(WAS, None)
    return page if is_kept(request) else None


def let_go(request: HttpRequest) -> None:
    """Forget it."""
    if key := request.session.pop(KEY, None):
        caches["forms"].delete(key)


def settled(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """A page on its way to the browser: with what was kept for it; what has been sent since is forgotten."""
    user = getattr(request, "user", None) if response.status_code < FAILED else None
    if not isinstance(user, User) or KEY not in request.session:
        return response
    found: Kept | None = caches["forms"].get(request.session[KEY])
    if found is None or found.user != user.pk:
        let_go(request)
    elif request.method == "POST":
        if request.path == found.address and response.status_code in DONE:
            let_go(request)
    elif request.path == urlsplit(found.page).path and _is_page(request, response):
        _put_back(request, response, found)
    return response


def _is_page(request: HttpRequest, response: HttpResponseBase) -> bool:
    html = response.headers.get("Content-Type", "").startswith("text/html")
    return (
        html
        and not response.streaming
        and response.status_code in SHOWN_WITH
        and not getattr(request, "htmx", 0)
    )


def _put_back(request: HttpRequest, response: HttpResponseBase, found: Kept) -> None:
    assert isinstance(response, HttpResponse)  # noqa: S101 - not streaming
    filled = refill(response.content.decode(), found.address, found.values)
    context = {"kept": found, "left": filled.left, "has_form": filled.form is not None}
    notice = render_to_string("workbench/parts/kept_form.html", context, request)
    response.content = filled.with_notice(notice).encode()
    if "Content-Length" in response.headers:
        response.headers["Content-Length"] = str(len(response.content))
