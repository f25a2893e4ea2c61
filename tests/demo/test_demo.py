from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from django.contrib.auth import authenticate
from django.db import transaction
from django.test import RequestFactory
from pytest_django import DjangoDbBlocker

from tests.demo.small import TODAY, Loaded, small_county
from tests.standing import standing
from yifa import demo
from yifa.demo import shapes
from yifa.demo.inventing import PLACEHOLDER
from yifa.demo.loading import load
from yifa.documents.models import CaseDocument
from yifa.draws import differences
from yifa.law.errors import YifaError
from yifa.law.loader import catalogue
from yifa.ledger.figures.comparing import Verdict, compare
from yifa.ledger.figures.counting import Counting
from yifa.ledger.models import (
    Case,
    CaseAct,
    CaseFinding,
    Entry,
    Membership,
    Organization,
    PostHolding,
    Record,
    Role,
    Seal,
    User,
)
from yifa.ledger.proof.verification import verify
from yifa.ledger.rows.rebuilding import rebuild
from yifa.ledger.search.queries import overdue, running_clocks
from yifa.planning.models import Plan
from yifa.reading import Document, read, read_text
from yifa.reporting.actions import BuildReport
from yifa.reporting.duty import deadlines
from yifa.reporting.models import Report, UnitPart
from yifa.reporting.problems import earlier as earlier_problems
from yifa.reporting.since import SinceReport
from yifa.reporting.word import write
from yifa.supervision.models import Draw

pytestmark = pytest.mark.django_db  # pytest-django makes no database for a run in which no test asks for one


