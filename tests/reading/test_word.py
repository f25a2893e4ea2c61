"""Word files as they really come: notes, headers, boxes, fields, changes, merged cells, numbers of every sort."""

from __future__ import annotations

import io
import zipfile

from docx import Document as new_docx
from docx.oxml.ns import nsdecls

from yifa.reading import read_bytes
from yifa.reading.load import Loaded, load

from .making import doc_of, docx_of, saved, zip_of

W = nsdecls("w")
R = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def word_of(body: str, *, parts: dict[str, str] | None = None, kinds: dict[str, str] | None = None) -> bytes:
    """A Word file from the XML of its body; `parts` by file name below word/, `kinds` their relation types."""
    kinds = kinds or {name: name.removesuffix(".xml") for name in parts or {}}
    relations = "".join(
        f'<Relationship Id="r{place}" Type="{RELATED}/{kinds[name]}" Target="{name}"/>'
        for place, name in enumerate(parts or {})
    )
    files = {
        "[Content_Types].xml": "<Types/>",
        "word/document.xml": f"<w:document {W} {R}><w:body>{body}</w:body></w:document>",
        "word/_rels/document.xml.rels": f"<Relationships>{relations}</Relationships>",
        **{f"word/{name}": content for name, content in (parts or {}).items()},
    }
    return zip_of({name: content.encode() for name, content in files.items()})


def loaded(data: bytes) -> Loaded:
    return load(data, "报告.docx")


def lines(body: str, **more: dict[str, str]) -> list[str]:
    return loaded(word_of(body, **more)).text.split("\n")


