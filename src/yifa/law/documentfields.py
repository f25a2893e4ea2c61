"""What the fields of a paper mean: `{fact.party}`, `{this.on|chinese}`, each with its title and kind.

One reading for all who need it: the checks of the catalogue, the filling of a paper, the list of what is missing.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from yifa.law.schema import (
    ActType,
    CaseType,
    DocumentType,
    FieldSpec,
    FieldType,
    RegisterType,
    Serves,
)

FILTERS = {
    "chinese": (
        {FieldType.DATE, FieldType.TEXT},
        "日期写成二〇二六年三月五日，期限写成六十日",
    ),
    "capital": ({FieldType.MONEY}, "金额写成大写"),
    "keyed": ({FieldType.LIST, FieldType.ENTRY}, "清单条目写出名称和编号，例如姓名（执法证件号）"),
}
_FIELD = re.compile(r"\{([^{}]*)\}")
_PATH = re.compile(r"[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)*(?:\|[a-z]+)?\Z")
ROOTS = ("fact", "this", "act", "clock", "length", "org", "office", "case", "own", "as", "doc")
ORGANIZATION = {"name": "单位名称", "parent": "上级单位名称", "code": "机关代字"}
DOCUMENT = {"number": "文书编号", "title": "文书名称"}
PART = re.compile(r"part[1-9]\Z")


class UnknownFieldError(ValueError):
    """A field of a template that nothing has; the message says which and what there is."""


@dataclass(frozen=True, slots=True)
class Ref:
    """One field as a template writes it."""

    path: tuple[str, ...]
    filter: str | None = None

    @property
    def key(self) -> str:
        """Its name without the filter."""
        return ".".join(self.path)


@dataclass(frozen=True)
class Around:
    """What a template is read against: the catalogue's case types and registers, and the act it serves."""

    case_types: Mapping[str, CaseType]
    registers: Mapping[str, RegisterType]
    serves: Serves
    own: Mapping[str, FieldSpec]
    row: Mapping[str, FieldSpec] | None = None  # of `{each.…}`

    @property
    def case_type(self) -> CaseType:
        """The case type of the act."""
        return self.case_types[self.serves.case_type]

    @property
    def act(self) -> ActType:
        """The act the paper belongs to."""
        return self.case_type.acts[self.serves.act]


def pieces(text: str) -> list[str | Ref]:
    """A text cut into words and fields. Raises UnknownFieldError where braces are not paired or a name is not written well."""
    found: list[str | Ref] = []
    place = 0
    for match in _FIELD.finditer(text):
        found += [text[place : match.start()]] if match.start() > place else []
        found.append(reference(match.group(1)))
        place = match.end()
    found += [text[place:]] if place < len(text) else []
    if any(isinstance(piece, str) and ("{" in piece or "}" in piece) for piece in found):
        raise UnknownFieldError("花括号没有配对，字段应写成 {fact.party} 的样子")
    return found


def reference(name: str) -> Ref:
    """A field from its name. Raises UnknownFieldError."""
    name = name.strip()
    if not _PATH.match(name):
        raise UnknownFieldError(
            f"“{{{name}}}”不是字段的写法，应写成 {{fact.字段}}、{{this.on}}、{{act.环节.字段}} 的样子"
        )
    path, _, chosen = name.partition("|")
    return Ref(tuple(path.split(".")), chosen or None)


def refs(text: str) -> Iterator[Ref]:
    """The fields of a text. Raises UnknownFieldError."""
    for piece in pieces(text):
        if isinstance(piece, Ref):
            yield piece


def describe(ref: Ref, around: Around) -> FieldSpec:
    """The title and kind of a field. Raises UnknownFieldError."""
    spec = _described(ref.path, around)
    if ref.filter is not None:
        if ref.filter not in FILTERS:
            raise UnknownFieldError(_no(ref.filter, FILTERS, "写法（竖线之后）"))
        if spec.type not in FILTERS[ref.filter][0]:
            raise UnknownFieldError(
                f"“{ref.key}”是{spec.title}，不能用 |{ref.filter}（{FILTERS[ref.filter][1]}）"
            )
    return spec


def resolved(path: Sequence[str], around: Around) -> tuple[str, ...]:
    """The path with `this` and `as` replaced by what they stand for."""
    if path and path[0] == "this":
        return ("act", around.serves.act, *path[1:])
    if len(path) > 1 and path[0] == "as" and path[1] in around.serves.names:
        return resolved((*reference(around.serves.names[path[1]]).path, *path[2:]), around)
    return tuple(path)


def _described(path: tuple[str, ...], around: Around) -> FieldSpec:
    if path[0] == "as":
        return _named(path, around)
    path = resolved(path, around)
    root, rest = path[0], path[1:]
    if root == "fact":
        return _of_specs(rest, around.case_type.facts, around, "事项字段")
    if root == "own":
        return _of_specs(rest, around.own, around, "文书自己的字段（fields）")
    if root == "each":
        return _of_row(rest, around)
    if root == "act":
        return _of_act(rest, around)
    if root == "clock":
        return _of_clock(rest, around)
    if root == "length":
        return _length(rest, around)
    plain = {"org": ORGANIZATION, "case": _case_words(around), "doc": DOCUMENT}.get(root)
    if plain is not None:
        return _plain(root, rest, plain)
    if root == "office":
        return _of_specs(rest, office_fields(), around, "单位资料")
    raise UnknownFieldError(_no(root, ROOTS, "字段来源"))


def _named(path: tuple[str, ...], around: Around) -> FieldSpec:
    if len(path) < 2 or path[1] not in around.serves.names:
        raise UnknownFieldError(_no(path[1] if len(path) > 1 else "", around.serves.names, "名称（names）"))
    return _described((*reference(around.serves.names[path[1]]).path, *path[2:]), around)


