"""One line of what waits for somebody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

SOON = timedelta(days=7)
LOOKED_AT = 20  # of one kind: a body has few, the first come first


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing to do; `back`: it was sent back."""

    title: str
    about: str
    url: str
    back: bool = False
    due: date | None = None

    def urgency(self, today: date) -> tuple[int, date]:
        """What was sent back, what is late or due within days, what waits without a day, what has time."""
        soon = self.due is not None and self.due <= today + SOON
        return (0 if self.back else 1 if soon else 2 if self.due is None else 3), self.due or date.max
