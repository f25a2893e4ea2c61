"""Reviews of files are opened: from a draw, from a signal, or by hand for a file on paper."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from yifa.law.loader import catalogue
from yifa.law.schema import SheetType
from yifa.ledger.actions import OpenCase, RecordAct
from yifa.ledger.actions.base import Action, said, today
from yifa.ledger.chain.appending import append_record
from yifa.ledger.models import Case, Organization, Role, Subject, User
from yifa.ledger.people.needs import Needs
from yifa.ledger.refusal import ActionRefused
from yifa.supervision.actions.base import DRAWERS
from yifa.supervision.filekinds import kind_of, sheet_for
from yifa.supervision.models import Draw, FileReview, Scoring
from yifa.supervision.pools import FILES
from yifa.supervision.recusals import kept_from
from yifa.supervision.scoring import Answers, Mark

WAYS = ("随机抽取", "集中调阅", "交叉评查", "专项调阅")
LEDGER_FILE = "案卷目录"
ANSWERS = {
    "submit_file": (LEDGER_FILE, ""),
    "object": ("异议书", "reason"),
    "rectify": ("整改报告", "did"),
}  # act: its paper, the field for the words


def answers_of(scoring: Scoring) -> Answers:
    """A sheet as it was sent."""
    return {item: (Mark(mark), note) for item, (mark, note) in scoring.answers.items()}


def refuse_reviewer(user: User, unit: Organization, kept: Mapping[str, str]) -> None:
    """Nobody reviews a file of the own unit, or what he declared to keep out of (`kept`: who, and why)."""
    own, name = user.organization, user.display_name or user.get_username()
    if own is None:
        raise ActionRefused(f"{name}没有所属单位，不能评查。", code="reviewer", field="reviewers")
    if own.path.startswith(unit.path):
        raise ActionRefused(
            f"{name}是被评查单位的人，请另选其他单位的人。", code="reviewer", field="reviewers"
        )
    if reason := kept.get(user.get_username()):
        raise ActionRefused(f"{name}{reason}，请另选。", code="recused", field="reviewers")


def record(review: FileReview, kind: str, actor: User | None, payload: Mapping[str, Any]) -> None:
    """A line in the chain of a review."""
    append_record(Subject.REVIEW, review.pk, kind, review.organization, today(), actor, payload)


@dataclass(frozen=True, kw_only=True)
class OpenReview(Action[FileReview]):
    """Opens the review of a file with two reviewers of other units.

    Attributes:
        file: The case of the ledger that is reviewed; None for a file on paper, then `name` and `sheet` are needed.
        unit: Whose file it is.
        kind: The kind of a file on paper that is reviewed by the general sheet; empty: as the sheet says.
        facts: More facts of the review, e.g. days written in its plan.
    """

    needs = Needs("组织案卷评查", DRAWERS)

    actor: User | None
    organization: Organization
    unit: Organization
    round: str
    reviewers: Sequence[User]
    file: Case | None = None
    name: str = ""
    sheet: str = ""
    kind: str = ""
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
        kept = kept_from(self.organization, self.unit, self.file, self.name)
        for one in self.reviewers:
            refuse_reviewer(one, self.unit, kept)
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
        record(review, "review.opened", self.actor, {**payload, "signal": self.signal})
        return review

    def _case(self, sheet: SheetType) -> Case:
        file = self.file
        facts = {
            "file_name": file.title if file else self.name.strip(),
            "file_number": file.number if file else None,
            "file_kind": kind_of(file, sheet) if file else self.kind or sheet.file_kind,
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
class AnswerReview(Action[FileReview]):
    """The reviewed unit sends a file on paper, objects to what it was told, or says what it put right, with its paper.

    Attributes:
        act: One of `ANSWERS`; the case decides whether it is time.
        paper: The digest of the attached paper; only an objection may do without.
    """

    needs = Needs(
        "送交案卷，对案卷评查提出异议、报送整改", (Role.OFFICER, Role.COORDINATOR), "限于被评查单位"
    )

    actor: User | None
    review: FileReview
    act: str
    text: str
    paper: str | None = None

    def check(self) -> None:
        """Refuses what is not for the unit to say, an empty answer, a report without its paper."""
        self._admit(self.review.unit)
        if self.act not in ANSWERS:
            raise ActionRefused("被评查单位可以送交案卷、提出异议、报送整改。", code="invalid", field="act")
        title, words = ANSWERS[self.act]
        if words:
            said(self.text, "整改情况或者异议的理由", "text", 2000)
        if self.act != "object" and self.paper is None:
            raise ActionRefused(f"请附上{title}。", code="evidence", field="paper")

    def _change(self) -> FileReview:
        title, name = ANSWERS[self.act]
        who = (self.actor.display_name or self.actor.get_username()) if self.actor else self.review.unit.name
        RecordAct(
            actor=None, case=self.review.case, act=self.act, on=today(), by=who[:60], unit=self.review.unit,
            fields={name: self.text.strip()} if name else {},
            evidence=[{"title": title, "attachment": self.paper}] if self.paper else [],
        ).execute()  # fmt: skip
        record(self.review, f"review.{self.act}", self.actor, {"text": self.text.strip()})
        return self.review


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
