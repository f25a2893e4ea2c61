"""Bookmarks and page numbers that point at them: a table of contents that the office program keeps right."""

from __future__ import annotations

from typing import Any

from docx.oxml import OxmlElement
from docx.oxml.ns import qn


def bookmark(paragraph: Any, name: str, number: int) -> None:
    """Gives the paragraph a name that page numbers can point at; `number` is its own within the file."""
    begin, end = OxmlElement("w:bookmarkStart"), OxmlElement("w:bookmarkEnd")
    begin.set(qn("w:id"), str(number))
    begin.set(qn("w:name"), name)
    end.set(qn("w:id"), str(number))
    paragraph._p.insert(1 if paragraph._p.pPr is not None else 0, begin)
    paragraph._p.append(end)


def page_of(paragraph: Any, name: str) -> Any:
    """The number of the page on which a bookmark stands; reckoned when the file is opened. Returns the run."""
    run = paragraph.add_run()
    for kind in ("begin", "instruction", "separate", "text", "end"):
        if kind == "instruction":
            element = OxmlElement("w:instrText")
            element.set(qn("xml:space"), "preserve")
            element.text = f" PAGEREF {name} \\h "
        elif kind == "text":
            element = OxmlElement("w:t")
            element.text = "—"
        else:
            element = OxmlElement("w:fldChar")
            element.set(qn("w:fldCharType"), kind)
            if kind == "begin":
                element.set(qn("w:dirty"), "true")
        run._r.append(element)
    return run
