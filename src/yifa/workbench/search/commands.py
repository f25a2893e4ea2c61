"""What can be reached by a few keys: pages, new cases, registers, kept views."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse

from yifa.law.loader import catalogue
from yifa.ledger.models import Organization
from yifa.ledger.models.scoping import remember_units
from yifa.workbench.lists.savedviews import page_title
from yifa.workbench.models import SavedView
from yifa.workbench.rights.access import SignedInRequest, administers, has_role, units_that_open
from yifa.workbench.rights.navigation import navigation
from yifa.workbench.rights.permits import PERMITS

BESIDES = (  # what the side bar does not lead to
    ("等我办的", "waiting"),
    ("新建事项", "new_case"),
    ("全年一览", "year"),
    ("工作日历", "calendar"),
    ("口径字典", "dictionary"),
    ("文书模板", "document_templates"),
)
FOR_ALL = (
    ("我的视图", "saved_views"),
    ("我的账号", "account"),
    ("代理", "delegations"),
    ("谁可以做什么", "powers"),
)


@dataclass(frozen=True, slots=True)
class Command:
    """One line: what it does, what kind it is, where it leads."""

    title: str
    kind: str
    url: str


def commands(request: SignedInRequest) -> list[Command]:
    """Everything the user can go to."""
    return [*_pages(request), *_views(request), *_cases(request), *_registers(request)]


def _pages(request: HttpRequest) -> list[Command]:
    user = request.user
    named = FOR_ALL if administers(user) else (*BESIDES, *FOR_ALL)  # type: ignore[arg-type]  # signed in
    allowed = [(title, name) for title, name in named if _opens(request, name)]
    bar = [Command(item.title, "打开", item.url) for item in navigation(request)["side_bar"]]
    return bar + [Command(title, "打开", reverse(name)) for title, name in allowed]


def _opens(request: HttpRequest, name: str) -> bool:
    needs = PERMITS[name].opens
    return not needs.roles or has_role(request.user, needs.roles)


def _views(request: SignedInRequest) -> list[Command]:
    kept = SavedView.objects.filter(user=request.user)
    return [Command(f"{one.name}（{page_title(one.page)}）", "我的视图", one.url) for one in kept]


def _cases(request: SignedInRequest) -> list[Command]:
    if administers(request.user):
        return []
    remember_units(request.user)
    seen = list(Organization.objects.for_user(request.user))
    return [
        Command(kind.title, "新建", reverse("open_case", args=[name]))
        for name, kind in catalogue().case_types.items()
        if units_that_open(request.user, kind, seen)
    ]


def _registers(request: SignedInRequest) -> list[Command]:
    if administers(request.user):
        return []
    kinds = catalogue().registers.items()
    return [Command(kind.title, "清单", reverse("register", args=[name])) for name, kind in kinds]
