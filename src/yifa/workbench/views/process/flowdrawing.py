"""What really happened, drawn on the flow of a procedure: acts as in the drawn flow, arrows as thick as they are frequent.

Everything is computed here, so that the page only prints it and works without scripts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from yifa.law.rows import WIDEST, rows
from yifa.law.schema import CaseType
from yifa.ledger.process.happened import Passage

WIDTH, BOX, HIGH = 1060, 150, 50
DOWN = 112  # from row to row
CLOSE, TALL = 92, 8  # the same where there are more rows than so many
MANY = 20  # acts; of a procedure with more only those that somebody did are drawn at first
EDGE = 26
DRAWN = 30  # arrows; the table has all
CHARACTERS = 10  # of a title, in a line
THICKEST = 7.0
TELLING = 20  # one in so many is enough to colour an arrow
PLACES = (0.5, 0.4, 0.6, 0.3, 0.7, 0.22, 0.78)


@dataclass(frozen=True, slots=True)
class Box:
    """An act. `shape`: opens | closes | plain."""

    act: str
    lines: Sequence[str]
    title: str
    x: float
    y: float
    shape: str
    many: int
    waits: int

    width = BOX
    height = HIGH

    @property
    def middle(self) -> float:
        """Across."""
        return self.x + BOX / 2

    @property
    def text_y(self) -> float:
        """Where the first line of the title stands."""
        return self.y + (20 if len(self.lines) == 1 else 16)

    @property
    def spoken(self) -> list[tuple[str, float]]:
        """The lines of the title, each with where it stands."""
        return [(line, self.text_y + 14 * place) for place, line in enumerate(self.lines)]

    @property
    def bars(self) -> tuple[float, float]:
        """Where the inner lines of an act that closes stand."""
        return self.x + 5, self.x + BOX - 5

    @property
    def note_y(self) -> float:
        """Where the number stands."""
        return self.y + HIGH - 6


Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Arrow:
    """A passage, or a way the law knows and nobody went (`passage` None). `look`: plain | early | back | unused."""

    source: Box
    target: Box
    passage: Passage | None
    look: str
    path: str
    thick: float
    label: str = ""
    at: Point = (0, 0)


@dataclass(frozen=True, slots=True)
class Drawing:
    """A flow with what happened on it."""

    boxes: Sequence[Box]
    arrows: Sequence[Arrow]
    height: float
    left_out: int  # passages only in the table
    folded: int = 0  # acts nobody did, not drawn
    width: float = WIDTH
    looks: Sequence[str] = ("plain", "early", "back", "unused")


def drawing(case_type: CaseType, passages: Sequence[Passage], *, whole: bool = True) -> Drawing:
    """The acts of the catalogue with the passages between them; without `whole` only acts that somebody did."""
    done = None if whole else {name for one in passages if one.many for name in (one.source, one.target)}
    boxes = {box.act: box for box in _boxes(case_type, passages, rows(case_type, done))}
    between = [one for one in passages if one.many and one.source in boxes and one.target in boxes]
    taken = {(one.source, one.target) for one in between}
    arrows = [*_unused(case_type, boxes, taken), *_taken(boxes, between[:DRAWN])]
    last = max((box.y for box in boxes.values()), default=0)
    folded = len(case_type.acts) - len(boxes)
    return Drawing(list(boxes.values()), arrows, last + HIGH + EDGE, max(0, len(between) - DRAWN), folded)


def _boxes(case_type: CaseType, passages: Iterable[Passage], ranks: Sequence[Sequence[str]]) -> Iterator[Box]:
    many: dict[str, int] = {}
    waits: dict[str, int] = {}
    for one in passages:
        many[one.target] = many.get(one.target, 0) + one.many
        waits[one.target] = waits.get(one.target, 0) + one.waits
    down = DOWN if len(ranks) <= TALL else CLOSE
    for row, acts in enumerate(ranks):
        room = WIDTH / max(len(acts), 1) if len(acts) >= WIDEST else (WIDTH - EDGE) / max(len(acts), 2)
        start = (WIDTH - room * len(acts)) / 2
        for place, name in enumerate(acts):
            act = case_type.acts[name]
            shape = "opens" if name in case_type.opens_with else (
                "closes" if act.closes or act.closes_on_outcome else "plain"
            )  # fmt: skip
            yield Box(
                name,
                _lines(act.title),
                act.title,
                round(start + room * place + (room - BOX) / 2, 1),
                EDGE / 2 + row * down,
                shape,
                many.get(name, 0),
                waits.get(name, 0),
            )


def _lines(title: str) -> list[str]:
    if len(title) <= CHARACTERS:
        return [title]
    half = -(-len(title) // 2)
    if half <= CHARACTERS:
        return [title[:half], title[half:]]
    return [title[:CHARACTERS], title[CHARACTERS : 2 * CHARACTERS - 1] + "…"]


def _unused(case_type: CaseType, boxes: Mapping[str, Box], taken: set[tuple[str, str]]) -> Iterator[Arrow]:
    """What the law has one after the other, where nobody went from the one straight to the other."""
    for name, act in case_type.acts.items():
        for before in dict.fromkeys(one for needed in act.after for one in needed.acts):
            if (before, name) not in taken and {before, name} <= boxes.keys() and before != name:
                yield Arrow(
                    boxes[before], boxes[name], None, "unused", _path(_curve(boxes[before], boxes[name])), 1
                )


@dataclass
class _Room:
    """Where labels and acts stand already."""

    taken: list[tuple[float, float, float, float]] = field(default_factory=list)

    def overlap(self, box: tuple[float, float, float, float]) -> float:
        left, top, right, low = box
        return sum(
            max(0, min(right, r) - max(left, x)) * max(0, min(low, b) - max(top, y))
            for x, y, r, b in self.taken
        )


def _taken(boxes: Mapping[str, Box], passages: Sequence[Passage]) -> list[Arrow]:
    most = max((one.many for one in passages), default=1)
    room = _Room([(box.x, box.y, box.x + BOX, box.y + HIGH) for box in boxes.values()])
    found = []
    for one in passages:
        source, target = boxes[one.source], boxes[one.target]
        curve = _curve(source, target)
        label = f"{one.many:,}次 {one.days.median}天/{one.days.p90}天"
        at = _place(curve, label, room)
        look = "early" if _told(one.early, one.many) else "back" if _told(one.again, one.many) else "plain"
        thick = round(1.2 + (THICKEST - 1.2) * (one.many / most) ** 0.5, 1)
        found.append(Arrow(source, target, one, look, _path(curve), thick, label, at))
    return found


def _told(some: int, many: int) -> bool:
    """Whether so many of a passage give it their colour."""
    return some * TELLING >= many and some > 0


Curve = tuple[Point, Point, Point, Point]


def _curve(source: Box, target: Box) -> Curve:
    """Down from the foot of one to the head of the other; beside the acts where it goes back."""
    if source.act == target.act:
        x, y = source.x + BOX, source.y
        return (x, y + 14), (x + 46, y - 4), (x + 46, y + HIGH + 4), (x, y + HIGH - 14)
    if target.y > source.y:
        start, end = (source.middle, source.y + HIGH), (target.middle, target.y - 5)
        far = (target.y - source.y) / DOWN
        bend = max(28, (end[1] - start[1]) * 0.45)
        aside = (
            0
            if far <= 1
            else (58 + 14 * far) * (1 if (source.middle + target.middle) / 2 < WIDTH / 2 else -1)
        )
        aside = -aside if source.middle == target.middle and source.middle > WIDTH / 2 else aside
        return start, (start[0] - aside, start[1] + bend), (end[0] - aside, end[1] - bend), end
    if target.y == source.y:
        right = target.x > source.x
        start = (source.x + (BOX if right else 0), source.y + (18 if right else 34))
        end = (target.x + (-5 if right else BOX + 5), target.y + (18 if right else 34))
        deep = -40 if right else 40
        if abs(target.x - source.x) < BOX * 1.9:
            deep = 0
        return start, (start[0], start[1] + deep), (end[0], end[1] + deep), end
    right = source.middle >= WIDTH / 2
    out = 46 + 8 * (source.y - target.y) / DOWN
    start = (source.x + (BOX if right else 0), source.y + 16)
    end = (target.x + (BOX + 5 if right else -5), target.y + 34)
    side = max(start[0], end[0]) + out if right else min(start[0], end[0]) - out
    side = min(max(side, 4), WIDTH - 4)
    return start, (side, start[1]), (side, end[1]), end


def _path(curve: Curve) -> str:
    (ax, ay), (bx, by), (cx, cy), (dx, dy) = curve
    return f"M{ax:.1f} {ay:.1f}C{bx:.1f} {by:.1f} {cx:.1f} {cy:.1f} {dx:.1f} {dy:.1f}"


def _on(curve: Curve, t: float) -> Point:
    shares = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3)
    return (
        sum(share * point[0] for share, point in zip(shares, curve, strict=True)),
        sum(share * point[1] for share, point in zip(shares, curve, strict=True)),
    )


def _place(curve: Curve, label: str, room: _Room) -> Point:
    """Where on its arrow a label covers least of what stands there."""
    wide = sum(11 if ord(one) > 255 else 6.2 for one in label) / 2 + 3
    spots: list[tuple[float, int, float, float]] = []
    for t in PLACES:
        x, y = _on(curve, t)
        x = min(max(x, wide + 2), WIDTH - wide - 2)
        spots.append((room.overlap((x - wide, y - 9, x + wide, y + 5)), len(spots), x, y))
    _, _, x, y = min(spots)
    room.taken.append((x - wide, y - 9, x + wide, y + 5))
    return round(x, 1), round(y, 1)
