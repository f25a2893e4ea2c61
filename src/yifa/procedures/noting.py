"""What the rules say of many cases alike, asked once for all that agree in everything the rules looked at.

While the rules are asked, every fact, field and part of an act they read is noted, in order. Since they are pure, another
case that gives the same answers to the same questions gets the same result: the notes form a tree, walked instead of asking
again. Nobody has to know which facts matter, and what was not read cannot make a difference.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Generic, TypeVar

from yifa.procedures.model import Act, Entered

Result = TypeVar("Result")
VALUE, PART, NAMES, THERE = range(
    4
)  # what is asked for: a value, a part of the act, the names given, whether text is there
Question = tuple[int, int, str]  # what; 0 for the facts, else the place of the act; the name
MOST = 30_000  # results held by one tree
TRIED = 4000  # askings after which a tree that seldom knows the answer is given up
SELDOM = 0.25
_MISSING = object()


class Whole(Exception):  # noqa: N818 - not an error
    """The rules made something of an act that cannot be noted."""


class Noted(Mapping[str, Any]):
    """Values that note what is read of them."""

    __slots__ = ("held", "notes", "place")

    def __init__(self, held: Mapping[str, Any], place: int, notes: dict[Question, Any]) -> None:
        self.held, self.place, self.notes = held, place, notes

    def _note(self, name: str) -> Any:
        value = self.held.get(name, _MISSING)
        self.notes.setdefault((VALUE, self.place, name), value)
        return value

    def __getitem__(self, name: str) -> Any:
        value = self._note(name)
        if value is _MISSING:
            raise KeyError(name)
        return value

    def get(self, name: str, default: Any = None) -> Any:
        """As of any mapping."""
        value = self._note(name)
        return default if value is _MISSING else value

    def __contains__(self, name: object) -> bool:
        return self._note(str(name)) is not _MISSING

    def _names(self) -> tuple[str, ...]:
        names = tuple(self.held)
        self.notes.setdefault((NAMES, self.place, ""), names)
        return names

    def __iter__(self) -> Iterator[str]:
        return iter(self._names())

    def __len__(self) -> int:
        return len(self._names())

    def text(self, name: str) -> Any:
        """The value, of which only matters whether it is text and any at all."""
        value = self.held.get(name)
        if value.__class__ is str and value:
            self.notes.setdefault((THERE, self.place, name), True)
            return value
        return self.get(name)


class NotedAct(Act):
    """An act that notes what is read of it beside its kind, its day and its position."""

    __slots__ = ("_held", "_notes", "_place")
    _held: Act
    _notes: dict[Question, Any]
    _place: int

    def __init__(self, *_: Any, **__: Any) -> None:
        raise Whole  # a changed copy

    outcome: str | None = property(lambda self: self._part("outcome"))  # type: ignore[assignment]  # read like the field
    by: str | None = property(lambda self: self._part("by"))  # type: ignore[assignment]  # as above
    unit: str | None = property(lambda self: self._part("unit"))  # type: ignore[assignment]  # as above
    role: str | None = property(lambda self: self._part("role"))  # type: ignore[assignment]  # as above
    evidence: tuple[str, ...] = property(lambda self: self._part("evidence"))  # type: ignore[assignment]  # as above
    listed: Mapping[str, Any] = property(lambda self: self._part("listed"))  # type: ignore[assignment]  # as above
    fired: Mapping[str, Any] = property(lambda self: self._part("fired"))  # type: ignore[assignment]  # as above

    def _part(self, name: str) -> Any:
        value = getattr(self._held, name)
        self._notes.setdefault((PART, self._place, name), value)
        return value


def noted_act(act: Act, place: int, notes: dict[Question, Any]) -> Act:
    """The act, noting what is read of it; `place` is where it stands among the acts, from 1."""
    noted = object.__new__(NotedAct)
    put = object.__setattr__
    put(noted, "_held", act)
    put(noted, "_notes", notes)
    put(noted, "_place", place)
    put(noted, "act", act.act)
    put(noted, "on", act.on)
    put(noted, "fields", Noted(act.fields, place, notes))
    put(noted, "entered", act.entered)
    put(noted, "position", act.position)
    put(noted, "corrected", act.corrected)
    put(noted, "unstated", act.unstated)
    return noted


def kind_of(act: Act) -> tuple[str, Any, Entered, int, bool, frozenset[str]]:
    """What of an act is not noted: a result is only for acts alike in this."""
    return act.act, act.on, act.entered, act.position, act.corrected, act.unstated


class Tree(Generic[Result]):
    """Results by the answers to the questions that were asked."""

    __slots__ = ("asked", "held", "known", "roots")

    def __init__(self) -> None:
        self.roots: dict[
            Any, Any
        ] = {}  # key → a leaf (Result,) or a branch [question, {answer: leaf or branch}]
        self.held = self.asked = self.known = 0

    @property
    def helps(self) -> bool:
        """Whether it knows the answer often enough to be asked."""
        return self.asked < TRIED or self.known > SELDOM * self.asked

    def find(self, key: Any, facts: Mapping[str, Any], acts: Sequence[Act]) -> tuple[Result] | None:
        """The result for these values, where one like it is known."""
        self.asked += 1
        node = self.roots.get(key)
        while node.__class__ is list:
            what, place, name = node[0]
            if what == PART:
                value = getattr(acts[place - 1], name)
            else:
                values = acts[place - 1].fields if place else facts
                if what == NAMES:
                    node = node[1].get(tuple(values))
                    continue
                value = values.get(name, _MISSING)
                if what == THERE:
                    node = node[1].get(True) if value.__class__ is str and value else None
                    continue
            node = node[1].get(value if value.__class__ is str else _answer(value))
        self.known += node is not None
        return node

    def keep(self, key: Any, notes: Mapping[Question, Any], result: Result) -> None:
        """Remembers a result under what was read for it."""
        if self.held >= MOST:
            self.roots.clear()
            self.held = 0
        self.held += 1
        holder, under = self.roots, key
        for question, value in notes.items():
            branch = holder.setdefault(under, [question, {}])
            answer = value if question[0] in {NAMES, THERE} else _answer(value)
            holder, under = branch[1], answer
        holder[under] = (result,)


def _answer(value: Any) -> Any:
    """A value as a key: equal only to what is the same."""
    if value is _MISSING or value is None or value.__class__ is str:
        return value
    return (value.__class__.__name__, repr(value))
