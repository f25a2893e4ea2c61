"""What a list is declared with: its columns and its filters."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Generic, TypeVar

from django.contrib.auth.models import AnonymousUser
from django.db.models import Model

from yifa.ledger.models import Organization, User
from yifa.ledger.people.pinyin import units_by_sound

M = TypeVar("M", bound=Model)
Choices = Sequence[tuple[str, str]]
EARLIEST, LATEST = date(1900, 1, 1), date(2200, 12, 31)


@dataclass(frozen=True)
class Column(Generic[M]):
    """One column. `value` goes into the spreadsheet and, unless `words` or the template `part` says it, onto the page."""

    key: str
    title: str
    value: Callable[[M], Any]
    sort: tuple[str, ...] = ()  # order_by when sorted upwards
    part: str | None = None
    css: str = ""
    sheet_only: bool = False
    words: Callable[[M], str] | None = None
    sheet_title: str = ""  # where the page says the unit beside each value

    @property
    def head(self) -> str:
        """What stands above the column in a file."""
        return self.sheet_title or self.title

    def said(self, row: M) -> Any:
        """What the page says."""
        return self.value(row) if self.words is None else self.words(row)


@dataclass(frozen=True, slots=True)
class Filter:
    """One filter of the bar. What it means is said by the list's `rows`."""

    key: str
    title: str
    kind: str  # search | choice | date | tick
    choices: Callable[[], Choices] = field(default=lambda: ())


def as_day(text: str) -> date | None:
    """A date from the address line, or None; one of another age, as only hands write it, is none."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if EARLIEST <= day <= LATEST else None


@dataclass(frozen=True, slots=True)
class Shown:
    """A filter as the template draws it."""

    filter: Filter
    value: str
    choices: Choices

    @property
    def said(self) -> str:
        """What was chosen, as a printed page says it."""
        return self.filter.title if self.filter.kind == "tick" else f"{self.filter.title}：{self.chosen}"

    @property
    def chosen(self) -> str:
        """The value in words."""
        return "是" if self.filter.kind == "tick" else dict(self.choices).get(self.value, self.value)


def unit_choices(user: User | AnonymousUser) -> Choices:
    """The units somebody sees, by their names."""
    return [(unit.code, unit.name) for unit in units_by_sound(Organization.objects.for_user(user))]


def known(one: Filter, choices: Choices, value: str) -> str:
    """The value a filter was given; what is no choice of it, or no date, counts as none."""
    if one.kind == "choice" and value not in {key for key, _ in choices}:
        return ""
    return "" if one.kind == "date" and as_day(value) is None else value
