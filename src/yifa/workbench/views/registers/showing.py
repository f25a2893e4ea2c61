"""One entry: what it says, its versions, what differs between two of them."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone

from yifa.approvals.models import EntryDraft
from yifa.law.schema import FieldSpec, RegisterType
from yifa.ledger.legal import register_of
from yifa.ledger.models import Attachment, Entry, EntryVersion, User
from yifa.workbench.forms.given import whole
from yifa.workbench.rights.access import SignedInRequest
from yifa.workbench.serving.files import stored_file
from yifa.workbench.templatetags.yifa import shown
from yifa.workbench.views.registers.listing import may_keep, standing_of

DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a value: the same in both, only in the old, only in the new."""

    kind: str  # same | old | new
    text: str


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that differs."""

    spec: FieldSpec
    pieces: tuple[Piece, ...]


def seen_entry(user: User, entry_id: UUID) -> Entry:
    """An entry within the user's units; anything else does not exist for them."""
    return get_object_or_404(Entry.objects.for_user(user).select_related("organization"), pk=entry_id)


def differences(
    register: RegisterType, old: Mapping[str, Any], new: Mapping[str, Any]
) -> tuple[Difference, ...]:
    """What changed from one version to another, by character."""
    return tuple(
        Difference(spec, tuple(_pieces(_text(old.get(name), spec), _text(new.get(name), spec))))
        for name, spec in register.fields.items()
        if old.get(name) != new.get(name)
    )


def _text(value: Any, spec: FieldSpec) -> str:
    return "" if value is None else shown(value, spec)


def _pieces(old: str, new: str) -> Iterator[Piece]:
    for kind, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            yield Piece("same", old[a:b])
            continue
        if b > a:
            yield Piece("old", old[a:b])
        if d > c:
            yield Piece("new", new[c:d])


def _chosen(versions: list[EntryVersion], text: str | None, otherwise: int) -> EntryVersion:
    number = whole(text)
    wanted = otherwise if number is None else number
    return next((one for one in versions if one.version == wanted), versions[-1])


@login_required
def entry(request: SignedInRequest, entry_id: UUID) -> HttpResponse:
    """One entry."""
    found = seen_entry(request.user, entry_id)
    register = register_of(found.register)
    versions = list(found.versions.select_related("record__recorded_by"))
    new = _chosen(versions, request.GET.get("new"), len(versions))
    old = _chosen(versions, request.GET.get("old"), max(1, new.version - 1))
    today = timezone.localdate()
    context = {
        "title": found.title,
        "entry": found,
        "register": register,
        "fields": [(spec, found.data.get(name)) for name, spec in register.fields.items()],
        "files": _files(found),
        "versions": versions,
        "old": old,
        "new": new,
        "differences": differences(register, old.data, new.data) if len(versions) > 1 else (),
        "may_keep": may_keep(request.user, found.organization) and not found.withdrawn,
        "standing": standing_of(found, register),
        "waiting": EntryDraft.objects.filter(entry=found, state=EntryDraft.State.WAITING).select_related(
            "drafted_by"
        ),
        "today": today,
        "crumbs": [
            ("清单名录", reverse("registers")),
            (register.title, reverse("register", args=[found.register])),
        ],
    }
    return render(request, "workbench/registers/entry.html", context)


@login_required
def entry_file(request: SignedInRequest, entry_id: UUID, sha256: str) -> HttpResponseBase:
    """A stored file an entry names by its digest, for those who see the entry."""
    found = seen_entry(request.user, entry_id)
    if not any(sha256 in version.data.values() for version in found.versions.all()):
        raise Http404
    return stored_file(sha256)


def _files(entry: Entry) -> list[Attachment]:
    digests = [value for value in entry.data.values() if isinstance(value, str) and DIGEST.fullmatch(value)]
    return list(Attachment.objects.filter(pk__in=digests)) if digests else []
