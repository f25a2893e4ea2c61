"""Figures as files state them: the open data of a report, its HTML page, or one figure from `yifa figure show --json`."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal, DecimalException
from pathlib import Path
from typing import Any

from django.utils import timezone

from yifa.law.errors import YifaError
from yifa.law.loader import catalogue
from yifa.ledger.figures.counting import Counted
from yifa.ledger.models import Organization
from yifa.reporting.opendata import exact
from yifa.reporting.wording import printed

FIGURE, OPEN_DATA = "yifa-figure", "yifa-open-data"
EMBEDDED = re.compile(r'<script id="data" type="application/json">(.*?)</script>', re.DOTALL)
STATES = ("counted", "no_power", "not_collected")


class ClaimError(YifaError):
    """The file is none in which figures stand, or what stands there is damaged."""

    code = "claim"


@dataclass(frozen=True, slots=True)
class ClaimedRecord:
    """One record behind a figure, as the file names it; open data name no titles."""

    digest: str
    value: Decimal
    part: str | None
    id: str = ""
    on: str = ""
    title: str = ""
    number: str = ""
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Claim:
    """A figure as a file states it. `records` None: the file does not list them."""

    rule: str
    version: int
    title: str
    unit: str
    status: str
    value: Decimal | None
    organization: str
    organization_code: str
    start: date
    end: date
    computed_at: datetime | None
    digest: str
    numerator: str = ""
    denominator: str = ""
    parts: Mapping[str, Decimal] = field(default_factory=dict)
    about: tuple[str, str] | None = (
        None  # the outline of a report on one person, and whom: only what is theirs counts
    )
    records: tuple[ClaimedRecord, ...] | None = None


def read_claims(path: Path) -> tuple[Claim, ...]:
    """The figures of a file.

    Raises:
        ClaimError: it cannot be read, is of another kind, or a figure lacks something.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ClaimError(
            f"{path} 读不出来：不存在、没有读权限，或者不是 UTF-8。请给出 JSON 或 HTML 文件。"
        ) from error
    embedded = EMBEDDED.search(text)
    try:
        data = json.loads(embedded[1] if embedded else text)
    except ValueError as error:
        raise ClaimError(_unknown(path)) from error
    try:
        claims = tuple(_of_page(data) if embedded else _of_data(data, path))
    except (KeyError, TypeError, ValueError, DecimalException, IndexError) as error:
        raise ClaimError(
            f"{path} 里的数字不完整（{error}）：文件可能被改动。请由报告重新导出开放数据或者网页。"
        ) from error
    if not claims:
        raise ClaimError(f"{path} 里没有数字，没有可以核对的。")
    return claims


def _unknown(path: Path) -> str:
    return (
        f"{path} 不是依法的数字文件。可以核对的有：报告的开放数据（JSON）、报告的网页（HTML）、"
        "yifa figure show 口径 --json 写出的文件。"
    )


def _of_data(data: Any, path: Path) -> Iterator[Claim]:
    if not isinstance(data, dict) or data.get("format") not in {FIGURE, OPEN_DATA}:
        raise ClaimError(_unknown(path))
    if data.get("format_version") != 1:
        raise ClaimError(
            f"{path} 是第 {data.get('format_version')} 版格式，本程序只认第 1 版，请升级后再核对。"
        )
    about = _about(data.get("report") or {})
    for said in data["figures"]:
        listed = said.get("records")
        yield Claim(
            **_common(said),
            organization_code=str(said.get("organization_code") or ""),
            computed_at=_moment(said.get("computed_at")),
            parts={str(one["label"]): Decimal(one["value"]) for one in said.get("parts") or ()},
            rule=str(said["rule"]),
            about=about,
            records=None if listed is None else tuple(_record(one) for one in listed),
        )


def _about(said: Mapping[str, Any]) -> tuple[str, str] | None:
    return (str(said["outline"]), str(said["subject"])) if said.get("subject") else None


