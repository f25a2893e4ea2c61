"""All registers, and the entries of one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from yifa.exchange.layingout import entry_lines
from yifa.exchange.officelayouts import Layout, layouts_of
from yifa.law.loader import catalogue
from yifa.law.schema import FieldSpec, FieldType, RegisterType
from yifa.ledger.actions.entries import KEEPERS
from yifa.ledger.legal import no_power
from yifa.ledger.models import Entry, Organization, User
from yifa.ledger.search.queries import ended, entries, in_force, to_come
from yifa.workbench.lists import Choices, Column, Filter, ListPage, unit_choices
from yifa.workbench.lists.columns import as_day
from yifa.workbench.lists.domains import by_domain
from yifa.workbench.lists.laidout import office_response, period_between
from yifa.workbench.rights.access import SignedInRequest, has_role, home_organization
from yifa.workbench.templatetags.yifa import shown

MOST_COLUMNS = 6
TO_COME = "尚未生效"
LONG = {FieldType.LONG_TEXT, FieldType.LIST}


@login_required
def registers(request: SignedInRequest) -> HttpResponse:
    """Every register with how many entries stand in it today."""
    home = home_organization(request.user)
    seen = Entry.objects.for_user(request.user)
    all_, valid = (_numbers(found) for found in (seen, in_force(seen, timezone.localdate())))
    rows = [
        (one, all_.get(name, 0), valid.get(name, 0), no_power(home.level, register=name) if home else None)
        for name, one in catalogue().registers.items()
    ]
    groups = by_domain(rows, lambda row: row[0].domain)
    return render(request, "workbench/registers/registers.html", {"title": "清单名录", "groups": groups})


def _numbers(found: QuerySet[Entry]) -> dict[str, int]:
    """How many entries of each register."""
    return dict(found.order_by().values_list("register").annotate(Count("pk")))


def may_keep(user: User, organization: Organization | None = None) -> bool:
    """Whether the user keeps registers, there or anywhere."""
    return has_role(user, KEEPERS, organization)


def standing_of(entry: Entry, register: RegisterType) -> str:
    """Whether an entry is in force today, in the words of its register."""
    today = timezone.localdate()
    if entry.withdrawn:
        return "已撤下"
    if entry.ends is not None and entry.ends < today:
        return register.ended_label
    return TO_COME if entry.begins is not None and entry.begins > today else register.in_force_label


def _of_field(name: str, spec: FieldSpec, *, hidden: bool) -> Column[Entry]:
    """A field: in files days as days and numbers as numbers, the unit above them."""

    def words(row: Entry) -> str:
        return shown(row.data.get(name), spec) if name in row.data else ""

    def value(row: Entry) -> Any:
        held = row.data.get(name)
        if spec.type is FieldType.DATE:
            return as_day(held or "") or words(row)
        return held if isinstance(held, int | float) and not isinstance(held, bool) else words(row)

    unit = "元" if spec.type is FieldType.MONEY else spec.unit if spec.type is FieldType.NUMBER else ""
    title = f"{spec.title}（{unit}）" if unit and unit not in spec.title else ""
    css = "fit" if spec.type is FieldType.DATE else ""
    return Column(f"f_{name}", spec.title, value, css=css, sheet_only=hidden, words=words, sheet_title=title)


class EntryList(ListPage[Entry]):
    """The entries of one register."""

    template = "workbench/registers/register.html"
    default_sort = ("key",)

    def __init__(self, request: HttpRequest, register: RegisterType) -> None:
        super().__init__(request)
        self.register = register
        self.title, self.what = register.title, register.unit
        self.states: Choices = (
            ("in_force", register.in_force_label),
            *((("ending", f"{register.remind_days}日内到期"),) if register.remind_days else ()),
            *((("to_come", TO_COME),) if register.begins else ()),
            *((("ended", register.ended_label),) if register.ends else ()),
            ("withdrawn", "已撤下"),
        )
        self.filters = (
            Filter("q", "名称或编号", "search"),
            Filter("unit", "单位（含下级）", "choice", self.units),
            Filter("state", "状态", "choice", lambda: self.states),
        )

    def units(self) -> Choices:
        """The units the user sees."""
        return unit_choices(self.request.user)

    def rows(self) -> QuerySet[Entry]:
        """The entries the user may see that answer the filters."""
        unit = self.value("unit")
        organization = Organization.objects.get(code=unit) if unit else None
        found = entries(self.request.user, self.register.register_, self.value("q"), organization)
        today, state = timezone.localdate(), self.value("state")
        if state == "in_force":
            return in_force(found, today)
        if state == "ending":
            until = today + timedelta(days=self.register.remind_days or 0)
            return found.filter(withdrawn=False, ends__range=(today, until))
        if state == "to_come":
            return to_come(found, today)
        if state == "ended":
            return ended(found, today)
        return found.filter(withdrawn=True) if state == "withdrawn" else found

    def columns(self) -> Sequence[Column[Entry]]:
        """Title, key, the first short fields, whose it is, whether it is in force."""
        register = self.register
        named = {register.key, register.title_field}
        columns = [
            Column[Entry](
                "title",
                register.fields[register.title_field].title,
                lambda row: row.title,
                ("title",),
                "workbench/registers/cell_title.html",
                "y-rest",
            )
        ]
        if register.key != register.title_field:
            columns.append(
                Column("key", register.fields[register.key].title, lambda row: row.key, ("key",), css="fit")
            )
        says_unit = any(spec.type is FieldType.ORGANIZATION for spec in register.fields.values())
        on_page = self._on_page(MOST_COLUMNS - len(columns))
        for name, spec in register.fields.items():
            if name not in named:
                columns.append(_of_field(name, spec, hidden=name not in on_page))
        columns += [
            Column(
                "unit",
                "登记单位" if says_unit else "单位",
                lambda row: row.organization.name,
                ("organization__path",),
                css="fit",
                sheet_only=says_unit,
            ),
            Column("version", "版本", lambda row: row.version, ("version",), css="num fit y-spare"),
            Column("state", "状态", lambda row: standing_of(row, register), ("withdrawn", "ends"), css="fit"),
        ]
        return columns

    def _on_page(self, room: int) -> set[str]:
        """The fields with a column on the page: whose it is, until when a term runs, then the first short ones."""
        register = self.register
        short = {
            name: spec
            for name, spec in register.fields.items()
            if name not in {register.key, register.title_field} and spec.type not in LONG
        }
        first = [name for name, spec in short.items() if spec.type is FieldType.ORGANIZATION][:1]
        first += [str(register.ends)] if register.renews else []
        return set(list(dict.fromkeys([*first, *short]))[:room])

    def layouts(self) -> Sequence[Layout]:
        """Those of the register."""
        return layouts_of(f"register:{self.register.register_}")

    def laid_out(self, layout: Layout) -> HttpResponseBase:
        """The chosen entries as an office hands them in."""
        lines = entry_lines(layout, self.chosen().iterator(chunk_size=1000))
        unit = home_organization(self.request.user) if isinstance(self.request.user, User) else None
        return office_response(layout, lines, unit, period_between(None, None), self.what)

    def extra(self) -> dict[str, Any]:
        """What the register is."""
        user = self.request.user
        return {
            "register": self.register,
            "may_keep": isinstance(user, User) and may_keep(user),
            "choosing": "entry" if self.register.renews and isinstance(user, User) and may_keep(user) else "",
            "crumbs": [("清单名录", reverse("registers"))],
        }


@login_required
def register(request: SignedInRequest, register: str) -> HttpResponseBase:
    """The entries of one register."""
    found = catalogue().registers.get(register)
    if found is None:
        raise Http404
    return EntryList(request, found).respond()
