"""The papers of a case: those made, those that fit, and its whole file."""

from __future__ import annotations

import tempfile
from pathlib import Path
from urllib.parse import quote
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from yifa.documents import wholeword
from yifa.documents.actions import MakeDocument
from yifa.documents.making import made_before, offers
from yifa.documents.models import CaseDocument
from yifa.documents.values import Facts
from yifa.documents.wholefile import whole
from yifa.law.errors import YifaError
from yifa.ledger.actions.cases import recorders
from yifa.ledger.people.desks import Desks
from yifa.workbench.rights.access import SignedInRequest, may_do, require_here
from yifa.workbench.rights.reading import readable_case
from yifa.workbench.views.cases.acting import seen_case

MEDIA = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
}


@login_required
def case_documents(request: SignedInRequest, case_id: UUID) -> HttpResponse:
    """The papers of a case and the templates that fit it; within the case's page only these."""
    case = seen_case(request.user, case_id)
    facts = Facts(case)
    documents = list(CaseDocument.objects.filter(case=case).prefetch_related("versions"))
    found = offers(facts, documents)
    desks = Desks(case, facts.case_type)
    may = {
        offer.serves.act
        for offer in found
        if may_do(request.user, desks, offer.serves.act, recorders(facts.case_type, offer.serves.act))
    }
    context = {
        "title": "文书",
        "case": case,
        "type": facts.case_type,
        "documents": documents,
        "now": [one for one in found if one.now],
        "done": [one for one in found if one.act is not None],
        "later": [one for one in found if not one.now and one.act is None],
        "may": may,
        "whole_page": not request.htmx,  # type: ignore[attr-defined]
        "crumbs": [("事项台账", reverse("cases")), (case.title, reverse("case", args=[case.pk]))],
    }
    page = "card.html" if request.htmx else "case.html"  # type: ignore[attr-defined]
    return render(request, f"workbench/documents/{page}", context)


@login_required
@require_POST
def make_document(request: SignedInRequest, case_id: UUID) -> HttpResponse:
    """Makes a paper; then its page. Of one made before, its page, unless another is wanted on purpose."""
    case = seen_case(request.user, case_id)
    act, position = request.POST.get("act", ""), request.POST.get("position", "")
    facts = Facts(case)
    if act not in facts.case_type.acts:
        raise Http404
    roles = recorders(facts.case_type, act)
    require_here(request, Desks(case, facts.case_type).of(request.user, act, roles), roles, case.pk)
    making = MakeDocument(
        actor=request.user,
        case=case,
        template=request.POST.get("template", ""),
        act=act,
        position=int(position) if position.isdecimal() else None,
        again="again" in request.POST,
    )
    try:
        made = making.execute()
    except YifaError as error:
        before = made_before(case.documents.all(), making.template, act, making.position)
        if error.code == "duplicate" and before is not None:
            messages.info(request, f"《{before.title}》已经制作过，下面就是；没有另做一份。")
            return redirect("document", document_id=before.pk)
        messages.error(request, error.message)
        return redirect("case_documents", case_id=case.pk)
    messages.success(request, f"已按台账填好《{made.title}》。")
    return redirect("document", document_id=made.pk)


@login_required
def whole_file(request: SignedInRequest, case_id: UUID) -> HttpResponse:
    """The whole file of a case, to look at and to print."""
    case = readable_case(request.user, case_id)
    context = {
        "title": f"{case.title}：整卷",
        "case": case,
        "whole": whole(case, timezone.localdate()),
        "crumbs": [("事项台账", reverse("cases")), (case.title, reverse("case", args=[case.pk]))],
    }
    return render(request, "workbench/documents/whole.html", context)


@login_required
def whole_file_as(request: SignedInRequest, case_id: UUID, kind: str) -> HttpResponse:
    """The whole file as Word or PDF."""
    case = readable_case(request.user, case_id)
    if kind not in MEDIA:
        raise Http404
    found = whole(case, timezone.localdate())
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"file.{kind}"
        try:
            (wholeword.write if kind == "docx" else wholeword.write_pdf)(found, path)
        except YifaError as error:  # no office program on this machine
            messages.error(request, error.message)
            return redirect("whole_file", case_id=case.pk)
        return sent(path.read_bytes(), f"{case.title}案卷", kind)


def sent(content: bytes, name: str, kind: str) -> HttpResponse:
    """A file under its Chinese name."""
    response = HttpResponse(content, content_type=MEDIA.get(kind, "application/octet-stream"))
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}.{kind}"
    return response
