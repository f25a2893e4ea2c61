"""What a chart shows, as plain data; the browser draws it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Series:
    """One line or set of bars; `colour` is a Tabler colour name, the palette's next where left out.

    `urls` are what its marks open, where they do not open what the chart's do.
    """

    name: str
    values: Sequence[float | None]  # None: not known, which is not 0
    colour: str = ""
    urls: Sequence[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart; `urls` are what each mark opens, in the order of the labels."""

    id: str
    kind: str  # bar | line
    labels: Sequence[str]
    series: Sequence[Series]
    stacked: bool = False
    flat: bool = False  # bars lie, labels stand beside them
    small: bool = False
    urls: Sequence[str] = field(default_factory=list)

    @property
    def data(self) -> dict[str, Any]:
        """For `json_script`."""
        return asdict(self)

    @property
    def rows(self) -> list[tuple[str, list[float | None]]]:
        """The same numbers as a table, for those who do not see the chart."""
        return [
            (label, [one.values[place] for one in self.series]) for place, label in enumerate(self.labels)
        ]
