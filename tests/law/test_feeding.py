"""What each field feeds is read off the catalogue whole: nothing a rule, a paper or a gap list names is left out."""

from __future__ import annotations

from yifa.law.feeding import feeds_of_case, feeds_of_register, named, reports_by_rule
from yifa.law.loader import catalogue
from yifa.law.manualpages import domains_page
from yifa.law.phrases import DOMAINS


def test_every_summed_field_says_so() -> None:
    known = catalogue()
    summed = [rule for rule in known.counting_rules.values() if rule.sum_field and rule.case_type]
    assert len(summed) > 20
    fed = {
        kind: feeds_of_case(known.case_types[kind], known)
        for kind in {str(rule.case_type) for rule in summed}
    }
    for rule in summed:
        feeds = [one for (_, name), one in fed[str(rule.case_type)].items() if name == rule.sum_field]
        assert any(rule.title in one.rules for one in feeds), rule.counting_rule


def test_a_fee_is_counted_reported_and_printed() -> None:
    known = catalogue()
    fed = feeds_of_case(known.case_types["information_request"], known)[("answer", "fee")]
    assert fed.rules
    assert any("政府信息公开工作" in title for title in fed.reports)
    assert any("收费" in title for title in fed.papers)
    assert not fed.clocks


def test_both_sides_of_a_rate_stand_in_the_report() -> None:
    known = catalogue()
    reports = reports_by_rule(known)
    shown = next(one for one in known.counting_rules.values() if one.rate and reports.get(one.counting_rule))
    assert shown.rate is not None
    assert set(reports[shown.counting_rule]) <= set(reports[shown.rate.denominator])


def test_a_register_names_its_entries_and_reminds() -> None:
    known = catalogue()
    register = known.registers["powers"]
    fed = feeds_of_register(register, known)
    assert "条目编号" in fed[register.key].lists
    assert fed.keys() == register.fields.keys()


def test_only_fields_are_taken_for_fields() -> None:
    assert named(
        {"where": {"all": [{"fact": "kind", "is": "甲"}, {"act": "close", "field": "act.fee"}]}}
    ) == {"kind", "fee"}
    assert named({"match": {"holder": "person"}, "title": "field"}) == {"holder", "person"}


def test_the_manual_has_every_field_of_work() -> None:
    page = domains_page()
    assert all(f"## {title}\n" in page for title in DOMAINS.values())
    assert "最长 20 个工作日，《政府信息公开条例》第三十三条" in page
