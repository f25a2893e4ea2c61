"""What all pages of this room ask first: whose, of when, and whether all that changed has been read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.utils import timezone

from yifa.law.loader import catalogue
from yifa.ledger.models import Organization
from yifa.ledger.process import keeping
from yifa.ledger.process.happened import Span, units_below
from yifa.workbench.figures.scope import Scope, scope_of
from yifa.workbench.rights.access import SignedInRequest

READING = 2.0  # seconds a page reads on what changed
TABS = (
    ("process", "办理过程"),
    ("process_clocks", "时限守住和超过"),
    ("process_outliers", "用时异常"),
    ("idle_units", "零办件单位"),
    ("amendments", "补录和更正"),
)


@dataclass(frozen=True)
class Asked:
    """Whose steps, of when; `whole`: nothing waits to be read."""

    scope: Scope
    today: date
    whole: bool

    @cached_property
    def span(self) -> Span:
        """The same for the ledger."""
        return Span(units_below(self.scope.unit), self.scope.start, self.scope.end)

    @property
    def link(self) -> str:
        """The unit and the period as they stand in an address."""
        return urlencode({"unit": self.scope.unit.code, "from": self.scope.start, "to": self.scope.end})

    def context(self, title: str, tab: str) -> dict[str, Any]:
        """What every page of the room shows."""
        return {
            "title": title,
            "asked": self,
            "scope": self.scope,
            "today": self.today,
            "tabs": TABS,
            "tab": tab,
            "file_title": f"{title}（{self.scope.unit.name}{self.scope.start:%Y%m%d}至{self.scope.end:%Y%m%d}）",
        }


def asked(request: SignedInRequest) -> Asked:
    """From the address line. What changed since the last page is read now, as long as nobody waits for it long."""
    scope = scope_of(request, request.user)
    return Asked(scope, timezone.localdate(), keeping.refresh(READING))


def kind_title(kind: str) -> str:
    """The name of a procedure or register."""
    law = catalogue()
    known = law.case_types.get(kind) or law.registers.get(kind)
    return known.title if known else kind


def act_title(kind: str, act: str) -> str:
    """The name of an act; of nothing, the beginning."""
    if not act:
        return "（开始）"
    known = catalogue().case_types.get(kind)
    return known.acts[act].title if known and act in known.acts else act


def clock_title(kind: str, clock: str) -> str:
    """The name of a clock."""
    known = catalogue().case_types.get(kind)
    return known.clocks[clock].title if known and clock in known.clocks else clock


def units_under(unit: Organization) -> dict[int, Organization]:
    """Each unit at or below one, with the one right below it (or itself) under which it is told."""
    every = list(Organization.objects.below(unit).order_by("path"))
    children = {one.path: one for one in every if one.parent_id == unit.pk}
    found = {}
    for one in every:
        if one.pk == unit.pk:
            found[one.pk] = unit
            continue
        rest = one.path[len(unit.path) :].split("/", 1)[0]
        found[one.pk] = children.get(f"{unit.path}{rest}/", one)
    return found
