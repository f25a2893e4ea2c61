"""The sheet of a review opened with the wrong one is changed, as long as nobody has scored by it."""

from __future__ import annotations

from dataclasses import dataclass

from yifa.law.loader import catalogue
from yifa.law.schema import SheetType
from yifa.ledger.actions import ChangeFacts
from yifa.ledger.actions.base import Action, said
from yifa.ledger.models import User
from yifa.ledger.refusal import ActionRefused
from yifa.supervision.actions.reviews import OpenReview, record
from yifa.supervision.filekinds import OTHER, kind_of
from yifa.supervision.models import FileReview, Scoring


def other_sheets(review: FileReview) -> list[SheetType]:
    """What its sheet may be changed for: nothing once a reviewer has sent one; a file of the ledger keeps to its type."""
    if review.case.closed_on or Scoring.objects.filter(review=review, submitted_on__isnull=False).exists():
        return []
    file = review.file
    return [
        one for one in catalogue().sheets.values()
        if one.sheet != review.sheet and (file is None or one.file_kind == OTHER or file.case_type in one.case_types)
    ]  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class ChangeSheet(Action[FileReview]):
    """Has a file reviewed by another sheet. Reviewers and steps stay; the kind of file follows the sheet."""

    needs = OpenReview.needs

    actor: User | None
    review: FileReview
    sheet: str
    reason: str

    def check(self) -> None:
        """Refuses it without a reason, after a reviewer has sent the sheet, and a sheet that is not for such files."""
        self._admit(self.review.organization)
        allowed = other_sheets(self.review)
        if not allowed:
            raise ActionRefused("已有评查人员交表，或者评查已经办结，不能再换评查表。", code="late")
        if self.sheet not in {one.sheet for one in allowed}:
            raise ActionRefused("请选择适用于这个案卷的另一份评查表。", code="sheet", field="sheet")
        said(self.reason, "换表的理由", "reason", 300)

    def _change(self) -> FileReview:
        FileReview.objects.select_for_update(of=("self",)).get(pk=self.review.pk)  # not while a sheet is sent
        if not other_sheets(self.review):
            raise ActionRefused("已有评查人员交表，不能再换评查表。", code="late")
        review, sheet, reason = self.review, catalogue().sheets[self.sheet], self.reason.strip()
        kind = kind_of(review.file, sheet) if review.file else sheet.file_kind
        if review.case.facts.get("file_kind") != kind:
            ChangeFacts(
                actor=None, case=review.case, facts={"file_kind": kind}, reason=f"更换评查表：{reason}"
            ).execute()
        record(
            review, "review.sheet_changed", self.actor,
            {"from": review.sheet, "sheet": sheet.sheet, "reason": reason},
        )  # fmt: skip
        review.sheet = sheet.sheet
        review.save(update_fields=["sheet"])
        return review
