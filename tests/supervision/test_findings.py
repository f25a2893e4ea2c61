"""What must be put right: listed whatever found it, closed by another, taken up anew with its history."""

from __future__ import annotations

import io
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import time_machine
from docx import Document
from docx.enum.section import WD_ORIENT

from tests.county import County
from tests.scenarios.acting import play
from tests.supervision.drawing import noon
from yifa.ledger.actions import ActionRefused, OpenCase, RecordAct
from yifa.ledger.models import Case, Role
from yifa.supervision.actions import ListFindings
from yifa.supervision.findings import (
    in_order,
    items_of,
    open_ones,
    origin_of,
    register,
    standing,
    write_list,
    write_paper,
)
from yifa.supervision.found import unlisted

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 2)


def recorded(
    case: Case, act: str, by: str, outcome: str | None = None, role: str = "officer", **fields: Any
) -> None:
    papers = [{"title": "整改证明材料", "attachment": None}] if act == "submit" else []
    standing_case = Case.objects.get(pk=case.pk)
    RecordAct(
        actor=None,
        case=standing_case,
        act=act,
        on=DAY,
        by=by,
        outcome=outcome,
        role=role,
        fields=fields,
        evidence=papers,
    ).execute()


@pytest.mark.mechanism("D2-03", "works")
def test_what_the_engine_found_is_listed_once_and_closed_by_another(county: County) -> None:
    faulty = play("administrative_penalty/late", county.body).standing
    viewer = county.user(Role.SUPERVISOR, county.body)
    viewer.is_superuser = True
    found = [one for one in unlisted(viewer, DAY) if one.about == faulty]
    assert found and all(one.source == "程序核查" for one in found)
    with time_machine.travel(noon(DAY), tick=False):
        given = {"actor": None, "organization": faulty.organization, "due": DAY + timedelta(days=30)}
        with pytest.raises(ActionRefused, match="早于今天"):
            ListFindings(**{**given, "due": DAY - timedelta(days=1)}, findings=found).execute()  # type: ignore[arg-type]
        with pytest.raises(ActionRefused, match="不属于本单位"):
            ListFindings(**{**given, "organization": county.housing}, findings=found).execute()  # type: ignore[arg-type]
        items = ListFindings(**given, findings=found).execute()  # type: ignore[arg-type]
        assert len(items) == len(found) and unlisted(viewer, DAY) == []
        with pytest.raises(ActionRefused, match="已经列入"):
            ListFindings(**given, findings=found[:1]).execute()  # type: ignore[arg-type]
        item = items[0]
        assert item.facts["origin"] == (faulty.number or faulty.title)
        recorded(item, "plan_measure", "甲一", measure="完善流程", owner_person="甲一")
        recorded(item, "submit", "甲一", proof=["流程图"])
        with pytest.raises(ActionRefused, match="不得复核自己的整改"):
            recorded(item, "check", "甲一", "通过", "supervisor")
        recorded(item, "check", "乙二", "通过", "supervisor")
        with pytest.raises(ActionRefused, match="不得给自己销号"):
            recorded(item, "write_off", "甲一", role="supervisor")
        recorded(item, "write_off", "丙三", role="supervisor")
        row = standing(Case.objects.get(pk=item.pk))
        assert (row.closed_on, row.closed_by, row.again, row.evidence) == (DAY, "丙三", 0, ("整改证明材料",))
        assert (row.measure, row.person, row.due) == ("完善流程", "甲一", DAY + timedelta(days=30))
        assert not row.late(DAY + timedelta(days=90))
        recorded(item, "submit", "甲一", proof=["流程图"])
        recorded(item, "check", "乙二", "问题反弹", "supervisor")
        row = standing(Case.objects.get(pk=item.pk))
        assert (row.closed_on, row.again) == (None, 1) and row.late(DAY + timedelta(days=90))
        assert item.acts.filter(act="write_off").count() == 1  # the earlier closing stays
        assert item.pk in set(open_ones(register(viewer)).values_list("pk", flat=True))


