"""Quantities written in Chinese characters. Most numbers in characters are names and slogans; these few count."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from yifa.reading.counting_words import Found, first_signs, in_context, unit_pattern
from yifa.reading.lexicon import alternatives, words
from yifa.reading.numerals import CHARACTERS, DIGITS, FORMAL, SCALES, chinese_number
from yifa.reading.searching import matches

ONE_TIME = ("次", "场", "期", "起", "件", "宗")  # what can be done once a year
DIGIT = "一二三四五六七八九"


@cache
def _units() -> frozenset[str]:
    lexicon = words("measures")
    return frozenset(
        [*lexicon["chinese"], *lexicon["chinese_guarded"], *lexicon["chinese_large"], *lexicon["context"]]
    )


@cache
def _start() -> re.Pattern[str]:
    """Where a quantity can begin: its first character, and behind the number what may stand there.

    「一个」 and the like are articles: a lone 一 begins one only before the units of `_is_single`.
    """
    more = "分点余多来几大至到—-"
    behind = first_signs(unit.lstrip(CHARACTERS) for unit in _units()) + more
    single = first_signs([*ONE_TIME, "倍", "成"]) + more + CHARACTERS
    return re.compile(
        rf"[二三四五六七八九十两一百千万亿1-9](?<![{CHARACTERS}\d.][^\n])"
        rf"(?:(?=/)|(?<=一)(?=[{re.escape(single)}]|个百)|(?<!一)(?=[{CHARACTERS}]*+[{re.escape(behind)}]))"
    )


@cache
def _pattern() -> re.Pattern[str]:
    after = alternatives(list(words("approximations")["after"]))
    return re.compile(
        rf"百分之(?P<percent>[{CHARACTERS}点]{{1,8}})(?P<after0>{after})?"
        rf"|(?P<lower>[二三四五六七八九十]{{1,2}})分之(?P<upper>[{DIGIT}]{{1,2}})(?P<after1>{after})?"
        rf"|(?<![\d/.])(?P<over>[1-9])/(?P<under>[2-9]|10)(?![\d/.])(?:(?P<after2>{after})|(?=[的，,。、；）)强将仍已尚由需]))"
        rf"|(?<![{CHARACTERS}])(?P<num>[一二三四五六七八九十百千两][{CHARACTERS}]{{0,11}}|(?<=[近超逾达过破])[万亿])"
        rf"(?:[至到—-](?P<high>[二三四五六七八九十]{{1,3}})|点(?P<decimals>[{DIGIT}]{{1,2}}))?"
        rf"(?P<inside>[余多来几])?(?P<scale>[万亿])?(?P<inside2>[余多])?(?P<big>大)?"
        rf"(?P<unit>{unit_pattern(_units())})(?P<after>{after}|(?<=成)多)?"
    )


def spelled_quantities(text: str) -> Iterator[Found]:
    """All quantities in characters, and fractions."""
    text = _plain_numerals(text)
    for match in matches(text, _start(), _pattern()):
        found = _counted(text, match) if match["num"] else _shared(match)
        if found is not None:
            yield found


FORMAL_PLACES = ("拾", "佰", "仟")
FORMAL_NUMBER = re.compile("[壹贰叁肆伍陆柒捌玖][拾佰仟万亿][壹贰叁肆伍陆柒捌玖拾佰仟零万亿]*")


def _plain_numerals(text: str) -> str:
    """「伍拾陆」 as 「五十六」; the same characters alone are names and verbs (陆续, 收拾)."""
    if not any(place in text for place in FORMAL_PLACES):
        return text
    return FORMAL_NUMBER.sub(lambda match: match[0].translate(FORMAL), text)


def _counted(text: str, match: re.Match[str]) -> Found | None:
    value, high = _value(match)
    if value is None or not _is_quantity(text, match, value):
        return None
    after = match["after"] or ""
    inside = match["inside"] or match["inside2"] or ""
    if after == "多" or text[match.start() - 1 : match.start()] == "上":  # 八成多、上百件
        inside, after = "多", ""
    scale = SCALES[match["scale"] or ""]
    return Found(
        match.start(), match.end("unit"), match["num"], value, high, scale, inside, match["unit"], after
    )


def _value(match: re.Match[str]) -> tuple[float | None, float | None]:
    """The number, and where it is a range (三至五、四五) its upper end."""
    number = match["num"]
    if len(number) > 1 and all(char in DIGITS for char in number):  # 「四五个」; 「二〇二四」 is a year
        low, high = DIGITS[number[0]], DIGITS[number[1]]
        return (float(low), float(high)) if len(number) == 2 and high == low + 1 and low else (None, None)
    value = chinese_number(number)
    if value is None:
        return None, None
    if match["decimals"]:
        return float(f"{value}." + "".join(str(DIGITS[char]) for char in match["decimals"])), None
    high_value = chinese_number(match["high"]) if match["high"] else None
    return float(value), float(high_value) if high_value is not None and high_value > value else None


def _shared(match: re.Match[str]) -> Found | None:
    """百分之八十五点五 (85.5), 三分之二, 2/3 (0.667)."""
    share = _share(match)
    if share is None:
        return None
    name, unit, after = _parts_of_share(match)
    return Found(match.start(), match.end(name), match[0], share, None, 1.0, "", unit, match[after] or "")


def _parts_of_share(match: re.Match[str]) -> tuple[str, str, str]:
    """The groups that end a share and hold what follows it, and its unit."""
    if match["percent"]:
        return "percent", "%", "after0"
    return ("under", "", "after2") if match["over"] else ("upper", "", "after1")


def _share(match: re.Match[str]) -> float | None:
    if match["percent"]:
        whole, _, part = match["percent"].partition("点")
        value = chinese_number(whole)
        digits = [chinese_number(char) for char in part]
        if value is None or any(digit is None or digit > 9 for digit in digits):
            return None
        return float(f"{value}." + "".join(map(str, digits))) if digits else float(value)
    if match["over"]:
        over, under = int(match["over"]), int(match["under"])
        return over / under if over < under else None
    upper, lower = chinese_number(match["upper"]), chinese_number(match["lower"])
    return upper / lower if upper and lower and upper < lower else None


FREQUENCY = re.compile(
    r"每(?:个|一)?(?:年度?|季度?|月|周|半年|学期|两年|三年|旬)[^，。；,;\n]{0,14}\Z|(?:发生|办理|受理|收到|新增|仅有|新收)了?\Z"
)
CHANGED = re.compile(
    r"(?:增长|提高|提升|上升|下降|降低|增加|减少|翻|扩大|高出?|低)了?(?:近|约|超过?|逾|将近|接近)?\Z"
)
HABIT = re.compile(
    r"(?:最多|只|仅|只需|只要|最多只|再)(?:跑|来|去|交|录)?\Z|跑\Z|(?<!举)办\Z|(?<!先)后\Z|[第首每这那哪某另前上下本此同逐唯\d]\Z"
    r"|届\Z|[数几]\Z"
)
SESSION = re.compile(r"(?:[、和至到][一二三四五六七八九十]{1,3}次)*(?:全体)?(?:会议|全会)")
MEASURED = re.compile(
    r"(?:近|超|超过|逾|约|过|突破|达|达到|不少于|至少|接近|将近|(?<!成百)(?<![年月以之头])上)\Z"
)
ENDED = ("，", "。", "；", "、", "）", ",", ";", ")", "\n", "和", "及")


def _is_quantity(text: str, match: re.Match[str], value: float) -> bool:
    """A number in characters counts something only with a plain unit, or with a verb or a countable noun beside it."""
    lexicon = words("measures")
    unit, number = match["unit"], match["num"]
    before = text[max(match.start() - 24, 0) : match.start()]
    behind = text[match.end() : match.end() + 12]
    round_number = not any(
        char in "一二两三四五六七八九十" for char in number
    )  # 百名、千人: a saying unless measured
    if round_number:
        return bool(match["inside"]) or MEASURED.search(before) is not None
    if (
        HABIT.search(before)
        or number == "二"
        or behind.startswith(tuple(lexicon["names_behind"].get(unit, ())))
    ):
        return False
    if unit == "次" and SESSION.match(text, match.end()):
        return False
    if value == 1:
        return _is_single(match, before)
    if unit in lexicon["context"]:
        return in_context(text, match.start(), match.end("unit"), unit)
    if match["big"]:
        return unit == "类"
    if match["inside"] or match["inside2"] or match["decimals"] or match["scale"]:
        return True
    if unit in lexicon["chinese"]:
        return not (unit == "小时" and value == 24)
    if (
        len(number) > 1 and unit != "条"
    ):  # 二十一个, 一百二十张: slogans stay below ten; 「二十条」 is a policy
        return True
    return unit in lexicon["chinese_guarded"] and _is_guarded_quantity(before, behind, unit)


def _is_single(match: re.Match[str], before: str) -> bool:
    """「每季度学法一次」「提高一倍」; all other ones are articles."""
    if match["inside"] or match["scale"]:
        return False
    if match["unit"] in ("倍", "成", "个百分点"):
        return CHANGED.search(before) is not None
    return match["unit"] in ONE_TIME and FREQUENCY.search(before) is not None


@cache
def _counting_verbs() -> re.Pattern[str]:
    return re.compile(rf"(?:{alternatives(words('measures')['verbs'])})[了的]?\Z")


@cache
def _countable() -> re.Pattern[str]:
    lexicon = words("measures")
    return re.compile(rf"(?:{alternatives(lexicon['qualities'])})?(?:{alternatives(lexicon['countable'])})")


SLOGAN = ("制度", "机制", "体系", "清单制度", "规则")
NOUN_BEFORE = re.compile(r"(?<![抓好持住到实守破看讲对把的于这那新])[\u4e00-\u9fff]\Z")


def _is_guarded_quantity(before: str, behind: str, unit: str) -> bool:
    if behind.startswith(SLOGAN):
        return False
    if _counting_verbs().search(before):
        return True
    if unit in ("个", "项", "处", "部", "套") and behind.startswith(ENDED):  # 「反馈问题九个，」
        return NOUN_BEFORE.search(before) is not None
    return unit in ("个", "所", "支", "批", "部", "种") and _countable().match(behind) is not None
