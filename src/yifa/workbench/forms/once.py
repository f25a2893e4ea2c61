"""One form sent twice does its work once: a second press, or the same page sent again at once, gets the first's answer.

Each rendering of a form bears a token of its own (the CSRF token is masked anew every time). What bears the same token and
says the same, from the same person to the same address, is the same sending. It is known for a minute, in the memory of the
one process that serves: nothing of what was sent is kept, only a digest. What led nowhere (an error shown in the form) is
tried again as if it were the first.
"""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from yifa.ledger.models import User

KNOWN = 60.0  # seconds after its answer
WAITS = 110.0  # seconds for the first's answer; the server lets no request take longer
LARGEST = 200_000  # bytes of an answer that is kept
SAID = "这张表刚才已经提交过，没有重复办理。"
REDIRECTS = range(300, 400)


@dataclass(slots=True)
class Sending:
    """What was sent and is being done, or was."""

    done: threading.Event = field(default_factory=threading.Event)
    answer: HttpResponse | None = None  # None: it led nowhere
    until: float = float("inf")


class Once:
    """Middleware behind the gate."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.lock = threading.Lock()
        self.sent: dict[str, Sending] = {}

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Notes the answer for whoever waits for it."""
        answer: HttpResponseBase | None = None
        try:
            answer = self.get_response(request)
        finally:
            key = getattr(request, "sending", None)
            if key is not None:
                self._end(key, _kept(request, answer))
        return answer

    def process_view(self, request: HttpRequest, *_: object) -> HttpResponse | None:
        """The first's answer where the same was sent before."""
        key = _digest(request)
        if key is None:
            return None
        while (before := self._begin(key)) is not None:
            before.done.wait(WAITS)
            if before.answer is not None:
                return _again(request, before.answer)
        request.sending = key  # type: ignore[attr-defined]
        return None

    def _begin(self, key: str) -> Sending | None:
        """The same sending, if it is known; else this one is from now on."""
        now = time.monotonic()
        with self.lock:
            self.sent = {one: sending for one, sending in self.sent.items() if sending.until > now}
            found = self.sent.get(key)
            if found is None:
                self.sent[key] = Sending(until=now + WAITS)
            return found

    def _end(self, key: str, answer: HttpResponse | None) -> None:
        with self.lock:
            sending = self.sent.get(key)
            if sending is None:
                return
            sending.answer, sending.until = answer, time.monotonic() + KNOWN
            if answer is None:
                del self.sent[key]
        sending.done.set()


def _digest(request: HttpRequest) -> str | None:
    """What tells one sending from another; None where the page needs no such care."""
    if request.method != "POST" or not isinstance(request.user, User):
        return None
    if "csrfmiddlewaretoken" not in request.POST:
        return None
    files = [(name, [(one.name, _content(one)) for one in given]) for name, given in request.FILES.lists()]
    said = (request.user.pk, request.get_full_path(), sorted(request.POST.lists()), sorted(files))
    return hashlib.sha256(repr(said).encode()).hexdigest()


def _content(file: UploadedFile[Any]) -> str:
    """What is in a file, as a digest: a sheet with one figure mended is often as long as before. Left at its beginning."""
    read = hashlib.sha256()
    for piece in file.chunks():
        read.update(piece)
    file.seek(0)
    return read.hexdigest()


def _kept(request: HttpRequest, answer: HttpResponseBase | None) -> HttpResponse | None:
    """An answer that says the work is done: another page, or the part of a page that was asked for."""
    if not isinstance(answer, HttpResponse) or len(answer.content) > LARGEST:
        return None
    part = getattr(request, "htmx", False) and answer.status_code < REDIRECTS.start
    return answer if part or answer.status_code in REDIRECTS else None


def _again(request: HttpRequest, answer: HttpResponse) -> HttpResponse:
    if answer.status_code in REDIRECTS:
        messages.info(request, SAID)
    headers = {name: answer[name] for name in ("Location", "HX-Redirect", "Content-Type") if name in answer}
    return HttpResponse(answer.content, status=answer.status_code, headers=headers)
