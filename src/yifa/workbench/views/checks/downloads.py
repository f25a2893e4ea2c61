"""What one takes away from a check-up: certificate (Word), summary (Excel), the whole as JSON; of one file or of all."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header

from yifa.checking import RULES, report_json
from yifa.checkups import Result, Unread, checked
from yifa.workbench.checkups.kept import Checked
from yifa.workbench.views.checks.access import find, for_checkers, gone

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@for_checkers
def check_download(request: HttpRequest, token: str, number: int, kind: str) -> HttpResponse:
    """One file's result."""
    checkup = find(request, token)
    if checkup is None or not 1 <= number <= len(checkup.items):
        return gone(request)
    one = checkup.items[number - 1]
    return _sent(request, [one], kind, one.name.rsplit(".", 1)[0][:80] or "文稿")


@for_checkers
def check_summary(request: HttpRequest, token: str, kind: str) -> HttpResponse:
    """The result of all files."""
    checkup = find(request, token)
    if checkup is None:
        return gone(request)
    return _sent(request, checkup.items, kind, "汇总")


def _sent(request: HttpRequest, items: Sequence[Checked], kind: str, stem: str) -> HttpResponse:
    if kind == "docx":
        return _file(certificate(items), WORD, f"{stem}-体检单.docx")
    if kind == "xlsx":
        return _file(summary(items), EXCEL, f"{stem}-体检结果.xlsx")
    if kind == "json":
        lines = "".join(json_line(one) + "\n" for one in items)
        return _file(lines.encode(), "application/x-ndjson; charset=utf-8", f"{stem}-体检结果.jsonl")
    return gone(request)


def certificate(items: Sequence[Checked]) -> bytes:
    """The certificates of some files as one Word file."""
    from yifa.checkups.certificate import (
        write_certificate,
    )  # python-docx is slow to load and needed here only

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "paper.docx"
        rules = [rule.id for rule in RULES]
        write_certificate([result_of(one) for one in items], path, rules=rules, today=timezone.localdate())
        return path.read_bytes()


def summary(items: Sequence[Checked]) -> bytes:
    """Files by rules, all findings, and what could not be read, as one Excel file."""
    from yifa.checkups.summary import Summary

    book = Summary([rule.id for rule in RULES])
    for one in items:
        book.add(result_of(one))
    target = BytesIO()
    book.save(target)
    return target.getvalue()


def result_of(one: Checked) -> Result:
    """The file's result as the papers take it."""
    if one.document is None:
        return Unread(one.name, one.code, one.error)
    return checked(one.document, one.findings)


def json_line(one: Checked) -> str:
    """The object of contracts/document.md, the same `yifa check --json` prints."""
    if one.document is None:
        value: dict[str, object] = {"source": one.name, "error": {"code": one.code, "message": one.error}}
    else:
        value = report_json(one.document, one.findings)
    return json.dumps(value, ensure_ascii=False, default=str)


def _file(content: bytes, media_type: str, name: str) -> HttpResponse:
    disposition = content_disposition_header(True, name) or "attachment"
    return HttpResponse(content, content_type=media_type, headers={"Content-Disposition": disposition})
