"""Cases stored in bulk are the same as those recorded one by one: records, digests, rows."""

from __future__ import annotations

import itertools
import json
import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
import time_machine
from django.db import connection, models, transaction
from django.test.utils import CaptureQueriesContext

from tests.county import County, county
from yifa.ledger.actions import Delegate, OpenCase, RecordAct
from yifa.ledger.actions.cases import GivenAct
from yifa.ledger.bulk import cases
from yifa.ledger.bulk.cases import BulkCases, GivenCase
from yifa.ledger.bulk.entries import GivenEntry, publish_entries
from yifa.ledger.bulk.undo import withdraw_entries
from yifa.ledger.models import (
    Case,
    CaseAct,
    CaseClock,
    CaseFinding,
    CaseText,
    CountedSpan,
    Handover,
    NumberSeries,
    Organization,
    Record,
    Role,
    User,
)
from yifa.ledger.proof.verification import verify
from yifa.ledger.rows.rebuilding import rebuild
from yifa.ledger.search.searching import KEY_BITS, search, text_key
from yifa.ledger.tables import copying
from yifa.procedures import noting

NOW = datetime(2026, 11, 20, 2, tzinfo=UTC)
TABLES: tuple[type[models.Model], ...] = (
    Record, Case, CaseAct, CaseClock, CaseFinding, CaseText, CountedSpan, Handover, NumberSeries,
)  # fmt: skip
OWN_KEYS = {"id", "record_id", "last", "tally_id"}  # numbers the database gives

__all__ = ["county"]


