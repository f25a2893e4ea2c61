"""Who may open the check-up, and whose check-up it is."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from yifa.ledger.models import User
from yifa.workbench.checkups.kept import OLDEST, CheckUp, kept
from yifa.workbench.checkups.limits import may_check

COOKIE = "yifa-check"
P = ParamSpec("P")


def for_checkers(
    view: Callable[Concatenate[HttpRequest, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Asks to sign in where the check-up is not open to everybody; keeps answers out of caches."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not may_check(request):
            return redirect_to_login(request.get_full_path())
        response = view(request, *args, **kwargs)
        response.headers["Cache-Control"] = "no-store, private"
        response.headers["X-Robots-Tag"] = "noindex"
        return response

    return guarded


def user_id(request: HttpRequest) -> int | None:
    """Who is signed in."""
    return request.user.pk if isinstance(request.user, User) else None


def browser_of(request: HttpRequest) -> str:
    """The browser's own secret, made where it has none."""
    given: str = request.COOKIES.get(COOKIE, "")
    return given if len(given) >= 24 else secrets.token_urlsafe(24)


def remember(request: HttpRequest, response: HttpResponse, browser: str) -> HttpResponse:
    """Give the browser its secret; it lives as long as the oldest check-up."""
    response.set_cookie(
        COOKIE, browser, max_age=int(OLDEST), httponly=True, samesite="Lax", secure=request.is_secure()
    )
    return response


def find(request: HttpRequest, token: str) -> CheckUp | None:
    """The check-up at an address, for those who made it."""
    return kept.find(token, request.COOKIES.get(COOKIE, ""), user_id(request))


def gone(request: HttpRequest) -> HttpResponse:
    """What stands where a check-up was."""
    context = {
        "code": 404,
        "title": "体检结果已清除",
        "message": "体检结果只在服务器内存里放一会儿：半小时没有人看就清除，服务重启也清除；换了浏览器或退出登录也看不到。",
        "mend": "请重新检查一次，几秒钟就好。",
    }
    return render(request, "workbench/error.html", context, status=404)
