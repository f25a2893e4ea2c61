"""The five papers against what a careful reader wrote down."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from yifa.reading import read
from yifa.reading.load import load_file
from yifa.reading.repair import repair

pytestmark = pytest.mark.shared
RECALL = PRECISION = 0.97


def test_figures(shared: Path) -> None:
    gold = json.loads((shared / "gold" / "figures.json").read_text(encoding="utf-8"))
    right = alike = found = expected = 0
    for name, figures in gold.items():
        path = shared / "sources" / name
        tracked, _ = repair(load_file(path)[0].text)
        left = list(figures)
        for figure in read(path).figures:
            found += 1
            start, end = tracked.origin(figure.span)
            hit = next(
                (
                    g
                    for g in left
                    if g["start"] < end and start < g["end"] and abs(g["value"] - figure.value) < 1e-9
                ),
                None,
            )
            if hit is not None:
                left.remove(hit)
                right += 1
                alike += hit["unit"] == figure.unit and hit["approx"] == figure.approx.value
        expected += len(figures)
    print(
        f"figures: recall {right / expected:.3f}, precision {right / found:.3f}, unit and approximation {alike / right:.3f}"
    )
    assert right / expected >= RECALL
    assert right / found >= PRECISION
    assert alike / right >= 0.97


def test_documents(shared: Path) -> None:
    gold = json.loads((shared / "gold" / "documents.json").read_text(encoding="utf-8"))
    for name, expected in gold.items():
        document = read(shared / "sources" / name)
        assert document.kind.value == expected["kind"], name
        assert document.year == expected["year"], name
        assert document.issuer is not None
        assert expected["issuer"] in document.issuer, name
        assert document.title == expected["title"], name
        assert (document.dated.isoformat() if document.dated else None) == expected["dated"], name
        levels = Counter(str(heading.level) for heading in document.headings())
        assert dict(levels) == expected["outline"], name
        if "tasks" in expected:
            assert len(document.tasks) == expected["tasks"]
            assert len(document.targets) == expected["targets"]


def test_the_plan(shared: Path) -> None:
    document = read(next((shared / "sources").glob("001_*")))
    zone, towns = ("管委会",), ("各乡(镇)办事处",)
    assert [(t.compare, t.value, t.unit, t.who, t.per) for t in document.targets] == [
        (">=", 4, "次", zone, "year"),
        (">=", 1, "次", zone, "year"),
        (">=", 1, "期", towns, "year"),
        (">=", 1, "次", zone, "year"),
        (">=", 1, "次", zone, "year"),
    ]
    by_number = {task.number: task for task in document.tasks}
    assert by_number["(二十九)"].targets == (0, 1, 2)
    assert by_number["(三十一)"].targets == (3, 4)
    assert len({task.chapter for task in document.tasks}) == 10
    assert all(task.due is None and not task.lead for task in document.tasks)


def test_tampering_and_damage(shared: Path) -> None:
    town = read(next((shared / "sources").glob("003_*")))
    injected = [mark for mark in town.marks if mark.kind == "injected"]
    assert len(injected) == 2
    assert town.issuer == "园洲镇人民政府"
    mirror = read(next((shared / "sources").glob("002_*")))
    times = {
        mark.detail["what"]: int(mark.detail["times"]) for mark in mirror.marks if mark.kind == "damaged"
    }
    assert times["inserted_pinyin"] == 127
    assert times["traditional"] > 500


def test_parts_and_wholes(shared: Path) -> None:
    zone = read(next((shared / "sources").glob("000_*")))
    whole = next(i for i, figure in enumerate(zone.figures) if figure.value == 655)
    assert [figure.value for figure in zone.figures if figure.part_of == whole] == [12, 31, 42, 443, 5]
    bureau = read(next((shared / "sources").glob("004_*")))
    parts = {
        figure.text: [part.value for part in bureau.figures if part.part_of == place]
        for place, figure in enumerate(bureau.figures)
    }
    assert parts["108项"] == [63, 45]
    assert parts["54项"] == [12, 17, 25]