@pytest.fixture(scope="module")
def loaded(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Loaded]:
    """The county, there for all tests of this file and taken back after them."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield standing(small_county)
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def county(loaded: Loaded) -> Organization:
    return loaded.body


def test_the_county_holds_and_is_what_it_says(county: Organization, loaded: Loaded) -> None:
    assert (county.code, county.name) == (demo.CODE, "澜亭县人民政府")
    assert Organization.objects.count() >= 25
    assert verify().faults == ()
    assert set(Case.objects.values_list("case_type", flat=True)) == set(catalogue().case_types)
    by_people = {"text_checks"}  # names stored files
    assert set(Entry.objects.values_list("register", flat=True)) == set(catalogue().registers) - by_people
    assert Case.objects.count() >= loaded.cases


def test_it_has_lived_two_years_until_yesterday(county: Organization) -> None:
    days = (
        Record.objects.filter(subject__in=["case", "entry"], payload__contains='"imported":true')
        .order_by("recorded_on")
        .values_list("recorded_on", flat=True)
    )
    assert days[0].year == TODAY.year - 1 and days.last() < TODAY  # type: ignore[union-attr, operator]
    assert all(
        '"imported":true' in payload
        for payload in Record.objects.filter(subject="case", recorded_on__lt=TODAY).values_list(
            "payload", flat=True
        )  # the acts of the report itself are of the day of loading
    )
    assert set(Seal.objects.values_list("day", flat=True)) == set(days)
    moments = (
        Record.objects.filter(subject="case")
        .order_by("subject_id", "position")
        .values_list("subject_id", "recorded_at")
    )
    for (one, earlier), (other, later) in pairwise(moments):
        assert one != other or earlier <= later


def test_not_all_is_as_it_should_be(county: Organization) -> None:
    assert CaseAct.objects.filter(entered="back").exists() and CaseAct.objects.filter(corrected=True).exists()
    kinds = Counter(CaseFinding.objects.values_list("kind", flat=True))
    assert {"late", "back_entry"} <= kinds.keys()
    cases = Case.objects.count()
    assert Case.objects.filter(findings__kind__in=["order", "late"]).distinct().count() < cases / 3


def test_something_is_always_due(county: Organization) -> None:
    everyone = User(username="x", is_superuser=True)
    assert overdue(everyone, TODAY).exists()
    assert running_clocks(everyone).filter(due__range=(TODAY, TODAY + timedelta(days=7))).exists()


def test_every_title_is_filled_in(county: Organization) -> None:
    for title in [
        *Case.objects.values_list("title", flat=True),
        *Entry.objects.values_list("title", flat=True),
    ]:
        assert title.strip() and not PLACEHOLDER.search(title) and "某某" not in title and "None" not in title
    assert (
        len(set(Case.objects.filter(case_type="administrative_penalty").values_list("title", flat=True))) > 30
    )


def test_numbers_run_in_the_order_of_recording(county: Organization) -> None:
    numbers = list(Case.objects.exclude(number="").values_list("number", flat=True))
    assert numbers and len(set(numbers)) == len(numbers)
    documents = Entry.objects.filter(register="normative_documents").values_list("key", flat=True)
    published = Case.objects.filter(case_type="normative_document", acts__act="publish").exclude(number="")
    assert set(published.values_list("number", flat=True)) <= set(documents)


def test_every_account_signs_in_and_every_role_is_held(county: Organization) -> None:
    request = RequestFactory().post("/login/")
    for username, title in demo.ACCOUNTS:
        assert authenticate(request, username=username, password=demo.PASSWORD) is not None and title
    assert set(Membership.objects.values_list("role", flat=True)) == set(Role.values)


def test_names_and_posts_have_a_history(county: Organization) -> None:
    unit = Organization.objects.get(code="csgl")
    assert unit.name_on(date(2024, 1, 1)) != unit.name_on(TODAY) == unit.name
    assert PostHolding.objects.filter(valid_to__isnull=False).exists()
    known = {name + given for name in shapes.county().surnames for given in shapes.county().given}
    assert set(PostHolding.objects.values_list("person__name", flat=True)) <= known
    assert set(User.objects.values_list("display_name", flat=True)) <= known


def test_papers_have_been_made(county: Organization) -> None:
    made = CaseDocument.objects.select_related("case__organization", "made_by")
    assert len(made) >= 6
    kinds = {one.case.case_type for one in made}
    assert len(kinds) == len(made) and kinds <= set(shapes.county().papers)
    assert any(one.made_by is not None and one.made_by.organization == one.case.organization for one in made)
    for one in made:
        pieces = [piece for line in one.versions.get().lines for piece in line]
        assert [said for field, said, missing in pieces if field and said and not missing], one.title


def test_draws_wait_and_are_drawn_and_can_be_made_again(county: Organization) -> None:
    draws = list(Draw.objects.all())
    assert {draw.purpose for draw in draws if draw.drawn_on is None} == {Draw.Purpose.UNITS}
    drawn = [draw for draw in draws if draw.drawn_on is not None]
    assert Draw.Purpose.FILES in {draw.purpose for draw in drawn}
    for draw in drawn:
        assert draw.published_on is not None and differences(draw.record) == ()


def test_plans_are_issued_and_a_report_is_begun(county: Organization) -> None:
    assert {(plan.year, plan.state) for plan in Plan.objects.all()} == {
        (TODAY.year - 1, Plan.State.ISSUED), (TODAY.year, Plan.State.ISSUED), (TODAY.year, Plan.State.DRAFT),
    }  # fmt: skip
    sheet = Plan.objects.get(state=Plan.State.DRAFT)
    assert sheet.items.count() == 7
    assert {task.number for task in sheet.lacks() if not task.is_part} == {"5.", "7."}  # no day; no such unit
    assert Report.objects.exists()


def test_last_years_report_is_published_and_most_of_its_problems_are_answered(county: Organization) -> None:
    last, current = (Report.objects.get(organization=county, year=TODAY.year - back) for back in (1, 0))
    plan = Plan.objects.get(organization=county, year=last.year)
    of_the_plan = next(s.text for s in last.sections.all() if s.title.endswith("年度工作要点完成情况"))
    assert f"{last.year}年度法治政府建设工作要点部署任务" in of_the_plan, plan.issued_on
    assert (last.state, current.state) == (Report.State.PUBLISHED, Report.State.DRAFT)
    assert last.comparisons.get().same
    assert [day.late for day in deadlines(last, TODAY)] == [False] * 4
    assert [problem.answer is None for problem in earlier_problems(current)] == [False, False, True]
    counted = {one.rule: one.value for one in current.figures.filter(rule__startswith="problems_")}
    assert (counted["problems_solved"], counted["problems_partly_solved"], counted["problems_unsolved"]) == (
        1,
        1,
        1,
    )
    assert UnitPart.objects.filter(section__report=current, state=UnitPart.State.HANDED_IN).exists()


def test_last_years_figures_stay_while_the_ledger_is_corrected(county: Organization) -> None:
    report = Report.objects.get(organization=county, year=TODAY.year - 1, outline="annual_report")
    found = {one.figure.rule: one for one in SinceReport(report).differing()}
    received = found["information_requests_received"]
    assert received.now is not None
    assert received.now.value == (received.figure.value or 0) + 1
    assert [later.word for change in received.changes for later in change.later] == ["补录"]


def test_figures_add_up_over_the_units(county: Organization) -> None:
    year = (date(TODAY.year - 1, 1, 1), date(TODAY.year - 1, 12, 31))
    whole = Counting(county, *year)
    units = [Counting(unit, *year) for unit in Organization.objects.filter(parent=county)]
    for rule in ("petitions_registered", "penalties_filed"):
        total = whole.count(rule).value
        assert total is not None and total > 0
        assert total == sum(unit.count(rule).value or 0 for unit in units)


def test_rebuilding_the_county_changes_nothing(county: Organization) -> None:
    before = list(Case.objects.order_by("pk").values_list())
    rebuild()
    assert list(Case.objects.order_by("pk").values_list()) == before
    assert verify().faults == ()


def test_it_is_not_poured_over_something_else(county: Organization) -> None:
    records = Record.objects.count()
    with pytest.raises(YifaError, match="只能装入空的数据文件夹"):
        load(TODAY, None)
    assert Record.objects.count() == records


@pytest.fixture(scope="module")
def own_report(county: Organization) -> Document:
    """The report that Yifa writes from the county's ledger, read back from its Word file."""
    built = BuildReport(
        actor=None, organization=county, year=TODAY.year
    ).execute()  # last year's is published
    with TemporaryDirectory() as folder:
        path = Path(folder) / "报告.docx"
        write(built, path)
        return read(path)


