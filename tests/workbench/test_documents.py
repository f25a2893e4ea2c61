"""The way of a paper on the pages: made, filled, recorded with its act, brought back, corrected, filed, printed."""

from __future__ import annotations

import io
import re
from pathlib import Path
from urllib.parse import parse_qs, urlparse

import docx
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from docx.oxml.ns import qn
from selectolax.lexbor import LexborHTMLParser

from tests.workbench.conftest import TODAY, World
from yifa.documents.models import CaseDocument
from yifa.ledger.chain.attachments import path_of
from yifa.ledger.deciding.cases import history_of
from yifa.papers.marks import word_text


def page(client: Client, url: str) -> LexborHTMLParser:
    answer = client.get(url)
    assert answer.status_code == 200, url
    return LexborHTMLParser(answer.content.decode())


def made(world: World, client: Client) -> CaseDocument:
    client.post(
        reverse("make_document", args=[world.case.pk]), {"template": "information_answer", "act": "answer"}
    )
    return CaseDocument.objects.get()


FILLED = {
    "f_own_access_way": "随本答复书邮寄。",
    "f_draft_on": "2026-11-18",
    "f_draft_outcome": "予以公开",
    "f_draft_by": "甲某",
}


def test_a_second_press_leads_to_the_paper_made_before(world: World) -> None:
    client = world.client("officer")
    document = made(world, client)
    make = reverse("make_document", args=[world.case.pk])
    what = {"template": "information_answer", "act": "answer"}
    answer = client.post(make, what, follow=True)
    assert answer.redirect_chain[-1][0] == reverse("document", args=[document.pk])
    assert "没有另做一份" in answer.content.decode()
    assert CaseDocument.objects.count() == 1

    papers = reverse("case_documents", args=[world.case.pk])
    card = client.get(papers, headers={"HX-Request": "true"}).content.decode()
    assert 'aria-label="打开政府信息公开申请答复书"' in card
    assert 'aria-label="制作政府信息公开申请答复书"' not in card
    whole = page(client, papers)
    assert whole.css_first('button[aria-label="再制作一份政府信息公开申请答复书"]') is not None
    again = whole.css_first("input[name=again]")
    assert again is not None
    client.post(make, what | {"again": again.attributes["value"]})
    assert CaseDocument.objects.count() == 2


def test_one_click_makes_it_and_says_what_is_missing_and_where_it_is_entered(world: World) -> None:
    client = world.client("officer")
    card = client.get(
        reverse("case_documents", args=[world.case.pk]), headers={"HX-Request": "true"}
    ).content.decode()
    assert "政府信息公开申请答复书" in card and "<html" not in card
    document = made(world, client)
    tree = page(client, reverse("document", args=[document.pk]))
    links = {a.css_first("div").text(): a.attributes["href"] for a in tree.css("#missing a")}  # type: ignore[union-attr]
    assert links["申请人"] == f"{reverse('change_facts', args=[world.case.pk])}#id_f_applicant"
    assert links["答复的日期"] == "#id_f_draft_on"
    assert links["有管辖权的人民法院"] == f"{reverse('office_details', args=['sfj'])}#id_f_court"
    assert tree.css_first("#id_f_draft_on") is not None, "the link leads to a field of this page"


