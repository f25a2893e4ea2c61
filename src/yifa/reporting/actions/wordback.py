"""A Word file edited outside comes back: kept, compared, and taken over section by section."""

from __future__ import annotations

from dataclasses import dataclass

from yifa.ledger.actions import StoreAttachment
from yifa.ledger.refusal import ActionRefused
from yifa.reading import read_bytes
from yifa.reporting.actions.base import ReportingAction, refuse_settled
from yifa.reporting.actions.editing import EditSection
from yifa.reporting.models import Report, SectionVersion, WordReturn
from yifa.reporting.wordback import set_against

OFFERED, TAKEN, DECLINED = "offered", "taken", "declined"


@dataclass(frozen=True, kw_only=True)
class ReceiveWord(ReportingAction[WordReturn]):
    """Keeps the file and says what in it is otherwise than the report; changes nothing yet."""

    report: Report
    content: bytes
    name: str

    def check(self) -> None:
        """Refuses others than the coordinator, a report that is no draft, an empty file."""
        self._coordinator(self.report.organization, "收回外部修改的文件")
        refuse_settled(self.report)
        if not self.content:
            raise ActionRefused("文件是空的，请重新选择。", code="invalid", field="file")

    def _change(self) -> WordReturn:
        found = set_against(self.report, read_bytes(self.content, self.name))
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
            named=[{"kind": one.kind, "title": one.title, "text": one.text} for one in found.named],
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


@dataclass(frozen=True, kw_only=True)
class DecideOffer(ReportingAction[WordReturn]):
    """Takes over, or declines, what a returned file offers for one section."""

    row: WordReturn
    section: str
    take: bool

    def check(self) -> None:
        """Refuses what is not offered any more."""
        self._coordinator(self.row.report.organization, "采用外部修改")
        refuse_settled(self.row.report)
        self._place()

    def _place(self) -> int:
        for place, offer in enumerate(self.row.offers):
            if offer["section"] == self.section and offer["state"] == OFFERED:
                return place
        raise ActionRefused("这一处修改已经处理过了，请刷新页面。", code="missing")

    def _change(self) -> WordReturn:
        row = WordReturn.objects.select_for_update(of=("self",)).get(pk=self.row.pk)
        offer = row.offers[self._place()]
        if self.take:
            EditSection(
                actor=self.actor,
                section=self.row.report.sections.get(key=self.section),
                text=offer["after"],
                expected_version=offer["seen"],
                how=SectionVersion.How.WORD,
            ).execute()
        offer["state"] = TAKEN if self.take else DECLINED
        row.save(update_fields=["offers"])
        if not self.take:
            payload = {"file": row.attachment, "section": self.section, "text": offer["after"]}
            self._record(self.row.report, "word.declined", payload)
        return row
