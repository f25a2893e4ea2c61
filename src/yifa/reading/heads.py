"""Where the head of a sheet is and what stands over a column; what the words mean is said by who asks."""

from __future__ import annotations

import re
from collections.abc import Callable

from yifa.reading.sheets import Sheet

HIGHEST = 40  # rows above which the head is looked for
LONGEST = 30  # characters of a cell of a head
BRACKETS = re.compile(r"[（(\[【〔][^）)\]】〕]*[）)\]】〕]")
_SIGNS = re.compile(r"[\s:：*＊、．.]+")
Meaning = Callable[[str], tuple[str, bool]]  # of a head: "" where nothing fits; whether it is certain


def bare(head: str) -> str:
    """A head without spaces, brackets and signs."""
    return _SIGNS.sub("", BRACKETS.sub("", head))


def head_text(sheet: Sheet, head: int, lines: int, column: int, meaning: Meaning) -> str:
    """The head of a column; in a head of two rows the lower cell says more, and alone where it is understood alone."""
    if head < 0:
        return ""
    texts = [sheet.value(row, column) for row in range(head, min(head + lines, len(sheet.rows)))]
    lower = texts[-1]
    if len(texts) == 1 or not lower or lower == texts[0]:
        return texts[0]
    known, _ = meaning(lower)
    return lower if known or not texts[0] else f"{texts[0]}{lower}"


def is_group(sheet: Sheet, head: int, column: int) -> bool:
    """A head over several columns: merged, or with an empty cell beside it."""
    holder = sheet.merged.get((head, column), (head, column))
    if any(sheet.merged.get((head, other)) == holder for other in range(sheet.width)):
        return True
    right = column + 1 < sheet.width and not sheet.rows[head][column + 1]
    return not sheet.rows[head][column] or right


def goes_on(sheet: Sheet, head: int, meaning: Meaning) -> bool:
    """Whether the row below belongs to the head: it has names only under a head that spans columns."""
    if head + 1 >= len(sheet.rows):
        return False
    below = [
        (column, sheet.rows[head + 1][column])
        for column in range(sheet.width)
        if sheet.rows[head + 1][column] and not sheet.from_above(head + 1, column)
    ]
    if not below or any(len(cell) > 12 or cell[0].isdigit() for _, cell in below):
        return False
    groups = {column for column in range(sheet.width) if is_group(sheet, head, column)}
    return all(column in groups for column, _ in below) and any(meaning(cell)[1] for _, cell in below)


def find_list_head(sheet: Sheet, meaning: Meaning) -> tuple[int, int]:
    """The head of a list of records and its number of rows: the row that names most columns, else the widest of short texts.

    (-1, 1) where there is none.
    """
    rows = range(min(HIGHEST, len(sheet.rows)))
    scored = [(_known(sheet, row, meaning), -row) for row in rows]
    best, place = max(scored, default=(0.0, 0))
    head = -place if best >= 2 else _widest(sheet)
    if head < 0:
        return -1, 1
    if head > 0 and best >= 2 and _completed_above(sheet, head) and goes_on(sheet, head - 1, meaning):
        return head - 1, 2  # the lower row of two was found
    return head, 2 if goes_on(sheet, head, meaning) else 1


def _completed_above(sheet: Sheet, row: int) -> bool:
    """Whether the row above names columns that this row leaves open."""
    return any(
        sheet.from_above(row, column) or (not cell and sheet.rows[row - 1][column])
        for column, cell in enumerate(sheet.rows[row])
    )


def _known(sheet: Sheet, row: int, meaning: Meaning) -> float:
    """How many columns a row names; what is not certain counts half, long texts against it."""
    found: dict[str, float] = {}
    for column, cell in enumerate(sheet.rows[row]):
        if not cell or sheet.from_left(row, column):
            continue
        if len(cell) > LONGEST:
            return 0
        held, sure = meaning(cell)
        if held:
            found[held] = max(found.get(held, 0.0), 1.0 if sure else 0.5)
    return sum(found.values())


def _widest(sheet: Sheet) -> int:
    """The first row of several short texts without figures."""
    for row in range(min(HIGHEST, len(sheet.rows) - 1)):
        cells = [
            cell for column, cell in enumerate(sheet.rows[row]) if cell and not sheet.from_left(row, column)
        ]
        if len(cells) > 1 and len(cells) * 2 >= sheet.width:
            return row if all(len(cell) <= 20 and not cell[0].isdigit() for cell in cells) else -1
    return -1
