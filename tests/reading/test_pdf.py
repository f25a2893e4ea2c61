"""PDF and OFD: the same printed page gives the same text; what is not text is said."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import pytest

from yifa.reading import ReadingError, read_bytes
from yifa.reading.load import Loaded, load

from .making import EM, LEADING, LEFT, PAGE_HEIGHT, Placed, ofd_of, pdf_of, printed, zip_of

LINES = [
    "南河县2022年法治政府建设工作报告",
    "现将有关情况报告如下。",
    "一、主要工作",
    "（一）规范执法。全年办理行政处罚案件12件，其中简易程序5件、普通程序7件，开展执法监督检查3次，评查案卷30卷，"
    "组织执法人员培训2期48人次，各承办机构按照职责分工抓好落实，建立台账并按月通报进度。",
    "（二）公开透明。公开信息1204条。",
    "二、存在问题",
    "力量不足。",
]
Make = Callable[[Iterable[Sequence[Placed]]], bytes]
MAKERS = pytest.mark.parametrize("make", [pdf_of, ofd_of])


def loaded(data: bytes) -> Loaded:
    return load(data, "报告")


@MAKERS
def test_wrapped_lines_become_paragraphs(make: Make) -> None:
    assert loaded(make(printed(LINES))).text.split("\n") == LINES


@MAKERS
def test_a_paragraph_runs_on_over_the_page(make: Make) -> None:
    pages = printed(LINES, lines=4)
    assert len(pages) > 1
    assert loaded(make(pages)).text.split("\n") == LINES


@MAKERS
def test_page_numbers_and_headers_are_no_text(make: Make) -> None:
    pages = printed(LINES, lines=4)
    for number, page in enumerate(pages, 1):
        page.append((LEFT, PAGE_HEIGHT - 40, 10, "南河县司法局文件"))
        page.append((280, 40, 12, f"— {number} —"))
    found = loaded(make(pages))
    assert found.text.split("\n") == LINES
    assert found.furniture == ("南河县司法局文件",)


def test_a_number_in_the_text_is_no_page_number() -> None:
    page = [(LEFT, 700.0, EM, "全年办理行政处罚案件的数量如下。"), (LEFT, 400.0, EM, "12")]
    assert "12" in loaded(pdf_of([page])).text


@MAKERS
def test_a_broken_title_is_one(make: Make) -> None:
    title = [(110.0, 750.0, 22, "南河县司法局关于二〇二二年度法治政府"), (220.0, 718.0, 22, "建设情况的报告")]
    body = [(x, y - 60, size, text) for x, y, size, text in printed(LINES[1:])[0]]
    text = loaded(make([[*title, *body]])).text
    assert text.startswith("南河县司法局关于二〇二二年度法治政府建设情况的报告\n现将")


@MAKERS
def test_a_wide_gap_divides_cells(make: Make) -> None:
    rows = [("类别", "件数", "同比"), ("行政处罚", "128", "5.2%"), ("行政许可", "1,205", "-3.1%")]
    page = [
        (LEFT + 160.0 * column, 700.0 - LEADING * place, EM, cell)
        for place, row in enumerate(rows)
        for column, cell in enumerate(row)
    ]
    assert loaded(make([page])).text.split("\n") == ["\t".join(row) for row in rows]


def rectangle(x: int, y: int, width: int, height: int) -> str:
    return f"{x} {y} {width} {height} re f"


# A table of three rows and three columns; the first cell of the lower rows is one, cells hold two lines of text.
RULES = [
    *(rectangle(80, y, 421, 1) for y in (720, 680, 560)),
    rectangle(200, 620, 301, 1),
    *(rectangle(x, 560, 1, 161) for x in (80, 200, 340, 500)),
]
CELLS: list[Placed] = [
    (90, 695, 12, "类别"), (210, 695, 12, "单位"), (350, 695, 12, "工作内容"),
    (90, 640, 12, "行政处罚"),
    (210, 655, 12, "县市场"), (210, 635, 12, "监管局"), (350, 655, 12, "办理食品类"), (350, 635, 12, "案件40件"),
    (210, 590, 12, "县城管局"), (350, 590, 12, "办理占道案件64件"),
]  # fmt: skip


def test_rules_make_the_cells_of_a_table() -> None:
    assert loaded(pdf_of([CELLS], RULES)).text.split("\n") == [
        "类别\t单位\t工作内容",
        "行政处罚\t县市场监管局\t办理食品类案件40件",
        "〃\t县城管局\t办理占道案件64件",
    ]


def test_a_drawn_rule_is_as_good_as_a_thin_rectangle() -> None:
    strokes = ["0.5 w"]
    for rule in RULES:
        x, y, width, height = map(int, rule.split()[:4])
        end = (x + width, y) if width > height else (x, y + height)
        strokes.append(f"{x} {y} m {end[0]} {end[1]} l S")
    assert loaded(pdf_of([CELLS], strokes)).text == loaded(pdf_of([CELLS], RULES)).text


def test_lines_of_a_table_of_contents_are_dropped() -> None:
    page = [(LEFT, 700.0, EM, "一、主要工作......................3"), (LEFT, 660.0, EM, "一、主要工作")]
    assert loaded(pdf_of([page])).text == "一、主要工作"


PICTURE = "q 500 0 0 700 40 60 cm BI /W 1 /H 1 /CS /G /BPC 8 ID \x80 EI Q"


def refused(data: bytes) -> ReadingError:
    with pytest.raises(ReadingError) as caught:
        read_bytes(data, "报告.pdf")
    return caught.value


def test_a_scanned_paper_is_refused_with_advice() -> None:
    error = refused(pdf_of([[], []], [PICTURE]))
    assert error.code == "scanned"
    assert "OCR" in error.message


def test_an_empty_paper_is_no_scan() -> None:
    assert refused(pdf_of([[]])).code == "no_body"


def test_scanned_pages_among_others_are_named() -> None:
    pages = printed(LINES)
    found = loaded(pdf_of([pages[0], [], []], [PICTURE]))
    assert found.text.split("\n") == LINES
    assert found.damage == ("共 3 页，第 2、3 页没有文字（可能是扫描的图片），没有读到",)


def test_a_locked_paper() -> None:
    whole = pdf_of(printed(LINES))
    locked = whole.replace(
        b"/Root 1 0 R",
        b"/Root 1 0 R /ID [<00><00>] /Encrypt << /Filter /Standard /V 2 /R 3 /Length 128 /P -1 /O <"
        + b"11" * 32 + b"> /U <" + b"22" * 32 + b"> >>",
    )  # fmt: skip
    assert refused(locked).code == "encrypted"


@pytest.mark.parametrize("share", [0.1, 0.4, 0.7])
def test_a_cut_paper(share: float) -> None:
    whole = pdf_of(printed(LINES))
    try:
        assert "报告" in read_bytes(whole[: int(len(whole) * share)], "报告.pdf").text
    except ReadingError as error:
        assert error.code in {"damaged", "no_body", "scanned"}


def test_ofd_without_its_document() -> None:
    for parts in (
        {"OFD.xml": b"<OFD/>"},
        {"OFD.xml": b"<OFD><DocBody><DocRoot>no.xml</DocRoot></DocBody></OFD>"},
    ):
        assert refused(zip_of(parts)).code == "damaged"


def test_ofd_without_text_is_a_scan() -> None:
    assert refused(ofd_of([[]])).code == "scanned"