def p(text: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"


def test_headers_and_footers_stand_apart() -> None:
    document = new_docx()
    document.add_paragraph("正文。")
    document.sections[0].header.paragraphs[0].text = "南河县司法局文件"
    document.sections[0].footer.paragraphs[0].text = "— 3 —"
    found = loaded(saved(document))
    assert (found.text, found.furniture) == ("正文。", ("南河县司法局文件",))


def test_a_note_stands_behind_its_paragraph() -> None:
    notes = (
        f'<w:footnotes {W}><w:footnote w:type="separator" w:id="0">{p("线")}</w:footnote>'
        f'<w:footnote w:id="2">{p("不含移送的3件。")}</w:footnote></w:footnotes>'
    )
    body = f'<w:p><w:r><w:t>办理案件12件。</w:t><w:footnoteReference w:id="2"/></w:r></w:p>{p("下一段。")}'
    assert lines(body, parts={"footnotes.xml": notes}) == [
        "办理案件12件。",
        "注：不含移送的3件。",
        "下一段。",
    ]


def test_hidden_text_fields_and_readings() -> None:
    body = (
        "<w:p><w:r><w:t>甲</w:t></w:r><w:r><w:rPr><w:vanish/></w:rPr><w:t>隐</w:t></w:r>"
        '<w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:t>乙</w:t></w:r>'
        '<w:r><w:fldChar w:fldCharType="begin"/><w:instrText>REF x</w:instrText></w:r><w:r><w:t>丙</w:t></w:r>'
        "<w:r><w:ruby><w:rt><w:r><w:t>ding</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>丁</w:t></w:r></w:rubyBase>"
        "</w:ruby></w:r></w:p>"
    )
    assert lines(body) == ["甲乙丙丁"]


def test_a_deleted_paragraph_mark_joins_paragraphs() -> None:
    body = p("前半", "<w:rPr><w:del/></w:rPr>") + p("后半。") + p("另段。")
    assert lines(body) == ["前半后半。", "另段。"]


def test_a_deleted_row_is_gone() -> None:
    row = "<w:tr>{}<w:tc>" + p("甲") + "</w:tc><w:tc>" + p("乙") + "</w:tc></w:tr>"
    assert lines(f"<w:tbl>{row.format('<w:trPr><w:del/></w:trPr>')}{row.format('')}</w:tbl>") == ["甲\t乙"]


def cell(text: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{p(text)}</w:tc>"


def test_merged_cells_keep_their_columns() -> None:
    start, goes_on, two = '<w:vMerge w:val="restart"/>', "<w:vMerge/>", '<w:gridSpan w:val="2"/>'
    rows = [
        cell("一览表", '<w:gridSpan w:val="3"/>'),
        cell("类别") + cell("单位") + cell("件数"),
        cell("处罚", start) + cell("甲局") + cell("3"),
        cell("", goes_on) + cell("乙局") + cell("4"),
        cell("合计", two) + cell("7"),
    ]
    table = "".join(f"<w:tr>{row}</w:tr>" for row in rows)
    assert lines(f"<w:tbl>{table}</w:tbl>") == [
        "一览表", "类别\t单位\t件数", "处罚\t甲局\t3", "〃\t乙局\t4", "合计\t\t7",
    ]  # fmt: skip


def test_a_table_that_only_frames_the_text_is_text() -> None:
    table = f"<w:tbl><w:tr><w:tc>{p('一、主要工作')}{p('办理案件12件。')}</w:tc></w:tr></w:tbl>"
    assert lines(table) == ["一、主要工作", "办理案件12件。"]


def test_boxes_in_boxes_are_read_once() -> None:
    inner = f"<w:txbxContent>{p('内框')}</w:txbxContent>"
    for _ in range(12):
        inner = f"<w:txbxContent><w:p><w:r><w:pict>{inner}</w:pict></w:r></w:p></w:txbxContent>"
    assert [
        line for line in lines(f"<w:p><w:r><w:t>外</w:t><w:pict>{inner}</w:pict></w:r></w:p>") if line
    ] == ["外", "内框"]


def test_a_table_of_contents_is_dropped() -> None:
    styles = f'<w:styles {W}><w:style w:styleId="11"><w:name w:val="toc 1"/></w:style></w:styles>'
    body = p("一、主要工作	3", '<w:pStyle w:val="11"/>') + p("一、主要工作")
    assert lines(body, parts={"styles.xml": styles}) == ["一、主要工作"]


def test_documents_put_into_the_document() -> None:
    body = p("前。") + '<w:altChunk r:id="r0"/>' + p("后。") + '<w:altChunk r:id="r9"/>'
    page = "<html><body><p>插入的网页，办理案件12件。</p></body></html>"
    found = loaded(word_of(body, parts={"a.html": page}, kinds={"a.html": "aFChunk"}))
    assert found.text.split("\n") == ["前。", "插入的网页，办理案件12件。", "后。"]
    assert any("1 处" in note for note in found.damage)


NUMBERED = """<w:numbering {w}><w:abstractNum w:abstractNumId="1">
<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/>
<w:lvlText w:val="第%1章"/><w:suff w:val="space"/></w:lvl>
<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:isLgl/><w:lvlText w:val="%1.%2"/></w:lvl>
<w:lvl w:ilvl="2"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlRestart w:val="0"/><w:lvlText w:val="%3."/></w:lvl>
</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num>
<w:num w:numId="2"><w:abstractNumId w:val="1"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride></w:num>
</w:numbering>"""


def test_legal_numbers_restarts_and_starts() -> None:
    def item(text: str, depth: int, number: int = 1) -> str:
        return p(text, f'<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="{number}"/></w:numPr>')

    body = "".join(
        [
            item("总则", 0), item("范围", 1), item("甲", 2), item("乙", 2), item("附则", 0), item("解释", 1),
            item("2023年起施行", 2), item("另册", 0, 2), item("续", 0, 2),
        ]
    )  # fmt: skip
    assert lines(body, parts={"numbering.xml": NUMBERED.format(w=W)}) == [
        "第一章 总则", "1.1 范围", "1.甲", "2.乙", "第二章 附则", "2.1 解释", "3. 2023年起施行", "第五章 另册", "第六章 续",
    ]  # fmt: skip


def test_the_strict_dialect_is_read() -> None:
    strict = word_of(p("正文。"))
    with zipfile.ZipFile(io.BytesIO(strict)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    usual, other = (
        "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
        "http://purl.oclc.org/ooxml/wordprocessingml/main",
    )
    parts["word/document.xml"] = parts["word/document.xml"].replace(usual.encode(), other.encode())
    assert loaded(zip_of(parts)).text == "正文。"


def test_a_broken_part_beside_the_text_does_not_matter() -> None:
    found = loaded(word_of(p("正文。"), parts={"styles.xml": "<w:styles", "numbering.xml": "x"}))
    assert found.text == "正文。"


def test_doc_and_docx_give_one_document() -> None:
    paragraphs = [
        "南河县2022年法治政府建设工作报告",
        "一、主要工作",
        "办理案件12件，其中简易程序5件、普通程序7件。",
        "二、存在问题",
        "力量不足。",
    ]
    new = read_bytes(docx_of(*paragraphs), "新.docx")
    old = read_bytes(doc_of("\n".join(paragraphs)), "旧.doc")
    assert old.source.format == "doc"
    assert (old.text, old.title, old.figures) == (new.text, new.title, new.figures)


def test_word_art_is_text() -> None:
    space = 'xmlns:v="urn:schemas-microsoft-com:vml"'
    art = f'<w:pict><v:shape {space}><v:textpath string="南河县司法局文件"/></v:shape></w:pict>'
    assert "南河县司法局文件" in lines(f"<w:p><w:r>{art}</w:r></w:p>" + p("正文。"))


CHART = (
    '<c:chartSpace xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart"><c:chart><c:plotArea><c:barChart>{series}'
    "</c:barChart></c:plotArea></c:chart></c:chartSpace>"
)


def chart_series(name: str, labels: list[str], values: list[str]) -> str:
    def points(words: list[str]) -> str:
        return "".join(f'<c:pt idx="{n}"><c:v>{word}</c:v></c:pt>' for n, word in enumerate(words))

    return (
        f"<c:ser><c:tx><c:strRef><c:strCache>{points([name])}</c:strCache></c:strRef></c:tx>"
        f"<c:cat><c:strRef><c:strCache>{points(labels)}</c:strCache></c:strRef></c:cat>"
        f"<c:val><c:numRef><c:numCache>{points(values)}</c:numCache></c:numRef></c:val></c:ser>"
    )


def drawn_chart(identifier: str = "r0") -> str:
    return (
        '<w:p><w:r><w:drawing><a:graphic xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">'
        '<a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/chart">'
        f'<c:chart xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" r:id="{identifier}"/>'
        "</a:graphicData></a:graphic></w:drawing></w:r></w:p>"
    )


def test_a_chart_is_read_as_the_table_it_was_drawn_from() -> None:
    both = chart_series("收到", ["1月", "2月"], ["7", "5"]) + chart_series("答复", ["1月", "2月"], ["6", "4"])
    parts = {"chart.xml": CHART.format(series=both)}
    found = lines(p("办理情况。") + drawn_chart() + p("图1 各月办理"), parts=parts)
    assert [line for line in found if line] == [
        "办理情况。",
        "\t收到\t答复",
        "1月\t7\t6",
        "2月\t5\t4",
        "图1 各月办理",
    ]


def test_a_chart_without_its_numbers_or_its_part_is_told_as_lost() -> None:
    body = p("办理情况。") + drawn_chart()
    for parts in ({"chart.xml": CHART.format(series="")}, {"chart.xml": "<broken"}, {}):
        found = loaded(word_of(body, parts=parts))
        assert found.text.strip() == "办理情况。" and found.damage, parts


def test_a_title_whose_words_show_none_is_read_from_its_style() -> None:
    paper = new_docx()
    paper.add_paragraph("示法委办〔2026〕7号")
    for line in ("法治示例", "“十件实事”2026"):
        paper.add_paragraph(line, style="Title")
    for line in ("一、规范执法", "（一）开展培训。全年培训2次。", "（二）评查案卷。评查四十件。"):
        paper.add_paragraph(line)
    assert read_bytes(saved(paper), "要点.docx").title == "法治示例“十件实事”2026"
    paper = new_docx()
    paper.add_paragraph("2026年法治政府建设工作要点")
    paper.add_paragraph("征求意见稿", style="Title")  # where the words show the title they hold
    paper.add_paragraph("一、规范执法")
    assert read_bytes(saved(paper), "要点.docx").title == "2026年法治政府建设工作要点"
