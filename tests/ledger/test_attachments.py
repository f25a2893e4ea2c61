from __future__ import annotations

import hashlib
import io
import zipfile
from pathlib import Path

import pytest
from django.conf import LazySettings

from tests.ledger.conftest import Town
from yifa.ledger.actions import ActionRefused, StoreAttachment
from yifa.ledger.chain import attachments
from yifa.ledger.models import Attachment


def files(settings: LazySettings) -> list[Path]:
    return [path for path in Path(settings.ATTACHMENTS).rglob("*") if path.is_file()]


def test_the_same_file_is_stored_once_under_its_digest(place: Town, settings: LazySettings) -> None:
    content = "答复书".encode()
    first = StoreAttachment(actor=None, content=content, name=r"C:\folder\答复书.txt").execute()
    again = StoreAttachment(actor=None, content=io.BytesIO(content), name="副本.txt").execute()
    assert first == again and first.name == "答复书.txt" and first.size == len(content)
    assert first.sha256 == hashlib.sha256(content).hexdigest()
    assert [path.read_bytes() for path in files(settings)] == [content]
    assert attachments.path_of(first.sha256) == files(settings)[0]


class Broken(io.BytesIO):
    def read(self, size: int | None = -1) -> bytes:
        if self.tell() > 10:
            raise ConnectionError("the line broke")
        return super().read(8)


@pytest.mark.parametrize(("content", "error"), [(Broken(b"x" * 100), ConnectionError), (b"", ActionRefused)])
def test_a_broken_upload_leaves_nothing(
    place: Town, settings: LazySettings, content: object, error: type[Exception]
) -> None:
    with pytest.raises(error):
        StoreAttachment(actor=None, content=content, name="a.pdf").execute()  # type: ignore[arg-type]
    assert files(settings) == [] and not Attachment.objects.exists()


def test_what_is_too_large_is_refused_and_leaves_nothing(
    place: Town, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attachments, "LIMIT", 1000)
    StoreAttachment(actor=None, content=b"x" * 1000, name="a").execute()
    with pytest.raises(ActionRefused, match="超过 100 MB") as refused:
        StoreAttachment(actor=None, content=io.BytesIO(b"y" * 1001), name="b").execute()
    assert refused.value.code == "too_large" and len(files(settings)) == 1


def test_a_file_needs_a_name_and_somebody_with_a_role(place: Town) -> None:
    with pytest.raises(ActionRefused, match="文件名"):
        StoreAttachment(actor=None, content=b"x", name="  ").execute()
    with pytest.raises(ActionRefused, match="没有业务角色"):
        StoreAttachment(actor=place.user(), content=b"x", name="a").execute()


def word() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("word/document.xml", "<x/>")
    return target.getvalue()


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"%PDF-1.7 ...", "application/pdf"),
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (word(), "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        (b"PK\x03\x04other", "application/zip"),
        ("纯文本".encode(), "text/plain"),
        ("国标文本".encode("gb18030"), "text/plain"),
        (("啊" * 2000).encode()[:4096], "text/plain"),
        (b"  <!DOCTYPE html><html>", "text/html"),
        (b"\x00\x01\x02", "application/octet-stream"),
    ],
)
def test_what_a_file_is_follows_from_its_content(head: bytes, kind: str) -> None:
    assert attachments.media_type(head) == kind
