"""The register of what must be put right, what could be listed in it, and its list as Excel and Word."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import Http404, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils import timezone

from yifa.law.loader import catalogue
from yifa.ledger.models import Case, Organization
from yifa.papers.sheets import MEDIA_TYPE
from yifa.supervision.actions import ListFindings
from yifa.supervision.findings import (
    Standing,
    kinds,
    matching,
    open_ones,
    register,
    standing,
    write_list,
    write_paper,
)
from yifa.workbench.lists import Choices, Column, Filter, ListPage
from yifa.workbench.lists.files import word_response
from yifa.workbench.rights.access import SignedInRequest, has_role, may_open

MOST = 5000  # rows of one list as a paper


@dataclass(frozen=True, slots=True)
class Shown:
    """A row of the register and what can be done with it."""

    row: Standing
    late: bool
    letter: str


class FindingList(ListPage[Case]):
    """All that must be put right; what came last first."""

    title, what = "整改台账", "项"
    template = "workbench/supervision/findings.html"
    default_sort = ("-opened_on",)
    empty_text = "没有需要整改的问题。"

    def __init__(self, request: SignedInRequest) -> None:
        super().__init__(request)
        self.user = request.user
        self.filters = (
            Filter("q", "问题、专题或文号", "search"),
            Filter("kind", "种类", "choice", lambda: [(key, kind["title"]) for key, kind in kinds().items()]),
            Filter("unit", "单位（含下级）", "choice", self.units),
            Filter(
                "state",
                "进度",
                "choice",
                lambda: [("open", "未销号"), ("late", "逾期"), ("closed", "已销号")],
            ),
        )

    def units(self) -> Choices:
        """The units the user sees."""
        return list(Organization.objects.for_user(self.user).values_list("code", "name"))

    def rows(self) -> QuerySet[Case]:
        """What the filters leave, with the acts of the rows shown."""
        found = register(self.user).prefetch_related("acts")
        if words := self.value("q"):
            found = matching(found, words)
        if kind := self.value("kind"):
            found = found.filter(case_type=kind)
        if unit := self.value("unit"):
            found = found.filter(organization__path__contains=f"/{unit}/")
        state = self.value("state")
        if state == "late":
            return open_ones(found).filter(next_due__lt=timezone.localdate())
        if state == "open":
            return open_ones(found)
        return (
            found.exclude(pk__in=open_ones(register(self.user)).values("pk")) if state == "closed" else found
        )

    def columns(self) -> Sequence[Column[Case]]:
        """Problem, where from, who, how, until when, what proves it, how it stands."""
        one = standing
        return [
            Column(
                "problem", "问题", _shown, ("title",), "workbench/supervision/cell_finding.html", "y-rest"
            ),
            Column("source", "来源", lambda row: one(row).source, css="fit"),
            Column("document", "文号", lambda row: one(row).document, sheet_only=True),
            Column("owner", "责任单位", lambda row: one(row).owner, ("organization__path",), css="fit"),
            Column("measure", "整改措施", lambda row: one(row).measure or "（未定）"),
            Column("due", "整改期限", lambda row: one(row).day_said, ("next_due",), css="fit"),
            Column("evidence", "证明材料", lambda row: "、".join(one(row).evidence), sheet_only=True),
            Column("state", "状态", lambda row: row.status, ("status",), css="fit"),
            Column("closed", "销号", lambda row: one(row).closed_on, css="fit"),
            Column("closed_by", "销号人", lambda row: one(row).closed_by, css="fit"),
        ]

    def extra(self) -> dict[str, Any]:
        """What may be begun from here."""
        letter = catalogue().case_types["supervision_letter"]
        return {
            "may_list": has_role(self.user, ListFindings.needs.roles),
            "may_write": may_open(self.user, letter),
        }


def _shown(row: Case) -> Any:
    found = standing(row)
    told = {"facts-f_subject": found.problem[:100], "facts-f_to": found.owner, "facts-f_source": "其他"}
    letter = f"{reverse('open_case', args=['supervision_letter'])}?{urlencode(told)}"
    late = found.late(timezone.localdate())
    return _Text(
        found.problem, Shown(found, late, letter if late and row.case_type != "supervision_letter" else "")
    )


class _Text(str):
    """The problem as text for sheets; the page shows more of it."""

    shown: Shown

    def __new__(cls, text: str, shown: Shown) -> _Text:
        """The text with what goes with it."""
        made = super().__new__(cls, text)
        made.shown = shown
        return made


@login_required
def findings(request: SignedInRequest) -> HttpResponseBase:
    """The register."""
    return FindingList(request).respond()


@login_required
def findings_file(request: SignedInRequest, kind: str) -> HttpResponse:
    """What the filters of the register leave, in the issuer's order, as Excel or Word."""
    if kind not in {"xlsx", "docx"}:
        raise Http404
    rows = [standing(case) for case in FindingList(request).rows()[:MOST]]
    today = timezone.localdate()
    body = Organization.objects.body()
    if kind == "xlsx" or body is None:
        data = io.BytesIO()
        write_list(data, rows)
        return _file(data.getvalue(), MEDIA_TYPE, f"整改台账_{today:%Y%m%d}.xlsx")
    return word_response(
        f"整改台账_{today:%Y%m%d}", lambda path: write_paper(path, "整改台账", body, today, rows)
    )


def _file(content: bytes, media_type: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=media_type)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return response
