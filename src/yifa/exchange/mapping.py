"""How the columns of a list are read: found by their heads, mended by a person, kept for the next list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from yifa.exchange.models import SavedMapping
from yifa.exchange.staging import Staged, best_sheet, stage
from yifa.exchange.targets import CASE, NUMBER, UNIT, Target, name_key, opening_key
from yifa.law.schema import FieldType
from yifa.ledger.chain.canonical import canonical, sm3
from yifa.ledger.models import Attachment, Organization
from yifa.reading.heads import bare, find_list_head, head_text

EXAMPLES = 4
NUMBERLIKE = ("_no", "number", "code")
BODIES = "enforcement_bodies"  # the register of those who enforce, by their names
MARKS = ("原表第几行", "要改的地方")  # heads of what is added to a list that goes back to be mended


@dataclass(frozen=True)
class Reading:
    """A mapping as it is applied.

    Attributes:
        head: The row of the head from 0 (-1: none) and how many rows it has.
        columns: The meaning of each column that is read.
        values: By meaning, what written values mean: {"fact:channel": {"热线": "12345热线"}}.
        fixed: What holds for all rows, as written: {"unit": "sfj"}.
        keys: The meanings by which a thing is known again.
    """

    head: int
    lines: int
    columns: Mapping[int, str]
    heads: tuple[str, ...] = ()
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    fixed: Mapping[str, str] = field(default_factory=dict)
    keys: tuple[str, ...] = ()

    @property
    def given(self) -> dict[str, int | None]:
        """The meanings that are given, with their columns; None for what is the same in all rows."""
        found: dict[str, int | None] = {key: None for key, value in self.fixed.items() if value}
        return found | {key: column for column, key in self.columns.items() if key}

    def as_json(self) -> dict[str, Any]:
        """As stored."""
        return {
            "head": self.head, "lines": self.lines, "columns": {str(at): key for at, key in self.columns.items()},
            "heads": list(self.heads), "values": {key: dict(held) for key, held in self.values.items()},
            "fixed": dict(self.fixed), "keys": list(self.keys),
        }  # fmt: skip


def reading_from(data: Mapping[str, Any]) -> Reading:
    """A stored mapping."""
    return Reading(
        head=data["head"], lines=data["lines"], columns={int(at): key for at, key in data["columns"].items()},
        heads=tuple(data["heads"]), values=data["values"], fixed=data["fixed"], keys=tuple(data["keys"]),
    )  # fmt: skip


def fingerprint(heads: Sequence[str]) -> str:
    """What is the same for all lists with the same heads in the same order, mended ones too."""
    return sm3(canonical([bare(head) for head in heads if head not in MARKS]).encode())


def propose(target: Target, staged: Staged, head: int | None = None, lines: int | None = None) -> Reading:
    """What the columns hold by their heads; `head` where a person said which row it is."""
    sheet = staged.top
    if head is None:
        head, found = find_list_head(sheet, target.meaning_of)
        lines = lines or found
    lines = lines or 1
    heads = tuple(head_text(sheet, head, lines, column, target.meaning_of) for column in range(sheet.width))
    columns: dict[int, str] = {}
    for wanted in (True, False):
        for column, text in enumerate(heads):
            meaning, sure = target.meaning_of(text)
            if meaning and sure is wanted and column not in columns and meaning not in columns.values():
                columns[column] = meaning
    reading = Reading(head, lines, _of_dated_acts(target, dict(sorted(columns.items()))), heads)
    return replace(reading, keys=default_keys(target, reading))


def _of_dated_acts(target: Target, columns: Mapping[int, str]) -> dict[int, str]:
    """A field that several acts have under one title is that of the act whose day the list gives."""
    given = set(columns.values())
    found = dict(columns)
    for column, key in columns.items():
        spec = target.meanings[key].spec
        if not key.startswith("field:") or spec is None or _day_of(key) in given:
            continue
        for other, meaning in target.meanings.items():
            alike = meaning.spec is not None and meaning.spec.title == spec.title
            if alike and other.startswith("field:") and _day_of(other) in given and other not in given:
                found[column] = other
                given = set(found.values())
                break
    return found


def _day_of(key: str) -> str:
    """The day of the act a meaning belongs to."""
    return f"act:{key.split(':')[1]}:on"


PLACED = ("fact:serial", "fact:order")  # facts that say in which place of its paper something stands


def default_keys(target: Target, reading: Reading) -> tuple[str, ...]:
    """By what a thing is best known again: its number, else what looks like one, else its name and day."""
    given = reading.given
    if target.register is not None:
        key = f"data:{target.register.key}"
        return (key,) if key in given else ()
    named = [
        key
        for key in given
        if key.startswith("fact:")
        and key.endswith(NUMBERLIKE)
        and target.meanings[key].kind is FieldType.TEXT
    ]
    if named:  # of a paper that lists several, with the place in it
        return (named[0], *(key for key in PLACED if key in given))
    if NUMBER in given:
        return (NUMBER,)
    both = (name_key(target), opening_key(target, given))
    return both if all(key in given for key in both) else ()


def saved_for(organization: Organization, target: Target, reading: Reading) -> SavedMapping | None:
    """The mapping kept for a list with these heads, the last used first."""
    found = SavedMapping.objects.filter(organization=body_of(organization), target=target.key)
    return found.filter(fingerprint=fingerprint(reading.heads)).first()


def kept_mappings(organization: Organization, target: Target) -> list[SavedMapping]:
    """All mappings of a body for a target."""
    return list(SavedMapping.objects.filter(organization=body_of(organization), target=target.key))


def applied(kept: Reading, reading: Reading, target: Target) -> Reading:
    """A kept mapping on a list: by the names of its heads, wherever these stand now."""
    by_head = {bare(kept.heads[at]): key for at, key in kept.columns.items() if at < len(kept.heads)}
    columns = {
        at: key
        for at, head in enumerate(reading.heads)
        if (key := by_head.get(bare(head), "")) in target.meanings
    }
    known = set(target.meanings)
    return replace(
        reading, columns=columns, values={key: held for key, held in kept.values.items() if key in known},
        fixed={key: value for key, value in kept.fixed.items() if key in known},
        keys=tuple(key for key in kept.keys if key in known),
    )  # fmt: skip


def laid(
    organization: Organization,
    target: Target,
    attachment: Attachment,
    before: Mapping[str, Any] | None = None,
) -> tuple[int, Reading]:
    """The sheet of a file and how it is read: as the list it mends was, else as kept for these heads, else as these say."""
    index = best_sheet(attachment)
    reading = propose(target, stage(attachment, index))
    saved = saved_for(organization, target, reading)
    kept = before or (saved.data if saved else None)
    return index, applied(reading_from(kept), reading, target) if kept else reading


def is_ready(target: Target, reading: Reading) -> bool:
    """Whether a list can be tried as it is read: nothing is wanting, and its things can be known again."""
    return bool(reading.keys) and not lacking(target, reading)


def body_of(organization: Organization) -> Organization:
    """The body above all."""
    return Organization.objects.get(code=organization.ancestor_codes()[0])


def lacking(target: Target, reading: Reading) -> list[str]:
    """What must be given and is not, as titles."""
    given = reading.given
    optional = {UNIT} if unit_columns(target, reading) else set()
    found = [
        one.title
        for one in target.meanings.values()
        if one.required
        and one.key not in given
        and one.key not in optional
        and not _opens_otherwise(target, one.key, given)
    ]
    if target.is_case and not any(key in given for key in _openings(target)):
        found.append(f"{target.meanings[opening_key(target)].title}")
    found += [target.meanings[key].title for key in undated(target, reading)]
    return list(dict.fromkeys(found))


def undated(target: Target, reading: Reading) -> list[str]:
    """The days of acts of which something is given but no day."""
    given = reading.given
    found = []
    for key in given:
        kind, _, rest = key.partition(":")
        day = f"act:{rest.partition(':')[0]}:on"
        if kind in {"act", "field"} and day not in given:
            found.append(day)
    return list(dict.fromkeys(found))


def unit_columns(target: Target, reading: Reading) -> list[str]:
    """The meanings that name a unit: where none says whose a row is, the first of these does; last the body that enforces."""
    given = [(key, target.meanings[key]) for key in reading.given if key in target.meanings]
    named = [key for key, meaning in given if meaning.kind is FieldType.ORGANIZATION]
    return named + [
        key for key, meaning in given if meaning.spec is not None and meaning.spec.register_ == BODIES
    ]


def _openings(target: Target) -> list[str]:
    return [f"act:{act}:on" for act in target.case_type.opens_with] if target.case_type else []


def _opens_otherwise(target: Target, key: str, given: Mapping[str, Any]) -> bool:
    """Whether a field or day belongs to an act that does not come in with this list."""
    kind, _, rest = key.partition(":")
    if kind == "act":
        return True  # the opening is looked at apart
    if kind == "field":
        return f"act:{rest.partition(':')[0]}:on" not in given
    return False


def examples(staged: Staged, reading: Reading, column: int) -> list[str]:
    """Some values of a column below the head."""
    first = reading.head + reading.lines if reading.head >= 0 else 0
    rows = staged.top.rows[first:]
    return list(dict.fromkeys(row[column] for row in rows if row[column]))[:EXAMPLES]


__all__ = [
    "CASE", "Reading", "applied", "body_of", "default_keys", "examples", "fingerprint", "is_ready", "kept_mappings",
    "lacking", "laid", "propose", "reading_from", "saved_for",
]  # fmt: skip
