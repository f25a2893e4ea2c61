"""Who signed in when and from where; the sessions of one's own, and how long they are left alone."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.contrib.sessions.models import Session
from django.http import HttpRequest
from django.utils import timezone

from yifa.ledger.models import SignIn, User
from yifa.workbench.forms import kept

SEEN = "seen"
TOUCHED_EVERY = 60  # seconds: how often a session notes that it is used, so that reading writes little


def listen() -> None:
    """Notes every signing in and out from now on."""
    user_logged_in.connect(_began, dispatch_uid="yifa.sign_in")
    user_logged_out.connect(_ended, dispatch_uid="yifa.sign_out")


def _began(sender: Any, request: HttpRequest, user: User, **_: Any) -> None:
    request.session[SEEN] = int(timezone.now().timestamp())
    kept.signed_in(request, user)
    if not request.session.session_key:
        request.session.save()
    SignIn.objects.create(
        user=user,
        session_key=request.session.session_key or "",
        address=request.META.get("REMOTE_ADDR", ""),
        agent=request.headers.get("User-Agent", "")[:200],
    )


def _ended(sender: Any, request: HttpRequest, user: User | None, **_: Any) -> None:
    key = request.session.session_key
    if key:
        SignIn.objects.filter(session_key=key, ended_at=None).update(ended_at=timezone.now())


def open_sessions(user: User) -> list[SignIn]:
    """The sessions of an account that still hold, the latest first."""
    rows = list(SignIn.objects.filter(user=user, ended_at=None)[:50])
    alive = Session.objects.filter(
        session_key__in=[row.session_key for row in rows], expire_date__gt=timezone.now()
    )
    keys = set(alive.values_list("session_key", flat=True))
    return [row for row in rows if row.session_key in keys]


def end_session(row: SignIn) -> None:
    """Signs a session out, wherever it is."""
    Session.objects.filter(session_key=row.session_key).delete()
    SignIn.objects.filter(pk=row.pk).update(ended_at=timezone.now())


def left_alone(request: HttpRequest) -> bool:
    """Whether nobody used the session for too long; notes that it is used now."""
    now = int(timezone.now().timestamp())
    seen = request.session.get(SEEN, now)
    if now - seen > settings.IDLE_SECONDS:
        return True
    if now - seen > TOUCHED_EVERY or SEEN not in request.session:
        request.session[SEEN] = now
    return False
