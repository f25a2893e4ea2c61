"""The first page of lists in and out: what and which file; what was done before; a list to try it with."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from yifa.exchange import running, samples
from yifa.exchange.mapping import is_ready, laid, reading_from
from yifa.exchange.models import Import, Reconciliation
from yifa.exchange.reconciling import months_of
from yifa.exchange.staging import stage
from yifa.exchange.targets import Target, find_target, target_of, targets
from yifa.law.errors import YifaError
from yifa.ledger.actions import StoreAttachment
from yifa.ledger.models import Attachment, Organization, User
from yifa.workbench.rights.access import SignedInRequest, home_organization, require_here
from yifa.workbench.views.exchange.access import may_bring, paged, refuse_unless_may_bring, seen

SHOWN = 30
LATEST = 10  # reconciliations; the others have a page of their own
SAMPLE_ROWS, SAMPLE_FAULTS = 200, 6
SAMPLE_OF = "case:hotline_ticket"


@login_required
def exchange(request: SignedInRequest) -> HttpResponse:
    """Begin an import or a reconciliation; look at earlier ones."""
    require_here(request, None)
    wrong = ""
    if request.method == "POST":
        try:
            return redirect(_begun(request))
        except YifaError as error:
            wrong = error.message
    titles = {key: title for key, title, _ in targets()}
    compared = list(seen(request.user, Reconciliation.objects.select_related("other"))[: LATEST + 1])
    paging = paged(request, seen(request.user, Import.objects.all()), SHOWN)
    context = {
        "title": "导入和对账",
        "wrong": wrong,
        "what": request.POST.get("what", ""),
        "may_try": may_bring(request.user, target_of(SAMPLE_OF)),
        "targets": targets(),
        "imports": [(one, titles.get(one.target, one.target)) for one in paging["page"]],
        **paging,
        "reconciliations": [(one, titles.get(one.target, one.target)) for one in compared[:LATEST]],
        "more_reconciliations": len(compared) > LATEST,
    }
    return render(request, "workbench/exchange/start.html", context, status=422 if wrong else 200)


def _begun(request: SignedInRequest) -> Import | Reconciliation:
    """Stores the file and lays it out; the columns are matched at once."""
    target = find_target(request.POST.get("what", ""))
    if target is None:
        raise YifaError("请在“导入什么”里选一个事项类型或者清单，可输入名称中的字查找。", code="missing")
    compares = request.POST.get("way") == "compare"
    if not compares:
        refuse_unless_may_bring(request.user, target)
    organization = home_organization(request.user)
    if organization is None:
        raise YifaError("系统里还没有单位，请先建立单位。", code="missing")
    attachment = _file(request, "file", request.POST.get("text", ""))
    if attachment is None:
        raise YifaError("请选择一个表格文件，或者把表格复制后粘贴到框里。", code="missing")
    shared: dict[str, Any] = {
        "organization": organization, "actor": request.user, "target": target.key, "attachment": attachment,
    }  # fmt: skip
    before = None if compares else _mended(request, target)
    kept = before.mapping if before else None
    if not compares and attachment.size > settings.READ_APART:
        run = Import.objects.create(mapping=kept or {}, state=Import.State.READING, **shared)
        running.start(run)
    else:
        index, reading = laid(organization, target, attachment, kept)
        shared |= {"sheet": index, "mapping": reading.as_json()}
        if compares:
            return _reconciliation(request, organization, target, shared)
        run = Import.objects.create(total=stage(attachment, index).length, **shared)
        if is_ready(target, reading):
            running.check(run)
    if before is not None and running.may_drop(before):
        running.drop(before)  # nothing came of it, and its list is here again
    return run


def _reconciliation(
    request: SignedInRequest, organization: Organization, target: Target, shared: dict[str, Any]
) -> Reconciliation:
    other = _file(request, "other", "")
    if other is not None:
        index, reading = laid(organization, target, other)
        shared |= {"other": other, "other_sheet": index, "other_mapping": reading.as_json()}
    else:
        staged = stage(shared["attachment"], shared["sheet"])
        shared["starts"], shared["ends"] = months_of(target, staged, reading_from(shared["mapping"]))
    return Reconciliation.objects.create(**shared)


def _file(request: SignedInRequest, name: str, text: str) -> Attachment | None:
    user: User = request.user
    file = request.FILES.get(name)
    if file is not None:
        return StoreAttachment(actor=user, content=file.file, name=file.name or "表格").execute()  # type: ignore[arg-type]
    if text.strip():
        return StoreAttachment(actor=user, content=text.encode(), name="粘贴的表格.csv").execute()
    return None


def _mended(request: SignedInRequest, target: Target) -> Import | None:
    """The import whose list comes again with its cells mended."""
    with suppress(ValidationError):
        runs = seen(request.user, Import.objects.filter(target=target.key))
        return runs.filter(pk=request.POST.get("mends", "")).first()
    return None


@login_required
def exchange_sample(request: SignedInRequest) -> HttpResponse:
    """A list to try the import with: this body's units, invented tickets, a few faults."""
    require_here(request, None)
    units = list(Organization.objects.for_user(request.user).values_list("name", flat=True)[:12])
    rows = samples.tickets(
        SAMPLE_ROWS, units or ["本单位"], timezone.localdate(), faults=SAMPLE_FAULTS, prefix="SL"
    )
    response = HttpResponse(samples.as_csv(rows), content_type="text/csv; charset=gb18030")
    response["Content-Disposition"] = (
        "attachment; filename*=UTF-8''%E7%83%AD%E7%BA%BF%E5%B7%A5%E5%8D%95%E7%A4%BA%E4%BE%8B.csv"
    )
    return response
