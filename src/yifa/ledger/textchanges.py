"""What was changed between two papers of a case: the text reviewed and the text signed, the text signed and the one published.

An act of the catalogue says with which other act's paper its own is compared (`compares_with`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from yifa.law.errors import YifaError
from yifa.law.schema import CaseType
from yifa.ledger.chain.attachments import path_of
from yifa.ledger.chain.history import CaseHistory
from yifa.ledger.models import Attachment
from yifa.procedures.model import Act
from yifa.reading import read_bytes

UNREADABLE = "附件不是可以比对的文本，只比对了文件摘要：两份文件不同。"


@dataclass(frozen=True, slots=True)
class TextChange:
    """Paragraphs before and after; one of them is empty where something was added or struck out."""

    before: str
    after: str


@dataclass(frozen=True, slots=True)
class ComparedPapers:
    """Two papers of a case side by side.

    Attributes:
        act: Title of the act whose paper is the later one; `other` of the one before.
        same: Whether the files are the same, or at least their texts.
        note: Why nothing more than the digests could be compared, else "".
    """

    act: str
    other: str
    same: bool
    changes: tuple[TextChange, ...] = ()
    note: str = ""


def changes(before: str, after: str) -> tuple[TextChange, ...]:
    """What differs between two texts, by paragraphs; blanks at their ends do not count."""
    old, new = _paragraphs(before), _paragraphs(after)
    steps = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    return tuple(
        TextChange("\n".join(old[a:b]), "\n".join(new[c:d])) for tag, a, b, c, d in steps if tag != "equal"
    )


def compared_papers(case_type: CaseType, history: CaseHistory) -> tuple[ComparedPapers, ...]:
    """Each pair of papers that the case type wants compared and that are both there as files."""
    return tuple(_compared(case_type, history))


def _compared(case_type: CaseType, history: CaseHistory) -> Iterator[ComparedPapers]:
    acts = history.acts()
    for name, kind in case_type.acts.items():
        if kind.compares_with is None:
            continue
        later, earlier = _paper(history, acts, name), _paper(history, acts, kind.compares_with)
        if later is not None and earlier is not None:
            yield _pair(kind.title, case_type.acts[kind.compares_with].title, earlier, later)


def _paper(history: CaseHistory, acts: Sequence[Act], name: str) -> str | None:
    """Digest of the first file with the latest occurrence of an act."""
    for act in reversed([act for act in acts if act.act == name]):
        for paper in history.evidence.get(act.position, []):
            if paper["attachment"]:
                return paper["attachment"]
    return None


def _pair(act: str, other: str, earlier: str, later: str) -> ComparedPapers:
    if earlier == later:
        return ComparedPapers(act, other, same=True)
    try:
        found = changes(_text(earlier), _text(later))
    except (YifaError, OSError):
        return ComparedPapers(act, other, same=False, note=UNREADABLE)
    return ComparedPapers(act, other, same=not found, changes=found)


def _text(sha256: str) -> str:
    name = Attachment.objects.get(pk=sha256).name
    return read_bytes(path_of(sha256).read_bytes(), name).text


def _paragraphs(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]
