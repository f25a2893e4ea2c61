"""Pages of supervision, as the people they are for open and send them."""

from __future__ import annotations

import io
import re
from datetime import timedelta

import docx
import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from selectolax.lexbor import LexborHTMLParser

from tests.supervision.drawing import drawn, entry, noon
from tests.workbench.conftest import PASSWORD, TODAY, World
from yifa.draws import differences, read
from yifa.law.loader import catalogue
from yifa.ledger.actions import CreateUser, GrantRole, OpenCase, RecordAct, StoreAttachment
from yifa.ledger.actions.cases import recorders
from yifa.ledger.models import Case, Role, User
from yifa.supervision.actions import OpenReview
from yifa.supervision.models import Draw, FileReview, Scoring
from yifa.workbench.views.supervision import listed


def test_a_draw_is_closed_drawn_published_and_checked_by_anybody(world: World) -> None:
    for number in range(5):
        entry(
            world.office,
            "experts",
            code=f"ZJ-{number}",
            name=f"专家{number}",
            field="工程",
            joined="2020-01-06",
            left=None,
        )
    client = world.client("officer")
    url = reverse("close_draw", args=["experts"])
    form = client.get(url).content.decode()
    assert "的名录里现有5个，可用的分类：专业领域（工程）。" in form and '<option value="工程">' in form
    sent = {"organization": world.office.pk, "title": "立项评审", "announced": "次日收盘指数", "take": "2", "rest_days": "0",
            "factors": "专业领域 工程 3/2", "excluded": "ZJ-0 与申请人是亲属"}  # fmt: skip
    for wrong, words in (
        ({"factors": "专业领域 工程"}, "读不出来"),
        ({"excluded": "ZJ-0"}, "没有写排除的理由"),
        ({"take": "9"}, "只剩4个"),
        ({"factors": "风险 工程 2"}, "名录的分类是"),
        ({"factors": "专业领域 水利 2"}, "现有：工程。"),
        ({"excluded": "ZJ-9 出差"}, "名录里没有“ZJ-9”"),
        ({"announced": ""}, "用什么作种子"),
        ({"factors": "专业领域 工程 1", "excluded": "ZJ-9 出差"}, "名录里没有“ZJ-9”"),  # no rule at all
    ):
        response = client.post(url, {**sent, **wrong})
        assert response.status_code == 422 and words in response.content.decode(), words
    assert client.post(url, sent).status_code == 302
    draw = Draw.objects.get()
    page = reverse("draw", args=[draw.pk])
    public = reverse("published_draw", args=[draw.pk])
    assert Client().get(public).status_code == 404
    assert client.post(page, {"publish": "1"}).status_code == 302
    assert "次日收盘指数" in Client().get(public).content.decode()
    seed = {"seed": "1", "text": "3876.34", "source": "交易所", "published": str(TODAY)}
    waits = client.get(page).content.decode()
    tomorrow = (TODAY + timedelta(days=1)).strftime("%Y年%-m月%-d日")
    assert f"最早{tomorrow}" in waits and 'name="seed"' not in waits
    response = client.post(page, seed)
    assert response.status_code == 422 and "可以挑选" in response.content.decode()
    with time_machine.travel(noon(TODAY + timedelta(days=2)), tick=False):
        client = world.client("officer")
        assert client.post(page, {**seed, "text": ""}).status_code == 422
        assert client.post(page, {**seed, "published": str(TODAY + timedelta(days=1))}).status_code == 302
        text = Client().get(f"{public}?verify=1").content.decode()
        assert "全部相符" in text and "与申请人是亲属" in text and "3876.34" in text
        word = docx.Document(
            io.BytesIO(client.get(reverse("draw_file", args=[draw.pk]), {"format": "docx"}).content)
        )
        told = "\n".join(one.text for one in word.paragraphs)
        assert "“专业领域”为“工程”的，权重乘以3/2" in told and "与申请人是亲属" in told
        assert [row.cells[1].text for row in word.tables[0].rows][5].startswith("3876.34（交易所")
        assert len(word.tables[1].rows) == 3  # the head and the two drawn
        assert "单位" not in [cell.text for cell in word.tables[1].rows[0].cells]  # no expert has one
        assert "专家0：与申请人是亲属。" in told and "人工排除" not in told
        file = Client().get(reverse("published_draw_file", args=[draw.pk]))
        assert differences(read(file.content)) == ()
        again = reverse("draw_again", args=[draw.pk])
        assert client.post(again, {"announced": "次日"}).status_code == 422
        assert client.post(again, {"announced": "次日", "reason": "专家临时出差"}).status_code == 302
        assert "后来的重抽" in client.get(page).content.decode()
        assert "立项评审（重抽）" in client.get(reverse("draws")).content.decode()
        assert client.post(again, {"announced": "次日", "reason": "再来"}).status_code == 422


