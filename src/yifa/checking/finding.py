"""What a check says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from yifa.law.schema import Basis
from yifa.reading.document import Span


class Severity(StrEnum):
    """How much it matters."""

    ERROR = "error"
    WARNING = "warning"
    NOTICE = "notice"

    @property
    def label(self) -> str:
        """The word for people."""
        return _LABELS[self.value]


_LABELS = {"error": "错误", "warning": "提醒", "notice": "提示"}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong with a text: rule id, plain Chinese, exact places, the numbers that show it, legal basis."""

    rule: str
    severity: Severity
    message: str
    spans: tuple[Span, ...]
    evidence: Mapping[str, Any] = field(default_factory=dict)
    basis: Basis | None = None
