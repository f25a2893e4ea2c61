"""Plain text in UTF-8, UTF-16 with a mark, GB18030 or Big5."""

from __future__ import annotations

import codecs
import re

from yifa.reading.errors import ReadingError
from yifa.reading.load.loaded import Loaded

MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
FREQUENT = re.compile("[的一、，。和在法年政工作府建行設设不是及依理規规]")
CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
WIDE = ("utf-16-le", "utf-16-be")  # without a mark
CHINESE_WIDE = 0.06  # likeness that bytes of another encoding do not reach by chance
TOLERABLE = 0.01  # share of undecodable characters a text may have and still be read, with a mark


def load_plain(data: bytes, name: str) -> Loaded:
    """The text with the encoding it was in."""
    text, encoding, damage = decode(data, name)
    return Loaded(text, "txt", encoding, damage)


def decode(data: bytes, name: str, declared: str | None = None) -> tuple[str, str, tuple[str, ...]]:
    """Text, encoding, and what was damaged. A byte order mark decides, then strict UTF-8, then what fits Chinese."""
    for mark, encoding in MARKS:
        if data.startswith(mark):
            return _checked(*_tolerable(_attempt(data[len(mark) :], encoding), name), name)
    try:
        return _checked(data.decode("utf-8"), "utf-8", (), name)
    except UnicodeDecodeError:
        pass
    wide = max(
        (_strict(data, encoding) or ("", "") for encoding in WIDE), key=lambda item: _likeness(item[0])
    )
    if _likeness(wide[0]) > CHINESE_WIDE:
        return _checked(*wide, (), name)
    if data.count(b"\x00") > len(data) // 200:
        raise _binary(name)
    strict = [
        text for text in (_strict(data, encoding) for encoding in ("gb18030", "big5")) if text is not None
    ]
    best = max(strict, key=lambda item: _likeness(item[0]), default=None)
    if best is not None and _likeness(best[0]) > 0.02:
        return _checked(best[0], best[1], (), name)
    if declared and "big5" in declared.lower():
        return _checked(*_tolerable(_attempt(data, "big5"), name), name)
    tolerant = [_attempt(data, encoding) for encoding in ("utf-8", "gb18030", "big5")]
    return _checked(*_tolerable(min(tolerant, key=lambda item: item[2]), name), name)


def _strict(data: bytes, encoding: str) -> tuple[str, str] | None:
    try:
        return data.decode(encoding), encoding
    except UnicodeDecodeError:
        return None


def _attempt(data: bytes, encoding: str) -> tuple[str, str, int]:
    text = data.decode(encoding, "replace")
    return text, encoding, text.count("\ufffd")


def _tolerable(attempt: tuple[str, str, int], name: str) -> tuple[str, str, tuple[str, ...]]:
    """The text with a note of the characters lost; refused where they are too many."""
    text, encoding, bad = attempt
    if bad > TOLERABLE * len(text):
        raise _binary(name)
    return text, encoding, (f"有 {bad} 处字符无法按 {encoding} 编码还原",) if bad else ()


def _likeness(text: str) -> float:
    """How much a text looks like Chinese: the share of the most frequent characters."""
    sample = text[:20_000]
    return sum(1 for _ in FREQUENT.finditer(sample)) / max(len(sample), 1)


def _checked(
    text: str, encoding: str, damage: tuple[str, ...], name: str
) -> tuple[str, str, tuple[str, ...]]:
    sample = text[:200_000]
    if sum(1 for _ in CONTROL.finditer(sample)) > max(len(sample) // 100, 4):
        raise _binary(name)
    return text.removeprefix("\ufeff"), encoding, damage


def _binary(name: str) -> ReadingError:
    return ReadingError(
        f"「{name}」不是文字文件，或用了无法识别的编码。"
        "请在原来的软件中打开，文稿另存为 docx 或 UTF-8 文本、表格另存为 xlsx 后再读。",
        code="binary",
    )
