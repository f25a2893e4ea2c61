"""What holds for every page: Chinese, one heading, nothing inline, few queries."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from selectolax.lexbor import LexborHTMLParser

from tests.workbench.conftest import World
from tests.workbench.pages import PAGES, Page

FILES = (
    "unit_letter",
    "download_report",
    "plan_file",
    "document_file",
    "whole_file_as",
    "figure_proof",
    "exchange_sample",
    "help_picture",
)
SHOWN = [page for page in PAGES if not page.post_only and page.name not in FILES]
# Latin words that officials read every day, and what the ledger shows as it is.
KNOWN_LATIN = re.compile(
    r"SM3|Excel|Word|PDF|OFD|docx|doc|wps|WPS|CSV|html|txt|xlsx?|csv|Ctrl|Esc|yifa ledger verify|sfj|zhangsan"
    r"|[0-9a-f]{64}|\{[a-z_]+\}|\b[a-z]+(_[a-z]+)+\b"
)
USED = re.compile(r"[A-Za-z]{3,}")


_TREES: dict[str, LexborHTMLParser] = {}


@pytest.fixture
def trees(world: World) -> dict[str, LexborHTMLParser]:
    """Every page as the coordinator sees it; asked for once, since the world is the same each time."""
    return _TREES or _asked_for(world)


def _opened_by(page: Page) -> str:
    """The coordinator, but for what only administrators open."""
    return "coordinator" if page.expected("coordinator") == 200 else "admin"


def _asked_for(world: World) -> dict[str, LexborHTMLParser]:
    clients = {who: world.client(who) for who in ("coordinator", "admin")}
    answers = {page.name: clients[_opened_by(page)].get(page.url(world)) for page in SHOWN}
    assert {name: answer.status_code for name, answer in answers.items()} == dict.fromkeys(answers, 200)
    _TREES.update({name: LexborHTMLParser(answer.content.decode()) for name, answer in answers.items()})
    return _TREES


def test_pages_are_whole(trees: dict[str, LexborHTMLParser]) -> None:
    for name, tree in trees.items():
        title = tree.css_first("title")
        assert title is not None, name
        assert re.fullmatch(r".+ · 依法", title.text()), name
        assert len(tree.css("h1")) == 1, name
        html = tree.css_first("html")
        assert html is not None, name
        assert html.attributes["lang"] == "zh-CN", name


def test_nothing_inline(trees: dict[str, LexborHTMLParser]) -> None:
    """The content policy forbids inline scripts, styles and handlers."""
    for name, tree in trees.items():
        assert not tree.css("[style], style"), name
        for script in tree.css("script"):
            held = script.attributes
            assert held.get("src") or held.get("type") == "application/json", name
        handlers = [one for node in tree.css("*") for one in node.attributes if one.startswith("on")]
        assert not handlers, name


def test_every_control_has_a_name(trees: dict[str, LexborHTMLParser]) -> None:
    """Labels for people who hear the page."""
    for name, tree in trees.items():
        labelled = {label.attributes.get("for") for label in tree.css("label")}
        for control in tree.css("input:not([type=hidden]), select, textarea"):
            held = control.attributes
            assert held.get("id") in labelled or held.get("aria-label"), f"{name}: {control.html}"


def test_no_english_leaks(trees: dict[str, LexborHTMLParser]) -> None:
    accounts = re.compile("coordinator|officer|stranger|reviewer|auditor|nobody|admin|system|security|audit")
    leaks = {}
    for name, tree in trees.items():
        for node in tree.css("script, datalist, .y-mono, .y-rules"):
            node.decompose()
        main = tree.css_first("main")
        assert main is not None, name
        found = USED.findall(KNOWN_LATIN.sub("", accounts.sub("", main.text(separator=" "))))
        if found:
            leaks[name] = found
    assert leaks == {}


# Reviewed: queries per page for the coordinator. A higher number is a page that got slower; look before raising it.
QUERIES = {
    "backups": 5,
    "guide": 7,
    "help": 5,
    "help_chapter": 5,
    "help_terms": 5,
    "home": 55,
    "home_figures": 58,
    "home_reminders": 6,
    "waiting": 34,
    "clocks": 11,
    "commands": 9,
    "saved_views": 6,
    "search": 8,
    "account": 8,
    "cases": 10,
    "batches": 6,
    "new_case": 8,
    "open_case": 9,
    "case": 11,
    "case_used": 16,
    "case_related": 10,
    "case_similar": 10,
    "record_act": 11,
    "correct_act": 12,
    "change_facts": 7,
    "registers": 8,
    "register": 9,
    "compare_days": 9,
    "entry_drafts": 8,
    "new_entry": 9,
    "entry": 8,
    "entry_used": 22,
    "revise_entry": 7,
    "withdraw_entry": 6,
    "case_documents": 9,
    "whole_file": 13,
    "document_templates": 5,
    "office_details": 9,
    "document": 14,
    "print_document": 12,
    "plans": 6,
    "import_plan": 8,
    "plan_matrix": 15,
    "plan_source": 13,
    "plan": 21,
    "plan_open": 10,
    "progress_sheet": 16,
    "quarter_notes": 16,
    "task_evidence": 15,
    "set_due": 8,
    "issue_plan": 13,
    "withdraw_plan": 6,
    "restore_plan": 6,
    "add_task": 10,
    "plan_history": 8,
    "plan_problems": 10,
    "assign_tasks": 15,
    "plan_bearers": 18,
    "plan_clauses": 12,
    "take_over": 8,
    "outlines": 7,
    "import_clauses": 7,
    "finding_batches": 7,
    "import_findings": 7,
    "task_structure": 20,
    "amend_task": 8,
    "edit_task": 22,
    "cancel_task": 8,
    "record_progress": 15,
    "supervision": 12,
    "inspection_plans": 17,
    "letters": 9,
    "recusals": 9,
    "observers": 9,
    "duties": 24,
    "open_review": 13,
    "draws": 8,
    "close_draw": 12,
    "draw": 11,
    "draw_again": 7,
    "file_reviews": 8,
    "file_review": 11,
    "review_signals": 24,
    "findings": 9,
    "list_findings": 29,
    "exchange": 7,
    "kept_mappings": 8,
    "reconciliations": 6,
    "figures": 11,
    "figure": 15,
    "figure_years": 9,
    "figure_versions": 11,
    "dictionary": 5,
    "counting_rule": 5,
    "decline_figure": 7,
    "reports": 7,
    "build_report": 7,
    "report": 28,
    "edit_section": 10,
    "incoming": 7,
    "incoming_unit": 7,
    "section_history": 9,
    "assign_section": 11,
    "report_parts": 9,
    "report_problems": 9,
    "report_comments": 10,
    "report_steps": 19,
    "report_step": 26,
    "report_versions": 7,
    "compare_published": 10,
    "word_return": 9,
    "search_figures": 7,
    "report_figure": 27,
    "report_since": 141,  # a count for each kind of case, and the digests of the figures that are not 0
    "process": 13,
    "process_flow": 10,
    "process_steps": 13,
    "process_clocks": 15,
    "broken_clocks": 11,
    "process_outliers": 11,
    "idle_units": 13,
    "amendments": 11,
    "amendment_records": 13,
    "gaps": 11,
    "gap": 10,
    "case_receipt": 9,
    "inquiry": 6,
    "self_document": 8,
    "self_documents": 7,
    "assessments": 7,
    "legal_statements": 16,
    "issue_set": 10,
    "assessment_year": 20,
    "assessed_unit": 14,
    "assessment_entries": 9,
    "assessment_judging": 13,
    "leave_out": 9,
    "list_lost": 10,
    "object_to_result": 10,
    "assessment_step": 7,
    "running_scores": 10,
    "running_score": 13,
    "check": 5,
    "laws": 6,
    "law": 6,
    "local_lengths": 9,
    "local_length": 6,
    "calendar": 6,
    "verification": 10,
    "people": 9,
    "new_unit": 7,
    "new_user": 7,
    "journal": 12,
    "year": 9,
    "powers": 9,
    "delegations": 11,
    "person": 9,
}


def test_query_counts(world: World) -> None:
    clients = {who: world.client(who) for who in ("coordinator", "admin")}
    counted = {}
    for page in SHOWN:
        client = clients[_opened_by(page)]
        client.get(page.url(world))  # warm: figures are remembered until the ledger changes
        with CaptureQueriesContext(connection) as captured:
            client.get(page.url(world))
        counted[page.name] = len(captured)
    changed = {name: (QUERIES.get(name), number) for name, number in counted.items()}
    wrong = [f"{name}: {was} -> {now}" for name, (was, now) in changed.items() if was != now]
    assert not wrong, "\n".join(wrong)
    assert counted.keys() == QUERIES.keys()


def test_policy_on_every_answer(world: World) -> None:
    response = world.client("coordinator").get("/")
    assert "default-src 'self'" in response.headers["Content-Security-Policy"]
    assert "unsafe" not in response.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("url", "code"), [("/nowhere/", 404), ("/cases/00000000-0000-0000-0000-000000000000/", 404)]
)
def test_error_pages_are_chinese(world: World, url: str, code: int) -> None:
    response = world.client("officer").get(url)
    assert response.status_code == code
    assert "找不到这个页面" in response.content.decode()


def test_failure_page_needs_no_database(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    client = world.client("officer")
    client.raise_request_exception = False
    monkeypatch.setattr("yifa.workbench.views.overview.firstpage.due_groups", lambda *_: 1 / 0)
    response = client.get("/")
    assert response.status_code == 500
    assert "台账没有改动" in response.content.decode()
