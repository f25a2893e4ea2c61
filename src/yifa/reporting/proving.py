"""Are the figures of a file what an export of the ledger gives? Counted anew by the same rules, without a database."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar

from django.utils import timezone

from yifa.law.loader import catalogue
from yifa.law.schema import AboutPerson, CountingRule
from yifa.ledger.chain.canonical import canonical, sm3
from yifa.ledger.chain.exportedledger import ExportedLedger
from yifa.ledger.chain.records import Progress
from yifa.ledger.figures.counting import Counted, CountedRecord
from yifa.ledger.figures.recounting import Question, notice_faults, recount
from yifa.ledger.figures.restating import rate_of
from yifa.reporting.claims import Claim, ClaimedRecord
from yifa.reporting.figurebook import own_rule
from yifa.reporting.overdue import overdue_rules

ALL = datetime.max.replace(tzinfo=UTC)
R = TypeVar("R", ClaimedRecord, CountedRecord)


class Outcome(StrEnum):
    """What came of proving one figure."""

    EQUAL = "equal"
    DIFFERENT = "different"
    RECORDS = "records"  # no counting rule: only its records could be looked up
    IMPOSSIBLE = "impossible"


@dataclass(frozen=True, slots=True)
class Proof:
    """One figure of the file beside what the export gives.

    Attributes:
        counted: From what stood in the ledger when the figure was computed; None where nothing could be counted.
        today: From all of the export, where that is something else.
        gone: Records the file has and the count has not; `lost` are those that stand nowhere in the export.
        come: Records the count has and the file has not.
    """

    claim: Claim
    outcome: Outcome
    counted: Counted | None = None
    today: Counted | None = None
    gone: tuple[ClaimedRecord, ...] = ()
    lost: tuple[ClaimedRecord, ...] = ()
    come: tuple[CountedRecord, ...] = ()
    said: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Proved:
    """All proofs, with what is wrong with the export itself and what could make a difference."""

    proofs: tuple[Proof, ...]
    faults: tuple[str, ...]
    warnings: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """Whether every figure could be counted, is the same, and the export is whole."""
        sound = {Outcome.EQUAL, Outcome.RECORDS}
        return not self.faults and all(proof.outcome in sound for proof in self.proofs)


def prove(claims: Sequence[Claim], ledger: ExportedLedger, progress: Progress | None = None) -> Proved:
    """Counts every figure anew from the export."""
    ledger.sought = {one.digest for claim in claims for one in claim.records or ()}
    asked = [_Asked(claim, ledger, claims) for claim in claims]
    questions = [question for one in asked for question in one.questions]
    counted = iter(recount(ledger, questions, progress))
    proofs = tuple(one.proof([next(counted) for _ in one.questions]) for one in asked)
    faults = tuple(dict.fromkeys(fault.message for fault in ledger.faults))
    return Proved(proofs, faults, notice_faults(ledger))


class _Asked:
    """One claim with the questions its proof needs: its rule or the two parts, then and today."""

    def __init__(self, claim: Claim, ledger: ExportedLedger, claims: Sequence[Claim]) -> None:
        self.claim, self.ledger = claim, ledger
        self.why = ""
        self.outdated = False  # the catalogue knows the rule, not the version
        self.unit = self._unit()
        versions = {
            one.rule: one.version for one in claims if (one.start, one.end) == (claim.start, claim.end)
        }
        self.rule = self._rule(claim.rule, versions | {claim.rule: claim.version})
        names = [self.rule.rate.numerator, self.rule.rate.denominator] if self.rule and self.rule.rate else []
        found = [self._rule(name, versions) for name in names] if names else [self.rule]
        self.counts = [rule for rule in found if rule is not None]
        if len(self.counts) < len(found):
            self.counts = []

    @property
    def questions(self) -> list[Question]:
        """For each rule that is counted: as it stood then, and with all of the export."""
        if self.unit is None:
            return []
        claim, then = self.claim, self.claim.computed_at or ALL
        on = claim.end if claim.computed_at is None else min(claim.end, timezone.localdate(claim.computed_at))
        return [
            Question(rule, self.unit, claim.start, claim.end, on, until)
            for rule in self.counts
            for until in (then, ALL)
        ]

    def _unit(self) -> str | None:
        units, claim = self.ledger.units, self.claim
        if claim.organization_code in units:
            return claim.organization_code
        named = [
            one.code for one in units.values() if claim.organization in {name for _, _, name in one.names}
        ]
        if not claim.organization_code and len(named) == 1:
            return named[0]
        self.why = f"台账导出文件里没有“{claim.organization}”这个单位"
        return None

    def _rule(self, name: str, versions: Mapping[str, int]) -> CountingRule | None:
        rule = catalogue().counting_rules.get(name)
        if rule is None and self.unit is not None:
            rule = overdue_rules(catalogue(), self.ledger.units[self.unit].level).get(name)
        held = rule.at(versions.get(name, rule.version)) if rule is not None else None
        if held is None:
            self.outdated = self.outdated or rule is not None
            version = f" 的第{versions[name]}版" if rule is not None else ""
            self.why = self.why or f"目录里没有口径 {name}{version}"
            return None
        return own_rule(held, self._person()) or held

    def _person(self) -> tuple[AboutPerson, str] | None:
        """Whom the report is about, where it is about one person."""
        if self.claim.about is None:
            return None
        outline = catalogue().outlines.get(self.claim.about[0])
        return (outline.person, self.claim.about[1]) if outline is not None and outline.person else None

    def proof(self, counted: Sequence[Counted]) -> Proof:
        """What the counts say of the claim."""
        if self.unit is None or self.rule is None or not counted:
            return self._looked_up()
        then, today = counted[::2], counted[1::2]
        if self.rule.rate is not None:
            return self._compared(rate_of(self.rule, *then), rate_of(self.rule, *today))
        return self._compared(then[0], today[0])

    def _compared(self, then: Counted, today: Counted) -> Proof:
        claim = self.claim
        gone, come = _unmatched(claim.records, then)
        said = tuple(_said(claim, then))
        moved = (today.value, today.status, today.digest) != (then.value, then.status, then.digest)
        return Proof(
            claim=claim,
            outcome=Outcome.DIFFERENT if said or gone or come else Outcome.EQUAL,
            counted=then,
            today=today if moved else None,
            gone=gone,
            lost=tuple(one for one in gone if one.digest not in self.ledger.met),
            come=come,
            said=said,
        )

    def _looked_up(self) -> Proof:
        """A figure no rule counts: its records must be in the export, and give its value and digest."""
        claim = self.claim
        if self.unit is None or claim.records is None or claim.numerator or self.outdated:
            return Proof(claim, Outcome.IMPOSSIBLE, said=(self.why or "文件里没有列出它的记录",))
        lost = tuple(one for one in claim.records if one.digest not in self.ledger.met)
        said = []
        if sm3(canonical(sorted(one.digest for one in claim.records)).encode()) != claim.digest:
            said.append("列出的记录与摘要不符：文件被改动")
        if claim.value is not None and sum((one.value for one in claim.records), Decimal(0)) != claim.value:
            said.append("列出的记录相加不等于数值：文件被改动")
        outcome = Outcome.DIFFERENT if said or lost else Outcome.RECORDS
        return Proof(claim, outcome, gone=lost, lost=lost, said=tuple(said))


def _said(claim: Claim, counted: Counted) -> Iterable[str]:
    """What differs, besides single records."""
    if claim.status != counted.status:
        yield "采集情况不同"
    if claim.value != counted.value:
        same = claim.digest == counted.digest
        yield "数值不同" + ("，而记录集摘要相同：文件里的数值被改动" if same else "")
    if claim.digest != counted.digest:
        yield "记录集摘要不同"
    if dict(claim.parts) != dict(counted.parts):
        yield "分项不同"


def _unmatched(
    claimed: Iterable[ClaimedRecord] | None, counted: Counted
) -> tuple[tuple[ClaimedRecord, ...], tuple[CountedRecord, ...]]:
    """Records of one side without their like on the other: the same digest, value and part."""
    if claimed is None or counted.numerator is not None:
        return (), ()
    listed = list(claimed)
    theirs, ours = Counter(map(_key, listed)), Counter(map(_key, counted.records))
    return tuple(_over(listed, theirs - ours)), tuple(_over(counted.records, ours - theirs))


def _over(records: Iterable[R], left: Counter[tuple[object, ...]]) -> Iterable[R]:
    for one in records:
        if left[_key(one)] > 0:
            left[_key(one)] -= 1
            yield one


def _key(record: ClaimedRecord | CountedRecord) -> tuple[object, ...]:
    return record.digest, record.value, record.part
