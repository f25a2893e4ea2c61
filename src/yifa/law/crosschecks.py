"""Cross-checks of a catalogue file: every reference must lead somewhere, every legal basis must exist.

A check is a function from a thing and everything known to problems, each a place in the file and what is wrong there.
Case types have their own module, `casechecks`.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from yifa.law.articles import article_numbers
from yifa.law.laws import LawList
from yifa.law.messages import Problem
from yifa.law.nodes import Place
from yifa.law.schema import (
    Barred,
    Basis,
    CaseType,
    Companions,
    CountingRule,
    DocumentType,
    Duration,
    EarlierBasis,
    FieldSpec,
    GapType,
    Law,
    Model,
    RegisterType,
)

# Kinds of document that are not divided into articles; any text may name the place.
_WITHOUT_ARTICLES = {"政策文件", "地方文件"}
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_MOST_NAMES = 12
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Known:
    """Everything the catalogue has that a file may refer to."""

    case_types: Mapping[str, CaseType]
    registers: Mapping[str, RegisterType]
    counting_rules: Mapping[str, CountingRule]
    laws: LawList
    gaps: Mapping[str, GapType] = field(default_factory=dict)
    documents: Mapping[str, DocumentType] = field(default_factory=dict)


def reference(place: Place, name: str, known: Collection[str], what: str) -> Iterator[Problem]:
    """A problem if the name is not among those known. `what` is what it names, e.g. 环节."""
    if name in known:
        return
    near = difflib.get_close_matches(name, known, n=1)
    hint = f"，是不是“{near[0]}”？" if near else "。"
    listed = "、".join(list(known)[:_MOST_NAMES]) + ("……" if len(known) > _MOST_NAMES else "")
    yield place, f"没有叫“{name}”的{what}{hint}现有：{listed or '一个也没有'}"


def references(place: Place, names: Sequence[str], known: Collection[str], what: str) -> Iterator[Problem]:
    """The same for a list of names."""
    for index, name in enumerate(names):
        yield from reference((*place, index), name, known, what)


def bases(place: Place, part: object, known: Known) -> Iterator[Problem]:
    """Checks every legal basis anywhere within a part of a file, durations included."""
    if isinstance(part, Basis):
        yield from _basis(place, part, known.laws)
    if isinstance(part, Model):
        for name, info in type(part).model_fields.items():
            yield from bases((*place, info.alias or name), getattr(part, name), known)
    elif isinstance(part, Mapping):
        for key, value in part.items():
            yield from bases((*place, key), value, known)
    elif isinstance(part, list):
        for index, value in enumerate(part):
            yield from bases((*place, index), value, known)


def _basis(place: Place, basis: Basis, laws: LawList) -> Iterator[Problem]:
    on = basis.valid_to if isinstance(basis, Duration | EarlierBasis) else None
    law = laws.find(basis.law, on=on)
    if law is None:
        known = [name for law in laws for name in (law.short or law.title,)]
        near = difflib.get_close_matches(basis.law, known, n=1)
        hint = f"是不是“{near[0]}”？" if near else ""
        yield (
            (*place, "law"),
            f"法律目录 laws.yaml 里没有《{basis.law}》。{hint}请改用目录里的名称，或先补入目录",
        )
        return
    if isinstance(basis, Duration):
        yield from _outlived(place, basis, law)
    if basis.article is None:
        return
    numbers = article_numbers(basis.article)
    if numbers is None:
        if law.level not in _WITHOUT_ARTICLES and not basis.article.endswith(
            "章"
        ):  # the article not verified
            yield (*place, "article"), f"“{basis.article}”不是条文的写法，应写成 第三十三条 或 第十二条第二款"
        return
    count = laws.articles(law, on)
    beyond = [number for number in numbers if count is not None and number > count]
    if beyond:
        when = f" {on} 时" if on else ""
        yield (*place, "article"), f"《{law.title}》{when}共 {count} 条，没有 {basis.article}"


def _outlived(place: Place, duration: Duration, law: Law) -> Iterator[Problem]:
    """A duration cannot hold before its law took effect, nor after it ended."""
    first, last = duration.valid_from, duration.valid_to
    if law.effective and first and first < law.effective:
        yield (*place, "from"), f"《{law.title}》{law.effective} 才施行，时长不能从 {first} 起适用"
    if law.repealed and (last is None or last >= law.repealed):
        ends = f"到 {last}" if last else "没有截止日"
        yield (
            (*place, "to"),
            f"《{law.title}》自 {law.repealed} 起不再有效，时长却{ends}，请写 to: {law.repealed - _DAY}",
        )


def fields(place: Place, specs: Mapping[str, FieldSpec], known: Known) -> Iterator[Problem]:
    """Checks that fields which name an entry or another case say of what."""
    for name, spec in specs.items():
        if spec.register_ is not None:
            yield from reference((*place, name, "register"), spec.register_, known.registers, "清单")
            if spec.holder is not None and spec.register_ in known.registers:
                known_fields = known.registers[spec.register_].fields
                yield from reference((*place, name, "holder"), spec.holder, known_fields, "字段")
        if spec.barred is not None:
            yield from _barred((*place, name, "barred"), spec.barred, known)
        if spec.companions is not None:
            yield from _companions((*place, name, "companions", "register"), spec, spec.companions, known)
        if spec.case_type is not None:
            yield from reference((*place, name, "case_type"), spec.case_type, known.case_types, "事项类型")


def _barred(place: Place, barred: Barred, known: Known) -> Iterator[Problem]:
    """The register must have the field, and the field what it is to say."""
    yield from reference((*place, "register"), barred.register_, known.registers, "清单")
    if barred.register_ in known.registers:
        specs = known.registers[barred.register_].fields
        yield from reference((*place, "field"), barred.field, specs, "字段")
        spec = specs.get(barred.field)
        if spec is not None and spec.choices is not None and barred.is_ not in spec.choices:
            yield (*place, "is"), f"“{spec.title}”没有“{barred.is_}”这一选项，可选{'、'.join(spec.choices)}"


def _companions(place: Place, spec: FieldSpec, wanted: Companions, known: Known) -> Iterator[Problem]:
    """Their register must have a field that names an entry of the same register as the fact does."""
    yield from reference(place, wanted.register_, known.registers, "清单")
    register = known.registers.get(wanted.register_)
    if register and not any(other.register_ == spec.register_ for other in register.fields.values()):
        yield place, f"清单“{wanted.register_}”没有填 {spec.register_} 条目的字段"


def durations(place: Place, given: Sequence[Duration]) -> Iterator[Problem]:
    """Durations of one clock may not hold on the same day."""
    spans = [(d.valid_from or date.min, d.valid_to or date.max, index) for index, d in enumerate(given)]
    for (_, end, first), (start, _, second) in zip(sorted(spans), sorted(spans)[1:], strict=False):
        if start <= end:
            where = max(first, second)
            yield (
                (*place, where),
                f"适用期与第 {min(first, second) + 1} 项重叠：一天只能有一个时长，请用 from、to 分开",
            )


def placeholders(place: Place, text: str, allowed: Collection[str], what: str) -> Iterator[Problem]:
    """Checks the `{…}` in a text."""
    rest = _PLACEHOLDER.sub("", text)
    if "{" in rest or "}" in rest:
        yield place, "花括号没有配对，占位应写成 {serial} 的样子"
    for name in _PLACEHOLDER.findall(text):
        yield from reference(place, name, allowed, what)
