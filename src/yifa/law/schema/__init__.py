"""The shapes of catalogue files: case types, registers, counting rules, outlines, templates, levels, jurisdictions.

A catalogue file is YAML. Every key is listed here; an unknown key is an error. These models hold data
only; loading and cross-checks are in `loader`, meaning is in `yifa.procedures`.
"""

from yifa.law.schema.base import ActField, Basis, Condition, Domain, Duration, EarlierBasis, Id, Model, Unit
from yifa.law.schema.counting import (
    CountedState,
    CountingRule,
    Definition,
    EarlierRule,
    Rate,
    Taken,
    UnitsCounted,
)
from yifa.law.schema.documents import (
    ColumnType,
    DocumentKind,
    DocumentType,
    PartType,
    Serves,
    Signature,
    TableType,
)
from yifa.law.schema.fields import Barred, Companions, FieldSpec, FieldType
from yifa.law.schema.gaps import Answering, GapType, Span
from yifa.law.schema.indicators import (
    Band,
    GraveEvent,
    Indicator,
    IndicatorPart,
    IndicatorSet,
    Judged,
    Scale,
    Term,
    UnitClass,
)
from yifa.law.schema.laws import Law, LawVersion
from yifa.law.schema.outlines import AboutPerson, DueDay, Exhibit, OutlineType, SectionType, Sentence
from yifa.law.schema.places import Jurisdiction, LevelProfile, LocalDuration
from yifa.law.schema.procedures import (
    ActType,
    Apart,
    CaseType,
    ClockType,
    Extension,
    Limit,
    NumberRule,
    Pause,
    Prerequisite,
    Receipt,
    Restart,
    Table,
)
from yifa.law.schema.registers import RegisterType
from yifa.law.schema.sheets import SheetGroup, SheetItem, SheetType

__all__ = [
    "AboutPerson",
    "ActField",
    "ActType",
    "Answering",
    "Apart",
    "Band",
    "Barred",
    "Basis",
    "CaseType",
    "ClockType",
    "ColumnType",
    "Companions",
    "Condition",
    "CountedState",
    "CountingRule",
    "Definition",
    "DocumentKind",
    "DocumentType",
    "Domain",
    "DueDay",
    "Duration",
    "EarlierBasis",
    "EarlierRule",
    "Exhibit",
    "Extension",
    "FieldSpec",
    "FieldType",
    "GapType",
    "GraveEvent",
    "Id",
    "Indicator",
    "IndicatorPart",
    "IndicatorSet",
    "Judged",
    "Jurisdiction",
    "Law",
    "LawVersion",
    "LevelProfile",
    "Limit",
    "LocalDuration",
    "Model",
    "NumberRule",
    "OutlineType",
    "PartType",
    "Pause",
    "Prerequisite",
    "Rate",
    "Receipt",
    "RegisterType",
    "Restart",
    "Scale",
    "SectionType",
    "Sentence",
    "Serves",
    "SheetGroup",
    "SheetItem",
    "SheetType",
    "Signature",
    "Span",
    "Table",
    "TableType",
    "Taken",
    "Term",
    "Unit",
    "UnitClass",
    "UnitsCounted",
]
