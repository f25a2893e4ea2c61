"""Loading the demonstration county into an empty body."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from django.db import transaction

from yifa.demo import cases, county, entries, papers, shapes, work
from yifa.demo.cases import CaseMaker, Staff, how_many
from yifa.demo.entries import EntryMaker
from yifa.law.errors import YifaError
from yifa.ledger.actions import SealDays
from yifa.ledger.installation import options
from yifa.ledger.models import Organization, Record, User
from yifa.ledger.tables import statistics

SEED = 20200101
Progress = Callable[[int, int], None]


def load(today: date, progress: Progress | None = None, *, seed: int = SEED) -> Organization:
    """Loads the county: two years up to the day before `today`. All or nothing.

    Args:
        today: The day of loading; the same day gives the same county.
        progress: Called with (done, total).
        seed: Another seed gives another county.

    Raises:
        YifaError: there is a body already.
    """
    if Organization.objects.exists() or Record.objects.exists():
        raise YifaError(
            "数据文件夹里已有单位，示范县只能装入空的数据文件夹，没有改动。请用 YIFA_DATA 指定另一个文件夹。",
            code="not_empty",
        )
    with transaction.atomic():
        body = _Loading(today, progress, seed).run()
        statistics.refresh()
    for what in options.Open:
        options.choose(what, True, by="示范县", at=today)
    return body


class _Loading:
    """One loading, with its progress."""

    def __init__(self, today: date, progress: Progress | None, seed: int) -> None:
        self.today, self.progress = today, progress
        self.first, self.last = date(today.year - 1, 1, 2), today - timedelta(days=1)
        self.inventor = cases.seeded(today, seed)
        self.done, self.total = 0, 2 * how_many() + how_many() // 3

    def moved(self, count: int = 1) -> None:
        """So much more is done."""
        self.done = min(self.done + count, self.total)
        if self.progress is not None and (count > 1 or self.done % 50 == 0):
            self.progress(self.done, self.total)

    def run(self) -> Organization:
        """Everything in its order; days are sealed last."""
        units = county.create_units()
        county.rename_units(units, self.today.year - 1)
        county.create_posts(units, self.today.year - 1)
        users = county.create_accounts(units)
        body = units[shapes.county().body.code]
        made = []
        for case in CaseMaker(self.inventor, units, body, self.first, self.last).all():
            made.append(case)
            self.moved()
        made = [case for case in made if case.happenings]
        cases.give_numbers(made)
        cases.store(made, _staff(users), body.jurisdiction, self.moved)
        entries.store(
            list(EntryMaker(self.inventor, units, self.first, self.last).all(made)), users["gongkai"]
        )
        self.moved(how_many() // 6)
        work.create(body, self.today)
        papers.create(body, users)
        SealDays(today=self.today).execute()
        given = shapes.county()
        options.offer_accounts([(one.username, one.title) for one in given.accounts], given.password)
        self.moved(self.total)
        return body


def _staff(users: dict[str, User]) -> Staff:
    officers = {
        given.unit: users[given.username]
        for given in shapes.county().accounts
        if "officer" in given.roles and given.unit != shapes.county().body.code
    }
    return Staff(officers=officers, anyone=users["chengban"], reviewer=users["shenhe"])
