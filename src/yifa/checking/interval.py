"""Arithmetic with what a printed number may mean: 「29%」 is anything that rounds or is cut to 29 %."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from yifa.reading.document import Approx, Figure


@dataclass(frozen=True, slots=True)
class Interval:
    """A closed range of values."""

    low: float
    high: float

    def __add__(self, other: Interval) -> Interval:
        return Interval(self.low + other.low, self.high + other.high)

    def __sub__(self, other: Interval) -> Interval:
        return Interval(self.low - other.high, self.high - other.low)

    def meets(self, other: Interval) -> bool:
        """Whether some value lies in both; a millionth of the size is let pass as float noise."""
        slack = 1e-6 * max(abs(self.high), abs(other.high), 1e-6)
        return self.low <= other.high + slack and other.low <= self.high + slack

    def is_above(self, other: Interval) -> bool:
        """Whether every value here is larger than every value there."""
        return self.low > other.high and not self.meets(other)

    def or_cut(self) -> Interval:
        """With the upper side twice as wide: what was cut off instead of rounded lies in it.

        29 % is then everything from 28.5 (rounded up) to 30 (cut off).
        """
        return Interval(self.low, self.high + (self.high - self.low) / 2)


def of(figure: Figure) -> Interval:
    """What the figure may stand for. A figure without bounds is its value."""
    if figure.low == figure.high == 0.0:
        return Interval(figure.value, figure.value)
    return Interval(figure.low, figure.high)


def total(figures: Iterable[Figure]) -> Interval:
    """The sum of what the figures may stand for."""
    return sum((of(figure) for figure in figures), Interval(0.0, 0.0))


def percent(part: Interval, whole: Interval) -> Interval | None:
    """The part as a percentage of the whole; None when the whole may be zero."""
    if whole.low <= 0 or part.low < 0:
        return None
    return Interval(100 * part.low / whole.high, 100 * part.high / whole.low)


def growth(before: Interval, after: Interval) -> Interval | None:
    """The rise from before to after in percent, a fall being negative; None when before may be zero."""
    share = percent(after, before)
    return share and Interval(share.low - 100, share.high - 100)


def is_exact(figure: Figure) -> bool:
    """Whether the figure is given without 余, 近, 约, 以上 and the like."""
    return figure.approx is Approx.EXACT


def plain(value: float) -> str:
    """A number as an official writes it: no exponent, no needless decimals, 万 and 亿 from five digits on."""
    for size, name in ((1e8, "亿"), (1e4, "万")):
        if abs(value) >= size * 10 and abs(value / size * 100 - round(value / size * 100)) < 1e-9:
            return f"{value / size:.2f}".rstrip("0").rstrip(".") + name
    return f"{value:.2f}".rstrip("0").rstrip(".")


def number(value: float) -> float | int:
    """A whole number as int, so that evidence says 655 and not 655.0; others to six decimals."""
    rounded = round(value, 6)
    return int(rounded) if rounded == int(rounded) else rounded


SHARE = (0.6, 1.4)  # of a whole: what a list that is meant to give it can be off by
CLOSE_SHARE = (0.85, 1.15)  # where nothing but the form of the list closes it


def comes_near(whole: Figure, parts: Sequence[Figure], share: tuple[float, float] = CLOSE_SHARE) -> bool:
    """Whether parts that miss their whole miss it by little, and none is above it."""
    least, most = share
    given = sum(part.value for part in parts) / whole.value if whole.value else 0.0
    return least <= given <= most and all(part.value <= whole.value for part in parts)