def test_the_whole_way(world: World) -> None:
    client = world.client("officer")
    office = {"f_reconsideration_body": "澜亭县人民政府", "f_court": "澜亭县人民法院"}
    assert client.post(reverse("office_details", args=["sfj"]), office).status_code == 302
    document = made(world, client)
    url = reverse("document", args=[document.pk])
    assert client.post(url, FILLED).status_code == 302
    assert "决定予以公开。提供的方式、途径和时间：随本答复书邮寄。" in page(client, url).text().replace(
        "\n", ""
    )

    act = f"{reverse('record_act', args=[world.case.pk, 'answer'])}?document={document.pk}"
    form = page(client, act)
    assert form.css_first("#id_on").attributes["value"] == "2026-11-18"  # type: ignore[union-attr]
    kept = form.css_first("input[name=kept_0]")
    assert kept is not None, "the paper is already among the evidence"
    sent = {
        "on": "2026-11-18",
        "outcome": "予以公开",
        "by": "甲某",
        "unit": str(world.office.pk),
        "kept_0": kept.attributes["value"],
        "seen": form.css_first("input[name=seen]").attributes["value"],  # type: ignore[union-attr]
    }
    assert client.post(act, sent).status_code == 302
    document.refresh_from_db()
    assert document.position is not None

    assert client.post(reverse("change_facts", args=[world.case.pk]), {
        "f_content": "示例道路改造的验收资料", "f_applicant": "丙三", "reason": "补填",
    }).status_code == 302  # fmt: skip
    assert "台账或者资料在上一版之后有了变化" in page(client, url).text()
    client.post(url, {"f_own_access_way": "随本答复书邮寄。"})

    file = docx.Document(
        io.BytesIO(client.get(reverse("document_file", args=[document.pk, 3, "docx"])).content)
    )
    for paragraph in file.paragraphs:
        text = paragraph.text.replace("丙三", "丙四").replace("〔待填：机关代字〕", "司")
        if text != paragraph.text:
            paragraph.runs[0].text = text
            for run in paragraph.runs[1:]:
                run.text = ""
    content = io.BytesIO()
    file.save(content)
    upload = SimpleUploadedFile("答复书.docx", content.getvalue())
    answer = client.post(
        reverse("document_step", args=[document.pk, "return"]), {"file": upload}, follow=True
    )
    tree = LexborHTMLParser(answer.content.decode())
    link = next(a for a in tree.css("#compared a") if a.text() == "更正台账")
    asked = parse_qs(urlparse(link.attributes["href"] or "").query)
    assert asked["f_applicant"] == ["丙四"] and "丙四" in asked["reason"][0]
    correction = page(client, link.attributes["href"] or "")
    assert correction.css_first("#id_f_applicant").attributes["value"] == "丙四"  # type: ignore[union-attr]

    client.post(reverse("document_step", args=[document.pk, "accept"]))
    client.post(reverse("document_step", args=[document.pk, "file"]))
    assert "定稿" in page(client, url).css_first("#compared").text()  # type: ignore[union-attr]
    whole = page(client, reverse("whole_file", args=[world.case.pk]))
    assert "丙四" in whole.text() and "台账摘录" in whole.text()
    assert client.get(reverse("whole_file_as", args=[world.case.pk, "docx"])).content[:2].decode() == "PK"


def test_the_paper_filed_with_an_act_says_what_its_form_says(world: World) -> None:
    client = world.client("officer")
    client.post(reverse("office_details", args=["sfj"]), {"f_court": "澜亭县人民法院"})
    document = made(world, client)
    client.post(reverse("document", args=[document.pk]), FILLED)
    act = f"{reverse('record_act', args=[world.case.pk, 'answer'])}?document={document.pk}"
    form = page(client, act)
    told = form.css_first(".alert-warning")
    assert told is not None
    assert "申请人" in told.text() and "日期" not in told.text()
    sent = {
        "on": "2026-11-19",
        "outcome": "不予公开",
        "f_ground": "国家秘密",
        "kept_0": form.css_first("input[name=kept_0]").attributes["value"],  # type: ignore[union-attr]
        "seen": form.css_first("input[name=seen]").attributes["value"],  # type: ignore[union-attr]
    }
    versions = document.versions.count()
    assert client.post(act, {**sent, "on": "2030-01-01"}).status_code == 422
    assert document.versions.count() == versions, "an act that is refused changes no paper"
    assert client.post(act, sent).status_code == 302
    (filed,) = history_of(world.case).evidence[world.case.acts.get(act="answer").position]
    version = document.versions.latest("order")
    assert filed["attachment"] == version.attachment_id
    text = word_text(path_of(version.attachment_id).read_bytes())
    assert "决定不予公开，理由属于国家秘密" in text and "二〇二六年十一月十九日" in text
    assert "有了变化" not in page(client, reverse("document", args=[document.pk])).text()


