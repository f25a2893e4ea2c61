"""Who brings lists in, and whose imports one sees: one's own; the coordinator those of the body."""

from __future__ import annotations

from typing import Any, TypeVar
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest

from yifa.exchange.models import Import, Reconciliation
from yifa.exchange.targets import Target
from yifa.ledger.actions import PublishEntry
from yifa.ledger.actions.cases import recorders
from yifa.ledger.models import Role, User
from yifa.ledger.people.needs import labels
from yifa.ledger.refusal import ActionRefused
from yifa.workbench.rights.access import IMPORTERS, has_role

Run = TypeVar("Run", Import, Reconciliation)


def seen(user: User, rows: QuerySet[Run]) -> QuerySet[Run]:
    """The imports or reconciliations a user sees."""
    rows = rows.select_related("attachment", "organization", "actor")
    if user.is_superuser or has_role(user, [Role.COORDINATOR]):
        return rows
    return rows.filter(actor=user) if has_role(user, IMPORTERS) else rows.none()


def seen_one(user: User, rows: QuerySet[Run], key: UUID) -> Run:
    """One of them, or 404."""
    found = seen(user, rows).filter(pk=key).first()
    if found is None:
        raise Http404
    return found


def paged(request: HttpRequest, rows: QuerySet[Any], size: int) -> dict[str, Any]:
    """A page of rows, as the parts of a page that turn it over want it."""
    page = Paginator(rows, size).get_page(request.GET.get("page"))
    span = page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1)
    return {"page": page, "page_range": list(span)}


def may_bring(user: User, target: Target) -> bool:
    """Whether the user may bring in what a list holds, in any unit."""
    return has_role(user, _bringers(target))


def refuse_unless_may_bring(user: User, target: Target) -> None:
    """Raises ActionRefused before a list is laid out of which every row would be refused."""
    if not may_bring(user, target):
        raise ActionRefused(
            f"您不能导入“{target.title}”：需要“{labels(_bringers(target))}”角色，否则每一行都会被退回。"
            "请交有这个角色的人导入，或者请安全管理员授权；只核对、不录入的，可以用“与台账对账”。",
            code="role",
        )


def _bringers(target: Target) -> list[str]:
    case_type = target.case_type
    if case_type is None:
        return list(PublishEntry.needs.roles)
    return list(dict.fromkeys(role for act in case_type.opens_with for role in recorders(case_type, act)))
