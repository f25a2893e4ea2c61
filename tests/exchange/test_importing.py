"""A clerk brings a list in: checked, imported, not twice, gone on with after a kill, taken back."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.county import County
from tests.exchange.conftest import TODAY, Lay
from yifa.exchange import bringing, running, samples, signs
from yifa.exchange.checking import Row
from yifa.exchange.models import Import, ImportedRow
from yifa.exchange.rows import Fault
from yifa.exchange.samples import as_csv, tickets
from yifa.ledger.actions import CorrectAct, RecordAct
from yifa.ledger.models import Case, Entry, Record, User
from yifa.ledger.proof.verification import verify
from yifa.ledger.refusal import ActionRefused

UNITS = ("澜亭县司法局", "澜亭县市场监督管理局", "澜亭县建设局", "白河镇人民政府", "qs")
What = ImportedRow.What
WHOLE, SKIP = Import.Mode.WHOLE, Import.Mode.SKIP


def hotline(many: int, faults: int = 0, **more: Any) -> bytes:
    return as_csv(tickets(many, UNITS, date(2026, 10, 31), faults=faults, **more))


def test_a_list_in_gb18030_with_bad_cells_is_checked_imported_and_known_again(
    lay: Lay, county: County, clerk: User
) -> None:
    run = lay(hotline(60, faults=6), "热线导出.csv")
    running.check(run)
    assert run.state == Import.State.CHECKED, run.message
    assert run.counts == {"new": 54, "wrong": 6, "cells": 6, "skipped": 0}
    messages = " ".join(fault.message for fault in run.faults.all())
    for words in (
        "看不出是哪年哪月哪日，或者没有这一天",
        "没有“热线电话”这一选项，可选：“12345热线”“12315热线”",
        "没有叫“不存在的单位”",
        "须填写",
        "没有“办好了”",
    ):
        assert words in messages
    assert not Case.objects.exists()
    with pytest.raises(ActionRefused, match="有 6 行有错"):
        running.bring_in(run, WHOLE, update=False)
    running.bring_in(run, SKIP, update=False)
    assert (run.state, run.counts["new"], run.counts["wrong"]) == (Import.State.DONE, 54, 6)
    assert Case.objects.count() == 54
    assert verify().faults == ()
    case = Case.objects.filter(acts__act="close").first()
    assert case is not None
    acts = list(case.acts.order_by("position"))
    assert {act.entered for act in acts} == {"back"}
    source = Record.objects.filter(subject_id=case.pk).order_by("position")[0].payload
    assert run.attachment_id in source
    former = Case.objects.filter(organization=county.housing).count()
    assert former > 0, "the unit is found by the name it had"

    again = lay(hotline(60, faults=6), "热线导出.csv")
    running.check(again)
    assert again.counts == {"same": 54, "wrong": 6, "cells": 6, "skipped": 0}
    records = Record.objects.count()
    running.bring_in(again, SKIP, update=False)
    assert (again.counts["same"], Record.objects.count()) == (54, records)


def test_rows_that_say_otherwise_are_left_or_change_the_case_with_reason(lay: Lay, county: County) -> None:
    rows = tickets(5, UNITS, date(2026, 10, 31))
    for row in rows:
        row[9:] = [""] * 5
    first = lay(as_csv(rows), "九月.csv")
    running.check(first)
    running.bring_in(first, WHOLE, update=False)
    rows[0][9:11] = ["2026-11-02", "已解决"]  # answered meanwhile
    rows[1][5] = "另一人8888"  # another caller
    for update, expected in ((False, {"different": 2, "same": 3}), (True, {"changed": 2, "same": 3})):
        run = lay(as_csv(rows), "十月.csv")
        running.check(run)
        assert run.counts["different"] == 2
        running.bring_in(run, WHOLE, update=update)
        assert {what: run.counts[what] for what in What.values if run.counts[what]} == expected
    answered = Case.objects.get(facts__ticket_no=rows[0][0])
    assert answered.acts.get(act="reply").happened_on == date(2026, 11, 2)
    assert Case.objects.get(facts__ticket_no=rows[1][0]).facts["caller"] == "另一人8888"
    last = lay(as_csv(rows), "再来.csv")
    running.check(last)
    assert last.counts == {"same": 5, "skipped": 0, "cells": 0}


def test_an_import_is_taken_back_but_for_what_others_touched(lay: Lay, clerk: User) -> None:
    run = lay(hotline(30), "热线.csv")
    running.check(run)
    running.bring_in(run, WHOLE, update=False)
    touched = Case.objects.get(pk=run.rows.all()[4].subject_id)
    RecordAct(actor=clerk, case=touched, act="supervise", on=TODAY, entered="back").execute()
    with pytest.raises(ActionRefused, match="理由"):
        running.undo(run, " ")
    running.undo(run, "平台导错了月份")
    assert (run.state, run.counts["undone"], run.counts["kept"]) == (Import.State.UNDONE, 29, 1)
    kept = run.rows.get(what=What.KEPT)
    assert kept.subject_id == touched.pk
    assert "又有人改过" in kept.note
    assert list(Case.objects.exclude(opened_on=None)) == [touched]
    assert verify().faults == ()
    fresh = lay(hotline(30), "热线.csv")  # what was taken back may come in again
    running.check(fresh)
    assert (fresh.counts["new"], fresh.counts["same"]) == (29, 1)


def test_withdrawing_many_makes_the_records_of_withdrawing_each(lay: Lay, clerk: User) -> None:
    run = lay(hotline(4), "热线.csv")
    running.check(run)
    running.bring_in(run, WHOLE, update=False)
    one, *_ = Case.objects.order_by("pk")
    positions = list(one.acts.order_by("-position").values_list("position", flat=True))
    from yifa.ledger.bulk.undo import withdraw_cases

    alike = {}
    for way in ("bulk", "single"):
        from django.db import transaction

        with transaction.atomic():
            if way == "bulk":
                withdraw_cases({one.pk: one.length}, clerk, "错了")
            else:
                case = one
                for position in positions:
                    case = CorrectAct(
                        actor=clerk, case=case, position=position, reason="错了", withdraws=True
                    ).execute()
            alike[way] = [
                list(
                    Record.objects.filter(subject_id=one.pk)
                    .order_by("position")
                    .values_list("digest", flat=True)
                ),
                Case.objects.filter(pk=one.pk).values_list(
                    "head", "status", "opened_on", "length", "next_due"
                )[0],
                one.acts.count(),
            ]
            transaction.set_rollback(True)
    assert alike["bulk"] == alike["single"]


def test_a_run_that_was_killed_goes_on_where_it_was(lay: Lay, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("yifa.exchange.checking.CHUNK", 10)
    run = lay(hotline(35), "热线.csv")
    running.check(run)
    stored, original = [], bringing.store_new

    def dies(*given: Any) -> Any:
        stored.append(1)
        if len(stored) == 3:
            raise KeyboardInterrupt
        return original(*given)

    monkeypatch.setattr(bringing, "store_new", dies)
    with pytest.raises(KeyboardInterrupt):
        running.bring_in(run, SKIP, update=False)
    assert Case.objects.count() == 20
    run.refresh_from_db()
    assert (run.state, run.worker) == (Import.State.RUNNING, "")
    assert signs.is_stale(run)
    running.work(run.pk)
    run.refresh_from_db()
    assert (run.state, run.counts["new"], Case.objects.count()) == (Import.State.DONE, 35, 35)
    assert run.rows.count() == 35


def test_all_or_nothing_leaves_nothing(lay: Lay, county: County, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("yifa.exchange.checking.CHUNK", 10)
    run = lay(hotline(30), "热线.csv")
    running.check(run)
    first = Case.objects.count()
    county.towns[1].__class__.objects.filter(pk=county.towns[1].pk).update(level="none")  # refused meanwhile
    original = bringing.sort_out

    def spoiled(listed: Any, chunk: Any) -> Any:
        rows = original(listed, chunk)
        if chunk[0].row > 20:
            rows[0] = Row(rows[0].said, What.WRONG, faults=(Fault(None, "这一行不对。"),))
        return rows

    monkeypatch.setattr(bringing, "sort_out", spoiled)
    running.bring_in(run, WHOLE, update=False)
    assert run.state == Import.State.FAILED
    assert "没有导入任何一行" in run.message
    assert (Case.objects.count(), run.rows.count()) == (first, 0)


def test_entries_of_a_register_come_in_change_and_go(lay: Lay, county: County) -> None:
    heads = "学习记录号,平台名称,姓名,工作单位,累计学时,学习开始日期,学习结束日期"
    rows = [f"XX-{n},学习平台,甲{n},澜亭县司法局,{n * 4},2026.1.1,2026年6月30日" for n in range(1, 6)]
    text = "\n".join(["2026年上半年学法记录", heads, *rows, "合计,,,,60,,", "制表人：乙某"])
    run = lay(("\ufeff" + text).encode(), "学习.csv", "register:learning_records", unit="澜亭县司法局")
    running.check(run)
    assert run.counts == {"new": 5, "skipped": 2, "cells": 0}, [f.message for f in run.faults.all()]
    running.bring_in(run, WHOLE, update=False)
    entry = Entry.objects.get(key="XX-3")
    assert entry.versions.get().happened_on == TODAY
    assert entry.data == {
        "code": "XX-3", "platform": "学习平台", "person": "甲3", "department": "澜亭县司法局", "hours": 12,
        "starts": "2026-01-01", "ends": "2026-06-30",
    }  # fmt: skip
    more = lay(
        text.replace(",12,2026", ",13,2026").encode(), "学习2.csv", "register:learning_records", unit="sfj"
    )
    running.check(more)
    assert (more.counts["different"], more.counts["same"]) == (1, 4)
    running.bring_in(more, WHOLE, update=True)
    entry.refresh_from_db()
    assert (entry.data["hours"], entry.version) == (13, 2)
    running.undo(run, "重复的平台")
    assert (run.counts["undone"], run.counts["kept"]) == (4, 1)
    assert Entry.objects.filter(withdrawn=True).count() == 4


def test_a_list_that_lacks_what_must_be_said_says_what(lay: Lay) -> None:
    run = lay("工单编号,受理时间\nA1,2026-01-02".encode(), "少列.csv")
    running.check(run)
    assert run.state == Import.State.OPEN
    for words in ("诉求事项", "诉求渠道", "单位"):
        assert words in run.message


def test_samples_are_the_same_each_time() -> None:
    assert hotline(20, faults=3) == hotline(20, faults=3)
    assert len(samples.HEADS) == len(tickets(1, UNITS, TODAY)[0])
