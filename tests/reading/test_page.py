"""Web pages as they are scraped: tables, hidden text, lists of links, pages that hold no text."""

from __future__ import annotations

import pytest

from yifa.reading import ReadingError, read_bytes
from yifa.reading.load.page import main_text

BODY = (
    "<p>　　现将法治政府建设情况报告如下。</p><p>一、主要工作</p><p>办理案件36件，其中食品类12件。</p>"
    "<p>二、存在问题</p><p>力量不足。</p>"
)
LINES = [
    "　　现将法治政府建设情况报告如下。",
    "一、主要工作",
    "办理案件36件，其中食品类12件。",
    "二、存在问题",
    "力量不足。",
]


def lines(markup: str) -> list[str]:
    return main_text(f"<html><body>{markup}</body></html>").split("\n")


@pytest.mark.parametrize(
    "hidden",
    ['<div style="display: none">甲。</div>', "<p hidden>甲。</p>", '<b style="font-size:0px">甲。</b>'],
)
def test_what_the_page_hides_is_not_read(hidden: str) -> None:
    assert lines(f"<div id=zoom>{BODY}{hidden}</div>") == LINES


def test_a_text_that_a_script_would_show_is_read() -> None:
    assert lines(f'<div style="display:none">{BODY}</div>') == LINES


def test_lists_of_links_are_no_text() -> None:
    links = "<ul><li><a href=1>某区开展执法检查。</a></li><li><a href=2>某区召开会议。</a></li></ul>"
    assert lines(f"<div class=article>{BODY}{links}</div>") == LINES


@pytest.mark.parametrize(
    ("items", "read"),
    [
        ("<ol><li>评查案卷。</li><li><p>培训人员。</p></li></ol>", ["1.评查案卷。", "2.培训人员。"]),
        ("<ol start=3><li>评查案卷。</li><li value=7>培训人员。</li></ol>", ["3.评查案卷。", "7.培训人员。"]),
        (
            "<ol style='list-style-type: cjk-ideographic'><li>评查案卷。</li><li>培训人员。</li></ol>",
            ["一、评查案卷。", "二、培训人员。"],
        ),
        (
            "<ol><li>评查案卷。<ol type=a><li>行政处罚。</li></ol></li><li>培训人员。</li></ol>",
            ["1.评查案卷。", "a.行政处罚。", "2.培训人员。"],
        ),
        ("<ol style='list-style:none'><li>评查案卷。</li></ol>", ["评查案卷。"]),
        (
            "<ol><li>（一）评查案卷。</li><li>（二）培训人员。</li></ol>",
            ["（一）评查案卷。", "（二）培训人员。"],
        ),
        ("<ul><li>评查案卷。</li></ul>", ["评查案卷。"]),
    ],
)
def test_items_of_a_list_keep_the_numbers_the_page_shows(items: str, read: list[str]) -> None:
    assert lines(f"<p>要做好下列工作。</p>{items}") == ["要做好下列工作。", *read]


def test_a_link_in_a_sentence_stays() -> None:
    text = "依照<a href=1>某条例</a>、<a href=2>某办法</a>、<a href=3>某规定</a>办理案件12件。"
    assert lines(f"<div>{BODY}<p>{text}</p></div>")[-1] == "依照某条例、某办法、某规定办理案件12件。"


def test_tables_of_data_keep_rows_and_columns() -> None:
    table = (
        "<table><tr><th>类别</th><th>单位</th><th>件数</th></tr><tr><td rowspan=2>处罚</td><td>甲局</td><td>3</td></tr>"
        "<tr><td>乙局</td><td>4</td></tr><tr><td colspan=2>合计</td><td>7</td></tr></table>"
    )
    assert lines(f"<div>{BODY}{table}</div>")[5:] == [
        "类别\t单位\t件数",
        "处罚\t甲局\t3",
        "〃\t乙局\t4",
        "合计\t\t7",
    ]


def test_a_table_of_two_columns_is_one() -> None:
    table = "<table><tr><td>任务</td><td>责任单位</td></tr><tr><td>开展培训<br>两期</td><td>司法局</td></tr></table>"
    assert lines(f"<div>{BODY}{table}</div>")[5:] == ["任务\t责任单位", "开展培训 两期\t司法局"]


def test_a_table_that_lays_out_the_page_is_none() -> None:
    assert lines(f"<table><tr><td>栏目</td><td>{BODY}</td></tr></table>") == LINES


def test_breaks_of_the_source_are_no_blanks() -> None:
    assert (
        lines("<div><h1>西河区法治政府\n   建设报告</h1><p>办理案件\n12件。</p></div>")[0]
        == "西河区法治政府建设报告"
    )


def test_prepared_text_keeps_its_lines() -> None:
    assert lines("<pre>西河区报告\n一、主要工作\n办理案件12件。</pre>") == [
        "西河区报告",
        "一、主要工作",
        "办理案件12件。",
    ]


@pytest.mark.parametrize(
    ("body", "word"),
    [
        ('<iframe src="a.html"></iframe>', "框架页"),
        ('<div><a href="a.pdf">某区2023年报告.pdf</a></div>', "附件"),
        ('<embed src="年报.ofd">', "附件"),
        ("<script>load()</script>", "脚本"),
    ],
)
def test_pages_without_a_text_say_why(body: str, word: str) -> None:
    with pytest.raises(ReadingError) as caught:
        read_bytes(f"<!DOCTYPE html><html><body>{body}</body></html>".encode(), "页面.html")
    assert caught.value.code == "no_body"
    assert word in caught.value.message


MHT = """From: <Saved by a browser>
MIME-Version: 1.0
Content-Type: multipart/related; type="text/html"; boundary="----x"

------x
Content-Type: text/html
Content-Transfer-Encoding: base64

{page}
------x
Content-Type: image/png
Content-Transfer-Encoding: base64

iVBORw0KGgo=
------x--
"""


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_page_saved_as_one_file(encoding: str) -> None:
    import base64

    page = f"<html><head><meta charset=gb2312></head><body><div>{BODY}</div></body></html>"
    data = MHT.format(page=base64.encodebytes(page.encode(encoding)).decode()).replace("\n", "\r\n").encode()
    document = read_bytes(data, "年报.mht")
    assert document.source.format == "html"
    assert [figure.text for figure in document.figures] == ["36件", "12件"]
