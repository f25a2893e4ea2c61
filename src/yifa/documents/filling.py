"""From a template and what the case says to a paper."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import zip_longest
from typing import Any

from yifa.documents.filled import FilledPaper, Grid, Line, Missing, Piece, Words
from yifa.documents.values import Said, Values
from yifa.law.documentfields import Ref, describe, pieces, reference, resolved, row_fields
from yifa.law.schema import FieldType, PartType, TableType
from yifa.procedures.model import Act

BLANK = "〔待填：{title}〕"
NUMBER = "编号"
SEPARATORS = ("；", ";", "\t")
CASE, THE_CASE, NO_CASES = "案", "一案", ("备案", "档案", "方案", "预案", "提案", "议案", "草案")
FULL_STOP, MARKS, ENDS = "。", tuple("。，；、：.,;"), tuple("。！？；：…”’）》")


class Filler:
    """Fills one template; gathers what is missing on the way."""

    def __init__(self, values: Values) -> None:
        self.values, self.template = values, values.template
        self.missing: dict[str, Missing] = {}

    def paper(self) -> FilledPaper:
        """The whole paper."""
        template, signature = self.template, self.template.signature
        number = self.number()
        blocks = tuple(
            block for part in template.parts if self.values.holds(part.when) for block in self._part(part)
        )
        issuer = self.line(signature.issuer) if signature is not None else ()
        dated = self.line(signature.dated) if signature is not None else ()
        return FilledPaper(
            title=self.line(template.headed or template.title),
            number=number,
            addressee=self.line(template.addressee) if template.addressee else (),
            blocks=blocks,
            annexes=tuple(self.line(text) for text in template.annexes),
            issuer=issuer,
            dated=dated,
            seal=signature is not None and signature.seal,
            signs=tuple(template.signs),
            copies=tuple(template.copies),
            missing=tuple(self.missing.values()),
        )

    def number(self) -> Line:
        """The number of the paper; year and serial are the paper's own."""
        document = self.values.document
        own = {"year": document.year, "serial": document.serial} if document is not None else {}
        found: list[Piece] = []
        for piece in pieces(self.template.number or ""):
            if isinstance(piece, Ref) and piece.key in {"year", "serial"}:
                found.append(Piece(str(own.get(piece.key) or "　")))
            else:
                found.append(self._piece(piece))
        return tuple(found)

    def line(self, text: str, row: Mapping[str, Any] | None = None) -> Line:
        """A text with its fields filled in."""
        found = pieces(text)
        return tuple(
            self._joined(self._piece(one, row), one, after)
            for one, after in zip_longest(found, found[1:], fillvalue="")
        )

    def _joined(self, filled: Piece, piece: str | Ref, after: str | Ref) -> Piece:
        """A value without what the template's words go on with: no "两处。，", "20日日", "占道案一案", "许可申请申请"."""
        if isinstance(piece, str) or not isinstance(after, str) or filled.blank or not filled.text:
            return filled
        text = filled.text
        if after.startswith((*MARKS, "）")):
            text = text.rstrip().rstrip("".join(MARKS))
        unit = describe(piece, self.values.around).unit if "each" not in piece.path else None
        said = [unit] if unit and after.startswith(unit) else []
        if after.startswith(THE_CASE):
            said += [] if text.endswith(NO_CASES) else [CASE]
        elif after[1:]:
            said.append(after[:2])
        return replace(filled, text=text.removesuffix(next(filter(text.endswith, said), "")))

    def _sentence(self, text: str) -> Line:
        """A paragraph: where it ends with what somebody wrote at length, the full stop is not asked of them."""
        line, last = self.line(text), pieces(text)[-1]
        written = isinstance(last, Ref) and describe(last, self.values.around).type is FieldType.LONG_TEXT
        ends = line[-1].text.rstrip().endswith(ENDS) and not line[-1].blank
        return line if not written or ends or len(line) == 1 else (*line, Piece(FULL_STOP))

    def _piece(self, piece: str | Ref, row: Mapping[str, Any] | None = None) -> Piece:
        if isinstance(piece, str):
            return Piece(piece)
        said = self.values.say(piece, row)
        if said.missing is None:
            return Piece(said.text, self._key(piece))
        if row is not None and piece.path[0] == "each":
            return Piece("")
        self.missing.setdefault(said.missing.key, said.missing)
        return Piece(BLANK.format(title=said.missing.title), said.missing.key, blank=True)

    def _key(self, ref: Ref) -> str:
        key = ".".join(resolved(ref.path, self.values.around))
        return f"{key}|{ref.filter}" if ref.filter else key

    def _part(self, part: PartType) -> Iterator[Words | Grid]:
        for kind in ("text", "heading", "remedies"):
            text = getattr(part, kind)
            if text is not None:
                yield Words(kind, self.line(text) if kind == "heading" else self._sentence(text))
        if part.table is not None:
            yield self._grid(part.table)

    def _grid(self, table: TableType) -> Grid:
        title = self.line(table.title) if table.title else ()
        if table.each is None:
            rows = tuple(tuple(self.line(cell) for cell in row) for row in table.rows)
            widths = tuple(table.widths) or (1.0,) * max(len(row) for row in rows)
            return Grid(title, heads=False, widths=widths, rows=rows)
        heads = tuple((Piece(column.title),) for column in table.columns)
        body = tuple(
            tuple(self.line(column.text, row) for column in table.columns) for row in self._rows(table.each)
        )
        if not body:
            body = (self._empty(table),)
        return Grid(
            title, heads=True, widths=tuple(column.width for column in table.columns), rows=(heads, *body)
        )

    def _empty(self, table: TableType) -> tuple[Line, ...]:
        """One cell over the whole line: that there is nothing, or that something is still to be filled in."""
        return (self.line(table.empty) if table.empty is not None else self._blank(table.each or ""),)

    def _blank(self, each: str) -> Line:
        ref = reference(each)
        path = resolved(ref.path, self.values.around)
        if path[0] == "act" and len(path) == 2:
            act = self.values.facts.case_type.acts[path[1]]
            missing = Missing(".".join(path), act.title, f"“{act.title}”还没有记入台账")
        else:
            said: Said = self.values.say(ref)
            missing = said.missing or Missing(ref.key, ref.key)
        self.missing.setdefault(missing.key, missing)
        return (Piece(BLANK.format(title=missing.title), missing.key, blank=True),)

    def _rows(self, each: str) -> Iterator[Mapping[str, Any]]:
        """The rows of a table: what each says by field, and its parts where it is written with semicolons."""
        specs = row_fields(each, self.values.around)
        path = resolved(reference(each).path, self.values.around)
        if path[0] == "act" and len(path) == 2:
            acts = self._all_acts(path[1])
            for number, act in enumerate(acts, 1):
                said = {"number": number, "on": act.on, "outcome": act.outcome, "by": act.by, **act.fields}
                yield {"specs": specs, "values": said, "parts": {}}
            return
        value = self.values.say(reference(each)).value
        for number, item in enumerate(value if isinstance(value, list | tuple) else [], 1):
            yield {"specs": specs, "values": {"number": number, "item": item}, "parts": _parts(str(item))}

    def _all_acts(self, act_id: str) -> list[Act]:
        return [act for act in self.values.facts.state.acts if act.act == act_id]


def _parts(item: str) -> dict[str, str]:
    separator = next((one for one in SEPARATORS if one in item), SEPARATORS[0])
    return {f"part{place}": part.strip() for place, part in enumerate(item.split(separator), 1)}


def fill(values: Values) -> FilledPaper:
    """The paper a template gives for an act of a case."""
    return Filler(values).paper()
