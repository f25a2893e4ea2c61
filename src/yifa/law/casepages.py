"""The page of one case type: its flow, facts, acts, clocks, number."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from yifa.law.flow import flow
from yifa.law.phrases import cited, condition, duration, titles, validity
from yifa.law.schema import (
    ActType,
    Basis,
    CaseType,
    ClockType,
    Duration,
    EarlierBasis,
    Handing,
    Prerequisite,
)
from yifa.law.tables import fields_table, paragraphs, table

ROLES = {"officer": "承办人", "reviewer": "法制审核人员", "leader": "领导", "publisher": "公开人员"}


def case_type_parts(case_type: CaseType, *, drawn: bool) -> Iterator[str]:
    """The paragraphs and tables of its page; the flow where `drawn`."""
    yield f"编号 `{case_type.case_type}`，计数单位“{case_type.unit}”。{case_type.summary}"
    yield "依据：" + "、".join(cited(basis) for basis in case_type.basis)
    yield f"由{titles(case_type, case_type.opens_with)}开始；{_governed(case_type)}"
    if case_type.facts:
        yield "## 事项信息"
        yield fields_table(case_type.facts)
    if drawn:
        yield f"## 流程\n\n```mermaid\n{flow(case_type)}\n```"
        yield "实线：须先有；虚线：有的情形须先有；粗线：时限。圆角为开始，双边为可以结束。"
    yield "## 环节"
    rows = [_act_row(case_type, name, act) for name, act in case_type.acts.items()]
    yield table(("环节", "编号", "依据", "前提和限制", "材料", "结果", "说明"), rows)
    if any(act.fields for act in case_type.acts.values()):
        yield "## 环节要填的内容"
        for act in case_type.acts.values():
            if act.fields:
                yield f"{act.title}："
                yield fields_table(act.fields)
    if case_type.clocks:
        yield "## 时限"
        clocks = [_clock_row(case_type, name, clock) for name, clock in case_type.clocks.items()]
        yield table(("时限", "编号", "起止", "时长和依据", "延长、扣除和重新起算", "适用"), clocks)
    yield from _limits(case_type)


def _governed(case_type: CaseType) -> str:
    picks = titles(case_type, case_type.governed_by or case_type.opens_with)
    text = f"适用的法律按{picks}的日期确定"
    if case_type.governed_by_fact is not None:
        text += f"，填了“{case_type.facts[case_type.governed_by_fact].title}”的以该日期为准"
    return text + "。"


def _limits(case_type: CaseType) -> Iterator[str]:
    if case_type.apart:
        yield "## 不得由同一人或者同一单位办理"
        lines = []
        for apart in case_type.apart:
            who = "同一人" if apart.what == "person" else "同一单位"
            pair = "与".join(titles(case_type, [act]) for act in apart.acts)
            lines.append(f"- {pair}不得由{who}办理：{apart.reason or ''}（{cited(apart.basis)}）")
        yield "\n".join(lines)
    if case_type.number is not None:
        issued = titles(case_type, [case_type.number.act])
        yield f"编号在{issued}时给出，只给一次，格式 `{case_type.number.format}`。"
    for handing in case_type.handing:
        back = titles(case_type, [one.act for one in handing.back])
        given_back = f"，{back}后不再看到" if back else ""
        yield (
            f"{titles(case_type, [handing.act])}后，接收的单位看到这件事项{given_back}，"
            f"可以办理{titles(case_type, handing.may)}。{_again(case_type, handing)}"
        )
    if case_type.receipt is not None:
        rates = case_type.receipt.rates
        rated = f"，可以{titles(case_type, [rates])}" if rates is not None else ""
        yield f"当事人凭回执可查{titles(case_type, case_type.receipt.shows)}的日期{rated}。"


def _act_row(case_type: CaseType, name: str, act: ActType) -> Sequence[str]:
    return (
        act.title,
        f"`{name}`",
        _dated_basis(act.basis, act.earlier),
        paragraphs(_restrictions(case_type, act)),
        "、".join(act.evidence),
        "；".join(act.outcomes),
        paragraphs(_remarks(case_type, act)),
    )


def _restrictions(case_type: CaseType, act: ActType) -> Iterator[str]:
    for needed in act.after:
        yield _prerequisite(case_type, needed)
    if act.only_if is not None:
        yield act.only_if_reason or f"只在{condition(act.only_if, case_type)}时进行"
    if act.not_after:
        yield f"不得在{titles(case_type, act.not_after)}之后"
    for limit in act.limits:
        field, when = act.fields[limit.field], condition(limit.when, case_type)
        for bound, word in ((limit.minimum, "不少于"), (limit.maximum, "不超过")):
            if bound is not None:
                yield f"{when}的，“{field.title}”{word}{_bound(case_type, act, bound)}（{cited(limit)}）"
    if act.valid_from or act.valid_to:
        yield f"只适用于{validity(act.valid_from, act.valid_to)}的事项"


def _bound(case_type: CaseType, act: ActType, bound: float | str) -> str:
    if isinstance(bound, str):
        return f"“{(act.fields.get(bound) or case_type.facts[bound]).title}”"
    return f"{bound:g}"


def _prerequisite(case_type: CaseType, needed: Prerequisite) -> str:
    text = f"先有{titles(case_type, needed.acts)}"
    if needed.outcome:
        text += f"，结果为{'或者'.join(needed.outcome)}"
    if needed.when is not None:
        text = f"{condition(needed.when, case_type)}的，{text}"
    if needed.valid_from or needed.valid_to:
        text = f"{validity(needed.valid_from, needed.valid_to)}的事项，{text}"
    basis = _dated_basis(needed.basis, needed.earlier)
    return f"{text}（{basis}）" if basis else text


def _remarks(case_type: CaseType, act: ActType) -> Iterator[str]:
    if act.help:
        yield act.help
    if act.party:
        yield f"由{act.party}进行"
    if act.by:
        yield f"由{'、'.join(ROLES.get(role, role) for role in act.by)}办理"
    if act.required is True:
        yield "结束前必须有"
    elif act.required is not False:
        yield f"{condition(act.required, case_type)}的，结束前必须有"
    if act.repeat:
        yield "可以多次"
    if act.closes:
        yield "事项到此结束"
    elif act.closes_on_outcome:
        yield f"结果为{'、'.join(act.closes_on_outcome)}的，事项到此结束"
    if act.after_closing:
        yield "结束后仍可进行"
    if act.public:
        yield "向社会公开"


def _clock_row(case_type: CaseType, name: str, clock: ClockType) -> Sequence[str]:
    kind, lengths = ("最长", clock.at_most) if clock.at_most is not None else ("最短", clock.at_least)
    start = titles(case_type, clock.starts)
    if clock.starts_by_fact is not None:
        start = f"“{case_type.facts[clock.starts_by_fact].title}”"
    if clock.starts_by_clock is not None:
        other = f"“{case_type.clocks[clock.starts_by_clock].title}”届满之日"
        start = f"{start}（未填的，自{other}）" if clock.starts_by_fact else other
    for act, earlier in clock.dated_back.items():
        start += f"（{titles(case_type, [act])}的，自{titles(case_type, [earlier])}起）"
    scope = condition(clock.when, case_type) if clock.when is not None else ""
    if clock.promise:
        scope = f"{scope}（自行承诺，短于法定）" if scope else "自行承诺，短于法定"
    if clock.not_after:
        excluded = f"{titles(case_type, clock.not_after)}之后不再起算"
        scope = f"{scope}，{excluded}" if scope else excluded
    if clock.party:
        scope = f"{scope}（{clock.party}的期限）" if scope else f"{clock.party}的期限"
    return (
        clock.title,
        f"`{name}`",
        f"自{start}至{titles(case_type, clock.stops)}",
        paragraphs(f"{kind}{duration(item)}{_own_days(case_type, clock, item)}" for item in lengths or ()),
        paragraphs(_changes(case_type, clock)),
        scope,
    )


def _own_days(case_type: CaseType, clock: ClockType, item: Duration) -> str:
    """What of the case itself takes the place of the law's length."""
    text = "，满后次日起" if clock.full else ""
    if item.length_by_fact is not None:
        text += f"；填了“{case_type.facts[item.length_by_fact].title}”的，按所填"
    if clock.ends_by_fact is not None:
        text += f"；填了“{case_type.facts[clock.ends_by_fact].title}”的，至该日"
    return text


