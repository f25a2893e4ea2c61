"""Every page and every action for every role: opened, refused, or not there, as the declarations say."""

from __future__ import annotations

import dataclasses
from datetime import date
from typing import Any, cast
from uuid import UUID

import pytest
from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction
from django.template import loader
from django.test import Client
from django.urls import get_resolver
from django.utils import timezone

from tests.workbench.conftest import TODAY, World
from tests.workbench.pages import ALL, ELSEWHERE, PAGES
from yifa.approvals.models import EntryDraft
from yifa.assessment.models import Assessment, Objection
from yifa.documents.models import CaseDocument, CaseLink, DocumentVersion
from yifa.law.errors import YifaError
from yifa.ledger.actions import Action, CreateOrganization
from yifa.ledger.models import (
    Attachment,
    Delegation,
    Membership,
    Organization,
    Post,
    Role,
    SeparationException,
    User,
)
from yifa.ledger.people.needs import Needs, Reach
from yifa.ledger.refusal import ActionRefused
from yifa.planning.models import Plan, PlanTarget, TaskClause, TaskEvidence, TaskOrigin, TaskProgress
from yifa.reporting.models import Comment, IncomingReport, Section, TextComparison, UnitPart, WordReturn
from yifa.supervision.models import Draw, FileReview
from yifa.workbench.rights.permits import PERMITS
from yifa.workbench.rights.powers import actions, table

WALKED = [
    who for who in ALL if who not in {"reviewer", "auditor", "admin", "system", "security", "audit"}
]  # each role by itself: test_matrix


