"""Numbers of a spreadsheet as the sheet shows them: 0.9562 with the format 0.00% is 95.62%."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import cache

GENERAL = "General"
LARGEST = Decimal(10) ** 15  # beyond the digits a spreadsheet keeps
EXACT = Context(prec=250)
TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"|[\\!](?P<escaped>.)|_.|\*.|\[\$(?P<currency>[^\]-]*)[^\]]*\]|\[[^\]]*\]'
    r"|(?P<digits>[0#?][0#?,]*(?:\.[0#?]*,*)?|\.[0#?]+)|(?P<percent>%)|(?P<power>[Ee][+-]0+)|(?P<other>.)",
    re.S,
)


def shown(value: float, form: str | None) -> str:
    """The number as it is printed under a number format; unknown formats give the plain number."""
    number = Decimal(repr(value))
    if not number.is_finite():
        return ""
    sections = _sections(form or GENERAL)
    if sections is None:
        return _plain(number)
    if len(sections) > 2 and number == 0:
        section = sections[2]
    elif len(sections) > 1 and number < 0:
        section, number = sections[1], -number
    else:
        section = sections[0]
    return _filled(number, section)


@cache
def _sections(form: str) -> tuple[str, ...] | None:
    """The parts of a format for positive, negative and zero; None where it shows the plain number."""
    if form.strip().casefold() in ("general", "@", "", "g/通用格式") or len(form) > 200:
        return None
    parts = tuple(re.split(r';(?=(?:[^"]*"[^"]*")*[^"]*\Z)', form))
    return parts if any(match["digits"] for match in TOKEN.finditer(parts[0])) else None


def _filled(number: Decimal, section: str) -> str:
    tokens = list(TOKEN.finditer(section))
    digits = [match["digits"] for match in tokens if match["digits"]]
    if any(match["power"] for match in tokens) or len(digits) > 1 or "/" in section:
        return _plain(number)  # scientific, fractions, split numbers: the value itself is clearer
    number = number.scaleb(2 * sum(match["percent"] is not None for match in tokens))
    pieces = []
    for match in tokens:
        if match["digits"]:
            pieces.append(_digits(number, match["digits"]))
        else:
            pieces.append(next((text for text in match.groups() if text is not None), ""))
    text = "".join(pieces).strip()
    return text if not text.startswith("--") else text[1:]


def _digits(number: Decimal, pattern: str) -> str:
    bare = pattern.rstrip(",")  # a comma behind the digits divides by a thousand
    number = number.scaleb(-3 * (len(pattern) - len(bare)))
    whole, _, decimals = bare.partition(".")
    fixed = len(re.sub(r"[^0?]", "", decimals))
    places = len(re.sub(r"[^0#?]", "", decimals))
    if abs(number) >= LARGEST:
        return _plain(number)
    rounded = number.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP, EXACT)
    text = f"{rounded:,f}" if "," in whole else f"{rounded:f}"
    if places > fixed:
        head, _, tail = text.partition(".")
        tail = tail[:fixed] + tail[fixed:].rstrip("0")
        text = f"{head}.{tail}" if tail else head
    least = whole.count("0")
    sign, body = ("-", text[1:]) if text.startswith("-") else ("", text)
    if len(body.partition(".")[0]) < least:
        body = body.zfill(least + len(body) - len(body.partition(".")[0]))
    return sign + body


def _plain(number: Decimal) -> str:
    """Without a format: no 12.0, no digits that only the machine's arithmetic made."""
    if abs(number) >= LARGEST:
        return f"{number:f}".partition(".")[0]
    rounded = number.normalize()
    if len(rounded.as_tuple().digits) > 11 and rounded % 1:
        whole = max(len(f"{abs(int(rounded))}"), 1)
        rounded = number.quantize(Decimal(1).scaleb(-max(11 - whole, 0)), ROUND_HALF_UP).normalize()
    return f"{rounded:f}" if rounded else "0"
