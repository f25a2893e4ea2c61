"""A petition is transferred to a unit, which sees it, deals with it and may give it back."""

from __future__ import annotations

from datetime import date

import pytest

from tests.county import County
from tests.scenarios.entering import done, papers
from yifa.ledger.actions import ActionRefused, OpenCase
from yifa.ledger.models import Case, Handover, ProjectionState, Role
from yifa.ledger.rows.handing import stand
from yifa.ledger.rows.kinds import outdated, without_handing
from yifa.workbench.cases.casefile import open_file
from yifa.workbench.waiting.cases import CaseTurns

pytestmark = pytest.mark.django_db
TRANSFERRED = date(2025, 3, 5)


def transferred(county: County, subject: str) -> Case:
    case = OpenCase(
        actor=None,
        organization=county.justice,
        case_type="petition",
        act="register",
        on=date(2025, 3, 3),
        facts={"subject": subject, "kind": "申诉求决", "received_by": "信访部门"},
        evidence=papers("petition", "register"),
    ).execute()
    done(case, "transfer", TRANSFERRED, outcome="交办本地机关单位", fields={"to": county.market.name})
    return case


def test_the_unit_named_deals_with_it(county: County) -> None:
    clerk, stranger = county.user(Role.OFFICER, county.market), county.user(Role.OFFICER, county.towns[1])
    case = transferred(county, "示例桥护栏损坏")
    assert case in Case.objects.for_user(clerk) and case not in Case.objects.for_user(stranger)
    waiting = CaseTurns(clerk, [county.market.pk], date(2025, 3, 6), 10).turns().found
    assert [turn.act for turn in waiting] == ["receive_transfer"]
    assert open_file(case, date(2025, 3, 6)).next[0].id == "receive_transfer"
    for act in ("receive_transfer", "notify", "accept"):
        done(case, act, date(2025, 3, 6), actor=clerk)
    assert case.acts.get(act="accept").unit == county.market
    with pytest.raises(ActionRefused, match="权限"):  # the petitions office urges
        done(case, "urge", date(2025, 3, 20), actor=clerk)


def test_it_goes_back_only_when_that_is_agreed(county: County) -> None:
    clerk = county.user(Role.OFFICER, county.market)
    case = transferred(county, "示例路灯不亮")
    done(case, "receive_transfer", date(2025, 3, 6), actor=clerk)
    done(case, "object", date(2025, 3, 7), outcome="不同意退回", actor=clerk)
    assert case in Case.objects.for_user(clerk)
    done(case, "object", date(2025, 3, 10), outcome="同意退回", actor=clerk)
    assert case not in Case.objects.for_user(clerk)


def test_rows_made_before_stand(county: County) -> None:
    transferred(county, "示例路灯不亮")
    ProjectionState.objects.filter(kind="petition").update(rows=without_handing("petition"))
    assert outdated() == ["petition"]
    stand("petition")
    assert outdated() == [] and Handover.objects.count() == 1
