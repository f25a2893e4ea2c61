"""Any text put to the check; nothing of it is kept."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from selectolax.lexbor import LexborHTMLParser

from tests.workbench.conftest import World
from yifa.ledger.models import Attachment

WRONG = "澜亭县2025年法治政府建设工作报告\n\n全年共收到来信10件，其中办结12件。\n"


def test_pasted_text_is_marked(world: World) -> None:
    response = world.client("nobody").post(reverse("check"), {"text": WRONG})
    page = LexborHTMLParser(response.content.decode())
    assert page.css_first("mark.error") is not None
    text = page.css_first(".y-text")
    assert text is not None
    assert "其中办结12件" in text.text()
    for link in page.css(".y-finding a"):
        assert page.css_first(f"[id='{(link.attributes['href'] or '')[1:]}']") is not None


def test_many_files_each_by_itself_and_nothing_kept(world: World) -> None:
    files = [
        SimpleUploadedFile("甲.txt", WRONG.encode()),
        SimpleUploadedFile("乙.txt", WRONG.encode("gb18030")),
        SimpleUploadedFile("空.txt", b""),
        SimpleUploadedFile("图.docx", b"\x89PNG\r\n\x1a\n" + bytes(200)),
    ]
    response = world.client("nobody").post(reverse("check"), {"files": files})
    page = LexborHTMLParser(response.content.decode())
    badges = [
        section.css_first(".card-header .ms-auto").text().strip() for section in page.css("section.card")
    ]  # type: ignore[union-attr]
    assert len(badges) == 4
    assert badges[0] == badges[1]
    assert badges[0].startswith("错误")
    assert badges[2:] == ["读不了", "读不了"]
    assert not Attachment.objects.exists()
    assert not Path(settings.ATTACHMENTS).exists()


def test_nothing_given_is_said(world: World) -> None:
    response = world.client("nobody").post(reverse("check"), {"text": "  "})
    assert response.status_code == 422
    assert "请选择文件" in response.content.decode()


def test_hostile_text_stays_text(world: World) -> None:
    response = world.client("nobody").post(
        reverse("check"), {"text": "<script>alert(1)</script>报告" + WRONG}
    )
    assert "<script>alert(1)" not in response.content.decode()
