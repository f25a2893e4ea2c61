"""A filled paper as a Word file in the layout of official documents."""

from __future__ import annotations

from pathlib import Path

from yifa.documents.filled import FilledPaper, Grid, Line, copies_line, paragraphs, plain, sign_line
from yifa.papers.word import Marked, OfficialPaper

MARK = "yifa-document"


def write(paper: FilledPaper, path: Path, *, mark: str = "") -> None:
    """Writes the paper to `path` (.docx); `mark` is kept in the file so that it is known when it comes back."""
    word = OfficialPaper(plain(paper.title), plain(paper.issuer))
    if mark:
        word.mark(f"{MARK}:{mark}")
    put(word, paper)
    word.save(path)


def put(word: OfficialPaper, paper: FilledPaper, *, new_page: bool = False, name: str = "") -> None:
    """Puts the paper at the end of a Word file; by `name` its contents find the page."""
    word.title(plain(paper.title), new_page=new_page, note=plain(paper.number), name=name)
    if paper.addressee:
        word.addressee(plain(paper.addressee))
    for block in paper.blocks:
        if isinstance(block, Grid):
            _grid(word, block)
        elif block.kind == "heading":
            word.heading(1, plain(block.line))
        else:
            for line in paragraphs(block.line):
                word.paragraph(*_pieces(line))
    if paper.annexes:
        word.annexes([plain(line) for line in paper.annexes])
    if paper.issuer or paper.dated:
        word.signature(plain(paper.issuer), plain(paper.dated), seal=paper.seal)
    if paper.signs:
        word.paragraph("")
    ends = [*map(sign_line, paper.signs), *([copies_line(paper.copies)] if paper.copies else [])]
    for place, end in enumerate(ends, 1):
        word.flush(end, with_next=place < len(ends))


def _pieces(line: Line) -> list[str | Marked]:
    return [Marked(piece.text) if piece.blank else piece.text for piece in line]


def _grid(word: OfficialPaper, grid: Grid) -> None:
    if grid.title:
        word.caption(plain(grid.title), above=True)
    rows = [[plain(cell) for cell in row] for row in grid.rows]
    word.table(rows, grid.widths, heads=grid.heads, labels=not grid.heads)
    word.paragraph("")
