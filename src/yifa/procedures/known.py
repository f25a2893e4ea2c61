"""What a case already says of the fields of an act about to be recorded: nobody is asked for it again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from yifa.law.schema import CaseType, FieldSpec, FieldType
from yifa.procedures.model import Act


@dataclass(frozen=True, slots=True)
class Known:
    """A value the case has, and where it was given: the title of an act, or of a fact.

    `rest`: of a list of which the act takes one at a time (the objects drawn, each inspected by itself) those still left.
    """

    value: Any
    said_in: str
    rest: tuple[Any, ...] = ()


def known(case_type: CaseType, facts: Mapping[str, Any], acts: Sequence[Act], act: str) -> dict[str, Known]:
    """The fields of an act whose value an earlier act or a fact gives, as the catalogue's `known_from` and `counted_from` say.

    Args:
        case_type: The case type.
        facts: The facts of the case.
        acts: The acts as they stand, in the order in which they happened.
        act: The act about to be recorded.
    """
    found = {}
    for name, spec in case_type.acts[act].fields.items():
        value = next(_said(case_type, facts, acts, spec), None)
        if value is not None and isinstance(value.value, list) and spec.type is not FieldType.LIST:
            value = _next(value, [one.fields.get(name) for one in acts if one.act == act])
        if value is not None:
            found[name] = value
    return found


def _next(listed: Known, taken: Sequence[Any]) -> Known | None:
    """The first of a list that no act has taken yet; None where all are taken."""
    left = [one for one in listed.value if one not in taken]
    return Known(left[0], listed.said_in, tuple(left[1:])) if left else None


def _said(
    case_type: CaseType, facts: Mapping[str, Any], acts: Sequence[Act], spec: FieldSpec
) -> Iterator[Known]:
    """What was recorded one by one comes first, then the last act that says it, then the facts."""
    counted = spec.counted_from
    if counted is not None:
        same = [act for act in acts if act.act == counted.act]
        if same:
            many = sum(not counted.outcomes or act.outcome in counted.outcomes for act in same)
            yield Known(many, case_type.acts[counted.act].title)
    wanted = [origin.split(".") for origin in spec.known_from if "." in origin]
    for done in reversed(acts):
        for act, field in wanted:
            if done.act == act and done.fields.get(field) not in (None, "", []):
                yield Known(done.fields[field], case_type.acts[act].title)
    for fact in spec.known_from:
        if "." not in fact and facts.get(fact) not in (None, "", []):
            yield Known(facts[fact], case_type.facts[fact].title)
