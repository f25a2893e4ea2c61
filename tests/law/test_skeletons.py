"""A new file of the catalogue is valid as it is written."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from yifa.law.errors import YifaError
from yifa.law.flow import flow
from yifa.law.loader import FOLDER, catalogue, check_catalogue, load_catalogue
from yifa.law.skeletons import SKELETONS, skeleton


@pytest.mark.parametrize(
    ("kind", "of"),
    [
        ("case", None),
        ("register", None),
        ("counting", "petition"),
        ("counting", "powers"),
        ("gap", "petition"),
        ("gap", "powers"),
        ("document", "petition"),
    ],
)
def test_a_skeleton_is_valid_and_in_the_catalogue(kind: str, of: str | None, tmp_path: Path) -> None:
    folder = tmp_path / "catalogue"
    shutil.copytree(FOLDER, folder)
    text = skeleton(kind, "made_for_a_test", title="试办", law="行政许可法", of=of, known=catalogue())
    (folder / SKELETONS[kind] / "made_for_a_test.yaml").write_text(text, "utf-8")
    assert [error.message for error in check_catalogue(folder)] == []
    assert load_catalogue(folder).source("made_for_a_test").stem == "made_for_a_test"


@pytest.mark.parametrize(
    ("name", "law", "of", "words"),
    [
        ("Made", "行政许可法", "powers", "小写英文"),
        ("powers", "行政许可法", "powers", "已有"),
        ("made", "没有的法", "powers", "没有《没有的法》"),
        ("made", "行政许可法", None, "--of"),
        ("made", "行政许可法", "nothing", "--of"),
    ],
)
def test_what_cannot_be_made_is_refused_in_words(name: str, law: str, of: str | None, words: str) -> None:
    with pytest.raises(YifaError, match=words):
        skeleton("counting", name, title="试办", law=law, of=of, known=catalogue())


@pytest.mark.parametrize("name", sorted(catalogue().case_types))
def test_the_flow_draws_every_act_once_and_names_no_other(name: str) -> None:
    case_type = catalogue().case_types[name]
    lines = flow(case_type).splitlines()[1:]
    arrows = [line for line in lines if any(arrow in line for arrow in ("-->", "-.->", "==>"))]
    drawn = [re.split(r"[\[(]", line)[0].strip() for line in lines if line not in arrows]
    assert drawn == [f"n_{act}" for act in case_type.acts]
    ends = {end for line in arrows for end in (line.split()[0], line.split()[-1])}
    assert ends <= set(drawn)