def test_what_inspections_found_on_site_belongs_to_the_unit_inspected(county: County) -> None:
    viewer = county.user(Role.SUPERVISOR, county.body)
    with time_machine.travel(noon(DAY), tick=False):
        facts = {"subject": "执法督察", "kind": "不定期抽查"}
        papers = [{"title": "督察方案", "attachment": None}]
        case = OpenCase(
            actor=None,
            organization=county.body,
            case_type="law_inspection",
            on=DAY,
            facts=facts,
            role="supervisor",
            evidence=papers,
        ).execute()
        for unit, problems in ((county.market, 2), (county.housing, 0)):
            fields: dict[str, Any] = {
                "inspected": unit.name,
                "found": f"{unit.code}的记录",
                "problems": problems,
            }
            recorded(case, "inspect", "甲一", role="supervisor", **fields)
    found = [one for one in unlisted(viewer, DAY) if one.about == case]
    assert [(one.problem, one.source, one.unit) for one in found] == [
        ("scj的记录", "法治督察", county.market)
    ]
    with time_machine.travel(noon(DAY), tick=False):
        (item,) = ListFindings(actor=viewer, organization=county.body, findings=found, due=DAY).execute()
    told = Case.objects.get(pk=case.pk).acts.get(act="follow_up")
    assert told.fields == {"item": "scj的记录"} and told.role == "supervisor", (
        "the inspection says what was listed"
    )
    assert (items_of(case), origin_of(item), items_of(item), origin_of(case)) == ([item], case, [], None)


def test_items_letters_and_audit_findings_stand_in_one_register_in_the_issuers_order(
    county: County, tmp_path: Path
) -> None:
    viewer = county.user(Role.SUPERVISOR, county.body)
    with time_machine.travel(noon(DAY), tick=False):
        for order in (2, 1):  # the audit's third item stands behind both: another paper
            facts = {"problem": f"问题{order}", "source": "上级专项督察", "document": "市督〔2026〕3号", "order": order,
                     "issuer": "市督察组", "owner": county.market.name, "due": "2026-03-31"}  # fmt: skip
            OpenCase(
                actor=None, organization=county.market, case_type="rectification_item", on=DAY, facts=facts
            ).execute()
        audit = {
            "subject": "账实不符",
            "report_no": "审报〔2026〕1号",
            "issuer": "审计局",
            "serial": 3,
            "owner": county.housing.name,
        }
        OpenCase(
            actor=None, organization=county.housing, case_type="audit_finding", on=DAY, facts=audit
        ).execute()
        letter = {
            "subject": "告知不规范",
            "kind": "监督意见书",
            "to": county.market.name,
            "reply_by": "2026-03-20",
        }
        OpenCase(
            actor=None, organization=county.justice, case_type="supervision_letter", on=DAY, facts=letter, role="supervisor",
            evidence=[{"title": "监督文书", "attachment": None}],
        ).execute()  # fmt: skip
        rows = [standing(case) for case in register(viewer).prefetch_related("acts")]
        assert [row.problem for row in in_order(rows)] == ["问题1", "问题2", "账实不符", "告知不规范"]
        assert {row.source for row in rows} == {"上级专项督察", "审计", "执法监督"}
        assert next(row for row in rows if row.kind == "监督文书").due == date(2026, 3, 20)
        assert set(
            register(county.user(Role.SUPERVISOR, county.housing)).values_list("title", flat=True)
        ) == {"账实不符"}
        sheet = io.BytesIO()
        write_list(sheet, rows)
        table = openpyxl.load_workbook(sheet).active
        assert table is not None and [row[1] for row in table.values][-4:] == [
            "问题1",
            "问题2",
            "账实不符",
            "告知不规范",
        ]
        write_paper(tmp_path / "台账.docx", "整改台账", county.body, DAY, rows)
        word = Document(str(tmp_path / "台账.docx")).tables[0]
        assert [cell.text for cell in word.rows[1].cells][:4] == [
            "1",
            "问题1",
            "上级专项督察（市督〔2026〕3号第1项）",
            county.market.name,
        ]
        assert [row.cells[6].text for row in word.rows[1:]] == ["2026年\n3月31日"] * 2 + [
            "待定整改期限",
            "2026年\n3月20日",
        ]
        assert [section.orientation for section in Document(str(tmp_path / "台账.docx")).sections] == [
            WD_ORIENT.LANDSCAPE
        ]