def _case_words(around: Around) -> dict[str, str]:
    return {"title": "事项名称", "number": "案号、文号", "type": "事项类型", "opened": "开始日期"}


def _plain(root: str, rest: Sequence[str], words: Mapping[str, str]) -> FieldSpec:
    if len(rest) != 1 or rest[0] not in words:
        raise UnknownFieldError(_no(".".join(rest), words, f"{root} 的字段"))
    kind = FieldType.DATE if rest[0] == "opened" else FieldType.TEXT
    return FieldSpec(title=words[rest[0]], type=kind)


def _of_specs(rest: Sequence[str], specs: Mapping[str, FieldSpec], around: Around, what: str) -> FieldSpec:
    if not rest or rest[0] not in specs:
        raise UnknownFieldError(_no(rest[0] if rest else "", specs, what))
    spec = specs[rest[0]]
    if len(rest) == 1:
        return spec
    register = around.registers.get(spec.register_ or "")
    if spec.type is not FieldType.ENTRY or register is None:
        raise UnknownFieldError(f"“{spec.title}”不是清单条目，后面不能再写 .{rest[1]}")
    inner = _of_specs(rest[1:], register.fields, around, f"清单“{register.title}”的字段")
    return inner.model_copy(update={"title": f"{spec.title}的{inner.title}"})


def _of_act(rest: Sequence[str], around: Around) -> FieldSpec:
    acts = around.case_type.acts
    if not rest or rest[0] not in acts:
        raise UnknownFieldError(_no(rest[0] if rest else "", acts, "环节"))
    act = acts[rest[0]]
    words = act_fields(act)
    return _of_specs(rest[1:], words, around, f"环节“{act.title}”的字段")


def act_fields(act: ActType) -> dict[str, FieldSpec]:
    """What can be said of an act: its day, its result, who did it, and its own fields."""
    words = {
        "on": FieldSpec(title=f"{act.title}的日期", type=FieldType.DATE),
        "by": FieldSpec(title=act.party or f"{act.title}的经办人", type=FieldType.PERSON),
        "unit": FieldSpec(title=f"{act.title}的单位"),
    }
    if act.outcomes:
        words["outcome"] = FieldSpec(title=f"{act.title}的结果", type=FieldType.CHOICE, choices=act.outcomes)
    return words | act.fields


def _of_clock(rest: Sequence[str], around: Around) -> FieldSpec:
    clocks = around.case_type.clocks
    if not rest or rest[0] not in clocks:
        raise UnknownFieldError(_no(rest[0] if rest else "", clocks, "时限"))
    clock = clocks[rest[0]]
    words = {
        "due": FieldSpec(title=f"{clock.title}的届满日", type=FieldType.DATE),
        "started": FieldSpec(title=f"{clock.title}的起算日", type=FieldType.DATE),
        "length": FieldSpec(title=f"{clock.title}的时长"),
    }
    return _of_specs(rest[1:], words, around, f"时限“{clock.title}”的字段")


def _length(rest: Sequence[str], around: Around) -> FieldSpec:
    """The length of a clock of any case type, as on the day of the act."""
    if len(rest) != 2 or rest[0] not in around.case_types:
        raise UnknownFieldError(_no(rest[0] if rest else "", around.case_types, "事项类型"))
    case_type = around.case_types[rest[0]]
    if rest[1] not in case_type.clocks:
        raise UnknownFieldError(_no(rest[1], case_type.clocks, f"“{case_type.title}”的时限"))
    return FieldSpec(title=f"{case_type.clocks[rest[1]].title}的时长")


def _of_row(rest: Sequence[str], around: Around) -> FieldSpec:
    if around.row is None:
        raise UnknownFieldError("{each.…} 只能写在表格的 columns 里")
    if len(rest) == 1 and PART.match(rest[0]) and "item" in around.row:
        return FieldSpec(title=f"第{rest[0][4:]}栏")
    return _of_specs(rest, around.row, around, "每一行的字段")


def row_fields(each: str, around: Around) -> dict[str, FieldSpec]:
    """The fields of each row of a table. Raises UnknownFieldError."""
    ref = reference(each)
    number = {"number": FieldSpec(title="序号", type=FieldType.NUMBER)}
    path = resolved(ref.path, around)
    if path[0] == "act" and len(path) == 2:
        if path[1] not in around.case_type.acts:
            raise UnknownFieldError(_no(path[1], around.case_type.acts, "环节"))
        return number | act_fields(around.case_type.acts[path[1]])
    spec = describe(ref, around)
    if spec.type is not FieldType.LIST:
        raise UnknownFieldError(f"“{each}”是{spec.title}，不是列表；each 写 act.环节 或者一个列表字段")
    return number | {"item": FieldSpec(title=spec.title)}


@cache
def office_fields() -> dict[str, FieldSpec]:
    """What papers say of the body that makes them."""
    path = Path(__file__).parent / "office.yaml"
    return {
        name: FieldSpec.model_validate(spec) for name, spec in yaml.safe_load(path.read_text("utf-8")).items()
    }


def around_of(
    template: DocumentType,
    serves: Serves,
    case_types: Mapping[str, CaseType],
    registers: Mapping[str, RegisterType],
) -> Around:
    """What a template is read against for one of the acts it serves."""
    return Around(case_types, registers, serves, template.fields)


def _no(name: str, known: Mapping[str, object] | Sequence[str], what: str) -> str:
    near = difflib.get_close_matches(name, list(known), n=1)
    hint = f"，是不是“{near[0]}”？" if near else "。"
    listed = "、".join(list(known)[:12]) or "一个也没有"
    return f"没有叫“{name}”的{what}{hint}现有：{listed}"
