"""The one list view: columns, live filters, sorting, pages, and the same rows as a spreadsheet."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from django.core.paginator import Page
from django.db.models import Model, OrderBy, QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from yifa.ledger.models import User
from yifa.workbench.lists.columns import Column, Filter, Shown, known
from yifa.workbench.lists.files import csv_response, sheet_response
from yifa.workbench.lists.paging import BoundedPaginator, Few
from yifa.workbench.lists.savedviews import opens_with

if TYPE_CHECKING:
    from yifa.exchange.officelayouts import Layout

M = TypeVar("M", bound=Model)
PAGE = 50


class ListPage(Generic[M]):
    """A list of rows with everything a list has. Subclasses give rows, columns and filters."""

    title = ""
    what = "条"
    template = "workbench/list.html"
    empty_text = "没有符合条件的记录。"
    default_sort: tuple[str, ...] = ()
    then_by: tuple[str, ...] = ()  # among equals
    filters: tuple[Filter, ...] = ()
    few: Few[M] | None = None

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    def rows(self) -> QuerySet[M]:
        """The rows the user may see, cut by the filters (`value`)."""
        raise NotImplementedError

    def columns(self) -> Sequence[Column[M]]:
        """The columns, left to right."""
        raise NotImplementedError

    @cached_property
    def wanted_columns(self) -> frozenset[str]:
        """The keys of the columns the user chose; empty: as the list has them."""
        return frozenset(self.request.GET.getlist("cols")) & {column.key for column in self.columns()}

    def shown_columns(self) -> list[Column[M]]:
        """The columns of the page: those chosen, and always the first, by which a row is opened."""
        first, *rest = self.columns()
        wanted = self.wanted_columns
        return [first, *(one for one in rest if (one.key in wanted if wanted else not one.sheet_only))]

    def sheet_columns(self) -> Sequence[Column[M]]:
        """The columns of the spreadsheet: those chosen; where nobody chose, all."""
        return self.shown_columns() if self.wanted_columns else self.columns()

    def extra(self) -> dict[str, Any]:
        """More context for the template."""
        return {}

    def layouts(self) -> Sequence[Layout]:
        """In which layouts of offices the list may be handed in."""
        return ()

    def laid_out(self, layout: Layout) -> HttpResponseBase:
        """The chosen rows in a layout."""
        raise NotImplementedError

    @cached_property
    def given(self) -> list[Shown]:
        """The filters with what the user chose; a value that is no choice counts as none."""
        return [
            Shown(one, known(one, choices, self.request.GET.get(one.key, "").strip()), choices)
            for one in self.filters
            for choices in [one.choices()]
        ]

    def value(self, key: str) -> str:
        """What the user chose in a filter."""
        return next((shown.value for shown in self.given if shown.filter.key == key), "")

    def conditions(self) -> list[tuple[str, str]]:
        """The filters that are set, in words, for whoever has only the printed list or the file."""
        return [(shown.filter.title, shown.chosen) for shown in self.given if shown.value]

    def sorted_by(self) -> str:
        """By which column the user sorted, in words."""
        wanted = self.request.GET.get("sort", "")
        title = next(
            (column.title for column in self.columns() if column.sort and column.key == wanted.lstrip("-")),
            "",
        )
        return title and f"{title}（{'从大到小' if wanted.startswith('-') else '从小到大'}）"

    def _about(self) -> list[tuple[str, Any]]:
        """What the file is of, who took it out, and when."""
        user = self.request.user
        who = user.display_name or user.get_username() if isinstance(user, User) else ""
        order = [("排序", self.sorted_by())] if self.sorted_by() else []
        conditions: list[tuple[str, Any]] = [*self.conditions()] or [("条件", "没有设条件，是所看到的全部")]
        return [
            ("名称", self.title),
            *conditions,
            *order,
            ("导出人", who),
            ("导出时间", timezone.localtime()),
        ]

    def chosen(self) -> QuerySet[M]:
        """The rows left by the filters, sorted."""
        return self.rows().order_by(*self.order())

    def order(self) -> tuple[str | OrderBy, ...]:
        """What to sort by: the user's column, else the default; the key last, so that pages never overlap.

        All in one direction: so an index can be read from either end.
        """
        wanted = self.request.GET.get("sort", "")
        for column in self.columns():
            if column.sort and wanted.lstrip("-") == column.key:
                then = (*(name for name in self.then_by if name not in column.sort), "pk")
                return _turned((*column.sort, *then), wanted.startswith("-"))
        down = any(name.startswith("-") for name in self.default_sort)
        return (*self.default_sort, "-pk" if down else "pk")

    def respond(self) -> HttpResponseBase:
        """The page, its table alone for a live filter, or the spreadsheet."""
        kept = opens_with(self.request)
        if kept is not None:
            return redirect(kept)
        if self.request.GET.get("format") == "xlsx":
            return self.sheet()
        if self.request.GET.get("format") == "csv":
            return self.comma_separated()
        layout = next((one for one in self.layouts() if one.layout == self.request.GET.get("layout")), None)
        if layout is not None:
            return self.laid_out(layout)
        columns = self.shown_columns()
        page = BoundedPaginator(self.chosen(), PAGE, few=self.few).get_page(self.request.GET.get("page"))
        live = getattr(self.request, "htmx", False) and self.request.headers.get("HX-Target") == "list"
        context = {
            "title": self.title,
            "page": page,
            "page_range": list(page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1)),
            "columns": columns,
            "filters": self.given,
            "filtered": any(shown.value for shown in self.given),
            "what": self.what,
            "empty_text": self.empty_text,
            "sort": self.request.GET.get("sort", ""),
            "layouts": self.layouts(),
            "all_columns": self.columns(),
            "shown": {column.key for column in columns},
            "wanted_columns": sorted(self.wanted_columns),
            "sorted_by": self.sorted_by(),
            "kept_filters": [one for one in self.given if one.value],
            **self.extra(),
        }
        context["table"] = table(page, columns)
        response = render(self.request, "workbench/parts/table.html" if live else self.template, context)
        response["Vary"] = "HX-Request"
        return response

    def comma_separated(self) -> StreamingHttpResponse:
        """All chosen rows as they come out of the database, however many: for other programs."""
        columns = self.sheet_columns()
        rows = ([column.value(row) for column in columns] for row in self.chosen().iterator(chunk_size=1000))
        return csv_response(self.title, [column.head for column in columns], rows)

    def sheet(self) -> HttpResponse | FileResponse:
        """All chosen rows as an Excel file."""
        columns = self.sheet_columns()
        rows = ([column.value(row) for column in columns] for row in self.chosen().iterator(chunk_size=1000))
        return sheet_response(self.title, [column.head for column in columns], rows, self._about())


def table(page: Page[M], columns: Sequence[Column[M]]) -> list[tuple[M, list[tuple[Column[M], Any]]]]:
    """Rows with their cells, so that the template only draws."""
    return [(row, [(column, column.said(row)) for column in columns]) for row in page]


def _turned(order: tuple[str, ...], down: bool) -> tuple[str, ...]:
    if not down:
        return order
    return tuple(one[1:] if one.startswith("-") else f"-{one}" for one in order)
