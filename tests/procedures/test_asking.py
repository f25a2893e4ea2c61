"""Which facts a form asks for: little at the opening, each with the act that needs it, none twice."""

from __future__ import annotations

import pytest

from yifa.law.askingchecks import asking_problems
from yifa.law.crosschecks import Known
from yifa.law.loader import catalogue
from yifa.law.schema import CaseType
from yifa.procedures.asking import asked_with, folded_at_opening

PENALTY = catalogue().case_types["administrative_penalty"]
MOST = 14  # facts on one opening form
CASES = sorted(catalogue().case_types.values(), key=lambda kind: kind.case_type)
KNOWN = Known(
    case_types=catalogue().case_types,
    registers=catalogue().registers,
    counting_rules=catalogue().counting_rules,
    laws=catalogue().laws,
    gaps=catalogue().gaps,
)


@pytest.mark.parametrize("kind", CASES, ids=lambda kind: kind.case_type)
def test_no_case_opens_with_a_long_form_and_every_fact_is_asked_once(kind: CaseType) -> None:
    for act in kind.opens_with:
        folded = folded_at_opening(kind, act)
        assert len(kind.facts) - len(folded) <= MOST
        assert not any(kind.facts[name].required for name in folded)
    given = dict.fromkeys(kind.facts, "x")
    assert not any(asked_with(kind, given, act) for act in kind.acts)


def test_a_penalty_opens_with_what_filing_needs() -> None:
    folded = folded_at_opening(PENALTY, "file")
    assert [name for name in PENALTY.facts if name not in folded] == [
        "subject", "body", "party", "party_kind", "domain", "power", "violation_ended", "named_report"
    ]  # fmt: skip
    assert "proposed_fine" not in folded_at_opening(PENALTY, "decide_on_spot")  # its limit is judged there
    assert folded["proposed_fine"].later == ("当场作出处罚决定", "事先告知")


def test_a_fact_is_asked_with_its_act_until_it_is_said() -> None:
    assert list(asked_with(PENALTY, {}, "notify")) == ["proposed_fine", "hearing_right"]
    assert list(asked_with(PENALTY, {"hearing_right": False}, "notify")) == ["proposed_fine"]
    assert asked_with(PENALTY, {}, "deliver") == {}


def test_what_an_entry_gives_is_not_asked() -> None:
    service = catalogue().case_types["service_case"]
    assert folded_at_opening(service, "receive")["statutory_days"].source == "政务服务事项"


def late(name: str, *acts: str) -> list[str]:
    facts = PENALTY.facts | {name: PENALTY.facts[name].model_copy(update={"asked_with": list(acts)})}
    return [said for _, said in asking_problems(PENALTY.model_copy(update={"facts": facts}), KNOWN)]


def test_what_a_figure_or_a_deadline_needs_may_not_be_asked_after_it() -> None:
    assert late("hearing_right", "notify") == []
    assert any("等待当事人要求听证的时间" in said for said in late("hearing_right", "deliver"))
    assert any("口径" in said for said in late("domain", "close"))
    assert any("口径" in said for said in late("campaign"))  # never asked, but counted by
    assert late("remedies_expire") == []  # an exception to a deadline only
