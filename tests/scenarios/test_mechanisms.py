"""What the catalogue's data shows of the mechanisms: by scenarios, and by figures over many cases."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yifa.law.loader import catalogue
from yifa.law.schema import Duration, Jurisdiction, LocalDuration, OutlineType, SectionType, Sentence, Unit
from yifa.procedures import counting, engine, totals
from yifa.procedures.model import Act, Context, Entered, FindingKind
from yifa.procedures.scenario import run

FOLDER = Path(__file__).parent
PENALTY = catalogue().case_types["administrative_penalty"]
DOMAINS = PENALTY.facts["domain"].choices or []


def shows(case_type: str, *names: str) -> None:
    """Each of these scenarios comes out as written."""
    for name in names:
        result = run(FOLDER / case_type / f"{name}.yaml", catalogue())
        assert not result.differs, f"{case_type}/{name}: {result.differs}"


def sentences(outline: OutlineType) -> list[Sentence]:
    def below(sections: list[SectionType]) -> list[Sentence]:
        return [s for section in sections for s in (*section.sentences, *below(section.sections))]

    return below(outline.sections)


@pytest.mark.mechanism("D7-01", "partly")
def test_a_number_comes_once_and_only_after_the_collective_decision() -> None:
    document = catalogue().case_types["normative_document"]
    assert document.number is not None
    assert document.number.act == "register"
    assert not document.acts["register"].repeat
    shows("normative_document", "normal", "out_of_order_live", "number_given_once")


@pytest.mark.mechanism("D7-02", "partly")
def test_a_failed_review_blocks_the_discussion_and_the_drafter_does_not_review() -> None:
    shows("normative_document", "review_failed", "drafter_reviews")


@pytest.mark.mechanism("D7-03", "partly")
def test_filing_is_overdue_where_the_province_gives_a_number() -> None:
    local = Jurisdiction(
        jurisdiction="somewhere",
        title="某省",
        durations=[
            LocalDuration(
                case_type="normative_document",
                clock="filing",
                duration=Duration(law="某省规范性文件管理办法", length=15, unit=Unit.DAYS),
            )
        ],
    )
    acts = [Act("initiate", date(2024, 5, 6)), Act("publish", date(2024, 6, 3), entered=Entered.BACK)]
    document = catalogue().case_types["normative_document"]

    def late_on(day: date, jurisdiction: Jurisdiction | None) -> bool:
        found = engine.findings(document, {}, acts, Context(day, jurisdiction=jurisdiction))
        return any(item.kind is FindingKind.LATE and item.clock == "filing" for item in found)

    assert not late_on(date(2024, 6, 18), local)  # the fifteenth day
    assert late_on(date(2024, 6, 19), local)
    assert not late_on(date(2025, 6, 19), None)  # no number, no finding


@pytest.mark.mechanism("D7-05", "partly")
@given(st.integers(min_value=0, max_value=1500))
def test_a_document_is_in_force_between_its_days_only(days: int) -> None:
    register = catalogue().registers["normative_documents"]
    rule = catalogue().counting_rules["normative_documents_in_force"]
    begins, ends, day = date(2021, 1, 1), date(2023, 12, 31), date(2020, 6, 1) + timedelta(days)
    data = {"number": "某政规〔2020〕3号", "class": "政府规范性文件"}
    found = counting.entry_matches(rule, register, data, begins, ends, date(2020, 1, 1), day)
    assert bool(found) == (begins <= day <= ends)


@pytest.mark.mechanism("D8-02", "partly")
def test_the_public_is_heard_long_enough() -> None:
    shows("major_decision", "late", "shortened", "boundary_day", "boundary_day_before")


@pytest.mark.mechanism("D8-03", "partly")
@pytest.mark.parametrize(
    ("fact", "act"), [("technical", "expert_review"), ("hearing_by_law", "hold_hearing")]
)
def test_a_flagged_kind_needs_its_step_before_the_discussion(fact: str, act: str) -> None:
    decision = catalogue().case_types["major_decision"]
    context = Context(date(2024, 6, 1))
    facts = {"confidential": True, fact: True}
    acts = [
        Act("propose", date(2024, 3, 1)),
        Act("study", date(2024, 3, 2)),
        Act("start", date(2024, 3, 3)),
        Act("draft", date(2024, 3, 4)),
        Act("hearing_materials", date(2024, 3, 5)),
        Act("submit_review", date(2024, 3, 6)),
        Act("legal_review", date(2024, 4, 8), outcome="合法"),
    ]
    assert "discuss" in engine.state(decision, facts, acts, context).blocked
    assert "discuss" in engine.state(decision, facts, [*acts, Act(act, date(2024, 4, 9))], context).next
    assert "discuss" in engine.state(decision, {"confidential": True}, acts, context).next


@pytest.mark.mechanism("D8-04", "partly")
@pytest.mark.mechanism("D8-05", "partly")
def test_no_discussion_without_a_passing_review_or_while_the_risk_is_open() -> None:
    shows("major_decision", "out_of_order_live", "out_of_order_back", "reviewed_by_drafter")


@pytest.mark.mechanism("D8-07", "partly")
def test_evaluation_after_the_decision_is_by_others() -> None:
    shows("major_decision", "evaluated_by_the_assessor")


@pytest.mark.mechanism("D9-01", "works")
def test_publication_has_a_day_and_three_figures() -> None:
    shows(
        "administrative_penalty",
        "published_and_withdrawn",
        "published_late",
        "publication_withheld",
        "market_publication",
    )


@pytest.mark.mechanism("D9-02", "partly")
def test_a_step_without_its_paper_is_a_finding() -> None:
    shows("administrative_penalty", "evidence_missing")


@pytest.mark.mechanism("D9-03", "partly")
def test_no_decision_without_the_legal_review() -> None:
    shows("administrative_penalty", "hearing_and_review", "law_change_day", "investigator_reviews")


def penalty(domain: str | None, on: date, fine: int) -> counting.CountedCase:
    """A case fined on a day: how it came there does not matter to the figures."""
    facts: dict[str, Any] = {"domain": domain} if domain else {}
    fields = {"fine": fine}
    acts = [Act("file", on - timedelta(30)), Act("decide", on, outcome="罚款、没收", fields=fields)]
    return counting.CountedCase(facts, acts)


CASES = st.lists(
    st.builds(
        penalty,
        st.sampled_from([*DOMAINS, None]),
        st.dates(date(2023, 1, 1), date(2024, 12, 31)),
        st.integers(0, 10**6),
    ),
    max_size=12,
)


@pytest.mark.mechanism("D9-05", "works")
@given(CASES, st.dates(date(2023, 1, 1), date(2024, 6, 30)), st.integers(1, 400))
def test_the_fields_of_enforcement_add_up_to_the_whole(
    cases: list[counting.CountedCase], start: date, days: int
) -> None:
    rule = catalogue().counting_rules["penalties_imposed"]
    end = start + timedelta(days)
    context = Context(date(2026, 1, 1))
    found = [m for case in cases for m in counting.matches(rule, PENALTY, case, start, end, context)]
    parts: dict[str | None, Decimal] = {}
    for match in found:
        parts[match.part] = parts.get(match.part, Decimal(0)) + match.value
    decided = [case for case in cases if start <= case.entries[1].on <= end]  # type: ignore[union-attr]  # acts only
    assert sum(parts.values()) == len(decided)
    assert set(parts) <= {*DOMAINS, counting.UNTOLD}


@pytest.mark.mechanism("D9-08", "partly")
@pytest.mark.parametrize(("status", "shown"), [("在岗", False), ("退休", True), ("调离", True)])
def test_one_who_has_left_is_shown_as_to_be_deregistered(status: str, shown: bool) -> None:
    register = catalogue().registers["enforcement_officers"]
    rule = catalogue().counting_rules["officers_to_deregister"]
    data = {"certificate": "A1", "status": status}
    found = counting.entry_matches(
        rule, register, data, date(2022, 1, 1), date(2027, 1, 1), date(2024, 1, 1), date(2024, 12, 31)
    )
    assert bool(found) is shown


@pytest.mark.mechanism("D11-03", "works")
def test_a_request_is_answered_in_twenty_working_days_and_a_nil_year_says_so() -> None:
    shows(
        "information_request",
        "normal",
        "late",
        "extended",
        "suspended",
        "restart_after_supplement",
        "boundary_day",
        "abandoned",
    )
    assert totals.total(catalogue().counting_rules["information_requests_received"], ()) == 0
    written = [
        s
        for s in sentences(catalogue().outlines["annual_report"])
        if "{information_requests_received}" in s.text
    ]
    assert written
    assert all(sentence.when_zero for sentence in written)


@pytest.mark.mechanism("D12-01", "works")
def test_reconsideration_has_its_clocks_hearing_mediation_and_outcomes() -> None:
    shows("reconsideration", "normal", "summary", "converted", "hearing", "mediated", "suspended", "extended")
    shows("reconsideration", "late_defence", "law_change_eve", "law_change_day", "opinion_not_answered")


@pytest.mark.mechanism("D13-01", "works")
def test_petitions_have_a_time_limit_for_each_step_and_three_states() -> None:
    shows("petition", "transferred", "notice_late", "normal", "settled", "late", "suspended")


@pytest.mark.mechanism("D14-01", "partly")
@pytest.mark.mechanism("D14-04", "partly")
@pytest.mark.mechanism("D14-05", "works")
def test_sessions_persons_and_hours_are_three_numbers() -> None:
    shows("study_session", "normal", "without_plan", "cancelled", "correction")
    shows("training", "normal", "cancelled", "correction")


@pytest.mark.parametrize("outline", sorted(catalogue().outlines))
def test_a_sentence_of_figures_says_when_nothing_happened(outline: str) -> None:
    """Where a figure of the year is 0 the report says so; stocks at the year's end are always written."""
    rules = catalogue().counting_rules
    for sentence in sentences(catalogue().outlines[outline]):
        named = [rule for name, rule in rules.items() if f"{{{name}}}" in sentence.text]
        if any(rule.counts.value not in {"in_force_at_end", "open_at_end"} for rule in named):
            assert sentence.when_zero, sentence.text


def test_parts_named_in_one_sentence_partition_their_whole() -> None:
    """All answers of a request, all ends of a reconsideration: each outcome belongs to exactly one part."""
    rules = catalogue().counting_rules
    answers = catalogue().case_types["information_request"].acts["answer"].outcomes
    parts = ("disclosed", "partly_disclosed", "refused", "not_available", "not_processed")
    named = [outcome for part in parts for outcome in rules[f"information_requests_{part}"].outcomes or ()]
    assert sorted(named) == sorted(answers)
    ends = [
        act
        for part in ("decided", "dismissed", "mediated", "terminated")
        for act in rules[f"reconsiderations_{part}"].acts
    ]
    assert sorted(ends) == sorted(rules["reconsiderations_concluded"].acts)
