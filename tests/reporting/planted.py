"""Faults as an office plants them in a Word file without meaning to: each an edit of the written report."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import docx
from docx.document import Document as WordFile
from docx.text.paragraph import Paragraph

LEDGER = "ledger.differs"
Edit = Callable[["Editor"], str]


class Editor:
    """A Word file under somebody's hands."""

    def __init__(self, path: Path) -> None:
        self.file: WordFile = docx.Document(str(path))

    @property
    def paragraphs(self) -> list[Paragraph]:
        """The paragraphs outside tables, from first to last."""
        return self.file.paragraphs

    def find(self, pattern: str) -> Paragraph:
        """The first paragraph in which a pattern is found."""
        found = [paragraph for paragraph in self.paragraphs if re.search(pattern, paragraph.text)]
        assert found, f"no paragraph has {pattern}"
        return found[0]

    def change(self, pattern: str, new: str | Callable[[re.Match[str]], str]) -> str:
        """Types over the first place that fits, and tells what stands there now."""
        paragraph = self.find(pattern)
        found = re.search(pattern, paragraph.text)
        assert found is not None
        typed = new(found) if callable(new) else found.expand(new)
        write(paragraph, paragraph.text[: found.start()] + typed + paragraph.text[found.end() :])
        return typed

    def add(self, pattern: str, words: str) -> str:
        """Types words at the end of the paragraph in which a pattern is found."""
        paragraph = self.find(pattern)
        write(paragraph, paragraph.text + words)
        return words

    def repeat(self, pattern: str, before: str) -> str:
        """Pastes a copy of a paragraph in front of another."""
        paragraph = self.find(pattern)
        self.find(before)._p.addprevious(copy.deepcopy(paragraph._p))
        return paragraph.text[:30]

    def lose(self, first: str, last: str) -> None:
        """Deletes from one paragraph up to, not with, another."""
        going = False
        for paragraph in self.paragraphs:
            if re.search(last, paragraph.text) and going:
                return
            going = going or re.search(first, paragraph.text) is not None
            if going:
                paragraph._p.getparent().remove(paragraph._p)
        raise AssertionError(f"{first} … {last}")

    def empty(self, heading: str) -> str:
        """Deletes the paragraph below a heading."""
        found = self.find(heading)
        below = self.paragraphs[[p._p for p in self.paragraphs].index(found._p) + 1]
        below._p.getparent().remove(below._p)
        return found.text

    def cell(self, row: str, add: int) -> str:
        """Adds to the number in the last cell of a table's row."""
        for table in self.file.tables:
            for cells in (line.cells for line in table.rows):
                if cells[0].text == row:
                    paragraph = cells[-1].paragraphs[0]
                    write(paragraph, str(int(paragraph.text) + add))
                    return paragraph.text
        raise AssertionError(f"no table has the row {row}")

    def chart(self, name: str, value: str) -> str:
        """Types another number into the last point of the chart that shows something, and gives its row."""
        for part in self.file.part.package.iter_parts():
            if "/charts/" in str(part.partname) and part.blob.find(f">{name}<".encode()) >= 0:
                head, point, tail = part.blob.rpartition(b"<c:v>")
                part._blob = head + point + value.encode() + tail[tail.index(b"<") :]
                return f"12月\t{value}"
        raise AssertionError(f"no chart shows {name}")

    def save(self, path: Path) -> Path:
        """Writes the file."""
        self.file.save(str(path))
        return path


def write(paragraph: Paragraph, text: str) -> None:
    """Gives a paragraph another text in the letters it had."""
    for run in paragraph.runs[1:]:
        run._r.getparent().remove(run._r)
    paragraph.runs[0].text = text


@dataclass(frozen=True)
class Fault:
    """One planted fault: how it is planted, and what must be said of it.

    Attributes:
        edit: Plants it and gives the words that stand there now ("" where something is gone).
        rule: The rule that must find it at these words.
        says: Words of the message.
    """

    name: str
    edit: Edit
    rule: str
    says: str = ""


def more(by: int, of: int = 2) -> Callable[[re.Match[str]], str]:
    """The match with the number in group `of` raised."""

    def typed(found: re.Match[str]) -> str:
        parts = list(found.groups())
        parts[of - 1] = str(int(parts[of - 1]) + by)
        return "".join(parts)

    return typed


