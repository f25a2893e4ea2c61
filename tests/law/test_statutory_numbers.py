"""Every number of days in the catalogue stands in a verified fact, or in the article's text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from yifa.law.articles import article_numbers
from yifa.law.calendar import default_calendar
from yifa.law.clocks import add
from yifa.law.loader import catalogue
from yifa.law.schema import Duration, Model, Unit

pytestmark = pytest.mark.shared

UNITS = {"working_days": Unit.WORKDAYS, "calendar_days": Unit.DAYS, "months": Unit.MONTHS}
DIGITS = "零一二三四五六七八九"
ARTICLE = re.compile(r"第[零一二三四五六七八九十百]+条")


def in_characters(number: int) -> str:
    """45 → 四十五."""
    if number >= 100:
        rest = number % 100
        return (
            DIGITS[number // 100]
            + "百"
            + ("" if not rest else in_characters(rest) if rest >= 10 else f"零{DIGITS[rest]}")
        )
    tens, ones = divmod(number, 10)
    text = "" if not tens else "十" if tens == 1 else f"{DIGITS[tens]}十"
    return text + (DIGITS[ones] if ones or not tens else "")


def durations(part: object, place: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Duration]]:
    """Every duration within a part of the catalogue."""
    if isinstance(part, Duration):
        yield place, part
    elif isinstance(part, Model):
        for name in type(part).model_fields:
            yield from durations(getattr(part, name), (*place, name))
    elif isinstance(part, Mapping):
        for key, value in part.items():
            yield from durations(value, (*place, key))
    elif isinstance(part, list):
        for value in part:
            yield from durations(value, place)


def numbers_of(article: str | None) -> set[int]:
    return {number for found in ARTICLE.findall(article or "") for number in article_numbers(found) or ()}


@pytest.fixture(scope="module")
def facts(shared: Path) -> dict[str, list[dict[str, Any]]]:
    """The verified facts by the id of their law; "" where the list of laws does not have it."""
    found: dict[str, list[dict[str, Any]]] = {}
    for fact in yaml.safe_load((shared / "law" / "statutory_rules.yaml").read_text("utf-8")):
        title = re.sub(r"[(（]\d{4}[^)）]*[)）]$", "", fact.get("law") or "")
        law = catalogue().laws.find(title) or catalogue().laws.find("", fact.get("law") or "")
        if fact.get("verified") != "unverified":
            found.setdefault(law.id if law is not None else "", []).append(fact)
    return found


@pytest.fixture(scope="module")
def texts(shared: Path) -> dict[str, list[str]]:
    """The texts of laws by the id of their law."""
    found: dict[str, list[str]] = {}
    for path in sorted((shared / "law" / "texts").glob("*.md")):
        law = catalogue().laws.find(path.stem.split("(")[0])
        if law is not None:
            found.setdefault(law.id, []).append(path.read_text("utf-8"))
    return found


def stated(duration: Duration, fact: Mapping[str, Any]) -> bool:
    """Whether a fact gives the number, as its length or in its words."""
    if duration.article and not numbers_of(duration.article) & numbers_of(fact.get("article")):
        return False
    if fact.get("length") == duration.length and UNITS.get(fact.get("unit") or "") is duration.unit:
        return True
    words = " ".join(
        str(fact.get(key) or "")
        for key in ("what_zh", "extension", "excluded_time", "evidence_phrase", "note")
    )
    return in_words(duration, words)


def in_words(duration: Duration, words: str) -> bool:
    length = duration.length or 0
    unit = {Unit.WORKDAYS: "(?:个工作)?日", Unit.DAYS: "日", Unit.MONTHS: "个月"}[duration.unit]
    return re.search(rf"(?<![\d十百{DIGITS}])(?:{length}|{in_characters(length)}){unit}", words) is not None


def on_a_day(duration: Duration, facts: Mapping[str, list[dict[str, Any]]]) -> bool:
    """Whether a fact names the day of the year on which a length counted from the last day of the year before ends."""
    days = {str(fact["due_date"]) for of_law in facts.values() for fact in of_law if fact.get("due_date")}
    last = add(default_calendar(), date(2024, 12, 31), duration.length or 0, duration.unit)
    named = {f"每年{last:%m-%d}", f"每年{last + timedelta(days=1):%m-%d}前"}
    return (duration.note or "").startswith("每年") and bool(named & days)


def articles_text(text: str, wanted: set[int]) -> str:
    """The text of some articles."""
    pieces = re.split(r"(?m)^(?=第[零一二三四五六七八九十百]+条[\s\u3000])", text)
    return " ".join(piece for piece in pieces if numbers_of(piece[:12]) & wanted)


def test_every_length_stands_in_a_verified_fact_or_in_the_law(
    facts: dict[str, list[dict[str, Any]]], texts: dict[str, list[str]]
) -> None:
    checked = 0
    without: list[str] = []
    for name, case_type in catalogue().case_types.items():
        for place, duration in durations(case_type):
            if not duration.length:  # 0: the last day of another clock, or a date that stands in the document
                continue
            law = catalogue().laws.find(duration.law)
            assert law is not None
            checked += 1
            known = any(stated(duration, fact) for fact in facts.get(law.id, [])) or on_a_day(duration, facts)
            wanted = numbers_of(duration.article)
            known = known or any(
                in_words(duration, articles_text(text, wanted)) for text in texts.get(law.id, [])
            )
            if not known:
                without.append(
                    f"{name}.{'.'.join(place[1:])}: {duration.law}{duration.article} {duration.length}"
                )
    print(f"{checked} lengths, {len(without)} without a verified fact: {without}")
    assert checked > 100
    assert without == []


def test_a_length_names_its_article_where_the_law_has_articles() -> None:
    for name, case_type in catalogue().case_types.items():
        for place, duration in durations(case_type):
            law = catalogue().laws.find(duration.law)
            if duration.length is not None and law is not None and law.level not in {"政策文件", "地方文件"}:
                assert duration.article, (name, place)


@pytest.mark.parametrize(
    ("number", "text"),
    [(3, "三"), (10, "十"), (15, "十五"), (20, "二十"), (45, "四十五"), (105, "一百零五"), (120, "一百二十")],
)
def test_numbers_in_characters(number: int, text: str) -> None:
    assert in_characters(number) == text
