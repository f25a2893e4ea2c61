"""How much one may ask of the check-up at once, and what those without an account may ask in ten minutes."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.http import HttpRequest

from yifa.law.errors import YifaError
from yifa.ledger.installation.options import Open, is_open
from yifa.workbench.rights.recent import recently

MEGABYTE = 1024 * 1024
AT_ONCE, WAITING, PATIENCE = 2, 4, 20.0  # checks that run, checks that run or wait, seconds of waiting

_running = threading.BoundedSemaphore(AT_ONCE)
_admitted = threading.BoundedSemaphore(WAITING)


@dataclass(frozen=True, slots=True)
class Limits:
    """Of one check-up; `recent_*` of all within ten minutes from one address."""

    files: int
    megabytes: int
    characters: int
    seconds: float
    recent_files: int = 0
    recent_megabytes: int = 0


SIGNED_IN = Limits(files=100, megabytes=100, characters=4_000_000, seconds=90.0)
OPEN = Limits(
    files=50, megabytes=50, characters=2_000_000, seconds=45.0, recent_files=300, recent_megabytes=200
)


class TooMuchError(YifaError):
    """More than the limits allow; `status` is the answer's HTTP status."""

    def __init__(self, message: str, status: int = 422) -> None:
        super().__init__(message, code="too_much")
        self.status = status


def limits_of(request: HttpRequest) -> Limits:
    """What holds for the one who asks."""
    return SIGNED_IN if request.user.is_authenticated else OPEN


def may_check(request: HttpRequest) -> bool:
    """Whether the check-up is open to the one who asks."""
    return request.user.is_authenticated or is_open(Open.CHECK)


def count_recent(request: HttpRequest, files: int, size: int) -> None:
    """Counts what an address without account asked for; refuses beyond the limit of ten minutes."""
    limits = limits_of(request)
    if not limits.recent_files:
        return
    for what, amount, most in (
        ("check-files", files, limits.recent_files),
        ("check-bytes", size, limits.recent_megabytes * MEGABYTE),
    ):
        if recently(request, what, amount) > most:
            raise TooMuchError(
                f"不登录的体检，同一地址10分钟内最多检查{limits.recent_files}个文件、"
                f"{limits.recent_megabytes} MB，已经达到。请稍后再试，或者登录后检查。",
                status=429,
            )


@contextmanager
def turn() -> Iterator[None]:
    """A turn at the work; refuses rather than letting a long queue form."""
    busy = TooMuchError("现在检查的人较多，没有排上。请过半分钟再试，选好的文件不会丢失。", status=503)
    if not _admitted.acquire(blocking=False):
        raise busy
    try:
        if not _running.acquire(timeout=PATIENCE):
            raise busy
        try:
            yield
        finally:
            _running.release()
    finally:
        _admitted.release()
