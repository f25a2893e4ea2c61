"""The record of a draw: made again from the file alone, and every change of it found."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from yifa.cli import run
from yifa.draws import (
    OBJECTS,
    PEOPLE,
    Again,
    DrawError,
    Factor,
    Item,
    Matching,
    Paper,
    Rules,
    Seed,
    Side,
    differences,
    make,
    pool,
    prepare,
    read,
    write,
)

SEED = Seed("3876.34", "上海证券交易所当日收盘指数", date(2026, 3, 3))
ON = date(2026, 3, 4)


def planned(**changed: Any) -> Paper:
    objects = pool(
        [
            Item(f"O{n}", f"厂{n}", unit="住建局" if n == 3 else "", facets=("ABCD"[n % 4],))
            for n in range(12)
        ],
        ("风险",),
    )
    people = pool(
        [Item(f"P{n}", f"员{n}", unit="市监局", excluded="休假" if n == 5 else "") for n in range(6)]
    )
    weights = (Factor("风险", "D", Fraction(3)),)
    sides = (Side(OBJECTS, objects, Rules(4, weights, ("住建局",)), ""), Side(PEOPLE, people, Rules(3), ""))
    paper = Paper("餐饮抽查", "市监局", date(2026, 3, 2), "3月3日收盘指数", sides, matching=Matching(2))
    return prepare(replace(paper, **changed))


def made() -> Paper:
    return make(planned(), SEED, ON)


def test_a_draw_is_made_again_from_its_file_alone() -> None:
    text = write(made())
    assert read(text) == made()
    assert differences(read(text)) == ()
    assert len(read(text).sides[0].drawn) == 4 and read(text).matching.pairs  # type: ignore[union-attr]


def test_a_prepared_draw_says_that_it_is_not_made() -> None:
    assert differences(planned()) == ("名录已经封存，还没有抽取：记录里没有种子和抽取日期。",)


def change_pool(plain: dict[str, Any]) -> None:
    plain["sides"][0]["pool"]["items"][0]["name"] = "另一厂"


def change_seed(plain: dict[str, Any]) -> None:
    plain["seed"]["text"] = "3876.35"


def early_seed(plain: dict[str, Any]) -> None:
    plain["seed"]["on"] = "2026-03-02"


def drop_excluded(plain: dict[str, Any]) -> None:
    plain["sides"][0]["excluded"] = []


def other_reason(plain: dict[str, Any]) -> None:
    plain["sides"][1]["excluded"][0][1] = "权重为零"


def exclude_more(plain: dict[str, Any]) -> None:
    plain["sides"][1]["excluded"].append(["P0", "近期已经抽中"])


def put_in(plain: dict[str, Any]) -> None:
    drawn = {lot["id"] for lot in plain["sides"][0]["drawn"]}
    plain["sides"][0]["drawn"][0]["id"] = next(f"O{n}" for n in range(12) if f"O{n}" not in drawn and n != 3)


def other_order(plain: dict[str, Any]) -> None:
    plain["sides"][0]["drawn"].reverse()


def other_key(plain: dict[str, Any]) -> None:
    plain["sides"][0]["drawn"][0]["key"] = "0.1"


def other_pair(plain: dict[str, Any]) -> None:
    plain["matching"]["pairs"][0]["people"].reverse()


def more_pairs(plain: dict[str, Any]) -> None:
    plain["matching"]["pairs"].append({"object": "O3", "people": ["P0", "P1"]})


def fewer_pool(plain: dict[str, Any]) -> None:
    plain["sides"][1]["pool"]["items"] = plain["sides"][1]["pool"]["items"][:2]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (change_pool, "检查对象名录的摘要应为"),
        (change_seed, "没有抽中，记录为抽中"),
        (early_seed, "可以挑选"),
        (drop_excluded, "应当排除（属于应当回避的单位）"),
        (other_reason, "排除的理由应为“申报回避或者人工排除”"),
        (exclude_more, "不应当排除"),
        (put_in, "应当抽中，记录里没有"),
        (other_order, "先后次序不对"),
        (other_key, "记录为1和0.1|记录为3和0.1"),
        (other_pair, "的检查人员应为"),
        (more_pairs, "没有抽中，记录里却配了"),
        (fewer_pool, "抽不出来"),
    ],
)
def test_every_change_of_the_file_is_found_and_said(
    change: Callable[[dict[str, Any]], None], words: str
) -> None:
    import re

    plain = json.loads(write(made()))
    change(plain)
    found = differences(read(json.dumps(plain)))
    assert any(re.search(words, one) for one in found), found
    assert any("整份记录的摘要" in one for one in found)


@pytest.mark.parametrize(
    ("seed", "words"),
    [
        (replace(SEED, on=date(2026, 3, 2)), "可以挑选"),
        (replace(SEED, on=date(2026, 3, 5)), "晚于抽取日"),
        (replace(SEED, source=" "), "公布来源"),
        (replace(SEED, text="1\n2"), "换行"),
    ],
)
def test_a_seed_that_could_be_chosen_is_refused(seed: Seed, words: str) -> None:
    with pytest.raises(DrawError, match=words):
        make(planned(), seed, ON)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"announced": ""}, "用什么作种子"),
        ({"again": Again("ab", " ")}, "重抽要写明理由"),
        ({"sides": planned().sides[:1]}, "两个名录"),
    ],
)
def test_a_draw_is_not_closed_without_its_rule(changed: dict[str, Any], words: str) -> None:
    with pytest.raises(DrawError, match=words):
        planned(**changed)


def test_the_command_verifies_without_a_database(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first, again = tmp_path / "一.json", tmp_path / "二.json"
    first.write_text(write(made()), encoding="utf-8")
    other = make(planned(again=Again(made().digest, "抽中人员住院")), replace(SEED, text="3901.07"), ON)
    again.write_text(write(other), encoding="utf-8")
    assert run(["draw", "verify", str(first), str(again)]) == 0
    told = capsys.readouterr().err
    assert "重算结果全部相符" in told and "抽中人员住院" in told
    plain = json.loads(write(made()))
    change_seed(plain)
    first.write_text(json.dumps(plain), encoding="utf-8")
    assert run(["draw", "verify", "--json", str(first)]) == 1
    assert "没有抽中，记录为抽中" in "".join(json.loads(capsys.readouterr().out)["differences"])


@pytest.mark.parametrize(
    ("content", "words"), [("不是", "不是 JSON"), ('{"title": "x"}', "缺少“organization”"), (None, "打不开")]
)
def test_a_file_that_is_no_record_is_told_apart(
    content: str | None, words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "记录.json"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    assert run(["draw", "verify", str(path)]) == 2
    assert words in "".join(capsys.readouterr().err.split("\n"))
