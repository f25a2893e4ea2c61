"""Cross-checks of a case type: its acts, conditions and clocks must fit together and every act must be possible."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from yifa.law.askingchecks import asking_problems
from yifa.law.conditionchecks import condition
from yifa.law.crosschecks import Known, bases, durations, fields, placeholders, reference, references
from yifa.law.handingchecks import handing_problems
from yifa.law.messages import Problem
from yifa.law.nodes import Place
from yifa.law.schema import ActType, CaseType, ClockType, Condition, FieldSpec, FieldType, Receipt, Table

ROLES = ("coordinator", "officer", "reviewer", "leader", "supervisor", "assessor", "publisher", "auditor")
NUMBER_PARTS = ("issuer", "year", "serial")
ONE_OF_MANY = {FieldType.TEXT, FieldType.PERSON, FieldType.ORGANIZATION, FieldType.ENTRY}


def case_problems(case: CaseType, known: Known) -> Iterator[Problem]:
    """All that is wrong with a case type."""
    yield from bases((), case, known)
    yield from references(("opens_with",), case.opens_with, case.acts, "环节")
    yield from references(("governed_by",), case.governed_by, case.acts, "环节")
    yield from _fact(("governed_by_fact",), case.governed_by_fact, case, FieldType.DATE)
    yield from _fact(("title_fact",), case.title_fact, case)
    yield from fields(("facts",), case.facts, known)
    yield from asking_problems(case, known)
    for name, spec in case.facts.items():
        yield from _of_acts_only(("facts", name), spec)
        if spec.copied_from is not None:
            yield from _copied(("facts", name, "copied_from"), spec.copied_from, case, known)
        if spec.companions is not None and spec.companions.on is not None:
            yield from reference(("facts", name, "companions", "on"), spec.companions.on, case.acts, "环节")
    for id_, act in case.acts.items():
        yield from _act(("acts", id_), act, case, known)
        yield from fields(("acts", id_, "fields"), act.fields, known)
        for name, spec in act.fields.items():
            yield from _of_facts_only(("acts", id_, "fields", name), spec)
            yield from _known_from(("acts", id_, "fields", name, "known_from"), spec, case)
            yield from _counted_from(("acts", id_, "fields", name, "counted_from"), spec, case)
    for id_, clock in case.clocks.items():
        yield from _clock(("clocks", id_), clock, case)
    for index, apart in enumerate(case.apart):
        yield from references(("apart", index, "acts"), apart.acts, case.acts, "环节")
    if case.number is not None:
        yield from reference(("number", "act"), case.number.act, case.acts, "环节")
        yield from placeholders(("number", "format"), case.number.format, NUMBER_PARTS, "编号部分")
        if "{serial}" not in case.number.format:
            yield (
                ("number", "format"),
                "编号里没有流水号 {serial}，编号就会重复，例如 '{issuer}〔{year}〕{serial}号'",
            )
    if case.receipt is not None:
        yield from _receipt(case, case.receipt)
    yield from handing_problems(case)
    yield from _order(case)


def _receipt(case: CaseType, receipt: Receipt) -> Iterator[Problem]:
    if case.number is None:
        yield ("receipt",), "回执凭编号查询，事项还要写 number（怎样编号）"
    yield from references(("receipt", "shows"), receipt.shows, case.acts, "环节")
    if receipt.rates is None:
        return
    yield from reference(("receipt", "rates"), receipt.rates, case.acts, "环节")
    act = case.acts.get(receipt.rates)
    if act is None:
        return
    if not act.outcomes:
        yield ("receipt", "rates"), f"评价环节「{act.title}」还要写 outcomes，供评价人选择"
    if receipt.remark is not None:
        yield from reference(("receipt", "remark"), receipt.remark, act.fields, "环节字段")


def _fact(
    place: Place, name: str | None, case: CaseType, type_: FieldType | None = None
) -> Iterator[Problem]:
    if name is None:
        return
    yield from reference(place, name, case.facts, "事项字段")
    if type_ is not None and name in case.facts and case.facts[name].type is not type_:
        yield place, f"“{name}”的类型应为 {type_.value}，现在是 {case.facts[name].type.value}"


def _copied(place: Place, origin: str, case: CaseType, known: Known) -> Iterator[Problem]:
    source, field = origin.split(".")
    yield from _fact(place, source, case, FieldType.ENTRY)
    spec = case.facts.get(source)
    register = known.registers.get(spec.register_ or "") if spec is not None else None
    if register is not None:
        yield from reference(place, field, register.fields, "字段")


def _of_acts_only(place: Place, spec: FieldSpec) -> Iterator[Problem]:
    if spec.known_from:
        yield (*place, "known_from"), "known_from 只用于环节的字段；事项字段从条目取值用 copied_from"
    if spec.aside:
        yield (*place, "aside"), "aside 只用于环节的字段"
    if spec.counted_from is not None:
        yield (*place, "counted_from"), "counted_from 只用于环节的字段"


def _of_facts_only(place: Place, spec: FieldSpec) -> Iterator[Problem]:
    if spec.aside and spec.required:
        yield (*place, "aside"), "必填的字段缺了要提示，不能写 aside"
    for key, said in (("asked_with", spec.asked_with is not None), ("as_before", spec.as_before)):
        if said:
            yield (*place, key), f"{key} 只用于事项字段"


def _counted_from(place: Place, spec: FieldSpec, case: CaseType) -> Iterator[Problem]:
    """What a number counts must be there."""
    counted = spec.counted_from
    if counted is None:
        return
    yield from reference((*place, "act"), counted.act, case.acts, "环节")
    if counted.act in case.acts:
        yield from references((*place, "outcomes"), counted.outcomes, case.acts[counted.act].outcomes, "结果")
    if spec.type is not FieldType.NUMBER:
        yield place, f"数出来的是数，类型应为 number，现在是 {spec.type.value}"


def _known_from(place: Place, spec: FieldSpec, case: CaseType) -> Iterator[Problem]:
    """What gives a field must be there and be of the same type, or a list of which the field takes one at a time."""
    for index, origin in enumerate(spec.known_from):
        here = (*place, index)
        act, _, field = origin.rpartition(".")
        if act:
            yield from reference(here, act, case.acts, "环节")
        given = case.acts[act].fields if act in case.acts else {} if act else case.facts
        if act in case.acts or not act:
            yield from reference(here, field, given, "字段")
        kinds = {spec.type} if spec.type not in ONE_OF_MANY else {spec.type, FieldType.LIST}
        if field in given and given[field].type not in kinds:
            yield (
                here,
                f"“{given[field].title}”的类型是 {given[field].type.value}，与 {spec.type.value} 不同，不能沿用",
            )


def _act(place: Place, act: ActType, case: CaseType, known: Known) -> Iterator[Problem]:
    for index, needed in enumerate(act.after):
        here = (*place, "after", index)
        yield from references((*here, "acts"), needed.acts, case.acts, "环节")
        yield from condition((*here, "when"), needed.when, case)
        possible = [o for a in needed.acts if a in case.acts for o in case.acts[a].outcomes]
        yield from references((*here, "outcome"), needed.outcome or [], possible, "结果")
    yield from references((*place, "not_after"), act.not_after, case.acts, "环节")
    yield from condition((*place, "only_if"), act.only_if, case)
    if isinstance(act.required, Condition):
        yield from condition((*place, "required"), act.required, case)
    yield from references((*place, "by"), act.by, ROLES, "角色")
    yield from references((*place, "closes_on_outcome"), act.closes_on_outcome, act.outcomes, "结果")
    if act.compares_with is not None:
        yield from reference((*place, "compares_with"), act.compares_with, case.acts, "环节")
    for index, limit in enumerate(act.limits):
        yield from reference((*place, "limits", index, "field"), limit.field, act.fields, "环节字段")
        yield from condition((*place, "limits", index, "when"), limit.when, case)
        for key in ("minimum", "maximum"):
            bound = getattr(limit, key)
            if isinstance(bound, str):
                here = (*place, "limits", index, key)
                yield from reference(here, bound, [*act.fields, *case.facts], "字段")
    if act.complete is not None:
        yield from reference((*place, "complete"), act.complete, act.fields, "环节字段")
    for index, table in enumerate(act.tables):
        yield from _table((*place, "tables", index), table, act, case, known)
    for outcome in act.state_by_outcome:
        yield from reference((*place, "state_by_outcome", outcome), outcome, act.outcomes, "结果")
    twice = {o for o in act.outcomes if act.outcomes.count(o) > 1}
    if twice:
        yield (*place, "outcomes"), f"结果写了两次：{'、'.join(sorted(twice))}"
    if act.valid_from and act.valid_to and act.valid_from > act.valid_to:
        yield (*place, "from"), f"适用期起止颠倒：from {act.valid_from} 晚于 to {act.valid_to}"


def _table(place: Place, table: Table, act: ActType, case: CaseType, known: Known) -> Iterator[Problem]:
    yield from reference((*place, "register"), table.register_, known.registers, "清单")
    register = known.registers.get(table.register_)
    columns = register.fields if register is not None else {}
    for key in ("conditions", "minimum", "maximum", "minimum_rate", "maximum_rate", "rate_of"):
        name = getattr(table, key)
        if register is not None and name is not None:
            yield from reference((*place, key), name, columns, "清单字段")
    for theirs, mine in table.match.items():
        if register is not None:
            yield from reference((*place, "match", theirs), theirs, columns, "清单字段")
        yield from reference((*place, "match", theirs), mine, [*case.facts, *act.fields], "字段")
    for key in ("field", "reason"):
        if getattr(table, key) is not None:
            yield from reference((*place, key), getattr(table, key), act.fields, "环节字段")
    if table.needs is not None:
        yield from references((*place, "needs", "acts"), table.needs.acts, case.acts, "环节")


def _clock(place: Place, clock: ClockType, case: CaseType) -> Iterator[Problem]:
    for key, acts in (("from", clock.starts), ("to", clock.stops), ("not_after", clock.not_after)):
        yield from references((*place, key), acts, case.acts, "环节")
    both = [a for a in clock.starts if a in clock.stops]
    if both:
        yield (*place, "to"), f"{'、'.join(both)} 既在 from 又在 to：时限一开始就停了"
    yield from _fact((*place, "starts_by_fact"), clock.starts_by_fact, case, FieldType.DATE)
    yield from _fact((*place, "ends_by_fact"), clock.ends_by_fact, case, FieldType.DATE)
    for act, earlier in clock.dated_back.items():
        yield from reference((*place, "dated_back", act), act, clock.starts, "起算环节")
        yield from reference((*place, "dated_back", act), earlier, case.acts, "环节")
    for key, given in (("at_most", clock.at_most), ("at_least", clock.at_least)):
        for index, duration in enumerate(given or []):
            here = (*place, key, index, "length_by_fact")
            yield from _fact(here, duration.length_by_fact, case, FieldType.NUMBER)
    if clock.starts_by_clock is not None:
        before = list(case.clocks)[: list(case.clocks).index(str(place[-1]))]
        yield from reference(
            (*place, "starts_by_clock"), clock.starts_by_clock, before, "（写在它前面的）时限"
        )
    yield from condition((*place, "when"), clock.when, case)
    for key, given in (("at_most", clock.at_most), ("at_least", clock.at_least)):
        yield from durations((*place, key), given or [])
    for index, extension in enumerate(clock.extensions):
        here = (*place, "extensions", index)
        yield from reference((*here, "act"), extension.act, case.acts, "环节")
        yield from durations((*here, "at_most"), extension.at_most)
    for index, pause in enumerate(clock.pauses):
        yield from references((*place, "pauses", index, "from"), pause.starts, case.acts, "环节")
        yield from references((*place, "pauses", index, "to"), pause.ends, case.acts, "环节")
        yield from durations((*place, "pauses", index, "at_most"), pause.at_most)
    for index, restart in enumerate(clock.restarts):
        here = (*place, "restarts", index)
        yield from reference((*here, "act"), restart.act, case.acts, "环节")
        if restart.on_field is not None and restart.act in case.acts:
            fields = case.acts[restart.act].fields
            yield from reference((*here, "on_field"), restart.on_field, fields, "环节字段")


def _order(case: CaseType) -> Iterator[Problem]:
    """Every act must be possible in some order; acts that wait for one another never are."""
    needs = {id_: [n.acts for n in act.after if n.when is None] for id_, act in case.acts.items()}
    for id_ in case.opens_with:
        if needs.get(id_):
            yield ("acts", id_, "after"), "它是开始环节（opens_with），不能要求别的环节在先，否则事项开不了头"
    possible: set[str] = set()
    before = -1
    while before < len(possible):
        before = len(possible)
        possible |= {
            id_
            for id_, act in case.acts.items()
            if all(
                any(_may_follow(case, a, act) and a in possible for a in alternatives)
                for alternatives in needs[id_]
            )
        }
    stuck = [id_ for id_ in case.acts if id_ not in possible]
    circle = _circle(stuck, needs)
    if circle:
        place: Place = ("acts", circle[0], "after")
        yield place, f"环节互相等待，谁也做不成：{' → '.join((*circle, circle[0]))}"
    for id_ in stuck:
        unknown = any(a not in case.acts for alternatives in needs[id_] for a in alternatives)
        if id_ not in circle and not unknown:
            wanted = "、".join(a for alternatives in needs[id_] for a in alternatives)
            yield (
                ("acts", id_, "after"),
                f"这个环节永远做不成：它要在 {wanted} 之后，而 {wanted} 做不成，或办结了事项，或排除了它"
                "（办结之后仍可做的写 after_closing: true）",
            )


def _may_follow(case: CaseType, first: str, act: ActType) -> bool:
    """Whether an act is still allowed once `first` has happened."""
    earlier = case.acts.get(first)
    if earlier is None or first in act.not_after:
        return False
    return not earlier.closes or act.after_closing


def _circle(stuck: Sequence[str], needs: Mapping[str, list[list[str]]]) -> tuple[str, ...]:
    """Acts among those stuck of which each waits for the next, and the last for the first."""
    for start in stuck:
        path = [start]
        while True:
            waits = [a for alternatives in needs[path[-1]] for a in alternatives if a in stuck]
            if not waits:
                break
            if waits[0] in path:
                return tuple(path[path.index(waits[0]) :])
            path.append(waits[0])
    return ()