def _changes(case_type: CaseType, clock: ClockType) -> Iterator[str]:
    for extension in clock.extensions:
        for most in extension.at_most:
            yield f"{titles(case_type, [extension.act])}，最多再加{duration(most)}"
    for pause in clock.pauses:
        basis = _dated_basis(pause.basis, pause.earlier)
        span = f"自{titles(case_type, pause.starts)}至{titles(case_type, pause.ends)}不计入"
        span += "".join(f"，最多{duration(item)}" for item in pause.at_most)
        yield f"{span}（{basis}）" if basis else span
    for restart in clock.restarts:
        if restart.on_field is not None:
            field = case_type.acts[restart.act].fields[restart.on_field]
            yield f"{titles(case_type, [restart.act])}的，自“{field.title}”之日起算（{cited(restart.basis)}）"
        else:
            yield f"{titles(case_type, [restart.act])}后重新起算（{cited(restart.basis)}）"


def _dated_basis(basis: Basis | None, earlier: Iterable[EarlierBasis]) -> str:
    parts = [f"{cited(old)}（{validity(None, old.valid_to)}）" for old in earlier]
    return "；".join([cited(basis), *parts] if basis else parts)


def _again(case_type: CaseType, handing: Handing) -> str:
    """Which acts give it to the units once more."""
    each = []
    for one in handing.again:
        outcome = f"结果为{'、'.join(one.outcome)}" if one.outcome else ""
        each.append(f"{titles(case_type, [one.act])}{outcome}")
    return f"{'、'.join(each)}的，重新由接收的单位办理。" if each else ""
