"""A figure taken along from its page: with the extract of the ledger that comes with it, it is proved without the ledger."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import date
from pathlib import Path

import pytest
from django.utils import timezone

from tests.reporting.conftest import YEAR
from yifa.ledger.chain.exportedledger import ExportedLedger
from yifa.ledger.figures.counting import Counting
from yifa.ledger.models import Case, Organization
from yifa.ledger.refusal import ActionRefused
from yifa.reporting import proofs
from yifa.reporting.claims import read_claims
from yifa.reporting.models import Report
from yifa.reporting.proofs import write_proof
from yifa.reporting.proving import Outcome, Proved, prove

pytestmark = pytest.mark.django_db
ANSWERED, RATE = "information_requests_answered", "information_requests_on_time_rate"


def taken(body: Organization, rule: str, folder: Path) -> Path:
    counted = Counting(body, date(YEAR, 1, 1), date(YEAR, 12, 31)).count(rule)
    packed = io.BytesIO()
    write_proof(packed, counted, body, timezone.now())
    with zipfile.ZipFile(packed) as files:
        files.extractall(folder)
    return folder


def proved(folder: Path) -> Proved:
    return prove(read_claims(folder / proofs.FIGURE), ExportedLedger(folder / proofs.LEDGER))


@pytest.mark.parametrize("rule", [ANSWERED, RATE])
def test_a_figure_is_proved_from_what_was_taken_along(report: Report, tmp_path: Path, rule: str) -> None:
    folder = taken(report.organization, rule, tmp_path)
    found = proved(folder)
    assert found.holds and {proof.outcome for proof in found.proofs} == {Outcome.EQUAL}
    lines = (folder / proofs.LEDGER).read_text(encoding="utf-8").splitlines()
    subjects = [json.loads(line)["record"]["subject"] for line in lines[1:]]
    kinds = {"case", "organization"}
    assert set(subjects) == kinds and subjects.count("case") < sum(case.length for case in Case.objects.all())
    note = (folder / proofs.NOTE).read_text(encoding="utf-8")
    assert f"yifa figure recompute {proofs.FIGURE} --ledger {proofs.LEDGER}" in note


def test_a_record_changed_in_the_extract_is_seen(report: Report, tmp_path: Path) -> None:
    folder = taken(report.organization, ANSWERED, tmp_path)
    extract = folder / proofs.LEDGER
    text = extract.read_text(encoding="utf-8")
    changed = text.splitlines()
    place = next(at for at, line in enumerate(changed) if "answer" in line)
    changed[place] = changed[place].replace(f"{YEAR}-", f"{YEAR - 1}-", 1)
    extract.write_text("\n".join(changed) + "\n", encoding="utf-8")
    assert not proved(folder).holds


def test_nothing_and_too_much_are_refused(
    report: Report, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with pytest.raises(ActionRefused, match="没有计入任何记录"):
        taken(report.organization, "penalties_decided", tmp_path)
    monkeypatch.setattr(proofs, "MOST", 0)
    with pytest.raises(ActionRefused, match="网页上不打包"):
        taken(report.organization, ANSWERED, tmp_path)
