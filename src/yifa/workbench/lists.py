"""The one list view: columns, live filters, sorting, pages, and the same rows as a spreadsheet."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast

from django.contrib.auth.models import AnonymousUser
from django.core.paginator import Page, Paginator
from django.db.models import Model, OrderBy, QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from yifa.ledger.models import Organization, User
from yifa.ledger.people.pinyin import units_by_sound
from yifa.ledger.search.ordering import is_narrowed, keys_between
from yifa.workbench.listfiles import csv_response, sheet_response
from yifa.workbench.savedviews import opens_with

if TYPE_CHECKING:
    from yifa.exchange.officelayouts import Layout

M = TypeVar("M", bound=Model)
Choices = Sequence[tuple[str, str]]
PAGE = 50
MOST = 10_000  # rows a list counts and turns pages through; whoever has more to look at narrows it down
EARLIEST, LATEST = date(1900, 1, 1), date(2200, 12, 31)
FAR = 1000  # rows skipped from which on they are skipped in the index


@dataclass(frozen=True)
class Column(Generic[M]):
    """One column. `value` goes into the spreadsheet and, unless `part` names a template, onto the page."""

    key: str
    title: str
    value: Callable[[M], Any]
    sort: tuple[str, ...] = ()  # order_by when sorted upwards
    part: str | None = None
    css: str = ""
    sheet_only: bool = False


@dataclass(frozen=True, slots=True)
class Filter:
    """One filter of the bar. What it means is said by the list's `rows`."""

    key: str
    title: str
    kind: str  # search | choice | date | tick
    choices: Callable[[], Choices] = field(default=lambda: ())


def as_day(text: str) -> date | None:
    """A date from the address line, or None; one of another age, as only hands write it, is none."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if EARLIEST <= day <= LATEST else None


@dataclass(frozen=True, slots=True)
class Shown:
    """A filter as the template draws it."""

    filter: Filter
    value: str
    choices: Choices

    @property
    def said(self) -> str:
        """What was chosen, as a printed page says it."""
        return self.filter.title if self.filter.kind == "tick" else f"{self.filter.title}：{self.chosen}"

    @property
    def chosen(self) -> str:
        """The value in words."""
        return "是" if self.filter.kind == "tick" else dict(self.choices).get(self.value, self.value)


@dataclass(frozen=True, slots=True)
class Few(Generic[M]):
    """What words find: so few rows, and so slowly found, that they are looked for once, not to be counted and again.

    `seen`: all rows the user may see; `keys`: of those found, in order, where they are known already.
    """

    seen: QuerySet[M]
    keys: Sequence[Any] | None = None

    def rows(self, keys: Sequence[Any]) -> list[M]:
        """The rows of these keys, in their order."""
        known = self.seen.in_bulk(keys)
        return [known[key] for key in keys if key in known]


class BoundedPaginator(Paginator):  # type: ignore[type-arg]  # no parameters at run time
    """Pages over the first rows of a list. `more`: there are more than are counted; `count` is then what is shown."""

    def __init__(self, rows: Any, per_page: int, *, few: Few[Any] | None = None) -> None:
        super().__init__(rows, per_page)
        self.few = few

    @cached_property
    def _keys(self) -> Sequence[Any]:
        if self.few is not None and self.few.keys is not None:
            return self.few.keys
        rows = cast("QuerySet[Any]", self.object_list)
        return list(rows.values_list("pk", flat=True)[: MOST + 1])

    @cached_property
    def _known(self) -> int:
        if self.few is not None:
            return len(self._keys)
        rows = cast("QuerySet[Any]", self.object_list).order_by()
        return rows.values("pk")[: MOST + 1].count()

    @property
    def more(self) -> bool:
        """Whether there are more rows than pages lead to."""
        return self._known > MOST

    def page(self, number: Any) -> Page[Any]:
        """The page. One far behind, or of many rows sorted, is found in the index first: of what is skipped no row is read."""
        found = super().page(number)
        rows: Any = self.object_list
        first = found.start_index() - 1
        if self.few is not None:
            found.object_list = self.few.rows(self._keys[max(first, 0) : found.end_index()])
            return found
        if not isinstance(rows, QuerySet) or not (first >= FAR or is_narrowed(rows, self._known)):
            return found
        found.object_list = rows.filter(pk__in=keys_between(rows, max(first, 0), found.end_index()))
        return found

    @cached_property
    def count(self) -> int:
        """The rows pages lead to."""
        return min(self._known, MOST)


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
            Shown(one, _known(one, choices, self.request.GET.get(one.key, "").strip()), choices)
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
        return csv_response(self.title, [column.title for column in columns], rows)

    def sheet(self) -> HttpResponse | FileResponse:
        """All chosen rows as an Excel file."""
        columns = self.sheet_columns()
        rows = ([column.value(row) for column in columns] for row in self.chosen().iterator(chunk_size=1000))
        return sheet_response(self.title, [column.title for column in columns], rows, self._about())


def unit_choices(user: User | AnonymousUser) -> Choices:
    """The units somebody sees, by their names."""
    return [(unit.code, unit.name) for unit in units_by_sound(Organization.objects.for_user(user))]


def _known(one: Filter, choices: Choices, value: str) -> str:
    if one.kind == "choice" and value not in {key for key, _ in choices}:
        return ""
    return "" if one.kind == "date" and as_day(value) is None else value


def table(page: Page[M], columns: Sequence[Column[M]]) -> list[tuple[M, list[tuple[Column[M], Any]]]]:
    """Rows with their cells, so that the template only draws."""
    return [(row, [(column, column.value(row)) for column in columns]) for row in page]


def _turned(order: tuple[str, ...], down: bool) -> tuple[str, ...]:
    if not down:
        return order
    return tuple(one[1:] if one.startswith("-") else f"-{one}" for one in order)
