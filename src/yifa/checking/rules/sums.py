"""`sum`: the parts named do not add up to the whole."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from yifa.checking import interval
from yifa.checking.excerpt import ending
from yifa.checking.finding import Finding, Severity
from yifa.checking.interval import number, plain
from yifa.checking.labels import Part, title
from yifa.checking.name_sets import is_closed
from yifa.checking.partitions import Partition, partitions
from yifa.checking.rule import Rule
from yifa.checking.view import View
from yifa.reading.document import Figure
from yifa.reading.grids import grids

_TABLE = "表"
_SHARES = frozenset({"%", "‰"})
_SERIES = re.compile(
    r"^[^\t\n]{0,12}\t(?P<name>[^\t\n\d]{4,30})\n(?P<rows>(?:[^\t\n]{1,20}\t\d+(?:\.\d+)?\n){3,})(?P<caption>图[^\n]{0,60})?",
    re.M,
)
_MONTHS = 12
_LEAST = 2  # cells


def check(view: View) -> Iterator[Finding]:
    """Each partition whose parts, at their printed precision, cannot add up to the whole."""
    for sentence in view.counted_sentences:
        if len(sentence.figures) > _LEAST:
            yield from map(_finding, filter(_differs, partitions(sentence)))
    if any(figure.relation == _TABLE for figure in view.document.figures):
        yield from map(_finding, filter(_differs, _table_totals(view)))
        yield from map(_finding, filter(_differs, _row_totals(view)))
    if "\t" in view.text:
        yield from _series(view)


def _differs(found: Partition) -> bool:
    return not interval.total(part.figure for part in found.parts).meets(interval.of(found.whole))


def _table_totals(view: View) -> Iterator[Partition]:
    """A total of a table and the cells of its column or row, as reading has bound them; where they nearly give it.

    Columns that overlap (其中) miss the total by much.
    """
    figures = view.document.figures
    wholes = {figure.part_of for figure in figures if figure.relation == _TABLE}
    cells: dict[tuple[int, bool], list[Part]] = defaultdict(list)
    for place, figure in enumerate(figures):
        if figure.relation == _TABLE and figure.part_of is not None:
            # the last corner has a column of cells, and a row of cells that are totals themselves
            cells[figure.part_of, place in wholes].append(Part(figure, figure.subject))
    for (place, _), parts in cells.items():
        whole = figures[place]
        if _nearly(whole, parts) or is_closed([part.label for part in parts]):
            yield Partition(whole, whole.subject, tuple(parts), (), _TABLE)


def _row_totals(view: View) -> Iterator[Partition]:
    """A row and its total, in tables that have totals below as well: reading binds their cells to those below."""
    by_span = {figure.span: figure for figure in view.figures}
    for grid in grids(view.text):
        if not grid.total_rows or len(grid.total_columns) != 1:
            continue
        rows: dict[int, list[Figure]] = defaultdict(list)
        wholes: dict[int, Figure] = {}
        for cell in grid.cells:
            figure = by_span.get(cell.span)
            if figure and cell.row not in grid.total_rows and figure.unit not in _SHARES:
                if cell.column in grid.total_columns:
                    wholes[cell.row] = figure
                else:
                    rows[cell.row].append(figure)
        for row, whole in wholes.items():
            parts = tuple(Part(figure, figure.subject) for figure in rows[row] if figure.unit == whole.unit)
            if len(parts) == len(rows[row]) and _nearly(whole, parts):
                yield Partition(whole, whole.subject, parts, (), _TABLE)


def _series(view: View) -> Iterator[Finding]:
    """The twelve months, or a chart of 「各…」, beside the number that the same section gives for what they show."""
    told = {
        (figure.section, figure.subject): figure
        for figure in view.figures
        if interval.is_exact(figure) and figure.unit not in _SHARES
    }
    for found in _SERIES.finditer(view.text):
        rows = [line.split("\t") for line in found["rows"].strip("\n").split("\n")]
        months = [row[0] for row in rows] == [f"{month}月" for month in range(1, _MONTHS + 1)]
        if not months and "各" not in (found["caption"] or ""):
            continue
        whole = told.get((_section(view, found.start()), found["name"].strip()))
        parts = sum(float(row[1]) for row in rows)
        if whole is None or interval.of(whole).meets(interval.Interval(parts, parts)):
            continue
        gap, unit = whole.value - parts, whole.unit
        yield RULE.finding(
            f"正文写{whole.subject}{whole.text}，{'各月' if months else '图中各项'}相加却是{plain(parts)}{unit}，"
            f"{'少' if gap > 0 else '多'}{plain(abs(gap))}{unit}。请核对正文和图表。",
            [whole.span, found.span("rows")],
            whole=number(whole.value),
            parts=[number(float(row[1])) for row in rows],
            parts_sum=number(parts),
            difference=number(gap),
            unit=unit,
        )


def _section(view: View, place: int) -> str:
    """The section of the figures around a place."""
    before = view.figures_in((0, place))
    return before[-1].section if before else ""


def _nearly(whole: Figure, parts: Sequence[Part]) -> bool:
    figures = [part.figure for part in parts]
    share = sum(figure.value for figure in figures) / whole.value if whole.value else 0.0
    least, most = interval.CLOSE_SHARE
    return len(parts) >= _LEAST and least <= share <= most


def _finding(found: Partition) -> Finding:
    whole, unit = found.whole, found.whole.unit
    parts_sum = sum(part.figure.value for part in found.parts)
    gap = whole.value - parts_sum
    shown = "、".join(f"{title(part.label)}{part.figure.text}" for part in found.parts)
    subject = ending(title(found.name), 20)
    message = (
        f"{subject}{whole.text}，所列各部分合计{plain(parts_sum)}{unit}（{shown}），"
        f"{'少' if gap > 0 else '多'}{plain(abs(gap))}{unit}。{_strangers(found.strangers, unit)}"
    )
    return RULE.finding(
        message,
        [whole.span, *(part.figure.span for part in found.parts)],
        whole=number(whole.value),
        parts=[number(part.figure.value) for part in found.parts],
        parts_sum=number(parts_sum),
        difference=number(gap),
        unit=unit,
        other_units=[part.figure.text for part in found.strangers],
    )


def _strangers(strangers: tuple[Part, ...], unit: str) -> str:
    if not strangers:
        return "请核对各项，或写明未列出的部分。"
    shown = "、".join(f"{title(part.label)}{part.figure.text}" for part in strangers)
    return f"同一串中的{shown}不以“{unit}”计，未计入；请改用同一计量单位，或写明其余部分。"


RULE = Rule(
    id="sum",
    severity=Severity.ERROR,
    title="各部分相加不等于总数",
    explanation=(
        "写明了总数和组成总数的各部分，相加却不等于总数。只在文字表明各部分合起来就是总数时才核对：“合计”“共计”在后；“分别为”“由……组成”紧接总数；"
        "最后一项是“其他”“其余”；各部分是一组不遗漏的名称（如简易程序与一般程序、四个季度、税收收入与非税收入）；括号里或冒号后除了这一串没有别的话，"
        "而且合起来与总数只差一点；或者至少三个部分用分号隔开、都重复了总数的名称。维持、撤销、驳回等只能居其一的结果，合起来超过总数也提出；“其中”之后用同样的标点一直列到句末的三类以上的事（不是人），合起来比总数多出不到一成的，也提出。"
        "表格里合计行、合计栏与各行各栏相差不多而不相等的，也提出；十二个月的表、画“各……”的图，各项相加与同一节正文写的总数不等的，也提出。一般的“其中”可以只列一部分，也可以互相交叉，不核对；带“等”“主要”“重点”“包括……等”的不核对。计量单位不同的数不相加，另行指出。"
        "按书写的精度核对：四舍五入造成的出入不算。\n\n"
        "例：“医疗机构412家，其中医院36家、卫生院48家、村卫生室281家、其他37家”——"
        "依据：whole 412，parts 36、48、281、37，parts_sum 402，difference 10。"
    ),
    check=check,
)
