"""A list to try the import with: tickets of a hotline as its platform exports them, with a few faults. Invented."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Sequence
from datetime import date, timedelta

from yifa.law.phrases import day as in_chinese

HEADS = (
    "工单编号", "来源", "诉求类型", "所属领域", "诉求标题", "来电人", "受理时间", "派单时间", "承办单位", "答复时间", "办理结果",
    "回访时间", "满意度", "办结时间",
)  # fmt: skip
CHANNELS = ("12345热线", "12345热线", "12345热线", "12315热线", "领导信箱")
KINDS = ("咨询", "求助", "投诉", "举报", "建议")
AREAS = ("市容环境", "交通出行", "物业管理", "劳动保障", "教育", "供水供电", "市场消费")
THINGS = (
    "小区路灯不亮",
    "夜间施工噪声",
    "占道经营",
    "欠付工资",
    "公交班次太少",
    "停水没有通知",
    "办证材料不清楚",
    "井盖破损",
    "商品不退款",
)
PLACES = ("东街", "河西小区", "新城大道", "南门市场", "三里村", "桥头", "工业园")
FAMILIES = "赵钱孙李周吴郑王冯陈"
RESULTS = ("已解决", "已解决", "已解释说明", "列入计划逐步解决")
RATINGS = ("满意", "基本满意", "不满意", "未接通或者拒绝评价")


def tickets(
    many: int, units: Sequence[str], last: date, *, faults: int = 0, seed: int = 1, prefix: str = "GD"
) -> list[list[str]]:
    """Rows under HEADS; `faults` of them have one cell that cannot be right."""
    chance = random.Random(seed)  # noqa: S311 - invents, does not protect
    rows = [_ticket(place, units, last, chance, prefix) for place in range(many)]
    for number, place in enumerate(sorted(chance.sample(range(many), min(faults, many)))):
        _spoil(rows[place], number)
    return rows


def _ticket(place: int, units: Sequence[str], last: date, chance: random.Random, prefix: str) -> list[str]:
    received = last - timedelta(days=chance.randint(1, 300))
    sent = received + timedelta(days=chance.choice((0, 0, 1)))
    answered = sent + timedelta(days=chance.choice((1, 2, 3, 4, 5, 8, 15)))
    rated = answered + timedelta(days=chance.choice((1, 2)))
    done, called = answered <= last, rated <= last
    return [
        f"{prefix}{last.year}{place + 1:06}",
        chance.choice(CHANNELS),
        chance.choice(KINDS),
        chance.choice(AREAS),
        f"{chance.choice(PLACES)}{chance.choice(THINGS)}",
        f"{chance.choice(FAMILIES)}某{chance.randint(1000, 9999)}",
        _day(received, place),
        _day(sent, place),
        chance.choice(units),
        _day(answered, place) if done else "",
        chance.choice(RESULTS) if done else "",
        _day(rated, place) if called else "",
        chance.choice(RATINGS) if called else "",
        _day(rated, place) if called else "",
    ]


def _day(day: date, place: int) -> str:
    """Days as such exports write them: not all alike."""
    if place % 7 == 3:
        return f"{day:%Y/%-m/%-d}"
    if place % 11 == 5:
        return in_chinese(day)
    return f"{day:%Y-%m-%d} {8 + place % 9:02}:{place % 60:02}:00"


def _spoil(row: list[str], number: int) -> None:
    """One fault of a kind that happens."""
    column, wrong = (
        (6, "2025-02-30"),
        (1, "热线电话"),
        (8, "不存在的单位"),
        (0, ""),
        (4, ""),
        (10, "办好了"),
    )[number % 6]
    if column == 10 and not row[9]:
        column, wrong = 6, "上周三"
    row[column] = wrong


def as_csv(rows: Sequence[Sequence[str]], encoding: str = "gb18030") -> bytes:
    """The rows with their heads as a file that Chinese spreadsheets open."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(HEADS)
    writer.writerows(rows)
    return text.getvalue().encode(encoding)
