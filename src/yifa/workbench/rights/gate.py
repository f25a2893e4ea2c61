"""The gate before every page: who is signed in, how long ago they were seen, and what the page declares."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from yifa.ledger.models import User
from yifa.ledger.models.scoping import remembered
from yifa.ledger.people.needs import Reach
from yifa.workbench.rights.access import require_role
from yifa.workbench.rights.permits import PERMITS
from yifa.workbench.rights.signing import left_alone

BEFORE_A_NEW_PASSWORD = {"account", "logout"}


class Gate:
    """Middleware: refuses a page that declares nothing, whoever lacks all its roles, and a session left alone."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The rest is done once it is known which page is wanted."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """Asks before the view does."""
        name = request.resolver_match.url_name if request.resolver_match else None
        permit = PERMITS.get(name or "")
        if permit is None:
            raise PermissionDenied("这个页面没有声明谁可以打开，已拒绝。请告知系统管理员。")
        needs = permit.of(request.method or "GET")
        request.needs = needs  # type: ignore[attr-defined] # read by `require_here`
        user = request.user
        if isinstance(user, User) and user.is_authenticated:
            if left_alone(request):
                logout(request)
                minutes = settings.IDLE_SECONDS // 60
                messages.info(request, f"超过 {minutes} 分钟没有操作，已自动退出，请重新登录。")
                return redirect_to_login(request.get_full_path())
            remembered(user)  # asked once a request; what is seen goes by it
            if user.must_change and name not in BEFORE_A_NEW_PASSWORD:
                return redirect("account")
            if needs.reach in {Reach.HERE, Reach.ANYWHERE}:
                require_role(user, needs.roles)
            return None
        return None if needs.reach is Reach.PUBLIC else redirect_to_login(request.get_full_path())
