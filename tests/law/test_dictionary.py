"""The dictionary of counting rules: every rule in words, found by a word, with its history."""

from __future__ import annotations

from datetime import date

from yifa.law.dictionary import domain_of, history, kind_of, search, used_in
from yifa.law.loader import catalogue
from yifa.law.phrases import cited
from yifa.law.rulewords import in_words, query_of
from yifa.law.schema import Domain

KNOWN = catalogue()
RULES = list(KNOWN.counting_rules.values())


def words(name: str) -> dict[str, str]:
    return dict(in_words(KNOWN.counting_rules[name], KNOWN))


def test_every_rule_says_what_when_and_in_which_unit() -> None:
    for rule in RULES:
        said = dict(in_words(rule, KNOWN))
        assert {"数什么", "归入期间", "计量单位", "不计入"} <= said.keys(), rule.counting_rule
        assert said["计量单位"] == rule.unit
        assert ("依据" in said) == (rule.basis is not None), rule.counting_rule
        assert ("分项" in said) == (rule.breakdown is not None), rule.counting_rule
        text = "\n".join([*said.values(), *(f"{key} {value}" for key, value in query_of(rule, KNOWN))])
        assert "None" not in text, rule.counting_rule
        assert "（）" not in text, rule.counting_rule


def test_words_follow_the_data() -> None:
    one = KNOWN.counting_rules["information_requests_answered"]
    assert "一件事项只计一次" in words("information_requests_answered")["数什么"]
    every = one.model_copy(update={"per": "act"})
    assert "每办理一次计一次" in dict(in_words(every, KNOWN))["数什么"]
    assert "每次" in dict(in_words(every, KNOWN))["归入期间"]
    last_year = one.model_copy(update={"years_before": 1})
    assert "前移1年" in dict(in_words(last_year, KNOWN))["归入期间"]


def test_a_rate_names_its_parts_and_what_it_is_when_nothing_happened() -> None:
    said = words("litigation_appearance_rate")
    assert said["怎样得数"].startswith("“负责人出庭应诉案件”÷“开庭审理的应诉案件”×100")
    assert "无发生" in said["不计入"]
    assert "谁的" not in said


def test_the_query_names_what_ids_mean() -> None:
    query = dict(query_of(KNOWN.counting_rules["litigations_heard_with_head"], KNOWN))
    assert query["事项类型"] == "行政应诉案件（litigation）"
    assert "开庭，负责人未出庭（hear_without_head）" in query["环节"]
    assert "时限" not in query


def test_two_characters_find_the_rules_that_say_them() -> None:
    found = search(KNOWN, "出庭")
    assert found[0].title.count("出庭") == 1
    assert all(
        "出庭" in str((rule.title, rule.explain, rule.answers, words(rule.counting_rule))) for rule in found
    )
    titles = [("出庭" in rule.title) for rule in found]
    assert titles == sorted(titles, reverse=True)
    assert [rule.counting_rule for rule in search(KNOWN, "出庭应诉率")] == [
        "litigation_appearance_rate",
        "litigations_heard",  # its explanation says so
    ]
    assert search(KNOWN, "LITIGATION_APPEARANCE") == [KNOWN.counting_rules["litigation_appearance_rate"]]
    assert search(KNOWN, "出庭 绝无此词") == []
    assert search(KNOWN) == RULES


def test_filters_by_kind_and_domain() -> None:
    kind = search(KNOWN, kind="litigation")
    assert {kind_of(rule, KNOWN) for rule in kind} == {"litigation"}
    assert "litigation_appearance_rate" in {rule.counting_rule for rule in kind}
    domain = search(KNOWN, domain="disputes")
    assert {domain_of(rule, KNOWN) for rule in domain} == {Domain.DISPUTES}
    assert len(kind) < len(domain) < len(RULES)


def test_history_says_what_changed_and_from_when() -> None:
    now, before = history(KNOWN.counting_rules["normative_documents_published"], KNOWN)
    assert (now.rule.version, now.valid_from, now.valid_to) == (2, date(2026, 11, 22), None)
    assert (before.rule.version, before.valid_from, before.valid_to) == (1, None, date(2026, 11, 21))
    assert before.differs == {"只计"}
    assert dict(before.words)["只计"] == "（没有这一项）"
    assert before.changed
    assert before.why
    assert len(history(KNOWN.counting_rules["litigations_received"], KNOWN)) == 1


def test_parts_of_rates_know_the_rate() -> None:
    assert [rule.counting_rule for rule in used_in(KNOWN.counting_rules["litigations_heard"], KNOWN)] == [
        "litigation_appearance_rate"
    ]


def test_a_title_within_a_title_stands_in_single_marks() -> None:
    rule = catalogue().counting_rules["litigations_heard_with_head"]
    assert rule.basis is not None and "《" in rule.basis.law
    said = cited(rule.basis)
    assert said.count("《") == said.count("》") == 1
    assert "关于适用〈中华人民共和国行政诉讼法〉的解释》" in said
