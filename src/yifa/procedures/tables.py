"""Tables of rows with conditions: which rows fire for an act, and why.

A row's condition is one line of plain text. 「违法经营额≥10000」 compares an amount, 「处罚决定=停业」 a word, anything else is
a circumstance that must be there, after 「没有：」 one that must not. What is known of the case are its facts and the
act's fields under their titles, the act's outcome under the act's title, and each line of a list: 「经营额：1.2万元」
gives an amount, 「初次违法」 is a circumstance.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Protocol

from yifa.law.schema import ActType, Basis, CaseType, FieldSpec, FieldType, Table
from yifa.procedures import wording
from yifa.procedures.history import History
from yifa.procedures.model import Act, FindingKind, Fired, Refusal

_COMPARED = re.compile(
    r"^(?P<name>[^≥≤<>＜＞=＝]+?)(?P<how>>=|<=|[≥≤<>＜＞=＝]|不少于|不超过|超过|少于|不满)(?P<value>.+)$"
)
_WITHOUT = re.compile(r"^(?:没有|无)[：:](.+)$")
_TOLD = re.compile(r"^([^：:]+)[：:](.+)$")
_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
_TENFOLD = {"万": Decimal(10_000), "亿": Decimal(100_000_000)}
_LEAST, _MORE, _MOST, _LESS = (
    ("≥", ">=", "不少于"),
    (">", "＞", "超过"),
    ("≤", "<=", "不超过"),
    ("<", "＜", "少于", "不满"),
)


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table: an entry of a register that is in force."""

    key: str
    title: str
    data: Mapping[str, Any]


class Tables(Protocol):
    """What can give the rows of a table."""

    def rows(self, register: str) -> Sequence[Row]:
        """The entries of a register that hold for the case on the day of the act."""


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a case for a table: named values, and circumstances."""

    values: Mapping[str, Any] = field(default_factory=dict)
    circumstances: frozenset[str] = frozenset()


def known_of(
    case_type: CaseType, act: str, outcome: str | None, fields: Mapping[str, Any], facts: Mapping[str, Any]
) -> Known:
    """What a case and an act say, under the titles of their fields."""
    kind = case_type.acts[act]
    values: dict[str, Any] = {}
    circumstances: set[str] = set()
    for specs, given in ((case_type.facts, facts), (kind.fields, fields)):
        for spec, value in _given(specs, given):
            if spec.type is FieldType.BOOLEAN:
                circumstances |= {spec.title} if value else set()
            elif isinstance(value, list | tuple):
                for line in map(str, value):
                    told = _TOLD.match(line)
                    values |= {told[1].strip(): told[2].strip()} if told else {}
                    circumstances |= set() if told else {line.strip()}
            else:
                values[spec.title] = value
    if outcome:
        values[kind.title] = outcome
        circumstances.add(outcome)
    return Known(values, frozenset(circumstances))


def _given(specs: Mapping[str, FieldSpec], given: Mapping[str, Any]) -> Iterator[tuple[FieldSpec, Any]]:
    return (
        (specs[name], value) for name, value in given.items() if name in specs and value not in (None, "")
    )


def fired(
    case_type: CaseType, act: str, outcome: str | None, fields: Mapping[str, Any], facts: Mapping[str, Any], *, tables: Tables
) -> dict[str, tuple[Fired, ...]]:  # fmt: skip
    """The rows that fire for an act, by register; a register from which no row fires stands there empty."""
    kind = case_type.acts.get(act)
    if kind is None or not kind.tables:
        return {}
    known = known_of(case_type, act, outcome, fields, facts)
    own = {**facts, **fields}
    return {
        table.register_: tuple(
            hit
            for row in tables.rows(table.register_)
            if all(row.data.get(theirs) == own.get(mine) for theirs, mine in table.match.items())
            and (hit := fire(table, row, known)) is not None
        )
        for table in kind.tables
    }


def fire(table: Table, row: Row, known: Known) -> Fired | None:
    """The row with its band and the reasons, where all its conditions hold; a row without conditions never does."""
    why = [holds(str(line), known) for line in row.data.get(table.conditions) or ()]
    if not why or None in why:
        return None
    base = number(known.values.get(str(row.data.get(table.rate_of or "", ""))))
    law, article = row.data.get("law"), row.data.get("article")
    return Fired(
        key=row.key,
        title=row.title,
        why=tuple(reason for reason in why if reason is not None),
        minimum=_end(row, table.minimum, table.minimum_rate, base, max),
        maximum=_end(row, table.maximum, table.maximum_rate, base, min),
        basis=Basis(law=str(law), article=str(article) if article else None) if law else None,
    )


def _end(row: Row, amount: str | None, rate: str | None, base: Decimal | None, narrower: Any) -> float | None:
    """One end of the band: an amount, or a multiple of the base; the narrower where the row gives both."""
    fixed, times = row.data.get(amount or ""), row.data.get(rate or "")
    ends = [float(fixed)] if fixed is not None else []
    if times is not None and base is not None:
        ends.append(float(Decimal(str(times)) * base))
    return narrower(ends) if ends else None


def holds(line: str, known: Known) -> str | None:
    """Why a condition holds, in words; None where it does not or nothing is known of it."""
    line = line.strip()
    without = _WITHOUT.match(line)
    if without:
        return f"没有“{without[1]}”" if without[1].strip() not in known.circumstances else None
    compared = _COMPARED.match(line)
    if compared is None:
        return line if line in known.circumstances else None
    name, how, wanted = (compared[part].strip() for part in ("name", "how", "value"))
    value = known.values.get(name)
    if value is None:
        return None
    least, found = number(wanted), number(value)
    if how in ("=", "＝") and (least is None or found is None):
        return f"{name}为{value}" if str(value).strip() == wanted else None
    if least is None or found is None:
        return None
    true = (
        found >= least if how in _LEAST
        else found > least if how in _MORE
        else found <= least if how in _MOST
        else found < least if how in _LESS
        else found == least
    )  # fmt: skip
    return f"{name}{value}，符合“{line}”" if true else None


def number(value: Any) -> Decimal | None:
    """The number of a value: 12000, 「1.2万元」, 「12,000元」."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int | float | Decimal):
        return Decimal(str(value))
    match = _NUMBER.match(str(value).strip())
    if match is None:
        return None
    after = str(value).strip()[match.end() : match.end() + 1]
    return Decimal(match[0].replace(",", "")) * _TENFOLD.get(after, Decimal(1))


