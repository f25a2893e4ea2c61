"""The matrix item × unit."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from yifa.ledger.models import Organization
from yifa.planning.actions import AssignTask, RecordProgress, SetDue
from yifa.planning.matrix import LEAD, NO_LEAD, SUPPORT, Matrix, build, changed
from yifa.planning.models import Plan, Task

pytestmark = pytest.mark.django_db
TODAY = date(2026, 5, 1)


def signs(matrix: Matrix) -> dict[str, str]:
    """The cells of each row, without the empty ones."""
    return {
        row.task.number: " ".join(f"{cell.unit.code}{cell.sign}" for cell in row.cells if cell.role)
        for row in matrix.rows
    }


@pytest.mark.mechanism("D2-02", "works")
def test_items_stand_in_rows_and_units_with_a_part_in_columns(plan: Plan, county: Any) -> None:
    matrix = build(plan, TODAY)
    assert [unit.code for unit in matrix.units] == ["scj", "sfj"]
    assert signs(matrix) == {"（一）": "scj○ sfj●", "（二）": "sfj●", "（三）": "", "（四）": ""}
    assert [row.heads_chapter for row in matrix.rows] == [True, False, True, False]
    everybody = build(plan, TODAY, every_unit=True)
    assert len(everybody.units) == Organization.objects.below(county.body).count()


@pytest.mark.mechanism("D2-02", "works")
def test_two_leads_show_each_how_far_its_own_part_is(plan: Plan, county: Any) -> None:
    task = plan.tasks.all()[2]
    AssignTask(actor=None, task=task, lead=county.justice, co_leads=[county.market]).execute()
    SetDue(actor=None, plan=plan, due=date(2026, 4, 30)).execute()
    Plan.objects.update(state=Plan.State.ISSUED)
    own = next(part for part in Task.objects.get(pk=task.pk).parts.all() if part.lead == county.market)
    RecordProgress(actor=None, task=own, on=date(2026, 4, 2), state="done", note="两次都办了。").execute()
    matrix = build(Plan.objects.get(), TODAY)
    assert signs(matrix)["（三）"] == "scj●✓ sfj●!"
    assert [row.task.number for row in matrix.rows] == ["（一）", "（二）", "（三）", "（四）"]


def test_rows_are_cut_by_unit_chapter_and_state(plan: Plan, county: Any) -> None:
    assert list(signs(build(plan, TODAY, unit="scj"))) == ["（一）"]
    assert list(signs(build(plan, TODAY, chapter="2"))) == ["（三）", "（四）"]
    assert list(signs(build(plan, TODAY, state=NO_LEAD))) == ["（三）", "（四）"]
    SetDue(actor=None, task=plan.tasks.all()[1], due=date(2026, 3, 1)).execute()
    assert list(signs(build(plan, TODAY, state="late"))) == []  # a draft is late with nothing
    Plan.objects.update(state=Plan.State.ISSUED)
    issued = Plan.objects.get()
    assert list(signs(build(issued, TODAY, state="late"))) == ["（二）"]
    assert list(signs(build(issued, date(2026, 2, 1), state="late"))) == []


def test_a_cell_changes_one_unit_and_leaves_the_others(plan: Plan, county: Any) -> None:
    task = plan.tasks.all()[0]  # 司法局 leads, 市场监管局 supports
    more = changed(task, county.housing, SUPPORT)
    assert (more.lead, more.support) == (county.justice, (county.market, county.housing))
    second = changed(task, county.market, LEAD)
    assert (second.lead, second.co_leads, second.support) == (county.justice, (county.market,), ())
    gone = changed(task, county.justice, LEAD)  # the part it has already
    assert (gone.lead, gone.support) == (None, (county.market,))
    assert changed(task, county.market, "").support == ()


def test_the_number_of_queries_does_not_grow_with_the_rows(
    plan: Plan, county: Any, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(8):
        build(plan, TODAY)
