"""What the law has against an act: the same judgment refuses it live and stands as a finding afterwards.

Within one day only the order of entry is known, not the order of events. It counts for an act, never against it:
see `standing_order_faults`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from yifa.law.phrases import day as in_chinese
from yifa.law.schema import Basis
from yifa.procedures import wording
from yifa.procedures.compiling import Edition, Procedure
from yifa.procedures.history import History
from yifa.procedures.listing import part_named
from yifa.procedures.model import FACT, Act, Context, FindingKind, Listing, Refusal
from yifa.procedures.rules import ActRule
from yifa.procedures.values import limit_fault, size_of, value_faults


def first_order_fault(procedure: Procedure, edition: Edition, history: History, act: str) -> Refusal | None:
    """The first reason why an act may not happen next, None if it may."""
    return next(order_faults(procedure, edition, history, act), None)


def order_faults(procedure: Procedure, edition: Edition, history: History, act: str) -> Iterator[Refusal]:
    """Why an act may not follow what has happened: opening, closing, repetition, prerequisites, conditions."""
    rule = edition.rules.get(act)
    if rule is None:
        yield Refusal(act, f"{procedure.case_type.title}没有“{act}”这一环节", None, "not_applicable")
        return
    if not rule.valid:
        yield _other_law(procedure, rule)
        return
    opening = _opening_fault(procedure, rule, history)
    if opening is not None:
        yield opening
        return
    closed = history.closed
    if closed is not None and not rule.type.after_closing:
        title = wording.act_title(procedure.case_type, closed.act)
        yield Refusal(act, f"事项已于{in_chinese(closed.on)}因{title}结束", rule.basis, "order")
    if act in history.happened and not rule.type.repeat:
        yield rule.repeated
    for ender in rule.type.not_after:
        if ender in history.happened:
            yield _too_late_in_order(procedure, rule, ender)
    for needed in rule.needed:
        if needed.missing(history):
            yield needed.refusal
    if rule.only_if is not None and not rule.only_if(history):
        yield rule.not_applicable


def _other_law(procedure: Procedure, rule: ActRule) -> Refusal:
    title = wording.act_title(procedure.case_type, rule.id)
    since, until = rule.type.valid_from, rule.type.valid_to
    span = f"自{in_chinese(since)}起" if since else ""
    span += f"至{in_chinese(until)}止" if until else ""
    reason = f"{title}只适用于{span}受理的事项，本事项适用的法律没有这一环节{wording.cite(rule.basis)}"
    return Refusal(rule.id, reason, rule.basis, "not_applicable")


def _opening_fault(procedure: Procedure, rule: ActRule, history: History) -> Refusal | None:
    if history.opened is not None or rule.opens:
        return None
    case_type = procedure.case_type
    reason = f"事项尚未开始，须先完成{wording.act_titles(case_type, case_type.opens_with)}"
    return Refusal(rule.id, reason, rule.basis, "order")


def _too_late_in_order(procedure: Procedure, rule: ActRule, ender: str) -> Refusal:
    case_type = procedure.case_type
    reason = (
        f"{wording.act_title(case_type, ender)}之后不能再进行{wording.act_title(case_type, rule.id)}"
        f"{wording.cite(rule.basis)}"
    )
    return Refusal(rule.id, reason, rule.basis, "order")


def date_faults(
    procedure: Procedure, edition: Edition, act: Act, opened: Act | None, context: Context
) -> Iterator[Refusal]:
    """A date that cannot be: after the day of looking, before the case began."""
    if act.on > context.on:
        reason = f"日期{in_chinese(act.on)}晚于{in_chinese(context.on)}，尚未到来"
        yield Refusal(act.act, reason, None, "date")
    if opened is not None and act.on < opened.on and not edition_opens(edition, act.act):
        reason = (
            f"日期{in_chinese(act.on)}早于事项开始的日期"
            f"（{in_chinese(opened.on)}{wording.act_title(procedure.case_type, opened.act)}）"
        )
        yield Refusal(act.act, reason, None, "date")


def edition_opens(edition: Edition, act: str) -> bool:
    """Whether the act can open a case."""
    rule = edition.rules.get(act)
    return rule is not None and rule.opens


def content_faults(edition: Edition, act: Act, before: History) -> Iterator[Refusal]:
    """An outcome the act does not have, a role that may not do it, values outside their limits.

    `before` is what had happened before the act.
    """
    rule = edition.rules.get(act.act)
    if rule is None:
        return
    kinds = rule.type
    if act.outcome and act.outcome not in kinds.outcomes:
        known = (
            f"可选{'、'.join(f'“{known}”' for known in kinds.outcomes)}"
            if kinds.outcomes
            else "该环节不记结果"
        )
        yield Refusal(act.act, f"没有“{act.outcome}”这一结果，{known}", rule.basis, "outcome")
    if act.role and kinds.by and act.role not in kinds.by:
        may = "、".join(wording.role(role) for role in kinds.by)
        reason = f"应由{may}办理，现由{wording.role(act.role)}办理{wording.cite(rule.basis)}"
        yield Refusal(act.act, reason, rule.basis, "actor")
    days = edition.days.get(act.act)
    fields = kinds.fields if days is None else {**kinds.fields, "days": days}
    complete = "fields" not in act.unstated
    for _, reason, basis in value_faults(fields, act.fields, complete=complete):
        yield Refusal(act.act, reason, basis or rule.basis, "field")
    if rule.limits:
        yield from _limit_faults(rule, act, edition.history([*before.acts, act], before.facts, before.level))


def listing_faults(procedure: Procedure, act: Act, facts: Mapping[str, Any]) -> Iterator[Refusal]:
    """Entries of registers and other cases that the act names and that were not there on its day."""
    kind = procedure.case_type.acts.get(act.act)
    if kind is None:
        return
    for name, standing in act.listed.items():
        if standing is Listing.IN_FORCE:
            continue
        fact, item = part_named(name.removeprefix(FACT))
        of_case = name.startswith(FACT)
        specs, values = (procedure.case_type.facts, facts) if of_case else (kind.fields, act.fields)
        spec, value = specs.get(fact), values.get(fact)
        if spec is None or value is None or (item is not None and item not in value):
            continue
        value = value if item is None else item
        reason = (
            f"“{spec.title}”填的“{value}”{wording.listing(spec, standing, act.on)}{wording.cite(spec.basis)}"
        )
        yield Refusal(act.act, reason, spec.basis or kind.basis, FindingKind.UNLISTED.value)


def _limit_faults(rule: ActRule, act: Act, history: History) -> Iterator[Refusal]:
    """Numbers outside what the law sets for cases like this one."""
    values = {**history.facts, **act.fields}
    for bound in rule.limits:
        limit = bound.limit
        spec = rule.type.fields[limit.field].model_copy(
            update={"minimum": _bound(limit.minimum, values), "maximum": _bound(limit.maximum, values)}
        )
        reason = limit_fault(spec, act.fields.get(limit.field)) if bound.when(history) else None
        if reason is not None:
            basis = Basis(law=limit.law, article=limit.article)
            yield Refusal(act.act, f"“{spec.title}”{reason}{wording.cite(basis)}", basis, "field")


def _bound(bound: float | str | None, values: Mapping[str, Any]) -> float | None:
    """A number, or the size of what stands in a field; None where nothing stands there."""
    return size_of(values.get(bound)) if isinstance(bound, str) else bound


def apart_faults(procedure: Procedure, act: Act, before: Iterable[Act]) -> Iterator[Refusal]:
    """Acts that must be in different hands and are in the same; judged against the acts before."""
    for apart in procedure.case_type.apart:
        if act.act not in apart.acts:
            continue
        mine = act.by if apart.what == "person" else act.unit
        if not mine:
            continue
        for other in before:
            theirs = other.by if apart.what == "person" else other.unit
            if other.act in apart.acts and other.act != act.act and theirs == mine:
                who = "同一人" if apart.what == "person" else "同一单位"
                titles = (wording.act_title(procedure.case_type, name) for name in (other.act, act.act))
                # units are known here by their codes, which nobody reads: that they are one says it
                both = f"均为“{mine}”" if apart.what == "person" else "为同一单位"
                reason = apart.reason or f"{'与'.join(titles)}不得由{who}办理"
                yield Refusal(act.act, f"{reason}，现{both}{wording.cite(apart.basis)}", apart.basis, "actor")
                break


def evidence_faults(edition: Edition, act: Act) -> Iterator[Refusal]:
    """Papers the law asks for that are not attached. A title may be given shorter or longer than the law's."""
    rule = edition.rules.get(act.act)
    if rule is None or "evidence" in act.unstated:
        return
    given = [_bare(title) for title in act.evidence]
    for wanted in rule.type.evidence:
        bare = _bare(wanted)
        if not any(title and (title in bare or bare in title) for title in given):
            yield Refusal(act.act, f"缺少“{wanted}”{wording.cite(rule.basis)}", rule.basis, "evidence")


