"""A Word file of the report, edited outside, comes back: what differs, taken over section by section."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from yifa.law.errors import YifaError
from yifa.reporting.actions import DecideOffer, ReceiveWord
from yifa.reporting.actions.wordback import OFFERED, WHY_NOT
from yifa.reporting.content import pieces
from yifa.reporting.models import Report, Section, StoredFigure, WordReturn
from yifa.reporting.textdiff import LineChange, line_diff
from yifa.reporting.wordoffers import Proposal, proposal
from yifa.workbench.forms.given import whole
from yifa.workbench.reports.access import may_edit, seen_report
from yifa.workbench.rights.access import SignedInRequest, require_here
from yifa.workbench.views.reports.parts import crumbs_of


@login_required
def word_return(request: SignedInRequest, report_id: UUID) -> HttpResponse:
    """Give a file; the files given so far with what became of each change."""
    report = seen_report(request.user, report_id)
    refused: YifaError | None = None
    if request.method == "POST":
        require_here(request, report.organization)
        try:
            if "decline_all" in request.POST:
                _decline_all(request, report_id)
            elif "section" in request.POST:
                _decide(request, report_id)
            else:
                file = request.FILES.get("file")
                content, name = (file.read(), file.name) if file else (b"", "")
                ReceiveWord(
                    actor=request.user, report=report, content=content, name=name or "报告.docx"
                ).execute()
                messages.success(request, "已逐段比对；原文没有改动，请在下面逐部分决定是否采用。")
            return redirect("word_return", report_id=report.pk)
        except YifaError as error:
            refused = error
    figures = {figure.rule: figure for figure in report.figures.all()}
    sections = {section.key: section for section in report.sections.all()}
    rows = list(report.word_returns.select_related("made_by")[:10])
    context = {
        "title": "收回 Word 修改",
        "report": report,
        "refused": refused,
        "rows": [(row, [_offered(one, sections, figures) for one in row.offers]) for row in rows],
        "may_edit": may_edit(request.user, report),
        "crumbs": crumbs_of(report),
    }
    return render(request, "workbench/reports/wordback.html", context, status=422 if refused else 200)


Offered = tuple[Mapping[str, Any], Proposal | None, Section | None, str, Sequence[LineChange]]


def _offered(
    offer: Mapping[str, Any], sections: Mapping[str, Section], figures: Mapping[str, StoredFigure]
) -> Offered:
    """An offer with what it comes to now (None once decided), its section, why it cannot be taken, and the changes."""
    section = sections.get(offer["section"])
    now = proposal(offer, section) if offer["state"] == OFFERED else None
    before, after = (now.before, now.after) if now else (offer["before"], offer["after"])
    changes = line_diff(_lines(before, figures), _lines(after, figures))
    return offer, now, section, WHY_NOT.get(now.fit, "") if now else "", changes


def _lines(text: str, figures: Mapping[str, StoredFigure]) -> list[str]:
    """Stored prose as it stands in the Word file, with the numbers of its live figures."""
    return ["".join(piece.text for piece in pieces(line, figures)) for line in text.splitlines()]


def _row(request: SignedInRequest, report: Report) -> WordReturn:
    number = request.POST.get("row", "")
    return get_object_or_404(report.word_returns, pk=int(number) if number.isdecimal() else 0)


def _decline_all(request: SignedInRequest, report_id: UUID) -> None:
    """What is still open of a file is not taken: it was the wrong one, or is out of date."""
    row = _row(request, seen_report(request.user, report_id))
    left = [offer["section"] for offer in row.offers if offer["state"] == OFFERED]
    with transaction.atomic():
        for section in left:
            row = DecideOffer(actor=request.user, row=row, section=section, take=False).execute()
    messages.success(request, f"“{row.name}”里还没有处理的{len(left)}处修改都不采用，文件仍保留。")


def _decide(request: SignedInRequest, report_id: UUID) -> None:
    report = seen_report(request.user, report_id)
    row = _row(request, report)
    take = "take" in request.POST
    seen = whole(request.POST.get("seen"))
    DecideOffer(actor=request.user, row=row, section=request.POST["section"], take=take, seen=seen).execute()
    messages.success(
        request, "已采用，原来的文字在修改记录里。" if take else "已放弃这一处修改，文件仍保留。"
    )
