"""Documents somebody outside makes for himself: a template asks, he answers, the document is his to print or save.

What is answered is not stored; the use is counted by template.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from urllib.parse import quote
from uuid import UUID

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from yifa.ledger.interviews import count_use, questions, templates, write
from yifa.ledger.models import Entry
from yifa.ledger.refusal import ActionRefused
from yifa.papers.word import OfficialPaper
from yifa.workbench.forms import StyledForm
from yifa.workbench.views.portal.opening import for_everybody, opening, refuse_many

USES = 20
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


class Questions(StyledForm):
    """The questions of a template."""

    def __init__(self, *args: object, asked: tuple[str, ...], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.asked = asked
        for order, question in enumerate(asked):
            self.fields[f"q{order}"] = forms.CharField(
                label=question,
                max_length=2000,
                widget=forms.Textarea(attrs={"rows": 1, "class": "form-control"}),
                error_messages={"required": f"请填写{question}。"},
            )

    def answers(self) -> dict[str, str]:
        """What was answered to each question."""
        return {question: self.cleaned_data[f"q{order}"] for order, question in enumerate(self.asked)}


@for_everybody
def self_documents(request: HttpRequest) -> HttpResponse:
    """The templates in use, by kind."""
    groups: dict[str, list[Entry]] = {}
    for one in templates(timezone.localdate()):
        groups.setdefault(str(one.data.get("kind") or "其他"), []).append(one)
    context = {"title": "自助文书", "groups": groups, **opening(request)}
    return render(request, "workbench/portal/documents.html", context)


@for_everybody
def self_document(request: HttpRequest, entry_id: UUID) -> HttpResponse:
    """The questions of a template; answered, the document on the page, then as a Word file."""
    template = next((one for one in templates(timezone.localdate()) if one.pk == entry_id), None)
    if template is None:
        raise Http404
    form, text = Questions(request.POST or None, asked=questions(template)), ""
    wants_word = request.POST.get("format") == "docx"
    if request.method == "POST" and form.is_valid():
        try:
            text = write(template, form.answers())
            if not wants_word:
                refuse_many(request, "documents", USES)
                count_use(template, timezone.localdate())
        except ActionRefused as refused:
            text = ""
            form.add_error(None, refused.message)
    if text and wants_word:
        return _word(template.title, text)
    context = {
        "title": template.title, "crumbs": [("自助文书", reverse("self_documents"))], "template": template, "form": form,
        "lines": text.splitlines(), "made": bool(text), **opening(request),
    }  # fmt: skip
    return render(request, "workbench/portal/document.html", context, status=422 if form.errors else 200)


def _word(title: str, text: str) -> HttpResponse:
    paper = OfficialPaper(title, "")
    paper.title(title)
    for line in text.splitlines():
        paper.paragraph(line.strip())
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "paper.docx"
        paper.save(path)
        response = HttpResponse(path.read_bytes(), content_type=WORD)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(title)}.docx"
    return response
