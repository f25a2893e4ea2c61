"""Of which kind a file is, and the sheet for it: by its case where the ledger has it, else by what the decision is called."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from yifa.law.datafiles import beside
from yifa.law.loader import catalogue
from yifa.law.schema import SheetType
from yifa.ledger.models import Case

OTHER = "其他"
NUMBER = re.compile(r"(\w{2,20})(〔\d{4}〕第?\d+号)")
_ASIDE = re.compile(r"（[^）]*）|\([^)]*\)|《[^》]*》")


@lru_cache(maxsize=1)
def _words() -> tuple[tuple[str, str], ...]:
    kinds: Mapping[str, list[str]] = beside(__file__, "filekinds.yaml")
    return tuple((word, kind) for kind, words in kinds.items() for word in words)


def numbers_in(text: str) -> list[str]:
    """What may be the numbers of papers that a text names: words run on, so each is given with ever less before it."""
    found = NUMBER.findall(text)
    return [word[start:] + rest for word, rest in found for start in range(len(word) - 1)]


def kind_called(text: str) -> str:
    """The kind of file a decision of this name makes; `OTHER` where no word tells."""
    plain = _ASIDE.sub("", text)
    ends = [(plain.rfind(word) + len(word), len(word), kind) for word, kind in _words() if word in plain]
    return max(ends)[2] if ends else OTHER


def sheet_of_kind(kind: str) -> SheetType:
    """The sheet for files of a kind; the general one where there is none of its own."""
    sheets = {sheet.file_kind: sheet for sheet in catalogue().sheets.values()}
    return sheets.get(kind) or sheets[OTHER]


def sheet_for(case_type: str) -> SheetType | None:
    """The sheet for the cases of a type."""
    return next((sheet for sheet in catalogue().sheets.values() if case_type in sheet.case_types), None)


def kind_of(file: Case, sheet: SheetType) -> str:
    """The kind of a file of the ledger: the sheet's own, for the general sheet what the case says of itself."""
    said = str(file.facts.get("kind") or "")
    return said if sheet.file_kind == OTHER and said in {kind for _, kind in _words()} else sheet.file_kind
