"""`date.impossible` and `figure.fraction`: days that no calendar has, halves of what is counted whole."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator

from yifa.checking import interval
from yifa.checking.finding import Finding, Severity
from yifa.checking.interval import number
from yifa.checking.landmarks import Landmarks
from yifa.checking.rule import Rule
from yifa.checking.view import View
from yifa.reading.document import Figure

_MONTH_WORD = Landmarks(("月",))
_DATE = re.compile(r"(?<![\d.])(?:((?:19|20)\d\d)年)?(\d{1,2})月(\d{1,2})日(?!元|游|报)")
_ROOM, _LENGTH = 7, 13  # characters before 月, and of the whole
_DECEMBER = 12
_LEAP = 2024  # where no year is said, February may have 29 days

_WHOLE = frozenset({"件", "宗", "起", "人", "名", "人次", "场次", "份"})
_PLAIN = re.compile(r"\d+\.\d+\s*(?:件|宗|起|人|名|人次|场次|份)")
_SPREAD = re.compile(r"均|每|[百千万]人|指数|率|比|折合|相当于|标准|倍")
_NEAR = 24


def check_date(view: View) -> Iterator[Finding]:
    """One finding with all days that do not exist."""
    places = (
        _DATE.search(view.text, max(start - _ROOM, 0), start + _LENGTH)
        for start, _ in view.places(_MONTH_WORD)
    )
    wrong = {found.span(): found.group() for found in places if found and not _exists(found)}
    if wrong:
        shown = list(dict.fromkeys(wrong.values()))
        yield DATE.finding(
            f"日历上没有{'、'.join(f'“{day}”' for day in shown)}这{'一天' if len(shown) == 1 else '些日子'}。请核对日期。",
            sorted(wrong),
            dates=shown,
        )


def _exists(found: re.Match[str]) -> bool:
    year, month, day = int(found.group(1) or _LEAP), int(found.group(2)), int(found.group(3))
    return 1 <= month <= _DECEMBER and 1 <= day <= monthrange(year, month)[1]


def check_fraction(view: View) -> Iterator[Finding]:
    """One finding with all counts of whole things that have decimals and are no averages."""
    halves = [
        figure for figure in view.figures if figure.value != int(figure.value) and _is_half(view, figure)
    ]
    if halves:
        yield FRACTION.finding(
            f"{'、'.join(f'“{figure.text}”' for figure in halves)}不是整数：案件、人员、文书按个数计，不会有零头。"
            "请核对；是平均数的写明“平均”，以万计的写明“万”。",
            [figure.span for figure in halves],
            values=[number(figure.value) for figure in halves],
        )


def _is_half(view: View, figure: Figure) -> bool:
    if figure.unit not in _WHOLE or not interval.is_exact(figure) or not _PLAIN.fullmatch(figure.text):
        return False
    start, end = figure.span
    line = view.text.rfind("\n", 0, start) + 1
    stop = view.text.find("\n", end)
    before = view.text[max(start - _NEAR, line) : start]
    return (
        "\t" not in view.text[line : stop if stop >= 0 else len(view.text)]
        and not _SPREAD.search(before)
        and not _SPREAD.search(view.text[end : end + 2])
    )


DATE = Rule(
    id="date.impossible",
    severity=Severity.ERROR,
    title="没有这一天",
    explanation=(
        "写了日历上没有的日子（2月30日、4月31日、13月5日）。写明年份的按该年判断闰年，没有写年份的2月29日不提出。全文合为一条。\n\n"
        "例：“11月31日召开推进会”——依据：dates 11月31日。"
    ),
    check=check_date,
)
FRACTION = Rule(
    id="figure.fraction",
    severity=Severity.WARNING,
    title="个数不是整数",
    explanation=(
        "以件、起、人、名、人次、场次、份计的确数带有小数。平均数、人均数、指数、比率，以万计的数，表格中的数不提出。全文合为一条。\n\n"
        "例：“行政处罚立案31.5件”——依据：values 31.5。"
    ),
    check=check_fraction,
)
