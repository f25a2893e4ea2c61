"""谁可以做什么: the declarations of all actions and pages as a table; nothing is typed here a second time."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps

from yifa.law.loader import catalogue
from yifa.ledger.actions import Action
from yifa.ledger.actions.cases import recorders
from yifa.ledger.models import Role
from yifa.ledger.people.needs import Needs
from yifa.workbench.rights.permits import PERMITS

ROOMS = {
    "ledger": "台账",
    "planning": "工作要点",
    "reporting": "年度报告",
    "exchange": "导入和对账",
    "documents": "文书",
    "approvals": "清单审核",
    "supervision": "监督检查",
    "assessment": "考核",
}
PAGES = "页面"


@dataclass(frozen=True, slots=True)
class Row:
    """One deed and who may do it."""

    needs: Needs
    names: list[str] = field(default_factory=list)  # of the actions or addresses it stands for

    @property
    def marks(self) -> list[bool]:
        """Role by role, in their order."""
        return [self.needs.admits(role) for role in Role.values]


@dataclass(frozen=True, slots=True)
class Group:
    """What belongs together."""

    title: str
    rows: list[Row]


def actions() -> Iterator[type[Action[Any]]]:
    """Every action there is, of all rooms; what an action uses inside itself (`_Name`) declares nothing of its own."""
    waiting: list[type[Action[Any]]] = list(Action.__subclasses__())
    seen: set[type] = set()
    while waiting:
        one = waiting.pop()
        waiting += one.__subclasses__()
        if (
            one not in seen
            and not one.__name__.startswith("_")
            and not inspect.isabstract(one)
            and one.__module__.startswith("yifa.")
        ):
            seen.add(one)
            yield one


def _groups() -> Iterator[tuple[str, str, Needs]]:
    for action in sorted(actions(), key=lambda one: (one.__module__, one.__qualname__)):
        room = action.__module__.split(".")[1]
        yield ROOMS.get(room) or str(apps.get_app_config(room).verbose_name), action.__name__, action.needs
    for name, permit in PERMITS.items():
        yield PAGES, name, permit.opens


def table() -> list[Group]:
    """All deeds by room, the pages last; what is declared alike stands once."""
    groups: dict[str, dict[Needs, Row]] = {title: {} for title in ROOMS.values()}
    for title, name, needs in _groups():
        row = groups.setdefault(title, {}).setdefault(needs, Row(needs))
        row.names.append(name)
    known = {needs for title, rows in groups.items() if title != PAGES for needs in rows}
    pages = groups.pop(PAGES, {})
    groups[PAGES] = {needs: row for needs, row in pages.items() if needs not in known}
    return [Group(title, list(rows.values())) for title, rows in groups.items() if rows]


def acts_of(case_type: str) -> list[tuple[str, list[bool]]]:
    """The acts of a case type, and which roles may record each, as the catalogue says."""
    kind = catalogue().case_types[case_type]
    return [
        (act.title, [role in recorders(kind, name) for role in Role.values])
        for name, act in kind.acts.items()
    ]


def case_types() -> Mapping[str, str]:
    """The case types by id."""
    return {name: kind.title for name, kind in catalogue().case_types.items()}
