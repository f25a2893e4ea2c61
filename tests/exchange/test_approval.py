"""A list for a register whose changes another person approves: drafted as a set, approved or returned as one."""

from __future__ import annotations

from datetime import date

import pytest

from tests.county import County
from tests.exchange.conftest import Lay
from yifa.approvals.models import EntryDraft
from yifa.approvals.sets import DecideSet, DropSet
from yifa.exchange import running
from yifa.exchange.models import Import, ImportedRow
from yifa.ledger.actions import GrantRole
from yifa.ledger.models import Entry, Record, Role, User
from yifa.ledger.proof.verification import verify
from yifa.ledger.refusal import ActionRefused

HEAD = "职权编码,职权名称,职权类别,法律依据,条款,行使机关,生效日,登记日期"
SKIP = Import.Mode.SKIP
State = EntryDraft.State


def powers(*rows: tuple[str, str]) -> bytes:
    lines = [
        f"{code},{name},行政许可,某条例,第五条,澜亭县司法局,2026-01-01,2026-11-02" for code, name in rows
    ]
    return "\n".join([HEAD, *lines]).encode("gb18030")


def brought(lay: Lay, content: bytes, *, update: bool = False) -> Import:
    run = lay(content, "权责清单.csv", "register:powers", unit="澜亭县司法局")
    running.check(run)
    assert run.state == Import.State.CHECKED, run.message
    running.bring_in(run, SKIP, update=update)
    assert run.state == Import.State.DONE, run.message
    return run


def published() -> list[tuple[str, str]]:
    return list(Entry.objects.filter(withdrawn=False).order_by("key").values_list("key", "title"))


@pytest.fixture
def reviewer(county: County) -> User:
    return county.user(Role.REVIEWER, county.body)


def test_an_import_drafts_and_another_person_publishes_all_of_it(
    lay: Lay, county: County, clerk: User, reviewer: User
) -> None:
    run = brought(lay, powers(("A-1", "甲许可"), ("A-2", "乙许可")))
    assert not Record.objects.filter(subject="entry").exists()
    assert set(EntryDraft.objects.values_list("batch", "state", "on")) == {
        (run.pk, "waiting", date(2026, 11, 2))
    }
    again = lay(powers(("A-1", "甲许可"), ("A-3", "丙许可")), "又一份.csv", "register:powers", unit="sfj")
    running.check(again)
    assert "正在等审核" in again.faults.get().message
    assert again.counts["new"] == 1
    GrantRole(actor=None, user=clerk, organization=county.body, role=Role.COORDINATOR).execute()
    with pytest.raises(ActionRefused, match="是您起草的"):
        DecideSet(actor=clerk, batch=run.pk, approve=True).execute()
    assert DecideSet(actor=reviewer, batch=run.pk, approve=True).execute() == 2
    assert published() == [("A-1", "甲许可"), ("A-2", "乙许可")]
    record = Record.objects.filter(subject="entry").order_by("id")[0]
    assert (record.recorded_by, record.happened_on) == (clerk, date(2026, 11, 2))
    assert '"approved_by":"reviewer-body"' in record.payload
    assert run.attachment_id in record.payload
    assert {draft.entry_id for draft in EntryDraft.objects.all()} == set(
        Entry.objects.values_list("pk", flat=True)
    )
    assert verify().faults == ()
    running.undo(run, "导错了")
    assert set(run.rows.values_list("what", flat=True)) == {ImportedRow.What.KEPT}
    assert len(published()) == 2  # what another person approved is not taken back by this


def test_what_differs_is_drafted_as_a_revision(lay: Lay, reviewer: User) -> None:
    DecideSet(actor=reviewer, batch=brought(lay, powers(("A-1", "甲许可"))).pk, approve=True).execute()
    run = brought(lay, powers(("A-1", "甲许可改"), ("A-2", "乙许可")), update=True)
    assert published() == [("A-1", "甲许可")]
    assert set(EntryDraft.objects.filter(batch=run.pk).values_list("kind", flat=True)) == {"new", "revise"}
    DecideSet(actor=reviewer, batch=run.pk, approve=True, on=date(2026, 11, 10)).execute()
    assert published() == [("A-1", "甲许可改"), ("A-2", "乙许可")]
    assert Record.objects.latest("id").happened_on == date(2026, 11, 10)


def test_one_that_cannot_be_published_holds_back_all_and_is_named(lay: Lay, reviewer: User) -> None:
    run = brought(lay, powers(("A-1", "甲许可"), ("A-2", "乙许可")))
    late = EntryDraft.objects.get(title="乙许可")
    EntryDraft.objects.filter(pk=late.pk).update(on=date(2027, 1, 1))
    with pytest.raises(ActionRefused, match=r"乙许可.*还没有发生"):
        DecideSet(actor=reviewer, batch=run.pk, approve=True).execute()
    assert published() == []
    assert EntryDraft.objects.filter(state=State.WAITING).count() == 2


def test_a_returned_set_is_imported_again_or_taken_back(lay: Lay, clerk: User, reviewer: User) -> None:
    first = brought(lay, powers(("A-1", "甲许可"), ("A-2", "乙许可")))
    with pytest.raises(ActionRefused, match="退回的意见"):
        DecideSet(actor=reviewer, batch=first.pk, approve=False).execute()
    DecideSet(actor=reviewer, batch=first.pk, approve=False, opinion="条款写错").execute()
    second = brought(lay, powers(("A-1", "甲许可")))
    states = set(EntryDraft.objects.values_list("batch", "title", "state"))
    assert states == {
        (first.pk, "甲许可", "redrafted"),
        (first.pk, "乙许可", "returned"),
        (second.pk, "甲许可", "waiting"),
    }
    assert DropSet(actor=clerk, batch=first.pk).execute() == 1
    running.undo(second, "导错了")
    assert set(EntryDraft.objects.values_list("state", flat=True)) == {"redrafted", "dropped"}
    with pytest.raises(ActionRefused, match="已经审核过了"):
        DecideSet(actor=reviewer, batch=second.pk, approve=True).execute()
