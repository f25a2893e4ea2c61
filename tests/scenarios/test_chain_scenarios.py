"""What the engine says of a scenario the ledger says too: each file is played through the real actions."""

from __future__ import annotations

import pytest

from tests.scenarios.acting import FOLDER, play
from yifa.ledger.models import Case

# The ledger opens a case by an opening act only: what the engine judges without one has no case to stand in.
WITHOUT_A_CASE = {"administrative_penalty/entered_in_disorder", "reconsideration/town_has_no_power"}
FILES = sorted({f"{path.parent.name}/{path.stem}" for path in FOLDER.glob("*/*.yaml")} - WITHOUT_A_CASE)


@pytest.mark.django_db
@pytest.mark.parametrize("name", FILES)
def test_the_ledger_agrees_with_the_scenario(name: str) -> None:
    assert play(name).differences() == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "code", "words"),
    [
        ("administrative_penalty/entered_in_disorder", "invalid", "应从“立案、当场作出处罚决定”开始"),
        ("reconsideration/town_has_no_power", "no_power", "本级无此职权"),
    ],
)
def test_what_cannot_open_a_case_is_said_and_nothing_is_kept(name: str, code: str, words: str) -> None:
    refused = play(name).refused[1]
    assert refused.code == code and words in refused.message
    assert Case.objects.count() == (
        name.startswith("administrative")
    )  # the opening act comes later in that file
