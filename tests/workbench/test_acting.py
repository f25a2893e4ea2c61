"""Recording, correcting, opening: through the forms, as people do it."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from selectolax.lexbor import LexborHTMLParser

from tests.ledger.registers import sample
from tests.workbench.conftest import TODAY, World
from yifa.ledger.actions import OpenCase, PublishEntry, RecordAct
from yifa.ledger.models import Attachment, Case, Record
from yifa.workbench.cases.casefile import open_file


def act_url(case: Case, act: str) -> str:
    return reverse("record_act", args=[case.pk, act])


def answer_form(case: Case, **more: Any) -> dict[str, Any]:
    return {
        "on": "2026-11-20",
        "outcome": "予以公开",
        "by": "乙承办",
        "held_0": "1",
        "seen": case.length,
    } | more


def text_of(response: HttpResponse) -> str:
    return LexborHTMLParser(response.content.decode()).css_first("main").text(separator=" ")  # type: ignore[union-attr]


@pytest.fixture
def officer(world: World) -> Client:
    return world.client("officer")


def test_case_page_puts_the_deadline_first_and_explains_it(world: World, officer: Client) -> None:
    page = LexborHTMLParser(officer.get(reverse("case", args=[world.case.pk])).content.decode())
    due = page.css_first("#due")
    assert due is not None
    assert due.text() == "2026年11月30日"  # 20 working days from 2 November (政府信息公开条例 第三十三条)
    why = page.css_first("#why-answer")
    assert why is not None
    assert "第三十三条" in why.text()
    days = [row.text() for row in why.css("tr")]
    assert any("2026年11月7日" in day for day in days)  # the first Saturday is accounted for


def test_answer_is_recorded_and_the_clock_stops(world: World, officer: Client) -> None:
    response = officer.post(act_url(world.case, "answer"), answer_form(world.case), follow=True)
    assert response.status_code == 200
    assert "已记入台账：答复" in text_of(response)
    act = world.case.acts.get(act="answer")
    assert (act.happened_on, act.outcome, act.actor, act.entered) == (TODAY, "予以公开", "乙承办", "live")
    assert world.case.clocks.get(clock="answer").stopped_on == TODAY


def test_refused_act_says_why_and_keeps_what_was_typed(world: World, officer: Client) -> None:
    form = answer_form(world.case, by="乙某某", on="2026-11-01")  # before the request came in
    response = officer.post(act_url(world.case, "answer"), form)
    assert response.status_code == 422
    page = LexborHTMLParser(response.content.decode())
    refused = page.css_first("#refused")
    assert refused is not None
    assert "补录" in refused.text()
    assert page.css_first("#id_by").attributes["value"] == "乙某某"  # type: ignore[union-attr]
    assert page.css_first("#id_on").attributes["value"] == "2026-11-01"  # type: ignore[union-attr]
    assert not world.case.acts.filter(act="answer").exists()


def test_missing_outcome_is_refused_live_and_let_through_entered_back(world: World, officer: Client) -> None:
    form = answer_form(world.case, outcome="")
    assert "请选择结果" in text_of(officer.post(act_url(world.case, "answer"), form))
    response = officer.post(act_url(world.case, "answer"), {**form, "back": "on"}, follow=True)
    assert "补录" in text_of(response)
    assert world.case.acts.get(act="answer").entered == "back"
    assert "back_entry" in set(world.case.findings.values_list("kind", flat=True))


def test_missing_evidence_stands_on_the_page_as_a_finding(world: World, officer: Client) -> None:
    response = officer.post(act_url(world.case, "answer"), answer_form(world.case, held_0=""), follow=True)
    findings = LexborHTMLParser(response.content.decode()).css_first("#findings")
    assert findings is not None
    assert "答复书" in findings.text()


def test_two_people_at_once_the_slower_keeps_the_form(world: World, officer: Client) -> None:
    seen = world.case.length
    faster = answer_form(world.case)
    assert world.client("coordinator").post(act_url(world.case, "answer"), faster).status_code == 302
    response = officer.post(
        act_url(world.case, "deliver"), {"on": "2026-11-20", "by": "慢了一步", "seen": seen}
    )
    assert response.status_code == 409
    page = LexborHTMLParser(response.content.decode())
    assert "又有了新的记录" in page.css_first("#refused").text()  # type: ignore[union-attr]
    assert page.css_first("#id_by").attributes["value"] == "慢了一步"  # type: ignore[union-attr]
    world.case.refresh_from_db()
    assert page.css_first("#id_seen").attributes["value"] == str(world.case.length)  # type: ignore[union-attr]
    assert not world.case.acts.filter(act="deliver").exists()


def test_tomorrow_is_refused(world: World, officer: Client) -> None:
    response = officer.post(act_url(world.case, "answer"), answer_form(world.case, on="2026-11-21"))
    assert response.status_code == 422
    assert "还没有发生的事" in text_of(response)


def test_impossible_date_is_said_in_chinese(world: World, officer: Client) -> None:
    response = officer.post(act_url(world.case, "answer"), answer_form(world.case, on="11月20日"))
    assert response.status_code == 422
    assert "日期" in text_of(response)


def test_uploaded_evidence_survives_a_refusal_and_can_be_opened(
    world: World, officer: Client, tmp_path: Path
) -> None:
    paper = SimpleUploadedFile("答复书.pdf", b"%PDF-1.4 sample", content_type="application/pdf")
    form = answer_form(world.case, held_0="", on="2026-11-01", paper_0=paper)
    refused = officer.post(act_url(world.case, "answer"), form)
    assert refused.status_code == 422
    kept = LexborHTMLParser(refused.content.decode()).css_first("input[name=kept_0]")
    assert kept is not None
    again = answer_form(world.case, held_0="", kept_0=kept.attributes["value"])
    assert officer.post(act_url(world.case, "answer"), again).status_code == 302
    evidence = world.case.acts.get(act="answer").evidence
    assert evidence == [{"title": "答复书", "attachment": kept.attributes["value"]}]
    url = reverse("attachment", args=[world.case.pk, evidence[0]["attachment"]])
    opened = officer.get(url)
    assert b"".join(opened.streaming_content) == b"%PDF-1.4 sample"  # type: ignore[attr-defined]
    assert opened.headers["Content-Type"] == "application/pdf"
    assert world.client("stranger").get(url).status_code == 404
    assert Client().get(url).status_code == 302


def test_a_page_among_the_evidence_is_only_downloaded(world: World, officer: Client) -> None:
    paper = SimpleUploadedFile("a.html", b"<html><script>alert(1)</script></html>", content_type="text/html")
    officer.post(act_url(world.case, "answer"), answer_form(world.case, papers=paper))
    attachment = Attachment.objects.get()
    response = officer.get(reverse("attachment", args=[world.case.pk, attachment.pk]))
    assert response.headers["Content-Disposition"].startswith("attachment;")
    assert response.headers["Content-Type"] == "application/octet-stream"
    b"".join(response.streaming_content)  # type: ignore[attr-defined]


def test_attachment_of_another_case_is_not_there(world: World, officer: Client) -> None:
    paper = SimpleUploadedFile("答复书.pdf", b"%PDF-1.4 sample", content_type="application/pdf")
    officer.post(act_url(world.case, "answer"), answer_form(world.case, paper_0=paper))
    digest = Attachment.objects.get().pk
    assert (
        world.client("stranger").get(reverse("attachment", args=[world.foreign.pk, digest])).status_code
        == 404
    )


def test_empty_file_is_said(world: World, officer: Client) -> None:
    paper = SimpleUploadedFile("空.pdf", b"", content_type="application/pdf")
    response = officer.post(act_url(world.case, "answer"), answer_form(world.case, paper_0=paper))
    assert response.status_code == 422
    assert "空文件" in text_of(response)


def test_correction_keeps_the_old_record_in_sight(world: World, officer: Client) -> None:
    url = reverse("correct_act", args=[world.case.pk, 1])
    form = {"on": "2026-11-03", "by": "甲某", "unit": world.office.pk, "seen": world.case.length}
    assert "请写明更正理由" in text_of(officer.post(url, form))
    response = officer.post(url, {**form, "reason": "登记簿上是三日"}, follow=True)
    text = text_of(response)
    assert "登记簿上是三日" in text
    assert "2026年11月2日" in text or "2026-11-02" in text
    act = world.case.acts.get(position=1)
    assert (act.happened_on, act.corrected) == (date(2026, 11, 3), True)


def test_correction_without_a_change_is_refused(world: World, officer: Client) -> None:
    url = reverse("correct_act", args=[world.case.pk, 1])
    shown = LexborHTMLParser(officer.get(url).content.decode())
    form = {
        "on": shown.css_first("#id_on").attributes["value"],  # type: ignore[union-attr]
        "by": shown.css_first("#id_by").attributes["value"] or "",  # type: ignore[union-attr]
        "seen": world.case.length,
        "reason": "看错了",
    }
    unit = shown.css_first("#id_unit option[selected]")
    if unit is not None:
        form["unit"] = unit.attributes["value"]
    response = officer.post(url, form)
    assert response.status_code == 422
    assert "没有要改的地方" in text_of(response)


def test_withdrawn_act_stays_struck_through(world: World, officer: Client) -> None:
    officer.post(act_url(world.case, "answer"), answer_form(world.case))
    position = world.case.acts.get(act="answer").position
    world.case.refresh_from_db()
    form = {"on": "2026-11-20", "seen": world.case.length, "reason": "答复书尚未签发", "withdraws": "on"}
    response = officer.post(reverse("correct_act", args=[world.case.pk, position]), form, follow=True)
    page = LexborHTMLParser(response.content.decode())
    assert "答复" in page.css_first(f"#act-{position}.struck").text()  # type: ignore[union-attr]
    assert not world.case.acts.filter(act="answer").exists()


def test_case_is_opened_with_facts_and_first_act(world: World, officer: Client) -> None:
    url = reverse("open_case", args=["information_request"])
    form = {
        "facts-organization": world.office.pk,
        "facts-f_content": "示例桥梁的检测报告",
        "on": "2026-11-19",
        "first": "receive",
    }
    response = officer.post(url, form, follow=True)
    assert "已登记" in text_of(response)
    case = Case.objects.get(title="示例桥梁的检测报告")
    assert (case.organization, case.opened_on) == (world.office, date(2026, 11, 19))


def test_case_cannot_be_opened_for_a_unit_out_of_reach(world: World, officer: Client) -> None:
    form = {
        "facts-organization": world.other.pk,
        "facts-f_content": "甲",
        "on": "2026-11-19",
        "first": "receive",
    }
    response = officer.post(reverse("open_case", args=["information_request"]), form)
    assert response.status_code == 422
    assert Case.objects.count() == 2


def test_facts_change_with_a_reason(world: World, officer: Client) -> None:
    url = reverse("change_facts", args=[world.case.pk])
    form = {"f_content": "更清楚的内容", "seen": world.case.length}
    assert "请写明修改理由" in text_of(officer.post(url, form))
    assert officer.post(url, {**form, "reason": "补正后内容更明确"}).status_code == 302
    world.case.refresh_from_db()
    assert world.case.facts["content"] == "更清楚的内容"


def test_sent_again_after_going_back_it_is_said_to_be_recorded(world: World, officer: Client) -> None:
    case = OpenCase(
        actor=None, organization=world.office, case_type="petition", act="register", on=TODAY,
        facts={"subject": "反映示例路灯不亮"},
    ).execute()  # fmt: skip
    form = {"on": TODAY.isoformat(), "unit": str(world.office.pk)}
    assert officer.post(act_url(case, "accept"), form).status_code == 302
    again = text_of(officer.post(act_url(case, "accept"), form))
    assert "这一环节同一天的已经记入台账" in again
    assert "请勾选下方" not in again
    early = {**form, "on": "2026-11-19"}
    assert "请勾选下方" in text_of(officer.post(act_url(case, "accept"), early))


def test_the_same_thing_opened_again_takes_a_reason(world: World, officer: Client) -> None:
    url = reverse("open_case", args=["petition"])
    form = {
        "facts-organization": str(world.office.pk),
        "facts-f_subject": "反映示例路灯不亮",
        "on": TODAY.isoformat(),
        "unit": str(world.office.pk),
        "first": "register",
    }
    assert officer.post(url, form).status_code == 302
    before = Case.objects.count()
    said = text_of(officer.post(url, form))
    assert "可能已经立过" in said
    assert "内容完全相同" in said
    assert Case.objects.count() == before
    assert officer.post(url, {**form, "facts-f_subject": "反映示例井盖缺失"}).status_code == 302
    assert officer.post(url, {**form, "anyway": "另一处的路灯"}).status_code == 302
    assert Case.objects.count() == before + 2


def test_blanks_are_filled_without_words(world: World, officer: Client) -> None:
    url = reverse("change_facts", args=[world.case.pk])
    said = {"f_content": world.case.facts["content"], "f_applicant": "张示例", "seen": world.case.length}
    assert officer.post(url, said).status_code == 302
    world.case.refresh_from_db()
    assert world.case.facts["applicant"] == "张示例"
    assert "补填原来没有填写的内容" in Record.objects.latest("id").payload
    taken = said | {"f_applicant": "", "seen": world.case.length}
    assert "请写明修改理由" in text_of(officer.post(url, taken))


def test_unknown_act_is_not_there(world: World, officer: Client) -> None:
    assert officer.get(act_url(world.case, "fly")).status_code == 404


def test_the_form_of_a_decision_shows_the_band_with_its_reasons(world: World, officer: Client) -> None:
    own = {"code": "CL-1", "title": "占道经营（一般）", "matter": "占道经营", "conditions": ["违法次数=1"]}
    listed = {
        "enforcement_bodies": {"name": world.office.name, "valid_from": "2020-01-01"},
        "discretion_bases": {**own, "minimum": 1000, "maximum": 20000, "effective": "2020-01-01"},
    }
    for register, said in listed.items():
        PublishEntry(
            actor=None,
            organization=world.office,
            register=register,
            on=TODAY,
            data=sample(register, {}) | said,
        ).execute()
    facts = {"subject": "占道案", "body": world.office.name, "matter": "占道经营"}
    case = OpenCase(
        actor=None,
        organization=world.office,
        case_type="administrative_penalty",
        act="file",
        on=TODAY,
        facts={**facts, "circumstances": ["违法次数：1"]},
    ).execute()
    page = text_of(officer.get(act_url(case, "decide")))
    assert (
        "罚款数额：占道经营（一般）（CL-1）不少于1000元、不超过20000元" in page and "符合“违法次数=1”" in page
    )
    assert "CL-1" not in text_of(officer.get(act_url(case, "investigate")))


PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 20


def test_several_files_for_one_paper_and_named_ones_are_kept_in_order(world: World, officer: Client) -> None:
    files = [SimpleUploadedFile(f"第{n}页.png", PNG + bytes([n])) for n in (1, 2)]
    more = [SimpleUploadedFile(f"IMG_{n}.png", PNG + bytes([n])) for n in (3, 4)]
    form = answer_form(world.case, paper_0=files, papers=more, papers_name=["送达回证", "现场照片"])
    assert officer.post(act_url(world.case, "answer"), form).status_code == 302
    act = world.case.acts.get(act="answer")
    assert [paper["title"] for paper in act.evidence] == ["答复书", "答复书（2）", "送达回证", "现场照片"]
    page = LexborHTMLParser(officer.get(reverse("case", args=[world.case.pk])).content.decode())
    assert len(page.css("#timeline img.y-thumb")) == 4
    url = page.css_first("#timeline img.y-thumb").attributes["src"]  # type: ignore[union-attr]
    picture = officer.get(str(url))
    assert picture.headers["Content-Security-Policy"].count("frame-ancestors 'self'") == 1
    assert picture.headers["X-Frame-Options"] == "SAMEORIGIN"
    picture.close()


def test_evidence_is_renamed_reordered_and_taken_away_by_a_correction(world: World, officer: Client) -> None:
    form = answer_form(world.case, papers=[SimpleUploadedFile(f"{n}.png", PNG + bytes([n])) for n in (1, 2)])
    sent = officer.post(act_url(world.case, "answer"), form)
    assert sent.status_code == 302, text_of(sent)
    world.case.refresh_from_db()
    act = world.case.acts.get(act="answer")
    first, second = [paper["attachment"] for paper in act.evidence if paper["attachment"]]
    url = reverse("correct_act", args=[world.case.pk, act.position])
    mended = answer_form(
        world.case, reason="材料名称写错", more_title=["附图二", "附图一"], more_kept=[second, first]
    )
    assert officer.post(url, mended).status_code == 302
    act = world.case.acts.get(act="answer")
    assert [paper["title"] for paper in act.evidence] == ["答复书", "附图二", "附图一"]
    world.case.refresh_from_db()
    mended = answer_form(world.case, reason="误传", more_title=["附图二", ""], more_kept=[second, first])
    assert officer.post(url, mended).status_code == 302
    act = world.case.acts.get(act="answer")
    assert [paper["title"] for paper in act.evidence] == ["答复书", "附图二"]


def test_an_empty_file_is_refused_by_its_name(world: World, officer: Client) -> None:
    form = answer_form(world.case, papers=[SimpleUploadedFile("空白.png", b"")])
    refused = officer.post(act_url(world.case, "answer"), form)
    assert "“空白.png”：附件是空文件" in text_of(refused)


def test_the_papers_still_wanted_are_said_with_the_act(world: World, officer: Client) -> None:
    officer.post(act_url(world.case, "answer"), answer_form(world.case, held_0="", back="1"))
    shown = text_of(officer.get(reverse("case", args=[world.case.pk])))
    assert "还缺材料：答复书" in shown


def test_what_the_case_waits_for_stands_first(world: World) -> None:
    case = OpenCase(
        actor=None,
        organization=world.office,
        case_type="information_request",
        act="receive",
        on=TODAY - timedelta(days=9),
        facts={"content": "示例道路改造的招标结果"},
        entered="back",
    ).execute()
    consulted = TODAY - timedelta(days=7)
    RecordAct(actor=None, case=case, act="consult_third_party", on=consulted, entered="back").execute()
    case.refresh_from_db()
    assert open_file(case, TODAY).next[0].id == "third_party_opinion"
    RecordAct(
        actor=None, case=case, act="third_party_opinion", on=TODAY, outcome="同意公开", entered="back"
    ).execute()
    case.refresh_from_db()
    assert open_file(case, TODAY).next[0].id == "answer"


def _proposed(world: World) -> Case:
    """A major decision just proposed."""
    return OpenCase(
        actor=None,
        organization=world.office,
        case_type="major_decision",
        act="propose",
        on=date(2026, 11, 2),
        facts={"name": "农村公交一体化改革"},
    ).execute()


def test_what_ends_a_case_off_its_way_is_not_the_first_thing_offered(world: World) -> None:
    """A decision just proposed is studied next; that the procedure does not apply, or stops, comes after that."""
    officer = world.users["officer"]
    case = _proposed(world)
    for act in ("study", "start", "draft", "open_consultation"):
        offered = [offer.id for offer in open_file(case, TODAY).next]
        assert offered[0] == act
        assert offered.index("terminate") > 0
        RecordAct(actor=officer, case=case, act=act, on=date(2026, 11, 2)).execute()
        case.refresh_from_db()


def test_one_more_of_a_row_keeps_the_day_and_what_was_chosen(world: World, officer: Client) -> None:
    case = _proposed(world)
    for act in ("study", "start", "draft", "open_consultation"):
        RecordAct(actor=None, case=case, act=act, on=date(2026, 11, 2)).execute()
        case.refresh_from_db()
    url = act_url(case, "answer_opinion")
    said = {
        "on": "2026-11-12",
        "by": "乙承办",
        "outcome": "采纳",
        "f_means": "听证会",
        "f_opinion": "增加早班车。",
        "f_reason": "合理。",
        "seen": case.length,
    }
    answer = officer.post(url, said | {"again": "1"}, follow=True)
    form = LexborHTMLParser(answer.content.decode())

    def value(css: str) -> str | None:
        found = form.css_first(css)
        return found.attributes.get("value") if found is not None else None

    assert value("[name=on]") == "2026-11-12"
    assert value("[name=by]") == "乙承办"
    assert value("[name=f_means] option[selected]") == "听证会"
    assert not value("[name=outcome] option[selected]"), "what came of it is asked of each"
    assert not (form.css_first("[name=f_opinion]") or form.root).text().strip()  # type: ignore[union-attr]

    afresh = LexborHTMLParser(officer.get(url).content.decode())
    assert afresh.css_first("[name=f_means] option[selected]").attributes["value"] == ""  # type: ignore[union-attr]
