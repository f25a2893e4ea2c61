"""Reviews of files: opened from a draw or a signal, scored blind by two, settled, with a third where they differ."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from yifa.law.loader import catalogue
from yifa.law.schema import SheetType
from yifa.ledger.actions import OpenCase, PublishEntry, RecordAct, StoreAttachment
from yifa.ledger.actions.base import Action, said, today
from yifa.ledger.appending import append_record
from yifa.ledger.models import Case, Entry, Organization, Role, Subject, User
from yifa.ledger.needs import Needs, Reach
from yifa.ledger.refusal import ActionRefused
from yifa.papers.sheets import Column, write_sheet
from yifa.supervision.models import Draw, FileReview, Scoring
from yifa.supervision.pools import FILES
from yifa.supervision.scoring import Answers, Mark, Scored, agreement, scored

WAYS = ("随机抽取", "集中调阅", "交叉评查", "专项调阅")
LEDGER_FILE = "案卷目录"
NOTE_LENGTH = 300


def answers_of(scoring: Scoring) -> Answers:
    """A sheet as it was sent."""
    return {item: (Mark(mark), note) for item, (mark, note) in scoring.answers.items()}


def sheet_for(case_type: str) -> SheetType | None:
    """The sheet for the cases of a type."""
    return next((sheet for sheet in catalogue().sheets.values() if case_type in sheet.case_types), None)


def refuse_reviewer(user: User, unit: Organization) -> None:
    """Nobody reviews a file of the own unit."""
    own = user.organization
    if own is None:
        raise ActionRefused(
            f"{user.display_name or user.get_username()}没有所属单位，不能评查。", code="reviewer"
        )
    if own.path.startswith(unit.path):
        raise ActionRefused(
            f"{user.display_name or user.get_username()}是被评查单位的人，请另选其他单位的人。",
            code="reviewer",
        )


def _record(review: FileReview, kind: str, actor: User | None, payload: Mapping[str, Any]) -> None:
    append_record(Subject.REVIEW, review.pk, kind, review.organization, today(), actor, payload)


@dataclass(frozen=True, kw_only=True)
class OpenReview(Action[FileReview]):
    """Opens the review of a file with two reviewers of other units.

    Attributes:
        file: The case of the ledger that is reviewed; None for a file on paper, then `name` and `sheet` are needed.
        unit: Whose file it is.
        facts: More facts of the review, e.g. days written in its plan.
    """

    needs = Needs("组织案卷评查", (Role.OFFICER,))

    actor: User | None
    organization: Organization
    unit: Organization
    round: str
    reviewers: Sequence[User]
    file: Case | None = None
    name: str = ""
    sheet: str = ""
    way: str = "专项调阅"
    signal: str = ""
    signal_key: str = ""
    draw: Draw | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    fields: Mapping[str, Any] = field(default_factory=dict)

    def check(self) -> None:
        """Refuses a file without a sheet, reviewers of its own unit or fewer than two, and a second review at once."""
        self._admit(self.organization)
        said(self.round, "评查批次", "round", 100)
        if self.file is None:
            said(self.name, "案卷名称", "name", 200)
        self.sheet_type()
        if len({one.pk for one in self.reviewers}) != 2:
            raise ActionRefused("请选两名不同的评查人员。", code="reviewers", field="reviewers")
        for one in self.reviewers:
            refuse_reviewer(one, self.unit)
        running = FileReview.objects.filter(file=self.file, case__closed_on__isnull=True)
        if self.file is not None and running.exists():
            raise ActionRefused("这个案卷正在评查，不用再开一次。", code="running")
        if self.signal_key and FileReview.objects.filter(signal_key=self.signal_key).exists():
            raise ActionRefused("这条线索已经开展评查。", code="running")

    def sheet_type(self) -> SheetType:
        """The sheet that is used."""
        known = (
            catalogue().sheets.get(self.sheet)
            if self.sheet
            else sheet_for(self.file.case_type if self.file else "")
        )
        if known is None:
            raise ActionRefused("没有这类案卷的评查表，请选择评查表。", code="sheet", field="sheet")
        return known

    def _change(self) -> FileReview:
        sheet = self.sheet_type()
        review = FileReview.objects.create(
            organization=self.organization, case=self._case(sheet), file=self.file, unit=self.unit,
            sheet=sheet.sheet, draw=self.draw, signal=self.signal[:200],
            signal_key=self.signal_key,
        )  # fmt: skip
        Scoring.objects.bulk_create(
            Scoring(review=review, turn=turn, reviewer=one) for turn, one in enumerate(self.reviewers, 1)
        )
        names = [one.get_username() for one in self.reviewers]
        payload = {
            "case": review.case_id,
            "file": self.file and self.file.pk,
            "sheet": sheet.sheet,
            "reviewers": names,
        }
        _record(review, "review.opened", self.actor, {**payload, "signal": self.signal})
        return review

    def _case(self, sheet: SheetType) -> Case:
        file = self.file
        facts = {
            "file_name": file.title if file else self.name.strip(),
            "file_number": file.number if file else None,
            "file_kind": sheet.file_kind,
            "reviewed_unit": self.unit.name,
            "round": self.round.strip(),
            "signal": self.signal or None,
            **self.facts,
        }
        if file is not None and file.case_type == "administrative_penalty":
            facts["penalty_case"] = file.number or file.title
        case = OpenCase(
            actor=self.actor, organization=self.organization, case_type="case_review", on=today(),
            facts={name: value for name, value in facts.items() if value}, outcome=self.way, fields=self.fields,
        ).execute()  # fmt: skip
        if file is not None:  # it stands in the ledger: nothing has to be sent
            RecordAct(
                actor=None, case=case, act="submit_file", on=today(), unit=self.unit,
                evidence=[{"title": LEDGER_FILE, "attachment": None}],
            ).execute()  # fmt: skip
            case.refresh_from_db()
        return case


@dataclass(frozen=True, kw_only=True)
class OpenReviews(Action[list[FileReview]]):
    """Opens the reviews of all files a draw gave, with the reviewers it matched. All or nothing."""

    needs = OpenReview.needs

    actor: User | None
    draw: Draw
    round: str

    def check(self) -> None:
        """Refuses a draw of something else, one not made, and one that was used or replaced."""
        self._admit(self.draw.organization)
        said(self.round, "评查批次", "round", 100)
        if self.draw.purpose != Draw.Purpose.FILES or self.draw.drawn_on is None:
            raise ActionRefused("只有抽完的案卷评查抽取才能据以开展评查。", code="draw")
        if self.draw.replaced:
            raise ActionRefused("这次抽取已被重抽取代，请按重抽的结果开展评查。", code="draw")
        if self.draw.reviews.exists():
            raise ActionRefused("已经按这次抽取开展评查。", code="draw")

    def _change(self) -> list[FileReview]:
        paper = self.draw.record
        side = next(side for side in paper.sides if side.role == FILES)
        pairs = paper.matching.pairs if paper.matching else ()
        files = {
            str(case.pk): case for case in Case.objects.filter(pk__in=[UUID(pair.object) for pair in pairs])
        }
        people = {
            user.get_username(): user
            for user in User.objects.filter(username__in={one for pair in pairs for one in pair.people})
        }
        places = {lot.id: lot.place for lot in side.drawn}
        return [
            OpenReview(
                actor=self.actor, organization=self.draw.organization, unit=files[pair.object].organization, round=self.round,
                reviewers=[people[one] for one in pair.people[:2]], file=files[pair.object], way="随机抽取", draw=self.draw,
                fields={"seed": paper.seed.text if paper.seed else "", "pool": side.digest, "place": places[pair.object]},
            ).execute()
            for pair in pairs
        ]  # fmt: skip


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
        refuse_reviewer(self.reviewer, self.review.unit)

    def _change(self) -> Scoring:
        _record(self.review, "review.third", self.actor, {"reviewer": self.reviewer.get_username()})
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
        if not review.case.acts.filter(act="submit_file").exists():
            raise ActionRefused("被评查单位还没有送交案卷，暂不能评分。", code="early")
        if self._own(submitted=False) is None:
            raise ActionRefused("评查表已经提交，不能再改。", code="submitted")
        for item in review.sheet_type.items():
            mark, note = self.answers.get(item.id, ("", ""))
            if mark not in set(Mark):
                raise ActionRefused(f"“{item.title}”没有评。", code="invalid", field=item.id)
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
        FileReview.objects.select_for_update(of=("self",)).get(pk=self.review.pk)  # both at once settle once
        own = self._own(submitted=False)
        if own is None:
            raise ActionRefused("评查表已经提交，不能再改。", code="submitted")
        wanted = [item.id for item in self.review.sheet_type.items()]
        own.answers = {id_: [self.answers[id_][0], self.answers[id_][1].strip()] for id_ in wanted}
        own.submitted_on = today()
        own.save(update_fields=["answers", "submitted_on"])
        _record(self.review, "review.scored", self.actor, {"turn": own.turn, "answers": own.answers})
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
    _record(review, "review.settled", None, told)
    return result


def _listed(review: FileReview) -> str:
    """The sheet's entry in the register, published when it is used for the first time."""
    sheet = review.sheet_type
    code = sheet.sheet
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
