"""Saying that two cases belong together, and taking it back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from yifa.documents.models import CaseLink
from yifa.ledger.actions.base import Action, held, said
from yifa.ledger.chain.appending import append_record
from yifa.ledger.models import Case, Role, Subject, User
from yifa.ledger.people.needs import Needs
from yifa.ledger.refusal import ActionRefused

LINKERS = (Role.OFFICER, Role.COORDINATOR)


def _record(link: CaseLink, kind: str, actor: User | None, payload: Mapping[str, Any]) -> None:
    said_of = {"case": str(link.case_id), "other": str(link.other_id), **payload}
    append_record(Subject.DOCUMENT, link.pk, kind, link.case.organization, None, actor, said_of)


@dataclass(frozen=True, kw_only=True)
class LinkCases(Action[CaseLink]):
    """Links a case to another that the actor sees too. `kind` says what the other is to the case."""

    needs = Needs("关联相关事项", LINKERS)

    actor: User | None
    case: Case
    other: Case
    kind: str
    reason: str

    def check(self) -> None:
        """Refuses a missing role or reason, a case linked to itself, and what is linked already."""
        self._admit(self.case.organization, case=self.case.pk)
        said(self.reason, "关联的理由", "reason", 300)
        if self.kind not in CaseLink.Kind.values:
            raise ActionRefused("请从列表里选择关联的种类。", code="invalid", field="kind")
        if self.case.pk == self.other.pk:
            raise ActionRefused("不能把事项关联到它自己。", code="invalid", field="other")
        if links_of(self.case).filter(Q(case=self.other) | Q(other=self.other)).exists():
            raise ActionRefused(f"与“{self.other.title}”已经关联过了。", code="duplicate", field="other")

    def _change(self) -> CaseLink:
        link = CaseLink.objects.create(
            case=self.case, other=self.other, kind=self.kind, reason=self.reason.strip(), made_by=self.actor
        )
        _record(link, "link.made", self.actor, {"kind": link.kind, "reason": link.reason})
        return link


@dataclass(frozen=True, kw_only=True)
class UnlinkCases(Action[CaseLink]):
    """Takes a link back, with the reason; that it was there stays in the ledger."""

    needs = Needs("撤销事项关联", LINKERS)

    actor: User | None
    link: CaseLink
    reason: str

    def check(self) -> None:
        """Refuses a missing role or reason, and a link taken back before."""
        self._admit(self.link.case.organization, case=self.link.case_id)
        said(self.reason, "撤销关联的理由", "reason", 300)
        self.link.refresh_from_db(from_queryset=held(CaseLink.objects.select_related("case__organization")))
        if self.link.withdrawn:
            raise ActionRefused("这一关联已经撤销，请刷新页面。", code="conflict")

    def _change(self) -> CaseLink:
        self.link.withdrawn = True
        self.link.save(update_fields=["withdrawn"])
        _record(self.link, "link.withdrawn", self.actor, {"reason": self.reason.strip()})
        return self.link


def links_of(case: Case) -> Any:
    """The standing links of a case, seen from either end."""
    found = CaseLink.objects.filter(Q(case=case) | Q(other=case), withdrawn=False)
    return found.select_related("case__organization", "other__organization", "made_by")
