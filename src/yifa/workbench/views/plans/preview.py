"""What a person sees of a plan before it is imported, and what they decided about it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from django.http import QueryDict

from yifa.ledger.models import Organization
from yifa.ledger.people.unitnames import UnitNames
from yifa.planning.importing import (
    Draft,
    DraftItem,
    Line,
    Matching,
    OpenName,
    Role,
    Source,
    best_sheet,
    draft_of,
    draft_of_sheet,
    everyone,
    group,
    match,
    meanings,
    open_names,
    propose,
)
from yifa.planning.importing.columns import meaning_of
from yifa.planning.importing.texts import DROP, JOIN, SEPARATE
from yifa.reading.heads import head_text
from yifa.reading.sheets import Sheet

SAMPLES = 3
MOST_CHANGES = 2000
LONGEST_SAMPLE = 30


@dataclass(frozen=True, slots=True)
class ColumnChoice:
    """A column of the sheet as the person matches it."""

    index: int
    letter: str
    head: str
    samples: tuple[str, ...]
    meaning: str
    sure: bool


@dataclass(frozen=True, slots=True)
class SheetChoice:
    """The sheet that is read, and how."""

    sheet: Sheet
    index: int
    matching: Matching
    others: tuple[tuple[int, str, int], ...]  # the other sheets: index, title, rows
    columns: tuple[ColumnChoice, ...]

    @property
    def head_number(self) -> int:
        """The number of the head row as people see it; 0 for none."""
        head = self.matching.head
        return self.sheet.numbers[head] if head >= 0 else 0


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """A row of the preview: an item, a chapter above it, or a line that became nothing."""

    item: DraftItem | None
    line: Line | None
    text: str
    chapter: str = ""
    further: tuple[tuple[int, str], ...] = ()  # places and words of the paragraphs behind the first


@dataclass(frozen=True, slots=True)
class Preview:
    """Everything the page shows."""

    draft: Draft
    rows: tuple[PreviewRow, ...]
    sheet: SheetChoice | None
    names: tuple[OpenName, ...]
    notes: tuple[str, ...]
    changes: Mapping[int, str]
    chosen: Mapping[str, tuple[Organization, ...]]
    wanted: Mapping[str, str]  # the same as the form says it
    fingerprint: str

    @property
    def targets(self) -> int:
        """How many numbers the items demand."""
        return sum(len(item.targets) for item in self.draft.items)

    @property
    def hidden_changes(self) -> list[tuple[int, str]]:
        """Decisions whose line has no field of its own on the page any more."""
        shown = {row.item.span[0] for row in self.rows if row.item is not None}
        shown |= {
            row.line.span[0]
            for row in self.rows
            if row.line is not None and self.changes.get(row.line.span[0]) != DROP
        }
        shown |= {place for row in self.rows for place, _ in row.further if self.changes.get(place) != JOIN}
        return [(place, what) for place, what in self.changes.items() if place not in shown]


def build(source: Source, year: int, organization: Organization, given: QueryDict) -> Preview:
    """Reads the source as the person decided in `given`; without decisions as it is proposed."""
    changes = _changes(given) if source.document is not None else {}
    sheet: SheetChoice | None = None
    if source.document is not None:
        draft = draft_of(source.document, year, changes)
    else:
        sheet = _sheet_choice(source.sheets, given)
        draft = draft_of_sheet(sheet.sheet, sheet.matching, source.name, year)
    title = " ".join(given.get("title", "").split())[:200]
    if title or not draft.title:
        draft = replace(draft, title=title or f"{organization.name}{year}年法治政府建设工作要点")
    names = open_names(draft, UnitNames(organization, year))
    wanted = _wanted(given)
    wanted |= {
        one.name: likely for one in names if one.name not in wanted and (likely := _likely(one, organization))
    }
    chosen = _chosen(wanted, organization)
    chosen = {name.name: chosen[name.name] for name in names if name.name in chosen}
    return Preview(
        draft=draft,
        rows=tuple(_rows(draft)),
        sheet=sheet,
        names=names,
        notes=source.notes,
        changes=changes,
        chosen=chosen,
        wanted=wanted,
        fingerprint=_fingerprint(draft, chosen, (str(year), organization.code)),
    )


def _changes(given: QueryDict) -> dict[int, str]:
    """What each line is taken for; taking it for a task undoes what was decided before."""
    found: dict[int, str] = {}
    for key in list(given)[:MOST_CHANGES]:
        place, said = key.removeprefix("line-"), set(given.getlist(key))
        if key.startswith("line-") and place.isdecimal():
            what = next((what for what in (SEPARATE, JOIN, DROP) if what in said), "")
            if what:
                found[int(place)] = what
    return found


def _wanted(given: QueryDict) -> dict[str, str]:
    """What the form says of each unclear name; empty where a person leaves it open."""
    return {
        given.get(f"name-{key.removeprefix('means-')}", ""): given.get(key, "")
        for key in given
        if key.startswith("means-")
    }


def _likely(one: OpenName, organization: Organization) -> str:
    """What a name can only mean, as the form says it: shown as chosen, to be looked at."""
    if len(one.candidates) == 1:
        return str(one.candidates[0].pk)
    called, _ = group(one.name, organization)
    return next((key for key, (name, _) in everyone(organization).items() if name == called), "")


def _chosen(wanted: Mapping[str, str], organization: Organization) -> dict[str, tuple[Organization, ...]]:
    """The units that are chosen, by the name in the text: one, or a group of them."""
    if not wanted:
        return {}
    units = Organization.objects.below(organization).in_bulk(
        [int(value) for value in wanted.values() if value.isdecimal() and len(value) < 10]
    )
    groups = {key: units for key, (_, units) in everyone(organization).items()}
    groups |= {str(key): (unit,) for key, unit in units.items()}
    return {name: groups[value] for name, value in wanted.items() if value in groups}


def _sheet_choice(sheets: Sequence[Sheet], given: QueryDict) -> SheetChoice:
    index = _whole(given.get("sheet"), len(sheets))
    index = index if index < len(sheets) else best_sheet(sheets)
    sheet, matching = sheets[index], propose(sheets[index])
    same_sheet = _whole(given.get("sheet_was"), -1) == index
    if same_sheet and given.get("head") is not None:
        matching = _as_given(sheet, matching, given)
    return SheetChoice(
        sheet=sheet,
        index=index,
        matching=matching,
        others=tuple(
            (place, other.title, len(other.rows)) for place, other in enumerate(sheets) if place != index
        ),
        columns=tuple(_column(sheet, matching, column) for column in range(sheet.width)),
    )


def _as_given(sheet: Sheet, proposed: Matching, given: QueryDict) -> Matching:
    """The head row the person named; their columns, as long as the head stayed the same."""
    was = sheet.numbers[proposed.head] if proposed.head >= 0 else 0
    wanted, before = _whole(given.get("head"), was), _whole(given.get("head_was"), was)
    rows = {number: row for row, number in enumerate(sheet.numbers)}
    head = rows.get(wanted, -1 if wanted == 0 else proposed.head)
    matching = proposed if head == proposed.head else match(sheet, head)
    if wanted != before:
        return matching
    columns = {
        column: given.get(f"column-{column}", matching.columns.get(column, ""))
        for column in range(sheet.width)
    }
    kept = {column: meaning for column, meaning in columns.items() if meaning in meanings()}
    sure = frozenset(column for column in matching.sure if kept.get(column) == matching.columns.get(column))
    return Matching(matching.head, kept, sure, matching.lines)


def _column(sheet: Sheet, matching: Matching, column: int) -> ColumnChoice:
    first = matching.head + matching.lines if matching.head >= 0 else 0
    texts = (sheet.rows[row][column] for row in range(first, len(sheet.rows)))
    samples = [text[:LONGEST_SAMPLE] for text in dict.fromkeys(texts) if text][:SAMPLES]
    return ColumnChoice(
        column,
        sheet.letter(column),
        head_text(sheet, matching.head, matching.lines, column, meaning_of),
        tuple(samples),
        matching.columns.get(column, ""),
        column in matching.sure,
    )


def _rows(draft: Draft) -> list[PreviewRow]:
    """Items and what became none, in the order of the source."""
    rows: list[tuple[int, PreviewRow]] = []
    shown: int | None = None
    for index, item in enumerate(draft.items):
        chapter = ""
        if item.chapter is not None and item.chapter != shown:
            found = draft.chapters[item.chapter]
            chapter = f"{found.number}{found.title}"
        shown = item.chapter
        further = tuple(
            (line.span[0], draft.text[slice(*line.span)])
            for line in draft.lines
            if line.role is Role.GOES_ON and line.item == index
        )
        rows.append((item.span[0], PreviewRow(item, None, item.text, chapter, further)))
    rows += [
        (line.span[0], PreviewRow(None, line, draft.text[slice(*line.span)]))
        for line in draft.lines
        if line.role is Role.LEFT
    ]
    return [row for _, row in sorted(rows, key=lambda pair: pair[0])]


def _fingerprint(draft: Draft, chosen: Mapping[str, tuple[Organization, ...]], where: Sequence[str]) -> str:
    """Changes with everything that would be imported, so that nothing is imported that was not seen."""
    seen = [draft.sha256, draft.title, *where]
    seen += [
        repr((i.number, i.title, i.text, i.span, i.chapter, i.lead, i.support, i.due)) for i in draft.items
    ]
    seen += [f"{name}={[unit.pk for unit in units]}" for name, units in sorted(chosen.items())]
    return hashlib.sha256("\n".join(seen).encode("utf-8", "surrogatepass")).hexdigest()


def _whole(text: str | None, otherwise: int) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 9 else otherwise
