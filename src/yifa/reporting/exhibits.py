"""Tables and charts of live figures. In the text of a section each is a line of its own, edited like any other:

    〔表：行政复议办理情况〕{reconsiderations_received}、{reconsiderations_accepted}    a row for each figure
    〔分项表：各单位备案〕{normative_documents_filed}、{normative_documents_to_file}     rows are parts, columns figures
    〔月图：各月受理工单〕{hotline_tickets_received}                                  a column for each month

    〔明细表：履职记录〕{duty_records}                                                a row for each record, by day

图 instead of 表 draws what the table would list. What has nothing above 0 to show is left out of the printed report.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from yifa.law.loader import catalogue
from yifa.law.phrases import day, of_all
from yifa.law.schema import Exhibit
from yifa.ledger.models import Entry, Organization
from yifa.procedures.counting import UNTOLD
from yifa.reporting.blocks import ChartBlock, ChartSeries, Piece, Shown, TableBlock, Words
from yifa.reporting.models import StoredFigure
from yifa.reporting.placeholders import Placeholder, split
from yifa.reporting.wording import MONEY, TEN_THOUSAND, percentage, trimmed

WORDS = {
    ("table", "figures"): "表",
    ("table", "parts"): "分项表",
    ("table", "months"): "月表",
    ("table", "records"): "明细表",
    ("chart", "figures"): "图",
    ("chart", "parts"): "分项图",
    ("chart", "months"): "月图",
}
TOTAL = "合计"
MOST_COLUMNS, MOST_BARS = 6, 30  # beyond these a table does not fit the page, a chart cannot be read
MOST_RECORDS = 200  # in one table
EXACT = 6  # decimals: what is added up must add up in print
_KINDS = {word: kind for kind, word in WORDS.items()}
_LINE = re.compile(
    rf"〔(?P<word>{'|'.join(sorted(_KINDS, key=len, reverse=True))})[：:](?P<title>[^〔〕\n]*)〕(?P<rest>.*)"
)


@dataclass(frozen=True, slots=True)
class Called:
    """A table or chart as a line of the text calls for it."""

    show: Literal["table", "chart"]
    by: Literal["figures", "parts", "months", "records"]
    title: str
    rules: tuple[str, ...]
    stray: str  # what else stands in the line and means nothing


def parse(line: str) -> Called | None:
    """The table or chart a line of a section calls for; None for prose."""
    match = _LINE.fullmatch(line.strip())
    if match is None:
        return None
    show, by = _KINDS[match["word"]]
    pieces = split(match["rest"])
    rules = dict.fromkeys(piece.rule for piece in pieces if isinstance(piece, Placeholder))
    stray = "".join(piece for piece in pieces if isinstance(piece, str)).strip("、，,；; 　")
    return Called(show, by, match["title"].strip(), tuple(rules), stray)  # type: ignore[arg-type]  # keys of WORDS


def written(exhibit: Exhibit, title: str, rules: Sequence[str]) -> str:
    """The line that calls for an exhibit of the outline, with those of its figures there are."""
    return f"〔{WORDS[exhibit.show, exhibit.by]}：{title}〕" + "、".join(f"{{{rule}}}" for rule in rules)


def fault(line: str) -> str | None:
    """What is wrong with a line that means to be a table or a chart, in words for its author."""
    called = parse(line)
    if called is None:
        return None
    if not called.title:
        return "表、图要有标题，例如〔表：行政复议办理情况〕"
    if not called.rules:
        return f"“{called.title}”后面没有活数字，请在方括号后面列出，用顿号隔开"
    if called.stray:
        return f"“{called.title}”这一行只能列活数字，多了“{called.stray[:20]}”"
    if called.by != "figures" and len(called.rules) > MOST_COLUMNS:
        return f"“{called.title}”最多列{MOST_COLUMNS}个活数字，现有{len(called.rules)}个，请分成几张"
    return None


class Exhibits:
    """Builds the tables and charts of one report and numbers them: 表1, 表2, 图1."""

    def __init__(self, figures: Mapping[str, StoredFigure]) -> None:
        self._figures = figures
        self._counts = {"table": 0, "chart": 0}
        self._units: dict[str, int] | None = None

    def block(self, called: Called, section: int | None) -> TableBlock | ChartBlock | None:
        """The block, or None where there is nothing to show."""
        known = [self._figures[rule] for rule in called.rules if rule in self._figures]
        figures = [figure for figure in known if figure.status == "counted" and figure.value is not None]
        if not any(figure.value for figure in figures):
            return None
        if called.show == "table":
            return self._table(called, figures, section)
        return self._chart(called, figures, section)

    def _number(self, show: Literal["table", "chart"]) -> str:
        self._counts[show] += 1
        return f"{'表' if show == 'table' else '图'}{self._counts[show]}"

    def _table(
        self, called: Called, figures: Sequence[StoredFigure], section: int | None
    ) -> TableBlock | None:
        if called.by == "figures":
            rows = tuple(_row(figure) for figure in figures)
            header: tuple[str, ...] = ("项目", "单位", "数量")
            return TableBlock(self._number("table"), called.title, header, rows, frozenset({2}), section)
        if called.by == "records":
            lines = tuple(_record_rows(figures))
            columns_of_words = ("日期", "事项", "环节", "单位")
            return TableBlock(
                self._number("table"), called.title, columns_of_words, lines, frozenset(), section
            )
        labels = self._labels(called.by, figures)
        if not labels:
            return None
        columns = [_Column(figure, called.by) for figure in figures]
        body: list[tuple[Piece, ...]] = [
            (Words(name), *(column.cell(key) for column in columns)) for key, name in labels.items()
        ]
        body.append((Words(TOTAL), *(column.total() for column in columns)))
        header = (
            _first(called.by, figures),
            *(f"{of_all(column.figure.title)}（{column.unit}）" for column in columns),
        )
        numeric = frozenset(range(1, len(header)))
        return TableBlock(self._number("table"), called.title, header, tuple(body), numeric, section)

    def _chart(
        self, called: Called, figures: Sequence[StoredFigure], section: int | None
    ) -> ChartBlock | None:
        if len({figure.unit for figure in figures}) > 1:
            return None
        if called.by == "figures":
            column = _Column(max(figures, key=lambda figure: figure.value or Decimal(0)), "figures")
            names = tuple(figure.title for figure in figures)
            marks = tuple(column.of(figure) for figure in figures)
            series = (ChartSeries(called.title, tuple(mark.text for mark in marks), marks),)
            if len(figures) < 2:
                return None
            return ChartBlock(self._number("chart"), called.title, "bar", column.unit, names, series, section)
        labels = self._labels(called.by, figures)
        if not 2 <= len(labels) <= MOST_BARS:
            return None
        largest = max(figures, key=lambda figure: figure.value or Decimal(0))
        unit = _Column(largest, called.by).unit
        columns = [_Column(figure, called.by, unit) for figure in figures]
        every = tuple(
            ChartSeries(column.figure.title, tuple(mark.text for mark in marks), marks)
            for column in columns
            for marks in [tuple(column.cell(key) for key in labels)]
        )
        kind: Literal["column", "bar"] = "column" if called.by == "months" else "bar"
        return ChartBlock(
            self._number("chart"), called.title, kind, unit, tuple(labels.values()), every, section
        )

    def _labels(self, by: str, figures: Sequence[StoredFigure]) -> dict[str, str]:
        """The rows by key, as printed; empty where the figures cannot be laid out so."""
        if by == "months":
            if any(sum(_months(figure).values()) != figure.value for figure in figures):
                return {}  # a stock at the end of the year has no months
            first = figures[0]
            return {month: f"{int(month[5:])}月" for month in _period(first.period_start, first.period_end)}
        if any(figure.value and not figure.parts for figure in figures):
            return {}
        shares: dict[str, Decimal] = {}
        for figure in figures:
            for part, value in figure.parts.items():
                shares[part] = shares.get(part, Decimal(0)) + Decimal(value)
        if shares.keys() <= {UNTOLD}:
            return {}  # nobody said what the parts are told apart by
        places, names = self._places_of_units(figures[0].organization), _titles(shares, figures)
        ordered = sorted(shares, key=lambda part: (places.get(part, -1), -shares[part], part))
        return {part: names.get(part, part) for part in ordered}

    def _places_of_units(self, owner: Organization) -> dict[str, int]:
        """Units stand in the order of the list of units, never ranked; other parts the largest first."""
        if self._units is None:
            names = Organization.objects.below(owner).order_by("path").values_list("name", flat=True)
            self._units = {name: place for place, name in enumerate(names)}
        return self._units


class _Column:
    """One figure over the rows of a table or the labels of a chart, all in one unit."""

    def __init__(self, figure: StoredFigure, by: str, unit: str = "") -> None:
        self.figure, self._by = figure, by
        large = figure.unit == MONEY and (figure.value or 0) >= TEN_THOUSAND
        self.unit = unit or (f"万{MONEY}" if large else figure.unit)
        self._months = _months(figure) if by == "months" else {}
        self._places = self._decimals() if self.unit == f"万{MONEY}" else 0

    def _decimals(self) -> int:
        """As many decimals as the most exact amount of the column has, so that points stand below each other."""
        shares = self._months.values() if self._by == "months" else map(Decimal, self.figure.parts.values())
        amounts = [self.figure.value or Decimal(0), *shares]
        texts = (trimmed(amount / TEN_THOUSAND, EXACT) for amount in amounts)
        return max(len(text.partition(".")[2]) for text in texts)

    def cell(self, key: str) -> Shown:
        """The figure's share in one part or month."""
        if self._by == "months":
            return Shown(self._said(self._months.get(key, Decimal(0))), self.figure.rule, month=key)
        return Shown(self._said(Decimal(self.figure.parts.get(key, "0"))), self.figure.rule, key)

    def total(self) -> Shown:
        """The whole figure."""
        return self.of(self.figure)

    def of(self, figure: StoredFigure) -> Shown:
        """Another whole figure in the unit of this one."""
        return Shown(self._said(figure.value or Decimal(0)), figure.rule)

    def _said(self, value: Decimal) -> str:
        if self.unit in ("%", "％"):
            return percentage(value)
        if self.unit == f"万{MONEY}":
            text = trimmed(value / TEN_THOUSAND, EXACT)
            whole, _, decimals = text.partition(".")
            return f"{whole}.{decimals.ljust(self._places, '0')}" if self._places else whole
        return trimmed(value, EXACT)


