"""A checked copy of the catalogue is as good as the files, and never stands for other files."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest

from yifa.law import keeping, loader
from yifa.law.loader import FOLDER, Catalogue, catalogue, digest_of, keep_in, load_catalogue


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Path]:
    before = loader._place
    yield tmp_path / "cache"
    keep_in(before)


def same(one: Catalogue, other: Catalogue) -> bool:
    alike = all(
        getattr(one, part.name) == getattr(other, part.name)
        for part in fields(Catalogue)
        if part.name != "laws"
    )
    return alike and one.laws.laws == other.laws.laws


def never() -> Catalogue:
    pytest.fail("the files were read although a copy is kept")


def kept(folder: Path, place: Path, load=never) -> Catalogue:
    return keeping.kept(folder, digest_of(folder), place, load)


def test_a_kept_catalogue_is_the_catalogue(place):
    first = kept(FOLDER, place, load_catalogue)
    again = kept(FOLDER, place)
    assert same(first, load_catalogue())
    assert same(again, first)
    assert again.laws.find("行政处罚法") == first.laws.find("行政处罚法")
    assert again.source("petition") == FOLDER / "cases" / "petition.yaml"


def test_the_shipped_catalogue_is_kept_where_one_says(place):
    keep_in(place)
    first = catalogue()
    assert (place / keeping.NAME).is_file()
    keep_in(place)
    assert same(catalogue(), first)


def test_a_changed_file_is_read_anew(place, tmp_path):
    folder = tmp_path / "catalogue"
    shutil.copytree(FOLDER, folder)
    kept(folder, place, lambda: load_catalogue(folder))
    path = folder / "registers" / "fees.yaml"
    path.write_text(path.read_text().replace("title: ", "title: 改过的", 1))
    found = kept(folder, place, lambda: load_catalogue(folder))
    assert found.registers["fees"].title.startswith("改过的")
    assert same(kept(folder, place), found)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda path: path.write_bytes(path.read_bytes()[:5000]),
        lambda path: path.write_bytes(b""),
        lambda path: path.write_bytes(path.read_bytes().split(b"\n", 1)[0] + b"\nno pickle"),
        lambda path: path.chmod(0o666),
    ],
    ids=["cut off", "empty", "not a pickle", "others may write it"],
)
def test_what_cannot_be_trusted_is_passed_over_and_replaced(place, spoil):
    kept(FOLDER, place, load_catalogue)
    spoil(place / keeping.NAME)
    calls = []

    def load() -> Catalogue:
        calls.append(1)
        return load_catalogue()

    assert same(kept(FOLDER, place, load), load_catalogue())
    assert calls == [1]
    kept(FOLDER, place)


def test_another_state_of_the_program_reads_the_files(place, monkeypatch):
    kept(FOLDER, place, load_catalogue)
    monkeypatch.setattr(keeping, "_program", lambda: "later")
    with pytest.raises(pytest.fail.Exception):
        kept(FOLDER, place)


def test_a_place_that_cannot_be_written_is_no_fault(tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("")
    assert same(kept(FOLDER, blocked / "cache", load_catalogue), load_catalogue())


def test_only_its_owner_may_read_and_write_the_copy(place):
    kept(FOLDER, place, load_catalogue)
    assert (place / keeping.NAME).stat().st_mode & 0o077 == 0
