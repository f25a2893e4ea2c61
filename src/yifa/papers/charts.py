"""Native charts in Word files: they can be opened, restyled and their numbers changed in Word and WPS.

A chart is a part of its own (DrawingML) with an Excel file inside that holds its numbers, as the office programs make it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Literal

from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.shared import Mm
from lxml import etree

C = "http://schemas.openxmlformats.org/drawingml/2006/chart"
A = "http://schemas.openxmlformats.org/drawingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
CHART_TYPE = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"
SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
COLOURS = ("2F5D8C", "C27B2B", "5B8C5A", "8A5A83", "7A7A7A", "B04A4A")
FONT = "宋体"
TEXT_SIZE = 1050  # hundredths of a point: 5号
WIDTH = 150  # mm
# mm: of an upright chart; of each lying bar and what is around them. With its caption a chart of up to a dozen marks
# stays below a third of the page's 225: so much stands empty at most where it goes to the next page
COLUMN_HEIGHT, BAR_HEIGHT, BAR_ROOM = 56, 4.6, 8
HIGHEST = 190
LABELLED = 14  # a chart of more marks than that has no number at each


class _Maker:
    """Elements of one namespace: `_c.chart(child, …)`, attributes by keyword or as a mapping."""

    def __init__(self, namespace: str) -> None:
        self._namespace = namespace

    def __getattr__(self, tag: str) -> Any:
        return lambda *parts, **attributes: self(tag, *parts, **attributes)

    def __call__(self, tag: str, *parts: Any, **attributes: str) -> Any:
        element = etree.Element(f"{{{self._namespace}}}{tag}", attributes, nsmap={"c": C, "a": A, "r": R})
        for part in parts:
            if isinstance(part, str):
                element.text = part
            elif isinstance(part, dict):
                element.attrib.update(part)
            else:
                element.append(part)
        return element


_c, _a = _Maker(C), _Maker(A)


@dataclass(frozen=True, slots=True)
class Chart:
    """What a chart shows. `values` by series are exact decimals as text; `described` says them all in words."""

    kind: Literal["column", "bar"]
    labels: Sequence[str]
    series: Sequence[tuple[str, Sequence[str]]]
    described: str = ""

    @property
    def height(self) -> int:
        """In mm, enough for its bars."""
        if self.kind == "column":
            return COLUMN_HEIGHT
        bars = len(self.labels) * max(1, 0.6 * len(self.series))
        return min(HIGHEST, int(BAR_ROOM + BAR_HEIGHT * bars))


def add_chart(document: Any, paragraph: Any, chart: Chart) -> None:
    """Puts the chart into a paragraph of a python-docx document."""
    package = document.part.package
    number = sum(part.content_type == CHART_TYPE for part in package.iter_parts()) + 1
    sheet = Part(PackURI(f"/word/embeddings/chart{number}.xlsx"), SHEET_TYPE, _sheet(chart), package)
    part = Part(PackURI(f"/word/charts/chart{number}.xml"), CHART_TYPE, b"", package)
    data = part.relate_to(sheet, f"{R}/package")
    part._blob = etree.tostring(_space(chart, data), xml_declaration=True, encoding="UTF-8", standalone=True)
    link = document.part.relate_to(part, f"{R}/chart")
    paragraph.add_run()._r.append(_inline(chart, link, number))


def _sheet(chart: Chart) -> bytes:
    """The numbers as the Excel file that opens when the chart is edited."""
    from openpyxl import Workbook  # takes long to load: not for who writes no chart

    book = Workbook()
    page: Any = book.active
    page.title = "数据"
    page.append(["", *(name for name, _ in chart.series)])
    for place, label in enumerate(chart.labels):
        page.append([label, *(float(values[place]) for _, values in chart.series)])
    for row in page.iter_rows():
        for cell in row:
            if isinstance(cell.value, str):
                cell.data_type = "s"  # never a formula, whatever it looks like
    target = BytesIO()
    book.save(target)
    return target.getvalue()


def _inline(chart: Chart, link: str, number: int) -> Any:
    drawing = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
    element: Any = parse_xml(
        '<w:drawing xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
        f' xmlns:wp="{drawing}" xmlns:a="{A}" xmlns:c="{C}" xmlns:r="{R}">'
        f'<wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="{Mm(WIDTH)}" cy="{Mm(chart.height)}"/>'
        f'<wp:docPr id="{900 + number}" name="图{number}"/><wp:cNvGraphicFramePr/>'
        f'<a:graphic><a:graphicData uri="{C}"><c:chart r:id="{link}"/></a:graphicData></a:graphic>'
        "</wp:inline></w:drawing>"
    )
    element.find(f"{{{drawing}}}inline/{{{drawing}}}docPr").set("descr", chart.described)
    return element


def _space(chart: Chart, data: str) -> Any:
    plot = _c.plotArea(_c.layout(), _bars(chart), *_axes(chart))
    parts = [_value("autoTitleDeleted", "1"), plot]
    if len(chart.series) > 1:
        parts.append(_c.legend(_value("legendPos", "b"), _value("overlay", "0"), _text()))
    parts += [_value("plotVisOnly", "1"), _value("dispBlanksAs", "gap")]
    return _c.chartSpace(
        _value("roundedCorners", "0"),
        _c.chart(*parts),
        _c.spPr(_a.noFill(), _a.ln(_a.noFill())),
        _text(),
        _c.externalData(_value("autoUpdate", "0"), {f"{{{R}}}id": data}),
    )


def _bars(chart: Chart) -> Any:
    many = len(chart.labels) * len(chart.series) > LABELLED and chart.kind == "column"
    series = [_series(chart, place) for place in range(len(chart.series))]
    shown = [] if many else [_numbers()]
    return _c.barChart(
        _value("barDir", "col" if chart.kind == "column" else "bar"),
        _value("grouping", "clustered"),
        _value("varyColors", "0"),
        *series,
        *shown,
        _value("gapWidth", "60"),
        _value("axId", "111"),
        _value("axId", "222"),
    )


def _numbers() -> Any:
    hidden = [_value(name, "0") for name in ("showLegendKey",)]
    rest = [_value(name, "0") for name in ("showCatName", "showSerName", "showPercent", "showBubbleSize")]
    return _c.dLbls(_text(), *hidden, _value("showVal", "1"), *rest)


def _series(chart: Chart, place: int) -> Any:
    name, values = chart.series[place]
    from openpyxl.utils import get_column_letter  # as above

    column, last = get_column_letter(place + 2), len(chart.labels) + 1
    return _c.ser(
        _value("idx", str(place)),
        _value("order", str(place)),
        _c.tx(_c.strRef(_c.f(f"数据!${column}$1"), _points("strCache", [name]))),
        _c.spPr(_a.solidFill(_a.srgbClr(val=COLOURS[place % len(COLOURS)]))),
        _value("invertIfNegative", "0"),
        _c.cat(_c.strRef(_c.f(f"数据!$A$2:$A${last}"), _points("strCache", chart.labels))),
        _c.val(_c.numRef(_c.f(f"数据!${column}$2:${column}${last}"), _points("numCache", values))),
    )


def _points(kind: str, values: Sequence[str]) -> Any:
    """The values as kept beside the reference to the Excel file, so that the chart is drawn without it."""
    form = [_c.formatCode("General")] if kind == "numCache" else []
    points = (_c.pt(_c.v(value), idx=str(place)) for place, value in enumerate(values))
    return _c(kind, *form, _value("ptCount", str(len(values))), *points)


def _axes(chart: Chart) -> Iterator[Any]:
    lying = chart.kind == "bar"
    yield _c.catAx(
        _value("axId", "111"),
        _c.scaling(_value("orientation", "maxMin" if lying else "minMax")),  # the first name on top
        _value("delete", "0"),
        _value("axPos", "l" if lying else "b"),
        _value("numFmt", None, formatCode="General", sourceLinked="0"),
        _value("majorTickMark", "none"),
        _value("minorTickMark", "none"),
        _value("tickLblPos", "nextTo"),
        _line(),
        _text(),
        _value("crossAx", "222"),
        _value("crosses", "autoZero"),
        _value("noMultiLvlLbl", "1"),
    )
    yield _c.valAx(
        _value("axId", "222"),
        _c.scaling(_value("orientation", "minMax"), _value("min", "0")),
        _value("delete", "1"),
        _value("axPos", "b" if lying else "l"),
        _value("numFmt", None, formatCode="General", sourceLinked="0"),
        _value("majorTickMark", "none"),
        _value("minorTickMark", "none"),
        _value("tickLblPos", "nextTo"),
        _value("crossAx", "111"),
        _value("crosses", "autoZero"),
    )


def _value(tag: str, value: str | None, **more: str) -> Any:
    return _c(tag, **({} if value is None else {"val": value}), **more)


def _line() -> Any:
    return _c.spPr(_a.ln(_a.solidFill(_a.srgbClr(val="8A8A8A")), w="6350"))


def _text() -> Any:
    """Font and size of all words of the chart."""
    look = _a.defRPr(_a.latin(typeface=FONT), _a.ea(typeface=FONT), sz=str(TEXT_SIZE))
    return _c.txPr(_a.bodyPr(), _a.lstStyle(), _a.p(_a.pPr(look), _a.endParaRPr(lang="zh-CN")))
