"""Stored files sent to the browser."""

from __future__ import annotations

from urllib.parse import quote

from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404

from yifa.ledger.chain.attachments import path_of
from yifa.ledger.models import Attachment

INLINE = {"application/pdf", "image/png", "image/jpeg", "image/gif"}


def stored_file(sha256: str) -> FileResponse:
    """A stored file under its name. What a browser might run is only downloaded."""
    stored = get_object_or_404(Attachment, pk=sha256)
    path = path_of(sha256)
    if not path.is_file():
        raise Http404
    inline = stored.media_type in INLINE
    response = FileResponse(
        path.open("rb"), content_type=stored.media_type if inline else "application/octet-stream"
    )
    kind = "inline" if inline else "attachment"
    response["Content-Disposition"] = f"{kind}; filename*=UTF-8''{quote(stored.name)}"
    response["X-Content-Type-Options"] = "nosniff"
    return response