FAULTS = [
    Fault(
        "a total changed, its parts left",
        lambda at: at.change(r"(作出行政处罚决定)(\d+)(件)", more(10)),
        "sum",
    ),
    Fault(
        "one part of a complete list changed",
        lambda at: at.change(r"(普通程序处罚)(\d+)(件)", more(3)),
        "sum",
    ),
    Fault(
        "a part larger than its whole", lambda at: at.change(r"(其中按期审结)(\d+)(件)", more(40)), "subset"
    ),
    Fault("a rate typed over", lambda at: at.change(r"按期审结率[\d.]+%", "按期审结率88.8%"), "rate"),
    Fault(
        "the cases behind a rate changed",
        lambda at: at.change(r"(提交答辩状的应诉案件)(\d+)(件)", more(2)),
        "rate",
    ),
    Fault("last year's title", lambda at: at.change(r"2025年度", "2024年度"), "period.title"),
    Fault(
        "a chapter lost",
        lambda at: at.lose(r"^三、党政主要负责人", r"^四、") or "",
        "section.missing",
        "第一责任人",
    ),
    Fault(
        "the shortcomings lost",
        lambda at: at.lose(r"^二、存在的不足", r"^三、") or "",
        "section.missing",
        "不足",
    ),
    Fault(
        "a heading numbered twice",
        lambda at: at.change(r"^（五）政务公开", "（六）政务公开"),
        "outline.numbering",
    ),
    Fault(
        "two headings changed round",
        lambda at: (
            at.change(r"^（三）行政决策", "（四）行政决策"),
            at.change(r"^（四）行政执法", "（三）行政执法"),
        )[0],
        "outline.numbering",
    ),
    Fault(
        "a paragraph pasted twice",
        lambda at: at.repeat(r"^收到政府信息公开申请\d", r"^收到行政复议申请\d"),
        "integrity.repeated_text",
    ),
    Fault(
        "a blank of the template",
        lambda at: at.add(r"^召开研究法治工作的会议", "开展专项督察××次。"),
        "integrity.residue",
    ),
    Fault("a note to oneself", lambda at: at.add(r"^举办领导干部学法", "（待补充）"), "integrity.residue"),
    Fault(
        "advertising injected",
        lambda at: at.change(r"^行政处罚立案", "澳门新葡京娱乐城行政处罚立案"),
        "integrity.injected",
    ),
    Fault(
        "characters broken on the way",
        lambda at: at.add(r"^经集体讨论作出", "锟斤拷锟斤拷锟斤拷。"),
        "integrity.damaged",
    ),
    Fault(
        "an article the law does not have",
        lambda at: at.add(r"^行政处罚立案", "依照《行政处罚法》第一百九十条规定公开处罚决定。"),
        "law.article",
    ),
    Fault(
        "a law repealed long ago",
        lambda at: at.add(r"^登记信访事项", "信访事项依照《信访条例》规定的期限办理。"),
        "law.not_in_force",
    ),
    Fault(
        "a law cited by its old text",
        lambda at: at.add(r"^收到行政复议申请\d", "依照《行政复议法》（2017年修正）审理案件。"),
        "law.superseded",
    ),
    Fault(
        "cases counted in two units",
        lambda at: at.change(r"(办结信访事项\d+)件，其中成功调处\d+件", r"\1起，其中信访事项成功调处1件"),
        "unit.mixed",
    ),
    Fault(
        "a span that stops in autumn",
        lambda at: at.change(r"行政处罚立案(\d+)件", r"截至2025年10月31日，行政处罚立案\1件"),
        "period.cutoff",
    ),
    Fault(
        "signed before the year was over",
        lambda at: at.change(r"^2026年2月10日$", "2025年11月20日"),
        "period.early",
    ),
    Fault(
        "signed when it should long be public",
        lambda at: at.change(r"^2026年2月10日$", "2026年6月18日"),
        "period.late",
    ),
    Fault(
        "what came after the signature",
        lambda at: at.add(r"^召开研究法治工作的会议", "2026年4月20日，召开了全县法治工作会议。"),
        "period.future",
    ),
    Fault(
        "all said to be done, the numbers say not",
        lambda at: at.add(r"^登记信访事项", "全年共受理来信来访46件，办结31件，全部办结。"),
        "state.rest",
    ),
    Fault(
        "one thing under two names",
        lambda at: at.add(
            r"^收到政府信息公开申请\d", "畅通12345政务服务热线，及时转办12315政务服务热线收到的诉求。"
        ),
        "name.inconsistent",
    ),
    Fault(
        "two totals of one thing",
        lambda at: (
            at.change(r"^行政处罚立案\d+件", "全年共立案查处各类违法案件476件"),
            at.add(r"^召开研究法治工作的会议", "全年共立案查处各类违法案件486件。"),
        )[1],
        "repeated",
    ),
    Fault(
        "a rate whose numbers were taken out",
        lambda at: at.change(
            r"开庭审理的被告案件\d+件，其中负责人出庭应诉\d+件，出庭应诉率[\d.]+%",
            "行政机关负责人出庭应诉率100%",
        ),
        "rate.base",
    ),
    Fault(
        "more listed than announced",
        lambda at: at.add(
            r"^召开研究法治工作的会议",
            "重点推进以下三项任务：一是健全制度；二是开展检查；三是加强培训；四是严格考核。",
        ),
        "count",
    ),
    Fault(
        "exact and about at once",
        lambda at: at.add(r"^举办领导干部学法", "发放法治宣传资料约三千余份。"),
        "figure.approx",
    ),
    Fault(
        "a figure of last year", lambda at: at.change(r"(登记信访事项)(\d+)(件)", more(17)), LEDGER, "台账"
    ),
    Fault(
        "total and parts changed together",
        lambda at: (
            at.change(r"(作出行政处罚决定)(\d+)(件)", more(5)),
            at.change(r"(普通程序处罚)(\d+)(件)", more(5)),
        )[0],
        LEDGER,
        "台账",
    ),
    Fault(
        "a sum of money typed over",
        lambda at: at.change(r"决定罚款[\d.]+万?元", "决定罚款999.5万元"),
        LEDGER,
        "台账",
    ),
    Fault(
        "the cases of a unit past a deadline changed",
        lambda at: at.change(r"(超过答复期限\d+件，其中[^，、]+?)(\d+)(件)", more(1)),
        LEDGER,
        "超期",
    ),
    Fault(
        "another unit put in the place of one",
        lambda at: at.change(
            r"超过办案期限1件，发生在[^；。]+", "超过办案期限1件，发生在澜亭县司法局"
        ).partition("，")[0][-2:],
        LEDGER,
        "澜亭县司法局台账",
    ),
    Fault(
        "a task that has got lost",
        lambda at: at.change(r"(其中已完成\d+项、进行中)(\d+)(项)", more(1)),
        "sum",
    ),
    Fault(
        "one case more done on promise",
        lambda at: at.change(r"(其中在承诺期限内办结)(\d+)(件)", more(-1)),
        "rate",
    ),
    Fault(
        "fewer done than were due, all done",
        lambda at: at.change(r"(应当办结的办件\d+件，其中已经办结)(\d+)(件)", more(-1)),
        "rate",
    ),
    Fault("a cell of a table changed", lambda at: at.cell("收到行政复议申请", 6), LEDGER, "台账"),
    Fault("a chapter with its heading only", lambda at: at.empty(r"^五、其他需要报告"), "section.empty"),
    Fault(
        "a section lost from the middle",
        lambda at: at.lose(r"^（六）行政权力监督", r"^（七）") or "",
        "outline.numbering",
    ),
    Fault(
        "last year's day of counting",
        lambda at: at.change(r"截至2025年12月31日", "截至2024年12月31日"),
        "period.cutoff",
    ),
    Fault(
        "last year's plans",
        lambda at: at.change(r"(^针对2025年[^，]*，)2026年", r"\g<1>2025年"),
        "period.next",
    ),
    Fault(
        "another county's signature",
        lambda at: at.change(r"^澜亭县人民政府$", "青石县人民政府"),
        "name.signature",
    ),
    Fault(
        "a plan that has run out",
        lambda at: at.add(r"^召开研究法治工作的会议", "落实《法治政府建设实施纲要（2015—2020年）》的任务。"),
        "law.superseded",
    ),
    Fault("a table that says other than the text", lambda at: at.cell("收到行政复议申请", 6), "repeated"),
    Fault(
        "cases turned into people",
        lambda at: at.change(r"作出行政处罚决定(\d+)件", r"作出行政处罚决定\1人"),
        "unit.mixed",
    ),
    Fault(
        "a unit the ledger does not count in",
        lambda at: at.change(r"登记信访事项(\d+)件", r"登记信访事项\1人"),
        LEDGER,
        "计量单位",
    ),
    Fault(
        "the county's name mistyped",
        lambda at: at.change(r"澜亭县(?=\S{2,8}局)", "兰亭县"),
        "name.inconsistent",
    ),
    Fault("a number in a chart changed", lambda at: at.chart("登记信访事项", "77"), "sum", "各月"),
    Fault(
        "a day that is not",
        lambda at: at.add(r"^召开研究法治工作的会议", "2025年11月31日，县长主持专题会议。"),
        "date.impossible",
    ),
    Fault(
        "half a case", lambda at: at.change(r"行政处罚立案(\d+)件", r"行政处罚立案\1.5件"), "figure.fraction"
    ),
    Fault("last year's caption", lambda at: at.change(r"^(表2\s*)2025年", r"\g<1>2024年"), "period.caption"),
]
