"""Cross-checks of facts asked only with a later act: they must be asked before anything looks at them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from yifa.law.crosschecks import Known, references
from yifa.law.messages import Problem
from yifa.law.schema import ActType, CaseType, ClockType, Condition, CountedState, Definition, FieldSpec

SHUT = "能不能办的条件（only_if）"  # nobody comes to the form of an act that is not possible: asked before it
Looked = tuple[str, str]  # the act at which something looks at a fact, and what it is


def asking_problems(case: CaseType, known: Known) -> Iterator[Problem]:
    """All that is wrong with when the facts of a case type are asked."""
    for name, spec in case.facts.items():
        if spec.asked_with is None:
            continue
        place = ("facts", name, "asked_with")
        yield from references(place, spec.asked_with, case.acts, "环节")
        if spec.required or name == case.title_fact:
            yield place, "必填的事项字段和作事项名称的字段要在开头问，不能写 asked_with"
        if all(act in case.acts for act in spec.asked_with):
            yield from ((place, said) for said in _too_late(name, spec, case, known))


def asked_before(case: CaseType, asked: Sequence[str], act: str, seen: tuple[str, ...] = ()) -> bool:
    """Whether nobody comes to an act without having been asked with one of `asked`, or with it."""
    if act in asked:
        return True
    needs = () if act in seen or act not in case.acts else case.acts[act].after
    return any(
        need.when is None and all(asked_before(case, asked, one, (*seen, act)) for one in need.acts)
        for need in needs
    )


def _too_late(name: str, spec: FieldSpec, case: CaseType, known: Known) -> Iterator[str]:
    """What looks at the fact before it is asked.

    Figures and gap lists need it of every case; a fact that is never asked (an empty list) is an exception that stands
    under 更多 for whom it concerns, and conditions take its absence as usual.
    """
    asked = spec.asked_with or []
    looked = [*_counted(name, case, known), *_missed(name, spec, case, known)]
    if asked:
        looked += [*_of_acts(name, case), *_of_clocks(name, case)]
    for act, what in dict.fromkeys(looked):
        before = (
            [one for one in asked if one != act] if what is SHUT and act not in case.opens_with else asked
        )
        if act in case.acts and not asked_before(case, before, act):
            yield f"{what}在环节“{case.acts[act].title}”就要用它，应当在这一环节或者必经的在前环节问，或者开头就问"


def facts_of(given: Condition | None) -> Iterator[str]:
    """The facts a condition names."""
    if given is None:
        return
    if given.fact is not None:
        yield given.fact
    for part in (*(given.all_ or ()), *(given.any_ or ()), given.not_):
        yield from facts_of(part)


def _of_acts(name: str, case: CaseType) -> Iterator[Looked]:
    for id_, act in case.acts.items():
        if name in facts_of(act.only_if):
            yield id_, SHUT
        elif name in _named_by(act):
            yield id_, "办理条件"


def _named_by(act: ActType) -> set[str]:
    """The facts that decide whether an act may happen, and within which bounds."""
    conditions = [*(need.when for need in act.after), *(limit.when for limit in act.limits)]
    found = {fact for one in conditions for fact in facts_of(one)}
    found |= {str(bound) for limit in act.limits for bound in (limit.minimum, limit.maximum)}
    for table in act.tables:
        found |= set(table.match.values()) - set(act.fields)
    return found


def _of_clocks(name: str, case: CaseType) -> Iterator[Looked]:
    for clock in case.clocks.values():
        if name in _named_by_clock(clock):
            # a minimum is judged when it ends, a deadline shown as soon as it begins
            acts = clock.starts if clock.at_most is not None and clock.starts else clock.stops
            for act in acts:
                yield act, f"时限“{clock.title}”"


def _named_by_clock(clock: ClockType) -> set[str]:
    found = set(facts_of(clock.when))
    durations = [*(clock.at_most or ()), *(clock.at_least or ())]
    found |= {one.length_by_fact for one in durations if one.length_by_fact}
    return found | {one for one in (clock.starts_by_fact, clock.ends_by_fact) if one}


def _counted(name: str, case: CaseType, known: Known) -> Iterator[Looked]:
    for rule in known.counting_rules.values():
        if rule.case_type == case.case_type and name in _named_by_rule(rule, case):
            acts = rule.acts if rule.counts is CountedState.ACT and rule.acts else case.opens_with
            for act in acts:
                yield act, f"口径“{rule.title}”"


def _named_by_rule(rule: Definition, case: CaseType) -> set[str]:
    """The facts a figure is narrowed, broken down or added up by; a field of its acts of that name goes first."""
    found = set(facts_of(rule.where))
    acts = [case.acts[act] for act in rule.acts if act in case.acts]
    for one in (rule.sum_field, rule.distinct_by, (rule.breakdown or "").removeprefix("fact:")):
        if one and not any(one in act.fields for act in acts):
            found.add(one)
    return found


def _missed(name: str, spec: FieldSpec, case: CaseType, known: Known) -> Iterator[Looked]:
    for gap in known.gaps.values():
        if gap.case_type != case.case_type:
            continue
        looked_at = set(facts_of(gap.where))
        looked_at |= {mine for one in gap.unless for mine in one.match.values()}
        if name in looked_at and not any(
            spec.asked_with and asked_before(case, spec.asked_with, act) for act in _done_in(gap.where)
        ):
            for act in _closing(case) if gap.cases == "closed" else case.opens_with:
                yield act, f"缺口清单“{gap.title}”"


def _done_in(given: Condition | None) -> Iterator[str]:
    """The acts that have been done wherever a condition holds."""
    if given is not None and given.act is not None and (given.done or given.outcome):
        yield given.act
    for part in (given.all_ or ()) if given is not None else ():
        yield from _done_in(part)


def _closing(case: CaseType) -> list[str]:
    return [id_ for id_, act in case.acts.items() if act.closes or act.closes_on_outcome]
