"""Times of several runs of one thing, and the line that says them beside their limit."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

Fresh = Callable[[], None]  # called before something else is measured


@dataclass
class Timed:
    """Milliseconds of several runs of one thing."""

    name: str
    limit: float
    wall: list[float] = field(default_factory=list)
    core: list[float] = field(default_factory=list)

    @contextmanager
    def run(self) -> Iterator[None]:
        wall, core = time.perf_counter(), time.process_time()
        yield
        self.wall.append((time.perf_counter() - wall) * 1000)
        self.core.append((time.process_time() - core) * 1000)

    def at(self, share: float) -> float:
        ordered = sorted(self.wall)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]

    def line(self) -> str:
        met = "met" if self.at(0.95) <= self.limit else "NOT met"
        busy = 100 * sum(self.core) / sum(self.wall)
        return (
            f"{self.name:44} {len(self.wall):5} {self.at(0.5):9.1f} {self.at(0.95):9.1f} {max(self.wall):9.1f}"
            f" {busy:6.0f}% {self.limit:8.0f}  {met}"
        )
