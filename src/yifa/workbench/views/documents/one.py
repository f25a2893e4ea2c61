"""One paper: looked at, filled in, printed, brought back from Word, filed."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from yifa.documents.actions import (
    AcceptReturned,
    FileDocument,
    FillDocument,
    RefuseReturned,
    ReturnDocument,
    WithdrawDocument,
)
from yifa.documents.filling import fill
from yifa.documents.making import standing, values_of
from yifa.documents.models import CaseDocument, DocumentVersion
from yifa.documents.values import Values
from yifa.law.errors import YifaError
from yifa.ledger.actions.cases import recorders
from yifa.ledger.chain.attachments import path_of
from yifa.ledger.legal import case_type_of
from yifa.ledger.models import Organization, User
from yifa.ledger.people.desks import Desks
from yifa.ledger.refusal import ActionRefused
from yifa.papers.pdf import to_pdf
from yifa.workbench.cases.papers import changed, given_of, places, seen_document, specs_of, split
from yifa.workbench.forms import SpecForm
from yifa.workbench.rights.access import SignedInRequest, has_role, require_here
from yifa.workbench.views.documents.whole import MEDIA, sent


class PaperForm(SpecForm):
    """What only papers say, and what is intended of the act; nothing is compulsory."""

    def lenient(self) -> bool:
        """A paper may be filled little by little."""
        return True


def _may(user: User, document: CaseDocument) -> bool:
    return has_role(user, _roles(document), _desk(user, document), document.case_id)


def _desk(user: User, document: CaseDocument) -> Organization:
    """Where the user makes the paper: in the case's unit, or in one it was handed to."""
    kind = case_type_of(document.case.case_type)
    return Desks(document.case, kind).of(user, document.act, _roles(document))


@login_required
def document(request: SignedInRequest, document_id: UUID) -> HttpResponse:
    """A paper as the ledger fills it now, with what is missing and the fields that only papers have."""
    found = seen_document(request.user, document_id)
    refused: YifaError | None = None
    values, form = _values(found), None
    if values is not None:
        specs = specs_of(values)
        form = PaperForm(request.POST or None, specs=specs, values=given_of(values))
        if request.method == "POST":
            require_here(request, _desk(request.user, found), _roles(found), found.case_id)
            if form.is_valid():
                answers, draft = split(form.spec_values(), values)
                try:
                    version = FillDocument(
                        actor=request.user, document=found, answers=answers, draft=draft
                    ).execute()
                    messages.success(request, f"已保存，文书已重新填写（第{version.order}版）。")
                    return redirect("document", document_id=found.pk)
                except YifaError as error:
                    refused = error
    context = _context(request, found, values) | {"form": form, "refused": refused}
    bad = refused is not None or (form is not None and form.is_bound)
    return render(request, "workbench/documents/one.html", context, status=422 if bad else 200)


def _roles(found: CaseDocument) -> list[str]:
    return recorders(case_type_of(found.case.case_type), found.act)


def _values(found: CaseDocument) -> Values | None:
    """None where the template is no longer there."""
    try:
        return values_of(found)
    except ActionRefused:
        return None


def _context(request: SignedInRequest, found: CaseDocument, values: Values | None) -> dict[str, Any]:
    versions = list(found.versions.select_related("attachment", "made_by"))
    last = standing(versions)
    paper = fill(values) if values is not None else None
    waiting = [one for one in versions if one.state == DocumentVersion.State.WAITING]
    signed = [one for one in versions if one.state == DocumentVersion.State.SIGNED]
    shown = waiting[-1:] or signed[-1:]
    stale = (
        paper is not None
        and last is not None
        and last.state == DocumentVersion.State.FILLED
        and last.lines != paper.stored()
    )
    return {
        "title": found.title,
        "document": found,
        "case": found.case,
        "type": case_type_of(found.case.case_type),
        "act": case_type_of(found.case.case_type).acts.get(found.act),
        "template": values.template if values is not None else None,
        "paper": paper,
        "places": places(paper.missing, values, request.user)
        if paper is not None and values is not None
        else [],
        "versions": list(reversed(versions)),
        "standing": last,
        "waiting": waiting[-1] if waiting else None,
        "compared": [(one, changed(one, values)) for one in shown] if values is not None else [],
        "stale": stale,
        "undecided": waiting[-1] if waiting else None,
        "may": _may(request.user, found) and not found.withdrawn,
        "crumbs": [
            ("事项台账", reverse("cases")),
            (found.case.title, reverse("case", args=[found.case.pk])),
            ("文书", reverse("case_documents", args=[found.case.pk])),
        ],
    }


