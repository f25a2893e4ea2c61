"""Made-up reports of any length that have nothing in common but the language."""

from __future__ import annotations

import random
import re

_WORDS = re.findall(
    r"\w+",
    (
        "堤坝 茶山 渡船 晒场 祠堂 石磨 竹筏 稻种 苗圃 窑口 卷宗 公章 笔录 证件 样本 仓单 田契 摊位 桥墩 井台 "
        "老支书 船工 匠人 驻村员 记录员 摊主 林农 渔户 清点 誊写 封存 勘丈 复核 张贴 收讫 归档 退回 劝和 登门 抽签 "
        "当面 逐户 次日 晌午 汛前 雨后 南岸 北坡 东街 西巷 旧址 新村 半山 下游 一并 分头 照旧 重新 悄悄 慢慢"
    ),
)


def sentence(choice: random.Random) -> str:
    words = "".join(choice.choices(_WORDS, k=choice.randint(8, 16)))
    return f"{words}，{''.join(choice.choices(_WORDS, k=6))}{choice.randint(2, 999)}件。"


def report(seed: int, sentences: int = 60) -> str:
    """Paragraphs of four sentences under a title."""
    choice = random.Random(seed)
    made = [sentence(choice) for _ in range(sentences)]
    return "\n".join("".join(made[start : start + 4]) for start in range(0, sentences, 4))
