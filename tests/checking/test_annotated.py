"""Whole documents with the answers a careful reader would write down, each in several clothes.

A file holds the answers as YAML, a line `===`, and the text. Every figure of the text stands in braces:
`{{120余件}}`, or `{{六成|6|over|成}}` with value, approximation and unit where they do not follow from the form.
`findings` are the rules that must fire; no other may, residue of pages apart where the clothes bring it.
"""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import docx
import pytest
import yaml

from yifa.checking import check
from yifa.reading import Document, read_bytes

FOLDER = Path(__file__).parent / "annotated"
FIGURE = re.compile(r"\{\{([^{}|]*)(?:\|([^{}|]*)\|([^{}|]*)\|([^{}|]*))?\}\}")
PLAIN = re.compile(r"([\d,.]+)\s*([余多])?([万亿]?)([余多])?\s*(.*)")
SCALES = {"": 1.0, "万": 1e4, "亿": 1e8}

Answer = tuple[float, str, str]


def answer(match: re.Match[str]) -> Answer:
    """Value, approximation and unit of a figure in braces."""
    if match[2] is not None:
        return float(match[2]), match[3] or "exact", match[4]
    form = PLAIN.fullmatch(match[1])
    assert form, match[1]
    value = round(float(form[1].replace(",", "")) * SCALES[form[3]], 6)
    return value, "over" if form[2] or form[4] else "exact", form[5]


@cache
def annotated(name: str) -> tuple[dict[str, Any], list[Answer], str]:
    head, body = (FOLDER / f"{name}.txt").read_text(encoding="utf8").split("\n===\n", 1)
    figures = [answer(match) for match in FIGURE.finditer(body)]
    return yaml.safe_load(head), figures, FIGURE.sub(lambda match: match[1], body)


def page(text: str) -> bytes:
    """A page of an office that declares gb2312 and is not, with the furniture such pages have."""
    paragraphs = "".join(
        f'<p style="text-indent:2em"><span>{line}</span></p>' for line in text.split("\n") if line.strip()
    )
    markup = (
        '<!DOCTYPE html><html><head><meta charset="gb2312"><title>详情页-政府门户网站</title></head><body>'
        '<div class="top"><ul><li><a>首页</a></li><li><a>政务公开</a></li></ul></div>'
        '<div class="main"><div class="info">发布时间：2023-03-01 浏览次数：12 <a>打印</a></div>'
        f'<div id="zoom">{paragraphs}</div></div><div class="footer">版权所有 备案号12345678号</div>'
        "<script>var a='办案99件';</script></body></html>"
    )
    return markup.encode("gb18030")


def word(text: str) -> bytes:
    document = docx.Document()
    for line in text.split("\n"):
        document.add_paragraph(line)
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


CLOTHES: dict[str, Callable[[str], bytes]] = {
    "plain": lambda text: text.encode(),
    "page": page,
    "word": word,
    "utf16": lambda text: text.encode("utf-16"),
    "crlf": lambda text: text.replace("\n", "\r\n\r\n　　").encode("gb18030"),
}
NAMES = sorted(path.stem for path in FOLDER.glob("*.txt"))


def found_of(document: Document, keys: set[str]) -> dict[str, Any]:
    values: dict[str, Any] = {
        "kind": document.kind.value,
        "title": document.title,
        "issuer": document.issuer,
        "year": document.year,
        "dated": document.dated,
        "period": list(document.period) if document.period else None,
        "outline": dict(Counter(heading.level for heading in document.headings())),
        "tasks": len(document.tasks),
        "lead": [list(task.lead) for task in document.tasks],
        "support": [list(task.support) for task in document.tasks],
        "due": [task.due for task in document.tasks],
        "targets": [[target.compare, target.value, target.unit] for target in document.targets],
    }
    return {key: values[key] for key in keys}


def test_there_are_documents_of_every_kind() -> None:
    kinds = Counter(annotated(name)[0]["kind"] for name in NAMES)
    assert kinds["annual_report"] >= 10
    assert kinds["work_plan"] >= 4
    assert kinds["other"] >= 6


def wardrobe() -> list[tuple[str, str]]:
    """Reports and plans with paragraphs change their clothes; other texts come as they are."""
    return [
        (name, clothes)
        for name in NAMES
        for clothes in CLOTHES
        if clothes == "plain" or (annotated(name)[0]["kind"] != "other" and "\n一、" in annotated(name)[2])
    ]


@pytest.mark.parametrize(("name", "clothes"), wardrobe())
def test_answers(name: str, clothes: str) -> None:
    expected, figures, text = annotated(name)
    document = read_bytes(CLOTHES[clothes](text), name)
    facts = {key: value for key, value in expected.items() if key not in ("findings", "counts")}
    assert found_of(document, set(facts)) == facts
    assert [(float(figure.value), figure.approx.value, figure.unit) for figure in document.figures] == figures
    rules = Counter(finding.rule for finding in check(document))
    if clothes == "page":
        del rules["integrity.residue"]
    wanted = set(expected.get("findings", ())) - ({"integrity.residue"} if clothes == "page" else set())
    assert set(rules) == wanted
    for rule, times in expected.get("counts", {}).items():
        assert rules[rule] == times