def _row(figure: StoredFigure) -> tuple[Piece, ...]:
    column = _Column(figure, "figures")
    return (Words(figure.title), Words(column.unit), column.total())


def _record_rows(figures: Sequence[StoredFigure]) -> Iterator[tuple[Piece, ...]]:
    """The records behind the figures by day; beyond a page or two the last row says that there are more."""
    rows = [record for figure in figures for record in figure.records[:MOST_RECORDS]]
    for record in sorted(rows, key=lambda record: record.on)[:MOST_RECORDS]:
        told = "" if record.on == date.min else day(record.on)
        yield tuple(map(Words, (told, record.title, record.act, record.unit)))
    if sum(len(figure.records) for figure in figures) > MOST_RECORDS:
        yield (Words("……"), Words("其余的见台账"), Words(""), Words(""))


def _first(by: str, figures: Sequence[StoredFigure]) -> str:
    """The head of the first column."""
    if by == "months":
        return "月份"
    titles = dict.fromkeys(figure.parts_title for figure in figures if figure.parts_title)
    return next(iter(titles)) if len(titles) == 1 else "分项"


def _titles(shares: Mapping[str, Decimal], figures: Sequence[StoredFigure]) -> dict[str, str]:
    """What the parts are called, where a breakdown is by an entry of a register and gives its key."""
    law = catalogue()
    for figure in figures:
        rule = law.counting_rules.get(figure.rule)
        kind, _, field = (rule.breakdown or "").partition(":") if rule else ("", "", "")
        if rule is None or kind != "fact":
            continue
        facts = law.case_types[rule.case_type].facts if rule.case_type else {}
        register = facts[field].register_ if field in facts else None
        if rule.register_ and law.registers[rule.register_].key == field:
            register = rule.register_
        if register:
            body = f"/{figure.organization.ancestor_codes()[0]}/"
            entries = Entry.objects.filter(register=register, key__in=list(shares))
            return dict(entries.filter(organization__path__startswith=body).values_list("key", "title"))
    return {}


def _months(figure: StoredFigure) -> dict[str, Decimal]:
    """The figure by month, from its records."""
    found: dict[str, Decimal] = {}
    for on, value in figure.records.days().items():
        if figure.period_start <= on <= figure.period_end:
            month = f"{on:%Y-%m}"
            found[month] = found.get(month, Decimal(0)) + value
    return found


def _period(start: date, end: date) -> Iterator[str]:
    year, month = start.year, start.month
    while (year, month) <= (end.year, end.month):
        yield f"{year}-{month:02}"
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
