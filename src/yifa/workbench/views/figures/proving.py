"""A figure taken along: with the chains of what it counts, to be counted again elsewhere."""

from __future__ import annotations

import io
from urllib.parse import quote

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from yifa.ledger.refusal import ActionRefused
from yifa.reporting.proofs import write_proof
from yifa.workbench.figures.keyfigures import Counting, figure_url
from yifa.workbench.figures.scope import scope_of
from yifa.workbench.rights.access import SignedInRequest, require_here
from yifa.workbench.views.figures.showing import rule_of


@login_required
def figure_proof(request: SignedInRequest, rule: str) -> HttpResponse:
    """The figure, the extract of the ledger behind it and how to count it again, as one zip."""
    found, scope = rule_of(rule), scope_of(request, request.user)
    if scope.wrong:
        raise Http404
    require_here(request, scope.unit)
    counted = Counting().get(rule, scope.unit, scope.start, scope.end)
    packed = io.BytesIO()
    try:
        write_proof(packed, counted, scope.unit, timezone.now())
    except ActionRefused as error:
        messages.error(request, error.message)
        return redirect(figure_url(rule, scope.unit, scope.start, scope.end))
    response = HttpResponse(packed.getvalue(), content_type="application/zip")
    name = quote(f"{found.title}（{scope.start}至{scope.end}）核算材料")
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}.zip"
    return response
