"""An office's own Word template: its `{{fields}}` read when it is taken in, filled when a paper is made.

A field stands there by its name (`{{fact.party}}`) or by its title in the catalogue (`{{当事人}}`). The layout stays as it is.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import docx
import yaml
from docx.opc.exceptions import PackageNotFoundError

from yifa.documents.filled import plain
from yifa.documents.filling import Filler
from yifa.documents.shelf import folder, read_own
from yifa.documents.values import Values
from yifa.documents.word import MARK
from yifa.law.documentfields import ORGANIZATION, act_fields, office_fields
from yifa.law.loader import catalogue
from yifa.law.schema import CaseType
from yifa.ledger.refusal import ActionRefused
from yifa.papers.marks import paragraphs
from yifa.papers.writing import written_whole

FIELD = re.compile(r"\{\{\s*([^{}]+?)\s*\}\}")
BRACES = str.maketrans("", "", "{}")  # single ones are the office's own
CASE_WORDS = {
    "案号": "case.number",
    "文号": "case.number",
    "事项名称": "case.title",
    "开始日期": "case.opened",
    "立案日期": "case.opened",  # as penalties call it
}
MOST = 20 * 1024 * 1024


def take_in(content: bytes, *, name: str, title: str, case_type: CaseType, act: str) -> Path:
    """Keeps an uploaded Word template for an act. Raises ActionRefused, naming in Chinese every field nobody knows."""
    document = _opened(content)
    names = titles_of(case_type, act)
    parts, unknown = [], []
    for paragraph in paragraphs(document):
        text = paragraph.text.strip()
        if not text:
            continue
        for field in FIELD.findall(text):
            if not field.isascii() and field not in names:
                unknown.append(field)
        parts.append({"text": FIELD.sub(lambda match: _named(match[1], names), text)})
    if unknown:
        raise ActionRefused(
            f"模板里有不认识的字段：{'、'.join(f'“{one}”' for one in dict.fromkeys(unknown))}。"
            f"“{case_type.title}”可用的字段：{'、'.join(names)}。",
            code="fields",
        )
    data = _described(name, title, case_type, act, parts)
    return _kept(name, data, content)


def _named(field: str, names: Mapping[str, str]) -> str:
    return "{" + names.get(field, field) + "}"


def _described(
    name: str, title: str, case_type: CaseType, act: str, parts: list[dict[str, str]]
) -> dict[str, Any]:
    serves: dict[str, Any] = {"case_type": case_type.case_type, "act": act}
    if title in case_type.acts[act].evidence:
        serves["paper"] = title
    basis = case_type.acts[act].basis or case_type.basis[0]
    cited = {"law": basis.law} | ({"article": basis.article} if basis.article else {})
    return {
        "document": name,
        "title": title,
        "summary": f"本单位自定的{title}。",
        "kind": "notice",
        "serves": [serves],
        "basis": [cited],
        "parts": parts or [{"text": title}],
        "signature": None,
    }


def _kept(name: str, data: Mapping[str, Any], content: bytes) -> Path:
    place = folder()
    place.mkdir(parents=True, exist_ok=True)
    trial = place / f".{name}"
    trial.mkdir(exist_ok=True)
    try:
        path = trial / f"{name}.yaml"
        path.write_text(yaml.safe_dump(data, allow_unicode=True, sort_keys=False), "utf-8")
        _, faults = read_own(path, catalogue())
        if faults:
            said = "；".join(re.sub(r"^第 \d+ 行 [^：]*：", "", fault) for fault in faults)
            raise ActionRefused(f"模板没有收下：{said}。", code="fields")
        (place / f"{name}.docx").write_bytes(content)
        return path.replace(place / f"{name}.yaml")
    finally:
        for left in trial.glob("*"):
            left.unlink()
        trial.rmdir()


def titles_of(case_type: CaseType, act: str) -> dict[str, str]:
    """The fields a template may name by their titles."""
    names = {spec.title: f"fact.{name}" for name, spec in case_type.facts.items()}
    names |= {spec.title: f"this.{name}" for name, spec in act_fields(case_type.acts[act]).items()}
    names |= {title: f"org.{name}" for name, title in ORGANIZATION.items()}
    names |= {spec.title: f"office.{name}" for name, spec in office_fields().items()}
    return names | CASE_WORDS


def fill_word(own: Path, values: Values, path: Path, *, mark: str) -> None:
    """The office's own Word file with its fields filled. Raises WritingError."""
    document = _opened(own.read_bytes())
    filler = Filler(values)
    case_type = values.facts.case_type
    names = titles_of(case_type, values.serves.act)
    for paragraph in paragraphs(document):
        _fill(paragraph, lambda field, after: plain(filler.line(_named(field, names) + after)[:1]))
    document.core_properties.identifier = f"{MARK}:{mark}"
    with written_whole(path) as draft:
        document.save(str(draft))


def _fill(paragraph: Any, say: Any) -> None:
    """Replaces the fields of a paragraph, each in the look of the characters where it begins."""
    while match := FIELD.search(paragraph.text):
        start, end, place = match.start(), match.end(), 0
        said = say(match[1], FIELD.split(paragraph.text[end:])[0].translate(BRACES))
        for run in paragraph.runs:
            text, begin = run.text, place
            place += len(text)
            if place <= start or begin >= end:
                continue
            left, right = max(0, start - begin), min(len(text), end - begin)
            run.text = text[:left] + said + text[right:]
            said = ""
        if said:  # the field stands in no run of its own, e.g. in a link
            break


def _opened(content: bytes) -> Any:
    if len(content) > MOST:
        raise ActionRefused("模板文件超过 20 MB，没有收下。请去掉里面的图片再上传。", code="too_large")
    try:
        return docx.Document(io.BytesIO(content))
    except (PackageNotFoundError, zipfile.BadZipFile, KeyError, ValueError):
        raise ActionRefused(
            "这个文件不是 Word 的 .docx 文件，没有收下。请用 Word 或 WPS 另存为 .docx 再上传。", code="format"
        ) from None
