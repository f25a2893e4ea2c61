"""Every template fills its paper wherever its act is reached: what is known stands there, periods are the clocks'."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from random import Random
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest

from tests.procedures.test_engine_walks import some_value
from tests.procedures.test_every_path import some_act
from yifa.documents import wording
from yifa.documents.filled import Words, plain
from yifa.documents.filling import fill
from yifa.documents.models import CaseDocument
from yifa.documents.returning import differences
from yifa.documents.values import Facts, Values
from yifa.documents.word import write
from yifa.law.documentchecks import texts
from yifa.law.documentfields import office_fields, refs
from yifa.law.loader import catalogue
from yifa.law.schema import CaseType, DocumentType, FieldType, Serves
from yifa.ledger.chain.history import CaseHistory
from yifa.papers.marks import word_text
from yifa.procedures import engine
from yifa.procedures.compiling import procedure
from yifa.procedures.model import Act, Context
from yifa.reading import read_bytes

BEGIN, LAST = date(2025, 3, 3), date(2026, 12, 31)
BLANKS = re.compile("〔待填：[^〕]*〕")
STEPS, WALKS = 60, 400
SERVED = [
    pytest.param(template, serves, id=f"{template.document}-{serves.case_type}-{serves.act}")
    for template in catalogue().documents.values()
    for serves in template.serves
]


class WalkedFacts(Facts):
    """A case that stands in no database."""

    def __init__(self, case_type: CaseType, facts: Mapping[str, Any], acts: list[Act]) -> None:
        def unit(code: str, name: str) -> Any:
            return SimpleNamespace(code=code, document_code=code, name_on=lambda day: name)

        own = unit("澜例", "县示例局")
        self.above = [own, unit("澜政", "澜亭县人民政府")]
        self.case: Any = SimpleNamespace(
            pk=UUID(int=1),
            case_type=case_type.case_type,
            organization=own,
            title="示例事项",
            number="澜例〔2025〕7号",
        )
        self.on, self.case_type = acts[-1].on, case_type
        self.context = Context(on=self.on)
        self.history = CaseHistory(
            self.case.pk, 2, case_type.case_type, "示例事项", "county", "", facts, None, tuple(acts)
        )
        self.office = {name: f"示例{spec.title}" for name, spec in office_fields().items()}
        self.answers = {}

    def entry(self, register: str, key: str) -> None:
        return None


@cache
def reached(name: str) -> dict[str, tuple[Mapping[str, Any], list[Act]]]:
    """For every act for which there is a template a run that has just reached it."""
    case_type, chance = catalogue().case_types[name], Random(name)
    wanted = {
        serves.act
        for template in catalogue().documents.values()
        for serves in template.serves
        if serves.case_type == name
    }
    found: dict[str, tuple[Mapping[str, Any], list[Act]]] = {}
    for _ in range(WALKS):
        if wanted <= set(found):
            break
        for facts, acts in walk(case_type, chance, wanted - set(found)):
            found.setdefault(acts[-1].act, (facts, list(acts)))
    return found


def walk(case_type: CaseType, chance: Random, wanted: set[str]) -> Iterator[tuple[dict[str, Any], list[Act]]]:
    """A case with all its facts, going on by chance, towards what is wanted where it may."""
    facts: dict[str, Any] = {}
    for name, spec in case_type.facts.items():
        if spec.type is FieldType.BOOLEAN:
            facts[name] = chance.random() < 0.5
        elif spec.choices:
            facts[name] = chance.choice(spec.choices)
        elif spec.type is not FieldType.DATE:
            facts[name] = some_value(spec)
    acts: list[Act] = []
    day = BEGIN
    for _ in range(STEPS):
        state = engine.state(case_type, facts, acts, Context(on=day))
        if not state.next:
            return
        fresh = [act for act in state.next if act in wanted]
        going_on = [act for act in state.next if not case_type.acts[act].closes or chance.random() < 0.05]
        name = chance.choice(fresh if fresh and chance.random() < 0.8 else going_on or list(state.next))
        made = some_act(case_type, name, day, chance)
        acts.append(
            Act(**{**{k: getattr(made, k) for k in made.__slots__}, "position": len(acts) + 1, "by": "甲一"})
        )
        yield facts, acts
        wait = chance.randint(0, 12) if chance.random() < 0.85 else 200
        day = date.fromordinal(min(day.toordinal() + wait, LAST.toordinal()))


def answered(template: DocumentType) -> dict[str, Any]:
    return {
        name: ["甲；乙；丙；丁；戊"]
        if spec.type is FieldType.LIST
        else f"所填{spec.title}"
        if spec.type is not FieldType.DATE
        else "2025-06-02"
        for name, spec in template.fields.items()
    }


def values(template: DocumentType, serves: Serves) -> Values:
    facts, acts = reached(serves.case_type)[serves.act]
    walked = WalkedFacts(catalogue().case_types[serves.case_type], facts, acts)
    walked.answers = answered(template)
    document = CaseDocument(
        template=template.document, act=serves.act, position=acts[-1].position, year=2025, serial=3, draft={}
    )
    return Values(walked, template, serves, document)


def known(key: str, filled: Values) -> bool:
    """Whether the case holds what a field asks for."""
    root, *rest = key.split(".")
    if root in {"own", "office", "org", "case"}:
        return True
    if root == "fact":
        return filled.facts.history.facts.get(rest[0]) not in (None, "", [])
    if root == "act":
        held = [act for act in filled.facts.state.acts if act.act == rest[0]]
        if len(rest) == 1 or not held:
            return bool(held)
        act = held[-1]
        value = getattr(act, rest[1]) if rest[1] in {"on", "outcome", "by"} else act.fields.get(rest[1])
        return value not in (None, "", [])
    return False  # clocks: see below


@pytest.mark.parametrize(("template", "serves"), SERVED)
def test_what_is_known_stands_in_the_paper(template: DocumentType, serves: Serves) -> None:
    filled = values(template, serves)
    paper = fill(filled)
    text = "\n".join(plain(line) for line in paper.lines())
    wrong = [one.key for one in paper.missing if known(one.key, filled)]
    assert not wrong, f"blank though known: {wrong}"
    assert "{" not in text and "None" not in text
    assert plain(paper.title) in text
    for missing in paper.missing:
        assert f"〔待填：{missing.title}〕" in text
        if missing.key.startswith("clock."):
            clock = filled.clocks.get(missing.key.split(".")[1])
            assert clock is None or clock.due is None


@pytest.mark.parametrize(("template", "serves"), SERVED)
def test_periods_of_remedies_are_those_of_the_clocks(template: DocumentType, serves: Serves) -> None:
    filled = values(template, serves)
    case_type = catalogue().case_types[serves.case_type]
    remedies = [
        block for block in fill(filled).blocks if isinstance(block, Words) and block.kind == "remedies"
    ]
    for block in remedies:
        for piece in block.line:
            root, *rest = (piece.key or "").partition("|")[0].split(".")
            if root == "clock" and rest[1] == "length":
                other, clock = case_type, rest[0]
            elif root == "length":
                other, clock = catalogue().case_types[rest[0]], rest[1]
            else:
                continue
            durations = other.clocks[clock].at_most or other.clocks[clock].at_least or []
            lengths = {one.length for one in durations}
            on = filled.this.on if filled.this else BEGIN
            rule = next(r for r in procedure(other, None).edition(on).clocks if r.id == clock)
            assert rule.duration.length in lengths
            assert piece.text == wording.counted(rule.length_text)


@pytest.mark.parametrize(
    "name",
    [
        "reconsideration_decision",
        "seizure_decision",
        "service_receipt",
        "collective_discussion",
        "court_answer",
    ],
)
def test_a_paper_that_comes_back_untouched_differs_in_nothing(name: str, tmp_path: Path) -> None:
    template = catalogue().documents[name]
    paper = fill(values(template, template.serves[0]))
    write(paper, tmp_path / "paper.docx")
    content = (tmp_path / "paper.docx").read_bytes()
    for text in (word_text(content), read_bytes(content, "paper.docx").text):
        found = differences(list(paper.lines()), BLANKS.sub("已填", text))
        assert {one.became for one in found} <= {"已填"} and all(one.blank for one in found)


def test_the_loader_names_every_fault_of_a_template(tmp_path: Any) -> None:
    from shutil import copytree

    from yifa.law.loader import FOLDER, check_catalogue

    folder = tmp_path / "catalogue"
    copytree(FOLDER, folder)
    path = folder / "documents" / "petition_review.yaml"
    text = path.read_text("utf-8")
    text = text.replace("{fact.petitioner}", "{fact.petitoner}").replace("第三十五条", "第九百条")
    text = text.replace("{clock.recheck_request.length|chinese}内", "三十日内")
    text = text.replace("paper: 复查意见书", "paper: 复查通知").replace(
        "{this.outcome}", "{this.outcome|capital}"
    )
    path.write_text(text + "colour: red\n", "utf-8")
    said = "\n".join(error.message for error in check_catalogue(folder))
    assert "documents/petition_review.yaml" in said and "colour" in said
    path.write_text(text, "utf-8")
    said = "\n".join(error.message for error in check_catalogue(folder))
    for words in (
        "没有叫“petitoner”的事项字段，是不是“petitioner”？",
        "没有 第九百条",
        "“三十日内”是写死的期限",
        "救济途径的告知要写期限",
        "要求的材料里没有“复查通知”",
        "不能用 |capital",
    ):
        assert words in said, words


def test_fields_of_one_case_are_the_same_in_all_its_papers() -> None:
    seen: dict[tuple[str, str], str] = {}
    for template in catalogue().documents.values():
        for serves in template.serves:
            for name, spec in template.fields.items():
                assert seen.setdefault((serves.case_type, name), spec.title) == spec.title


def test_there_are_templates_for_every_kind_of_paper_and_many_case_types() -> None:
    templates = catalogue().documents.values()
    assert len(templates) >= 40
    assert len({serves.case_type for template in templates for serves in template.serves}) >= 20
    assert len({template.kind for template in templates}) == 11
    for template in templates:
        assert all(list(refs(text)) is not None for _, text in texts(template))


def test_a_letter_of_supervision_is_headed_by_its_kind() -> None:
    template = catalogue().documents["supervision_paper"]
    filled = values(template, template.serves[0])
    kind = filled.facts.history.facts["kind"]
    assert plain(fill(filled).title) == f"行政执法{kind}"
    assert kind in catalogue().case_types["supervision_letter"].facts["kind"].choices


def test_a_disputed_act_stands_in_quotes_whatever_it_is_called() -> None:
    """It may itself begin with 对: 「对县城市管理局的对甲某作出的罚款决定不服」 could not be read."""
    bare = re.compile(r"(?<![“：])\{fact\.subject\}")
    kinds = {"reconsideration", "reconsideration_response", "litigation"}
    ours = [
        one for one in catalogue().documents.values() if kinds & {serves.case_type for serves in one.serves}
    ]
    said = [text for one in ours for _, text in texts(one) if "{fact.subject}" in text and len(text) > 40]
    assert len(said) >= 8
    assert [text for text in said if bare.search(text)] == []
