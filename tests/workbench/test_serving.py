"""Static files that change while the server runs."""

from __future__ import annotations

import gzip
from pathlib import Path

from django.http import HttpResponse
from django.test import RequestFactory

from yifa.workbench.serving.staticfiles import StaticFiles


def served(place: StaticFiles, **headers: str) -> tuple[str, bytes]:
    response = place(RequestFactory().get("/static/a.css", **headers))
    body = b"".join(response)  # type: ignore[call-overload]
    for file in response._resource_closers:  # `close` would also say that a request ended, to the database
        file()
    return response["Content-Length"], body


def test_changed_file_is_served_whole(tmp_path: Path) -> None:
    place = StaticFiles(lambda request: HttpResponse(status=404))
    file = tmp_path / "a.css"
    file.write_text("a { color: red }")
    place.add_file_to_dictionary("/static/a.css", str(file))
    assert served(place) == ("16", b"a { color: red }")
    file.write_text("a { color: green; margin: 0 }")
    assert served(place) == ("29", b"a { color: green; margin: 0 }")


def test_changed_packed_file_is_served_whole(tmp_path: Path) -> None:
    place = StaticFiles(lambda request: HttpResponse(status=404))
    file, packed = tmp_path / "a.css", tmp_path / "a.css.gz"
    for text in ("a {} " * 200, "b { margin: 0 } " * 300):
        file.write_text(text)
        packed.write_bytes(gzip.compress(text.encode(), mtime=0))
        if not place.looks.get("/static/a.css"):
            place.add_file_to_dictionary("/static/a.css", str(file))
        length, body = served(place, HTTP_ACCEPT_ENCODING="gzip")
        assert int(length) == len(body)
        assert gzip.decompress(body).decode() == text


def test_other_addresses_pass(tmp_path: Path) -> None:
    place = StaticFiles(lambda request: HttpResponse(b"page"))
    assert place(RequestFactory().get("/cases/")).content == b"page"  # type: ignore[attr-defined]
