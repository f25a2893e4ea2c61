"""A paper brought back from Word: taken in, accepted as the signed text or sent back; filed with its act."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from yifa.documents.actions.base import DocumentAction
from yifa.documents.actions.making import keep_answers
from yifa.documents.filled import read_stored
from yifa.documents.making import standing, template_of
from yifa.documents.models import CaseDocument, DocumentVersion
from yifa.documents.registering import register_paper
from yifa.documents.returning import Difference, differences
from yifa.documents.word import MARK
from yifa.law.schema import FieldType
from yifa.ledger.actions import CorrectAct, StoreAttachment
from yifa.ledger.actions.base import held, said
from yifa.ledger.chain.attachments import HEAD, media_type
from yifa.ledger.deciding.cases import history_of
from yifa.ledger.refusal import ActionRefused
from yifa.papers.marks import mark_of, word_text
from yifa.reading import ReadingError, read_bytes

State = DocumentVersion.State
SCANS = {"application/pdf", "image/png", "image/jpeg", "image/tiff"}
SCANNED = "（扫描件，不能逐字比对，请人工核对）"
PLAIN = {FieldType.TEXT, FieldType.LONG_TEXT, FieldType.PERSON, FieldType.ORGANIZATION}


@dataclass(frozen=True, kw_only=True)
class ReturnDocument(DocumentAction[DocumentVersion]):
    """A file brought back: read and set against what was filled in; it waits until somebody accepts it."""

    document: CaseDocument
    content: bytes
    name: str

    def check(self) -> None:
        """Raises ActionRefused."""
        self._stands(self.document)
        self._may(self.document.case, self.document.act)

    def _change(self) -> DocumentVersion:
        document = self.document
        base = self._base()
        found = self._differences(base)
        attachment = StoreAttachment(actor=self.actor, content=self.content, name=self.name).execute()
        version = DocumentVersion.objects.create(
            document=document,
            order=document.versions.count() + 1,
            state=State.WAITING,
            attachment=attachment,
            lines=base.lines,
            differences=[one.stored() for one in found],
            made_by=self.actor,
        )
        self._record(
            document,
            "document.returned",
            {
                "version": version.order,
                "of": base.order,
                "attachment": attachment.pk,
                "differences": len(found),
            },
        )
        return version

    def _differences(self, base: DocumentVersion) -> tuple[Difference, ...]:
        """What the file says otherwise; a scan without words is for people to compare."""
        try:
            read = read_bytes(self.content, self.name)
        except ReadingError as error:
            if media_type(self.content[:HEAD]) in SCANS:
                return (Difference("", "", SCANNED),)
            raise ActionRefused(f"文件没有收下：{error.message}", code="format") from error
        text = (
            word_text(self.content) or read.text
        )  # Word's own lines; of other formats those that reading made
        return differences(read_stored(base.lines), text)

    def _base(self) -> DocumentVersion:
        """The version the file was made from: the one it names, else the last filled."""
        mark = mark_of(self.content, MARK)
        made = list(self.document.versions.filter(state=State.FILLED))
        if mark is not None:
            document, _, order = mark.partition(":")
            if document != str(self.document.pk):
                other = CaseDocument.objects.filter(pk=document).select_related("case").first()
                which = f"《{other.title}》（{other.case.title}）" if other is not None else "另一份文书"
                raise ActionRefused(
                    f"这个文件是{which}，不是这一份。请选对文件再上传。", code="other_document"
                )
            named = next((one for one in made if str(one.order) == order), None)
            if named is not None:
                return named
        return made[-1]


def _waits(version: DocumentVersion) -> None:
    """Reads the version as it stands now; what was decided on before stays so."""
    version.refresh_from_db(
        from_queryset=held(DocumentVersion.objects.select_related("document__case__organization"))
    )
    if version.state != State.WAITING:
        raise ActionRefused("这一版已经处理过了，请刷新页面。", code="conflict")


@dataclass(frozen=True, kw_only=True)
class AcceptReturned(DocumentAction[DocumentVersion]):
    """The returned text is the signed one: what only papers say is kept as written, facts of the ledger are not touched."""

    version: DocumentVersion

    def check(self) -> None:
        """Raises ActionRefused."""
        _waits(self.version)
        self._stands(self.version.document)
        self._may(self.version.document.case, self.version.document.act)

    def _change(self) -> DocumentVersion:
        version, document = self.version, self.version.document
        kept = keep_answers(document.case, self._own())
        version.state = State.SIGNED
        version.save(update_fields=["state"])
        facts = [
            one["key"] for one in version.differences if one["key"] and not one["key"].startswith("own.")
        ]
        self._record(
            document,
            "document.accepted",
            {
                "version": version.order,
                "attachment": version.attachment_id,
                "answers": kept,
                "differs": facts,
            },
        )
        return version

    def _own(self) -> dict[str, Any]:
        template, _ = template_of(self.version.document)
        found = {}
        for one in self.version.differences:
            root, _, name = one["key"].partition(".")
            spec = template.fields.get(name) if root == "own" else None
            if spec is not None and spec.type in PLAIN:
                found[name] = one["became"]
        return found


@dataclass(frozen=True, kw_only=True)
class RefuseReturned(DocumentAction[DocumentVersion]):
    """The returned text is not accepted, and why."""

    version: DocumentVersion
    reason: str

    def check(self) -> None:
        """Raises ActionRefused."""
        _waits(self.version)
        self._may(self.version.document.case, self.version.document.act)
        said(self.reason, "退回的理由", "reason", 300)

    def _change(self) -> DocumentVersion:
        self.version.state, self.version.reason = State.REFUSED, self.reason.strip()
        self.version.save(update_fields=["state", "reason"])
        self._record(
            self.version.document,
            "document.refused",
            {"version": self.version.order, "reason": self.version.reason},
        )
        return self.version


@dataclass(frozen=True, kw_only=True)
class FileDocument(DocumentAction[None]):
    """Files the standing version with the recorded act as its evidence, in place of a paper copy of that title.

    A numbered paper of a penalty case is put on the register of enforcement papers with it.
    """

    document: CaseDocument

    def check(self) -> None:
        """Raises ActionRefused."""
        self._stands(self.document)
        self._may(self.document.case, self.document.act)
        if self.document.position is None:
            raise ActionRefused("这一环节还没有记入台账，请先办理环节，文书会随之归入。", code="order")

    def _change(self) -> None:
        version = standing(list(self.document.versions.all()))
        position = self.document.position
        if version is None or position is None:
            return
        title = paper_title(self.document)
        before = history_of(self.document.case).evidence.get(position, [])
        evidence = [dict(paper) for paper in before if paper["title"] != title]
        evidence.append({"title": title, "attachment": version.attachment_id})
        CorrectAct(
            actor=self.actor,
            case=self.document.case,
            position=position,
            changes={"evidence": evidence},
            reason=f"归入文书：{title}",
        ).execute()
        self._record(
            self.document, "document.filed", {"version": version.order, "position": position, "title": title}
        )
        register_paper(self.document, self.actor)


def paper_title(document: CaseDocument) -> str:
    """Under which title the paper is evidence: the one the act asks for, else the paper's own."""
    _, serves = template_of(document)
    return serves.paper or document.title
