"""Skeletons of new catalogue files: small, valid, with a remark at everything that is to be filled in."""

from __future__ import annotations

import re

from yifa.law.errors import YifaError
from yifa.law.loader import Catalogue

SKELETONS = {
    "case": "cases",
    "register": "registers",
    "counting": "counting",
    "gap": "gaps",
    "document": "documents",
}
_ID = re.compile(r"[a-z][a-z0-9_]*\Z")

_CASE = """\
# 依据：写明这个程序出自哪些条文，哪些数字没有核实。
case_type: {name}
title: {title}
summary: {title}的办理。            # 一句话说明从哪里开始、到哪里结束
domain: service                    # 属于哪个领域，见 docs/reference/catalogue-format.md
basis:
  - {{law: {law}}}
opens_with: [receive]
title_fact: subject

facts:
  subject: {{title: 事由, required: true}}

acts:
  receive:
    title: 收件
    state: 办理中
  decide:
    title: 决定
    after: [receive]
    outcomes: [同意, 不同意]
    evidence: [决定书]
    closes: true

clocks:
  decision:
    title: 办理期限
    from: [receive]
    to: [decide]
    at_most:
      - {{law: {law}, length: null, unit: workdays}}   # 有核实的条文才写 article 和 length
"""
_REGISTER = """\
# 依据：写明这份清单出自哪些规定。
register: {name}
title: {title}
summary: {title}的条目、依据和有效期。
domain: service                    # 属于哪个领域
basis:
  - {{law: {law}}}
key: code
title_field: name
begins: begins
ends: ends
fields:
  code: {{title: 编号, required: true}}
  name: {{title: 名称, required: true}}
  begins: {{title: 生效日, type: date, required: true}}
  ends: {{title: 最后有效日, type: date}}
"""
_COUNTING = """\
counting_rule: {name}
title: {title}
unit: {unit}
explain: 报告期内{title}，一件计一次。   # 说清数什么、以哪个日期为准
{source}
"""
_GAP = """\
gap: {name}
title: {title}
explain: {title}。                  # 说清为什么应当有
missing: 没有登记                   # 对每一条说缺什么
domain: service                    # 属于哪个领域
{source}
"""


_DOCUMENT = """\
# 依据：写明法律要求这份文书写什么、出自哪些条文。
document: {name}
title: {title}
summary: {title}。                  # 一句话说明写什么、什么时候用
kind: notice                       # approval notice decision opinion answer record list report letter receipt agreement
serves:
  - {{case_type: {of}, act: {act}}}   # 环节要求这份材料的，加上 paper: 材料名称
basis:
  - {{law: {law}}}
fields:
  matter: {{title: 告知内容, type: long_text}}   # 台账里没有、只有文书才写的
parts:
  - text: "本单位于{{this.on}}办理{{case.title}}。"
  - text: "{{own.matter}}"
copies: [送达当事人, 存卷]
"""


def skeleton(kind: str, name: str, *, title: str, law: str, of: str | None, known: Catalogue) -> str:
    """The text of a new file. Raises YifaError where the id, the law or what is counted is not there."""
    if not _ID.match(name):
        raise YifaError(
            f"标识“{name}”应为小写英文字母、数字和下划线，以字母开头，例如 site_visits。", code="id"
        )
    if name in known.sources:
        raise YifaError(f"目录里已有“{name}”，请换一个标识。", code="exists")
    if known.laws.find(law) is None:
        raise YifaError(f"法律目录里没有《{law}》，请用目录里的名称，或先补入 laws.yaml。", code="law")
    if kind == "case":
        return _CASE.format(name=name, title=title, law=law)
    if kind == "register":
        return _REGISTER.format(name=name, title=title, law=law)
    if kind == "document":
        return _document(name, title, law, of, known)
    return _of_something(kind, name, title, of, known)


def _document(name: str, title: str, law: str, of: str | None, known: Catalogue) -> str:
    case = known.case_types.get(of or "")
    if case is None:
        raise YifaError("请用 --of 写明文书用于哪类事项，写它的标识，见 yifa catalogue list。", code="of")
    return _DOCUMENT.format(name=name, title=title, law=law, of=of, act=case.opens_with[0])


def _of_something(kind: str, name: str, title: str, of: str | None, known: Catalogue) -> str:
    case, register = known.case_types.get(of or ""), known.registers.get(of or "")
    if case is not None:
        act = case.opens_with[0]
        source = (
            f"case_type: {of}\nacts: [{act}]" if kind == "counting" else f"case_type: {of}\ncases: open\n"
        )
        if kind == "gap":
            source += f"where: {{act: {act}, done: true}}           # 改成应当补齐的条件"
        unit = case.unit
    elif register is not None:
        source = f"register: {of}"
        source += (
            "\ncounts: in_force_at_end" if kind == "counting" else "\nwhere: " + _any_field(register.key)
        )
        unit = register.unit
    else:
        raise YifaError("请用 --of 写明数哪类事项或哪个清单的标识，见 yifa catalogue list。", code="of")
    text = _COUNTING if kind == "counting" else _GAP
    return text.format(name=name, title=title, unit=unit, source=source)


def _any_field(key: str) -> str:
    return (
        f"{{fact: {key}, given: true}}                # 改成什么样的条目算缺口，或用 unless 写明有什么就不算"
    )
