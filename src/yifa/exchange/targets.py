"""What a list may be imported into: the columns that a case type or a register takes, and by which heads they are known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from yifa.law.errors import YifaError
from yifa.law.loader import catalogue
from yifa.law.schema import ActType, CaseType, FieldSpec, FieldType, RegisterType
from yifa.reading.heads import bare

CASE, REGISTER = "case", "register"
NUMBER, UNIT, TITLE, ON = "number", "unit", "title", "on"
LEAST_LIKE = 2  # characters a known name needs to be found inside a head


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a column may hold.

    `key` is stable: fact:NAME, act:ACT:on|outcome|by, field:ACT:NAME, data:NAME, or one of those above.
    """

    key: str
    title: str
    kind: FieldType
    group: str = ""  # of a select box
    spec: FieldSpec | None = None
    choices: tuple[str, ...] = ()
    required: bool = False
    names: tuple[str, ...] = ()  # by which heads it is known, beside its title


@dataclass(frozen=True, slots=True)
class Target:
    """A case type or a register with the meanings of its columns."""

    key: str  # case:hotline_ticket, register:powers
    title: str
    meanings: Mapping[str, Meaning]
    case_type: CaseType | None = None
    register: RegisterType | None = None

    @property
    def is_case(self) -> bool:
        """Whether cases come in, not entries."""
        return self.case_type is not None

    @property
    def what(self) -> str:
        """The measure word with which it is counted."""
        thing = self.case_type or self.register
        return (thing.unit if thing is not None else None) or ("件" if self.is_case else "条")

    def groups(self) -> list[tuple[str, list[Meaning]]]:
        """The meanings by group, in order."""
        found: dict[str, list[Meaning]] = {}
        for meaning in self.meanings.values():
            found.setdefault(meaning.group, []).append(meaning)
        return list(found.items())

    def meaning_of(self, head: str) -> tuple[str, bool]:
        """The meaning of a head and whether it is known word by word; "" where nothing fits."""
        name = bare(head)
        if not name:
            return "", False
        known = _names(self.key)
        if name in known:
            return known[name], True
        inside = [
            one for one in known if len(one) >= LEAST_LIKE and one in name and len(name) <= 2 * len(one) + 4
        ]
        best = max(inside, key=lambda one: (name.endswith(one), len(one)), default="")
        return (known[best], False) if best else ("", False)


@cache
def synonyms() -> dict[str, Any]:
    """Heads by which columns are known: by title of a field, by meaning, by act."""
    read: dict[str, Any] = yaml.safe_load(
        files("yifa.exchange").joinpath("synonyms.yaml").read_text(encoding="utf-8")
    )
    return read


def target_of(key: str) -> Target:
    """The target with this key. Raises YifaError where the catalogue has none."""
    known = catalogue()
    kind, _, name = key.partition(":")
    if kind == CASE and name in known.case_types:
        return _case_target(name, known.digest)
    if kind == REGISTER and name in known.registers:
        return _register_target(name, known.digest)
    raise YifaError(f"目录里没有「{name or key}」这个事项类型或清单，请重新选择。", code="missing")


def targets() -> list[tuple[str, str, str]]:
    """Key, title and group of everything that may be imported."""
    known = catalogue()
    cases = [(f"{CASE}:{name}", one.title, "事项") for name, one in known.case_types.items()]
    return cases + [(f"{REGISTER}:{name}", one.title, "清单名录") for name, one in known.registers.items()]


def find_target(words: str) -> Target | None:
    """The one target meant: its key, its id, its title, or the only title with these words in it."""
    wanted = words.strip()
    every = targets()
    exact = [key for key, title, _ in every if wanted in {key, key.partition(":")[2], title}]
    near = exact or [key for key, title, _ in every if wanted and wanted in title]
    return target_of(near[0]) if len(near) == 1 or exact else None


@cache
def _case_target(name: str, digest: str) -> Target:
    case_type = catalogue().case_types[name]
    found = [
        Meaning(NUMBER, "编号（原有文号）", FieldType.TEXT, "事项"),
        Meaning(UNIT, "单位", FieldType.ORGANIZATION, "事项", required=True),
    ]
    if case_type.title_fact is None:
        found.append(Meaning(TITLE, "名称", FieldType.TEXT, "事项"))
    found += [_field(f"fact:{fact}", spec, "事项") for fact, spec in case_type.told.items()]
    for act, kind in case_type.acts.items():
        found += _of_act(act, kind, opening=case_type.opens_with[0] == act)
    return Target(f"{CASE}:{name}", case_type.title, {one.key: one for one in found}, case_type=case_type)