def record_faults(
    procedure: Procedure, edition: Edition, act: Act, before: Iterable[Act]
) -> Iterator[Refusal]:
    """Papers that acts before are still without, where the act asks for a complete record and gives no reason."""
    rule = edition.rules.get(act.act)
    if rule is None or rule.type.complete is None or str(act.fields.get(rule.type.complete) or "").strip():
        return
    lacking = [(other, fault) for other in before for fault in evidence_faults(edition, other)]
    if lacking:
        case_type, reason = procedure.case_type, rule.type.fields[rule.type.complete].title
        what = "；".join(
            f"{wording.act_title(case_type, other.act)}{fault.reason}" for other, fault in lacking
        )
        yield Refusal(act.act, f"记录不齐：{what}。请补齐，或者填写“{reason}”", rule.basis, "evidence")


def _bare(title: str) -> str:
    return title.strip().strip("《》“”").strip()


def standing_order_faults(
    procedure: Procedure, edition: Edition, acts: Sequence[Act], history: History
) -> Iterator[tuple[Act, list[Refusal]]]:
    """Each act with the faults of order it has as it stands; the history must be empty and is filled on the way.

    An act is judged by what stands before it. What was entered after it on the same day may have happened before
    it: a fault that vanishes when the whole day is looked at is none.
    """
    for place, act in enumerate(acts):
        faults = list(order_faults(procedure, edition, history, act.act))
        if faults:
            same_day = [later for later in acts[place + 1 :] if later.on == act.on]
            if same_day:
                day = edition.history([*acts[:place], *same_day], history.facts, history.level)
                lenient = list(order_faults(procedure, edition, day, act.act))
                faults = (
                    lenient if history.opened is None else [fault for fault in faults if fault in lenient]
                )
        yield act, faults
        edition.let_happen(act, history)
