"""Cross-checks of templates: every field is there, every act asks for the paper, no period is typed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from yifa.law.conditionchecks import condition
from yifa.law.crosschecks import Known, bases, fields, reference
from yifa.law.documentfields import Around, UnknownFieldError, around_of, describe, refs, row_fields
from yifa.law.messages import Problem
from yifa.law.nodes import Place
from yifa.law.schema import DocumentType, FieldType, PartType, Serves, TableType

TYPED_PERIOD = re.compile(
    r"[0-9０-９一二两三四五六七八九十百]+\s*(?:个)?(?:工作日|日|天|月|年|小时)(?:内|以内|之内)"
)
NUMBER_PARTS = (
    "year",
    "serial",
)  # of a number: the year in which the paper is made, and a running number in it


def document(thing: DocumentType, known: Known) -> Iterator[Problem]:
    """All that is wrong with a template, apart from its legal basis (`crosschecks.bases`)."""
    yield from fields(("fields",), thing.fields, known)
    seen: set[Problem] = set()  # a fault of a text is the same for every act it serves
    for index, serves in enumerate(thing.serves):
        for problem in _serves(("serves", index), thing, serves, known):
            if problem not in seen:
                seen.add(problem)
                yield problem
    yield from _same_names(thing)
    yield from _typed(thing)
    yield from _unused(thing)
    yield from _others(thing, known)


def document_problems(thing: DocumentType, known: Known) -> Iterator[Problem]:
    """All that is wrong with a template, its legal basis too: for templates outside the catalogue."""
    yield from bases((), thing, known)
    yield from document(thing, known)


def _serves(place: Place, thing: DocumentType, serves: Serves, known: Known) -> Iterator[Problem]:
    yield from reference((*place, "case_type"), serves.case_type, known.case_types, "事项类型")
    case_type = known.case_types.get(serves.case_type)
    if case_type is None:
        return
    yield from reference((*place, "act"), serves.act, case_type.acts, "环节")
    act = case_type.acts.get(serves.act)
    if act is None:
        return
    if serves.paper is not None and serves.paper not in act.evidence:
        asked = "、".join(act.evidence) or "没有要求材料"
        yield (*place, "paper"), f"环节“{act.title}”要求的材料里没有“{serves.paper}”。现有：{asked}"
    around = around_of(thing, serves, known.case_types, known.registers)
    for name, path in serves.names.items():
        yield from _text((*place, "names", name), f"{{{path}}}", around)
    for name, other in serves.papers.items():
        yield from reference((*place, "papers"), name, thing.fields, "文书自己的字段")
        yield from reference((*place, "papers", name), other, case_type.acts, "环节")
        if name in thing.fields and thing.fields[name].type is not FieldType.LIST:
            yield (*place, "papers", name), f"“{name}”写若干份文书，类型应为 list"
    for where, text in texts(thing):
        yield from _text(where, text, around)
    for index, part in enumerate(thing.parts):
        yield from condition(("parts", index, "when"), part.when, case_type)
        if part.table is not None:
            yield from _table(("parts", index, "table"), part.table, around)


def texts(thing: DocumentType) -> Iterator[tuple[Place, str]]:
    """Every text of a template with its place, those of tables' columns apart."""
    yield ("title",), thing.title
    for key in ("headed", "number", "addressee"):
        if (text := getattr(thing, key)) is not None:
            yield (key,), text
    for index, part in enumerate(thing.parts):
        yield from _texts_of_part(("parts", index), part)
    for index, text in enumerate(thing.annexes):
        yield ("annexes", index), text
    if thing.signature is not None:
        yield ("signature", "issuer"), thing.signature.issuer
        yield ("signature", "dated"), thing.signature.dated


def _texts_of_part(place: Place, part: PartType) -> Iterator[tuple[Place, str]]:
    for key in ("text", "heading", "remedies"):
        if (text := getattr(part, key)) is not None:
            yield (*place, key), text
    for row, cells in enumerate(part.table.rows if part.table else ()):
        for cell, text in enumerate(cells):
            yield (*place, "table", "rows", row, cell), text


def _text(place: Place, text: str, around: Around) -> Iterator[Problem]:
    try:
        for ref in refs(text):
            if place == ("number",) and ref.key in NUMBER_PARTS:
                continue
            describe(ref, around)
    except UnknownFieldError as error:
        yield place, str(error)


def _table(place: Place, table: TableType, around: Around) -> Iterator[Problem]:
    if table.each is None:
        return
    try:
        row = row_fields(table.each, around)
    except UnknownFieldError as error:
        yield (*place, "each"), str(error)
        return
    for index, column in enumerate(table.columns):
        yield from _text((*place, "columns", index, "text"), column.text, replace(around, row=row))


def _same_names(thing: DocumentType) -> Iterator[Problem]:
    first = set(thing.serves[0].names)
    for index, serves in enumerate(thing.serves[1:], 1):
        if set(serves.names) != first:
            yield (
                ("serves", index, "names"),
                f"各处 names 的名称应当一致，第一处是：{'、'.join(sorted(first)) or '没有'}",
            )


def _typed(thing: DocumentType) -> Iterator[Problem]:
    for place, text in texts(thing):
        typed = TYPED_PERIOD.search(text)
        if typed:
            yield (
                place,
                f"“{typed.group()}”是写死的期限，请改用时限，例如 {{length.reconsideration.application|chinese}}内",
            )
    for index, part in enumerate(thing.parts):
        if part.remedies is not None and "{length." not in part.remedies and "{clock." not in part.remedies:
            yield (
                ("parts", index, "remedies"),
                "救济途径的告知要写期限，用 {length.事项.时限} 或 {clock.时限.due}",
            )


def _unused(thing: DocumentType) -> Iterator[Problem]:
    written = "".join(text for _, text in texts(thing))
    for part in thing.parts:
        if part.table is not None:
            written += f"{{{part.table.each}}}" + "".join(column.text for column in part.table.columns)
    for name in thing.fields:
        if not re.search(rf"\bown\.{name}\b", written):
            yield ("fields", name), f"字段“{name}”在文书里没有用到，请写上 {{own.{name}}} 或者删去"


def _others(thing: DocumentType, known: Known) -> Iterator[Problem]:
    """A field of papers is the same in all papers of a case; no act has two templates of one title."""
    mine = {(serves.case_type, serves.act) for serves in thing.serves}
    cases = {case_type for case_type, _ in mine}
    for other in known.documents.values():
        if other.document >= thing.document or not cases & {serves.case_type for serves in other.serves}:
            continue
        for name, spec in thing.fields.items():
            theirs = other.fields.get(name)
            if theirs is not None and (theirs.title, theirs.type) != (spec.title, spec.type):
                yield (
                    ("fields", name),
                    f"同一事项的文书“{other.document}”里，字段“{name}”是“{theirs.title}”；同名字段在一件事项里只填一次，"
                    "名称和类型应当一致",
                )
        if other.title == thing.title and mine & {(s.case_type, s.act) for s in other.serves}:
            yield ("title",), f"“{other.document}”已是同一环节的“{thing.title}”，请换一个名称"
