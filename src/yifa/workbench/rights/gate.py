"""The gate before every page: who is signed in, how long ago they were seen, and what the page declares."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from yifa.ledger.models import User
from yifa.ledger.models.scoping import remembered
from yifa.ledger.people.needs import Reach
from yifa.workbench.forms import kept
from yifa.workbench.rights.access import require_role
from yifa.workbench.rights.permits import PERMITS
from yifa.workbench.rights.signing import left_alone

KEPT = "刚才填写的内容没有提交，已替您留着：一小时内由本人在这里重新登录，就会放回表单。附件要重新选择。"
LONGEST = 40_000  # bytes of an address after its question mark: a database looks for no longer words
BEFORE_A_NEW_PASSWORD = {"account", "logout"}


class AddressTooLong(BadRequest):
    """What stands after the question mark of an address is more than any page sends."""


class Gate:
    """Middleware: refuses a page that declares nothing, whoever lacks all its roles, and a session left alone."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """The rest is done once it is known which page is wanted; what was typed before a session ended is put back."""
        return kept.settled(request, self.get_response(request))

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """Asks before the view does."""
        name = request.resolver_match.url_name if request.resolver_match else None
        permit = PERMITS.get(name or "")
        if permit is None:
            raise PermissionDenied("这个页面没有声明谁可以打开，已拒绝。请告知系统管理员。")
        if len(request.META.get("QUERY_STRING", "")) > LONGEST:
            raise AddressTooLong("网页地址过长，没有查找。")
        needs = permit.of(request.method or "GET")
        request.needs = needs  # type: ignore[attr-defined] # read by `require_here`
        user = request.user
        if isinstance(user, User) and user.is_authenticated:
            if left_alone(request):
                logout(request)
                minutes = settings.IDLE_SECONDS // 60
                messages.info(request, f"超过 {minutes} 分钟没有操作，已自动退出，请重新登录。")
                return to_the_door(request, user.pk)
            remembered(user)  # asked once a request; what is seen goes by it
            if user.must_change and name not in BEFORE_A_NEW_PASSWORD:
                return redirect("account")
            if needs.reach in {Reach.HERE, Reach.ANYWHERE}:
                require_role(user, needs.roles)
            return None
        return None if needs.reach is Reach.PUBLIC else to_the_door(request, kept.who_was(request))


def to_the_door(request: HttpRequest, was: int | None) -> HttpResponse:
    """To the sign-in page, which leads back. `was`: whose session has ended; what they had just sent is kept for them."""
    page = request.get_full_path() if was is None else kept.keep(request, was)
    if was is not None and request.method == "POST" and kept.is_kept(request):
        messages.warning(request, KEPT)
    door = redirect_to_login(page)
    if getattr(request, "htmx", False):
        return HttpResponse(headers={"HX-Redirect": door.url})
    return door
