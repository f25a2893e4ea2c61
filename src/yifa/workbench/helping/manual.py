"""The manual (docs/zh) as pages of the workbench: markdown drawn here, links and pictures kept inside."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token

FOLDER = Path(__file__).resolve().parents[4] / "docs" / "zh"
NAME = re.compile(r"[a-z][a-z0-9-]{0,60}")
PICTURE = re.compile(r"[a-z0-9-]{1,60}\.png")
FIRST = "README"


@dataclass(frozen=True, slots=True)
class Chapter:
    """One page of the manual."""

    title: str
    body: SafeString


def chapter(name: str) -> Chapter | None:
    """A page by its file's name without ending; "" is the table of contents. None where there is none."""
    if name and not NAME.fullmatch(name):
        return None
    path = FOLDER / f"{name or FIRST}.md"
    return _drawn(path, path.stat().st_mtime_ns) if path.is_file() else None


def picture(name: str) -> Path | None:
    """A picture of the manual."""
    path = FOLDER / "images" / name
    return path if PICTURE.fullmatch(name) and path.is_file() else None


@cache
def _drawn(path: Path, changed: int) -> Chapter:
    del changed  # a chapter is drawn anew when its file is
    reader = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = reader.parse(path.read_text(encoding="utf-8"))
    title = tokens[1].content if tokens and tokens[0].tag == "h1" else "手册"
    if tokens and tokens[0].tag == "h1":
        tokens = tokens[3:]
    for token in tokens:
        _keep_inside(token)
    drawn = reader.renderer.render(tokens, reader.options, {})
    return Chapter(title, mark_safe(drawn))  # noqa: S308 - our own files, without HTML


def _keep_inside(token: Token) -> None:
    if token.type == "table_open":
        token.attrSet("class", "table table-sm")
    for one in token.children or []:
        if one.type == "image":
            one.attrSet("src", reverse("help_picture", args=[Path(str(one.attrGet("src"))).name]))
        if one.type == "code_inline":
            one.attrSet("class", "y-mono")
        if one.type == "link_open":
            one.attrSet("href", _address(str(one.attrGet("href"))))


def _address(written: str) -> str:
    """Where a link of the manual leads: to another chapter, a page of the workbench (`/cases/`), or outside."""
    name, _, place = written.partition("#")
    if not name.endswith(".md") or "/" in name:
        return written
    stem = name.removesuffix(".md")
    target = reverse("help") if stem == FIRST else reverse("help_chapter", args=[stem])
    return f"{target}#{place}" if place else target