@login_required
def print_document(request: SignedInRequest, document_id: UUID) -> HttpResponse:
    """The paper alone, to look at before it is printed."""
    found = seen_document(request.user, document_id)
    values = _values(found)
    if values is None:
        raise Http404
    context = {"title": found.title, "document": found, "paper": fill(values)}
    return render(request, "workbench/documents/print.html", context)


@login_required
def document_file(request: SignedInRequest, document_id: UUID, order: int, kind: str) -> HttpResponse:
    """A version as Word, or as PDF."""
    found = seen_document(request.user, document_id)
    version = get_object_or_404(found.versions.select_related("attachment"), order=order)
    path = path_of(version.attachment_id)
    if kind not in MEDIA or not path.is_file():
        raise Http404
    suffix = Path(version.attachment.name).suffix.lstrip(".").lower() or "docx"
    if kind in {suffix, "docx"}:
        return sent(path.read_bytes(), found.title, suffix)
    with tempfile.TemporaryDirectory() as folder:
        word, made = Path(folder) / f"paper.{suffix}", Path(folder) / "paper.pdf"
        word.write_bytes(path.read_bytes())
        try:
            to_pdf(word, made)
        except YifaError as error:
            messages.error(request, error.message)
            return redirect("document", document_id=found.pk)
        return sent(made.read_bytes(), found.title, "pdf")


@login_required
@require_POST
def document_step(request: SignedInRequest, document_id: UUID, step: str) -> HttpResponse:
    """Brings it back, accepts or refuses what came back, files or withdraws it."""
    found = seen_document(request.user, document_id)
    if step not in STEPS:
        raise Http404
    require_here(request, _desk(request.user, found), _roles(found), found.case_id)
    try:
        messages.success(request, STEPS[step](request, found))
    except YifaError as error:
        messages.error(request, error.message)
    return redirect("document", document_id=found.pk)


def _give_back(request: SignedInRequest, found: CaseDocument) -> str:
    file = request.FILES.get("file")
    if file is None:
        raise ActionRefused("请先选择改好的 Word 文件。", code="invalid")
    version = ReturnDocument(
        actor=request.user, document=found, content=file.read(), name=file.name or f"{found.title}.docx"
    ).execute()
    count = len(version.differences)
    return f"已收回并与台账比对：{'没有不同' if not count else f'有 {count} 处不同，请核对后定稿或者退回'}。"


def _waiting(found: CaseDocument) -> DocumentVersion:
    version = found.versions.filter(state=DocumentVersion.State.WAITING).last()
    if version is None:
        raise ActionRefused("没有待核对的版本，请刷新页面。", code="conflict")
    return version


def _accept(request: SignedInRequest, found: CaseDocument) -> str:
    AcceptReturned(actor=request.user, version=_waiting(found)).execute()
    return "已定稿。台账里的事实没有改动；与台账不同的，请按提示更正。"


def _refuse(request: SignedInRequest, found: CaseDocument) -> str:
    RefuseReturned(
        actor=request.user, version=_waiting(found), reason=request.POST.get("reason", "")
    ).execute()
    return "已退回，理由已留痕。"


def _file(request: SignedInRequest, found: CaseDocument) -> str:
    FileDocument(actor=request.user, document=found).execute()
    return "已归入所属环节的材料。"


def _withdraw(request: SignedInRequest, found: CaseDocument) -> str:
    WithdrawDocument(actor=request.user, document=found, reason=request.POST.get("reason", "")).execute()
    return "已作废，编号不再使用。"


STEPS = {
    "return": _give_back,
    "accept": _accept,
    "refuse": _refuse,
    "file": _file,
    "withdraw": _withdraw,
}