def _common(said: Mapping[str, Any]) -> dict[str, Any]:
    if said["status"] not in STATES:
        raise ValueError(f"status {said['status']}")
    return {
        "version": int(said["version"]),
        "title": str(said["title"]),
        "unit": str(said["unit"]),
        "status": said["status"],
        "value": None if said["value"] is None else Decimal(str(said["value"])),
        "organization": str(said["organization"]),
        "start": date.fromisoformat(said["start"]),
        "end": date.fromisoformat(said["end"]),
        "digest": str(said["digest"]),
        "numerator": str(said.get("numerator") or ""),
        "denominator": str(said.get("denominator") or ""),
    }


def _record(said: Mapping[str, Any]) -> ClaimedRecord:
    texts = {name: str(said.get(name) or "") for name in ("id", "on", "title", "number", "unit")}
    return ClaimedRecord(
        digest=str(said["digest"]), value=Decimal(str(said["value"])), part=said.get("part") or None, **texts
    )


def _moment(said: Any) -> datetime | None:
    if not said:
        return None
    found = datetime.fromisoformat(str(said))
    return found if timezone.is_aware(found) else timezone.make_aware(found)


def _of_page(data: Mapping[str, Any]) -> Iterator[Claim]:
    """The figures of a report's page: records stand once, figures point at them."""
    for rule, said in data["figures"].items():
        complete = not said.get("omitted") and not said.get("numerator")
        listed = tuple(_pointed(data["records"][place], value, part) for place, value, part in said["rows"])
        yield Claim(
            **_common(said),
            rule=str(rule),
            organization_code=str(said.get("organizationCode") or ""),
            computed_at=_moment(said.get("computedAt")) or _minute(said.get("computed")),
            parts={str(label): Decimal(str(value)) for label, _, value in said["parts"]},
            about=_about(said),
            records=listed if complete else None,
        )


def _pointed(line: list[str], value: str, part: str | None) -> ClaimedRecord:
    on, title, number, unit, _, digest = line
    return ClaimedRecord(
        digest=digest, value=Decimal(value), part=part or None, on=on, title=title, number=number, unit=unit
    )


def _minute(said: Any) -> datetime | None:
    """A page of before 2026-11 gives the minute: all that was recorded in it counts."""
    if not said:
        return None
    minute = timezone.make_aware(datetime.strptime(str(said), "%Y-%m-%d %H:%M"))
    return minute + timedelta(minutes=1)


def figure_data(counted: Counted, organization: Organization, computed_at: datetime) -> dict[str, Any]:
    """A figure with its records, and of a rate its parts, as `read_claims` reads it back."""
    figures = [one for one in (counted, counted.numerator, counted.denominator) if one is not None]
    return {
        "format": FIGURE,
        "format_version": 1,
        "figures": [_figure(one, organization, computed_at, counted) for one in figures],
    }


def _figure(
    counted: Counted, organization: Organization, computed_at: datetime, whole: Counted
) -> dict[str, Any]:
    rule = catalogue().counting_rules[counted.rule]
    rule = rule.at(counted.version) or rule
    return {
        "rule": counted.rule,
        "version": counted.version,
        "title": rule.title,
        "explain": rule.explain,
        "basis": rule.basis.model_dump() if rule.basis else None,
        "unit": counted.unit,
        "status": counted.status,
        "value": None if counted.value is None else exact(counted.value),
        "shown": printed(counted.status, counted.value, counted.unit),
        "organization": organization.name,
        "organization_code": organization.code,
        "start": whole.start.isoformat(),
        "end": whole.end.isoformat(),
        "parts": [{"label": label, "value": exact(value)} for label, value in counted.parts.items()],
        "missing": list(counted.missing),
        "numerator": counted.numerator.rule if counted.numerator else None,
        "denominator": counted.denominator.rule if counted.denominator else None,
        "records_count": len(counted.records),
        "digest": counted.digest,
        "computed_at": computed_at.isoformat(),
        "records": [
            {
                "kind": one.kind, "id": str(one.id), "position": one.position, "on": one.on.isoformat(),
                "title": one.title, "number": one.number, "unit": one.unit, "act": one.act, "value": exact(one.value),
                "part": one.part, "digest": one.digest,
            }
            for one in counted.records
        ],
    }  # fmt: skip