def test_a_large_list_is_read_in_part_and_the_form_says_so(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        entry(
            world.office,
            "experts",
            code=f"ZJ-{number}",
            name=f"专家{number}",
            field=f"专业{number}",
            joined="2020-01-06",
            left=None,
        )
    monkeypatch.setattr(listed, "LOOKED_THROUGH", 2)
    form = world.client("officer").get(reverse("close_draw", args=["experts"])).content.decode()
    assert "名录里有2个以上，其中前2个里的分类：专业领域（专业0、专业1）。" in form


def test_rules_are_written_out_for_a_clerk_to_change_only_the_numbers(world: World) -> None:
    for number, of in enumerate(("工程", "水利")):
        entry(
            world.office,
            "experts",
            code=f"ZJ-{number}",
            name=f"专家{number}",
            field=of,
            joined="2020-01-06",
            left=None,
        )
    client, url = world.client("officer"), reverse("close_draw", args=["experts"])
    form = client.get(url).context["form"]
    assert form["factors"].value() == "专业领域 工程 1\n专业领域 水利 1"
    sent = {"organization": world.office.pk, "title": "评审", "announced": "次日收盘指数", "take": "1", "rest_days": "0",
            "factors": "专业领域 工程 1\n专业领域 水利 4"}  # fmt: skip
    assert client.post(url, sent).status_code == 302
    (factor,) = Draw.objects.get().record.sides[0].rules.factors
    assert factor.value == "水利" and factor.times == 4


def test_draws_of_others_are_not_there(world: World) -> None:
    draw = drawn(world.office)
    assert world.client("officer").get(reverse("draw_file", args=[draw.pk])).status_code == 200
    assert world.client("stranger").get(reverse("draw_file", args=[draw.pk])).status_code == 404
    assert Client().get(reverse("published_draw_file", args=[draw.pk])).status_code == 404
    assert "评审专家抽取" not in world.client("stranger").get(reverse("draws")).content.decode()
    assert (
        "评审专家抽取"
        in world.client("officer").get(f"{reverse('draws')}?q=评审&purpose=experts").content.decode()
    )


@pytest.mark.parametrize("purpose", ["inspection", "files", "units", "experts"])
def test_each_kind_of_draw_has_its_form(world: World, purpose: str) -> None:
    response = world.client("coordinator").get(reverse("close_draw", args=[purpose]))
    assert response.status_code == 200
    assert world.client("coordinator").get("/supervision/draws/new/other/").status_code == 404


def test_nobody_sees_a_sheet_before_both_are_in(world: World) -> None:
    one, other = (_reviewer(world, name) for name in ("pingcha1", "pingcha2"))
    review = OpenReview(
        actor=None, organization=world.office, unit=world.other, round="2026年评查", file=world.foreign,
        reviewers=[one, other],
    ).execute()  # fmt: skip
    page, score = reverse("file_review", args=[review.pk]), reverse("score_file", args=[review.pk])
    assert world.client("officer").get(score).status_code == 404
    assert world.client("stranger").get(page).status_code == 404
    sent = {item.id: "符合" for item in review.sheet_type.items()}
    wrong = {**sent, "searched": "不符合", "note_searched": "没有检索记录"}
    first, second = (_client(user) for user in (one, other))
    assert "县市场监督管理局" in first.get(score).content.decode()
    assert first.post(score, {**sent, "searched": "不符合"}).status_code == 422
    assert first.post(score, wrong).status_code == 302
    for client in (first, second, world.client("officer")):
        assert "没有检索记录" not in client.get(page).content.decode()
    assert "没有检索记录" not in second.get(score).content.decode()
    assert "没有检索记录" in first.get(score).content.decode()
    assert second.post(score, sent).status_code == 302
    officer = world.client("officer")
    assert "两人结论不一" in officer.get(page).content.decode()
    third = _reviewer(world, "pingcha3")
    assert officer.post(page, {"reviewer": ""}).status_code == 422
    assert officer.post(page, {"reviewer": third.pk}).status_code == 302
    assert _client(third).post(score, sent).status_code == 302
    text = officer.get(page).content.decode()
    assert "100.0 分" in text and "一致 8 项，共 9 项，一致率 89%" in text and "卡帕系数" not in text
    assert "2026年评查" in officer.get(f"{reverse('file_reviews')}?q=2026").content.decode()
    assert "2026年评查" not in officer.get(f"{reverse('file_reviews')}?open=1").content.decode()


def test_a_reviewer_of_another_unit_reads_the_file_while_it_is_reviewed(world: World) -> None:
    scan = StoreAttachment(actor=None, content=b"%PDF-1.4 scan", name="笔录.pdf").execute()
    act = world.foreign.acts.first()
    assert act is not None
    act.evidence = [{"title": "申请表", "attachment": scan.pk}]
    act.save()
    named = [_reviewer(world, name) for name in ("yidi1", "yidi2")]
    whole = reverse("whole_file", args=[world.foreign.pk])
    paper = reverse("attachment", args=[world.foreign.pk, scan.pk])
    first = _client(named[0])
    assert {first.get(url).status_code for url in (whole, paper)} == {404}
    review = OpenReview(
        actor=None,
        organization=world.office,
        unit=world.other,
        round="交叉评查",
        file=world.foreign,
        reviewers=named,
    ).execute()
    sheet = first.get(reverse("score_file", args=[review.pk])).content.decode()
    assert whole in sheet and paper in sheet
    assert first.get(whole).status_code == 200
    assert b"".join(first.get(paper).streaming_content) == b"%PDF-1.4 scan"  # type: ignore[attr-defined]
    assert first.get(reverse("case", args=[world.foreign.pk])).status_code == 404
    Case.objects.filter(pk=review.case_id).update(closed_on=TODAY)
    assert {first.get(url).status_code for url in (whole, paper)} == {404}


def test_the_sheet_is_changed_on_the_page_and_the_page_tells(world: World) -> None:
    people = [_reviewer(world, name) for name in ("pingcha1", "pingcha2")]
    review = OpenReview(
        actor=None, organization=world.office, unit=world.other, round="2026年评查", name="某许可案卷",
        sheet="penalty_file", reviewers=people,
    ).execute()  # fmt: skip
    page, change = (reverse(name, args=[review.pk]) for name in ("file_review", "change_sheet"))
    officer = world.client("officer")
    assert "评查表选错了" in officer.get(page).content.decode()
    assert "请选择" in officer.post(change, {"reason": "错了"}, follow=True).content.decode()
    told = officer.post(
        change, {"sheet": "licence_file", "reason": "是许可案卷"}, follow=True
    ).content.decode()
    assert "已换用“行政许可案卷评查表”" in told and "换为“行政许可案卷评查表”：是许可案卷" in told
    mine, score = _client(people[0]), reverse("score_file", args=[review.pk])
    assert "还没有送交案卷" in mine.get(score).content.decode()
    assert "填写评查表" not in mine.get(page).content.decode()
    RecordAct(
        actor=None, case=review.case, act="submit_file", on=TODAY, unit=world.other,
        evidence=[{"title": "案卷目录", "attachment": None}],
    ).execute()  # fmt: skip
    assert "行政许可案卷评查表" in mine.get(score).content.decode()
    Scoring.objects.filter(review=review, turn=1).update(submitted_on=TODAY)
    assert "评查表选错了" not in officer.get(page).content.decode()


def test_one_click_opens_the_review_of_a_signal(world: World) -> None:
    for name in ("pingcha1", "pingcha2"):
        _reviewer(world, name)
    Case.objects.filter(pk=world.foreign.pk).update(broken=1, closed_on=TODAY)
    client, url = _client(_supervisor(world)), reverse("review_signals")
    assert "办理超期" in client.get(url).content.decode()
    assert "办理超期" in client.get(f"{url}?kind=办理超期").content.decode()
    assert client.post(url, {"key": f"missed:{world.foreign.pk}"}).status_code == 302
    review = FileReview.objects.get()
    assert review.unit == world.other and review.signal.startswith("办理超期")
    assert "办理超期" not in client.get(url).content.decode()
    assert client.post(url, {"key": f"missed:{world.foreign.pk}"}, follow=True).status_code == 200
    assert FileReview.objects.count() == 1


def _reviewer(world: World, name: str) -> User:
    user = CreateUser(
        actor=None, username=name, display_name=name, organization=world.office, password=PASSWORD
    ).execute()
    GrantRole(actor=None, user=user, organization=world.office, role=Role.REVIEWER).execute()
    return user


def _supervisor(world: World) -> User:
    """Somebody who supervises in the whole body and is no officer of it."""
    user = CreateUser(
        actor=None, username="ducha", display_name="丁二", organization=world.body, password=PASSWORD
    ).execute()
    GrantRole(actor=None, user=user, organization=world.body, role=Role.SUPERVISOR).execute()
    return user


def test_who_supervises_takes_his_letter_and_his_inspection_to_their_end(world: World) -> None:
    """Nobody else is needed but the unit: who may begin may also feed back, review an objection and close."""
    case_types = catalogue().case_types
    for kind, acts in {
        "supervision_letter": ["issue", "review_objection", "verify", "decide", "close"],
        "law_inspection": ["plan", "draw", "inspect", "feed_back", "follow_up", "close"],
        "government_inspection": ["initiate", "notify", "inspect", "conclude", "deliver", "decide_review", "close"],
        "rectification_item": ["list", "check", "write_off", "archive"],
    }.items():  # fmt: skip
        assert {act for act in acts if Role.SUPERVISOR not in recorders(case_types[kind], act)} == set(), kind
    client = _client(_supervisor(world))
    letter = OpenCase(
        actor=None, organization=world.body, case_type="supervision_letter", on=TODAY, role="supervisor", by="丁二",
        facts={"subject": "没有登记", "kind": "监督通知书", "to": world.office.name},
        evidence=[{"title": "监督文书", "attachment": None}],
    ).execute()  # fmt: skip
    RecordAct(
        actor=None, case=letter, act="object", on=TODAY, evidence=[{"title": "书面异议", "attachment": None}]
    ).execute()
    url = reverse("record_act", args=[letter.pk, "review_objection"])
    assert url in client.get(reverse("case", args=[letter.pk])).content.decode()
    sent = {"on": str(TODAY), "by": "丁二", "unit": world.body.pk, "outcome": "撤销", "seen": 3}
    assert client.post(url, sent).status_code == 302
    letter.refresh_from_db()
    assert letter.status == "已撤销"


def _client(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_the_register_of_findings_filters_lists_and_comes_as_a_file(world: World) -> None:
    with time_machine.travel(noon(TODAY - timedelta(days=60)), tick=False):
        for problem, due in (
            ("告知缺失", TODAY - timedelta(days=5)),
            ("归档不全", TODAY + timedelta(days=40)),
        ):
            facts = {
                "problem": problem,
                "source": "自查自纠",
                "document": "内〔2026〕1号",
                "owner": "县司法局",
                "due": str(due),
            }
            OpenCase(
                actor=None,
                organization=world.office,
                case_type="rectification_item",
                on=timezone.localdate(),
                facts=facts,
            ).execute()
    client, url = world.client("officer"), reverse("findings")
    text = client.get(url).content.decode()
    assert "告知缺失" in text and "归档不全" in text and "制发监督意见书" in text
    late = client.get(f"{url}?state=late").content.decode()
    assert "告知缺失" in late and "归档不全" not in late
    assert "告知缺失" not in client.get(f"{url}?state=closed").content.decode()
    assert (
        "归档不全"
        in client.get(f"{url}?q=内〔2026〕1号&kind=rectification_item&unit=sfj&state=open").content.decode()
    )
    assert "告知缺失" not in world.client("stranger").get(url).content.decode()
    for kind in ("xlsx", "docx"):
        response = client.get(f"{reverse('findings_file', args=[kind])}?state=late")
        assert response.status_code == 200 and response.content[:2] == b"PK"
    assert client.get(reverse("findings_file", args=["pdf"])).status_code == 404
    sheet = client.get(f"{url}?format=xlsx")
    assert sheet.status_code == 200
    sheet.close()


def test_from_an_inspection_to_its_draw_and_to_what_was_listed_for_it(world: World) -> None:
    client, url = world.client("coordinator"), reverse("close_draw", args=["units"])
    case = OpenCase(
        actor=None, organization=world.body, case_type="law_inspection", on=TODAY, role="supervisor", by="丁二",
        facts={"subject": "三项制度督察", "kind": "定期检查", "scope": [world.office.name]},
        evidence=[{"title": "督察方案", "attachment": None}],
    ).execute()  # fmt: skip
    page = reverse("case", args=[case.pk])
    assert f"{url}?case={case.pk}" in client.get(page).content.decode()
    form = LexborHTMLParser(client.get(f"{url}?case={case.pk}").content.decode())
    only = form.css_first("[name=only]")
    assert only is not None and only.text().strip() == world.office.name
    given = {"organization": world.body.pk, "title": "抽取", "announced": "指数", "case": case.pk, "take": 1}
    assert client.post(url, {**given, "only": "没有的单位"}).status_code == 422
    assert client.post(url, {**given, "only": world.office.name}).status_code == 302
    draw = Draw.objects.get()
    assert [item.name for item in draw.record.sides[0].pool.items] == [world.office.name]
    assert f'href="{reverse("draw", args=[draw.pk])}"' in client.get(page).content.decode(), (
        "it waits for its seed"
    )
    found = {"inspected": world.office.name, "found": "没有公示", "problems": 1}
    RecordAct(
        actor=None, case=case, act="inspect", on=TODAY, role="supervisor", by="丁二", fields=found
    ).execute()
    groups = LexborHTMLParser(client.get(reverse("list_findings")).content.decode()).css("details.y-fold")
    assert [group.css_first("summary").text() for group in groups] == ["法治督察（1）"]  # type: ignore[union-attr]
    keys = [box.attributes["value"] for group in groups for box in group.css("[name=key]")]
    assert client.post(reverse("list_findings"), {"key": keys, "due": str(TODAY)}).status_code == 302
    item = Case.objects.get(case_type="rectification_item")
    shown = client.get(reverse("case_related", args=[case.pk])).content.decode()
    assert item.title in shown and "列入整改台账" in shown
    assert case.title in client.get(reverse("case_related", args=[item.pk])).content.decode()


def test_what_was_found_is_ticked_and_listed(world: World) -> None:
    RecordAct(
        actor=None, case=world.case, act="answer", on=TODAY, outcome="予以公开", evidence=[], entered="back"
    ).execute()  # fmt: skip
    client, url = world.client("officer"), reverse("list_findings")
    text = client.get(url).content.decode()
    keys = re.findall(r'name="key" value="([^"]+)"', text)
    assert keys
    assert "请勾选要列入的问题" in client.post(url, {"due": str(TODAY)}).content.decode()
    assert "请填写整改期限" in client.post(url, {"key": keys}).content.decode()
    sent = {"due": str(TODAY), "key": keys, "owner": world.office.pk, "measure": "补办送达"}
    assert client.post(url, {**sent, "owner": world.body.pk}).status_code == 422  # above the own unit
    assert client.post(url, sent).status_code == 302
    items = Case.objects.filter(case_type="rectification_item")
    assert items.count() == len(keys)
    assert {one.acts.get(act="plan_measure").fields["measure"] for one in items} == {"补办送达"}
    assert "没有还没列入的问题" in client.get(url).content.decode()


def test_a_day_is_set_for_what_was_listed_without_one(world: World) -> None:
    facts = {"problem": "台账不全", "source": "文稿体检", "owner": world.office.name}
    case = OpenCase(
        actor=None, organization=world.office, case_type="rectification_item", on=TODAY, facts=facts
    ).execute()
    client, url = world.client("coordinator"), reverse("list_findings")
    assert "待定整改期限" in client.get(reverse("findings")).content.decode()
    assert "1项待定整改期限" in client.get(reverse("waiting")).content.decode()
    assert "1项待定整改期限" not in world.client("officer").get(reverse("waiting")).content.decode()
    assert (
        world.client("officer").post(url, {"set": "1", "item": case.pk, "day-due": str(TODAY)}).status_code
        == 403
    )
    assert client.post(url, {"set": "1", "item": "x", "day-due": str(TODAY)}).status_code == 422
    assert client.post(url, {"set": "1", "item": case.pk, "day-due": str(TODAY)}).status_code == 302
    case.refresh_from_db()
    assert case.facts["due"] == str(TODAY) and case.next_due == TODAY
    assert "待定整改期限" not in client.get(reverse("waiting")).content.decode()


def test_a_file_on_paper_is_reviewed_objected_to_and_mended_by_its_unit(world: World) -> None:
    one, other = (_reviewer(world, name) for name in ("pingcha1", "pingcha2"))
    officer, stranger = world.client("officer"), world.client("stranger")
    url = reverse("open_review")
    sent = {"organization": world.office.pk, "unit": world.other.pk, "name": "旧卷", "sheet": "penalty_file", "way": "专项调阅",
            "round": "2026年评查", "first": one.pk, "second": other.pk}  # fmt: skip
    for wrong, words in (
        ({"name": ""}, "案卷文号"),
        ({"sheet": ""}, "请选择评查表"),
        ({"number": "没有的号"}, "没有编号为"),
        ({"second": one.pk}, "两名不同"),
    ):
        response = officer.post(url, {**sent, **wrong})
        assert response.status_code == 422 and words in response.content.decode(), words
    assert officer.post(url, sent).status_code == 302
    review = FileReview.objects.get()
    page, answer, score = (
        reverse(name, args=[review.pk]) for name in ("file_review", "answer_review", "score_file")
    )
    paper = {"act": "submit_file", "paper": SimpleUploadedFile("目录.txt", b"1")}
    assert officer.post(answer, paper).status_code == 403
    seen = stranger.get(page).content.decode()
    assert "送交案卷" in seen and "pingcha1" not in seen
    assert stranger.post(answer, {"act": "submit_file"}).status_code == 302
    assert review.case.acts.count() == 1  # refused without the list of papers
    stranger.post(answer, {**paper, "paper": SimpleUploadedFile("目录.txt", b"1")})
    marks = {item.id: "符合" for item in review.sheet_type.items()}
    marks |= {"facts": "部分符合", "note_facts": "缺少现场照片"}
    for user in (one, other):
        assert _client(user).post(score, marks).status_code == 302
    case = Case.objects.get(pk=review.case_id)
    RecordAct(
        actor=None, case=case, act="feed_back", on=TODAY, by="甲", evidence=[{"title": "反馈意见书", "attachment": None}],
        facts={"object_days": 10},
    ).execute()  # fmt: skip
    assert "pingcha1" in stranger.get(page).content.decode()
    stranger.post(answer, {"act": "object", "text": "照片在光盘里"})
    text = officer.get(page).content.decode()
    assert "照片在光盘里" in text and "2026年11月30日" in text and "办理复核异议" in text
    stranger.post(answer, {"act": "rectify", "text": "已补入"})
    assert not case.acts.filter(act="rectify").exists()
    stranger.post(answer, {"act": "rectify", "text": "已补入", "paper": SimpleUploadedFile("报告.txt", b"2")})
    assert case.acts.get(act="rectify").unit == world.other
    for odd in ("?year=9", "?year=abc"):
        assert officer.get(reverse("duties") + odd).status_code in {200, 404}


def test_an_own_recusal_begins_with_who_is_signed_in(world: World) -> None:
    page = world.client("officer").get(reverse("recusals")).content.decode()
    (link,) = re.findall(r'href="([^"]*/recusal/\?facts-f_person[^"]*)"', page)
    form = world.client("officer").get(link.replace("&amp;", "&")).content.decode()
    assert 'value="测试officer"' in form and f'value="{world.users["officer"].username}"' in form
    assert "facts-f_person" not in world.client("auditor").get(reverse("recusals")).content.decode()


def test_the_key_by_which_a_finding_is_known_is_shown_to_nobody(world: World) -> None:
    facts = {
        "problem": "告知缺失",
        "source": "法治督察",
        "owner": world.office.name,
        "origin_key": "engine:1:late",
    }
    case = OpenCase(
        actor=None,
        organization=world.office,
        case_type="rectification_item",
        act="list",
        on=TODAY,
        facts=facts,
    ).execute()
    client = world.client("officer")
    pages = [
        reverse("case", args=[case.pk]),
        reverse("change_facts", args=[case.pk]),
        reverse("open_case", args=["rectification_item"]),
    ]
    for page in pages:
        text = client.get(page).content.decode()
        assert "告知缺失" in text or "责任单位" in text
        assert "线索标识" not in text and "engine:1:late" not in text
    sent = {"f_problem": "告知书没有送达", "f_source": "法治督察", "f_owner": world.office.name, "seen": str(case.length),
            "reason": "写明是哪一份"}  # fmt: skip
    assert client.post(pages[1], sent).status_code == 302
    case.refresh_from_db()
    assert case.facts["problem"] == "告知书没有送达" and case.facts["origin_key"] == "engine:1:late"