def test_what_came_back_is_decided_before_it_goes_with_the_act(world: World) -> None:
    client = world.client("officer")
    office = {"f_reconsideration_body": "澜亭县人民政府", "f_court": "澜亭县人民法院"}
    client.post(reverse("office_details", args=["sfj"]), office)
    client.post(
        reverse("change_facts", args=[world.case.pk]),
        {"f_content": world.case.facts["content"], "f_applicant": "张示例", "seen": world.case.length},
    )
    document = made(world, client)
    url = reverse("document", args=[document.pk])
    client.post(url, FILLED)
    act = f"{reverse('record_act', args=[world.case.pk, 'answer'])}?document={document.pk}"
    links = [one.attributes["href"] for one in page(client, url).css("main a")]
    assert act in links
    paper = docx.Document(str(path_of(document.versions.latest("order").attachment_id)))
    for text in paper.element.body.iter(qn("w:t")):
        text.text = re.sub("〔待填：[^〕]*〕", "甲", text.text or "")  # filled in by hand
    changed = io.BytesIO()
    paper.save(changed)
    back = SimpleUploadedFile("答复书.docx", changed.getvalue())
    client.post(reverse("document_step", args=[document.pk, "return"]), {"file": back})
    assert document.versions.filter(state="waiting").count() == 1
    links = [one.attributes["href"] for one in page(client, url).css("main a")]
    assert act not in links
    assert "#compared" in links
    client.post(reverse("document_step", args=[document.pk, "accept"]))
    assert act in [one.attributes["href"] for one in page(client, url).css("main a")]


def test_own_templates_are_for_coordinators(world: World) -> None:
    file = docx.Document()
    file.add_paragraph("致{{申请人}}：{{没有的}}")
    content = io.BytesIO()
    file.save(content)
    sent = {"title": "本局告知", "act": "information_request.answer"}
    url = reverse("document_templates")
    for who, code in (("officer", 403), ("coordinator", 422)):
        upload = SimpleUploadedFile("模板.docx", content.getvalue())
        assert world.client(who).post(url, {**sent, "file": upload}).status_code == code
    answer = world.client("coordinator").post(
        url, {**sent, "file": SimpleUploadedFile("模板.docx", content.getvalue())}
    )
    assert "“没有的”" in answer.content.decode()


def test_faults_of_own_files_are_said_where_templates_are_managed(
    world: World, settings: LazySettings
) -> None:
    own, layouts = Path(settings.DATA) / "local" / "documents", Path(settings.DATA) / "layouts"
    own.mkdir(parents=True)
    layouts.mkdir()
    (own / "lone.docx").write_bytes(b"x")
    column = "columns: [{title: 编号, value: number}, {title: 摘要, value: %s}]"
    for name, value in (("good", "title"), ("bad", "nonsense")):
        head = f"layout: {name}\ntitle: 本县信息公开台账{name}\nof: case:information_request\n"
        (layouts / f"{name}.yaml").write_text(head + column % value, encoding="utf-8")
    page = world.client("coordinator").get(reverse("document_templates")).content.decode()
    assert "lone.docx：没有同名的 .yaml 说明文件" in page
    assert "台账格式 bad.yaml：“摘要”一栏写的 nonsense" in page
    assert "本单位的台账格式（1）" in page
    assert "本县信息公开台账good" in page


def test_no_two_fields_share_an_id_where_the_ledger_went_on(world: World) -> None:
    client = world.client("officer")
    document = made(world, client)
    url = reverse("document", args=[document.pk])
    client.post(url, {"f_draft_on": TODAY.isoformat()})
    client.post(
        reverse("change_facts", args=[world.case.pk]),
        {"f_content": world.case.facts["content"], "f_applicant": "张示例", "seen": world.case.length},
    )
    tree = page(client, url)
    assert "按现在的台账重新生成" in (tree.body.text() if tree.body else "")
    ids = [node.attributes["id"] for node in tree.css("[id]")]
    assert len(ids) == len(set(ids))
    form = tree.css_first(".alert form")
    assert form is not None
    sent = {one.attributes["name"]: one.attributes.get("value") or "" for one in form.css("input")}
    assert sent["f_draft_on"] == TODAY.isoformat(), "what was filled in is carried along"
    assert client.post(url, sent).status_code == 302
    assert "按现在的台账重新生成" not in client.get(url).content.decode()


def test_a_paper_begins_with_today_and_saving_it_unchanged_makes_no_version(world: World) -> None:
    client = world.client("officer")
    document = made(world, client)
    url = reverse("document", args=[document.pk])
    field = page(client, url).css_first("#id_f_draft_on")
    assert field is not None
    assert field.attributes["value"] == TODAY.isoformat()
    for _ in range(2):
        client.post(url, FILLED)
        assert document.versions.count() == 2
    client.post(url, FILLED | {"f_draft_by": "乙某", "f_own_access_way": "当面领取。"})
    assert document.versions.count() == 3
