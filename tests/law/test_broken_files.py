"""Broken catalogue files: each names where it goes, the words its message must contain, and marks the line.

# file: cases/broken.yaml          its place in the sound catalogue beside this folder
# says: words | more words         all must stand in one message
… # <--                            the line the message must name
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from yifa.law.loader import InvalidCatalogueError, check_catalogue, load_catalogue

HERE = Path(__file__).parent
BROKEN = sorted((HERE / "broken").glob("*.yaml"))
SOUND = HERE / "sound"


def _header(lines: list[str], key: str) -> str:
    return next(line.removeprefix(f"# {key}: ") for line in lines if line.startswith(f"# {key}: "))


@pytest.fixture
def sound(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SOUND, tmp_path / "catalogue"))


def test_the_sound_catalogue_is_sound(sound: Path) -> None:
    assert [str(e) for e in check_catalogue(sound)] == []


def test_there_are_many_broken_files() -> None:
    assert len(BROKEN) >= 20


@pytest.mark.parametrize("path", BROKEN, ids=lambda p: p.stem)
def test_the_message_says_file_line_and_what(path: Path, sound: Path) -> None:
    text = path.read_text(encoding="utf-8")
    lines = text.splitlines()
    file, words = _header(lines, "file"), _header(lines, "says").split(" | ")
    line = next(n for n, content in enumerate(lines, start=1) if content.endswith("# <--"))
    (sound / file).parent.mkdir(exist_ok=True)
    (sound / file).write_text(text, encoding="utf-8")
    errors = check_catalogue(sound)
    assert [e.file for e in errors] == [file], [str(e) for e in errors]
    (error,) = errors
    assert error.line == line, str(error)
    for word in words:
        assert word in error.message
    assert f"{file} 第 {line} 行" in error.message
    with pytest.raises(InvalidCatalogueError) as raised:
        load_catalogue(sound)
    assert error.message in str(raised.value)


def test_every_error_is_found_not_only_the_first(sound: Path) -> None:
    for path in BROKEN:
        lines = path.read_text(encoding="utf-8").splitlines()
        file = _header(lines, "file")
        if file == "cases/broken.yaml":
            (sound / "cases" / f"broken_{path.stem}.yaml").write_text("\n".join(lines), encoding="utf-8")
    assert {e.file for e in check_catalogue(sound)} >= {
        f"cases/broken_{p.stem}.yaml"
        for p in BROKEN
        if "file: cases/broken.yaml" in p.read_text(encoding="utf-8")
    }


def test_an_empty_file(sound: Path) -> None:
    (sound / "cases" / "nothing.yaml").write_text("", encoding="utf-8")
    (sound / "cases" / "remarks.yaml").write_text("# 只有注释\n", encoding="utf-8")
    assert [(e.file, e.what) for e in check_catalogue(sound)] == [
        ("cases/nothing.yaml", "文件是空的"),
        ("cases/remarks.yaml", "文件是空的"),
    ]


def test_a_file_in_another_encoding(sound: Path) -> None:
    (sound / "cases" / "old.yaml").write_bytes("case_type: old\ntitle: 许可".encode("gb18030"))
    (error,) = check_catalogue(sound)
    assert error.line == 2
    assert "UTF-8" in error.message


def test_a_file_with_the_wrong_suffix_is_not_passed_over_in_silence(sound: Path) -> None:
    (sound / "cases" / "permit.yaml").rename(sound / "cases" / "permit.yml")
    assert any(e.file == "cases/permit.yml" and ".yaml" in e.what for e in check_catalogue(sound))


def test_a_missing_list_of_laws(sound: Path) -> None:
    (sound / "laws.yaml").unlink()
    assert any(e.file == "laws.yaml" and "缺少法律目录" in e.what for e in check_catalogue(sound))


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(InvalidCatalogueError, match="没有这个目录文件夹"):
        load_catalogue(tmp_path / "nowhere")