def _of_act(act: str, kind: ActType, *, opening: bool) -> Iterator[Meaning]:
    yield Meaning(
        f"act:{act}:on", f"{kind.title}日期", FieldType.DATE, kind.title, required=opening,
        names=_of_titles(kind.title, ("日期", "时间", "日", "于", "年月日")),
    )  # fmt: skip
    if kind.outcomes:
        yield Meaning(
            f"act:{act}:outcome", f"{kind.title}结果", FieldType.CHOICE, kind.title, choices=tuple(kind.outcomes),
            names=_of_titles(kind.title, ("结果", "情况", "意见", "结论", "")),
        )  # fmt: skip
    yield Meaning(
        f"act:{act}:by", f"{kind.title}：办理人", FieldType.PERSON, kind.title,
        names=_of_titles(kind.title, ("人", "经办人", "承办人", "人员")),
    )  # fmt: skip
    for name, spec in kind.fields.items():
        yield _field(f"field:{act}:{name}", spec, kind.title, of=kind.title)


def _of_titles(title: str, ends: tuple[str, ...]) -> tuple[str, ...]:
    """Heads of an act: its title, and other words for it, with what they end in."""
    words = (title, *synonyms()["acts"].get(title, ()))
    return tuple(f"{word}{end}" for word in words for end in ends)


@cache
def _register_target(name: str, digest: str) -> Target:
    register = catalogue().registers[name]
    fields = [_field(f"data:{field}", spec, "条目") for field, spec in register.fields.items()]
    on = Meaning(ON, "登记日期", FieldType.DATE, "条目")
    unit = Meaning(UNIT, "由哪个单位登记", FieldType.ORGANIZATION, "条目", required=True)
    meanings = {one.key: one for one in (*fields, unit, on)}
    return Target(f"{REGISTER}:{name}", register.title, meanings, register=register)


def _field(key: str, spec: FieldSpec, group: str, *, of: str = "") -> Meaning:
    title = spec.title if not of or of in spec.title else f"{of}：{spec.title}"
    names = (spec.title, *synonyms()["titles"].get(spec.title, ()), *((f"{of}{spec.title}",) if of else ()))
    return Meaning(key, title, spec.type, group, spec, tuple(spec.choices or ()), spec.required, names)


@cache
def _names(key: str) -> dict[str, str]:
    """The meaning of each known head; what stands first in the target goes before."""
    target = target_of(key)
    found: dict[str, str] = {}
    every = list(target.meanings.values())
    acts_first = sorted(every, key=_standing)  # 办理结果 is an outcome, 来电人 whoever called
    for meaning, names in [
        *((one, (one.title,)) for one in every),
        *((one, one.names) for one in acts_first),
    ]:
        for name in names:
            found.setdefault(bare(name), meaning.key)
    general = synonyms()["meanings"]
    for meaning_key, names in general.items():
        if meaning_key in target.meanings:
            for name in names:
                found.setdefault(bare(name), meaning_key)
    found.pop("", None)
    return found


def _standing(meaning: Meaning) -> int:
    """Days and outcomes of acts go before fields, fields before who acted."""
    if not meaning.key.startswith("act:"):
        return 1
    return 2 if meaning.key.endswith(":by") else 0


def name_key(target: Target) -> str:
    """The meaning that names a thing to people."""
    if target.case_type is not None:
        return f"fact:{target.case_type.title_fact}" if target.case_type.title_fact else TITLE
    assert target.register is not None  # noqa: S101 - one of the two
    return f"data:{target.register.title_field}"


def opening_key(target: Target, mapped: Mapping[str, Any] | None = None) -> str:
    """The date of the act that opens a case; of an entry the day of its registration."""
    if target.case_type is None:
        return ON
    keys = [f"act:{act}:on" for act in target.case_type.opens_with]
    return next((key for key in keys if mapped and key in mapped), keys[0])
