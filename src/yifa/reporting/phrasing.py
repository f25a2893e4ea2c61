"""How drafted sentences are put together: others' words on one line, neighbouring 「没有」 as one, units in their order."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import groupby

from yifa.law.schema import SectionType
from yifa.ledger.models import Organization

NOTHING = "本年度没有"


def plain(text: str) -> str:
    """Somebody's own words in the text of a section: on one line, and no braces, which would be a live figure."""
    return " ".join(text.split()).replace("{", "「").replace("}", "」")


def merged(sentences: Sequence[str]) -> Iterator[str]:
    """Neighbouring sentences on what did not happen as one: 「本年度没有甲；没有乙。」"""
    for nothing, group in groupby(sentences, key=lambda sentence: sentence.startswith(NOTHING)):
        if not nothing:
            yield from group
            continue
        yield (
            NOTHING
            + "；没有".join(sentence.removeprefix(NOTHING).removesuffix("。") for sentence in group)
            + "。"
        )


def required(sections: Sequence[SectionType]) -> list[str]:
    """What the sections of an outline have to say, at all levels."""
    return [
        kind
        for section in sections
        for kind in ([section.required] if section.required else []) + required(section.sections)
    ]


def in_order(parts: Collection[str], whose: Organization) -> list[str]:
    """Parts as units stand in the list of units; others behind them, by name."""
    below = Organization.objects.below(whose).order_by("path").values_list("name", flat=True)
    places = {name: place for place, name in enumerate(below)}
    return sorted(parts, key=lambda part: (places.get(part, len(places)), part))
