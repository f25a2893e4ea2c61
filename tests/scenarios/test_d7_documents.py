"""Documents (D7) and decisions with their advisers (D8), walked through the ledger's actions as people would.

"works" stands only where every clause of the row is shown; at "partly" the comment says what is missing.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.county import County
from tests.ledger.registers import sample
from tests.scenarios.acting import findings_of, play
from tests.scenarios.entering import figure, papers
from yifa.documents.actions import MakeDocument
from yifa.documents.filled import Grid, plain
from yifa.documents.making import filled
from yifa.law.loader import catalogue
from yifa.law.schema import Duration, Jurisdiction, LocalDuration, Unit
from yifa.ledger import legal
from yifa.ledger.actions import (
    ActionRefused,
    ChangeFacts,
    CorrectAct,
    OpenCase,
    PublishEntry,
    RecordAct,
    ReviseEntry,
    StoreAttachment,
)
from yifa.ledger.chain.attempts import attempts_of
from yifa.ledger.deciding.cases import history_of
from yifa.ledger.figures.gaps import find
from yifa.ledger.models import Case, CaseAct, Entry, Organization, Role
from yifa.ledger.proof.verification import verify
from yifa.ledger.search.queries import ends_soon
from yifa.ledger.textchanges import compared_papers
from yifa.reporting.actions import BuildReport
from yifa.reporting.content import paper

pytestmark = pytest.mark.django_db
TODAY = date(2025, 6, 30)


def gaps(name: str, county: County, on: date = TODAY) -> list[str]:
    return [gap.title for gap in find(name, county.body, on)]


def listed(owner: Organization, register: str, /, **data: Any) -> Entry:
    """An entry published on 2 January 2024."""
    return PublishEntry(
        actor=None, organization=owner, register=register, on=date(2024, 1, 2), data=sample(register, data)
    ).execute()


def opened(case_type: str, unit: Organization, on: date, facts: dict[str, Any], **given: Any) -> Case:
    first = catalogue().case_types[case_type].opens_with[0]
    return OpenCase(
        actor=None, organization=unit, case_type=case_type, on=on, facts=facts,
        evidence=papers(case_type, first), **given,
    ).execute()  # fmt: skip


def did(case: Case, act: str, on: date, **given: Any) -> CaseAct:
    """One act, with the papers it asks for unless others are given."""
    given.setdefault("evidence", papers(case.case_type, act))
    return RecordAct(actor=given.pop("actor", None), case=case, act=act, on=on, **given).execute()


def document(unit: Organization, upto: str = "file", month: int = 4, **facts: Any) -> Case:
    """A department's document that has come as far as an act."""
    case = opened(
        "normative_document",
        unit,
        date(2024, month, 1),
        {"name": "停车细则", "class": "部门规范性文件"} | facts,
    )
    steps: list[tuple[str, int, dict[str, Any]]] = [
        ("draft", 2, {"by": "起草人甲"}),
        ("submit_review", 3, {}),
        ("legal_review", 10, {"by": "审核员乙", "role": "reviewer", "outcome": "合法"}),
        ("discuss", 15, {"outcome": "通过"}),
        ("sign", 16, {}),
        ("register", 17, {}),
        ("publish", 18, {}),
        ("file", 25, {}),
    ]
    for act, day, given in steps:
        did(case, act, date(2024, month, day), **given)
        if act == upto:
            break
    case.refresh_from_db()
    return case


# ---------------------------------------------------------------- D7: documents


@pytest.mark.mechanism("D7-01", "works")
@pytest.mark.mechanism("D11-08", "works")
def test_number_publication_and_interpretation_come_in_their_order(county: County) -> None:
    case = document(county.market, upto="discuss", interpret=True)
    with pytest.raises(ActionRefused, match="签发后才能登记、编号"):
        did(case, "register", date(2024, 4, 16))
    did(case, "sign", date(2024, 4, 16))
    did(case, "register", date(2024, 4, 17))
    case.refresh_from_db()
    assert case.number
    with pytest.raises(ActionRefused, match="只能进行一次"):
        did(case, "register", date(2024, 4, 17))
    with pytest.raises(ActionRefused, match="解读材料没有审签的不得印发、公布"):
        did(case, "publish", date(2024, 4, 18))
    did(case, "draft_interpretation", date(2024, 4, 18))
    did(case, "publish", date(2024, 4, 18))
    assert gaps("documents_uninterpreted", county) == ["停车细则"]
    did(case, "interpret", date(2024, 4, 20))
    assert gaps("documents_uninterpreted", county) == []
    assert figure("normative_document_interpretation_days", county.body).value == 2


