"""The numbers of a finding written out as an official would on the margin: 「12＋31＋42＝85，与655相差570」."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from yifa.checking.finding import Finding
from yifa.checking.interval import plain
from yifa.law.phrases import day as in_chinese

Evidence = Mapping[str, Any]

_MOST = 12  # things named one by one; of more, the rest is counted


def evidence_lines(finding: Finding) -> tuple[str, ...]:
    """What the finding rests on, a line each; empty where the message says it all.

    A rule without wording of its own here gets one line for each value whose name is known.
    """
    write = _BY_RULE.get(finding.rule, _plainly)
    return tuple(write(finding.evidence))


def _sum(evidence: Evidence) -> Iterator[str]:
    parts, whole, total = evidence.get("parts"), evidence.get("whole"), evidence.get("parts_sum")
    if not parts or whole is None or total is None:
        return
    gap = abs(whole - total)
    yield f"{'＋'.join(_number(part) for part in parts)}＝{_number(total)}，与{_number(whole)}相差{_number(gap)}"
    if evidence.get("other_units"):
        yield f"计量单位不同、没有相加的：{_named(evidence['other_units'])}"


def _subset(evidence: Evidence) -> Iterator[str]:
    part, whole, unit = evidence.get("part"), evidence.get("whole"), evidence.get("unit") or ""
    if part is not None and whole is not None:
        yield f"部分{_number(part)}{unit}＞总数{_number(whole)}{unit}，多{_number(part - whole)}{unit}"


def _rate(evidence: Evidence) -> Iterator[str]:
    part, whole, computed = (evidence.get(key) for key in ("part", "whole", "computed"))
    if part is None or whole is None or computed is None:
        yield from _plainly(evidence)
        return
    stated = f"，文中写作{_number(evidence['stated'])}%" if evidence.get("stated") is not None else ""
    yield f"{_number(part)}÷{_number(whole)}＝{_number(computed)}%{stated}"


def _change(evidence: Evidence) -> Iterator[str]:
    before, after, computed = (evidence.get(key) for key in ("before", "after", "computed"))
    if before is None or after is None or computed is None:
        yield from _plainly(evidence)
        return
    if evidence.get("unit") == "倍" and before:
        yield f"{_number(after)}÷{_number(before)}＝{_number(round(after / before, 2))}倍"
        return
    gap = after - before
    sign = "增加" if gap > 0 else "减少"
    line = f"{_number(after)}－{_number(before)}＝{_number(gap)}（{sign}{_number(abs(gap))}）"
    sized = ""
    if before and abs(abs(gap) - computed) > 1e-9:  # the change is said in per cent
        line += f"，{_number(abs(gap))}÷{_number(before)}＝{_number(round(100 * abs(gap) / before, 2))}%"
        sized = "%"
    stated = evidence.get("stated")
    yield f"{line}；文中写作{_number(stated)}{sized}" if stated is not None else line


def _count(evidence: Evidence) -> Iterator[str]:
    stated, listed = evidence.get("stated"), evidence.get("listed")
    if stated is None or not isinstance(listed, int | float):
        yield from _plainly(evidence)
        return
    yield f"文中写{_number(stated)}，逐个数得{_number(listed)}，相差{_number(abs(stated - listed))}"


def _repeated(evidence: Evidence) -> Iterator[str]:
    values = evidence.get("values")
    if values:
        unit = evidence.get("unit") or ""
        yield f"文中的值：{'；'.join(f'{_number(value)}{unit}' for value in values)}"


def _period_title(evidence: Evidence) -> Iterator[str]:
    if evidence.get("title") and evidence.get("body"):
        yield f"标题：{_years(evidence['title'])}；正文：{_years(evidence['body'])}"


def _cutoff(evidence: Evidence) -> Iterator[str]:
    phrases = evidence.get("cutoffs") or evidence.get("cutoff")
    if phrases:
        year = f"；报告期：{evidence['year']}年1月1日至12月31日" if evidence.get("year") else ""
        yield f"统计截止：{_named(phrases)}{year}"


def _future(evidence: Evidence) -> Iterator[str]:
    happened, signed = _day(evidence.get("date")), _day(evidence.get("dated"))
    if happened and signed and happened > signed:
        yield f"文中的日期{in_chinese(happened)}，晚于落款{in_chinese(signed)}，晚{(happened - signed).days}天"
    else:
        yield from _plainly(evidence)


def _thin(evidence: Evidence) -> Iterator[str]:
    if evidence.get("count") and evidence.get("of"):
        share = round(100 * evidence["count"] / evidence["of"])
        yield f"没有数字的节{evidence['count']}÷成效部分的节{evidence['of']}＝{share}%"


def _tasks(evidence: Evidence) -> Iterator[str]:
    numbers = evidence.get("number")
    if evidence.get("count") and evidence.get("of"):
        yield f"缺的{evidence['count']}项，共{evidence['of']}项"
    if isinstance(numbers, list | tuple):
        yield f"序号：{_named(numbers, most=60)}"


def _numbering(evidence: Evidence) -> Iterator[str]:
    if evidence.get("ordinals"):
        yield f"同级序号依次：{'、'.join(str(ordinal) for ordinal in evidence['ordinals'])}"


def _injected(evidence: Evidence) -> Iterator[str]:
    if evidence.get("phrase"):
        times = f"，出现{evidence['times']}处" if evidence.get("times") else ""
        yield f"外来文字：{evidence['phrase']}{times}"
    if evidence.get("instead_of"):
        yield f"原处应为：{evidence['instead_of']}"


def _damaged(evidence: Evidence) -> Iterator[str]:
    kinds = evidence.get("kinds") or {}
    for kind, times in kinds.items():
        yield f"{_DAMAGE.get(kind, '文字损坏')}{times}处"


def _copied(evidence: Evidence) -> Iterator[str]:
    other, share = evidence.get("other"), evidence.get("share")
    if other:
        yield f"另见：{other}"
    if isinstance(share, int | float):
        yield f"相同部分占{_percent(share)}"


def _law(evidence: Evidence) -> Iterator[str]:
    day = _day(evidence.get("as_of"))
    if day:
        yield f"按{in_chinese(day)}判断"
    yield from _plainly({key: value for key, value in evidence.items() if key not in {"as_of", "title"}})


def _rest(evidence: Evidence) -> Iterator[str]:
    received, settled, rest = (evidence.get(key) for key in ("received", "settled", "rest"))
    if received is not None and settled is not None and rest is not None:
        yield f"{_number(received)}－{_number(settled)}＝{_number(rest)}{evidence.get('unit') or ''}"


def _late(evidence: Evidence) -> Iterator[str]:
    due, signed = _day(evidence.get("due")), _day(evidence.get("dated"))
    if due and signed:
        yield f"应在{in_chinese(due)}之前公开，落款{in_chinese(signed)}"


def _article(evidence: Evidence) -> Iterator[str]:
    if evidence.get("article") and evidence.get("articles"):
        yield f"引第{evidence['article']}条，当时的文本共{evidence['articles']}条"


def _ledger(evidence: Evidence) -> Iterator[str]:
    reported, counted, gap = (evidence.get(key) for key in ("reported", "counted", "difference"))
    if reported is None or counted is None or gap is None:
        return
    yield f"报告{_number(reported)}－台账{_number(counted)}＝{_number(gap)}"
    start, end = _day(evidence.get("from")), _day(evidence.get("to"))
    if start and end:
        yield f"台账统计期：{in_chinese(start)}至{in_chinese(end)}，{evidence.get('records', 0)}条记录"


def _nothing(evidence: Evidence) -> Iterator[str]:
    """For rules whose message already holds all there is."""
    yield from ()


def _plainly(evidence: Evidence) -> Iterator[str]:
    for key, value in evidence.items():
        name = _NAMES.get(key)
        if name and value not in (None, "", [], ()) and not isinstance(value, bool):
            yield f"{name}：{_shown(key, value)}"


def _shown(key: str, value: Any) -> str:
    if key == "share" and isinstance(value, int | float):
        return _percent(value)
    day = _day(value)
    if day:
        return in_chinese(day)
    if isinstance(value, Mapping):
        return "；".join(f"{name} {_shown('', one)}" for name, one in value.items())
    if isinstance(value, list | tuple | set | frozenset):
        return _named(list(value))
    return _number(value)


def _named(values: object, most: int = _MOST) -> str:
    items = [values] if isinstance(values, str) or not isinstance(values, Sequence) else list(values)
    more = f"等{len(items)}个" if len(items) > most else ""
    return "、".join(_number(item) for item in items[:most]) + more


def _number(value: Any) -> str:
    return plain(value) if isinstance(value, int | float) and not isinstance(value, bool) else str(value)


def _percent(share: float) -> str:
    """A share, given as a fraction or already in per cent."""
    return f"{_number(round(100 * share if share <= 1 else share, 1))}%"


def _years(value: object) -> str:
    if isinstance(value, list | tuple):
        return f"{value[0]}—{value[-1]}年"
    return f"{value}年" if isinstance(value, int) else str(value)


def _day(value: object) -> date | None:
    try:
        return date.fromisoformat(value) if isinstance(value, str) and len(value) == 10 else None
    except ValueError:
        return None


_DAMAGE = {
    "inserted_pinyin": "字后插入拼音",
    "traditional": "繁体转换残留",
    "encoding": "乱码",
    "spacing": "字间插入空白",
}

_BY_RULE: dict[str, Callable[[Evidence], Iterator[str]]] = {
    "sum": _sum,
    "subset": _subset,
    "rate": _rate,
    "change": _change,
    "count": _count,
    "repeated": _repeated,
    "period.title": _period_title,
    "period.cutoff": _cutoff,
    "period.future": _future,
    "integrity.injected": _injected,
    "integrity.damaged": _damaged,
    "integrity.residue": _nothing,
    "integrity.unfinished": _nothing,
    "section.missing": _nothing,
    "outline.numbering": _numbering,
    "plan.unit": _tasks,
    "plan.due": _tasks,
    "plan.past": _nothing,
    "substance.thin": _thin,
    "likeness.copied": _copied,
    "ledger.differs": _ledger,
    "law.misnamed": _nothing,
    "law.not_in_force": _law,
    "law.not_yet": _law,
    "law.superseded": _law,
    "law.article": _article,
    "state.rest": _rest,
    "state.equal": _rate,
    "rate.unstated": _rate,
    "period.late": _late,
    "wording.slip": _nothing,
    "wording.repeated": _nothing,
    "figure.approx": _nothing,
}

# What a value is called where the rule has no wording of its own.
_NAMES = {
    "whole": "总数",
    "part": "部分",
    "parts": "各部分",
    "parts_sum": "各部分之和",
    "difference": "相差",
    "stated": "文中写作",
    "computed": "计算得出",
    "listed": "列出",
    "before": "原数",
    "after": "现数",
    "values": "文中的值",
    "cutoff": "统计截止",
    "date": "文中日期",
    "dated": "落款日期",
    "as_of": "判断日期",
    "rate": "比率",
    "phrase": "文字",
    "phrases": "文字",
    "numbers": "同一句中的数",
    "names": "写法",
    "other": "另见",
    "share": "相同部分",
    "times": "次数",
    "expected": "应为",
    "replaced_by": "已由其代替",
    "since": "起始日期",
    "totals": "各个总数",
    "channels": "共同的渠道",
    "kinds": "合在一起的种类",
    "units": "计量单位",
    "told": "两处说法",
    "received": "收进",
    "settled": "办结",
    "standard": "标准",
    "number": "所引文号",
    "newer": "现行文本",
    "missing_days": "距年末天数",
}