def table_faults(case_type: CaseType, act: Act, before: History) -> Iterator[Refusal]:
    """What the rows that fired have against an act; nothing where they were not asked."""
    kind = case_type.acts.get(act.act)
    for table in kind.tables if kind is not None else ():
        rows = act.fired.get(table.register_)
        if kind is None or not rows:
            continue
        if table.needs is not None:
            yield from _needs_faults(case_type, table, act, rows, before)
        elif table.field is not None:
            yield from _band_faults(kind, table, act, rows)


def _needs_faults(
    case_type: CaseType, table: Table, act: Act, rows: Sequence[Fired], before: History
) -> Iterator[Refusal]:
    needed = table.needs
    if needed is None:
        return
    for name in needed.acts:
        latest = before.happened.get(name)
        if latest and (needed.outcome is None or latest[-1].outcome in needed.outcome):
            return
    reason = needed.reason or f"须先完成{wording.act_titles(case_type, needed.acts)}"
    listed = "、".join(f"“{row.title}”（{'；'.join(row.why)}）" for row in rows)
    yield Refusal(act.act, f"属于{listed}，{reason}{wording.cite(needed.basis)}", needed.basis, "order")


def _band_faults(kind: ActType, table: Table, act: Act, rows: Sequence[Fired]) -> Iterator[Refusal]:
    spec = kind.fields[table.field or ""]
    value = number(act.fields.get(table.field or ""))
    if value is None or any(row.holds(float(value)) for row in rows):
        return
    if table.reason is not None and str(act.fields.get(table.reason) or "").strip():
        return
    bands = "；".join(_band(row, spec) for row in rows)
    reason = f"“{spec.title}”{value}{spec.unit or ''}不在裁量幅度内：{bands}"
    if table.reason is not None:
        reason += f"；确需偏离的，应当填写“{kind.fields[table.reason].title}”"
    yield Refusal(act.act, reason + wording.cite(rows[0].basis), rows[0].basis, FindingKind.FIELD.value)


def advice(case_type: CaseType, act: str, table: Table, rows: Sequence[Fired]) -> Iterator[str]:
    """What the rows that fired say, for people about to record the act."""
    kind = case_type.acts[act]
    for row in rows:
        if table.needs is not None:
            done = wording.act_titles(case_type, table.needs.acts)
            yield f"属于“{row.title}”（{row.key}），须先{done}：{'；'.join(row.why)}"
        elif table.field is not None:
            spec = kind.fields[table.field]
            yield f"{spec.title}：{_band(row, spec)}{wording.cite(row.basis)}"


def _band(row: Fired, spec: FieldSpec) -> str:
    """A band with the reasons for it."""
    unit = spec.unit or ""
    least = f"不少于{row.minimum:g}{unit}" if row.minimum is not None else ""
    most = f"不超过{row.maximum:g}{unit}" if row.maximum is not None else ""
    band = "、".join(part for part in (least, most) if part) or "没有幅度"
    return f"{row.title}（{row.key}）{band}，{'；'.join(row.why)}"
