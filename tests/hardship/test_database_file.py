"""The database held by another program, damaged, or put down in the middle: nothing lost, nothing half-done."""

from __future__ import annotations

from tests.hardship.conftest import Office
from tests.hardship.test_disk import sound

BUSY = "数据库正忙：别的程序（例如备份或者同步软件）占用着它。请稍等再试。"
DAMAGED = "数据库文件已损坏或者不是数据库，没有改动它。请先另存一份数据文件夹，再用最近的备份恢复：yifa backup restore。"


def test_a_database_that_another_program_holds(office: Office) -> None:
    told = office("while_another_program_holds_the_database")
    seen = told["seen"]
    for name in ("case", "paper", "list"):
        assert seen[name]["status"] == 503
        assert BUSY in seen[name]["words"]
    assert f"没有备份成。{BUSY}" in seen["backup"]["words"]
    assert "还没有在这里备份过" in seen["backup"]["words"]
    assert not seen["backup"]["files"]  # one that could not be noted is no backup
    assert seen["page"]["status"] == 200
    assert told["again"]["status"] == 302
    assert (told["after"]["cases"], told["after"]["records"]) == (1, told["before"]["records"] + 2)
    assert sound(told["after"])


def test_a_damaged_database_is_named_and_left_alone(office: Office) -> None:
    seen = office("with_a_damaged_database")["seen"]
    assert len(seen) == 4
    for one in seen.values():
        for deed in ("page", "signing in"):
            assert one[deed]["status"] == 503
            assert DAMAGED in one[deed]["words"]
        assert one["untouched"]
    for call in ("begun", "backup"):
        assert seen["something else"][call] == {"code": 2, "words": f"错误：数据库用不了。{DAMAGED}\n"}


def test_who_is_killed_while_recording_has_recorded_all_or_nothing(office: Office) -> None:
    told = office("killed_while_recording")
    assert told["whole"]["status"] == 302
    one_case = {"cases": 1, "records": told["before"]["records"] + 2}
    assert len(told["seen"]) == 5
    for one in told["seen"]:
        assert one["answer"] is None  # it was killed, indeed
        assert one["after"].items() >= one_case.items()  # what was recorded before it, and no more
        assert sound(one["after"])
    assert told["again"]["status"] == 302


def test_an_import_that_is_killed_again_and_again_comes_in_once(office: Office) -> None:
    told = office("killed_while_importing")
    killed = [one for one in told["seen"] if one["answer"] is None]
    assert len(killed) == 3
    assert any(0 < one["after"]["cases"] < 40 for one in killed)
    for one in told["seen"]:
        assert one["after"]["cases"] % 5 == 0  # a chunk is there whole or not at all
        assert sound(one["after"])
        assert one["page"]["status"] == 200
    assert told["after"]["cases"] == 40
    assert "新增 40 行" in told["again"]["words"]
    assert sound(told["after"])
