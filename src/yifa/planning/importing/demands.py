"""The numbers that the words of an item demand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from yifa.planning.importing.draft import DraftItem
from yifa.reading.document import Kind
from yifa.reading.figures import figures
from yifa.reading.outline import Sections
from yifa.reading.plans import plan as find_tasks


def with_demands(items: Sequence[DraftItem], year: int) -> Iterator[DraftItem]:
    """The items with the targets found in the text of each; their place is that of the item."""
    text = "\n".join(item.text.replace("\n", "。") for item in items)
    _, targets = find_tasks(text, Kind.WORK_PLAN, (), figures(text, Sections(()), demanding=True), year=year)
    start = 0
    for item in items:
        end = start + len(item.text)
        own = (target for target in targets if start <= target.span[0] < end)
        yield replace(item, targets=tuple(replace(target, span=item.span) for target in own))
        start = end + 1
