"""Letters of supervision: what was asked of whom, until when, and what was answered."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpResponseBase
from django.utils import timezone

from yifa.law.loader import catalogue
from yifa.ledger.models import Case, CaseAct, Organization
from yifa.ledger.models.scoping import among_units
from yifa.workbench.lists import Choices, Column, Filter, ListPage
from yifa.workbench.rights.access import SignedInRequest, may_open

LETTER = "supervision_letter"


class LetterList(ListPage[Case]):
    """The letters, the latest first."""

    title, what = "监督文书", "份"
    template = "workbench/supervision/letters.html"
    default_sort = ("-opened_on",)
    empty_text = "还没有制发监督文书。"

    def __init__(self, request: SignedInRequest) -> None:
        super().__init__(request)
        self.user = request.user
        self.filters = (
            Filter("q", "事项或文号", "search"),
            Filter("unit", "制发单位（含下级）", "choice", self.units),
            Filter("state", "进度", "choice", lambda: [("open", "未结案"), ("late", "逾期没有回复"), ("closed", "已结案")]),
        )  # fmt: skip

    def units(self) -> Choices:
        """The units the user sees."""
        return list(Organization.objects.for_user(self.user).values_list("code", "name"))

    def rows(self) -> QuerySet[Case]:
        """What the filters leave, with the acts of the rows shown."""
        found = among_units(Case.objects.filter(case_type=LETTER), self.user)
        found = found.select_related("organization").prefetch_related("acts")
        if words := self.value("q"):
            found = found.filter(title__icontains=words) | found.filter(number__icontains=words)
        if unit := self.value("unit"):
            found = found.filter(organization__path__contains=f"/{unit}/")
        match self.value("state"):
            case "open":
                return found.filter(closed_on=None)
            case "late":
                return found.filter(closed_on=None, next_due__lt=timezone.localdate())
            case "closed":
                return found.filter(closed_on__isnull=False)
        return found

    def columns(self) -> Sequence[Column[Case]]:
        """What, to whom, when, until when, what was answered."""
        return [
            Column("subject", "事项", lambda row: row.title, ("title",), "workbench/supervision/cell_letter.html", "y-rest"),
            Column("number", "文号", lambda row: row.number, ("number",), css="fit"),
            Column("kind", "种类", lambda row: row.facts.get("kind", ""), sheet_only=True),
            Column("to", "被监督单位", lambda row: row.facts.get("to", ""), css="fit"),
            Column("issued", "制发日期", lambda row: row.opened_on, ("opened_on",), css="fit"),
            Column("due", "回复期限", reply_by, css="fit"),
            Column("replied", "回复日期", lambda row: _on(row, "reply"), css="fit"),
            Column("result", "核查结果", _result, css="fit"),
            Column("state", "状态", lambda row: row.status, ("status",), css="fit"),
        ]  # fmt: skip

    def extra(self) -> dict[str, Any]:
        """Who may issue one."""
        return {"may": may_open(self.user, catalogue().case_types[LETTER])}


def _last(row: Case, act: str) -> CaseAct | None:
    return next((one for one in reversed(row.acts.all()) if one.act == act), None)


def _on(row: Case, act: str) -> date | None:
    found = _last(row, act)
    return found.happened_on if found else None


def _result(row: Case) -> str:
    decided, looked = _last(row, "decide"), _last(row, "verify")
    return (decided.outcome if decided else looked.outcome if looked else "") or ""


def reply_by(row: Case) -> date | None:
    """The last day for the answer: as the letter says it, else as the engine reckons it while the answer is out."""
    written = row.facts.get("reply_by")
    if written:
        return date.fromisoformat(str(written))
    return row.next_due if _last(row, "reply") is None else None


@login_required
def letters(request: SignedInRequest) -> HttpResponseBase:
    """The list."""
    return LetterList(request).respond()