@pytest.fixture(autouse=True)
def fixed(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def begin_ids(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same ids of cases in both ways."""
    ids = itertools.count(1)

    def next_id() -> UUID:
        return UUID(int=random.Random(next(ids)).getrandbits(128), version=4)

    monkeypatch.setattr("yifa.ledger.actions.cases.uuid.uuid4", next_id)
    monkeypatch.setattr(cases, "neighbours", lambda: iter(next_id, None))


def test_ids_of_a_batch_are_neighbours_and_keys_of_texts_their_own() -> None:
    ids = list(itertools.islice(cases.neighbours(), 3000))
    assert {one.version for one in ids} == {4}
    assert len({text_key(NOW.date(), one) for one in ids}) == 3000
    begun = [one.int >> 128 - KEY_BITS for one in ids]
    assert {(later - one) % (1 << KEY_BITS) for one, later in itertools.pairwise(begun)} == {1}
    own = (1 << 76) - 1  # below the version and the variant
    assert len({one.int & own for one in ids}) == 3000
    assert next(cases.neighbours()).int >> 100 != ids[0].int >> 100


def ticket(unit: Organization, number: int, channel: str = "12345热线", **more: Any) -> GivenCase:
    day = date(2026, 3, 2) + timedelta(days=number % 9)
    acts = [
        GivenAct(act="register", on=day, entered="back"),
        GivenAct(act="dispatch", on=day, entered="back", fields={"to": unit.name}),
        GivenAct(
            act="reply", on=day + timedelta(days=number % 5), outcome="已解决", entered="back", by="乙某"
        ),
    ]
    facts = {"subject": f"示例诉求{number}", "ticket_no": f"T{number}", "channel": channel}
    return GivenCase(
        organization=unit, case_type="hotline_ticket", facts=facts | more, acts=acts[: 1 + number % 4],
        source={"file": "f" * 64, "row": number},
    )  # fmt: skip


def request(unit: Organization, number: str = "", on: date = date(2026, 5, 6)) -> GivenCase:
    acts = [
        GivenAct(act="receive", on=on, entered="back"),
        GivenAct(act="answer", on=on + timedelta(days=40), outcome="予以公开", entered="back"),
    ]
    return GivenCase(
        organization=unit,
        case_type="information_request",
        facts={"content": "示例资料"},
        acts=acts,
        number=number,
    )


def petition(unit: Organization, number: str = "", on: date = date(2026, 5, 6)) -> GivenCase:
    """Gets its number of a series with the first act."""
    acts = [GivenAct(act="register", on=on, entered="back")]
    return GivenCase(
        organization=unit,
        case_type="petition",
        facts={"subject": "示例信访"},
        acts=acts,
        number=number,
    )


def one_by_one(actor: User, given: GivenCase) -> Case:
    first, *later = given.acts
    case = OpenCase(
        actor=actor, organization=given.organization, case_type=given.case_type, facts=given.facts, title=given.title,
        number=given.number, source=given.source, **vars(first),
    ).execute()  # fmt: skip
    for act in later:
        RecordAct(actor=actor, case=case, source=given.source, **vars(act)).execute()
    return case


def everything() -> dict[str, list[Any]]:
    """All rows, without the keys the database gives; the records by their digests."""
    found: dict[str, list[Any]] = {}
    for model in TABLES:
        fields = [field.attname for field in model._meta.concrete_fields]
        names = [name for name in fields if name not in OWN_KEYS or (model is Case and name == "id")]
        found[model.__name__] = sorted(map(repr, model._default_manager.values_list(*names)))
    digests = CaseAct.objects.values_list("case_id", "position", "record__digest")
    found["shaped"] = sorted(map(repr, digests))
    found["last"] = sorted(
        repr((case.head, Record.objects.get(pk=case.last).digest)) for case in Case.objects.all()
    )
    return found


@pytest.mark.parametrize("tried", [noting.TRIED, 4], ids=["remembering", "given up"])
def test_the_same_records_digests_and_rows_as_one_by_one(
    county: County, monkeypatch: pytest.MonkeyPatch, tried: int
) -> None:
    monkeypatch.setattr(noting, "TRIED", tried)
    actor = county.user(Role.OFFICER, county.body)
    units = (county.justice, county.market, county.towns[0])
    channels = ("12345热线", "12315热线", "领导信箱")
    given = [ticket(units[n % 3], n, channels[n % 2], kind="投诉" if n % 2 else "咨询") for n in range(24)]
    given += [request(units[n % 3]) for n in range(4)]
    given += [petition(units[n % 3]) for n in range(5)]
    given += [request(county.justice, "旧〔2026〕7号"), ticket(county.market, 24, caller="丙某")]
    odd = 'C:\\路\t"引{号}\\N,\n换行\r'
    given += [ticket(county.market, 25, caller=odd, subject=odd)] * 2
    ways: list[dict[str, list[Any]]] = []
    for bulk_way in (False, True):
        begin_ids(monkeypatch)
        with transaction.atomic():
            if bulk_way:
                results = [
                    done
                    for first in (0, 13)
                    for done in BulkCases(actor).store(
                        given[first : first + 13] if first == 0 else given[first:]
                    )
                ]
                assert [done.refused for done in results] == [None] * len(given)
            else:
                for case in given:
                    one_by_one(actor, case)
            ways.append(everything())
            if not bulk_way:
                transaction.set_rollback(True)
    assert ways[0] == ways[1]
    assert len(ways[0]["Case"]) == len(given)
    assert any("旧〔2026〕7号" in row for row in ways[0]["Case"])


def test_what_is_stored_stands_verifies_rebuilds_and_is_found(county: County) -> None:
    actor = county.user(Role.OFFICER, county.body)
    BulkCases(actor).store([ticket(county.justice, n) for n in range(30)])
    case = Case.objects.get(title="示例诉求7")
    assert Case.objects.filter(search("诉求7").condition).get() == case
    assert verify().faults == ()
    before = everything()
    rebuild()
    assert everything() == before
    RecordAct(actor=actor, case=case, act="close", on=date(2026, 3, 20), entered="back").execute()
    case.refresh_from_db()
    assert case.status == "已办结"


def test_a_refused_case_leaves_nothing_and_harms_no_other(county: County) -> None:
    actor = county.user(Role.OFFICER, county.justice)
    good, other = petition(county.justice), petition(county.justice, on=date(2026, 6, 1))
    late = GivenCase(
        organization=county.justice, case_type="information_request", facts={"content": "示例"},
        acts=[
            GivenAct(act="receive", on=date(2026, 6, 1), entered="back"),
            GivenAct(act="answer", on=date(2027, 1, 1), entered="back"),
        ],
    )  # fmt: skip
    twice = [petition(county.justice, "甲1号"), petition(county.justice, "甲1号")]
    done = BulkCases(actor).store([good, late, petition(county.market), other, *twice])
    said = [one.refused.message if one.refused else "" for one in done]
    assert "晚于今天" in said[1]
    assert "权限" in said[2]
    assert "已用于另一事项" in said[5]
    assert [bool(one) for one in said] == [False, True, True, False, False, True]
    assert Case.objects.count() == 3
    assert Record.objects.filter(subject="case").count() == 6
    assert verify().faults == ()
    numbers = sorted(Case.objects.exclude(number="甲1号").values_list("number", flat=True))
    fresh = one_by_one(actor, petition(county.justice))
    assert [*numbers, fresh.number] == [numbers[0].replace("1号", f"{serial}号") for serial in (1, 2, 3)]


def test_checking_stores_nothing(county: County) -> None:
    before = everything()
    (fine, wrong) = BulkCases(None).check([petition(county.justice), ticket(county.justice, 1, "别的")])
    assert fine.refused is None
    assert wrong.refused is not None
    assert "选项" in wrong.refused.message
    assert everything() == before


def test_queries_do_not_grow_with_the_cases(county: County) -> None:
    actor = county.user(Role.OFFICER, county.body)
    store = BulkCases(actor)
    counts = []
    store.store([ticket(county.justice, n) for n in range(9)])
    for many in (5, 60):
        with CaptureQueriesContext(
            connection,
        ) as asked:
            store.store([ticket(county.justice, 100 * many + n) for n in range(many)])
        counts.append(len([one for one in asked if "ledger_casepairs" not in one["sql"]]))
    assert counts[1] <= counts[0] + 2


def test_ids_are_given_once(db: None) -> None:
    with transaction.atomic():
        first = copying.reserve(Record, 5)
        assert first >= 1


def test_what_a_deputy_brings_in_says_for_whom(county: County) -> None:
    absent, deputy = county.user(Role.OFFICER, county.justice), county.user(Role.OFFICER, county.market)
    today = date(2026, 11, 20)
    Delegate(
        actor=absent, absent=absent, deputy=deputy, memberships=list(absent.memberships.all()), begins=today, ends=today,
        reason="出差",
    ).execute()  # fmt: skip
    one_by_one(deputy, ticket(county.justice, 2))
    done = BulkCases(deputy).store([ticket(county.justice, n) for n in (6, 10)] + [ticket(county.market, 2)])
    said = {
        subject: {json.dumps(json.loads(payload).get("behalf"), sort_keys=True) for payload in payloads}
        for subject, payloads in payloads_by_subject().items()
    }
    own = said.pop(done[2].id)
    assert own == {"null"}
    assert len(said) == 3
    assert len(set.union(*said.values())) == 1, "single and in bulk the same"
    assert absent.get_username() in said[done[0].id].pop()
    entry = {"code": "XX-1", "platform": "示例平台", "person": "甲", "department": "某局", "hours": 2}
    dates = {"starts": "2026-01-01", "ends": "2026-06-30"}
    given = GivenEntry(
        organization=county.justice, register="learning_records", data=entry | dates, on=today, reason="导入"
    )
    (published,) = publish_entries([given], deputy)
    assert published.id is not None
    (withdrawn,) = withdraw_entries({published.id: 1}, deputy, "错了").values()
    assert withdrawn.refused is None
    payloads = payloads_by_subject()[published.id]
    assert [json.loads(payload)["behalf"]["username"] for payload in payloads] == [absent.get_username()] * 2


def payloads_by_subject() -> dict[UUID | None, list[str]]:
    found: dict[UUID | None, list[str]] = {}
    for record in Record.objects.filter(subject__in=("case", "entry")).order_by("id"):
        found.setdefault(record.subject_id, []).append(record.payload)
    return found
