"""Deadlines kept and broken: by procedure, unit, step and cause."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from yifa.law.loader import catalogue
from yifa.ledger.models import TermRun
from yifa.ledger.process.happened import (
    Broken,
    Kept,
    broken_ones,
    kept,
)
from yifa.ledger.process.rows import TermKey
from yifa.workbench.lists.files import sheet_response
from yifa.workbench.lists.savedviews import opens_as_kept
from yifa.workbench.rights.access import SignedInRequest
from yifa.workbench.views.process.asked import (
    Asked,
    act_title,
    asked,
    clock_title,
    kind_title,
    units_under,
)

FIRST = 15  # lines of a table before the others are folded
STILL, UNKNOWN = "still", "0"  # causes beside the signs
CAUSES: tuple[tuple[str, str], ...] = (
    (STILL, "已经超期，仍未办理"),
    *((str(int(sign)), sign.label) for sign in TermRun.Sign),
    (UNKNOWN, "台账里看不出原因"),
)
K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a table; `link` opens the broken ones."""

    title: str
    kept: Kept
    link: str
    about: str = ""


def _added(rows: Iterable[tuple[K, Kept]]) -> dict[K, Kept]:
    found: dict[K, Kept] = {}
    for key, one in rows:
        found[key] = found.get(key, Kept()).plus(one)
    return found


def _worst(lines: Iterable[Line]) -> list[Line]:
    return sorted(lines, key=lambda one: (-one.kept.broken, -one.kept.kept, one.title))


class _Tables:
    """The tables of the page, of all procedures or of one."""

    def __init__(self, ask: Asked, kind: str) -> None:
        self.ask, self.kind = ask, kind
        self.units = units_under(ask.scope.unit)
        every = kept(ask.span, ask.today)
        self.counts = {key: one for key, one in every.items() if kind in {"", key[0][0]}}
        self.kinds = sorted({term[0] for term, _ in every}, key=kind_title)
        self.broken = [one for one in broken_ones(ask.span, ask.today) if kind in {"", one.term[0]}]

    def link(self, **more: Any) -> str:
        """The broken ones, narrowed."""
        chosen = {"type": self.kind} | more
        given = {key: value for key, value in chosen.items() if value != ""}
        own = {"unit": self.ask.scope.unit.code, "from": self.ask.scope.start, "to": self.ask.scope.end}
        return f"{reverse('broken_clocks')}?{urlencode(own | given)}"

    @cached_property
    def total(self) -> Kept:
        """All of them."""
        return _added(("", one) for one in self.counts.values()).get("", Kept())

    def by_clock(self) -> list[Line]:
        """By procedure and clock."""
        found = _added((term, one) for (term, _), one in self.counts.items())
        return _worst(
            Line(clock_title(*term), one, self.link(type=term[0], clock=term[1]), _about(term)) for term, one in found.items()
        )  # fmt: skip

    def by_unit(self) -> list[Line]:
        """By the units right below the one asked about, each with all below it."""
        own = self.ask.scope.unit
        found = _added((self.units.get(unit, own), one) for (_, unit), one in self.counts.items())
        return _worst(
            Line(
                f"{unit.name}（本级）" if unit == own and len(found) > 1 else unit.name,
                one,
                self.link(unit=unit.code, own="1") if unit == own and len(found) > 1 else self.link(unit=unit.code),
            )
            for unit, one in found.items()
        )  # fmt: skip

    def by_step(self) -> list[Line]:
        """By where the most time went, or the case still waits, with who does that step."""
        found = _added((one.edge, Kept(broken=one.many)) for one in self.broken if one.edge is not None)
        return _worst(
            Line(
                f"{act_title(edge[0], edge[1])} → {act_title(edge[0], edge[2])}",
                one,
                self.link(type=edge[0], source=edge[1] or "-", target=edge[2]),
                f"{kind_title(edge[0])} · {doers(edge[0], edge[2])}",
            )
            for edge, one in found.items()
        )

    def by_cause(self) -> list[Line]:
        """By what the ledger can say; one clock may stand under several."""
        return [
            Line(title, Kept(broken=many), self.link(cause=key))
            for key, title in CAUSES
            for many in [sum(one.many for one in self.broken if _caused(one, key))]
            if many
        ]


def _caused(one: Broken, cause: str) -> bool:
    if cause == STILL:
        return one.still
    return bool(one.signs & int(cause)) if cause != UNKNOWN else not one.signs and not one.still


def _about(term: TermKey) -> str:
    kind = catalogue().case_types.get(term[0])
    clock = kind.clocks.get(term[1]) if kind else None
    promised = " · 本单位承诺的时限" if clock is not None and clock.promise else ""
    return f"{kind_title(term[0])}{promised}"


def doers(kind: str, act: str) -> str:
    """Who does an act: the roles the catalogue names, or the party."""
    from yifa.workbench.templatetags.yifa import role

    known = catalogue().case_types.get(kind)
    found = known.acts.get(act) if known else None
    if found is None:
        return ""
    return found.party or "、".join(role(one) for one in found.by) or role("officer")


def _first(lines: Sequence[Line]) -> tuple[list[Line], list[Line]]:
    """The first lines in which something was broken, and all others."""
    first = [one for one in lines if one.kept.broken][:FIRST]
    return first, [one for one in lines if one not in first]


@login_required
@opens_as_kept
def clocks_kept(request: SignedInRequest) -> HttpResponseBase:
    """Kept and broken, four ways."""
    ask = asked(request)
    kind = request.GET.get("type", "")
    tables = _Tables(ask, kind if kind in catalogue().case_types else "")
    parts: list[tuple[str, str, list[Line]]] = [
        ("clock", "按时限", tables.by_clock()),
        ("unit", "按单位", tables.by_unit()),
        ("step", "按环节：时间最多花在哪里", tables.by_step()),
        ("cause", "按原因：台账能说明的", tables.by_cause()),
    ]
    context = ask.context("时限守住和超过", "process_clocks")
    wanted = next((part for part in parts if part[0] == request.GET.get("part")), parts[0])
    if request.GET.get("format") == "xlsx":
        heads = ["项目", "所属", "按期", "超期", "在走"]
        rows = [(one.title, one.about, one.kept.kept, one.kept.broken, one.kept.runs) for one in wanted[2]]
        return sheet_response(f"{context['file_title']}{wanted[1].split('：')[0]}", heads, rows)
    more = {
        "parts": [(key, title, *_first(lines)) for key, title, lines in parts],
        "total": tables.total,
        "broken_link": tables.link(),
        "kinds": [(one, kind_title(one)) for one in tables.kinds],
        "kind": tables.kind,
    }
    return render(request, "workbench/process/clocks.html", context | more)
