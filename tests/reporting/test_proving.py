"""The figures of a published file are counted anew from an export of the ledger: equal, or different and by which records."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.reporting.conftest import YEAR
from tests.reporting.test_yearly_duties import did, duty
from yifa.ledger.actions import CorrectAct
from yifa.ledger.chain.exportedledger import ExportedLedger
from yifa.ledger.chain.exporting import export
from yifa.ledger.models import Case
from yifa.reporting import opendata, page
from yifa.reporting.actions import BuildReport
from yifa.reporting.claims import ClaimError, read_claims
from yifa.reporting.models import Report
from yifa.reporting.proving import Outcome, Proof, Proved, prove

pytestmark = pytest.mark.django_db
ANSWERED, RATE, PRINCIPALS = (
    "information_requests_answered",
    "information_requests_on_time_rate",
    "acts_of_principals",
)
Change = Callable[[dict[str, Any]], object]


@pytest.fixture
def files(report: Report, tmp_path: Path) -> dict[str, Path]:
    """The report as open data and as a page, and the ledger."""
    made = {
        "data": tmp_path / "open.json",
        "page": tmp_path / "report.html",
        "ledger": tmp_path / "ledger.jsonl",
    }
    opendata.write(report, made["data"], records=True)
    page.write(report, made["page"])
    export(made["ledger"])
    return made


def proved(file: Path, ledger: Path) -> Proved:
    return prove(read_claims(file), ExportedLedger(ledger))


def of(found: Proved, rule: str) -> Proof:
    return next(proof for proof in found.proofs if proof.claim.rule == rule)


def changed(file: Path, rule: str, change: Change) -> Path:
    data = json.loads(file.read_text(encoding="utf-8"))
    change(next(figure for figure in data["figures"] if figure["rule"] == rule))
    file.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
    return file


@pytest.mark.mechanism("D3-03", "works")
@pytest.mark.parametrize("kind", ["data", "page"])
def test_every_figure_of_a_report_is_proved(files: dict[str, Path], report: Report, kind: str) -> None:
    found = proved(files[kind], files["ledger"])
    assert len(found.proofs) == report.figures.count() > 20
    tally = Counter(proof.outcome for proof in found.proofs)
    assert set(tally) == {Outcome.EQUAL, Outcome.RECORDS}
    assert tally[Outcome.EQUAL] > 20
    assert found.holds
    assert of(found, PRINCIPALS).outcome is Outcome.RECORDS  # no rule counts it
    assert of(found, RATE).counted is not None


def test_a_changed_digit_is_found_out(files: dict[str, Path]) -> None:
    file = changed(files["data"], ANSWERED, lambda figure: figure.update(value="8"))
    found = proved(file, files["ledger"])
    proof = of(found, ANSWERED)
    assert not found.holds
    assert [one.claim.rule for one in found.proofs if one.outcome is Outcome.DIFFERENT] == [ANSWERED]
    assert proof.said == ("数值不同，而记录集摘要相同：文件里的数值被改动",)
    assert (proof.gone, proof.come) == ((), ())
    assert proof.counted is not None
    assert proof.counted.value == 3


def test_a_changed_rate_and_a_changed_part_are_found_out(files: dict[str, Path]) -> None:
    changed(files["data"], RATE, lambda figure: figure.update(value="100"))
    file = changed(files["data"], ANSWERED, lambda figure: figure["parts"][0].update(value="2"))
    found = proved(file, files["ledger"])
    assert {one.claim.rule for one in found.proofs if one.outcome is Outcome.DIFFERENT} == {RATE, ANSWERED}
    assert of(found, ANSWERED).said == ("分项不同",)


def test_a_record_taken_out_of_the_file_is_named(files: dict[str, Path]) -> None:
    taken: list[str] = []
    file = changed(files["data"], ANSWERED, lambda figure: taken.append(figure["records"].pop()["digest"]))
    proof = of(proved(file, files["ledger"]), ANSWERED)
    assert proof.outcome is Outcome.DIFFERENT
    assert [record.digest for record in proof.come] == taken
    assert proof.gone == ()


def test_a_record_made_up_is_named_and_stands_nowhere(files: dict[str, Path]) -> None:
    def add(figure: dict[str, Any]) -> None:
        figure["records"].append({**figure["records"][0], "digest": "ab" * 32})
        figure["value"] = "4"

    proof = of(proved(changed(files["data"], ANSWERED, add), files["ledger"]), ANSWERED)
    assert [record.digest for record in proof.gone] == ["ab" * 32]
    assert proof.lost == proof.gone
    assert "数值不同，而记录集摘要相同：文件里的数值被改动" in proof.said


def test_a_record_removed_from_the_export_is_named(files: dict[str, Path]) -> None:
    case = Case.objects.get(title__contains="甲项目")
    lines = files["ledger"].read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [line for line in lines if not (str(case.pk) in line and '"position":3' in line)]
    assert len(kept) == len(lines) - 1
    files["ledger"].write_text("".join(kept), encoding="utf-8")
    found = proved(files["data"], files["ledger"])
    proof = of(found, ANSWERED)
    assert not found.holds
    assert found.faults
    assert [(one.id, one in proof.lost) for one in proof.gone] == [(str(case.pk), True)]
    assert {"数值不同", "记录集摘要不同"} <= set(proof.said)


def test_a_late_correction_does_not_shake_the_old_figure(files: dict[str, Path]) -> None:
    case = Case.objects.get(title__contains="甲项目")
    CorrectAct(
        actor=None, case=case, position=2, changes={"on": date(YEAR + 1, 1, 6)}, reason="送达回证载明次年"
    ).execute()
    export(files["ledger"])
    for kind in ("data", "page"):
        found = proved(files[kind], files["ledger"])
        assert found.holds
        proof = of(found, ANSWERED)
        assert proof.outcome is Outcome.EQUAL
        assert proof.today is not None
        assert (proof.counted.value if proof.counted else None, proof.today.value) == (3, 2)
        assert of(found, "information_requests_received").today is None


def test_a_later_report_is_not_proved_by_an_earlier_export(
    files: dict[str, Path], busy: Any, tmp_path: Path
) -> None:
    busy.request(busy.housing, date(YEAR, 6, 3), date(YEAR, 6, 9), "己项目", entered="back")
    again = BuildReport(actor=None, organization=busy.body, year=YEAR).execute()
    opendata.write(again, tmp_path / "again.json", records=True)
    proof = of(proved(tmp_path / "again.json", files["ledger"]), ANSWERED)
    assert proof.outcome is Outcome.DIFFERENT
    assert len(proof.lost) == 1


def test_open_data_without_records_prove_value_and_digest(report: Report, files: dict[str, Path]) -> None:
    opendata.write(report, files["data"])
    found = proved(files["data"], files["ledger"])
    assert of(found, ANSWERED).outcome is Outcome.EQUAL
    assert of(found, PRINCIPALS).outcome is Outcome.IMPOSSIBLE  # neither rule nor records


def test_a_version_the_catalogue_does_not_have_cannot_be_proved(files: dict[str, Path]) -> None:
    file = changed(files["data"], ANSWERED, lambda figure: figure.update(version=7))
    found = proved(file, files["ledger"])
    assert of(found, ANSWERED).outcome is Outcome.IMPOSSIBLE
    assert "第7版" in of(found, ANSWERED).said[0]
    assert not found.holds


def test_a_unit_the_export_does_not_know(files: dict[str, Path]) -> None:
    def elsewhere(figure: dict[str, Any]) -> None:
        figure.update(organization="某某县人民政府", organization_code="elsewhere")

    proof = of(proved(changed(files["data"], ANSWERED, elsewhere), files["ledger"]), ANSWERED)
    assert proof.outcome is Outcome.IMPOSSIBLE
    assert "某某县人民政府" in proof.said[0]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "不是依法的数字文件"),
        ("{}", "不是依法的数字文件"),
        ("[1, 2]", "不是依法的数字文件"),
        ('{"format": "yifa-figure", "format_version": 2, "figures": []}', "第 2 版"),
        ('{"format": "yifa-figure", "format_version": 1, "figures": []}', "没有数字"),
        ('{"format": "yifa-figure", "format_version": 1, "figures": [{"rule": "x"}]}', "不完整"),
        ("<html><body>别的网页</body></html>", "不是依法的数字文件"),
    ],
)
def test_other_files_are_refused_in_plain_words(tmp_path: Path, content: str, words: str) -> None:
    file = tmp_path / "file.json"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(ClaimError, match=words):
        read_claims(file)


@pytest.mark.parametrize("kind", ["data", "page"])
def test_a_statement_of_one_person_is_proved_by_what_is_that_persons(
    busy: Any, tmp_path: Path, kind: str
) -> None:
    duty(busy.body, "Z-1", "安一山")
    did(busy.body, "Z-1", "安一山", date(YEAR, 3, 4))
    did(busy.body, "Z-1", "文二水", date(YEAR, 5, 6))
    statement = BuildReport(
        actor=None, organization=busy.body, year=YEAR, outline="legal_statement_report", subject="安一山"
    ).execute()
    file, ledger = tmp_path / f"statement.{kind}", tmp_path / "ledger.jsonl"
    if kind == "data":
        opendata.write(statement, file, records=True)
    else:
        page.write(statement, file)
    export(ledger)
    found = proved(file, ledger)
    assert found.holds
    proof = of(found, "duty_records")
    assert proof.outcome is Outcome.EQUAL
    assert proof.claim.value == 1