@pytest.mark.mechanism("D7-02", "works")
def test_opinions_by_article_and_what_was_changed_after_the_review(county: County, client: Client) -> None:
    def stored(text: str, name: str) -> list[dict[str, str | None]]:
        attachment = StoreAttachment(actor=None, content=text.encode(), name=name).execute()
        return [{"title": name.removesuffix(".txt"), "attachment": attachment.pk}]

    sent = stored(
        "停车细则\n第一条 划线停车。\n第二条 每小时收费二元。\n第三条 自印发之日起施行。\n", "送审稿.txt"
    )
    final = stored(
        "停车细则\n第一条 划线停车。\n第三条 自印发之日起施行。\n第四条 有效期五年。\n", "签发稿.txt"
    )
    case = document(county.market, upto="draft")
    did(case, "submit_review", date(2024, 4, 3), evidence=sent)
    remark = {"clause": "第二条", "opinion": "收费没有依据，应当删去", "law": "价格法第十八条"}
    with pytest.raises(ActionRefused, match="依据的法律法规"):
        did(case, "review_remark", date(2024, 4, 5), outcome="建议删除", role="reviewer",
            fields={"clause": "第二条", "opinion": "删去"})  # fmt: skip
    did(case, "review_remark", date(2024, 4, 5), outcome="建议删除", role="reviewer", fields=remark)
    did(
        case, "remark_answer", date(2024, 4, 8), outcome="采纳", fields={"clause": "第二条", "reason": "删去"}
    )
    with pytest.raises(ActionRefused, match="未经合法性审查"):
        did(case, "discuss", date(2024, 4, 9), outcome="通过")
    digest = {"text_digest": sent[0]["attachment"]}
    did(case, "legal_review", date(2024, 4, 10), outcome="合法", role="reviewer", fields=digest)
    did(case, "discuss", date(2024, 4, 15), outcome="通过")
    signed = {"text_digest": final[0]["attachment"]}
    position = did(case, "sign", date(2024, 4, 16), evidence=final, fields=signed).position
    with pytest.raises(ActionRefused, match="签发稿与合法性审查的文本不一致"):
        did(case, "register", date(2024, 4, 17))
    assert position == case.acts.get(act="sign").position
    (pair,) = compared_papers(catalogue().case_types["normative_document"], history_of(case))
    assert [(one.before, one.after) for one in pair.changes] == [
        ("第二条每小时收费二元。", ""),
        ("", "第四条有效期五年。"),
    ]
    client.force_login(
        county.user(Role.SUPERVISOR, county.body), backend="django.contrib.auth.backends.ModelBackend"
    )
    page = client.get(reverse("case", args=[case.pk])).content.decode()
    for words in ("改动2处", "第四条有效期五年。", "价格法第十八条", "被拒绝的办理"):
        assert words in page, words
    assert figure("normative_document_remarks", county.body).parts == {"建议删除": 1}
    assert figure("normative_document_remarks_adopted", county.body).value == 1


