"""A Word file edited outside comes back: kept, compared, and taken over section by section."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from yifa.ledger.actions import StoreAttachment
from yifa.ledger.models import Role
from yifa.ledger.people.needs import Needs
from yifa.ledger.refusal import ActionRefused
from yifa.reading import read_bytes
from yifa.reporting.actions.base import ReportingAction, refuse_settled
from yifa.reporting.actions.editing import EditSection
from yifa.reporting.models import Report, SectionVersion, WordReturn
from yifa.reporting.wordback import Named, set_against
from yifa.reporting.wordoffers import Fit, Proposal, other_title, proposal

OFFERED, TAKEN, DECLINED = "offered", "taken", "declined"
WHY_NOT = {
    Fit.CONTRADICTS: "在比对以后又改过，和文件改的是同一句，不能直接采用；要用文件里的话，请在“修改”页改",
    Fit.THERE: "现在的文字已经是文件里的意思，不用再采用",
    Fit.GONE: "现在的报告里没有这一部分了，不能采用",
}
MARKS = (  # part of a Word file, what marks one revision or comment in it
    ("word/document.xml", re.compile(rb"<w:(?:ins|del|moveFrom|moveTo)[ >]")),
    ("word/comments.xml", re.compile(rb"<w:comment[ >]")),
)


@dataclass(frozen=True, kw_only=True)
class ReceiveWord(ReportingAction[WordReturn]):
    """Keeps the file and says what in it is otherwise than the report; changes nothing yet."""

    needs = Needs("收回外部修改的文件", (Role.COORDINATOR,))

    report: Report
    content: bytes
    name: str

    def check(self) -> None:
        """Refuses others than the coordinator, a report that is no draft, an empty file."""
        self._admit(self.report.organization)
        refuse_settled(self.report)
        if not self.content:
            raise ActionRefused("文件是空的，请重新选择。", code="invalid", field="file")

    def _change(self) -> WordReturn:
        document = read_bytes(self.content, self.name)
        other = other_title(self.report, document)
        if other:
            raise ActionRefused(
                f"「{self.name}」的标题是“{other}”，不是这份报告，没有收下；请核对是否选错了文件。",
                code="foreign",
                field="file",
            )
        found = set_against(self.report, document)
        if found.foreign:
            raise ActionRefused(
                f"「{self.name}」里没有这份报告的任何一个标题，不像是由它导出的文件，没有收下；请核对是否选错了文件。",
                code="foreign",
                field="file",
            )
        attachment = StoreAttachment(actor=self.actor, content=self.content, name=self.name).execute()
        row = WordReturn.objects.create(
            report=self.report,
            attachment=attachment.pk,
            name=self.name,
            offers=[
                {
                    "section": offer.section.key,
                    "title": str(offer.section),
                    "seen": offer.section.version,
                    "before": offer.before,
                    "after": offer.after,
                    "state": OFFERED,
                }
                for offer in found.offers
            ],
            refused=[
                {"section": str(one.section), "rule": one.rule, "was": one.was, "became": one.became}
                for one in found.refused
            ],
            named=[
                {"kind": one.kind, "title": one.title, "text": one.text}
                for one in (*found.named, *_marks(self.content))
            ],
            made_by=self.actor,
        )
        self._record(
            self.report,
            "word.returned",
            {
                "attachment": attachment.pk,
                "name": self.name,
                "sections": [offer["section"] for offer in row.offers],
                "refused": row.refused,
            },
        )
        return row


def _marks(content: bytes) -> list[Named]:
    """Revisions and comments that were left in a Word file: the text was read with all revisions accepted."""
    if not zipfile.is_zipfile(io.BytesIO(content)):
        return []
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        counts = [
            sum(len(mark.findall(parts.read(name))) for name in parts.namelist() if name == part)
            for part, mark in MARKS
        ]
    revisions, comments = counts
    found = []
    if revisions:
        found.append(Named("marks", f"文件里有{revisions}处修订没有接受或者拒绝，按全部接受后的文字比对", ""))
    if comments:
        found.append(Named("marks", f"文件里有{comments}条批注，没有带入报告", ""))
    return found


@dataclass(frozen=True, kw_only=True)
class DecideOffer(ReportingAction[WordReturn]):
    """Takes over, or declines, what a returned file offers for one section."""

    needs = Needs("采用外部修改", (Role.COORDINATOR,))

    row: WordReturn
    section: str
    take: bool
    seen: int | None = None  # the version of the section that was shown with it

    def check(self) -> None:
        """Refuses what is not offered any more."""
        self._admit(self.row.report.organization)
        refuse_settled(self.row.report)
        self._place()

    def _proposed(self, offer: Mapping[str, Any]) -> Proposal:
        """What is taken; refused where the section has gone on so that nothing can be."""
        section = self.row.report.sections.filter(key=self.section).first()
        found = proposal(offer, section)
        if self.seen is not None and self.seen != found.version:
            raise ActionRefused(
                f"“{offer['title']}”刚又改过，没有采用；下面已按现在的文字重新比对，请再看一遍。",
                code="conflict",
            )
        if not found.may_take:
            raise ActionRefused(f"“{offer['title']}”{WHY_NOT[found.fit]}。", code="conflict")
        return found

    def _place(self) -> int:
        for place, offer in enumerate(self.row.offers):
            if offer["section"] == self.section and offer["state"] == OFFERED:
                return place
        raise ActionRefused("这一处修改已经处理过了，请刷新页面。", code="missing")

    def _change(self) -> WordReturn:
        row = WordReturn.objects.select_for_update(of=("self",)).get(pk=self.row.pk)
        offer = row.offers[self._place()]
        if self.take:
            taken = self._proposed(offer)
            offer["before"], offer["after"] = taken.before, taken.after
            EditSection(
                actor=self.actor,
                section=self.row.report.sections.get(key=self.section),
                text=taken.after,
                expected_version=taken.version,
                how=SectionVersion.How.WORD,
            ).execute()
        offer["state"] = TAKEN if self.take else DECLINED
        row.save(update_fields=["offers"])
        if not self.take:
            payload = {"file": row.attachment, "section": self.section, "text": offer["after"]}
            self._record(self.row.report, "word.declined", payload)
        return row