@pytest.fixture
def nothing_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who is admitted is decided before a page is drawn; drawing them all is the work of test_pages."""
    monkeypatch.setattr(loader, "render_to_string", lambda *_, **__: "")


def test_every_address_has_its_row_and_its_declaration() -> None:
    named = {getattr(pattern, "name", "") for pattern in get_resolver().url_patterns}
    assert named == {page.name for page in PAGES} | set(ELSEWHERE)
    assert named == set(PERMITS)


@pytest.mark.usefixtures("nothing_drawn")
def test_pages(world: World) -> None:
    urls = {page.name: page.url(world) for page in PAGES}
    for who in WALKED:
        client = world.client(who)
        got = {page.name: client.get(urls[page.name]).status_code for page in PAGES}
        assert got == {page.name: page.expected(who) for page in PAGES}, who
        if who in {"officer", "nobody"}:  # whoever may not open a form may not send it either
            refused = [page.name for page in PAGES if page.expected(who) in {403, 404}]
            sent = {name: client.post(urls[name], {}).status_code for name in refused}
            assert set(sent.values()) <= {403, 404}, (who, sent)
    stranger = Client()
    for name, url in urls.items():
        response = stranger.get(url)
        assert response.status_code == 302, name
        assert response.headers["Location"].startswith("/login/?next="), name
    rebuild = urls["rebuild_report"]
    assert world.client("coordinator").post(rebuild).status_code == 302
    touched = world.client("system").post(f"/people/{world.users['admin'].pk}/", {"what": "password"})
    assert touched.status_code == 403  # the emergency account


def test_a_page_that_declares_nothing_is_refused(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("yifa.workbench.rights.gate.PERMITS", {})
    assert world.client("admin").get("/laws/").status_code == 403


def test_actions_are_admitted_as_declared(world: World) -> None:
    below = CreateOrganization(
        actor=None, code="sfs", name="司法所", level="department", parent=world.office
    ).execute()
    user = world.users["nobody"]
    places = {"own": world.office, "above": world.body, "other": world.other, "below": below}
    listed = {name for group in table() for row in group.rows for name in row.names}
    wrong, seen = [], 0
    for kind in actions():
        assert kind.__name__ in listed
        if kind.needs.reach is Reach.SYSTEM:
            continue
        for role in Role.values:
            admitted = _where(
                kind, world, user, role, places if kind.needs.admits(role) else {"above": world.body}
            )
            if admitted not in _expected(kind.needs, role):
                wrong.append((kind.__name__, role, admitted))
            seen += 1
    assert not wrong
    assert seen > 60 * len(Role.values)


def _expected(needs: Needs, role: str) -> list[set[str]]:
    """Where the role may be enough: of what belongs to the office, or of what belongs to the body."""
    if not needs.admits(role):
        return [set()]
    if needs.reach is Reach.ANYWHERE:
        return [{"own", "above", "other", "below"}]
    cut = [{"own", "above"}, {"above"}]
    return [*cut, set()] if needs.also else cut  # what else it takes may be missing


def _where(
    kind: type[Action[Any]], world: World, user: User, role: str, places: dict[str, Organization]
) -> set[str]:
    found = set()
    action = _made(kind, world, user)
    for name, place in places.items():
        Membership.objects.filter(user=user).delete()
        Membership.objects.create(user=user, organization=place, role=role)
        try:
            with transaction.atomic():
                action.check()
        except ActionRefused as refused:
            if refused.code == "role":
                continue
        except (YifaError, TypeError, ValueError, AttributeError, LookupError, ObjectDoesNotExist):
            pass  # admitted; then it saw that the rest is made up
        found.add(name)
    return found


def _made(kind: type[Action[Any]], world: World, actor: User) -> Action[Any]:
    """An action on things of the world; what it would not look at before it asks who one is, is made up."""
    task = world.plan.tasks.order_by("order")[0]
    section = Section.objects.filter(report=world.report).order_by("order")[1]
    officer = world.users["officer"]
    paper, _ = CaseDocument.objects.get_or_create(
        case=world.case, act="answer", organization=world.office, year=TODAY.year
    )
    file, _ = Attachment.objects.get_or_create(
        sha256="0" * 64, defaults={"size": 0, "stored_at": timezone.now()}
    )
    returned, _ = DocumentVersion.objects.get_or_create(
        document=paper, order=1, attachment=file, state=DocumentVersion.State.WAITING
    )
    link, _ = TaskEvidence.objects.get_or_create(
        task=task,
        kind=TaskEvidence.Kind.CASE,
        record_id=world.case.pk,
        defaults={"organization": world.office, "length": 1},
    )
    remark, _ = Comment.objects.get_or_create(report=world.report, made_by=officer, text="请核对")
    known: dict[str, Any] = {
        "Case": world.case,
        "Entry": world.entry,
        "Plan": world.plan,
        "TaskProgress": TaskProgress(task=task),
        "TaskEvidence": link,
        "TaskClause": TaskClause(task=task),
        "TaskOrigin": TaskOrigin(task=task),
        "PlanTarget": PlanTarget(task=task),
        "Task": task,
        "Report": world.report,
        "Section": section,
        "UnitPart": UnitPart(section=section, unit=world.office),
        "Comment": remark,
        "TextComparison": TextComparison(report=world.report),
        "WordReturn": WordReturn(report=world.report),
        "IncomingReport": IncomingReport(unit=world.office),
        "CaseDocument": paper,
        "CaseLink": CaseLink(case=world.case),
        "EntryDraft": EntryDraft(organization=world.office, register="powers"),
        "DocumentVersion": returned,
        "FileReview": FileReview(organization=world.office, unit=world.office),
        "Draw": Draw(organization=world.office),
        "Assessment": Assessment(organization=world.office),
        "Objection": Objection(unit=world.office),
        "Organization": world.office,
        "Post": Post(organization=world.office),
        "SeparationException": SeparationException(organization=world.office, user=officer, until=TODAY),
        "Delegation": Delegation(absent=officer, deputy=world.users["reviewer"], ends=TODAY),
        "User": officer,
    }
    given: dict[str, Any] = {"actor": actor}
    for field in dataclasses.fields(cast("Any", kind)):
        words = str(field.type).replace("|", " ").replace("[", " ").replace("]", " ").split()
        if field.name == "actor" or not field.init:
            continue
        value = next((known[word] for word in words if word in known), None)
        if isinstance(value, Plan) and "task" in given:
            continue  # one of them is enough
        if value is not None and "Mapping" not in words:
            given[field.name] = [value] if "Sequence" in words else value
        elif field.name == "register":  # an ABC has a method of that name, which looks like a default
            given[field.name] = "powers"
        elif field.name == "batch":
            given[field.name] = _waiting_set(world)
        elif field.name in {"template", "act"}:
            given[field.name] = {"template": "information_answer", "act": "answer"}[field.name]
        elif field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING:
            given[field.name] = _plain(words, field.name)
    return kind(**given)


def _waiting_set(world: World) -> UUID:
    """What came in one list for the office and waits for another person; the same however often it is asked for."""
    drafts = EntryDraft.objects.filter(organization=world.office, batch=UUID(int=1))
    if not drafts.exists():
        EntryDraft.objects.create(
            organization=world.office,
            register="powers",
            batch=UUID(int=1),
            kind=EntryDraft.Kind.NEW,
            title="示例职权",
            drafted_by=world.users["nobody"],
        )
    return UUID(int=1)


def _plain(words: list[str], name: str) -> Any:
    if name == "case_type":
        return "information_request"
    if "date" in words:
        return date(2026, 11, 20)
    plain = {"int": 1, "bool": False, "bytes": b"x", "Sequence": (), "Mapping": {}, "str": "x"}
    return next((plain[word] for word in words if word in plain), None)


def test_an_address_longer_than_any_page_makes_is_refused_in_words(world: World) -> None:
    answer = world.client("officer").get("/cases/", {"q": "长" * 5000})
    assert answer.status_code == 400
    assert "网页地址过长" in answer.content.decode()


def test_a_role_that_is_none_is_not_taken_back(world: World) -> None:
    address = f"/people/{world.users['officer'].pk}/"
    for odd in ("𠮷野", "-1", "9" * 30, ""):
        answer = world.client("security").post(address, {"what": "revoke", "membership": odd})
        assert answer.status_code == 404
