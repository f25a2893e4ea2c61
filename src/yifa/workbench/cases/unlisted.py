"""Registers a case belongs on and is not on yet, with the form that takes from the case what it says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse

from yifa.law.loader import catalogue
from yifa.law.schema import RegisterType
from yifa.ledger.legal import no_power
from yifa.ledger.models import Entry
from yifa.workbench.cases.casefile import CaseFile


@dataclass(frozen=True, slots=True)
class Unlisted:
    """A register and the address of its form, begun with what the case says."""

    register: RegisterType
    url: str


def unlisted(file: CaseFile) -> Iterator[Unlisted]:
    """Those the case belongs on since an act of it."""
    case = file.case
    for register in catalogue().registers.values():
        for one in register.listed_from:
            if one.case_type != case.case_type or one.act not in file.state.done:
                continue
            said = {name: _said(file, origin) for name, origin in one.fields.items()}
            key = said[register.key]
            there = Entry.objects.filter(register=register.register_, key=key, organization=case.organization)
            level = case.organization.level
            if key and no_power(level, register=register.register_) is None and not there.exists():
                given = {f"f_{name}": value for name, value in said.items() if value}
                query = urlencode({"unit": case.organization.code, **given})
                yield Unlisted(register, f"{reverse('new_entry', args=[register.register_])}?{query}")


def _said(file: CaseFile, origin: str) -> str:
    case = file.case
    if origin in {"case.number", "case.unit"}:
        return case.number if origin == "case.number" else case.organization.name
    root, name, *_ = origin.split(".")
    if root == "fact":
        return str(case.facts.get(name) or "")
    days = [act.on.isoformat() for act in file.state.acts if act.act == name]
    return days[-1] if days else ""
