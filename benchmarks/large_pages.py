"""First pages, lists, cases and the recording of acts in a large ledger, timed: what `million.py` runs first."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Iterable
from datetime import date
from itertools import chain, combinations, product

from benchmarks.timed import Fresh, Timed

TODAY = date(2026, 11, 22)


def client(username: str) -> Callable[[str], None]:
    from django.test import Client

    from yifa.ledger.models import User

    browser = Client()
    browser.force_login(User.objects.get(username=username))

    def get(url: str) -> None:
        answer = browser.get(url)
        assert answer.status_code == 200, (url, answer.status_code)

    get("/cases/")
    return get


CONDITIONS = {
    "state": ("open", "overdue", "today", "week", "soon", "running", "closed", "broken", "kept", "faulty", "handed"),
    "type": ("service_case", "administrative_penalty", "petition", "hotline_ticket", "normative_document"),
    "unit": ("u01", "scjg"),
    "q": ("12345", "示例 99999", "农机", "市场监督", "公司"),
    "sort": ("title", "-due", "unit", "status", "-findings", "opened"),
    "from": ("2025-03-01&to=2025-03-31",),
    "page": ("2", "200"),
}  # fmt: skip


def asked() -> list[str]:
    """Every condition of the list of cases by itself, and each with each of another kind."""
    single = [[f"{name}={value}" for value in values] for name, values in CONDITIONS.items()]
    pairs = (
        f"{one}&{other}" for first, second in combinations(single, 2) for one, other in product(first, second)
    )
    return ["", *chain.from_iterable(single), *pairs]


def homes(runs: int, fresh: Fresh) -> Iterable[Timed]:
    """The first page of a coordinator, a leader, an officer of one unit: as it opens, nothing remembered."""
    from django.core.cache import cache

    for username in ("fazhi", "lingdao", "shichang", "qingheng"):
        get, home = client(username), Timed(f"first page, {username}", 100)
        fresh()
        for _ in range(max(5, runs // 2)):
            cache.clear()
            with home.run():
                get("/")
        yield home


def lists(runs: int, fresh: Fresh) -> Iterable[Timed]:
    for username in ("fazhi", "chengban", "shichang", "qingheng"):
        get, all_ = client(username), Timed(f"list of cases, {username}", 100)
        for query in asked():
            one = Timed(f"  {query or 'as it opens'}", 100)
            fresh()
            for _ in range(max(2, runs // 10)):
                with one.run(), all_.run():
                    get(f"/cases/?{query}")
            if one.at(0.5) > 70:
                yield one
        yield all_
    from yifa.ledger.models import Entry

    get, registers = client("fazhi"), Timed("lists of registers", 100)
    fresh()
    for register in list(Entry.objects.order_by().values_list("register", flat=True).distinct())[:runs]:
        with registers.run():
            get(f"/registers/{register}/")
    yield registers


def case_pages(chance: random.Random, runs: int, fresh: Fresh) -> Iterable[Timed]:
    from yifa.ledger.models import Case

    get = client("fazhi")
    ids = list(Case.objects.order_by().values_list("pk", flat=True)[:200_000])
    longest = list(Case.objects.filter(length__gt=8).order_by().values_list("pk", "length")[:50_000])
    longest.sort(key=lambda one: -one[1])
    most = [case_id for case_id, _ in longest[: runs * 4]]
    for name, some in (("case page", ids), ("case page, the longest cases", most)):
        pages = Timed(name, 100)
        fresh()
        for case_id in chance.sample(some, min(len(some), runs * 2)):
            with pages.run():
                get(f"/cases/{case_id}/")
        yield pages


def acts(chance: random.Random, runs: int, fresh: Fresh) -> Iterable[Timed]:
    from yifa.ledger.actions import ActionRefused, RecordAct
    from yifa.ledger.deciding.cases import state_of
    from yifa.ledger.legal import case_type_of
    from yifa.ledger.models import Case, User

    actor, timed = User.objects.get(username="chengban"), Timed("recording an act, committed", 60)
    actor.is_superuser = True
    opened = list(Case.objects.filter(closed_on=None).order_by().values_list("pk", flat=True)[:50_000])
    stop = written_back()
    fresh()
    for case_id in chance.sample(opened, len(opened)):
        case = Case.objects.select_related("organization").get(pk=case_id)
        kind = case_type_of(case.case_type)
        for name in state_of(case, TODAY).next:
            act = kind.acts[name]
            if any(spec.required for spec in act.fields.values()):
                continue
            papers = [{"title": title, "attachment": None} for title in act.evidence]
            outcome = act.outcomes[0] if act.outcomes else None
            record = RecordAct(
                actor=actor, case=case, act=name, on=TODAY, outcome=outcome, evidence=papers, entered="back"
            )
            try:
                with timed.run():
                    record.execute()
            except ActionRefused:
                continue
            break
        if len(timed.wall) >= runs * 2:
            break
    stop.set()
    yield timed


def written_back() -> threading.Event:
    """SQLite's log written back every few seconds until told to stop, as the server does."""
    from yifa.ledger.tables.sqlitecare import write_back
    from yifa.workbench.serving.server import WRITE_BACK, every

    stop = threading.Event()
    threading.Thread(target=every, args=(WRITE_BACK, write_back, stop), daemon=True).start()
    return stop
