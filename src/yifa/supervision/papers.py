"""The record of a draw on paper, as it is signed and kept with the file it served."""

from __future__ import annotations

from pathlib import Path

from yifa.draws.explaining import explained
from yifa.draws.paper import Paper, Side
from yifa.law.phrases import day
from yifa.papers.word import OfficialPaper

MOST = 100  # left out, by name
NUMBERS = "一二三四五六七八九十"


def write_record(path: Path, paper: Paper, purpose: str) -> None:
    """Pools, rules, seed, what was drawn and matched, who was left out and why, room to sign."""
    word = OfficialPaper(f"{paper.title}抽取记录", paper.organization)
    word.title(f"{paper.title}抽取记录")
    word.heading(1, "一、抽取的依据和种子")
    word.table(_facts(paper, purpose), [5, 18])
    for place, side in enumerate(paper.sides):
        word.heading(1, f"{NUMBERS[place + 1]}、{side.role}")
        _side(word, side)
    if paper.matching is not None and paper.matching.pairs:
        _pairs(word, paper, NUMBERS[len(paper.sides) + 1])
    word.paragraph("以上内容可以凭同名的记录文件用“依法”或者公布的算法重新计算核对。")
    word.blanks("抽取人", "监督人")
    word.signature(paper.organization, day(paper.drawn_on or paper.closed_on))
    word.save(path)


def _facts(paper: Paper, purpose: str) -> list[list[str]]:
    seed = paper.seed
    rows = [
        ["事项", "内容"],
        ["抽取用途", purpose],
        ["抽取单位", paper.organization],
        ["名录封存", day(paper.closed_on)],
        ["约定的种子", paper.announced],
        ["公布的种子", f"{seed.text}（{seed.source}，{day(seed.on)}公布）" if seed else "待公布"],
        ["抽取日期", day(paper.drawn_on) if paper.drawn_on else "待抽取"],
    ]
    if paper.again is not None:
        rows.append(["重抽的理由", paper.again.reason])
    return [*rows, ["记录摘要（SM3）", paper.digest]]


def _side(word: OfficialPaper, side: Side) -> None:
    """One pool: its size and digest, its rules, what was drawn, who was left out."""
    rules, items = side.rules, {item.id: item for item in side.pool.items}
    word.paragraph(f"名录{len(items)}个，抽{rules.take}个。{_rules(side)}名录摘要（SM3）：")
    word.flush(side.digest)
    if side.drawn:
        rows, widths = _drawn(side)
        word.table(rows, widths, centred={0, len(widths) - 1})
    if side.excluded:
        word.paragraph(f"没有参加抽取的{len(side.excluded)}个：")
        for id_, reason in side.excluded[:MOST]:
            word.paragraph(f"{items[id_].name or id_}：{explained(items[id_], reason, side)}。")
        if len(side.excluded) > MOST:
            word.paragraph(f"另有{len(side.excluded) - MOST}个，见记录文件。")


def _drawn(side: Side) -> tuple[list[list[str]], list[float]]:
    """The table of what was drawn and its widths; without the column of units where nothing has one."""
    items = {item.id: item for item in side.pool.items}
    rows = [["次序", "抽中", "单位", "分类", "权重"]]
    for lot in side.drawn:
        item = items[lot.id]
        rows.append(
            [str(lot.place), item.name or item.id, item.unit, "、".join(item.facets), str(lot.weight)]
        )
    if any(row[2] for row in rows[1:]):
        return rows, [2, 9, 6, 5, 2]
    return [row[:2] + row[3:] for row in rows], [2, 13, 7, 2]


def _rules(side: Side) -> str:
    rules = side.rules
    said = [f"“{one.facet}”为“{one.value}”的，权重乘以{one.times}。" for one in rules.factors]
    if rules.rest_days:
        said.append(f"{rules.rest_days}日内抽过的不再抽。")
    if rules.not_units:
        said.append(f"{'、'.join(rules.not_units)}的不抽。")
    return "".join(said) or "各个权重相同，或者照名录所填。"


def _pairs(word: OfficialPaper, paper: Paper, number: str) -> None:
    assert paper.matching is not None  # noqa: S101 - the caller has looked
    things, people = ({item.id: item.name or item.id for item in side.pool.items} for side in paper.sides)
    word.heading(1, f"{number}、配对")
    rows = [["序号", paper.sides[0].role, paper.sides[1].role]]
    for place, pair in enumerate(paper.matching.pairs, 1):
        names = "、".join(people.get(one, one) for one in pair.people)
        rows.append([str(place), things.get(pair.object, pair.object), names])
    word.table(rows, [2, 13, 8], centred={0})
