"""Evidence on the forms of acts: the papers the law asks for, further papers, files kept through a refusal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO, cast

from django.core.files import File
from django.http import HttpRequest

from yifa.ledger.actions import StoreAttachment
from yifa.ledger.models import Attachment, User
from yifa.ledger.refusal import ActionRefused


@dataclass(frozen=True, slots=True)
class Wanted:
    """One paper the law asks for, as the form shows it."""

    place: int
    title: str
    held: bool  # ticked: there on paper
    kept: Attachment | None  # already uploaded

    @property
    def field(self) -> str:
        """The name of its file input."""
        return f"paper_{self.place}"


@dataclass(frozen=True, slots=True)
class Papers:
    """All evidence of a form."""

    wanted: tuple[Wanted, ...]
    more: tuple[tuple[str, Attachment | None], ...]

    def given(self) -> list[dict[str, str | None]]:
        """As the actions take it."""
        papers: list[tuple[str, Attachment | None]] = [
            (one.title, one.kept) for one in self.wanted if one.held or one.kept
        ]
        papers += self.more
        return [{"title": title, "attachment": kept.pk if kept else None} for title, kept in papers]


def standing(titles: Sequence[str], evidence: Sequence[Mapping[str, Any]]) -> Papers:
    """The form's evidence from what an act already has (none for a new act)."""
    stored = Attachment.objects.in_bulk(
        [paper["attachment"] for paper in evidence if paper.get("attachment")]
    )
    held: dict[str, Attachment | None] = {}
    more: list[tuple[str, Attachment | None]] = []
    for paper in evidence:
        title, kept = str(paper["title"]), stored.get(str(paper.get("attachment")))
        if title in titles and title not in held:
            held[title] = kept
        else:
            more.append((title, kept))
    wanted = tuple(Wanted(place, title, title in held, held.get(title)) for place, title in enumerate(titles))
    return Papers(wanted, tuple(more))


def received(request: HttpRequest, user: User, titles: Sequence[str]) -> Papers:
    """The evidence sent with a form. Files are stored at once, so that a refusal does not lose them.

    Raises:
        ActionRefused: a file is empty, too large, or may not be stored by this user.
    """
    wanted = []
    more: list[tuple[str, Attachment | None]] = []
    for place, title in enumerate(titles):
        kept = _kept(request, f"kept_{place}")
        files = request.FILES.getlist(f"paper_{place}")
        if files:
            kept, *others = [_store(user, file) for file in files]
            more += [(f"{title}（{number}）", one) for number, one in enumerate(others, start=2)]
        wanted.append(Wanted(place, title, bool(request.POST.get(f"held_{place}")), kept))
    for title, digest in zip(
        request.POST.getlist("more_title"), request.POST.getlist("more_kept"), strict=False
    ):
        if title.strip():  # a name made empty takes the paper away
            more.append((title.strip(), Attachment.objects.filter(pk=digest).first() if digest else None))
    files = request.FILES.getlist("papers")
    names = request.POST.getlist("papers_name")
    for place, file in enumerate(files):
        attachment = _store(user, file)
        name = names[place].strip() if len(names) == len(files) else ""
        more.append((name or (file.name or attachment.name).rsplit(".", 1)[0], attachment))
    return Papers(tuple(wanted), tuple(more))


def _kept(request: HttpRequest, name: str) -> Attachment | None:
    digest = request.POST.get(name)
    return Attachment.objects.filter(pk=digest).first() if digest else None


def _store(user: User, file: File[bytes]) -> Attachment:
    content = cast(BinaryIO, file.file)
    name = file.name or "附件"
    try:
        return StoreAttachment(actor=user, content=content, name=name).execute()
    except ActionRefused as refused:
        refused.message = f"“{name}”：{refused.message}"
        raise
