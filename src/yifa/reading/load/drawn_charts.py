"""Charts of Word files as rows: what a chart shows stands in a part of its own, kept beside its reference to a sheet."""

from __future__ import annotations

from typing import Any

C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
MOST_POINTS = 2000


def chart_rows(space: Any) -> list[str]:
    """The chart as a table, cells divided by tabs: a head with the series, a row for each label; empty if it keeps none."""
    series = list(space.iter(f"{C}ser"))[:MOST_POINTS]
    if not series:
        return []
    names = [_only(one.find(f"{C}tx")) for one in series]
    labels = _points(next((found for one in series if (found := one.find(f"{C}cat")) is not None), None))
    values = [_points(one.find(f"{C}val")) for one in series]
    places = sorted({*labels, *(place for column in values for place in column)})[:MOST_POINTS]
    if not places:
        return []
    rows = [[labels.get(place, ""), *(column.get(place, "") for column in values)] for place in places]
    return ["\t".join(cells).rstrip("\t") for cells in [["", *names], *rows]]


def _only(element: Any | None) -> str:
    return " ".join(_points(element).values())


def _points(element: Any | None) -> dict[int, str]:
    """The kept values by place."""
    found: dict[int, str] = {}
    if element is None:
        return found
    for place, point in enumerate(element.iter(f"{C}pt")):
        index = point.get("idx", "")
        value = " ".join("".join(point.itertext()).split())
        found[int(index) if index.isascii() and index.isdigit() and len(index) < 7 else place] = value
    if not found:  # a name written out, without a reference
        written = element.find(f"{C}v")
        if written is not None and written.text:
            found[0] = " ".join(written.text.split())
    return found
