"""Checks of what a case type says of handing a case to other units."""

from __future__ import annotations

from collections.abc import Iterator

from yifa.law.crosschecks import reference, references
from yifa.law.messages import Problem
from yifa.law.schema import CaseType, FieldType, HandedBack

NAMES_UNITS = (FieldType.ORGANIZATION, FieldType.TEXT, FieldType.LIST)


def handing_problems(case: CaseType) -> Iterator[Problem]:
    """What does not fit the acts and facts of the case type."""
    for index, handing in enumerate(case.handing):
        place = ("handing", index)
        yield from reference((*place, "act"), handing.act, case.acts, "环节")
        yield from references((*place, "may"), handing.may, case.acts, "环节")
        act = case.acts.get(handing.act)
        known = {**case.facts, **(act.fields if act else {})}
        for at, name in enumerate(handing.to):
            yield from reference((*place, "to", at), name, known, "环节字段或者事项字段")
            if name in known and known[name].type not in NAMES_UNITS:
                yield (*place, "to", at), f"“{name}”不是写单位的字段，类型应为 organization、text 或 list"
        for at, back in enumerate(handing.back):
            yield from (((*place, "back", at, *rest), what) for rest, what in _back(case, back))
        for at, again in enumerate(handing.again):
            yield from (((*place, "again", at, *rest), what) for rest, what in _back(case, again))


def _back(case: CaseType, back: HandedBack) -> Iterator[Problem]:
    yield from reference(("act",), back.act, case.acts, "环节")
    act = case.acts.get(back.act)
    if act is None:
        return
    unknown = [outcome for outcome in back.outcome if outcome not in act.outcomes]
    if unknown:
        yield ("outcome",), f"环节「{act.title}」没有结果“{'、'.join(unknown)}”"
    if back.unit is not None:
        yield from reference(("unit",), back.unit, act.fields, "环节字段")
