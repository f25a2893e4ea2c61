"""File a check-up for good: the original and the certificate as attachments, the result as an entry of a register."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from yifa.ledger.actions import PublishEntry, StoreAttachment
from yifa.ledger.actions.entries import KEEPERS
from yifa.ledger.models import Attachment, Entry, Organization, User
from yifa.ledger.refusal import ActionRefused
from yifa.workbench.checkups.kept import Checked
from yifa.workbench.checkups.shown import KINDS
from yifa.workbench.rights.access import has_role, home_organization
from yifa.workbench.views.checks.access import find, for_checkers, gone
from yifa.workbench.views.checks.downloads import certificate

REGISTER = "text_checks"
MOST_LINES = 100  # findings named in the entry; the certificate has all


def may_file(request: HttpRequest) -> bool:
    """Whether the one who asks keeps registers in the own unit."""
    user = request.user
    home = home_organization(user) if isinstance(user, User) else None
    return home is not None and has_role(user, KEEPERS, home)


@require_POST
@for_checkers
@login_required
def file_check(request: HttpRequest, token: str, number: int) -> HttpResponse:
    """File one text of a check-up in the user's own unit."""
    checkup, user = find(request, token), request.user
    assert isinstance(user, User)  # noqa: S101  # behind login_required
    if checkup is None or not 1 <= number <= len(checkup.items) or checkup.items[number - 1].document is None:
        return gone(request)
    home = home_organization(user)
    one = checkup.items[number - 1]
    if not one.content or home is None:
        messages.warning(
            request, "这份文稿是登录前检查的，原件没有留在内存里。请登录后重新检查一次，再归档。"
        )
        return redirect("check_result", token, number)
    try:
        entry = _file(user, home, one, timezone.localdate())
    except ActionRefused as error:
        messages.error(request, error.message)
        return redirect("check_result", token, number)
    messages.success(request, "已归档：原件和体检单存为附件，结果登记在“文稿体检登记”。")
    return redirect("entry", entry.pk)


def _file(user: User, home: Organization, one: Checked, today: date) -> Entry:
    with transaction.atomic():
        original = StoreAttachment(actor=user, content=one.content, name=one.name).execute()
        paper = StoreAttachment(
            actor=user, content=certificate([one]), name=f"{one.name.rsplit('.', 1)[0][:80]}-体检单.docx"
        ).execute()
        data = _data(one, original, paper, today)
        return PublishEntry(
            actor=user, organization=home, register=REGISTER, data=data, on=today, reason="归档"
        ).execute()


def _data(one: Checked, original: Attachment, paper: Attachment, today: date) -> dict[str, Any]:
    document = one.document
    assert document is not None  # noqa: S101  # the caller looked
    return {
        "serial": f"TJ{today:%Y%m%d}-{original.pk[:8]}",
        "title": one.title,
        "issuer": document.issuer or "",
        "kind": KINDS[document.kind],
        "checked_on": today.isoformat(),
        "errors": one.errors,
        "warnings": one.warnings,
        "notices": one.notices,
        "findings": [finding.message.rstrip("。") for finding in one.findings[:MOST_LINES]],
        "original": original.pk,
        "certificate": paper.pk,
    }