@pytest.mark.mechanism("D7-03", "works")
def test_days_to_filing_are_computed_the_overdue_listed_and_the_receipt_kept(
    county: County, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The days are the province's: here one that has entered fifteen."""
    days = Duration(law="四川省行政规范性文件管理办法", length=15, unit=Unit.DAYS)
    local = LocalDuration(case_type="normative_document", clock="filing", duration=days)
    somewhere = Jurisdiction(jurisdiction="somewhere", title="某省", durations=[local])
    before = legal.context

    def context(*given: Any) -> Any:
        return replace(before(*given), jurisdiction=somewhere)

    for module in ("legal", "deciding.cases", "rows.values", "figures.casebycase"):
        monkeypatch.setattr(f"yifa.ledger.{module}.context", context)
    filed, unfiled = document(county.market), document(county.housing, upto="publish", name="物业办法")
    assert figure("normative_document_filing_days", county.body).value == 7  # 18 to 25 April
    until = (date(2024, 1, 1), date(2024, 5, 3))
    assert figure("normative_documents_filing_overdue", county.body, until).value == 0  # 3 May: the last day
    until = (date(2024, 1, 1), date(2024, 5, 4))
    assert figure("normative_documents_filing_overdue", county.body, until).parts == {county.housing.name: 1}
    assert gaps("documents_filing_overdue", county) == gaps("documents_unfiled", county) == ["物业办法"]
    assert gaps("documents_without_receipt", county) == ["停车细则"]
    receipt = StoreAttachment(actor=None, content=b"%PDF-1.4 receipt", name="备案回执.pdf").execute()
    kept = [{"title": "备案回执", "attachment": receipt.pk}]
    did(filed, "receipt", date(2024, 5, 6), outcome="准予登记", evidence=kept)
    assert filed.acts.get(act="receipt").evidence == kept
    assert gaps("documents_without_receipt", county) == []
    did(unfiled, "file", date(2024, 5, 10))
    assert gaps("documents_filing_overdue", county) == []
    assert figure("normative_documents_filed_late", county.body).parts == {county.housing.name: 1}
    assert figure("normative_documents_filed_on_time_rate", county.body).value == Decimal(50)


@pytest.mark.mechanism("D7-04", "works")
def test_a_round_has_every_document_and_its_list_is_the_sum_of_its_results(county: County) -> None:
    for number in ("1号", "2号", "3号"):
        listed(county.body, "normative_documents", code=number, name=f"第{number}", effective="2019-01-01")
    assert gaps("documents_left_out_of_cleanup", county) == ["第1号", "第2号", "第3号"]
    facts = {"name": "全面清理", "kind": "全面清理", "class": "行政规范性文件", "documents": ["1号", "2号"]}
    with pytest.raises(ActionRefused, match="9号"):  # only what stands in the register can be cleared
        opened("document_cleanup", county.body, date(2025, 3, 3), facts | {"documents": ["1号", "9号"]})
    case = opened("document_cleanup", county.body, date(2025, 3, 3), facts)
    ChangeFacts(
        actor=None, case=case, facts=facts | {"documents": ["1号", "2号", "3号"]}, reason="补列漏项"
    ).execute()
    results = {"1号": "继续有效", "2号": "修改", "3号": "废止"}
    for number in ("1号", "2号"):
        did(
            case,
            "judge",
            date(2025, 4, 1),
            outcome=results[number],
            fields={"document": number, "reason": "见说明"},
        )
    assert gaps("documents_not_judged", county) == ["全面清理：3号"]
    with pytest.raises(ActionRefused, match="4号"):
        did(case, "judge", date(2025, 4, 2), outcome="废止", fields={"document": "4号", "reason": "见说明"})
    did(case, "judge", date(2025, 4, 2), outcome="废止", fields={"document": "3号", "reason": "任务完成"})
    assert gaps("documents_not_judged", county) == gaps("documents_left_out_of_cleanup", county) == []
    with pytest.raises(ActionRefused, match="合法性审查"):
        did(case, "decide", date(2025, 4, 10))
    did(case, "legal_review", date(2025, 4, 10), outcome="同意", role="reviewer")
    did(case, "decide", date(2025, 4, 20))
    made = MakeDocument(actor=None, case=case, template="cleanup_result", act="publish").execute()
    (table,) = [block for block in filled(made).blocks if isinstance(block, Grid)]
    rows = [[plain(cell) for cell in row] for row in table.rows[1:]]
    assert rows == [
        ["1", "第1号（文号1号）", "继续有效", "见说明"],
        ["2", "第2号（文号2号）", "修改", "见说明"],
        ["3", "第3号（文号3号）", "废止", "任务完成"],
    ]
    did(case, "publish", date(2025, 4, 25))
    year = (date(2025, 1, 1), date(2025, 12, 31))
    cleaned = figure("documents_cleaned", county.body, year)
    assert cleaned.parts == {"继续有效": 1, "修改": 1, "废止": 1} and cleaned.value == sum(
        cleaned.parts.values()
    )
    parts = [
        figure(f"documents_cleaned_{one}", county.body, year).value
        for one in ("kept", "to_amend", "to_repeal", "to_end")
    ]
    assert sum(part or 0 for part in parts) == cleaned.value == 3
    assert gaps("documents_repealed_in_force", county) == ["第3号"]
    entry = Entry.objects.get(register="normative_documents", key="3号")
    data = entry.data | {"expires": "2025-04-25", "ended_how": "废止", "review_result": "废止"}
    ReviseEntry(actor=None, entry=entry, data=data, on=date(2025, 4, 25), reason="清理废止").execute()
    assert gaps("documents_repealed_in_force", county) == []


@pytest.mark.mechanism("D7-05", "works")
def test_a_document_lapses_by_itself_and_what_became_of_it_is_asked(county: County) -> None:
    entry = listed(
        county.body, "normative_documents", code="1号", name="办法", effective="2020-01-01", expires="2024-12-31",
        ended_how=None, **{"class": "政府规范性文件"},
    )  # fmt: skip
    viewer = county.user(Role.AUDITOR, county.body)
    assert [[e.title for e in ends_soon(viewer, day)] for day in (date(2024, 10, 1), date(2024, 10, 2))] == [
        [],
        ["办法"],
    ]
    assert figure("normative_documents_in_force", county.body).value == 1
    later = (date(2025, 1, 1), date(2025, 1, 1))
    assert figure("normative_documents_in_force", county.body, later).value == 0
    assert gaps("documents_lapsed_undecided", county, date(2024, 12, 31)) == []
    assert gaps("documents_lapsed_undecided", county, date(2025, 1, 1)) == ["办法"]
    data = entry.data | {"ended_how": "期满失效"}
    ReviseEntry(actor=None, entry=entry, data=data, on=date(2025, 1, 6), reason="登记终止方式").execute()
    assert gaps("documents_lapsed_undecided", county, date(2025, 1, 6)) == []
    for code, kind in (("2号", "部门规范性文件"), ("3号", "党内规范性文件")):
        without = {"name": f"没有期限的{code}", "effective": "2020-01-01", "expires": None, "class": kind}
        listed(county.body, "normative_documents", code=code, ended_how=None, **without)
    assert gaps("documents_without_expiry", county) == ["没有期限的2号"]


@pytest.mark.mechanism("D7-06", "works")
def test_the_bulletin_names_each_unit_with_its_filed_overdue_and_corrected(county: County) -> None:
    first = document(county.market)
    document(county.market, month=6, name="市场办法")
    document(county.housing, upto="publish", name="物业办法")
    did(first, "corrected", date(2024, 7, 1), outcome="修改")
    report = BuildReport(
        actor=None, organization=county.body, year=2024, outline="document_bulletin"
    ).execute()
    text = paper(report).text
    assert f"{county.market.name}：报送备案2件" in text
    assert f"{county.housing.name}：报送备案0件" in text and "已公布尚未备案1件" in text
    assert f"{county.market.name}被要求纠正1件" in text and county.justice.name not in text
    trained = figure("trainings", county.body)
    assert trained.value == 0  # training is counted by its own kind of case (D14)


@pytest.mark.mechanism("D7-07", "works")
def test_internal_rules_by_class_add_up_and_have_owner_version_and_date(county: County) -> None:
    with pytest.raises(ActionRefused, match="责任单位"):
        listed(county.body, "internal_rules", code="R0", name="无主制度", owner=None)
    classes = ["学习培训", "行政决策", "行政决策", "行政执法"]
    for serial, kind in enumerate(classes):
        listed(county.body, "internal_rules", code=f"R{serial}", name=f"制度{serial}", effective="2024-02-01",
               version="2024年版", owner=county.justice.name, **{"class": kind})  # fmt: skip
    found = figure("internal_rules_in_force", county.body)
    assert found.parts == {"学习培训": 1, "行政决策": 2, "行政执法": 1}
    assert found.value == len(found.records) == Entry.objects.filter(register="internal_rules").count() == 4
    assert figure("internal_rule_classes", county.body).value == 3


@pytest.mark.mechanism("D7-08", "works")
def test_a_request_for_opinions_has_its_deadline_our_opinion_and_its_fate(county: County) -> None:
    facts = {"name": "数据条例草案", "kind": "地方性法规", "from": "省司法厅"}
    with pytest.raises(ActionRefused, match="来函要求回复日"):
        opened("legislation_request", county.justice, date(2024, 4, 1), facts)
    case = opened("legislation_request", county.justice, date(2024, 4, 1), facts | {"deadline": "2024-04-18"})
    assert case.clocks.get(clock="reply").due == date(2024, 4, 18)
    did(case, "reply", date(2024, 4, 18), outcome="有意见", fields={"opinions": 3})
    assert gaps("legislation_results_unknown", county) == ["数据条例草案"]
    did(case, "result", date(2024, 11, 4), outcome="部分采纳", fields={"adopted": 2})
    assert gaps("legislation_results_unknown", county) == []
    given = [
        figure(f"legislation_{one}", county.body).value for one in ("opinions_given", "opinions_adopted")
    ]
    assert given == [3, 2] and figure("legislation_requests_answered_on_time", county.body).value == 1
    proposal = opened(
        "legislation_proposal", county.justice, date(2024, 5, 6),
        {"name": "开发区条例", "kind": "地方性法规", "action": "制定", "to": "市司法局"},
    )  # fmt: skip
    with pytest.raises(ActionRefused, match="必要性"):
        did(proposal, "submit", date(2024, 6, 3), fields={})
    explained = {"necessity": "体制不明", "problems": "权限交叉", "measures": "授权清单"}
    did(proposal, "submit", date(2024, 6, 3), fields=explained)
    assert figure("legislation_proposals_submitted", county.body).value == 1


# ---------------------------------------------------------------- D8: decisions and advisers


def decision(county: County, upto: str = "legal_review", **facts: Any) -> Case:
    """A decision whose opinion is favourable, or that has come as far as an act."""
    given = {"name": "公交线路优化", "kind": "重大公共政策和措施", "confidential": True} | facts
    case = opened(
        "major_decision", county.body, date(2024, 3, 1), given, fields={"proposed_by": "县交通运输局"}
    )
    steps: list[tuple[str, date, dict[str, Any]]] = [
        ("study", date(2024, 3, 4), {}),
        ("start", date(2024, 3, 5), {}),
        ("draft", date(2024, 3, 6), {"by": "起草人甲"}),
        ("submit_review", date(2024, 5, 10), {}),
        ("legal_review", date(2024, 5, 20), {"outcome": "合法", "role": "reviewer", "by": "审核员乙"}),
    ]
    for act, day, more in steps:
        did(case, act, day, **more)
        if act == upto:
            break
    return case


@pytest.mark.mechanism("D8-01", "works")
def test_the_catalogue_has_the_partys_consent_and_what_meets_a_standard_is_prompted(county: County) -> None:
    with pytest.raises(ActionRefused, match="同级党委同意文件"):
        listed(county.body, "decision_catalogue", code="2024-01", name="公交优化", consent=None)
    listed(
        county.body, "decision_catalogue", code="2024-01", name="公交优化", published="2024-02-01", year=2024
    )
    listed(
        county.body, "decision_standards", code="B1", name="五千万元以上的项目", kind="重大公共建设项目",
        threshold=50_000_000, valid_from="2024-01-01",
    )  # fmt: skip
    for code, kind, amount in (
        ("M1", "重大公共建设项目", 60e6),
        ("M2", "重大公共建设项目", 40e6),
        ("M3", "重要规划", 90e6),
    ):
        listed(county.housing, "decision_matters", code=code, name=f"事项{code}", kind=kind, amount=amount,
               declared="2024-01-02", listed_as=None, excluded=None)  # fmt: skip
    assert gaps("matters_outside_catalogue", county) == ["事项M1"]
    listed(
        county.body, "decision_catalogue", code="2024-02", name="事项M1", published="2024-03-01", year=2024
    )
    entry = Entry.objects.get(register="decision_matters", key="M1")
    ReviseEntry(
        actor=None,
        entry=entry,
        data=entry.data | {"listed_as": "2024-02"},
        on=date(2024, 3, 1),
        reason="编入目录",
    ).execute()
    assert gaps("matters_outside_catalogue", county) == []
    assert gaps("catalogue_items_not_started", county) == ["公交优化", "事项M1"]
    with pytest.raises(ActionRefused, match="2024-09"):
        decision(county, item="2024-09")
    decision(county, item="2024-01")
    assert gaps("catalogue_items_not_started", county) == ["事项M1"]
    decision(county, name="临时动议")
    assert gaps("decisions_outside_catalogue", county) == ["临时动议"]
    assert figure("decision_catalogue_items", county.body).value == 2


@pytest.mark.mechanism("D8-02", "works")
def test_each_opinion_has_its_answer_and_the_hearing_its_roster(county: County) -> None:
    case = decision(county, upto="draft", confidential=False, hearing_by_law=True, name="收费调整")
    roster = ["甲一", "乙二", "丙三"]
    did(case, "announce_hearing", date(2024, 4, 8), fields={"participants": roster})
    did(case, "hearing_materials", date(2024, 4, 15))
    with pytest.raises(ActionRefused):
        did(case, "hold_hearing", date(2024, 4, 21))
    did(case, "hold_hearing", date(2024, 4, 22), fields={"participants": roster, "opinions": 2})
    opinion = {"means": "听证会", "opinion": "分步调整"}
    with pytest.raises(ActionRefused, match="采纳或者不采纳的理由"):
        did(case, "answer_opinion", date(2024, 4, 25), outcome="采纳", fields=opinion)
    for outcome in ("采纳", "部分采纳", "不采纳"):
        did(case, "answer_opinion", date(2024, 4, 25), outcome=outcome, fields=opinion | {"reason": "见说明"})
    with pytest.raises(ActionRefused, match="采纳条数"):
        did(case, "study_opinions", date(2024, 4, 26), fields={"received": 3, "adopted": 4})
    did(case, "study_opinions", date(2024, 4, 26), fields={"received": 3, "adopted": 2})
    found = figure("major_decision_opinions_answered", county.body)
    assert found.parts == {"采纳": 1, "部分采纳": 1, "不采纳": 1}
    did(case, "submit_review", date(2024, 5, 10))
    did(case, "legal_review", date(2024, 5, 20), outcome="合法", role="reviewer")
    did(case, "discuss", date(2024, 5, 27), outcome="同意")
    did(case, "report_party", date(2024, 5, 29))
    did(case, "publish", date(2024, 6, 3))
    assert gaps("decisions_without_adoption_notice", county) == ["收费调整"]
    did(case, "publish_adoption", date(2024, 6, 4))
    assert gaps("decisions_without_adoption_notice", county) == []


@pytest.mark.mechanism("D8-03", "works")
def test_experts_come_from_the_pool_declare_no_interest_and_sign(county: County) -> None:
    listed(county.body, "experts", code="Z1", name="甲一", joined="2023-01-01", left=None)
    listed(county.body, "experts", code="Z2", name="乙二", joined="2023-01-01", left="2024-02-01")
    case = decision(county, technical=True)
    declared = {"interest": "与决策事项没有直接利害关系"}
    with pytest.raises(ActionRefused, match="利害关系声明"):
        did(case, "choose_expert", date(2024, 5, 21), fields={"expert": "Z1", "name": "甲一"})
    with pytest.raises(ActionRefused, match="没有“有利害关系”这一选项"):
        did(case, "choose_expert", date(2024, 5, 21), fields={"name": "甲一", "interest": "有利害关系"})
    with pytest.raises(ActionRefused, match="Z2"):
        did(case, "choose_expert", date(2024, 5, 21), fields={"expert": "Z2", "name": "乙二"} | declared)
    did(case, "choose_expert", date(2024, 5, 21), fields={"expert": "Z1", "name": "甲一"} | declared)
    with pytest.raises(ActionRefused, match="专家论证"):
        did(case, "discuss", date(2024, 5, 27), outcome="同意")
    unsigned = did(case, "expert_review", date(2024, 5, 23), evidence=[])
    assert [finding.kind for finding in findings_of(case, TODAY)] == ["evidence"]
    CorrectAct(
        actor=None, case=case, position=unsigned.position, reason="补交署名意见",
        changes={"evidence": papers("major_decision", "expert_review")},
    ).execute()  # fmt: skip
    assert findings_of(case, TODAY) == ()
    did(case, "discuss", date(2024, 5, 27), outcome="同意")
    assert figure("major_decision_experts", county.body).value == 1


@pytest.mark.mechanism("D8-04", "works")
def test_high_risk_waits_for_approved_measures(county: County) -> None:
    case = decision(county, risk=True)
    with pytest.raises(ActionRefused, match="风险"):
        did(case, "submit_discussion", date(2024, 5, 21))
    did(
        case,
        "assess_risk",
        date(2024, 5, 21),
        outcome="风险可控",
        fields={"level": "高风险", "risks": ["上访"]},
    )
    with pytest.raises(ActionRefused, match="防范化解措施经批准后"):
        did(case, "submit_discussion", date(2024, 5, 22))
    did(case, "approve_measures", date(2024, 5, 23), role="leader", fields={"measures": "驻点沟通"})
    did(case, "submit_discussion", date(2024, 5, 24))
    did(case, "discuss", date(2024, 5, 27), outcome="同意")
    assert figure("major_decisions_high_risk", county.body).value == 1


@pytest.mark.mechanism("D8-05", "works")
def test_no_agenda_without_a_favourable_opinion_and_who_tried_is_kept(county: County) -> None:
    case = decision(county, upto="submit_review")
    officer = county.user(Role.OFFICER, county.body)
    with pytest.raises(ActionRefused, match="未经合法性审查") as refused:
        did(case, "submit_discussion", date(2024, 5, 13), actor=officer)
    assert refused.value.basis is not None and refused.value.basis.article == "第二十五条"
    did(case, "legal_review", date(2024, 5, 21), outcome="不合法", role="reviewer")
    with pytest.raises(ActionRefused, match="审查不合法"):
        did(case, "discuss", date(2024, 5, 22), outcome="同意")
    tried = attempts_of(case)
    assert [(one.act, one.on) for one in tried] == [
        ("submit_discussion", date(2024, 5, 13)),
        ("discuss", date(2024, 5, 22)),
    ]
    assert tried[0].by == "甲一" and "未经合法性审查" in tried[0].reason
    assert case.acts.filter(act__in=["submit_discussion", "discuss"]).count() == 0
    assert verify().faults == ()


@pytest.mark.mechanism("D8-06", "works")
def test_the_minutes_hold_who_was_there_what_each_said_and_the_quorum(county: County) -> None:
    case = decision(county)
    minutes = {
        "meeting": "党政班子（扩大）会议", "members": 7, "quorum": 4, "attendees": ["甲一", "乙二", "丙三"],
        "absent": ["丁四", "戊五"], "opinions": ["甲一：同意", "乙二：同意", "丙三：时机不成熟"],
        "dissenters": ["丙三"], "dissent": "时机不成熟",
    }  # fmt: skip
    with pytest.raises(ActionRefused, match="不得少于4"):
        did(case, "discuss", date(2024, 5, 27), outcome="同意", fields=minutes)
    there = minutes | {"attendees": ["甲一", "乙二", "丙三", "己六"]}
    act = did(case, "discuss", date(2024, 5, 27), outcome="同意", fields=there)
    assert act.fields == there and act.outcome == "同意"
    assert figure("major_decisions_dissented", county.body).value == 1


@pytest.mark.mechanism("D8-07", "works")
def test_on_its_day_a_decision_wants_a_result(county: County) -> None:
    case = decision(county, review_by="2024-12-10")
    did(case, "discuss", date(2024, 5, 27), outcome="同意")
    did(case, "report_party", date(2024, 5, 29))
    assert gaps("decisions_not_archived", county) == ["公交线路优化"]
    did(case, "archive", date(2024, 6, 14))
    assert gaps("decisions_not_archived", county) == []
    assert gaps("decisions_execution_unreported", county) == ["公交线路优化"]
    assert case.clocks.get(clock="evaluation").due == date(2024, 12, 10)
    with pytest.raises(ActionRefused, match="可选：继续执行、调整、停止执行"):
        did(case, "evaluate", date(2024, 12, 9), outcome="很好")
    did(case, "evaluate", date(2024, 12, 10), outcome="调整")
    assert figure("major_decision_evaluations", county.body).parts == {"调整": 1}
    assert play("major_decision/boundary_day_after", county.body).differences() == []


@pytest.mark.mechanism("D8-09", "works")
def test_advisers_have_contracts_opinions_with_reasons_and_units_without_one_are_listed(
    county: County,
) -> None:
    served = [county.body.name, county.justice.name, county.housing.name]
    for contract, name, last in (("K1", "顾问甲", "2025-12-31"), ("K2", "顾问乙", "2024-03-31")):
        listed(county.body, "legal_advisers", code=contract, name=name, units=served, valid_from="2024-01-01",
               valid_to=last, fee=50_000)  # fmt: skip
    rest = [county.market.name, *(town.name for town in county.towns)]
    assert sorted(gaps("units_without_adviser", county)) == sorted(rest)
    covered = figure("advised_units_rate", county.body)
    assert covered.numerator is not None and covered.denominator is not None
    assert (covered.numerator.value, covered.denominator.value, covered.value) == (3, 6, 50)
    assert {record.title for record in covered.numerator.records} == set(served)
    case = opened(
        "legal_opinion", county.housing, date(2024, 4, 8), {"subject": "补偿方案", "kind": "重大行政决策"}
    )
    opinion = {"name": "顾问乙", "form": "书面意见", "opinions": 2, "adviser": "K2"}
    with pytest.raises(ActionRefused, match="K2"):
        did(case, "give", date(2024, 4, 10), outcome="建议修改", fields=opinion)
    did(
        case,
        "give",
        date(2024, 4, 10),
        outcome="建议修改",
        fields=opinion | {"adviser": "K1", "name": "顾问甲"},
    )
    there = {"name": "顾问甲", "form": "列席会议", "adviser": "K1"}
    did(case, "give", date(2024, 4, 11), outcome="提示风险", fields=there)
    assert gaps("legal_opinions_unanswered", county) == ["补偿方案"]
    with pytest.raises(ActionRefused, match="理由"):
        did(case, "answer", date(2024, 4, 12), outcome="不采纳", fields={})
    did(case, "answer", date(2024, 4, 12), outcome="不采纳", fields={"reason": "上级已有批复"})
    assert gaps("legal_opinions_unanswered", county) == []
    assert figure("adviser_cases", county.body).parts == {"顾问甲": 2}
    assert figure("adviser_attendances", county.body).parts == {"顾问甲": 1}
    assert figure("legal_opinions_of_units", county.body).parts == {county.housing.name: 2}
    assert figure("legal_opinions_adoption_rate", county.body).value == 0
    assert gaps("advisers_not_assessed", county, date(2024, 12, 31)) == ["顾问甲"]
    listed(county.body, "adviser_assessments", code="A1", contract="K1", name="顾问甲", year=2024,
           assessed_on="2024-12-20")  # fmt: skip
    assert gaps("advisers_not_assessed", county, date(2024, 12, 31)) == []
    assert gaps("advisers_idle", county, date(2024, 12, 31)) == []


@pytest.mark.mechanism("D8-10", "works")
def test_public_lawyers_have_licences_and_the_cases_they_handled(county: County) -> None:
    with pytest.raises(ActionRefused, match="公职律师证号"):
        listed(county.justice, "public_lawyers", code=None, name="甲一")
    for licence, name in (("G1", "甲一"), ("G2", "乙二")):
        listed(county.justice, "public_lawyers", code=licence, name=name, unit=county.justice.name,
               valid_from="2022-01-01", valid_to=None)  # fmt: skip
    case = opened(
        "legal_opinion", county.justice, date(2024, 4, 8), {"subject": "征收答复", "kind": "信息公开"}
    )
    did(
        case,
        "give",
        date(2024, 4, 9),
        outcome="合法",
        fields={"lawyer": "G1", "name": "甲一", "form": "书面意见"},
    )
    assert figure("public_lawyers_in_office", county.body).value == 2
    assert figure("public_lawyer_cases", county.body).parts == {"甲一": 1}
    assert gaps("public_lawyers_idle", county, date(2024, 12, 31)) == ["乙二"]


def test_a_contract_is_reviewed_revised_signed_and_archived(county: County) -> None:
    facts = {"name": "厂房租赁", "party": "某公司", "kind": "国有资产和资源", "amount": 2_400_000}
    case = opened("contract_review", county.housing, date(2024, 4, 1), facts)
    with pytest.raises(ActionRefused, match="未经合法性审查"):
        did(case, "sign", date(2024, 4, 2))
    review = {"opinions": 3, "adopted": 2}
    did(case, "review", date(2024, 4, 8), outcome="修改后可以签订", role="reviewer", fields=review)
    with pytest.raises(ActionRefused, match="按照审查意见修改"):
        did(case, "sign", date(2024, 4, 9))
    did(case, "revise", date(2024, 4, 9), fields={"note": "改了两条"})
    did(case, "sign", date(2024, 4, 10))
    assert gaps("contracts_not_archived", county) == ["厂房租赁"]
    did(case, "archive", date(2024, 4, 15))
    assert gaps("contracts_not_archived", county) == []
    assert figure("contracts_reviewed", county.body).parts == {"国有资产和资源": 1}
    assert figure("contract_review_opinions_adopted", county.body).value == 2
    days = figure("contract_review_days", county.body).value
    assert days == 4  # 2, 3, Sunday the 7th (worked), 8 April
