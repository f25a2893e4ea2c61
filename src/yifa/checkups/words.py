"""What the faces of the check-up call things, and how each finding is mended (advice.yaml)."""

from __future__ import annotations

from functools import cache

from yifa.checking import RULES
from yifa.checking.checkup import FAILED
from yifa.law.datafiles import beside
from yifa.reading.document import Kind

KINDS = {Kind.ANNUAL_REPORT.value: "年度报告", Kind.WORK_PLAN.value: "工作计划", Kind.OTHER.value: "其他"}
FORMATS = {
    "txt": "纯文本",
    "html": "网页",
    "docx": "Word 文件（docx）",
    "doc": "旧版 Word 文件（doc）",
    "pdf": "PDF 文件",
    "xlsx": "Excel 表格",
    "ofd": "OFD 版式文件",
}
PROMISED = {  # what a file's name promises to hold; also the names meant by a folder
    ".txt": "txt", ".html": "html", ".htm": "html", ".mht": "html", ".mhtml": "html", ".docx": "docx", ".docm": "docx",
    ".doc": "doc", ".wps": "doc", ".pdf": "pdf", ".xlsx": "xlsx", ".xlsm": "xlsx", ".xls": "xlsx", ".et": "xlsx", ".ofd": "ofd",
}  # fmt: skip
APPROXIMATIONS = {
    "exact": "确数", "about": "约", "nearly": "近", "over": "多于", "at_least": "不少于", "at_most": "不超过",
}  # fmt: skip
REPAIRS = {
    "encoding": "编码错乱",
    "traditional": "繁体转简体",
    "inserted_pinyin": "插入的拼音",
    "residue": "网页残余",
    "spacing": "多余的空格",
}


_BESIDE_THE_RULES = {FAILED: "规则没有运行成功", "ledger.differs": "与台账的数不同"}


def rule_title(rule: str) -> str:
    """The name of a rule for people."""
    return RULES[rule].title if rule in RULES else _BESIDE_THE_RULES.get(rule, rule)


def advice(rule: str) -> str:
    """How to mend what a rule finds."""
    known = _advice()
    return known.get(rule) or known["otherwise"]


@cache
def _advice() -> dict[str, str]:
    loaded: dict[str, str] = beside(__file__, "advice.yaml")
    return loaded
