"""Charts as SVG: no script, no network, every mark a link to the figure it shows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from yifa.papers.titles import width
from yifa.reporting.blocks import ChartBlock, Shown

WIDTH, EDGE = 720, 14
COLUMN_HEIGHT = 260
BAR, GAP = 18, 10  # of lying bars
CHARACTER = 14  # font size: a Chinese character is that wide
LEGEND = 28
WIDEST_NAME = 16  # characters; longer names go on in a second line

Link = Callable[[Shown], str]


def _to_figure(shown: Shown) -> str:
    return f"#figure-{shown.rule}"


def svg(chart: ChartBlock, link: Link = _to_figure) -> SafeString:
    """The chart as an inline image; each mark is an `a` with `data-rule`, and `data-part` or `data-month`.

    `link` gives the address a mark leads to, "" for one that leads nowhere.
    """
    drawn = _columns(chart, link) if chart.kind == "column" else _bars(chart, link)
    height = _height(chart)
    marks = [*drawn, *_legend(chart, height)]
    return format_html(
        '<svg class="chart" viewBox="0 0 {} {}" role="group" aria-label="{}">{}</svg>',
        WIDTH,
        height,
        f"{chart.title}。{chart.described}",
        format_html_join("", "{}", ((mark,) for mark in marks)),
    )


def _height(chart: ChartBlock) -> int:
    below = LEGEND if len(chart.series) > 1 else 0
    if chart.kind == "column":
        return COLUMN_HEIGHT + below
    return int(EDGE + len(chart.labels) * (BAR * len(chart.series) + GAP)) + below


def _largest(chart: ChartBlock) -> Decimal:
    return max(
        (Decimal(value) for one in chart.series for value in one.values), default=Decimal(0)
    ) or Decimal(1)


def _columns(chart: ChartBlock, link: Link) -> Iterator[SafeString]:
    floor, top = COLUMN_HEIGHT - 34, 26
    step = (WIDTH - 2 * EDGE) / len(chart.labels)
    thick = min(46.0, step * 0.7 / len(chart.series))
    largest = _largest(chart)
    for place, label in enumerate(chart.labels):
        middle = EDGE + step * (place + 0.5)
        for index, one in enumerate(chart.series):
            tall = float(Decimal(one.values[place]) / largest) * (floor - top)
            left = middle - thick * len(chart.series) / 2 + thick * index
            number = format_html(
                '<text x="{}" y="{}" text-anchor="middle">{}</text>',
                _px(left + thick / 2), _px(floor - tall - 6), one.marks[place].text,
            )  # fmt: skip
            yield _mark(chart, link, (index, place), (left, floor - tall, thick - 1, tall), number)
        yield format_html(
            '<text x="{}" y="{}" text-anchor="middle" class="name">{}</text>', _px(middle), floor + 20, label
        )
    yield format_html('<line x1="{}" y1="{}" x2="{}" y2="{}"/>', EDGE, floor, WIDTH - EDGE, floor)


def _bars(chart: ChartBlock, link: Link) -> Iterator[SafeString]:
    names = min(WIDEST_NAME, max(map(width, chart.labels), default=1)) * CHARACTER + 2 * EDGE
    room = WIDTH - names - 80  # for the numbers behind the bars
    largest, y = _largest(chart), float(EDGE)
    for place, label in enumerate(chart.labels):
        thick = BAR * len(chart.series)
        yield from _name(label, names - 8, y + thick / 2)
        for index, one in enumerate(chart.series):
            long, above = float(Decimal(one.values[place]) / largest) * room, y + BAR * index
            number = format_html(
                '<text x="{}" y="{}">{}</text>',
                _px(names + long + 6),
                _px(above + 13.5),
                one.marks[place].text,
            )
            yield _mark(chart, link, (index, place), (names, above, long, BAR - 2), number)
        y += thick + GAP
    yield format_html(
        '<line x1="{}" y1="{}" x2="{}" y2="{}"/>', _px(names), EDGE - 6, _px(names), _px(y - GAP + 4)
    )


def _name(label: str, right: float, middle: float) -> Iterator[SafeString]:
    half = (len(label) + 1) // 2
    lines = [label] if width(label) <= WIDEST_NAME else [label[:half], label[half:]]
    for index, line in enumerate(lines):
        y = middle + 4 + (index - (len(lines) - 1) / 2) * 15
        yield format_html(
            '<text x="{}" y="{}" text-anchor="end" class="name{}">{}</text>',
            _px(right), _px(y), "" if len(lines) == 1 else " long", line,
        )  # fmt: skip


def _mark(
    chart: ChartBlock,
    link: Link,
    where: tuple[int, int],
    box: tuple[float, float, float, float],
    number: SafeString,
) -> SafeString:
    """The bar of a series (first of `where`) at a label (second), as a link, where there is one, with its number."""
    index, place = where
    series = chart.series[index]
    shown = series.marks[place]
    said = f"{chart.labels[place]}{'' if len(chart.series) == 1 else series.name}{shown.text}{chart.unit}"
    x, y, wide, tall = box
    to = link(shown)
    return format_html(
        '<{} data-rule="{}" data-part="{}" data-month="{}" aria-label="{}"><title>{}</title>'
        '<rect x="{}" y="{}" width="{}" height="{}" class="s{}"/>{}</{}>',
        format_html('a href="{}"', to) if to else SafeString('g role="img"'), shown.rule, shown.part or "",
        shown.month, said, said,
        _px(x), _px(y), _px(max(wide, 0.5)), _px(max(tall, 0.5)), index % 6, number, "a" if to else "g",
    )  # fmt: skip


def _legend(chart: ChartBlock, height: int) -> Iterator[SafeString]:
    if len(chart.series) < 2:
        return
    x = float(EDGE)
    for index, one in enumerate(chart.series):
        yield format_html(
            '<rect x="{}" y="{}" width="12" height="12" class="s{}"/><text x="{}" y="{}" class="name">{}</text>',
            _px(x), height - 18, index % 6, _px(x + 18), height - 7, one.name,
        )  # fmt: skip
        x += 18 + width(one.name) * CHARACTER + 22


def _px(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
