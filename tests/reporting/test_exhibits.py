"""Tables and charts: called for in the text, built from stored figures, printed in Word and HTML."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

import pypdfium2
import pytest
from lxml import etree
from openpyxl import load_workbook
from selectolax.lexbor import LexborHTMLParser

from yifa.checking import Severity, check
from yifa.law.schema import Exhibit
from yifa.ledger.refusal import ActionRefused
from yifa.papers.charts import Chart
from yifa.reading import read
from yifa.reporting import page, word
from yifa.reporting.actions import EditSection
from yifa.reporting.blocks import ChartBlock, TableBlock
from yifa.reporting.content import paper
from yifa.reporting.exhibits import MOST_COLUMNS, fault, parse, written
from yifa.reporting.models import Report
from yifa.reporting.wordback import set_against

C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"


def test_what_is_written_for_the_outline_is_read_back() -> None:
    for show in ("table", "chart"):
        for by in ("figures", "parts", "months"):
            exhibit = Exhibit(show=show, by=by, title="{year}年", figures=["a_b", "c"])
            called = parse(written(exhibit, "2025年甲", ["a_b", "c"]))
            assert called is not None
            assert (called.show, called.by, called.title, called.rules) == (
                show,
                by,
                "2025年甲",
                ("a_b", "c"),
            )
            assert fault(written(exhibit, "2025年甲", ["a_b", "c"])) is None


@pytest.mark.parametrize("line", ["国发〔2020〕3号文件", "〔表格：甲〕{a}", "表：甲{a}", "见〔表：甲〕{a}"])
def test_prose_is_no_table(line: str) -> None:
    assert parse(line) is None and fault(line) is None


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("〔表：〕{a}", "标题"),
        ("〔图：甲〕", "没有活数字"),
        ("〔表：甲〕{a}共计{b}", "多了“共计”"),
        ("〔分项表：甲〕" + "、".join(f"{{r{n}}}" for n in range(MOST_COLUMNS + 1)), "最多列"),
    ],
)
def test_a_line_that_means_a_table_and_is_none_is_told(line: str, words: str) -> None:
    assert words in (fault(line) or "")


def blocks(report: Report, kind: type) -> list[Any]:
    return [block for block in paper(report).blocks if isinstance(block, kind)]


def put(report: Report, *lines: str) -> None:
    section = report.sections.get(required="other")
    EditSection(actor=None, section=section, text="\n".join(lines)).execute()


@pytest.mark.django_db
def test_the_outline_asks_for_tables_whose_cells_are_the_figures(report: Report) -> None:
    table = next(block for block in blocks(report, TableBlock) if "信息公开申请" in block.title)
    values = {row[0].text: row[2] for row in table.rows}
    received = report.figures.get(rule="information_requests_received")
    assert values[received.title].text == "4" and values[received.title].rule == received.rule
    assert table.number == "表1" and "2024年" in table.title
    assert not any("复议" in block.title for block in blocks(report, TableBlock)), "nothing there to list"


@pytest.mark.django_db
def test_an_empty_body_has_neither_tables_nor_charts(county: Any) -> None:
    report = county.build()
    assert not blocks(report, TableBlock) and not blocks(report, ChartBlock)
    assert "〔" not in paper(report).text


@pytest.mark.django_db
def test_parts_add_up_to_the_figure_and_months_to_the_year(report: Report) -> None:
    put(
        report,
        "〔分项表：各单位超期〕{late_information_request_answer}",
        "〔月表：各月申请〕{information_requests_received}、{trainings}",
        "〔月图：各月申请〕{information_requests_received}",
        "〔分项图：各单位超期〕{late_information_request_answer}",
    )
    units, months = blocks(report, TableBlock)[-2:]
    assert [[cell.text for cell in row] for row in units.rows] == [
        ["澜亭县住房和城乡建设局", "1"], ["澜亭县司法局", "1"], ["合计", "2"],
    ] or [row[0].text for row in units.rows] == ["澜亭县司法局", "澜亭县住房和城乡建设局", "合计"]  # fmt: skip
    assert [row[0].text for row in months.rows] == [f"{month}月" for month in range(1, 13)] + ["合计"]
    for column, total in ((1, "4"), (2, "2")):
        cells = [row[column].text for row in months.rows]
        assert cells[-1] == total and sum(map(int, cells[:-1])) == int(total)
    assert months.rows[4][1].month == "2024-05"
    column_chart, bars = blocks(report, ChartBlock)[-2:]
    assert (column_chart.kind, column_chart.series[0].values[4]) == ("column", "2")
    assert (bars.kind, bars.unit, set(bars.series[0].values)) == ("bar", "件", {"1"})
    assert [block.number for block in (units, months, column_chart, bars)] == ["表2", "表3", "图1", "图2"]


@pytest.mark.django_db
def test_what_has_no_months_and_units_of_two_kinds_are_left_out(report: Report) -> None:
    before = len(blocks(report, TableBlock)) + len(blocks(report, ChartBlock))
    put(
        report,
        "〔图：两种单位〕{information_requests_received}、{trainings}",
        "〔表：没有记录〕{reconsiderations_received}",
    )
    assert len(blocks(report, TableBlock)) + len(blocks(report, ChartBlock)) == before
    assert "两种单位" not in paper(report).text


@pytest.mark.django_db
def test_a_half_written_table_is_refused_with_a_word(busy: Any) -> None:
    with pytest.raises(ActionRefused, match="没有活数字"):
        put(busy.build(), "〔表：甲〕")


@pytest.fixture
def full(report: Report) -> Report:
    """A report with every kind of table and chart."""
    put(
        report,
        "〔分项表：各单位超期〕{late_information_request_answer}",
        "〔月表：各月办理〕{information_requests_received}、{trainings}",
        "〔月图：各月办理〕{information_requests_received}、{information_requests_answered}",
        "〔图：办理情况〕{information_requests_received}、{information_requests_answered}",
    )
    return report


@pytest.mark.django_db
def test_word_has_native_tables_and_charts_that_the_check_reads(full: Report, tmp_path: Path) -> None:
    path = tmp_path / "r.docx"
    word.write(full, path)
    with zipfile.ZipFile(path) as file:
        names = file.namelist()
        charts = sorted(name for name in names if name.startswith("word/charts/chart"))
        assert len(charts) == 2
        space = etree.fromstring(file.read(charts[0]))
        sheet = load_workbook(file.open("word/embeddings/chart1.xlsx")).active
        body = file.read("word/document.xml").decode()
    values = [point.text for point in space.find(f".//{C}val").iter(f"{C}v")]
    assert [str(cell.value) for cell in sheet["B"][1:]] == values and len(values) == 12
    assert "tblHeader" in body and 'descr="收到政府信息公开申请：1月0件' in body
    document = read(path)
    assert "图1　各月办理（单位：件）" in document.text and "表1　" in document.text
    told = [f for f in check(document) if f.severity != Severity.NOTICE and not f.rule.startswith("period.")]
    assert [finding.message for finding in told] == []


@pytest.mark.django_db
def test_a_total_changed_in_a_table_of_the_word_file_is_found(report: Report, tmp_path: Path) -> None:
    report.figures.filter(rule="trainings").update(
        value=20, parts={"甲局": "11", "乙局": "9"}, parts_title="单位"
    )
    put(report, "〔分项表：各单位培训〕{trainings}")
    path, changed = tmp_path / "r.docx", tmp_path / "changed.docx"
    word.write(report, path)
    assert not [finding for finding in check(read(path)) if finding.rule == "sum"]
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(changed, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "word/document.xml":
                before, total, after = content.decode().rpartition(">合计<")
                content = (before + total + after.replace(">20<", ">21<", 1)).encode()
            new.writestr(name, content)
    found = [finding for finding in check(read(changed)) if finding.rule == "sum"]
    assert [(one.severity, one.evidence["difference"]) for one in found] == [(Severity.ERROR, 1)]


@pytest.mark.django_db
def test_a_word_file_with_charts_comes_back_as_it_went_out(full: Report, tmp_path: Path) -> None:
    word.write(full, tmp_path / "r.docx")
    returned = set_against(full, read(tmp_path / "r.docx"))
    assert (returned.offers, returned.refused, returned.named) == ((), (), ())


@pytest.mark.django_db
def test_every_mark_and_cell_of_the_page_opens_a_figure(full: Report) -> None:
    tree = LexborHTMLParser(page.html(full))
    data = json.loads(tree.css("#data")[0].text())
    marks = tree.css("svg.chart a")
    assert len(marks) == 12 * 2 + 2
    for mark in marks:
        figure = data["figures"][mark.attributes["data-rule"]]
        month = mark.attributes["data-month"]
        rows = [
            value for place, value, _ in figure["rows"] if data["records"][place][0].startswith(month or "")
        ]
        assert mark.css_first("text").text() == str(sum(map(int, rows)))
    assert len(tree.css("figure.exhibit table")) == 3
    assert all(link.attributes.get("id") for link in tree.css("figure.exhibit td a.figure"))


@pytest.mark.django_db
def test_a_file_too_large_leaves_out_the_largest_figures_and_says_so(
    report: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page, "MOST_LINES", 3)
    data = json.loads(LexborHTMLParser(page.html(report)).css("#data")[0].text())
    received = data["figures"]["information_requests_received"]
    assert (received["rows"], received["omitted"], received["value"]) == ([], 4, "4.000000")
    assert sum(len(figure["rows"]) for figure in data["figures"].values()) <= 3
    assert data["omitted"] == sum(figure["omitted"] for figure in data["figures"].values())


@pytest.mark.django_db
def test_money_in_ten_thousands_still_adds_up(report: Report) -> None:
    report.figures.filter(rule="trainings").update(
        unit="元", value=Decimal("20000.05"), parts={"甲": "15000.01", "乙": "5000.04"}, parts_title="科目"
    )
    put(report, "〔分项表：经费〕{trainings}")
    table = blocks(report, TableBlock)[-1]
    assert table.header[1].endswith("（万元）")
    cells = [Decimal(row[1].text) for row in table.rows]
    assert sum(cells[:-1]) == cells[-1] == Decimal("2.000005")
    assert {len(row[1].text.partition(".")[2]) for row in table.rows} == {6}, "points stand below each other"


@pytest.mark.django_db
@pytest.mark.office
@pytest.mark.skipif(shutil.which("soffice") is None, reason="这台机器没有 LibreOffice：没有看图表画出来没有")
def test_an_office_program_draws_the_charts(full: Report, tmp_path: Path) -> None:
    word.write(full, tmp_path / "r.docx")
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path)]
    subprocess.run([*command, str(tmp_path / "r.docx")], check=True, capture_output=True, timeout=120)
    pdf = pypdfium2.PdfDocument(tmp_path / "r.pdf")
    try:
        text = "".join(page.get_textpage().get_text_range() for page in pdf)
    finally:
        pdf.close()
    labels = re.sub(r"\s", "", text).partition("月份收到")[2].partition("12月")[2]
    assert "12月" in labels, "the labels of the chart are words in the page, after those of the table"


def test_the_period_of_a_running_year_ends_with_the_month_of_the_cut_off() -> None:
    from yifa.reporting.exhibits import _period

    assert list(_period(date(2025, 11, 1), date(2026, 2, 3))) == ["2025-11", "2025-12", "2026-01", "2026-02"]


@pytest.mark.parametrize(("kind", "labels"), [("column", 12), ("bar", 1), ("bar", 12)])
def test_a_chart_that_does_not_fit_leaves_less_than_a_third_of_the_page(
    kind: Literal["column", "bar"], labels: int
) -> None:
    chart = Chart(kind, [str(place) for place in range(labels)], [("件", ["1"] * labels)])
    caption = 10  # mm: its line with what is above and below it
    assert chart.height + caption < 225 / 3
    assert kind == "column" or chart.height / labels > 4.5  # room for a line of 10.5 points beside each bar
