"""A counting rule whose meaning changes gets a new version: the kept digests of tools/meanings.txt say whether."""

from __future__ import annotations

from tools import meanings

from yifa.law.loader import catalogue

RULES = catalogue().counting_rules
NAME = "litigations_heard_with_head"


def test_no_meaning_was_changed_without_a_version() -> None:
    found = meanings.meanings(RULES.values())
    kept = meanings.KEPT.read_text(encoding="utf-8")
    assert list(meanings.faults(found, meanings.read(kept))) == []
    assert meanings.written(meanings.read(kept)) == kept


def test_a_changed_meaning_is_named_with_what_to_do() -> None:
    rule = RULES[NAME]
    kept = meanings.meanings([rule])
    changed = rule.model_copy(update={"acts": ["hear_with_head"]})
    (fault,) = meanings.faults(meanings.meanings([changed]), kept)
    assert NAME in fault
    assert f"第 {rule.version} 版的算法变了" in fault
    assert "version 加一" in fault
    older = rule.model_copy(
        update={"earlier": [one.model_copy(update={"per": "act"}) for one in rule.earlier]}
    )
    assert len(list(meanings.faults(meanings.meanings([older]), kept))) == rule.version - 1


def test_words_are_no_meaning_and_what_is_left_out_is_not_said() -> None:
    rule = RULES[NAME]
    spoken = rule.model_copy(
        update={"title": "别的名称", "explain": "别的说明", "basis": None, "answers": []}
    )
    assert meanings.meanings([spoken]) == meanings.meanings([rule])
    assert meanings.digest(rule.model_copy(update={"years_before": 0})) == meanings.digest(rule)


def test_new_and_lost_versions_are_told() -> None:
    rule = RULES[NAME]
    found = meanings.meanings([rule])
    assert len(list(meanings.faults(found, {}))) == rule.version
    assert all("--write" in fault for fault in meanings.faults(found, {}))
    (lost,) = meanings.faults(found, {**found, (NAME, 9): "ab"})
    assert "第 9 版不见了" in lost
    assert list(meanings.faults(found, {**found, ("gone_altogether", 1): "ab"})) == []
