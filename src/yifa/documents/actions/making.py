"""Making a paper, saying what only it says, filling it anew, withdrawing it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone

from yifa.documents.actions.base import DocumentAction
from yifa.documents.making import filled, made_before, standing, template_of
from yifa.documents.models import CaseAnswer, CaseDocument, DocumentVersion, OfficeDetail
from yifa.documents.registering import register_paper
from yifa.documents.shelf import serves_of, shelf
from yifa.documents.values import Facts
from yifa.law.documentfields import office_fields
from yifa.ledger.actions.base import Action, held, said
from yifa.ledger.chain.appending import append_record
from yifa.ledger.deciding.cases import history_of
from yifa.ledger.models import Case, Organization, Role, Subject, User
from yifa.ledger.people.needs import Needs
from yifa.ledger.refusal import ActionRefused

DRAFT = ("on", "outcome", "by")


@dataclass(frozen=True, kw_only=True)
class MakeDocument(DocumentAction[CaseDocument]):
    """A paper of a case from a template: for the act recorded at `position`, or for one still to be recorded.

    Where one stands already the act is refused with the code `duplicate`; `again` makes another one on purpose.
    """

    case: Case
    template: str
    act: str
    position: int | None = None
    again: bool = False

    def check(self) -> None:
        """Raises ActionRefused."""
        template = shelf().templates.get(self.template)
        if template is None or serves_of(template, self.case, self.act) is None:
            raise ActionRefused("没有适用于这一环节的这个文书模板，请从列表里选。", code="template")
        self._may(self.case, self.act)
        if self.position is not None:
            acts = {act.position: act.act for act in Facts(self.case).state.acts}
            if acts.get(self.position) != self.act:
                raise ActionRefused("这一环节已被更正或者撤销，请刷新后再选。", code="conflict")
        held(
            Case.objects.filter(pk=self.case.pk)
        ).get()  # of two who press at once the second finds the first's
        if not self.again and made_before(self.case.documents.all(), self.template, self.act, self.position):
            raise ActionRefused(
                f"《{template.title}》已经制作过；确实需要另一份的，请点“再制作一份”。", code="duplicate"
            )

    def _change(self) -> CaseDocument:
        document = self._row()
        self._record(
            document,
            "document.made",
            {
                "case": str(self.case.pk),
                "template": self.template,
                "act": self.act,
                "position": self.position,
                "serial": document.serial,
            },
        )
        self._version(document, filled(document))
        return document

    def _row(self) -> CaseDocument:
        template = shelf().templates[self.template]
        year = timezone.localdate().year
        try:
            with transaction.atomic():
                return CaseDocument.objects.create(
                    case=self.case,
                    organization=self.case.organization,
                    template=self.template,
                    title=template.title,
                    act=self.act,
                    position=self.position,
                    year=year,
                    serial=self._serial(year) if "{serial}" in (template.number or "") else None,
                    made_by=self.actor,
                )
        except IntegrityError:  # somebody else took the number in the same moment
            raise ActionRefused("这个编号刚被他人取用，请再点一次“制作”。", code="conflict") from None

    def _serial(self, year: int) -> int:
        rows = CaseDocument.objects.filter(
            organization=self.case.organization, template=self.template, year=year
        )
        return (rows.aggregate(most=Max("serial"))["most"] or 0) + 1


@dataclass(frozen=True, kw_only=True)
class FillDocument(DocumentAction[DocumentVersion]):
    """What only papers say, and what is intended of an act not yet recorded; the paper is filled anew from all that.

    `answers` are kept with the case: no other paper of it asks for them again. `facts` are those the act is about to say.
    """

    document: CaseDocument
    facts: Mapping[str, Any] = field(default_factory=dict)
    answers: Mapping[str, Any] = field(default_factory=dict)
    draft: Mapping[str, Any] = field(default_factory=dict)

    def check(self) -> None:
        """Raises ActionRefused."""
        self._stands(self.document)
        self._may(self.document.case, self.document.act)
        template = shelf().templates.get(self.document.template)
        unknown = set(self.answers) - set(template.fields if template is not None else ())
        if unknown:
            raise ActionRefused(f"这个模板没有这些字段：{'、'.join(sorted(unknown))}。", code="invalid")

    def _change(self) -> DocumentVersion:
        document = self.document
        changed = keep_answers(document.case, self.answers)
        if document.position is None and dict(self.draft) != document.draft:
            document.draft = dict(self.draft)
            document.save(update_fields=["draft"])
            changed["draft"] = document.draft
        if changed:
            self._record(document, "document.answered", {"answers": changed})
        facts = Facts(document.case, said=self.facts)
        paper = filled(document, facts)
        last = document.versions.order_by("-order").first()
        own = shelf().word_of(template_of(document)[0].document)  # may have changed where the lines did not
        if (
            own is None
            and last is not None
            and last.state == last.State.FILLED
            and last.lines == paper.stored()
        ):
            return last
        return self._version(document, paper, facts)


def keep_answers(case: Case, answers: Mapping[str, Any]) -> dict[str, Any]:
    """Keeps what papers say with the case; what was given before and is empty now is taken away. Says what changed."""
    before = dict(CaseAnswer.objects.filter(case=case).values_list("name", "value"))
    changed: dict[str, Any] = {}
    for name, value in answers.items():
        if value in (None, "", []):
            if name in before:
                CaseAnswer.objects.filter(case=case, name=name).delete()
                changed[name] = None
        elif before.get(name) != value:
            CaseAnswer.objects.update_or_create(case=case, name=name, defaults={"value": value})
            changed[name] = value
    return changed


@dataclass(frozen=True, kw_only=True)
class BindDocument(DocumentAction[CaseDocument]):
    """The act a paper was made for has been recorded: from now on the ledger says what stands in it.

    Filed with the act, it is put on the register of enforcement papers where it belongs there.
    """

    document: CaseDocument
    position: int

    def check(self) -> None:
        """Raises ActionRefused."""
        self._stands(self.document)
        self._may(self.document.case, self.document.act)

    def _change(self) -> CaseDocument:
        self.document.position = self.position
        self.document.save(update_fields=["position"])
        self._record(self.document, "document.bound", {"position": self.position})
        version = standing(list(self.document.versions.all()))
        filed = history_of(self.document.case).evidence.get(self.position, [])
        if version is not None and version.attachment_id in {paper["attachment"] for paper in filed}:
            register_paper(self.document, self.actor)
        return self.document


@dataclass(frozen=True, kw_only=True)
class WithdrawDocument(DocumentAction[CaseDocument]):
    """A paper that is not used; its number is not given again."""

    document: CaseDocument
    reason: str

    def check(self) -> None:
        """Raises ActionRefused."""
        self._stands(self.document)
        self._may(self.document.case, self.document.act)
        said(self.reason, "作废的理由", "reason", 300)

    def _change(self) -> CaseDocument:
        self.document.withdrawn = True
        self.document.save(update_fields=["withdrawn"])
        self._record(self.document, "document.withdrawn", {"reason": self.reason.strip()})
        return self.document


@dataclass(frozen=True, kw_only=True)
class ChangeOffice(Action[OfficeDetail]):
    """What papers say of an organization: entered once."""

    needs = Needs("填写单位文书资料", (Role.COORDINATOR, Role.OFFICER))

    actor: User | None
    organization: Organization
    data: Mapping[str, Any]

    def check(self) -> None:
        """Raises ActionRefused."""
        self._admit(self.organization)
        unknown = set(self.data) - set(office_fields())
        if unknown:
            raise ActionRefused(f"单位文书资料没有这些字段：{'、'.join(sorted(unknown))}。", code="invalid")

    def _change(self) -> OfficeDetail:
        data = {name: value for name, value in self.data.items() if value not in (None, "")}
        detail, _ = OfficeDetail.objects.update_or_create(
            organization=self.organization, defaults={"data": data, "changed_by": self.actor}
        )
        append_record(
            Subject.ORGANIZATION,
            self.organization.subject_id,
            "organization.office_changed",
            self.organization,
            None,
            self.actor,
            {"office": data},
        )
        return detail
