"""The report editor: live figures, editing, conflicts, submission, files."""

from __future__ import annotations

import io
import zipfile

import pytest
import time_machine
from django.urls import reverse
from selectolax.lexbor import LexborHTMLParser

from tests.signing import submitted
from tests.workbench.conftest import World
from yifa.reporting.models import Report, Section


def section_with(world: World, rule: str) -> Section:
    return next(one for one in world.report.sections.all() if f"{{{rule}}}" in one.text)


def test_figure_opens_to_its_records(world: World) -> None:
    client = world.client("coordinator")
    tree = LexborHTMLParser(client.get(reverse("report", args=[world.report.pk])).content.decode())
    chips = {link.attributes["href"] or "": link.text() for link in tree.css("p a.y-figure")}
    url = reverse("report_figure", args=[world.report.pk, "information_requests_received"])
    assert chips[url] == "2件"
    cells = {link.attributes["href"]: link.text() for link in tree.css("figure.y-exhibit td a")}
    assert cells[url] == "2", "the table of the section shows the same figure"
    panel = client.get(url, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in panel
    assert reverse("case", args=[world.case.pk]) in panel
    assert "SM3" in panel


def test_section_is_edited_and_can_be_restored(world: World) -> None:
    client = world.client("coordinator")
    section = section_with(world, "information_requests_received")
    url = reverse("edit_section", args=[world.report.pk, section.pk])
    text = "我县认真办理。收到申请{information_requests_received}。"
    assert client.post(url, {"text": text, "seen": section.version}).status_code == 302
    section.refresh_from_db()
    assert (section.text, section.edited) == (text, True)
    page = client.get(reverse("report", args=[world.report.pk])).content.decode()
    assert "我县认真办理" in page
    assert client.post(url, {"text": "", "seen": section.version, "reset": "1"}).status_code == 302
    section.refresh_from_db()
    assert (section.text, section.edited) == (section.drafted, False)


def test_hints_for_writing_are_for_those_who_write(world: World) -> None:
    address = reverse("report", args=[world.report.pk])
    coordinator = world.client("coordinator")
    assert "y-guidance" in coordinator.get(address).content.decode()
    submitted(world.report)
    assert "y-guidance" not in coordinator.get(address).content.decode()


def test_unknown_figure_is_refused_and_the_text_kept(world: World) -> None:
    section = section_with(world, "information_requests_received")
    url = reverse("edit_section", args=[world.report.pk, section.pk])
    response = world.client("coordinator").post(
        url, {"text": "共{no_such_rule}件。", "seen": section.version}
    )
    assert response.status_code == 422
    assert "共{no_such_rule}件。" in response.content.decode()


def test_the_slower_editor_keeps_the_text_and_sees_the_other(world: World) -> None:
    section = section_with(world, "information_requests_received")
    url = reverse("edit_section", args=[world.report.pk, section.pk])
    client = world.client("coordinator")
    client.post(url, {"text": "先到的文字。", "seen": section.version})
    response = client.post(url, {"text": "后到的文字。", "seen": section.version})
    text = response.content.decode()
    assert response.status_code == 422
    assert "先到的文字。" in text
    assert "后到的文字。" in text


def test_errors_block_submission(world: World) -> None:
    client = world.client("coordinator")
    section = section_with(world, "information_requests_received")
    url = reverse("edit_section", args=[world.report.pk, section.pk])
    wrong = "全年收到来信10件，其中办结12件。"
    client.post(url, {"text": wrong, "seen": section.version})
    step = reverse("report_step", args=[world.report.pk, "send_to_review"])
    page = LexborHTMLParser(client.get(step).content.decode())
    assert page.css_first("button[disabled]") is not None
    assert client.post(step).status_code == 422
    world.report.refresh_from_db()
    assert world.report.state == Report.State.DRAFT


def test_files(world: World) -> None:
    client = world.client("coordinator")
    word = client.get(reverse("download_report", args=[world.report.pk, "docx"]))
    assert "word/document.xml" in zipfile.ZipFile(io.BytesIO(word.content)).namelist()
    page = client.get(reverse("download_report", args=[world.report.pk, "html"]))
    assert world.report.title in page.content.decode()
    assert client.get(reverse("download_report", args=[world.report.pk, "exe"])).status_code == 404


def test_figures_leave_as_open_data(world: World) -> None:
    client = world.client("coordinator")
    found = client.get(reverse("download_report", args=[world.report.pk, "json"])).json()
    assert found["format"] == "yifa-open-data" and found["report"]["title"] == world.report.title
    table = client.get(reverse("download_report", args=[world.report.pk, "csv"]))
    assert table["Content-Type"].startswith("text/csv") and table.content.decode("utf-8-sig").startswith(
        "指标,"
    )


def test_without_an_office_program_the_page_says_how_to_get_a_pdf(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("YIFA_OFFICE", "/nowhere/soffice")
    client = world.client("coordinator")
    response = client.get(reverse("download_report", args=[world.report.pk, "pdf"]), follow=True)
    assert "另存为 PDF" in response.content.decode()


def test_in_the_first_months_the_form_means_the_year_that_is_over(world: World) -> None:
    def year() -> str | None:
        page = LexborHTMLParser(world.client("coordinator").get(reverse("build_report")).content.decode())
        return page.css_first("input[name=year]").attributes["value"]  # type: ignore[union-attr]

    assert year() == "2026"
    with time_machine.travel("2027-01-12T10:00+08:00", tick=False):
        assert year() == "2026"


def test_report_is_built_from_the_form(world: World) -> None:
    client = world.client("coordinator")
    response = client.post(reverse("build_report"), {"organization": world.office.pk, "year": "2026"})
    assert response.status_code == 302
    assert Report.objects.filter(organization=world.office).exists()
    future = client.post(reverse("build_report"), {"organization": world.office.pk, "year": "2030"})
    assert future.status_code == 422
    assert "还没有开始" in future.content.decode()
