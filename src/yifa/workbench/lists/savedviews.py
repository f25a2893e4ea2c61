"""Lists with their filters, kept under a name: which pages offer it, what is kept, and what a list opens with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import ParamSpec
from urllib.parse import unquote

from django.db import transaction
from django.http import HttpRequest, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import Resolver404, resolve

from yifa.law.errors import YifaError
from yifa.law.loader import catalogue
from yifa.ledger.models import User
from yifa.workbench.models import SavedView

Asked = ParamSpec("Asked")
PAGES = {
    "cases": "事项台账",
    "register": "清单名录",
    "clocks": "时限日历",
    "search": "搜索",
    "figures": "数字",
    "gaps": "缺口清单",
    "draws": "监督检查",
}
NOT_KEPT = ("page", "format", "view", "csrfmiddlewaretoken")  # where one is in a list is no part of a view
# `?view=all` opens a list without the view it opens with otherwise
LONGEST_NAME, LONGEST_QUERY, MOST = 40, 1000, 50


class ViewRefusedError(YifaError):
    """A view that cannot be kept."""

    code = "view"


@dataclass(frozen=True, slots=True)
class Offered:
    """What a page offers of views: those kept of it, the one that is open, what would be kept now."""

    page: str
    query: str
    views: tuple[SavedView, ...]
    opened: SavedView | None


def kept_query(query: str) -> str:
    """What of an address is kept: no empty values, no place in the list; in one order, so that two can be compared."""
    given = QueryDict(query.lstrip("?"), mutable=True)
    for name in list(given):
        values = [value for value in given.getlist(name) if value.strip()]
        if name in NOT_KEPT or not values:
            del given[name]
        else:
            given.setlist(name, values)
    ordered = QueryDict(mutable=True)
    for name in sorted(given):
        ordered.setlist(name, given.getlist(name))
    return ordered.urlencode()


def page_title(page: str) -> str:
    """What a list is called; "" where it is none whose views are kept."""
    try:
        found = resolve(unquote(page))
    except Resolver404:
        return ""
    register = catalogue().registers.get(str(found.kwargs.get("register", "")))
    return register.title if register is not None else PAGES.get(found.url_name or "", "")


def offered(request: HttpRequest) -> Offered | None:
    """The views of the page that is asked for; None where it is no list whose views are kept."""
    if not page_title(request.path):
        return None
    query = kept_query(request.META.get("QUERY_STRING", ""))
    views = _kept(request)
    return Offered(request.path, query, views, next((one for one in views if one.query == query), None))


def opens_with(request: HttpRequest) -> str | None:
    """The address a list opens with where its own says nothing else; None: as it is."""
    if request.method != "GET" or request.META.get("QUERY_STRING"):
        return None
    return next((one.url for one in _kept(request) if one.chosen), None)


def _kept(request: HttpRequest) -> tuple[SavedView, ...]:
    """The user's views of the page, asked for once a request."""
    known: tuple[SavedView, ...] | None = getattr(request, "kept_views", None)
    if known is None:
        known = tuple(SavedView.objects.filter(user_id=request.user.pk or 0, page=request.path))
        request.kept_views = known  # type: ignore[attr-defined]  # of one request
    return known


def opens_as_kept(view: Callable[Asked, HttpResponseBase]) -> Callable[Asked, HttpResponseBase]:
    """As lists do: lets another page open with the view chosen for it."""

    @wraps(view)
    def opened(*asked: Asked.args, **named: Asked.kwargs) -> HttpResponseBase:
        request = asked[0]
        assert isinstance(request, HttpRequest)  # noqa: S101 - a view is asked with one
        url = opens_with(request)
        return view(*asked, **named) if url is None else redirect(url)

    return opened


def save_view(user: User, page: str, name: str, query: str, *, chosen: bool) -> SavedView:
    """Keeps a list with its filters; one of the same name takes these.

    Raises:
        ViewRefusedError: no name, no filter, no list, or too many views.
    """
    query = kept_query(query)
    if not page_title(page):
        raise ViewRefusedError("这个页面不能存为视图。请在事项台账、清单或者其他带筛选条件的列表里保存。")
    if not query:
        raise ViewRefusedError("还没有筛选条件。请先设好条件，再保存为视图。")
    if len(query) > LONGEST_QUERY:
        raise ViewRefusedError("筛选条件太长，不能保存。请去掉一些条件。")
    name = _named(name)
    with transaction.atomic():
        mine = SavedView.objects.filter(user=user)
        if mine.count() >= MOST and not mine.filter(page=page, name=name).exists():
            raise ViewRefusedError(f"最多保存 {MOST} 个视图。请先在“我的视图”里删去不用的。")
        kept, _ = SavedView.objects.update_or_create(
            user=user, page=page, name=name, defaults={"query": query}
        )
        if chosen:
            choose(kept, chosen=True)
    return kept


def rename(view: SavedView, name: str) -> None:
    """Gives a view another name.

    Raises:
        ViewRefusedError: no name, or another view of the list has it.
    """
    name = _named(name)
    if SavedView.objects.filter(user=view.user, page=view.page, name=name).exclude(pk=view.pk).exists():
        raise ViewRefusedError(f"这个列表已有名为“{name}”的视图。请换一个名称。")
    view.name = name
    view.save(update_fields=["name", "saved_at"])


def choose(view: SavedView, *, chosen: bool) -> None:
    """Lets the list open with this view, or no longer."""
    with transaction.atomic():
        SavedView.objects.filter(user=view.user, page=view.page, chosen=True).update(chosen=False)
        view.chosen = chosen
        view.save(update_fields=["chosen"])


def _named(name: str) -> str:
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_NAME:
        raise ViewRefusedError(f"视图的名称应为一至{LONGEST_NAME}个字，例如“本周到期的信息公开”。")
    return name
