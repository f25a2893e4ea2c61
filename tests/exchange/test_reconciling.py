"""A list of another office against the ledger, and two lists against each other."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from tests.county import County
from tests.exchange.conftest import Lay
from yifa.exchange import reconciling, running, settling
from yifa.exchange.mapping import reading_from
from yifa.exchange.models import Import, ReconciledRow, Reconciliation
from yifa.exchange.samples import HEADS, as_csv, tickets
from yifa.exchange.staging import stage
from yifa.exchange.targets import target_of
from yifa.ledger.models import Case, Record, User
from yifa.ledger.refusal import ActionRefused

UNITS = ("澜亭县司法局", "白河镇人民政府")
How = ReconciledRow.How


@pytest.fixture
def rows() -> list[list[str]]:
    return tickets(12, UNITS, date(2026, 10, 31))


def against(run: Import, **more: Any) -> Reconciliation:
    """The list of an import in the place of one that is only compared."""
    return Reconciliation.objects.create(
        organization=run.organization, actor=run.actor, target=run.target, attachment=run.attachment,
        mapping=run.mapping, **more,
    )  # fmt: skip


def test_a_list_is_held_against_the_ledger_and_followed_with_reason(
    lay: Lay, rows: list[list[str]], clerk: User, county: County
) -> None:
    first = lay(as_csv(rows[:10]), "本地.csv")
    running.check(first)
    running.bring_in(first, Import.Mode.WHOLE, update=False)
    theirs = [list(row) for row in rows[2:]]
    theirs[0][5] = "改名某0000"
    theirs[1][10] = "转其他途径"
    theirs.append(list(theirs[4]))
    rec = against(lay(as_csv(theirs), "平台.csv"))
    reconciling.run(rec)
    assert rec.counts == {"matched": 6, "different": 2, "there": 2, "here": 2, "doubtful": 1}
    different = list(rec.rows.filter(how=How.DIFFERENT).order_by("row"))
    assert [one["title"] for row in different for one in row.differences] == ["诉求人", "答复诉求人结果"]
    assert different[0].differences[0]["there"] == "改名某0000"
    here = {row.key for row in rec.rows.filter(how=How.HERE)}
    assert here == {rows[0][0], rows[1][0]}
    digest = rec.digest
    reconciling.run(rec)
    assert rec.digest == digest
    with pytest.raises(ActionRefused, match="理由"):
        settling.follow(rec, different, clerk, "")
    different = list(rec.rows.filter(how=How.DIFFERENT).order_by("row"))
    assert settling.follow(rec, different, clerk, "以平台为准") == {}
    case = Case.objects.get(pk=different[1].subject_id)
    assert case.acts.get(act="reply").outcome == "转其他途径"
    last = Record.objects.filter(subject_id=case.pk).latest("position")
    assert (last.kind, "以平台为准" in last.payload) == ("act.corrected", True)
    settling.note(list(rec.rows.filter(how=How.HERE)), clerk, "平台次月才归档")
    handed = settling.hand_over(rec, list(rec.rows.filter(how=How.THERE)), clerk)
    running.check(handed)
    assert handed.counts["new"] == 2
    running.bring_in(handed, Import.Mode.WHOLE, update=False)
    again = against(lay(as_csv(theirs), "平台.csv"))
    reconciling.run(again)
    assert again.counts == {"matched": 10, "here": 2, "doubtful": 1}


def test_period_and_unit_cut_both_sides(lay: Lay, rows: list[list[str]], county: County) -> None:
    for row in rows:
        row[6:] = ["2026-03-05", "", row[8], "", "", "", "", ""]
    rows[0][6] = "2026-04-02"
    rows[1][8] = "白河镇人民政府"
    for row in rows[2:]:
        row[8] = "澜亭县司法局"
    first = lay(as_csv(rows), "本地.csv", **{"act:dispatch:on": "=act:register:on"})
    running.check(first)
    running.bring_in(first, Import.Mode.WHOLE, update=False)
    march = {"starts": date(2026, 3, 1), "ends": date(2026, 3, 31)}
    rec = against(lay(as_csv(rows[3:]), "三月.csv"), unit=county.justice, **march)
    reconciling.run(rec)
    assert rec.counts == {"matched": 9, "here": 1}


def test_what_the_actor_does_not_see_is_not_told(lay: Lay, rows: list[list[str]], county: County) -> None:
    first = lay(as_csv(rows), "本地.csv")
    running.check(first)
    running.bring_in(first, Import.Mode.WHOLE, update=False)
    clerk = county.user("officer", county.justice)
    rec = against(lay(as_csv(rows[:4]), "表.csv"))
    rec.actor = clerk
    rec.save()
    reconciling.run(rec)
    own = set(Case.objects.filter(organization=county.justice).values_list("pk", flat=True))
    told = set(rec.rows.exclude(subject_id=None).values_list("subject_id", flat=True))
    assert told
    assert told <= own


def test_two_lists(lay: Lay, rows: list[list[str]]) -> None:
    other = [list(row) for row in rows[1:]]
    other[0][4] = "另一件事"
    one, two = lay(as_csv(rows[:10]), "甲.csv"), lay(as_csv(other), "乙.csv")
    rec = against(one, other=two.attachment, other_mapping=two.mapping)
    reconciling.run(rec)
    assert rec.counts == {"matched": 8, "different": 1, "there": 1, "here": 2}
    assert not Case.objects.exists()
    assert len(HEADS) == len(rows[0])


def test_another_name_of_the_same_unit_is_no_difference(lay: Lay, rows: list[list[str]]) -> None:
    rows = [[*row[:8], UNITS[0], *row[9:]] for row in rows]
    first = lay(as_csv(rows), "本地.csv")
    running.check(first)
    running.bring_in(first, Import.Mode.WHOLE, update=False)
    theirs = [[*row[:8], "县司法局", *row[9:]] for row in rows]
    theirs[0][8] = UNITS[1]
    rec = against(lay(as_csv(theirs), "平台.csv"))
    reconciling.run(rec)
    assert rec.counts == {"matched": 11, "different": 1}
    assert [one["there"] for one in rec.rows.get(how=How.DIFFERENT).differences] == [UNITS[1]]


def test_a_list_is_held_against_the_months_it_is_about(lay: Lay) -> None:
    rows = tickets(3, UNITS, date(2026, 10, 31))
    for row, day in zip(rows, ("2026-07-04", "", "2026/8/9"), strict=True):
        row[6] = day
    run = lay(as_csv(rows), "七八月.csv")
    target, staged = target_of(run.target), stage(run.attachment, run.sheet)
    reading = reading_from(run.mapping)
    assert reconciling.months_of(target, staged, reading) == (date(2026, 7, 1), date(2026, 8, 31))
    nameless = replace(reading, columns={})
    assert reconciling.months_of(target, staged, nameless) == (None, None)


@pytest.mark.parametrize(
    ("target", "heads", "meanings"),
    [
        ("case:service_case", ["办件编号", "事项名称", "事项编码", "办结日期", "办件结果", "评价"],
         ["number", "fact:subject", "fact:item", "act:decide:on", "act:decide:outcome", "act:rate:outcome"]),
        ("case:reconsideration", ["平台编号", "收到申请日期", "决定日期", "决定结果", "申请人"],
         ["fact:platform_number", "act:receive:on", "act:decide:on", "act:decide:outcome", "fact:applicant"]),
        ("register:enforcement_officers", ["证件编号", "姓名", "发证日期", "有效期至", "状态"],
         ["data:certificate", "data:name", "data:valid_from", "data:valid_to", "data:status"]),
        ("register:fine_receipts", ["票据号码", "决定书文号", "入库金额（元）", "科目编码", "入库日期"],
         ["data:receipt", "data:case", "data:amount", "data:treasury_code", "data:paid_on"]),
        ("case:administrative_penalty", ["处罚决定日期", "送达日期", "结案日期"],
         ["act:decide:on", "act:deliver:on", "act:close:on"]),
    ],
)  # fmt: skip
def test_heads_of_the_platforms_are_known_word_by_word(
    target: str, heads: list[str], meanings: list[str]
) -> None:
    found = [target_of(target).meaning_of(head) for head in heads]
    assert found == [(meaning, True) for meaning in meanings]


def test_what_another_system_numbers_a_case_is_no_difference_and_nothing_is_called_mended_that_was_not(
    lay: Lay, rows: list[list[str]], clerk: User
) -> None:
    first = lay(as_csv(rows[:4]), "本地.csv")
    first.mapping["fixed"]["number"] = ""
    running.check(first)
    running.bring_in(first, Import.Mode.WHOLE, update=False)
    Case.objects.update(number="澜热〔2026〕1号")
    heads = ["办件编号", "工单编号", "诉求标题", "办结结果", "回访评价结果"]
    lines = [[f"PT{n}", row[0], row[4], "", "不满意" if n == 0 else ""] for n, row in enumerate(rows[:4])]
    text = "\n".join(",".join(cells) for cells in [heads, *lines])
    rec = against(lay(text.encode(), "平台.csv"))
    rec.mapping["keys"] = ["fact:ticket_no"]
    reconciling.run(rec)
    assert set(rec.counts) <= {"matched", "different"}
    for row in rec.rows.all():
        assert "编号（原有文号）" not in [one["title"] for one in row.differences]
    different = list(rec.rows.filter(how=How.DIFFERENT))
    refused = settling.follow(rec, different, clerk, "以平台为准")
    assert all("不能按表更正" in why for why in refused.values())
    assert len(refused) == len(different) == 1
    assert not rec.rows.exclude(settled="").exists()
