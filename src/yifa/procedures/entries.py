"""From entries as they were recorded to acts as they stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from yifa.law.errors import YifaError
from yifa.procedures.model import Act, Correction, Entry, Fired, Listing, fired_from

CHANGEABLE = ("act", "on", "outcome", "by", "unit", "role", "evidence", "fields", "listed", "fired")
_STATED = frozenset({"evidence", "fields"})


class CorrectionError(YifaError):
    """A correction that points at nothing that can be corrected, or changes what no act has."""

    code = "correction"


def effective(entries: Sequence[Entry]) -> tuple[Act, ...]:
    """The acts after all corrections, by date, then by position.

    Raises:
        CorrectionError: a correction of a correction, of an act that is not there or withdrawn, of an unknown part.
    """
    standing: dict[int, Act] = {}
    corrections: list[Correction] = []
    for place, entry in enumerate(entries, start=1):
        if isinstance(entry, Act):
            position = entry.position or place
            standing[position] = entry if entry.position else replace(entry, position=position)
        else:
            corrections.append(entry if entry.position else replace(entry, position=place))
    if corrections:
        _apply(standing, corrections)
    return tuple(sorted(standing.values(), key=_by_date))


def _by_date(act: Act) -> tuple[date, int]:
    return act.on, act.position


def _apply(standing: dict[int, Act], corrections: Sequence[Correction]) -> None:
    own_positions = {correction.position for correction in corrections}
    withdrawn: set[int] = set()
    for correction in corrections:
        found = standing.get(correction.of)
        if found is None or correction.of > correction.position:
            raise CorrectionError(_nothing_to_correct(correction, own_positions, withdrawn))
        if correction.withdraws:
            withdrawn.add(correction.of)
            del standing[correction.of]
        else:
            standing[correction.of] = corrected(found, correction.changes, correction.position)


def _nothing_to_correct(correction: Correction, corrections: set[int], withdrawn: set[int]) -> str:
    where, of = f"第{correction.position}项更正", correction.of
    if of in withdrawn:
        return f"{where}：第{of}项已经撤回，不能再更正；请重新录入该环节。"
    if of in corrections:
        return f"{where}：第{of}项本身是更正，不能更正“更正”；请直接更正它所指的环节。"
    return f"{where}：没有第{of}项可以更正；请填已录入环节的序号（从1数起，更正也占一个序号）。"


def corrected(act: Act, changes: Mapping[str, Any], position: int = 0) -> Act:
    """The act with the given parts replaced, marked as corrected."""
    unknown = [key for key in changes if key not in CHANGEABLE]
    if unknown:
        raise CorrectionError(
            f"第{position}项更正：不能更正“{'、'.join(unknown)}”；可以更正的是{'、'.join(CHANGEABLE)}。"
        )
    values = {key: _typed(key, value, position) for key, value in changes.items()}
    if "fields" in values:
        values["fields"] = {**act.fields, **values["fields"]}
    if "listed" in values:
        values["listed"] = {**act.listed, **values["listed"]}
    stated = act.unstated - (_STATED & values.keys())
    return replace(act, **values, corrected=True, unstated=stated)


def _typed(key: str, value: Any, position: int) -> Any:
    """A changed value in the type the act holds; ledger payloads and scenario files give dates as text."""
    if key == "on":
        try:
            return value if isinstance(value, date) else date.fromisoformat(value)
        except (TypeError, ValueError):
            raise CorrectionError(
                f"第{position}项更正：on 应写成 2024-09-20 这样的日期，现为“{value}”。"
            ) from None
    if key == "evidence":
        return tuple(item["title"] if isinstance(item, Mapping) else str(item) for item in value or ())
    if key == "fields":
        return dict(value or {})
    if key == "listed":
        return {name: Listing(standing) for name, standing in (value or {}).items()}
    if key == "fired":
        return fired_rows(value or {})
    return value


def fired_rows(said: Mapping[str, Any]) -> dict[str, tuple[Fired, ...]]:
    """The rows that fired, as a record keeps them by register."""
    return {
        register: tuple(row if isinstance(row, Fired) else fired_from(row) for row in rows)
        for register, rows in said.items()
    }
