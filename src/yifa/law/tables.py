"""Markdown tables for the reference pages, and the fields of case types and registers in one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from yifa.law.phrases import cited
from yifa.law.schema import FieldSpec, FieldType

FIELD_TYPES = {
    FieldType.TEXT: "文字",
    FieldType.LONG_TEXT: "长文字",
    FieldType.NUMBER: "数字",
    FieldType.MONEY: "金额",
    FieldType.DATE: "日期",
    FieldType.BOOLEAN: "是或否",
    FieldType.CHOICE: "单选",
    FieldType.LIST: "多项文字",
    FieldType.ORGANIZATION: "单位",
    FieldType.PERSON: "人员",
    FieldType.ENTRY: "清单条目",
    FieldType.CASE: "另一事项",
}


def fields_table(fields: Mapping[str, FieldSpec]) -> str:
    """The fields with their kind, whether they are required, and their basis."""
    rows = [
        (
            spec.title,
            f"`{name}`",
            _field_kind(spec),
            "是" if spec.required else "",
            spec.help or "",
            cited(spec.basis),
        )
        for name, spec in fields.items()
    ]
    return table(("项目", "编号", "类型", "必填", "说明", "依据"), rows)


def _field_kind(spec: FieldSpec) -> str:
    text = FIELD_TYPES[spec.type]
    if spec.choices:
        text += f"：{'；'.join(spec.choices)}"
    limits = [(spec.minimum, "不少于"), (spec.maximum, "不超过")]
    text += "".join(f"，{word}{limit:g}{spec.unit or ''}" for limit, word in limits if limit is not None)
    if spec.min_items:
        text += f"，不少于{spec.min_items}项"
    return text + ("，对外隐去" if spec.personal else "")


def paragraphs(texts: Iterable[str]) -> str:
    """Several statements in one cell."""
    return "<br>".join(texts)


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Heads and rows as a Markdown table."""
    lines = [heads, ["---"] * len(heads), *([cell.replace("|", "\\|") for cell in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def page(parts: Iterable[str]) -> str:
    """Parts with a blank line between them, ending in a line break."""
    return "\n\n".join(parts) + "\n"
