"""What all changes of a case share."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, TypeVar

from yifa.law.schema import CaseType
from yifa.ledger.actions.base import Action, filled_in, said
from yifa.ledger.chain.appending import append_record
from yifa.ledger.chain.history import (
    CaseHistory,
    Evidence,
)
from yifa.ledger.deciding.around import Around
from yifa.ledger.deciding.decisions import NewAct
from yifa.ledger.deciding.numbering import due_number
from yifa.ledger.models import Attachment, Case, Organization, Record, Role, Subject, User
from yifa.ledger.refusal import ActionRefused
from yifa.ledger.rows.projections import organization_ids, write_cases
from yifa.ledger.rows.values import case_rows
from yifa.procedures.listing import listed
from yifa.procedures.model import Entered
from yifa.procedures.tables import fired

Result = TypeVar("Result")
TITLE_LENGTH = 200


def recorders(case_type: CaseType, act: str) -> list[str]:
    """The roles that may record an act: those that may do it, and the officer who keeps the case."""
    known = case_type.acts.get(act)
    return [*(known.by if known else []), Role.OFFICER]


@dataclass(kw_only=True)
class CaseAction(Action[Result]):
    """What all changes of a case share.

    Attributes:
        actor: Who records; None for the system.
        recorded_at: Only for imports: the moment in the past at which it was recorded elsewhere.
        source: From which file and row it came, e.g. {"file": sha256, "row": 7}; stands in the records.
        around: What says how the rest of the ledger stands.
    """

    actor: User | None
    recorded_at: datetime | None = None
    source: Mapping[str, Any] | None = None
    around: Around = field(default_factory=Around, repr=False)

    def _append(  # noqa: PLR0917 - as append_record
        self,
        case_id: uuid.UUID,
        kind: str,
        organization: Organization,
        on: date,
        payload: Mapping[str, Any],
        held: tuple[int, str],
    ) -> Record:
        return append_record(
            Subject.CASE,
            case_id,
            kind,
            organization,
            on,
            self.actor,
            with_source(payload, self.source),
            recorded_at=self.recorded_at,
            held=held,
        )

    def _act(
        self, case_type: CaseType, organization: Organization, given: GivenAct, facts: Mapping[str, Any]
    ) -> NewAct:
        """The act to be recorded, with what was left unsaid filled in from the actor."""
        act_type = case_type.acts.get(given.act)
        own = act_type is not None and act_type.party is None
        by, role = given.by, given.role
        if own and by is None and self.actor is not None:
            by = self.actor.display_name or self.actor.get_username()
        if own and role is None and act_type is not None:
            role = self._role(organization, act_type.by)
        unit = given.unit or (organization if own else None)
        fields = filled_in(given.fields)
        return NewAct(
            act=given.act,
            on=given.on,
            outcome=given.outcome or None,
            by=by or None,
            unit=unit.code if unit else None,
            role=role,
            fields=fields,
            evidence=checked_evidence(given.evidence),
            entered=_entered(given.entered),
            listed=listed(
                case_type, given.act, given.on, fields, facts, lists=self.around.lists(unit or organization)
            ),
            fired=fired(
                case_type,
                given.act,
                given.outcome,
                fields,
                facts,
                tables=self.around.tables(organization, given.on),
            ),
        )

    def _role(self, organization: Organization, wanted: Sequence[str]) -> str | None:
        """The role in which the actor does it: one the act asks for, if the actor has it; else officer."""
        if self.actor is None or self.actor.is_superuser:
            return wanted[0] if wanted else Role.OFFICER
        case = getattr(self, "case", None)
        held = self.around.roles(self.actor, organization, case.pk if case else None)
        return next((role for role in wanted if role in held), str(Role.OFFICER))

    def _write(self, history: CaseHistory) -> None:
        write_cases([case_rows(history, organization_ids())])

    def _store(self, history: CaseHistory) -> Case:
        self._write(history)
        return Case.objects.select_related("organization").get(pk=history.id)


@dataclass(frozen=True, kw_only=True)
class GivenAct:
    """An act as the caller gives it."""

    act: str
    on: date
    outcome: str | None = None
    fields: Mapping[str, Any] = field(default_factory=dict)
    evidence: Sequence[Mapping[str, str | None]] = ()
    by: str | None = None
    unit: Organization | None = None
    role: str | None = None
    entered: str = Entered.LIVE


@dataclass(kw_only=True)
class WithAct:
    """What an action says of the act it records, but which one.

    Attributes:
        entered: "live": what the law forbids now is refused; "back" (补录): accepted and marked, faults are findings.
        number: Only for back entries: the number the case already has on paper.
    """

    on: date
    outcome: str | None = None
    fields: Mapping[str, Any] = field(default_factory=dict)
    evidence: Sequence[Mapping[str, str | None]] = ()
    by: str | None = None
    unit: Organization | None = None
    role: str | None = None
    entered: str = Entered.LIVE
    number: str = ""

    def given(self, act: str) -> GivenAct:
        """All that was said, of an act."""
        return GivenAct(
            act=act,
            on=self.on,
            outcome=self.outcome,
            fields=self.fields,
            evidence=self.evidence,
            by=self.by,
            unit=self.unit,
            role=self.role,
            entered=self.entered,
        )


def _entered(value: str) -> Entered:
    try:
        return Entered(value)
    except ValueError:
        raise ActionRefused(
            f"录入方式“{value}”不对，应为 live（当时录入）或 back（补录）。", code="invalid", field="entered"
        ) from None


def checked_evidence(papers: Sequence[Mapping[str, str | None]]) -> Evidence:
    """The papers as stored; refused where one has no title or its file was not stored."""
    evidence: Evidence = [
        {
            "title": said(paper.get("title"), "材料名称", "evidence"),
            "attachment": paper.get("attachment") or None,
        }
        for paper in papers
    ]
    wanted = {paper["attachment"] for paper in evidence if paper["attachment"]}
    stored = dict(Attachment.objects.filter(pk__in=wanted).values_list("pk", "name")) if wanted else {}
    for paper in evidence:
        name = stored.get(paper["attachment"] or "")
        if name is not None and name.rsplit(".", 1)[0] != paper["title"]:
            paper["name"] = name  # the file's, by which the case is found too
        elif name is None and paper["attachment"]:
            raise ActionRefused(
                f"材料“{paper['title']}”的附件没有存入，请重新上传后再保存。",
                code="missing",
                field="evidence",
            )
    return evidence


def with_source(payload: Mapping[str, Any], source: Mapping[str, Any] | None) -> Mapping[str, Any]:
    """The payload of a record, saying where it was taken from."""
    return payload if source is None else {**payload, "source": dict(source)}


def refuse_number(number: str, new: NewAct, around: Around) -> None:
    """Refuses a given number on a live entry, and one another case has."""
    if not number:
        return
    if new.entered is Entered.LIVE:
        raise ActionRefused(
            "编号由系统在规定的环节自动生成；只有补录时才填原有编号。", code="invalid", field="number"
        )
    if around.number_taken(number):
        raise ActionRefused(f"编号“{number}”已用于另一事项，请核对。", code="duplicate", field="number")


def number_of(  # noqa: PLR0917 - the order in which one says it
    case_type: CaseType, new: NewAct, held: str, given: str, organization: Organization, around: Around
) -> dict[str, Any] | None:
    """The number this act gives the case: the paper one of a back entry, or the next of the series."""
    rule = due_number(case_type, new.act, held)
    if given:
        return {"text": given, "of": organization.code, "year": new.on.year, "serial": None}
    return around.issue(case_type, rule, organization, new.on) if rule else None
