"""A scenario file from end to end, and every way in which one can be wrong."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from yifa.law.loader import catalogue
from yifa.procedures.scenario import ScenarioError, ScenarioResult, run

EXAMPLE = """
title: 补正后按期答复
case_type: information_request
acts:
  - {act: receive, on: 2024-09-20}
  - {act: request_supplement, on: 2024-09-23}
  - {act: supplement, on: 2024-09-25}
  - {act: answer, on: 2024-10-29, outcome: 予以公开, by: 县司法局, evidence: [答复书], entered: live}
  - {correct: 4, set: {on: 2024-10-28}, reason: 日期录错}
on: 2024-10-30
expect:
  refused: []
  clocks: {answer: {due: 2024-10-28, state: kept}}
  next: [deliver]
  findings: []
  counts: {information_requests_answered: 1}
"""


def tried(tmp_path: Path, text: str) -> ScenarioResult:
    """What comes out of a scenario."""
    path = tmp_path / "scenario.yaml"
    path.write_text(text, encoding="utf-8")
    return run(path, catalogue())


def scenario(
    acts: str, on: str = "2024-12-31", more: str = "", case_type: str = "information_request"
) -> str:
    """A scenario of the given acts."""
    return f"title: 试\ncase_type: {case_type}\n{more}\nacts:\n{acts}\non: {on}\n"


def test_the_contracts_example_comes_out_as_the_contract_says(tmp_path: Path) -> None:
    result = tried(tmp_path, EXAMPLE)
    assert result.differs == ()
    value = json.loads(json.dumps(result.as_json(), ensure_ascii=False))
    assert list(value) == ["file", "clocks", "next", "blocked", "refused", "findings", "counts", "differs"]
    answer = value["clocks"]["answer"]
    assert (answer["due"], answer["state"]) == ("2024-10-28", "kept")
    assert answer["basis"] == {"law": "政府信息公开条例", "article": "第三十三条"}
    assert answer["trace"][0][0] == "2024-09-20"
    assert any("调休上班" in why for _, why in answer["trace"])
    assert all(isinstance(why, str) and why for why in value["blocked"].values())


def test_without_the_correction_it_differs_in_every_way_it_should(tmp_path: Path) -> None:
    result = tried(
        tmp_path, EXAMPLE.replace("  - {correct: 4, set: {on: 2024-10-28}, reason: 日期录错}\n", "")
    )
    clock, findings = result.differs
    assert "状态应为kept，实际为broken" in clock
    assert "应为[]，实际为[late]" in findings
    assert "超期1日（《政府信息公开条例》第三十三条）" in findings


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("refused: []", "refused: [2]", "应拒绝[2]，实际拒绝[]"),
        ("due: 2024-10-28", "due: 2024-10-27", "应于2024-10-27届满，实际为2024-10-28"),
        ("due: 2024-10-28", "due: null", "应于无日期届满"),
        ("next: [deliver]", "next: [deliver, extend]", "可办环节应为[deliver、extend]，实际为[deliver]"),
        ("findings: []", "findings: [late, late]", "程序问题应为[late、late]，实际为[]"),
        ("information_requests_answered: 1", "information_requests_answered: 2", "应为2，实际为1"),
        (
            "information_requests_answered: 1",
            "petitions_open: 1",
            "口径 petitions_open 不统计“政府信息公开申请”",
        ),
    ],
)
def test_each_difference_is_said(tmp_path: Path, old: str, new: str, words: str) -> None:
    (line,) = tried(tmp_path, EXAMPLE.replace(old, new)).differs
    assert words in line


def test_a_refused_act_takes_no_effect(tmp_path: Path) -> None:
    acts = (
        "  - {act: receive, on: 2024-09-20}\n"
        "  - {act: deliver, on: 2024-09-23}\n"
        "  - {correct: 2, set: {on: 2024-09-24}, reason: 错}\n"
        "  - {act: extend, on: 2024-09-25}\n"
    )
    result = tried(tmp_path, scenario(acts))
    assert list(result.refused) == [2, 3]
    assert "须先完成“答复”" in result.refused[2]
    assert result.refused[3] == "第2项没有录入，无从更正"
    assert result.state.done == {"receive", "extend"}
    assert result.as_json()["refused"]["2"]


def test_the_same_act_entered_back_is_recorded_and_found(tmp_path: Path) -> None:
    acts = "  - {act: receive, on: 2024-09-20}\n  - {act: deliver, on: 2024-09-23, entered: back}\n"
    result = tried(tmp_path, scenario(acts, on="2024-09-24"))
    assert result.refused == {}
    (finding,) = result.as_json()["findings"]
    assert (finding["kind"], finding["act"]) == ("order", "deliver")
    assert "（补录）：须先完成“答复”" in finding["message"]


def test_a_correction_of_a_correction_is_refused(tmp_path: Path) -> None:
    acts = (
        "  - {act: receive, on: 2024-09-20}\n"
        "  - {correct: 1, set: {on: 2024-09-19}, reason: 错}\n"
        "  - {correct: 2, set: {on: 2024-09-18}, reason: 错}\n"
        "  - {correct: 1, withdraw: true, reason: 误录}\n"
        "  - {correct: 1, set: {on: 2024-09-18}, reason: 错}\n"
    )
    result = tried(tmp_path, scenario(acts))
    assert {position: words[:9] for position, words in result.refused.items()} == {
        3: "第3项更正：第2项",
        5: "第5项更正：第1项",
    }
    assert result.state.acts == ()


def test_what_is_left_unsaid_is_not_judged_and_what_is_said_is(tmp_path: Path) -> None:
    start = "  - {act: receive, on: 2024-09-20}\n"
    unsaid = tried(tmp_path, scenario(start + "  - {act: answer, on: 2024-09-23, outcome: 予以公开}\n"))
    empty = tried(
        tmp_path, scenario(start + "  - {act: answer, on: 2024-09-23, outcome: 予以公开, evidence: []}\n")
    )
    assert [found.kind.value for found in unsaid.findings] == []
    assert [found.kind.value for found in empty.findings] == ["evidence"]


def test_a_level_without_the_power(tmp_path: Path) -> None:
    town = catalogue().levels["town"]
    missing = next(name for name in catalogue().case_types if name not in town.case_types)
    opening = catalogue().case_types[missing].opens_with[0]
    result = tried(
        tmp_path, scenario(f"  - {{act: {opening}, on: 2024-09-20}}\n", more="level: town", case_type=missing)
    )
    assert result.refused == {1: town.off_text}
    assert result.state.next == ()


@pytest.mark.parametrize("name", ["河南", "河南省", "henan"])
def test_a_jurisdiction_by_any_of_its_names(tmp_path: Path, name: str) -> None:
    assert (
        tried(
            tmp_path, scenario("  - {act: receive, on: 2024-09-20}\n", more=f"jurisdiction: {name}")
        ).refused
        == {}
    )


START = "  - {act: receive, on: 2024-09-20}\n"
BROKEN = [
    ("", ["文件是空的"]),
    ("title: 试\n\tacts: []", ["第 2 行", "Tab"]),
    (scenario(START).replace("title: 试\n", ""), ["缺少“title”"]),
    (scenario(START, more="levle: county"), ["第 3 行 levle", "是不是“level”"]),
    (scenario(START, more="level: village"), ["没有“village”这个层级", "county"]),
    (scenario(START, more="jurisdiction: 江东"), ["没有“江东”这个法域", "河南省"]),
    (
        scenario(START, case_type="information_requests"),
        ["没有“information_requests”这个事项类型", "是不是“information_request”"],
    ),
    (scenario("  - {act: recieve, on: 2024-09-20}"), ["第 5 行 acts[0].act", "是不是“receive”"]),
    (scenario("  - {act: receive, on: 2024-13-20}"), ["第 5 行", "2024-13-20", "日期"]),
    (scenario("  - {act: receive}"), ["第 5 行", "缺少日期"]),
    (scenario("  - {act: receive, on: 2024-09-20, correct: 1}"), ["要么是环节", "要么是更正"]),
    (scenario("  - {on: 2024-09-20}"), ["要么是环节"]),
    (scenario("  - {act: receive, on: 2024-09-20, reason: x}"), ["只能与 correct 一起写"]),
    (scenario("  - {act: receive, on: 2024-09-20, entered: later}"), ["live", "back"]),
    (scenario("  - {act: receive, on: 2024-09-20, role: boss}"), ["没有“boss”这个角色", "officer"]),
    (scenario("  - {act: receive, on: 2024-09-20, evidence: 5}"), ["应为列表", "evidence: [答复书]"]),
    (scenario("  - receive 2024-09-20"), ["第 5 行", "acts: [{act: receive, on: 2024-09-20}]"]),
    (scenario("  - {act: receive, on: 9月20日}"), ["第 5 行", "应为日期"]),
    (scenario(START + "  - {correct: 2, set: {on: 2024-09-21}}"), ["没有第 2 项可以更正"]),
    (scenario(START + "  - {correct: 1}"), ["更正须写 set"]),
    (scenario(START + "  - {correct: 1, on: 2024-09-21}"), ["更正的新值写在 set 里"]),
    (
        scenario(START + "  - {correct: 1, set: {onn: 2024-09-21}}"),
        ["没有“onn”这个可更正的内容", "是不是“on”"],
    ),
    (scenario(START + "  - {correct: 1, set: {on: 昨天}}"), ["acts[1].set.on", "2024-10-28"]),
    (scenario(START + "  - {correct: 1, set: {act: answr}}"), ["是不是“answer”"]),
    (scenario(START, more="facts: {contnt: x}"), ["没有“contnt”这个要素", "是不是“content”"]),
    (scenario(START, more="facts: {applicant_kind: 外星人}"), ["没有“外星人”这一选项"]),
    (scenario(START) + "expect: {clocks: {anser: {state: kept}}}", ["没有“anser”这个时限", "是不是“answer”"]),
    (scenario(START) + "expect: {clocks: {answer: {state: done}}}", ["kept"]),
    (scenario(START) + "expect: {next: [delivr]}", ["是不是“deliver”"]),
    (scenario(START) + "expect: {findings: [too_late]}", ["没有“too_late”这个问题类别"]),
    (scenario(START) + "expect: {counts: {answered: 1}}", ["没有“answered”这个口径"]),
]


@pytest.mark.parametrize(("text", "words"), BROKEN, ids=[words[0] for _, words in BROKEN])
def test_a_wrong_file_is_explained(tmp_path: Path, text: str, words: list[str]) -> None:
    with pytest.raises(ScenarioError) as caught:
        tried(tmp_path, text)
    assert "情景文件 scenario.yaml 第" in caught.value.message
    for word in words:
        assert word in caught.value.message
    assert caught.value.code == "scenario"


@pytest.mark.parametrize("facts", ["facts: {…}", "facts: {...}", "facts: {}", "facts:"])
def test_facts_left_out_say_nothing(tmp_path: Path, facts: str) -> None:
    assert tried(tmp_path, scenario(START, more=facts)).state.next


def test_dates_in_quotation_marks_and_one_paper_are_taken_as_meant(tmp_path: Path) -> None:
    text = EXAMPLE.replace("on: 2024-09-20}", 'on: "2024-09-20"}').replace("[答复书]", "答复书")
    text = text.replace("{on: 2024-10-28}", "{on: '2024-10-28'}").replace(
        "due: 2024-10-28", "due: '2024-10-28'"
    )
    assert tried(tmp_path, text).differs == ()


def test_all_faults_of_a_file_are_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError) as caught:
        tried(tmp_path, scenario("  - {act: recieve, on: 2024-09-20}\n  - {act: answr, on: 2024-09-20}"))
    assert [line.split("：")[0] for line in caught.value.message.splitlines()] == [
        "情景文件 scenario.yaml 第 5 行 acts[0].act",
        "情景文件 scenario.yaml 第 6 行 acts[1].act",
    ]
