"""The whole file of a case (卷宗): cover, contents, papers in the order of acts, extract of the ledger."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from yifa.documents.actions.returning import paper_title
from yifa.documents.filled import FilledPaper, plain
from yifa.documents.making import filled, standing
from yifa.documents.models import CaseDocument, DocumentVersion
from yifa.documents.related import Related, related
from yifa.documents.values import Facts
from yifa.law.phrases import day
from yifa.ledger.chain.attachments import path_of
from yifa.ledger.models import Attachment, Case, Record, Subject
from yifa.ledger.refusal import ActionRefused
from yifa.papers.marks import word_rows
from yifa.procedures import engine
from yifa.procedures.model import Act, ClockState, TraceStep
from yifa.reading import ReadingError, read_bytes

READ = ("wordprocessingml", "text/plain")
PICTURES = ("image/png", "image/jpeg", "image/gif")
MOST_READ = 5 * 1024 * 1024
PARTIES = ("party", "applicant", "petitioner", "claimant", "recipient", "parties", "plaintiff", "object")


@dataclass(frozen=True)
class Item:
    """One paper of the file. Exactly one of `paper`, `text`, `attachment` shows it; none: it is there on paper only.

    `on_paper`: the original is on paper, though the words it was made from are shown.
    """

    number: int
    title: str
    mark: str
    who: str
    on: date | None
    act: str
    paper: FilledPaper | None = None
    text: str = ""
    attachment: Attachment | None = None
    on_paper: bool = False

    @property
    def name(self) -> str:
        """By which the contents find it."""
        return f"item{self.number}"

    @property
    def picture(self) -> bool:
        """Whether it is a picture that can be shown as it is."""
        return self.attachment is not None and self.attachment.media_type in PICTURES

    @property
    def shown(self) -> bool:
        """Whether it stands in the file with its content."""
        return self.paper is not None or bool(self.text) or self.attachment is not None


@dataclass(frozen=True, slots=True)
class ClockLine:
    """A clock with how it was computed."""

    state: ClockState
    trace: tuple[TraceStep, ...]


@dataclass(frozen=True)
class WholeFile:
    """All that is printed."""

    case: Case
    facts: Facts
    cover: tuple[tuple[str, str], ...]
    items: tuple[Item, ...]
    clocks: tuple[ClockLine, ...]
    records: tuple[Record, ...]
    findings: tuple[str, ...]
    related: tuple[Related, ...]

    @property
    def acts(self) -> list[tuple[Act, str]]:
        """What happened, with its title."""
        known = self.facts.case_type.acts
        return [(act, known[act.act].title) for act in self.facts.state.acts]


def whole(case: Case, on: date) -> WholeFile:
    """The file of a case as it stands on a day."""
    facts = Facts(case, on)
    history, case_type = facts.history, facts.case_type
    clocks = tuple(
        ClockLine(clock, engine.trace(case_type, history.facts, history.entries, name, facts.context))
        for name, clock in facts.state.clocks.items()
        if clock.started
    )
    records = Record.objects.filter(subject=Subject.CASE, subject_id=case.pk).select_related("recorded_by")
    found = engine.findings(case_type, history.facts, history.entries, facts.context)
    return WholeFile(
        case=case,
        facts=facts,
        cover=tuple(_cover(facts)),
        items=tuple(_Binder(facts).items()),
        clocks=clocks,
        records=tuple(records.order_by("position")),
        findings=tuple(one.message for one in found),
        related=tuple(related(case)),
    )


def _cover(facts: Facts) -> Iterator[tuple[str, str]]:
    case, state = facts.case, facts.state
    yield "案卷名称", case.title
    yield "案号、文号", case.number or "—"
    yield "类别", facts.case_type.title
    for name in PARTIES:
        spec = facts.case_type.facts.get(name)
        value = facts.history.facts.get(name)
        if spec is not None and value:
            said = "、".join(value) if isinstance(value, list) else str(value)
            yield spec.title, said
            break
    yield "承办单位", facts.above[0].name_on(state.opened_on or facts.on)
    yield "开始日期", _day(state.opened_on)
    yield "结案日期", _day(state.closed_on)
    yield "处理结果", state.status
    officers = dict.fromkeys(
        act.by for act in state.acts if act.by and not facts.case_type.acts[act.act].party
    )
    yield "承办人", "、".join(officers) or "—"
    yield "归档日期、保管期限", "　　　年　　月　　日　　保管　　　年"


def _day(value: date | None) -> str:
    return day(value) if value else "—"


class _Binder:
    """Puts the papers of a case in order: those of each act in the order of acts, then those of none."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.number = 0
        self.used: set[object] = set()
        rows = CaseDocument.objects.filter(case=facts.case, withdrawn=False)
        self.documents = list(
            rows.select_related("case__organization").prefetch_related("versions__attachment")
        )
        self.by_file = {
            version.attachment_id: (document, version)
            for document in self.documents
            for version in document.versions.all()
        }
        named = [
            str(paper["attachment"])
            for papers in facts.history.evidence.values()
            for paper in papers
            if paper.get("attachment")
        ]
        self.stored: Mapping[str, Attachment] = Attachment.objects.in_bulk(named)

    def items(self) -> Iterator[Item]:
        """The papers, numbered."""
        for act in self.facts.state.acts:
            for paper in self.facts.history.evidence.get(act.position, []):
                yield self._evidence(act, str(paper["title"]), paper.get("attachment") or "")
            for document in self.documents:
                if document.position == act.position and document.pk not in self.used:
                    yield self._document(document, act)
        for document in self.documents:
            if document.pk not in self.used:
                yield self._document(document, None)

    def _next(self) -> int:
        self.number += 1
        return self.number

    def _evidence(self, act: Act, title: str, digest: str) -> Item:
        held = self.by_file.get(digest)
        if held is not None:
            return self._document(held[0], act, held[1], title)
        if not digest and (made := self._made_for(act, title)):
            return self._document(made, act, title=title, on_paper=True)
        kind, attachment = self.facts.case_type.acts[act.act], self.stored.get(digest)
        text = _without(title, _text(attachment)) if attachment is not None else ""
        who = kind.party or act.by or ""
        return Item(self._next(), title, "", who, act.on, kind.title, text=text, attachment=attachment)

    def _document(
        self,
        document: CaseDocument,
        act: Act | None,
        version: DocumentVersion | None = None,
        title: str = "",
        *,
        on_paper: bool = False,
    ) -> Item:
        """A paper made here: as the ledger fills it, or as it was signed."""
        self.used.add(document.pk)
        version = version or standing(list(document.versions.all()))
        paper, attachment = None, None
        if version is not None and version.state == DocumentVersion.State.SIGNED:
            attachment = version.attachment
        else:
            try:
                paper = filled(document, self.facts)
            except ActionRefused:  # its template is gone
                attachment = version.attachment if version is not None else None
        title = title or document.title
        text = _text(attachment, made_here=True) if attachment is not None else ""
        return Item(
            number=self._next(),
            title=title,
            mark=plain(paper.number) if paper is not None else "",
            who=self.facts.above[0].name_on(act.on if act else self.facts.on),
            on=act.on if act is not None else None,
            act=self.facts.case_type.acts[document.act].title,
            paper=paper,
            text=_without(title, text),
            attachment=attachment,
            on_paper=on_paper,
        )

    def _made_for(self, act: Act, title: str) -> CaseDocument | None:
        """The paper made here whose original the act holds on paper."""
        for document in self.documents:
            if document.position == act.position and document.pk not in self.used:
                try:
                    if paper_title(document) == title:
                        return document
                except ActionRefused:  # its template is gone
                    continue
        return None


def _without(title: str, text: str) -> str:
    """The words of a paper below its title, which stands above them already."""
    first, _, rest = text.lstrip().partition("\n")
    return rest if "".join(first.split()) == "".join(title.split()) else text


def _text(attachment: Attachment, *, made_here: bool = False) -> str:
    """The words of a file that has words; pictures, scans and large files have none here.

    What was made here keeps the rows of its tables; of others the numbers Word sets by itself matter more.
    """
    if attachment.size > MOST_READ or not any(kind in attachment.media_type for kind in READ):
        return ""
    path = path_of(attachment.pk)
    if not path.is_file():
        return ""
    content = path.read_bytes()
    if made_here and (rows := word_rows(content)):
        return rows
    try:
        return read_bytes(content, attachment.name).text
    except ReadingError:
        return ""
