"""What all changes of papers share: who may make them, and the line in the ledger."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from yifa.documents.filled import FilledPaper
from yifa.documents.making import template_of, values_of
from yifa.documents.models import CaseDocument, DocumentVersion
from yifa.documents.ownword import fill_word
from yifa.documents.shelf import shelf
from yifa.documents.values import Facts
from yifa.documents.word import write
from yifa.ledger.actions import StoreAttachment
from yifa.ledger.actions.base import Action, held
from yifa.ledger.actions.cases import recorders
from yifa.ledger.chain.appending import append_record
from yifa.ledger.legal import case_type_of
from yifa.ledger.models import Case, Subject, User
from yifa.ledger.people.desks import Desks
from yifa.ledger.people.needs import BUSINESS, Needs
from yifa.ledger.refusal import ActionRefused

Result = TypeVar("Result")


@dataclass(frozen=True, kw_only=True)
class DocumentAction(Action[Result]):
    """One change of a paper. `actor` None is the system."""

    needs = Needs("制作、修改、收回、作废文书", BUSINESS, "能录入这个环节的人，并含承办人")

    actor: User | None

    def _stands(self, document: CaseDocument) -> None:
        """Reads the paper as it stands now; a withdrawn paper stays as it is."""
        document.refresh_from_db(
            from_queryset=held(CaseDocument.objects.select_related("case__organization"))
        )
        if document.withdrawn:
            raise ActionRefused(
                f"“{document.title}”已经作废，不能再改；需要时请重新制作一份。", code="withdrawn"
            )

    def _may(self, case: Case, act: str) -> None:
        """Whoever may record the act may make its papers."""
        case_type = case_type_of(case.case_type)
        roles = recorders(case_type, act)
        self._admit(Desks(case, case_type).of(self.actor, act, roles), roles, "制作这份文书", case.pk)

    def _record(self, document: CaseDocument, kind: str, payload: Mapping[str, Any]) -> None:
        append_record(
            Subject.DOCUMENT,
            document.pk,
            kind,
            document.organization,
            None,
            self.actor,
            {"title": document.title, **payload},
        )

    def _version(
        self, document: CaseDocument, paper: FilledPaper, facts: Facts | None = None
    ) -> DocumentVersion:
        """Stores the paper as Yifa fills it now."""
        template, _ = template_of(document)
        own = shelf().word_of(template.document)
        order = document.versions.count() + 1
        with tempfile.TemporaryDirectory(prefix="yifa-document-") as name:
            path = Path(name) / "paper.docx"
            mark = f"{document.pk}:{order}"
            if own is None:
                write(paper, path, mark=mark)
            else:
                fill_word(own, values_of(document, facts), path, mark=mark)
            content = path.read_bytes()
        attachment = StoreAttachment(
            actor=self.actor, content=content, name=f"{document.title}.docx"
        ).execute()
        version = DocumentVersion.objects.create(
            document=document,
            order=order,
            state=DocumentVersion.State.FILLED,
            attachment=attachment,
            lines=paper.stored(),
            made_by=self.actor,
        )
        self._record(
            document,
            "document.filled",
            {"version": order, "attachment": attachment.pk, "blanks": [one.key for one in paper.missing]},
        )
        return version
