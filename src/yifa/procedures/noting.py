"""What the rules say of many cases alike, asked once for all that agree in everything the rules looked at.

While the rules are asked, every fact, field and part of an act they read is noted, in order. Since they are pure, another
case that gives the same answers to the same questions gets the same result: the notes form a tree, walked instead of asking
again. Nobody has to know which facts matter, and what was not read cannot make a difference.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby, repeat
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
_PLAIN = {str, type(None), object}  # of which equal ones are the same; an object is what is missing


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


Answers = tuple[Any, ...]


class _Branch:
    """Questions that were asked one after the other whatever was answered, with what each set of answers leads to."""

    __slots__ = ("_asked", "known", "questions")

    def __init__(self, questions: tuple[Question, ...], known: dict[Answers, Any]) -> None:
        self.known = known
        self._ask(questions)

    def _ask(self, questions: tuple[Question, ...]) -> None:
        self.questions = questions
        alike = groupby(questions, key=lambda question: question[:2])
        self._asked = [(what, place, [name for *_, name in some]) for (what, place), some in alike]

    def next(self, facts: Mapping[str, Any], acts: Sequence[Act]) -> Any:
        """Where the answers of a case lead; None where nobody has given them yet."""
        found: list[Any] = []
        for what, place, names in self._asked:
            if what == PART:
                act = acts[place - 1]
                found += [_answer(getattr(act, name)) for name in names]
                continue
            values = acts[place - 1].fields if place else facts
            if what == VALUE:
                given = [*map(values.get, names, repeat(_MISSING))]
                found += given if _PLAIN.issuperset(map(type, given)) else map(_answer, given)
            elif what == NAMES:
                found.append(tuple(values))
            elif all(values.get(name).__class__ is str and values[name] for name in names):
                found += [True] * len(names)
            else:
                return None
        return self.known.get(tuple(found))

    def split(self, at: int) -> None:
        """Lets the questions from `at` on stand apart, for each set of answers to those before."""
        rest: dict[Answers, dict[Answers, Any]] = {}
        for answers, following in self.known.items():
            rest.setdefault(answers[:at], {})[answers[at:]] = following
        later = self.questions[at:]
        self._ask(self.questions[:at])
        self.known = {answers: _Branch(later, known) for answers, known in rest.items()}


class Tree(Generic[Result]):
    """Results by the answers to the questions that were asked."""

    __slots__ = ("asked", "held", "known", "roots")

    def __init__(self) -> None:
        self.roots: dict[Any, Any] = {}  # key → a leaf (Result,) or a branch
        self.held = self.asked = self.known = 0

    @property
    def helps(self) -> bool:
        """Whether it knows the answer often enough to be asked."""
        return self.asked < TRIED or self.known > SELDOM * self.asked

    def find(self, key: Any, facts: Mapping[str, Any], acts: Sequence[Act]) -> tuple[Result] | None:
        """The result for these values, where one like it is known."""
        self.asked += 1
        node = self.roots.get(key)
        while node.__class__ is _Branch:
            node = node.next(facts, acts)
        self.known += node is not None
        return node

    def keep(self, key: Any, notes: Mapping[Question, Any], result: Result) -> None:
        """Remembers a result under what was read for it."""
        if self.held >= MOST:
            self.roots.clear()
            self.held = 0
        self.held += 1
        questions = tuple(notes)
        answers = tuple([
            value if what in {NAMES, THERE} else _answer(value) for (what, _, _), value in notes.items()
        ])  # fmt: skip
        node, holder, under = self.roots.get(key), self.roots, key
        while node.__class__ is _Branch:
            same = _alike(node.questions, questions)
            if same == 0:  # what is asked first depends on something else: nothing can be remembered
                return
            if same < len(node.questions):
                node.split(same)
            holder, under = node.known, answers[:same]
            questions, answers = questions[same:], answers[same:]
            node = holder.get(under)
        holder[under] = _Branch(questions, {answers: (result,)}) if questions else (result,)


def _alike(some: Sequence[Question], others: Sequence[Question]) -> int:
    """How many questions are the same from the first on: pure rules ask the same until an answer differs."""
    same = 0
    for one, other in zip(some, others, strict=False):
        if one != other:
            break
        same += 1
    return same


def _answer(value: Any) -> Any:
    """A value as part of a key: equal only to what is the same."""
    return value if value.__class__ in _PLAIN else (value.__class__.__name__, repr(value))
