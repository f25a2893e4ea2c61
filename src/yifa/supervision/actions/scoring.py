"""Scoring a file blind by two; the third where they differ; the result recorded once all sheets are in."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from yifa.ledger.actions import PublishEntry, RecordAct, StoreAttachment
from yifa.ledger.actions.base import Action, today
from yifa.ledger.models import Entry, User
from yifa.ledger.people.needs import Needs, Reach
from yifa.ledger.refusal import ActionRefused
from yifa.papers.sheets import Column, write_sheet
from yifa.supervision.actions.reviews import OpenReview, answers_of, record, refuse_reviewer
from yifa.supervision.models import FileReview, Scoring
from yifa.supervision.recusals import kept_from
from yifa.supervision.scoring import Mark, Scored, agreement, scored

NOTE_LENGTH = 300


@dataclass(frozen=True, kw_only=True)
class NameThird(Action[Scoring]):
    """Names who looks where the two differ."""

    needs = OpenReview.needs

    actor: User | None
    review: FileReview
    reviewer: User

    def check(self) -> None:
        """Refuses it before both are in, where they agree, and somebody of the unit or one of the two."""
        self._admit(self.review.organization)
        sheets = list(Scoring.objects.filter(review_id=self.review.pk))
        if len(sheets) != 2 or any(one.submitted_on is None for one in sheets):
            raise ActionRefused("两名评查人员都交表之后，才看是否要第三人。", code="early")
        if not agreement(self.review.sheet_type, *(answers_of(one) for one in sheets)).third:
            raise ActionRefused("两人结论一致，不用第三人。", code="agreed")
        if any(one.reviewer_id == self.reviewer.pk for one in sheets):
            raise ActionRefused("第三人须是另外的人。", code="reviewer", field="reviewer")
        review = self.review
        kept = kept_from(review.organization, review.unit, review.file, review.case.title)
        refuse_reviewer(self.reviewer, review.unit, kept)

    def _change(self) -> Scoring:
        record(self.review, "review.third", self.actor, {"reviewer": self.reviewer.get_username()})
        return Scoring.objects.create(review=self.review, turn=3, reviewer=self.reviewer)


@dataclass(frozen=True, kw_only=True)
class SubmitSheet(Action[Scoring]):
    """A reviewer sends the own sheet, once; with the last one needed the result is recorded in the case.

    Attributes:
        answers: item -> (mark, note); whatever is not wholly so needs a note.
    """

    needs = Needs("填写案卷评查表", also="限于指定的评查人员", reach=Reach.SELF)

    actor: User | None
    review: FileReview
    answers: Mapping[str, tuple[str, str]]

    def check(self) -> None:
        """Refuses whoever was not named, a second sheet, an item left out, a file not yet there."""
        if self._own() is None:
            raise ActionRefused("您不是这个案卷的评查人员。", code="role")
        review = self.review
        if not review.has_file:
            raise ActionRefused("被评查单位还没有送交案卷，暂不能评分。", code="early")
        if self._own(submitted=False) is None:
            raise ActionRefused("评查表已经提交，不能再改。", code="submitted")
        items = list(review.sheet_type.items())
        if left := [one for one in items if self.answers.get(one.id, ("", ""))[0] not in set(Mark)]:
            others = f"，连同它共{len(left)}项没有评" if len(left) > 1 else ""
            raise ActionRefused(f"“{left[0].title}”没有评{others}。", code="invalid", field=left[0].id)
        for item in items:
            mark, note = self.answers[item.id]
            if mark in {Mark.HALF, Mark.NONE} and not note.strip():
                raise ActionRefused(f"“{item.title}”评为{mark}，请写明问题。", code="invalid", field=item.id)
            if len(note) > NOTE_LENGTH:
                raise ActionRefused(
                    f"“{item.title}”的说明最多{NOTE_LENGTH}字。", code="invalid", field=item.id
                )

    def _own(self, submitted: bool | None = None) -> Scoring | None:
        found = Scoring.objects.filter(review_id=self.review.pk, reviewer=self.actor)
        if submitted is not None:
            found = found.filter(submitted_on__isnull=not submitted)
        return found.first()

    def _change(self) -> Scoring:
        held = FileReview.objects.select_for_update(of=("self",)).get(
            pk=self.review.pk
        )  # both at once settle once
        if held.sheet != self.review.sheet:
            raise ActionRefused("评查表刚刚换过，请重新打开填写。", code="sheet")
        own = self._own(submitted=False)
        if own is None:
            raise ActionRefused("评查表已经提交，不能再改。", code="submitted")
        wanted = [item.id for item in self.review.sheet_type.items()]
        own.answers = {id_: [self.answers[id_][0], self.answers[id_][1].strip()] for id_ in wanted}
        own.submitted_on = today()
        own.save(update_fields=["answers", "submitted_on"])
        record(self.review, "review.scored", self.actor, {"turn": own.turn, "answers": own.answers})
        settle(self.review)
        return own


def settle(review: FileReview) -> Scored | None:
    """Records the result once all sheets needed are in; None before."""
    sheets = list(Scoring.objects.filter(review=review).select_related("reviewer"))
    if any(one.submitted_on is None for one in sheets):
        return None
    views = [answers_of(one) for one in sheets]
    if len(views) == 2 and agreement(review.sheet_type, *views).third:
        return None
    result = scored(review.sheet_type, *views)
    names = "、".join(one.reviewer.display_name or one.reviewer.get_username() for one in sheets)
    RecordAct(
        actor=None, case=review.case, act="review", on=today(), outcome=result.grade, by=names[:60],
        unit=review.organization,
        fields={"sheet": _listed(review), "score": float(round(result.score, 1)), "problems": list(result.problems)},
        evidence=[{"title": "评查表", "attachment": _paper(review, sheets)}],
    ).execute()  # fmt: skip
    review.settled_on = today()
    review.save(update_fields=["settled_on"])
    told = {"score": str(round(result.score, 1)), "grade": result.grade}
    record(review, "review.settled", None, told)
    return result


def _listed(review: FileReview) -> str:
    """The sheet's entry in the register, published when it is used for the first time."""
    sheet = review.sheet_type
    code = sheet.title  # read by people wherever the review is shown
    known = Entry.objects.filter(register="review_sheets", key=code, withdrawn=False)
    paths = review.organization.ancestor_codes()
    if not known.filter(organization__code__in=paths).exists():
        items = [f"{item.title}（{item.points}分）" for item in sheet.items()]
        data = {
            "code": code,
            "name": sheet.title,
            "file_kind": sheet.file_kind,
            "items": items,
            "since": today().isoformat(),
        }
        PublishEntry(
            actor=None, organization=review.organization, register="review_sheets", data=data, on=today()
        ).execute()
    return code


def _paper(review: FileReview, sheets: Sequence[Scoring]) -> str:
    """The sheets side by side as an Excel file."""
    names = [one.reviewer.display_name or one.reviewer.get_username() for one in sheets]
    columns = [Column("评查项", 44, wrap=True), Column("分值", 8)]
    for name in names:
        columns += [Column(name, 12), Column(f"{name}的说明", 30, wrap=True)]
    rows = (
        [item.title, item.points, *(cell for one in sheets for cell in one.answers[item.id])]
        for item in review.sheet_type.items()
    )
    file = io.BytesIO()
    write_sheet(file, "评查表", columns, rows)
    name = f"{review.sheet_type.title}（{review.case.title[:40]}）.xlsx"
    return StoreAttachment(actor=None, content=file.getvalue(), name=name).execute().pk
