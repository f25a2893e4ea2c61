"""A list of another office against the ledger, and two lists against each other."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.county import County
from tests.exchange.conftest import Lay
from yifa.exchange import reconciling, running
from yifa.exchange.models import Import, ReconciledRow, Reconciliation
from yifa.exchange.samples import HEADS, as_csv, tickets
from yifa.ledger.models import Case, Record, User
from yifa.ledger.refusal import ActionRefused

UNITS = ("澜亭县司法局", "白河镇人民政府")
How = ReconciledRow.How


@pytest.fixture
def rows() -> list[list[str]]:
    return tickets(12, UNITS, date(2026, 10, 31))


def against(run: Import, **more: Any) -> Reconciliation:
    """The list of an import in the place of one that is only compared."""
    return Reconciliation.objects.create(
        organization=run.organization, actor=run.actor, target=run.target, attachment=run.attachment,
        mapping=run.mapping, **more,
    )  # fmt: skip


def test_a_list_is_held_against_the_ledger_and_followed_with_reason(
    lay: Lay, rows: list[list[str]], clerk: User, county: County
) -> None:
    first = lay(as_csv(rows[:10]), "本地.csv")
    running.check(first)
    running.bring_in(first, Import.Mode.WHOLE, update=False)
    theirs = [list(row) for row in rows[2:]]
    theirs[0][5] = "改名某0000"
    theirs[1][10] = "转其他途径"
    theirs.append(list(theirs[4]))
    rec = against(lay(as_csv(theirs), "平台.csv"))
    reconciling.run(rec)
    assert rec.counts == {"matched": 6, "different": 2, "there": 2, "here": 2, "doubtful": 1}
    different = list(rec.rows.filter(how=How.DIFFERENT).order_by("row"))
    assert [one["title"] for row in different for one in row.differences] == ["诉求人", "答复诉求人结果"]
    assert different[0].differences[0]["there"] == "改名某0000"
    here = {row.key for row in rec.rows.filter(how=How.HERE)}
    assert here == {rows[0][0], rows[1][0]}
    digest = rec.digest
    reconciling.run(rec)
    assert rec.digest == digest
    with pytest.raises(ActionRefused, match="理由"):
        reconciling.follow(rec, different, clerk, "")
    different = list(rec.rows.filter(how=How.DIFFERENT).order_by("row"))
    assert reconciling.follow(rec, different, clerk, "以平台为准") == {}
    case = Case.objects.get(pk=different[1].subject_id)
    assert case.acts.get(act="reply").outcome == "转其他途径"
    last = Record.objects.filter(subject_id=case.pk).latest("position")
    assert (last.kind, "以平台为准" in last.payload) == ("act.corrected", True)
    reconciling.note(list(rec.rows.filter(how=How.HERE)), clerk, "平台次月才归档")
    handed = reconciling.hand_over(rec, list(rec.rows.filter(how=How.THERE)), clerk)
    running.check(handed)
    assert handed.counts["new"] == 2
    running.bring_in(handed, Import.Mode.WHOLE, update=False)
    again = against(lay(as_csv(theirs), "平台.csv"))
    reconciling.run(again)
    assert again.counts == {"matched": 10, "here": 2, "doubtful": 1}


def test_period_and_unit_cut_both_sides(lay: Lay, rows: list[list[str]], county: County) -> None:
    for row in rows:
        row[6:] = ["2026-03-05", "", row[8], "", "", "", "", ""]
    rows[0][6] = "2026-04-02"
    rows[1][8] = "白河镇人民政府"
    for row in rows[2:]:
        row[8] = "澜亭县司法局"
    first = lay(as_csv(rows), "本地.csv", **{"act:dispatch:on": "=act:register:on"})
    running.check(first)
    running.bring_in(first, Import.Mode.WHOLE, update=False)
    march = {"starts": date(2026, 3, 1), "ends": date(2026, 3, 31)}
    rec = against(lay(as_csv(rows[3:]), "三月.csv"), unit=county.justice, **march)
    reconciling.run(rec)
    assert rec.counts == {"matched": 9, "here": 1}


def test_what_the_actor_does_not_see_is_not_told(lay: Lay, rows: list[list[str]], county: County) -> None:
    first = lay(as_csv(rows), "本地.csv")
    running.check(first)
    running.bring_in(first, Import.Mode.WHOLE, update=False)
    clerk = county.user("officer", county.justice)
    rec = against(lay(as_csv(rows[:4]), "表.csv"))
    rec.actor = clerk
    rec.save()
    reconciling.run(rec)
    own = set(Case.objects.filter(organization=county.justice).values_list("pk", flat=True))
    told = set(rec.rows.exclude(subject_id=None).values_list("subject_id", flat=True))
    assert told
    assert told <= own


def test_two_lists(lay: Lay, rows: list[list[str]]) -> None:
    other = [list(row) for row in rows[1:]]
    other[0][4] = "另一件事"
    one, two = lay(as_csv(rows[:10]), "甲.csv"), lay(as_csv(other), "乙.csv")
    rec = against(one, other=two.attachment, other_mapping=two.mapping)
    reconciling.run(rec)
    assert rec.counts == {"matched": 8, "different": 1, "there": 1, "here": 2}
    assert not Case.objects.exists()
    assert len(HEADS) == len(rows[0])
