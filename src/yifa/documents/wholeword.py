"""The whole file of a case as one Word or PDF file."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from django.utils import timezone

from yifa.documents.wholefile import Item, WholeFile
from yifa.documents.word import put
from yifa.law.phrases import day
from yifa.ledger.chain.attachments import path_of
from yifa.ledger.models import Attachment
from yifa.papers.pdf import require_office, to_pdf
from yifa.papers.pictures import pages_of
from yifa.papers.word import OfficialPaper

PAGES = 30  # of one scan; the rest stays in its own file
LEDGER = "台账摘录"


def write(whole: WholeFile, path: Path) -> None:
    """Writes the file to `path` (.docx). Raises WritingError."""
    _built(whole).save(path)


def write_pdf(whole: WholeFile, path: Path) -> None:
    """The same as PDF. Raises NoOfficeError, ConversionError or WritingError."""
    require_office()
    with tempfile.TemporaryDirectory(prefix="yifa-file-") as name:
        word = Path(name) / "file.docx"
        write(whole, word)
        to_pdf(word, path)


def _built(whole: WholeFile) -> OfficialPaper:
    word = OfficialPaper(whole.case.title, whole.cover[3][1] if len(whole.cover) > 3 else "")
    word.title(f"{whole.facts.case_type.title}案卷")
    word.table([list(row) for row in whole.cover], (1, 2.6), heads=False, labels=True)
    _contents(word, whole)
    for item in whole.items:
        if item.shown:
            _item(word, item)
    _ledger(word, whole)
    return word


def _contents(word: OfficialPaper, whole: WholeFile) -> None:
    word.title("卷内目录", new_page=True)
    rows, pages = [["序号", "题名", "文号", "责任者", "日期", "页号"]], [""]
    for item in whole.items:
        on = _short(item.on) if item.on else "—"
        rows.append([str(item.number), item.title, item.mark, item.who, on, "" if item.shown else "纸质件"])
        pages.append(item.name if item.shown else "")
    rows.append([str(len(whole.items) + 1), LEDGER, "", "", _short(whole.facts.on), ""])
    pages.append("ledger")
    word.table(rows, (0.8, 2.4, 1.8, 1.5, 1.9, 1), centred=(0, 4, 5), pages=pages)


def _short(value: date) -> str:
    """2026.11.19, as contents of files have it."""
    return f"{value.year}.{value.month}.{value.day}"


def _item(word: OfficialPaper, item: Item) -> None:
    if item.paper is not None:
        put(word, item.paper, new_page=True, name=item.name)
        return
    word.title(item.title, new_page=True, name=item.name)
    for line in item.text.splitlines():
        if line.strip():
            word.paragraph(line.strip())
    if item.attachment is not None and not item.text:
        _attached(word, item.attachment)


def _attached(word: OfficialPaper, attachment: Attachment) -> None:
    shown = 0
    for image in _images(attachment):
        try:
            word.picture(image)
            shown += 1
        except ValueError:
            break
    word.paragraph(
        f"{'原件' if shown else '原件另存'}：{attachment.name}，{attachment.size}字节，SHA-256：{attachment.pk}。"
    )


def _images(attachment: Attachment) -> Iterator[io.BytesIO]:
    """The pictures of a scan: itself, or its pages."""
    path = path_of(attachment.pk)
    if not path.is_file():
        return
    if attachment.media_type.startswith("image/"):
        yield io.BytesIO(path.read_bytes())
    elif attachment.media_type == "application/pdf":
        yield from map(io.BytesIO, pages_of(path, PAGES))


def _ledger(word: OfficialPaper, whole: WholeFile) -> None:
    word.title(LEDGER, new_page=True, name="ledger")
    word.heading(1, "一、环节")
    rows = [["日期", "环节", "结果", "经办"]]
    rows += [[day(act.on), title, act.outcome or "", act.by or ""] for act, title in whole.acts]
    word.table(rows, (2.4, 2.4, 1.8, 1.2))
    word.heading(1, "二、时限及其计算")
    for line in whole.clocks:
        state = line.state
        basis = f"（《{state.basis.law}》{state.basis.article or ''}）" if state.basis else ""
        due = f"，到期日{day(state.due)}" if state.due else ""
        word.paragraph(f"{state.title}：{state.length_text}{basis}{due}。", with_next=True)
        word.table([["日期", "说明"], *([day(step.on), step.why] for step in line.trace)], (1.2, 3))
    parts = iter("三四五")
    if whole.findings:
        word.heading(1, f"{next(parts)}、程序问题")
        for message in whole.findings:
            word.paragraph(message)
    if whole.related:
        word.heading(1, f"{next(parts)}、相关事项")
        rows = [["关系", "事项", "编号", "现状", "理由"]]
        rows += [
            [one.how, one.case.title, one.case.number, one.case.status, one.reason] for one in whole.related
        ]
        word.table(rows, (1.2, 2.4, 1.4, 1, 1.6))
    word.heading(1, f"{next(parts)}、记录和摘要")
    rows = [["序号", "记入时间", "记录人", "摘要（SM3）"]]
    rows += [
        [
            str(record.position),
            f"{timezone.localtime(record.recorded_at):%Y-%m-%d %H:%M}",
            record.recorded_by.display_name if record.recorded_by else "系统",
            record.digest,
        ]
        for record in whole.records
    ]
    word.table(rows, (0.6, 1.5, 1, 3.4), centred=(0,))
