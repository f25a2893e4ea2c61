"""The invented county's units, posts and accounts, made through the ledger's actions."""

from __future__ import annotations

from datetime import date, timedelta

from django.contrib.auth.hashers import make_password

from yifa.demo.shapes import County, Unit, county
from yifa.ledger.actions import (
    CreateOrganization,
    CreatePost,
    CreateUser,
    GrantRole,
    HoldPost,
    RenameOrganization,
)
from yifa.ledger.actions.organizations import FIRST_DAY
from yifa.ledger.models import Organization, User


def create_units() -> dict[str, Organization]:
    """The body and its units by code, with the names they had before."""
    given = county()
    body = _create(given.body, given.body.level, given.body.name, None)
    units = {body.code: body}
    for level, group in (("department", given.units), ("town", given.towns)):
        for unit in group:
            units[unit.code] = _create(unit, level, _first_name(given, unit.code, unit.name), body)
    return units


def _create(unit: Unit, level: str, name: str, parent: Organization | None) -> Organization:
    return CreateOrganization(
        actor=None,
        code=unit.code,
        name=name,
        short_name=unit.short_name,
        level=level,
        parent=parent,
        document_code=unit.document_code,
    ).execute()


def _first_name(given: County, code: str, name: str) -> str:
    return next((renamed.before for renamed in given.renamed if renamed.unit == code), name)


def rename_units(units: dict[str, Organization], year: int) -> None:
    """Gives renamed units their present name, from a day of `year` on."""
    present = {unit.code: unit for unit in county().units}
    for renamed in county().renamed:
        unit = present[renamed.unit]
        units[unit.code] = RenameOrganization(
            actor=None,
            organization=units[unit.code],
            name=unit.name,
            short_name=unit.short_name,
            on=date.fromisoformat(f"{year}-{renamed.until}") + timedelta(days=1),
        ).execute()


def create_posts(units: dict[str, Organization], year: int) -> None:
    """Posts, who holds them, and who held them until a day of `year`."""
    for given in county().posts:
        post = CreatePost(
            actor=None, organization=units[given.unit], title=given.title, principal=given.principal
        ).execute()
        since = FIRST_DAY
        for holder in given.held:
            HoldPost(actor=None, post=post, person=holder.person, valid_from=since).execute()
            if holder.until is not None:
                since = date.fromisoformat(f"{year}-{holder.until}") + timedelta(days=1)


def create_accounts(units: dict[str, Organization]) -> dict[str, User]:
    """The accounts by user name, all with one password: hashed once, since that is slow on purpose."""
    users, hashed = {}, make_password(county().password)
    for given in county().accounts:
        user = CreateUser(
            actor=None,
            username=given.username,
            display_name=given.name,
            organization=units[given.unit],
        ).execute()
        user.password = hashed
        user.save(update_fields=["password"])
        for role in given.roles:
            GrantRole(actor=None, user=user, organization=units[given.unit], role=role).execute()
        users[given.username] = user
    return users
