"""One record's uses must be exactly the figures in which it is found when they are counted."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.ledger.conftest import Town
from tests.ledger.registers import sample
from tests.ledger.test_counting import filled, rules
from yifa.ledger.actions import CorrectAct, DeclareNotCollected, PublishEntry, WithdrawEntry
from yifa.ledger.figures import counting, usage
from yifa.ledger.figures.counting import Counting
from yifa.ledger.figures.usage import Use, uses_of_case, uses_of_entry
from yifa.ledger.models import Case, Entry

__all__ = ["filled", "rules"]
pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 1)


@pytest.fixture(autouse=True)
def same_rules(rules: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(usage, "catalogue", counting.catalogue)


def counted_in(place: Town, record: Case | Entry) -> set[tuple[str, int]]:
    """The same by counting everything."""
    found = set()
    for year in (2023, 2024, 2025, 2026):
        passed = Counting(place.body, date(year, 1, 1), date(year, 12, 31), TODAY)
        for name, rule in counting.catalogue().counting_rules.items():
            if rule.rate is None and any(one.id == record.pk for one in passed.count(name).records):
                found.add((name, year))
    return found


def told(uses: tuple[Use, ...]) -> set[tuple[str, int]]:
    return {(use.rule.counting_rule, use.year) for use in uses}


def test_uses_of_a_case_are_the_figures_that_count_it(filled: Town) -> None:
    cases = list(Case.objects.all())
    assert len(cases) >= 5
    for case in cases:
        uses = uses_of_case(case, TODAY)
        assert told(uses) == counted_in(filled, case), case
        assert [use.year for use in uses] == sorted((use.year for use in uses), reverse=True)
    late = next(case for case in cases if ("late", 2024) in told(uses_of_case(case, TODAY)))
    assert {"answered", "received", "late"} <= {use.rule.counting_rule for use in uses_of_case(late, TODAY)}


def test_a_figure_says_which_rates_are_made_of_it(filled: Town) -> None:
    case = next(case for case in Case.objects.all() if ("disclosed", 2024) in told(uses_of_case(case, TODAY)))
    uses = {use.rule.counting_rule: use.rules for use in uses_of_case(case, TODAY) if use.year == 2024}
    assert uses["disclosed"] == ("disclosed", "share")
    assert uses["received"] == ("received",)


def test_a_withdrawn_act_counts_no_more(filled: Town) -> None:
    case = next(case for case in Case.objects.all() if ("answered", 2024) in told(uses_of_case(case, TODAY)))
    answered = case.acts.get(act="answer")
    CorrectAct(
        actor=None, case=case, position=answered.position, changes={}, reason="误录", withdraws=True
    ).execute()
    case.refresh_from_db()
    assert not {"answered", "disclosed"} & {rule for rule, _ in told(uses_of_case(case, TODAY))}
    assert told(uses_of_case(case, TODAY)) == counted_in(filled, case)


def test_uses_of_an_entry_follow_its_life(place: Town) -> None:
    kept = PublishEntry(
        actor=None,
        organization=place.office,
        register="powers",
        data=sample("powers", {"code": "X-1"}),
        on=date(2023, 5, 1),
    ).execute()
    gone = PublishEntry(
        actor=None,
        organization=place.office,
        register="powers",
        data=sample("powers", {"code": "X-2"}),
        on=date(2023, 5, 1),
    ).execute()
    gone = WithdrawEntry(actor=None, entry=gone, on=date(2024, 12, 31), reason="法律已废止").execute()
    for entry in (kept, gone):
        assert told(uses_of_entry(entry, TODAY)) == counted_in(place, entry), entry
    assert ("power", 2026) in told(uses_of_entry(kept, TODAY))
    assert ("power", 2026) not in told(uses_of_entry(gone, TODAY))


def test_what_a_unit_declared_not_collected_is_no_use(filled: Town) -> None:
    case = Case.objects.filter(organization=filled.office).order_by("opened_on")[0]
    assert any(rule == "answered" for rule, _ in told(uses_of_case(case, TODAY)))
    DeclareNotCollected(
        actor=None,
        organization=filled.office,
        counting_rule="answered",
        valid_from=date(2024, 1, 1),
        reason="系统停用",
    ).execute()
    assert not any(rule == "answered" for rule, _ in told(uses_of_case(case, TODAY)))


def test_queries_do_not_grow_with_rules_and_years(filled: Town) -> None:
    case = Case.objects.select_related("organization").order_by("opened_on")[0]
    with CaptureQueriesContext(
        connection,
    ) as asked:
        uses_of_case(case, date(2035, 1, 1))
    assert len(asked) == 2  # its chain, the declarations
