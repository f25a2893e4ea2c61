"""Templates of the papers a case gives rise to (文书): notices, decisions, answers, receipts, records."""

from __future__ import annotations

from enum import StrEnum
from typing import Self

from pydantic import Field, model_validator

from yifa.law.schema.base import Basis, Condition, Id, Model, wrong
from yifa.law.schema.fields import FieldSpec


class DocumentKind(StrEnum):
    """What sort of paper it is; lists are grouped by it."""

    APPROVAL = "approval"
    NOTICE = "notice"
    DECISION = "decision"
    OPINION = "opinion"
    ANSWER = "answer"
    RECORD = "record"
    LIST = "list"
    REPORT = "report"
    LETTER = "letter"
    RECEIPT = "receipt"
    AGREEMENT = "agreement"


class Serves(Model):
    """The act of a case type that a template's paper belongs to.

    `paper` is the title under which the act asks for it as evidence; left out: the template's own title. `names` are
    what the template calls `{as.name}`: with them one template serves case types whose fields have other names. `papers`:
    fields of the template's own that name, where nobody says otherwise, the papers of an act.
    """

    case_type: Id
    act: Id
    paper: str | None = None
    names: dict[Id, str] = Field(default_factory=dict)
    papers: dict[Id, Id] = Field(default_factory=dict)


class ColumnType(Model):
    """A column of a table: its head, and the text of each row."""

    title: str
    text: str
    width: float = Field(default=1.0, gt=0)


class TableType(Model):
    """A table: either of lines fixed in the template, or with one row for each of something.

    `each`: `act.ID` for each time that act happened, or a field that holds a list. In the columns `{each.…}` is a field of that
    act, `{each.item}` the item, `{each.number}` its number; an item written as `a；b；c` has `{each.part1}`, `{each.part2}` ….
    """

    title: str | None = None
    rows: list[list[str]] = Field(default_factory=list)
    widths: list[float] = Field(default_factory=list)
    each: str | None = None
    columns: list[ColumnType] = Field(default_factory=list)
    empty: str | None = None  # printed below the heads where there is nothing

    @model_validator(mode="after")
    def _one_sort(self) -> Self:
        if bool(self.rows) == (self.each is not None):
            raise wrong("表格写 rows（固定的行）或 each（每一项一行）中的一个")
        if (self.each is not None) != bool(self.columns):
            raise wrong("each 与 columns 要一起写：每一项一行，columns 写各栏")
        lengths = {len(row) for row in self.rows}
        if lengths and self.widths and len(self.widths) < max(lengths):
            raise wrong("widths 的个数少于一行的格数")
        return self


class PartType(Model):
    """One part of a paper, printed while `when` holds. Exactly one of `text`, `heading`, `table`, `remedies`.

    `remedies` is the instruction on remedies: its times are lengths of clocks, never typed.
    """

    text: str | None = None
    heading: str | None = None
    table: TableType | None = None
    remedies: str | None = None
    when: Condition | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        given = [name for name in ("text", "heading", "table", "remedies") if getattr(self, name) is not None]
        if len(given) != 1:
            found = "、".join(given) or "一个也没有"
            raise wrong(f"文书的每一部分写 text、heading、table、remedies 中的一个，现在是：{found}")
        return self


class Signature(Model):
    """Who signs and when; with `seal` the place of the seal is marked."""

    issuer: str = "{org.name}"
    dated: str = "{this.on|chinese}"
    seal: bool = True


class DocumentType(Model):
    """A template that knows its fields: `{fact.…}`, `{this.…}`, `{act.….…}`, `{clock.….…}`, `{length.….…}`, `{org.…}`,
    `{office.…}`, `{case.…}`, `{own.…}`, `{as.…}`, `{doc.…}` (docs/reference/catalogue-format.md).
    """

    document: Id
    title: str
    summary: str
    kind: DocumentKind = Field(strict=False)
    serves: list[Serves] = Field(min_length=1)
    basis: list[Basis] = Field(min_length=1)
    headed: str | None = (
        None  # what is printed above it where that is not its title, e.g. the kind of letter chosen
    )
    number: str | None = None
    addressee: str | None = None
    fields: dict[Id, FieldSpec] = Field(default_factory=dict)  # what only papers say; kept with the case
    parts: list[PartType] = Field(min_length=1)
    annexes: list[str] = Field(default_factory=list)
    signature: Signature | None = Field(default_factory=Signature)
    signs: list[str] = Field(default_factory=list)  # lines to be signed by hand
    copies: list[str] = Field(default_factory=list)  # to whom each copy goes
