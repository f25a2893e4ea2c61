"""The rules the ledger works under: the catalogue, the calendar with local notices, the context of a case."""

from __future__ import annotations

import hashlib
from datetime import date
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from yifa.law.calendar import Calendar, default_calendar, load_notices
from yifa.law.loader import catalogue
from yifa.law.schema import CaseType, RegisterType
from yifa.ledger.refusal import ActionRefused
from yifa.procedures.model import Context


def _notices() -> Path:
    return Path(settings.DATA) / "calendar"


def calendar() -> Calendar:
    """The working-day calendar, with the holiday notices entered in the data folder."""
    return _calendar(_notices(), _fingerprint(_notices()))


@lru_cache(maxsize=4)
def _calendar(
    folder: Path, fingerprint: str
) -> Calendar:  # the fingerprint makes an entered notice count at once
    base = default_calendar()
    return load_notices(folder, base) if fingerprint else base


def _fingerprint(folder: Path) -> str:
    if not folder.is_dir():
        return ""
    files = sorted(folder.glob("*.yaml"))
    return (
        hashlib.sha256(b"\0".join(file.name.encode() + file.read_bytes() for file in files)).hexdigest()
        if files
        else ""
    )


def rules_digest() -> str:
    """Which rules the projections were made under; changes with the catalogue and with entered notices."""
    return hashlib.sha256(f"{catalogue().digest}:{_fingerprint(_notices())}".encode()).hexdigest()


def context(case_type: str, level: str, jurisdiction: str, on: date) -> Context:
    """The engine's context for a case of this type, level and jurisdiction, looked at on a day."""
    return Context(
        on=on,
        level=level,
        jurisdiction=catalogue().jurisdictions.get(jurisdiction) if jurisdiction else None,
        calendar=calendar(),
        no_power=no_power(level, case_type=case_type),
    )


def no_power(level: str, *, case_type: str | None = None, register: str | None = None) -> str | None:
    """「本级无此职权」 where a body of this level has no such cases or register; None where it has."""
    profile = catalogue().levels.get(level)
    if profile is None:
        return None
    if case_type is not None and case_type not in profile.case_types:
        return profile.off_text
    if register is not None and register not in profile.registers:
        return profile.off_text
    return None


def case_type_of(name: str) -> CaseType:
    """The case type of the catalogue; refuses an unknown one."""
    found = catalogue().case_types.get(name)
    if found is None:
        raise ActionRefused(
            f"目录里没有「{name}」这个事项类型。请检查目录文件，或改用现有的事项类型。", code="missing"
        )
    return found


def register_of(name: str) -> RegisterType:
    """The register of the catalogue; refuses an unknown one."""
    found = catalogue().registers.get(name)
    if found is None:
        raise ActionRefused(
            f"目录里没有「{name}」这个清单。请检查目录文件，或改用现有的清单。", code="missing"
        )
    return found
