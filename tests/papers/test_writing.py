from __future__ import annotations

import os
from pathlib import Path

import pytest

from yifa.papers.writing import WritingError, refuse_unwritable, written_whole


def test_a_file_is_written_whole(tmp_path: Path) -> None:
    path = tmp_path / "新" / "表.xlsx"
    with written_whole(path) as draft:
        draft.write_text("全", encoding="utf-8")
        assert not path.exists()
        assert draft.suffix == ".xlsx"
    assert path.read_text(encoding="utf-8") == "全"
    umask = os.umask(0)
    os.umask(umask)
    assert path.stat().st_mode & 0o777 == 0o666 & ~umask


def test_a_fault_on_the_way_leaves_the_old_file_and_no_rest(tmp_path: Path) -> None:
    path = tmp_path / "表.xlsx"
    path.write_text("旧", encoding="utf-8")
    with pytest.raises(KeyError), written_whole(path) as draft:
        draft.write_text("半", encoding="utf-8")
        raise KeyError
    assert path.read_text(encoding="utf-8") == "旧"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("refuse", [refuse_unwritable, lambda path: written_whole(path).__enter__()])
def test_a_place_that_cannot_be_written_is_said_in_chinese(tmp_path: Path, refuse: object) -> None:
    (tmp_path / "文件").touch()
    for path, words in (
        (tmp_path, "文件夹"),
        (tmp_path / "文件" / "表.xlsx", "路径"),
        (tmp_path / ("长" * 300), "太长"),
    ):
        with pytest.raises(WritingError) as caught:
            refuse(path)  # type: ignore[operator]
        assert words in caught.value.message
        assert "写不进去" in caught.value.message


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everything")
def test_no_permission(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(WritingError, match="权限"):
        refuse_unwritable(tmp_path / "表.xlsx")
