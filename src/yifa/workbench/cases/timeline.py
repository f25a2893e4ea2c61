"""What happened in a case, with every correction in sight."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from yifa.law.schema import ActType, CaseType, FieldSpec
from yifa.ledger.chain.history import CaseHistory
from yifa.ledger.figures.laterrecords import PARTS
from yifa.ledger.models import Attachment, Case, CaseAct, Organization, Record, Role
from yifa.procedures.entries import effective
from yifa.procedures.model import Act, Correction

PICTURES = ("image/png", "image/jpeg", "image/gif")
PDF = "application/pdf"


@dataclass(frozen=True, slots=True)
class Mended:
    """A correction of an act: what it said before and says now."""

    record: Record
    reason: str
    withdraws: bool
    changes: tuple[tuple[str, Any, Any], ...]  # what, before, after


@dataclass(frozen=True, slots=True)
class Paper:
    """A piece of evidence; the attachment is None for one kept on paper."""

    title: str
    attachment: Attachment | None

    @property
    def picture(self) -> bool:
        """Whether the page shows it as it is."""
        return self.attachment is not None and self.attachment.media_type in PICTURES

    @property
    def pdf(self) -> bool:
        """Whether the page can open it within itself."""
        return self.attachment is not None and self.attachment.media_type == PDF


@dataclass(frozen=True, slots=True)
class Happened:
    """One line of the timeline."""

    act: Act
    type: ActType | None
    title: str
    record: Record
    unit: str
    role: str
    papers: tuple[Paper, ...]
    fields: tuple[tuple[FieldSpec | None, str, Any], ...]
    mended: tuple[Mended, ...]
    withdrawn: bool

    @property
    def wanted(self) -> list[str]:
        """The papers the law asks for with the act that nobody has given yet."""
        if self.type is None or self.withdrawn:
            return []
        given = {paper.title for paper in self.papers}
        return [title for title in self.type.evidence if title not in given]


def timeline_of(case_type: CaseType, history: CaseHistory, records: Sequence[Record]) -> tuple[Happened, ...]:
    """The acts by day, each as it stands, with what it said before."""
    by_position = {act.position: act for act in effective(history.entries)}
    units = dict(Organization.objects.values_list("code", "name"))
    papers = _papers(history)
    entered = [record for record in records if record.kind.startswith("act.")]
    lines = []
    for place, entry in enumerate(history.entries, start=1):
        if isinstance(entry, Correction):
            continue
        act = by_position.get(place, entry)
        act_type = case_type.acts.get(act.act)
        specs = act_type.fields if act_type else {}
        lines.append(
            Happened(
                act=act,
                type=act_type,
                title=act_type.title if act_type else act.act,
                record=entered[place - 1],
                unit=units.get(act.unit or "", act.unit or ""),
                role=str(Role(act.role).label) if act.role in Role.values else act.role or "",
                papers=tuple(papers.get(place, ())),
                fields=tuple(
                    (specs.get(name), specs[name].title if name in specs else name, value)
                    for name, value in act.fields.items()
                ),
                mended=tuple(_mended(case_type, history, entered, place, units)),
                withdrawn=place not in by_position,
            )
        )
    return tuple(sorted(lines, key=lambda line: (line.act.on, line.act.position)))


def _papers(history: CaseHistory) -> dict[int, list[Paper]]:
    wanted = {
        str(paper["attachment"])
        for papers in history.evidence.values()
        for paper in papers
        if paper.get("attachment")
    }
    stored = Attachment.objects.in_bulk(wanted)
    return {
        place: [Paper(str(paper["title"]), stored.get(str(paper.get("attachment")))) for paper in papers]
        for place, papers in history.evidence.items()
    }


def _mended(
    case_type: CaseType, history: CaseHistory, entered: Sequence[Record], place: int, units: Mapping[str, str]
) -> Iterator[Mended]:
    """The corrections of one act in order, each with what the act said just before it."""
    for index, entry in enumerate(history.entries):
        if not isinstance(entry, Correction) or entry.of != place:
            continue
        before = next((act for act in effective(history.entries[:index]) if act.position == place), None)
        changes = () if entry.withdraws else tuple(_changes(case_type, before, entry.changes, units))
        yield Mended(entered[index], entry.reason, entry.withdraws, changes)


def _changes(
    case_type: CaseType, before: Act | None, changes: Mapping[str, Any], units: Mapping[str, str]
) -> Iterator[tuple[str, Any, Any]]:
    for name, new in changes.items():
        if name == "fields":
            specs = case_type.acts[before.act].fields if before and before.act in case_type.acts else {}
            for key, field in new.items():
                old = before.fields.get(key) if before else None
                yield specs[key].title if key in specs else key, old, field
        elif name == "evidence":
            yield PARTS[name], list(before.evidence) if before else None, [paper["title"] for paper in new]
        else:
            old = getattr(before, name, None)
            yield PARTS.get(name, name), *(_named(case_type, name, one, units) for one in (old, new))


def _named(case_type: CaseType, part: str, value: Any, units: Mapping[str, str]) -> Any:
    """Codes and ids as people know them."""
    if part == "unit":
        return units.get(str(value), value)
    if part == "role":
        return Role(value).label if value in Role.values else value
    return case_type.acts[value].title if part == "act" and value in case_type.acts else value


def said_of(act_type: ActType, case: Case, done: CaseAct) -> str:
    """What is said of an act just recorded; of one that repeats, which it was and what came of it."""
    said = [f"{done.happened_on:%Y年%-m月%-d日}"]
    if act_type.repeat and (times := case.acts.filter(act=done.act).count()) > 1:
        said.append(f"第{times}次")
    return f"已记入台账：{act_type.title}（{'，'.join(filter(None, [*said, done.outcome]))}）。"
