"""Plans pasted with broken numbering: what was read, how, and what a person may decide about it."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from yifa.planning.importing import Draft, Role, draft_of
from yifa.reading import read_text

BROKEN = """澜亭县2026年法治政府建设工作要点
为做好工作，制定本要点。
一、规范执法
（一）开展培训。全年培训2次，6月底前完成。（牵头单位：县司法局）
1.开展评查。评查案卷。
（三）公开结果。公开处罚结果。
（三）公示信息。公示执法信息。
(五)再做一次。再做。
三、完善制度
（六）清理文件。长期坚持。
没有编号的一段话也许是任务。
（七）健全机制。健全。
"""


def drafted(text: str, changes: dict[int, str] | None = None) -> Draft:
    return draft_of(read_text(text, "要点.txt"), 2026, changes)


def said(draft: Draft, kind: str) -> list[str]:
    return [f"{doubt.where}：{doubt.what}" for doubt in draft.doubts if doubt.kind == kind]


def test_broken_numbers_are_read_and_named() -> None:
    draft = drafted(BROKEN)
    assert [item.number for item in draft.items] == [
        "（一）",
        "1.",
        "（三）",
        "（三）",
        "(五)",
        "（六）",
        "（七）",
    ]
    assert [target.text for target in draft.items[0].targets] == ["全年培训2次"]
    mixed, chapter, repeated, missing = said(draft, "numbering")
    assert "“1.开展评查”补上了“（一）”之后缺的编号" in mixed
    assert "缺二" in chapter and chapter.startswith("三、")
    assert "重复，按两项任务读" in repeated
    assert "缺(四)" in missing
    assert [text.split("：")[0] for text in said(draft, "text")] == ["（六）清理文件"]
    assert ("（六）清理文件：“长期坚持”不是确定的日期，导入后须设定。") in said(draft, "due")


def test_numbers_that_begin_anew_in_each_chapter_are_right() -> None:
    text = (
        "澜亭县2026年工作要点\n一、规范执法\n（一）办培训。办。\n（二）评案卷。评。\n二、完善制度\n"
        "（一）清文件。清。\n（二）立规矩。立。\n"
    )
    assert said(drafted(text), "numbering") == []


def test_a_paragraph_becomes_a_task_and_a_task_goes_into_the_one_above() -> None:
    paragraph = BROKEN.index("没有编号")
    draft = drafted(BROKEN, {paragraph: "task"})
    titles = [item.title for item in draft.items]
    assert titles == [
        "开展培训",
        "开展评查",
        "公开结果",
        "公示信息",
        "再做一次",
        "清理文件",
        "没有编号的一段话也许是任务",
        "健全机制",
    ]
    assert draft.items[5].text == "（六）清理文件。长期坚持。"
    joined = drafted(BROKEN, {BROKEN.index("1.开展"): "join", BROKEN.index("(五)"): "drop"})
    assert [item.number for item in joined.items] == ["（一）", "（三）", "（三）", "（六）", "（七）"]
    assert "评查案卷" in joined.items[0].text and joined.items[0].lead == ("县司法局",)
    left = [BROKEN[slice(*line.span)] for line in joined.lines if line.role is Role.LEFT]
    assert left == ["(五)再做一次。再做。"]
    assert said(joined, "left") == ["“(五)再做一次。再做。”：没有成为任务。"]


def test_a_line_whose_number_lost_its_sign_may_become_a_task() -> None:
    text = "澜亭县2026年工作要点\n1、办培训。办。\n2、评案卷。评。\n3 公开结果。公开。\n4、清文件。清。\n"
    draft = drafted(text)
    assert [item.number for item in draft.items] == ["1、", "2、", "4、"]
    assert any("缺3" in doubt for doubt in said(draft, "numbering"))
    mended = drafted(text, {text.index("3 公开"): "task"})
    assert [(item.number, item.title) for item in mended.items][2] == ("3", "公开结果")
    assert said(mended, "numbering") == []


LINES = st.lists(
    st.sampled_from(
        [
            "一、规范执法", "三、完善制度", "（一）开展培训。全年培训2次。",
            "1.评查案卷。抽查。", "（三）公开结果。牵头单位：县司法局。",
            "（三）公示。", "没有编号的话。", "①再做。", "2026年6月底前完成。", "第一章 总则", "",
            "（二）", "5 清理。", "（十）健全机制。长期坚持。", "序号\t任务\t牵头单位", "1\t培训\t县司法局",
        ]
    ),
    min_size=1, max_size=10,
)  # fmt: skip


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(lines=LINES, data=st.data())
def test_every_line_is_accounted_for_whatever_is_decided(lines: list[str], data: st.DataObject) -> None:
    text = "澜亭县2026年工作要点\n" + "\n".join(lines)
    places = [line.span[0] for line in drafted(text).lines]
    changes = data.draw(
        st.dictionaries(st.sampled_from(places), st.sampled_from(["task", "join", "drop"]), max_size=4)
    )
    draft = drafted(text, changes)
    spoken = sum(bool(line.strip()) for line in draft.text.split("\n"))
    assert len(draft.lines) == spoken
    for item, following in zip(draft.items, draft.items[1:], strict=False):
        assert item.span[1] <= following.span[0]
    for item in draft.items:
        assert draft.text[slice(*item.span)].strip() and item.text in draft.text[slice(*item.span)]
    left = {line.span[0] for line in draft.lines if line.role is Role.LEFT}
    named = {doubt.at for doubt in draft.doubts if doubt.kind == "left"}
    assert not draft.items or left == named


@pytest.mark.parametrize("text", ["x", "。", "1.", "一、", "（一）" * 50, "\t\t\t\n\t"])
def test_next_to_nothing_gives_no_failure(text: str) -> None:
    try:
        draft = drafted(text)
    except Exception as error:
        assert type(error).__name__ == "ReadingError"
    else:
        assert all(item.text for item in draft.items)


def test_the_signature_belongs_to_no_task() -> None:
    draft = drafted(
        "澜亭县2026年工作要点\n一、办培训。办。\n二、评案卷。评。\n附件：任务表\n澜亭县司法局\n2026年1月16日\n"
    )
    assert draft.items[-1].text == "二、评案卷。评。"
    assert [line.role for line in draft.lines][-3:] == [Role.TITLE] * 3
    assert not said(draft, "left")
    unsigned = drafted("澜亭县2026年工作要点\n一、办培训。办。\n二、评案卷。评。\n各单位抓好落实。\n")
    assert unsigned.items[-1].text.endswith("各单位抓好落实。")


def test_a_closing_paragraph_can_be_taken_off_the_last_task() -> None:
    text = "澜亭县2026年工作要点\n一、办培训。办。\n二、评案卷。评。\n各单位抓好落实。\n"
    draft = drafted(text, {text.index("各单位"): "drop"})
    assert draft.items[-1].text == "二、评案卷。评。"
    assert said(draft, "left") == ["“各单位抓好落实。”：没有编号，没有成为任务。"]


@pytest.mark.parametrize(
    ("words", "due", "left"),
    [
        ("完成时限：2026.6", "2026-06-30", ""),
        ("完成时限：6/30", "2026-06-30", ""),
        ("完成时限：6月底", "2026-06-30", ""),
        ("三季度末前完成", "2026-09-30", ""),
        ("完成时限：待定", None, "待定"),
        ("完成时限：长期坚持", None, "长期坚持"),
        ("2025年6月底前完成", None, ""),
        ("选取2件，6月底", "2026-06-30", ""),
        ("12月31号前", "2026-12-31", ""),
        ("3月，部署；9月，评估", None, ""),
    ],
)
def test_days_in_texts_of_whatever_writing(words: str, due: str | None, left: str) -> None:
    item = drafted(f"澜亭县2026年工作要点\n一、办培训。组织培训，{words}。\n二、评案卷。评。\n").items[0]
    assert (str(item.due) if item.due else None, item.due_words) == (due, left)


def test_a_text_without_a_year_is_of_the_year_that_was_chosen() -> None:
    draft = drafted("县司法局工作要点\n一、办培训。6月底前完成。\n二、评案卷。评。\n")
    assert str(draft.items[0].due) == "2026-06-30"


def test_a_plan_of_another_year_is_pointed_out_and_its_days_are_left_open() -> None:
    draft = drafted("澜亭县2025年工作要点\n一、办培训。6月底前完成。\n二、评案卷。评。\n")
    assert (draft.items[0].due, draft.items[0].due_words) == (None, "2025年6月30日")
    assert any("像是2025年的计划" in doubt for doubt in said(draft, "text"))


def test_the_day_below_the_signature_is_no_due_date() -> None:
    text = "澜亭县2026年工作要点\n一、培训。组织培训，6月底。\n二、评查。评查案卷，9月底。\n"
    draft = drafted(f"{text}澜亭县人民政府\n2026年1月15日\n")
    assert [str(item.due) for item in draft.items] == ["2026-06-30", "2026-09-30"]


def test_a_numbered_line_that_became_no_task_is_not_said_to_have_no_number() -> None:
    text = "澜亭县2026年工作要点\n一、决策\n（一）公布目录。公布。\n（三）开展评估。评估。\n"
    draft = drafted(
        f"{text}（三）健全专家库。更新专家名单并向社会公布。\n5、加强培训。培训。\n二、执法\n（一）评查。评查案卷。\n"
    )
    (left,) = said(draft, "left")
    assert "（三）健全专家库" in left and "下面另有编号的事项" in left and "没有编号" not in left
