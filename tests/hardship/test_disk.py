"""A disk that is full or may not be written to: said in one sentence, nothing half-done, all well once it is mended."""

from __future__ import annotations

from tests.hardship.conftest import Office, Told

FULL = "磁盘已满，没有写成。请清理数据文件夹（YIFA_DATA）所在的磁盘后重试。"


def sound(state: Told) -> bool:
    """Whether nothing is half there."""
    return not (state["faults"] or state["missing"] or state["half"])


def test_what_is_recorded_on_a_full_disk_is_refused_whole(small_disk: Office) -> None:
    told = small_disk("recording_on_a_full_disk")
    assert len(told["seen"]) == 5
    for one in told["seen"]:
        assert (one["answer"]["status"], one["page"]) == (503, 200)  # what is there can be read all the time
        assert FULL in one["answer"]["words"]
        assert one["after"] == told["before"]
    assert told["again"]["status"] == 302
    assert (told["after"]["cases"], told["after"]["attachments"]) == (1, 1)
    assert sound(told["after"])


def test_a_list_brought_in_on_a_full_disk_stops_and_goes_on_later(small_disk: Office) -> None:
    told = small_disk("importing_on_a_full_disk")
    assert told["sent"]["status"] == 503
    assert FULL in told["sent"]["words"]
    assert told["between"] == told["before"]
    said = {(one["mode"], one["left"]): one for one in told["seen"]}
    assert len(said) == 4
    for (mode, left), one in said.items():
        assert FULL in one["answer"]["words"]
        assert "程序出错" not in one["answer"]["words"] + one["later"]["words"]
        assert one["after"]["cases"] == 0
        assert one["answer"]["status"] == (200 if left else 503)
        if left:  # as much as the run needs to say so
            assert FULL in one["later"]["words"]
            none = "没有导入任何一行。" if mode == "whole" else "还没有导入任何一行，可以接着导入。"
            assert none in one["later"]["words"]
    assert told["after"]["cases"] == 40
    assert sound(told["after"])


def test_a_backup_on_a_full_disk_leaves_nothing(small_disk: Office) -> None:
    told = small_disk("backing_up_on_a_full_disk")
    for one in told["seen"]:
        assert one["status"] == 200
        assert f"没有备份成。{FULL}" in one["words"]
        assert not one["files"]
    assert len(told["again"]["files"]) == 1
    assert sound(told["after"])


def test_a_folder_that_may_only_be_read(small_disk: Office) -> None:
    told = small_disk("in_a_folder_to_be_read_only")
    seen = told["seen"]
    for name in ("case", "paper", "list", "backup", "page"):
        assert seen[name]["status"] == 503
        assert "请检查数据文件夹（YIFA_DATA）是否存在、有没有读写权限" in seen[name]["words"]
    for name in ("command", "begun"):
        assert seen[name]["code"]
        assert seen[name]["words"].startswith("错误：")
        assert "读写权限" in seen[name]["words"]
        assert len(seen[name]["words"].splitlines()) == 1
    assert told["again"]["status"] == 302
    assert (told["after"]["cases"], told["after"]["records"]) == (1, told["before"]["records"] + 2)
    assert sound(told["after"])
