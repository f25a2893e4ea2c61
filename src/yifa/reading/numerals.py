"""Numbers written in Chinese characters."""

from __future__ import annotations

from functools import lru_cache

DIGITS = {
    "〇": 0, "零": 0, "○": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4,
    "五": 5, "六": 6, "七": 7, "八": 8, "九": 9,
}  # fmt: skip
PLACES = {"十": 10, "百": 100, "千": 1000}
SCALES = {"": 1, "十": 10, "百": 100, "千": 1000, "万": 10**4, "十万": 10**5, "百万": 10**6, "千万": 10**7,
          "亿": 10**8, "个亿": 10**8, "万亿": 10**12}  # fmt: skip
NOUGHTS = dict.fromkeys(map(ord, "OＯ０"), "〇")
FORMAL = str.maketrans("壹贰叁肆伍陆柒捌玖拾佰仟", "一二三四五六七八九十百千")  # as on cheques
CHARACTERS = "〇零○一二两三四五六七八九十百千万亿"


@lru_cache(maxsize=4096)  # a text writes the same few numbers again and again
def chinese_number(text: str) -> int | None:
    """The value of 「三十六」「二〇一九」「六千」「百」; None where the characters make no number."""
    if not text or any(char not in CHARACTERS for char in text):
        return None
    if len(text) > 1 and all(char in DIGITS for char in text):
        return int("".join(str(DIGITS[char]) for char in text))
    for scale, size in (("亿", 10**8), ("万", 10**4)):
        if scale in text:
            head, _, tail = text.rpartition(scale)
            upper = chinese_number(head) if head else 1
            lower = chinese_number(tail) if tail else 0
            return None if upper is None or lower is None else upper * size + lower
    return _below_ten_thousand(text)


def _below_ten_thousand(text: str) -> int | None:
    total, digit, last_place = 0, None, 10_000
    for char in text:
        if char in DIGITS:
            if digit not in (None, 0):
                return None
            digit = DIGITS[char]
            continue
        place = PLACES[char]
        if place >= last_place:
            return None
        total += (1 if digit is None else digit) * place
        digit, last_place = None, place
    return total + (digit or 0)


@lru_cache(maxsize=4096)
def integer(text: str) -> int | None:
    """The value of arabic or Chinese digits; the first month may be called 元月, a nought written as a letter."""
    if text == "元":
        return 1
    text = text.translate(NOUGHTS)
    return int(text) if text.isascii() and text.isdigit() else chinese_number(text)