def test_the_own_report_agrees_with_the_ledger(own_report: Document) -> None:
    """Whatever is compared agrees: a rule that is taken for another would differ."""
    lines = compare(own_report).lines
    assert len({line.counted.rule for line in lines}) > 50
    assert [line for line in lines if line.verdict is not Verdict.AGREES] == []


def test_a_changed_figure_of_the_own_report_is_seen(own_report: Document) -> None:
    """Nearly all: where the change breaks the sentence (a part above its whole) or words narrow the count, it is silent."""
    changed = sorted(compare(own_report).lines[::9], key=lambda line: line.figure.span)
    places, text, copied = [], "", 0
    for line in changed:
        start, end = line.figure.span
        text += own_report.text[copied:start]
        places.append((len(text), line.counted.rule))
        text += re.sub(r"\d+", lambda found: str(int(found[0]) + 3), own_report.text[start:end], count=1)
        copied = end
    found = compare(read_text(text + own_report.text[copied:], "报告.txt")).differing
    seen = {(line.figure.span[0], line.counted.rule) for line in found}
    assert len(places) > 10
    assert len(seen.intersection(places)) >= 0.8 * len(places), [one for one in places if one not in seen]
    assert len(seen.difference(places)) <= 0.2 * len(places), seen.difference(places)
