"""What one takes away from a check-up: JSON of a file, of all files."""

from __future__ import annotations

import json

from django.http import HttpRequest, HttpResponse

from yifa.checking import report_json
from yifa.workbench.checkups.kept import Checked
from yifa.workbench.views.checks.access import find, for_checkers, gone


@for_checkers
def check_download(request: HttpRequest, token: str, number: int, kind: str) -> HttpResponse:
    """One file's result."""
    checkup = find(request, token)
    if checkup is None or not 1 <= number <= len(checkup.items) or kind not in {"json"}:
        return gone(request)
    one = checkup.items[number - 1]
    return _sent(json_line(one) + "\n", "application/json; charset=utf-8", f"{_stem(one)}-体检.json")


@for_checkers
def check_summary(request: HttpRequest, token: str, kind: str) -> HttpResponse:
    """The result of all files."""
    checkup = find(request, token)
    if checkup is None or kind not in {"json"}:
        return gone(request)
    lines = "".join(json_line(one) + "\n" for one in checkup.items)
    return _sent(lines, "application/x-ndjson; charset=utf-8", "体检汇总.jsonl")


def json_line(one: Checked) -> str:
    """The object of contracts/document.md, the same `yifa check --json` prints."""
    if one.document is None:
        value: dict[str, object] = {"source": one.name, "error": {"code": one.code, "message": one.error}}
    else:
        value = report_json(one.document, one.findings)
    return json.dumps(value, ensure_ascii=False, default=str)


def _stem(one: Checked) -> str:
    return one.name.rsplit(".", 1)[0][:80] or "文稿"


def _sent(content: str | bytes, media_type: str, name: str) -> HttpResponse:
    return HttpResponse(content, content_type=media_type, headers={"Content-Disposition": _disposition(name)})


def _disposition(name: str) -> str:
    from django.utils.http import content_disposition_header

    return content_disposition_header(True, name) or "attachment"
