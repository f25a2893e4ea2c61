"""`yifa read` and `yifa check`: any report or plan, without a database."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
from rich.text import Text
from rich.tree import Tree

from yifa.checking import Finding, report_json
from yifa.checking import check as check_document
from yifa.checking.excerpt import excerpt
from yifa.cli.chinese import Command, complain, emit, files_below, option, out, printable, progress, say
from yifa.law.errors import YifaError
from yifa.reading import Document
from yifa.reading import read as read_document
from yifa.reading.document import Heading, Kind

READABLE = frozenset({".txt", ".html", ".htm", ".docx"})
KINDS = {Kind.ANNUAL_REPORT: "年度报告", Kind.WORK_PLAN: "工作计划", Kind.OTHER: "其他"}
SEVERITIES = {"error": ("错误", "bold red"), "warning": ("警告", "yellow"), "notice": ("提示", "cyan")}
COULD_NOT_READ = 2
PLACES = 3  # shown of one finding
ROOM = 40  # characters on each side of a place
MARKED = 80  # characters of the place itself

_files = click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="文件…")
_json = option("--json", "as_json", is_flag=True, help="每个文件输出一行 JSON。")


@click.command(cls=Command, help="读出文件中的题目、层次、数字、任务、指标和引用。文件夹代表其下可读的文件。")
@_files
@_json
def read(files: tuple[Path, ...], as_json: bool) -> int:
    """Print what reading finds in each file; 2 when one could not be read."""
    return _each(files, as_json, _show_document, lambda document: (document.as_json(), False))


@click.command(cls=Command, help="给报告或计划体检：哪里不对、为什么、依据是什么。文件夹代表其下可读的文件。")
@_files
@_json
def check(files: tuple[Path, ...], as_json: bool) -> int:
    """Print the findings on each file; 1 when one has an error, 2 when one could not be read."""

    def show(document: Document) -> bool:
        findings = check_document(document)
        _show_findings(document, findings)
        return _has_error(findings)

    def as_object(document: Document) -> tuple[dict[str, Any], bool]:
        findings = check_document(document)
        return report_json(document, findings), _has_error(findings)

    return _each(files, as_json, show, as_object)


def _has_error(findings: tuple[Finding, ...]) -> bool:
    return any(finding.severity == "error" for finding in findings)


def _each(files: tuple[Path, ...], as_json: bool, show: Any, as_object: Any) -> int:
    paths = files_below(files, READABLE)
    if not paths:
        raise click.UsageError(f"文件夹下没有可读的文件（可读：{'、'.join(sorted(READABLE))}）。")
    status = 0
    bar, move = progress("正在读")
    with bar:
        for done, path in enumerate(paths):
            move(done, len(paths))
            try:
                document = read_document(path)
            except YifaError as error:
                status = COULD_NOT_READ
                if as_json:
                    emit({"source": str(path), "error": {"code": error.code, "message": error.message}})
                else:
                    complain(f"{path}：{error.message}")
                continue
            _say_misnamed(document)
            if as_json:
                value, wrong = as_object(document)
                emit(value)
            else:
                wrong = bool(show(document))
            status = max(status, int(wrong))
    return status


SUFFIXES = {
    "txt": frozenset({".docx", ".doc", ".html", ".htm", ".pdf", ".xlsx"}),
    "html": frozenset({".txt", ".docx", ".doc", ".pdf", ".xlsx"}),
    "docx": frozenset({".txt", ".html", ".htm", ".pdf", ".doc"}),
}  # names that promise something else than what was found inside
FORMATS = {"txt": "纯文本", "html": "网页", "docx": "Word 文件（docx）"}


def _say_misnamed(document: Document) -> None:
    """A file is read by its content; say so where its name promises another."""
    found, suffix = document.source.format, Path(document.source.path).suffix.lower()
    if suffix in SUFFIXES.get(found, ()):
        say(f"提示：{document.source.path} 的扩展名是 {suffix}，内容却是{FORMATS[found]}，已按内容读取。")


def _heading(document: Document) -> None:
    out.print()
    out.print(
        Text(document.title or "（未见标题）", style="bold"),
        Text(printable(document.source.path), style="dim"),
    )
    facts = [KINDS[document.kind], document.issuer or "发文单位不明"]
    facts.append(f"{document.year} 年" if document.year else "年度不明")
    if document.dated:
        facts.append(f"落款 {document.dated}")
    out.print("　".join(facts))
    if document.kind == Kind.OTHER:
        out.print(Text(document.kind_reason, style="dim"))


def _show_document(document: Document) -> bool:
    _heading(document)
    tree = Tree("层次")

    def grow(branch: Tree, heading: Heading) -> None:
        node = branch.add(Text(f"{heading.number}{heading.title}"))
        for child in heading.children:
            grow(node, child)

    for heading in document.outline:
        grow(tree, heading)
    if document.outline:
        out.print(tree)
    counts = {
        "数字": len(document.figures),
        "任务": len(document.tasks),
        "指标要求": len(document.targets),
        "引用": len(document.citations),
        "修复": len(document.repairs),
    }
    out.print("　".join(f"{name} {count}" for name, count in counts.items()))
    for figure in document.figures:
        out.print(
            Text(f"  {figure.text}", style="bold"), Text(f"{figure.subject}　{figure.section}", style="dim")
        )
    for target in document.targets:
        out.print(
            Text(f"  指标 {target.compare}{target.value:g}{target.unit} {target.subject}"),
            "、".join(target.who),
        )
    return False


def _show_findings(document: Document, findings: tuple[Finding, ...]) -> None:
    _heading(document)
    if not findings:
        out.print(Text("未发现问题。", style="green"))
        return
    for finding in findings:
        name, style = SEVERITIES[finding.severity]
        out.print(
            Text(f"{name} ", style=style), Text(finding.message), Text(f"（{finding.rule}）", style="dim")
        )
        if finding.basis:
            out.print(Text(f"      依据：《{finding.basis.law}》{finding.basis.article or ''}", style="dim"))
        for place in _places(document, finding, style):
            out.print(place)
    counts = {label: sum(f.severity == key for f in findings) for key, (label, _) in SEVERITIES.items()}
    out.print("合计：" + "，".join(f"{label} {count}" for label, count in counts.items()))


def _places(document: Document, finding: Finding, style: str) -> list[Text]:
    """Where a finding stands, the place marked; a second place within the words already shown is left out."""
    lines: list[Text] = []
    shown_until = -1
    for start, end in sorted(finding.spans):
        if start < shown_until:
            continue
        before, marked, after = excerpt(document.text, (start, end), ROOM)
        shown_until = end + len(after)
        if len(marked) > MARKED:
            marked, after = f"{marked[:MARKED]}…", ""
        line = Text("      ")
        lines.append(line.append(before, "dim").append(marked, f"{style} underline").append(after, "dim"))
        if len(lines) == PLACES:
            break
    return lines
