"""What is kept of lists in and out: the mappings of the body, renamed or deleted here, and all reconciliations."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render

from yifa.exchange.keeping import rename
from yifa.exchange.mapping import body_of
from yifa.exchange.models import Reconciliation, SavedMapping
from yifa.exchange.targets import targets
from yifa.law.errors import YifaError
from yifa.ledger.models import Role, User
from yifa.ledger.refusal import ActionRefused
from yifa.workbench.forms.given import named
from yifa.workbench.rights.access import SignedInRequest, has_role, home_organization, require_here
from yifa.workbench.views.exchange.access import paged, seen
from yifa.workbench.views.exchange.importing import crumbs

PAGE = 30


@login_required
def reconciliations(request: SignedInRequest) -> HttpResponse:
    """Every reconciliation one sees, the latest first."""
    require_here(request, None)
    titles = {key: title for key, title, _ in targets()}
    paging = paged(request, seen(request.user, Reconciliation.objects.select_related("other")), PAGE)
    context = {
        "title": "历次对账", "crumbs": crumbs(), **paging,
        "reconciliations": [(one, titles.get(one.target, one.target)) for one in paging["page"]],
    }  # fmt: skip
    return render(request, "workbench/exchange/reconciliations.html", context)


@login_required
def kept_mappings(request: SignedInRequest) -> HttpResponse:
    """The mappings kept for all of the body; a new name, or a deletion, sent."""
    require_here(request, None)
    wrong = ""
    if request.method == "POST":
        try:
            _change(request)
            return redirect("kept_mappings")
        except YifaError as error:
            wrong = error.message
    titles = {key: title for key, title, _ in targets()}
    paging = paged(request, _of_body(request.user), PAGE)
    rows = [
        (one, titles.get(one.target, one.target), _may_change(request.user, one)) for one in paging["page"]
    ]
    context = {"title": "存下的对照", "crumbs": crumbs(), "wrong": wrong, "rows": rows, **paging}
    return render(request, "workbench/exchange/kept.html", context, status=422 if wrong else 200)


def _of_body(user: User) -> QuerySet[SavedMapping]:
    home = home_organization(user)
    held = SavedMapping.objects.select_related("saved_by")
    return held.filter(organization=body_of(home)) if home else held.none()


def _may_change(user: User, mapping: SavedMapping) -> bool:
    """Who kept a mapping changes it; the coordinator all of them."""
    return mapping.saved_by_id == user.pk or user.is_superuser or has_role(user, [Role.COORDINATOR])


def _change(request: SignedInRequest) -> None:
    mapping = named(_of_body(request.user), request.POST.get("mapping"))
    if not _may_change(request.user, mapping):
        raise ActionRefused(
            f"“{mapping}”是{mapping.saved_by.display_name if mapping.saved_by else '别人'}存的，由本人或者统筹人员改名、删除。",
            code="role",
        )
    if request.POST.get("deed") == "delete":
        mapping.delete()
        messages.success(request, f"已删除对照“{mapping}”。以前按它导入的内容不受影响。")
        return
    rename(mapping, request.POST.get("name", ""))
    messages.success(request, f"已改名为“{mapping}”。")
