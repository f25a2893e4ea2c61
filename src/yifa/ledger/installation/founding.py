"""An empty installation becomes a body: the body, its units, its accounts, all at once or not at all.

Lines come as somebody typed or pasted them. `unit_lines` and `person_lines` read them, say what is wrong in which cell,
and fill in what need not be typed (a code, a level, a user name).
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from django.db import transaction

from yifa.law.loader import catalogue
from yifa.ledger.actions import CreateOrganization, CreateUser, GrantRole
from yifa.ledger.actions.organizations import CODE
from yifa.ledger.actions.users import USERNAME
from yifa.ledger.models import ADMINISTRATION, Organization, Role
from yifa.ledger.refusal import ActionRefused

BODY_CODE = "body"
BETWEEN = re.compile(r"[、,，;；/\s]+")
TOWN = re.compile(r"(镇|乡|街道)(人民政府|办事处)?$")
ZONE = re.compile(r"管(理)?委(员)?会$")
CLEAR, CLEAR_DIGITS = "abcdefghjkmnpqrstuvwxyz", "23456789"
LONGEST = {"name": 120, "short_name": 60, "document_code": 20, "display_name": 60}

# who administers, as proposed: nobody holds two of the three
ADMINISTRATORS = (
    ("xitong", "系统管理员", Role.SYSTEM),
    ("anquan", "安全管理员", Role.SECURITY),
    ("rizhi", "审计管理员", Role.AUDIT),
)


@dataclass(frozen=True, slots=True)
class CellFault:
    """What is wrong with a cell: row from 0, name of the column."""

    row: int
    column: str
    message: str


@dataclass(frozen=True, slots=True)
class BodyLine:
    """The body itself. `region`: code of the administrative division, six digits, or empty."""

    name: str
    level: str
    short_name: str = ""
    jurisdiction: str = ""
    region: str = ""
    document_code: str = ""


@dataclass(frozen=True, slots=True)
class UnitLine:
    """A unit; `parent` is a code."""

    name: str
    code: str
    level: str
    parent: str = BODY_CODE
    short_name: str = ""
    document_code: str = ""


@dataclass(frozen=True, slots=True)
class PersonLine:
    """An account; `unit` is a code."""

    display_name: str
    username: str
    unit: str
    roles: tuple[str, ...]

    @property
    def duties(self) -> str:
        """The roles as people call them."""
        return "、".join(str(Role(role).label) for role in self.roles)


@dataclass(frozen=True, slots=True)
class Account(PersonLine):
    """An account that was opened, with the password that is told once; `unit` is its name."""

    password: str


def first_password() -> str:
    """A password nobody would guess, without letters that look alike; told once, changed at the first sign-in."""
    groups = ["".join(secrets.choice(CLEAR) for _ in range(4)) for _ in range(3)]
    return f"{'-'.join(groups)}{secrets.choice(CLEAR_DIGITS)}"


def level_of(written: str, name: str) -> str | None:
    """The level somebody wrote (its id or any part of its title), or the likely one for a name; None: no such level."""
    levels = catalogue().levels
    if not written:
        likely = "town" if TOWN.search(name) else "zone" if ZONE.search(name) else "department"
        return likely if likely in levels else next(iter(levels))
    for key, profile in levels.items():
        if written == key or written in profile.title:
            return key
    return None


def unit_lines(rows: Sequence[Mapping[str, str]], body: str) -> tuple[list[UnitLine], list[CellFault]]:
    """The units as given under a body of that name, in an order in which each comes after the one above it."""
    faults: list[CellFault] = []
    codes = _codes(rows, faults)
    names: dict[str, str] = {body: BODY_CODE, "": BODY_CODE, "本级": BODY_CODE}
    for place, row in enumerate(rows):
        for key in ("name", "short_name"):
            said = row.get(key, "")
            if said and names.setdefault(said, codes[place]) != codes[place]:
                twice = f"“{said}”前面已经有了：名称和简称不能与另一单位相同，请改一个。"
                own = "本级已在上一步填过，不用再列：请在这一行末尾勾“删去”，再点“核对、删去所选”。"
                faults.append(CellFault(place, key, own if names[said] == BODY_CODE else twice))
        names.setdefault(codes[place], codes[place])
    lines = [_unit(place, row, codes[place], names, faults) for place, row in enumerate(rows)]
    ordered = _from_above(lines)
    missing = [place for place, line in enumerate(lines) if line not in ordered]
    faults += [CellFault(place, "parent", "上级单位绕成了一圈，请改正其中一个。") for place in missing]
    return ordered, faults


def _codes(rows: Sequence[Mapping[str, str]], faults: list[CellFault]) -> list[str]:
    taken, codes = {BODY_CODE}, []
    given = {row.get("code", "").lower() for row in rows}
    number = 0
    for place, row in enumerate(rows):
        code = row.get("code", "")
        if not code:
            number += 1
            while f"d{number:02}" in given:
                number += 1
            code = f"d{number:02}"
        elif not CODE.fullmatch(code):
            faults.append(CellFault(place, "code", "代码只能用字母、数字、横线，最多 40 个；也可不填。"))
        elif code.lower() in taken:
            faults.append(CellFault(place, "code", f"代码“{code}”用了两次，请换一个；也可不填。"))
        taken.add(code.lower())
        codes.append(code)
    return codes


def _unit(
    place: int, row: Mapping[str, str], code: str, names: Mapping[str, str], faults: list[CellFault]
) -> UnitLine:
    name = row.get("name", "")
    if not name:
        faults.append(CellFault(place, "name", "请填写单位名称。"))
    faults += _too_long(place, row, ("name", "short_name", "document_code"))
    level = level_of(row.get("level", ""), name)
    if level is None:
        known = "、".join(profile.title for profile in catalogue().levels.values())
        faults.append(CellFault(place, "level", f"没有这个层级。可填：{known}；也可不填。"))
    parent = names.get(row.get("parent", ""))
    if parent is None:
        faults.append(
            CellFault(place, "parent", "表里没有这个上级单位。请填表中某个单位的名称；直属本级的不填。")
        )
    return UnitLine(
        name=name, code=code, level=level or "department", parent=parent or BODY_CODE,
        short_name=row.get("short_name", ""), document_code=row.get("document_code", ""),
    )  # fmt: skip


def _from_above(lines: Sequence[UnitLine]) -> list[UnitLine]:
    known, ordered, left = {BODY_CODE}, [], list(lines)
    while left:
        ready = [line for line in left if line.parent in known]
        if not ready:
            break
        ordered += ready
        known.update(line.code for line in ready)
        left = [line for line in left if line not in ready]
    return ordered


def person_lines(
    rows: Sequence[Mapping[str, str]], body: str, units: Sequence[UnitLine], taken: Collection[str] = ()
) -> tuple[list[PersonLine], list[CellFault]]:
    """The accounts as given; `taken` are user names that are gone already."""
    faults: list[CellFault] = []
    places = {body: BODY_CODE, "": BODY_CODE, "本级": BODY_CODE}
    for unit in units:
        places.update({unit.name: unit.code, unit.code: unit.code})
        if unit.short_name:
            places[unit.short_name] = unit.code
    used = {name.lower() for name in taken}
    lines = []
    for place, row in enumerate(rows):
        line = _person(place, row, places, used, faults)
        used.add(line.username.lower())
        lines.append(line)
    return lines, faults


def _person(
    place: int, row: Mapping[str, str], places: Mapping[str, str], used: set[str], faults: list[CellFault]
) -> PersonLine:
    if not row.get("display_name"):
        faults.append(CellFault(place, "display_name", "请填写姓名。"))
    faults += _too_long(place, row, ("display_name",))
    unit = places.get(row.get("unit", ""))
    if unit is None:
        faults.append(CellFault(place, "unit", "没有这个单位。请填前一步里的单位名称；在本级的不填。"))
    username = row.get("username", "") or _free_name(unit or BODY_CODE, used)
    if not USERNAME.fullmatch(username):
        faults.append(CellFault(place, "username", "登录名只能用字母、数字，例如 zhangsan；也可不填。"))
    elif username.lower() in used:
        faults.append(CellFault(place, "username", f"登录名“{username}”已有人用，请换一个；也可不填。"))
    return PersonLine(
        row.get("display_name", ""), username, unit or BODY_CODE, _roles(place, row.get("roles", ""), faults)
    )


def _free_name(unit: str, used: set[str]) -> str:
    stem = "u" if unit == BODY_CODE else f"{unit.lower()}-"
    return next(name for number in range(1, len(used) + 2) if (name := f"{stem}{number}") not in used)


def _roles(place: int, written: str, faults: list[CellFault]) -> tuple[str, ...]:
    by_label = {str(role.label): role.value for role in Role} | {role.value: role.value for role in Role}
    found = []
    for word in BETWEEN.split(written):
        role = by_label.get(word)
        if role:
            found.append(role)
        elif word:
            labels = "、".join(str(one.label) for one in Role)
            faults.append(CellFault(place, "roles", f"没有“{word}”这个角色。可填：{labels}。"))
    if len(set(found) & set(ADMINISTRATION)) > 1:
        faults.append(
            CellFault(place, "roles", "系统管理员、安全管理员、审计管理员要由不同的人担任，请分给三个人。")
        )
    return tuple(dict.fromkeys(found)) or (Role.OFFICER.value,)


def _too_long(place: int, row: Mapping[str, str], columns: Sequence[str]) -> list[CellFault]:
    return [
        CellFault(place, column, f"太长：最多 {LONGEST[column]} 个字。")
        for column in columns
        if len(row.get(column, "")) > LONGEST[column]
    ]


def refuse_joined(people: Sequence[PersonLine]) -> None:
    """Refuses one person in two of the three administrations, and an administration without anybody.

    Two accounts of one name count as one person: who is not the same is told apart by the name, e.g. 「王某（办公室）」.
    """
    held = {
        role: {one.display_name for one in people if role.value in one.roles} for _, _, role in ADMINISTRATORS
    }
    for role, names in held.items():
        if not names:
            raise ActionRefused(f"还没有{role.label}，请补上。", code="apart", field=role.value)
    for (role, names), (other, others) in combinations(held.items(), 2):
        if both := names & others:
            raise ActionRefused(
                f"{'、'.join(sorted(both))}既是{role.label}又是{other.label}：系统管理、安全管理、审计管理要由三个人"
                "分别担任，请改由另一人担任其中一项。",
                code="apart",
                field=role.value,
            )


def found(body: BodyLine, units: Sequence[UnitLine], people: Sequence[PersonLine]) -> list[Account]:
    """Creates everything in one transaction. Refuses where there is a body already."""
    refuse_joined(people)
    with transaction.atomic():
        if existing := Organization.objects.filter(parent=None).first():
            raise ActionRefused(
                f"数据文件夹里已有“{existing.name}”，没有改动。要另建单位，请用 YIFA_DATA 指定另一个文件夹。",
                code="not_empty",
            )
        made = {
            BODY_CODE: CreateOrganization(
                actor=None, code=BODY_CODE, name=body.name, level=body.level, short_name=body.short_name,
                jurisdiction=body.jurisdiction, region=body.region, document_code=body.document_code,
            ).execute()
        }  # fmt: skip
        for unit in units:
            made[unit.code] = CreateOrganization(
                actor=None, code=unit.code, name=unit.name, level=unit.level, parent=made[unit.parent],
                short_name=unit.short_name, document_code=unit.document_code,
            ).execute()  # fmt: skip
        return [_opened(one, made[one.unit]) for one in people]


def _opened(line: PersonLine, unit: Organization) -> Account:
    password = first_password()
    user = CreateUser(
        actor=None, username=line.username, display_name=line.display_name, organization=unit,
        password=password, must_change=True,
    ).execute()  # fmt: skip
    for role in line.roles:
        GrantRole(actor=None, user=user, organization=unit, role=role).execute()
    return Account(
        display_name=user.display_name,
        username=user.username,
        unit=unit.name,
        roles=line.roles,
        password=password,
    )
