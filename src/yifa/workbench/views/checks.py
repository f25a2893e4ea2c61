"""Any text put to the check, without keeping it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.core.files import File
from django.http import HttpResponse
from django.shortcuts import render

from yifa.checking import RULES, Finding, Severity, check
from yifa.law.errors import YifaError
from yifa.reading import Document, read_bytes, read_text
from yifa.workbench.access import SignedInRequest
from yifa.workbench.marking import RANK, Stretch, marked

MOST_FILES = 50
KINDS = {"annual_report": "年度报告", "work_plan": "工作要点", "other": "其他文稿"}


@dataclass(frozen=True, slots=True)
class Checked:
    """One text with its findings, or why it could not be read."""

    name: str
    error: str = ""
    document: Document | None = None
    findings: tuple[Finding, ...] = ()
    text: tuple[Stretch, ...] = ()

    @property
    def kind(self) -> str:
        """What sort of text it is."""
        return KINDS.get(self.document.kind, "") if self.document else ""

    @property
    def errors(self) -> int:
        """How many findings are errors."""
        return sum(one.severity is Severity.ERROR for one in self.findings)


def _checked(document: Document, others: Sequence[Document]) -> Checked:
    findings = tuple(sorted(check(document, others), key=lambda one: (RANK[one.severity], one.spans[:1])))
    return Checked(
        name=document.source.path,
        document=document,
        findings=findings,
        text=tuple(marked(document.text, findings)),
    )


def _read(file: File[bytes]) -> Document | Checked:
    name = file.name or "未命名"
    try:
        return read_bytes(file.read(), name)
    except YifaError as error:
        return Checked(name=name, error=error.message)


CODES = re.compile(r"（[a-z_]+）")  # names of the JSON output, in a rule's explanation


def check_all(files: Sequence[File[bytes]], text: str) -> list[Checked]:
    """Each text checked, the others beside it for likeness."""
    read: list[Document | Checked] = [_read(file) for file in files]
    if text.strip():
        try:
            read.append(read_text(text, "粘贴的文字"))
        except YifaError as error:
            read.append(Checked(name="粘贴的文字", error=error.message))
    documents = [one for one in read if isinstance(one, Document)]
    return [
        one if isinstance(one, Checked) else _checked(one, [other for other in documents if other is not one])
        for one in read
    ]


@login_required
def check_texts(request: SignedInRequest) -> HttpResponse:
    """Drop files or paste a text; see what the check says."""
    results: list[Checked] = []
    wrong = ""
    text = ""
    if request.method == "POST":
        text = request.POST.get("text", "")
        files = request.FILES.getlist("files")
        if len(files) > MOST_FILES:
            wrong = f"一次最多检查 {MOST_FILES} 个文件，这次有 {len(files)} 个，请分批。"
        elif not files and not text.strip():
            wrong = "请选择文件，或粘贴要检查的文字。"
        else:
            results = check_all(files, text)
    context = {
        "title": "文稿体检",
        "results": results,
        "wrong": wrong,
        "text": text,
        "rules": [(rule, CODES.sub("", rule.explanation)) for rule in RULES],
    }
    return render(request, "workbench/check/check.html", context, status=422 if wrong else 200)
