"""A new text of a law: what it touches, and the catalogue as it will be."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from yifa.law.amending import Amending, AmendmentError, amended, read_amendment
from yifa.law.loader import catalogue
from yifa.procedures import engine
from yifa.procedures.model import Act, Context

NEW = """
law: 行政处罚法
effective: 2026-03-01
kind: 修订
articles: 90
changed: [第六十条]
durations:
  - {case_type: administrative_penalty, clock: decision, article: 第六十条, length: 60, unit: days}
"""


def written(folder: Path, text: str = NEW) -> Path:
    path = folder / "新法.yaml"
    path.write_text(text, "utf-8")
    return path


def laid(folder: Path, text: str = NEW) -> Amending:
    return Amending(catalogue(), read_amendment(written(folder, text), catalogue()))


def test_what_cites_the_article_is_touched_and_nothing_else(tmp_path: Path) -> None:
    touched = laid(tmp_path).touched()
    assert ("case_type", "administrative_penalty") in {(one.kind, one.id) for one in touched}
    clock = catalogue().case_types["administrative_penalty"].clocks["decision"]
    assert clock.title in {one.place for one in touched}
    assert all("第六十条" in one.cites or one.cites == "全文" for one in touched)
    assert not {one.id for one in touched} & {"reconsideration", "petition", "information_request"}


def test_a_whole_new_text_touches_all_that_rests_on_the_law(tmp_path: Path) -> None:
    some, all_ = laid(tmp_path), laid(tmp_path, NEW.replace("changed: [第六十条]\n", ""))
    assert set(some.touched()) < set(all_.touched())


def test_cases_keep_the_law_under_which_they_began(tmp_path: Path) -> None:
    """90 days from 27 February 2026 end on 28 May; 60 days from 2 March on 1 May."""
    case_type = laid(tmp_path).after().case_types["administrative_penalty"]

    def due(on: date) -> date | None:
        state = engine.state(case_type, {}, (Act("file", on),), Context(on=on))
        return state.clocks["decision"].due

    assert due(date(2026, 2, 27)) == date(2026, 5, 28)
    assert due(date(2026, 3, 2)) == date(2026, 5, 1)


def test_the_list_of_laws_knows_the_new_text(tmp_path: Path) -> None:
    laws = laid(tmp_path).after().laws
    law = laws.find("行政处罚法")
    assert law is not None
    assert laws.articles(law, date(2026, 3, 1)) == 90
    assert laws.articles(law, date(2026, 2, 28)) == catalogue().laws.articles(law, date(2026, 2, 28))


def test_nothing_of_the_shipped_catalogue_changes(tmp_path: Path) -> None:
    before = catalogue().case_types["administrative_penalty"]
    laid(tmp_path).after()
    assert catalogue().case_types["administrative_penalty"] is before


def test_texts_of_a_folder_follow_one_another(tmp_path: Path) -> None:
    (tmp_path / "1.yaml").write_text(NEW, "utf-8")
    (tmp_path / "2.yaml").write_text(NEW.replace("2026-03-01", "2027-01-01").replace("60,", "45,"), "utf-8")
    durations = amended(tmp_path, catalogue()).case_types["administrative_penalty"].clocks["decision"].at_most
    assert durations is not None
    assert [(one.length, one.valid_from, one.valid_to) for one in durations][-2:] == [
        (60, date(2026, 3, 1), date(2026, 12, 31)),
        (45, date(2027, 1, 1), None),
    ]
    assert amended(tmp_path / "nothing", catalogue()) is catalogue()


def test_a_text_that_a_new_release_knows_is_passed_over(tmp_path: Path) -> None:
    written(tmp_path)
    known = laid(tmp_path).after()
    assert amended(tmp_path, known) is known


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("行政处罚法", "行政惩罚法"), "没有《行政惩罚法》"),
        (("2026-03-01", "2021-07-15"), "晚于现有文本的施行日期"),
        (("clock: decision", "clock: decide"), "没有“decide”这个时限"),
        (("[第六十条]", "[六十条]"), "第六十条"),
        (("case_type: administrative_penalty", "case_type: penalty"), "没有“penalty”"),
        (("length: 60", "length: 六十"), "length"),
        (("kind: 修订", "kind: 新订"), "kind"),
    ],
)
def test_a_wrong_file_is_refused_with_its_line(tmp_path: Path, change: tuple[str, str], words: str) -> None:
    with pytest.raises(AmendmentError, match=r"第 \d+ 行") as refused:
        read_amendment(written(tmp_path, NEW.replace(*change)), catalogue())
    assert words in refused.value.message
