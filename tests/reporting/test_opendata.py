"""Open data: the figures of a report as JSON and CSV, with a schema."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yifa.cli import run
from yifa.ledger.chain.canonical import canonical, sm3
from yifa.reporting import opendata
from yifa.reporting.models import Report

pytestmark = pytest.mark.django_db


def test_the_schema_in_the_repository_is_that_of_the_code() -> None:
    assert opendata.SCHEMA.read_text(encoding="utf-8") == opendata.schema()


def test_what_is_written_keeps_to_the_schema_and_says_every_figure(report: Report) -> None:
    for records in (False, True):
        text = opendata.as_json(report, records=records)
        read = opendata.OpenReport.model_validate_json(text)
        assert {figure.rule for figure in read.figures} == set(report.figures.values_list("rule", flat=True))
        assert ("records" in json.loads(text)["figures"][0]) == records
    figures = {figure.rule: figure for figure in read.figures}
    for stored in report.figures.all():
        figure = figures[stored.rule]
        assert (figure.value is None) == (stored.value is None)
        if figure.value is not None:
            assert Decimal(figure.value) == stored.value
        assert not figure.parts or sum(Decimal(part.value) for part in figure.parts) == stored.value
        for other in (figure.numerator, figure.denominator):
            assert other is None or other in figures


def test_anybody_can_count_a_figure_again_from_its_records(report: Report) -> None:
    found = opendata.open_report(report, records=True)
    received = next(figure for figure in found.figures if figure.rule == "information_requests_received")
    assert received.records is not None and received.records_count == len(received.records) == 4
    assert sum(Decimal(record.value) for record in received.records) == Decimal(received.value or "")
    assert received.digest == sm3(canonical(sorted(record.digest for record in received.records)).encode())


def test_nothing_of_a_case_but_its_id_and_digest_goes_out(busy: Any) -> None:
    busy.request(busy.justice, date(2024, 4, 2), None, "王某某的低保材料")
    text = opendata.as_json(busy.build(), records=True)
    assert "王某某" not in text and "低保" not in text


def test_the_three_states_of_a_figure_stay_apart(county: Any) -> None:
    report: Report = county.build()
    report.figures.filter(rule="trainings").update(status="not_collected", value=None)
    report.figures.filter(rule="study_sessions").update(status="no_power", value=None)
    figures = {figure.rule: figure for figure in opendata.open_report(report).figures}
    assert (figures["trainings"].status, figures["trainings"].value) == ("not_collected", None)
    assert (figures["study_sessions"].value, figures["study_sessions"].shown) == (None, "本级无此职权")
    assert (
        figures["information_requests_received"].status,
        figures["information_requests_received"].value,
    ) == (
        "counted",
        "0",
    )


def test_the_table_has_a_line_for_each_figure_and_each_part(report: Report) -> None:
    text = opendata.as_csv(report)
    assert text.startswith("\ufeff指标,分项,数值,计量单位,状态,单位,单位代码")
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
    wholes = [row for row in rows if not row["分项"]]
    assert len(wholes) == report.figures.count()
    late = [row for row in rows if row["计数规则代码"] == "late_information_request_answer"]
    assert (late[0]["分项"], late[0]["数值"], len(late)) == ("", "2", 3)
    stored = report.figures.get(rule="late_information_request_answer")
    assert late[0]["怎样计数"] == stored.explain and late[0]["记录摘要（SM3）"] == stored.digest
    assert late[0]["单位代码"] == stored.organization.code and late[0]["状态"] == "已计数"
    assert late[0]["依据"].startswith("《政府信息公开条例》第")
    assert not any(text in {"None", "counted", "no_power"} for row in rows for text in row.values())


def test_a_part_that_looks_like_a_formula_is_text_in_the_table(report: Report) -> None:
    report.figures.filter(rule="trainings").update(parts={"=cmd|' /C calc'!A0": "2", "-3": "0"}, value=2)
    rows = list(csv.DictReader(io.StringIO(opendata.as_csv(report).removeprefix("\ufeff"))))
    parts = [row["分项"] for row in rows if row["计数规则代码"] == "trainings"]
    assert parts == ["", "'=cmd|' /C calc'!A0", "-3"]  # the figure itself, then its parts in their order


@given(st.decimals(allow_nan=False, allow_infinity=False, places=6, min_value=-(10**12), max_value=10**12))
def test_a_decimal_is_written_exactly_and_shortly(value: Decimal) -> None:
    text = opendata.exact(value)
    assert Decimal(text) == value
    assert "E" not in text and not (("." in text) and text.endswith(("0", ".")))


def test_the_command_writes_all_that_is_asked_for(busy: Any, tmp_path: Path) -> None:
    made, table, page = (tmp_path / name for name in ("r.json", "r.CSV", "r.html"))
    command = [
        "report",
        "build",
        "--year",
        "2024",
        "--open-data",
        str(made),
        "--html",
        str(page),
        "--records",
    ]
    assert run(command) == 0
    assert (
        json.loads(made.read_text(encoding="utf-8"))["figures"][0]["records"] is not None and page.is_file()
    )
    assert run(["report", "build", "--year", "2024", "--open-data", str(table)]) == 0
    assert table.read_text(encoding="utf-8-sig").startswith("指标,")


def test_the_command_says_at_once_that_there_is_no_office_program(
    busy: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("YIFA_OFFICE", str(tmp_path / "nowhere"))
    assert run(["report", "build", "--year", "2024", "--pdf", str(tmp_path / "r.pdf")]) == 2
    assert "LibreOffice" in capsys.readouterr().err
    assert not Report.objects.exists(), "said before the long work"
