from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from django.db import connection, models
from django.utils import timezone

from tests.ledger.conftest import Town
from yifa.law.errors import YifaError
from yifa.ledger.actions import (
    ChangeFacts,
    CorrectAct,
    OpenCase,
    PublishEntry,
    RecordAct,
    ReviseEntry,
    SealDays,
    StoreAttachment,
)
from yifa.ledger.chain import exporting
from yifa.ledger.chain.attachments import path_of
from yifa.ledger.chain.canonical import record_digest
from yifa.ledger.chain.records import stored_records
from yifa.ledger.models import Case, Handover, Record
from yifa.ledger.proof import verification
from yifa.ledger.proof.verification import verify, verify_file
from yifa.ledger.rows.astray import OF_CASES
from yifa.ledger.rows.rebuilding import rebuild

TODAY = timezone.localdate()
PAST = timezone.now() - timedelta(days=3)


@pytest.fixture(autouse=True)
def one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a ledger of many stretches."""
    monkeypatch.setattr(verification, "STRETCH", 1)


def sql(statement: str, *values: object) -> None:
    """What somebody with the rights of the database can do."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        assert cursor.rowcount > 0


@pytest.fixture
def answered(place: Town) -> Case:
    """A case with three acts, a correction and changed facts, recorded three days ago and sealed."""
    facts = {"content": "申请公开示例公园的绿化养护费用"}
    case = OpenCase(
        actor=None, organization=place.office, case_type="information_request", act="receive",
        on=date(2024, 9, 20), facts=facts, recorded_at=PAST,
    ).execute()  # fmt: skip
    RecordAct(
        actor=None,
        case=case,
        act="extend",
        on=date(2024, 10, 9),
        fields={"days": 10},
        entered="back",
        recorded_at=PAST,
    ).execute()
    RecordAct(
        actor=None, case=case, act="answer", on=date(2024, 11, 1), outcome="部分公开", recorded_at=PAST,
        evidence=[{"title": "答复书", "attachment": None}],
    ).execute()  # fmt: skip
    CorrectAct(
        actor=None, case=case, position=3, changes={"outcome": "予以公开"}, reason="录错", recorded_at=PAST
    ).execute()
    case = ChangeFacts(
        actor=None, case=case, facts={"applicant": "张示例"}, reason="补登", recorded_at=PAST
    ).execute()
    SealDays(today=TODAY).execute()
    assert not verify().faults
    return case


def test_an_untouched_ledger_holds(answered: Case) -> None:
    result = verify()
    assert (result.faults, result.seals) == ((), 1)
    assert result.records == Record.objects.count()
    assert result.as_json()["holds"] is True


def test_one_changed_byte_of_one_act_is_named_with_case_act_and_day(answered: Case) -> None:
    sql(
        "UPDATE ledger_record SET payload = replace(payload, '部分公开', '全部公开') WHERE subject_id = %s AND position = 4",
        _id(answered),
    )
    faults = verify().faults
    fault = next(fault for fault in faults if fault.kind == "digest")
    assert fault.subject_id == str(answered.pk) and fault.title == answered.title
    assert (fault.act, fault.day, fault.position) == ("答复", "2024-11-01", 4)
    for words in ("申请公开示例公园的绿化养护费用", "答复", "2024年11月1日", "被改动"):
        assert words in fault.message


def _id(case: Case) -> str:
    return str(case.pk) if connection.vendor == "postgresql" else case.pk.hex


CHANGES = {
    "kind": "'facts.changed'",
    "organization_id": "(SELECT min(id) FROM ledger_organization)",
    "happened_on": "'2024-11-02'",
    "recorded_at": "'2024-11-02 01:00:00'",
    "recorded_on": "'2024-11-02'",
    "recorded_by_id": "(SELECT min(id) FROM ledger_user)",
    "payload": "replace(payload, '部', '全')",
    "previous": "replace(previous, substr(previous, 1, 1), 'g')",
    "digest": "replace(digest, substr(digest, 1, 1), 'g')",
}


@pytest.mark.parametrize("column", CHANGES)
def test_a_change_of_any_column_is_named(place: Town, answered: Case, column: str) -> None:
    place.user()
    sql(
        f"UPDATE ledger_record SET {column} = {CHANGES[column]} WHERE subject_id = %s AND position = 4",
        _id(answered),
    )
    named = [fault for fault in verify().faults if fault.kind == "digest"]
    assert [(fault.subject_id, fault.position) for fault in named] == [(str(answered.pk), 4)]


def test_every_column_is_tried() -> None:
    columns = {field.column for field in Record._meta.concrete_fields}
    assert columns - set(CHANGES) == {"id", "subject", "subject_id", "position"}  # the next test


@pytest.mark.parametrize("change", ["position = 40", "subject = 'plan'"])
def test_a_record_taken_out_of_its_chain_is_named(answered: Case, change: str) -> None:
    sql(f"UPDATE ledger_record SET {change} WHERE subject_id = %s AND position = 4", _id(answered))
    assert {"digest", "gap"} <= {fault.kind for fault in verify().faults}


def test_damage_the_model_layer_could_not_read(answered: Case) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL 不接受这样的值")
    sql(
        "UPDATE ledger_record SET happened_on = '2024-13-45', payload = '{' WHERE subject_id = %s AND position = 4",
        _id(answered),
    )
    sql("UPDATE ledger_caseact SET happened_on = 'x' WHERE act = 'answer'")
    faults = verify().faults
    assert any(fault.kind == "digest" and fault.position == 4 for fault in faults)
    assert answered.title in next(fault.message for fault in faults if fault.kind == "digest")


def test_a_single_bit_that_breaks_a_character(answered: Case) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL 不接受这样的值")
    blob = "CAST(replace(CAST(payload AS TEXT), '部分公开', CAST(X'E983A8E58886E585ACE5BC81FF' AS TEXT)) AS TEXT)"
    sql(f"UPDATE ledger_record SET payload = {blob} WHERE subject_id = %s AND position = 4", _id(answered))
    assert ("digest", 4) in [(fault.kind, fault.position) for fault in verify().faults]


def test_a_deleted_record_leaves_a_gap(answered: Case) -> None:
    sql("DELETE FROM ledger_caseact")
    sql("DELETE FROM ledger_record WHERE subject_id = %s AND position = 3", _id(answered))
    faults = verify().faults
    assert any("缺少第3条记录" in fault.message and answered.title in fault.message for fault in faults)
    assert any(
        fault.kind == "seal" and "7条" not in fault.message and "增删" in fault.message for fault in faults
    )


def test_a_cut_off_end_is_seen_by_seal_and_case(answered: Case) -> None:
    sql("DELETE FROM ledger_record WHERE subject_id = %s AND position = 6", _id(answered))
    kinds = {fault.kind for fault in verify().faults}
    assert kinds == {"seal", "projection"}


def rechain(case: Case) -> None:
    """A forger who knows the format: changes an act and computes every later digest anew."""
    sql(
        "UPDATE ledger_record SET payload = replace(payload, '部分公开', '不予公开') WHERE subject_id = %s AND position = 4",
        _id(case),
    )
    previous = None
    for row in [row for row in stored_records() if row["subject_id"] == str(case.pk)]:
        row["previous"] = previous or row["previous"]
        previous = record_digest(row)
        sql(
            "UPDATE ledger_record SET previous = %s, digest = %s WHERE id = %s",
            row["previous"],
            previous,
            row["id"],
        )


def test_a_forged_chain_breaks_the_seal_of_its_day(answered: Case) -> None:
    rechain(answered)
    faults = verify().faults
    assert not any(fault.kind in {"digest", "chain"} for fault in faults)
    day = timezone.localdate(PAST)
    assert [fault.day for fault in faults if fault.kind == "seal"] == [day.isoformat()]
    assert any(fault.kind == "projection" and fault.title == answered.title for fault in faults)


def test_one_record_forged_with_its_own_digest_is_named_by_the_next(answered: Case) -> None:
    rows = [row for row in stored_records() if row["subject_id"] == str(answered.pk)]
    row = rows[3] | {"payload": rows[3]["payload"].replace("部分公开", "不予公开")}
    sql(
        "UPDATE ledger_record SET payload = %s, digest = %s WHERE id = %s",
        row["payload"],
        record_digest(row),
        row["id"],
    )
    chain = [fault for fault in verify().faults if fault.kind == "chain"]
    assert [(fault.position, fault.act, fault.day) for fault in chain] == [(4, "答复", "2024-11-01")]


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("UPDATE ledger_seal SET count = count + 1", "封存被改动"),
        ("UPDATE ledger_seal SET root = previous", "封存被改动"),
        ("UPDATE ledger_seal SET previous = root", "接不上"),
    ],
)
def test_a_changed_seal_is_named(answered: Case, statement: str, words: str) -> None:
    sql(statement)
    assert any(words in fault.message and fault.kind == "seal" for fault in verify().faults)


def test_a_record_slipped_in_on_a_day_without_seal(place: Town, answered: Case) -> None:
    sql("DELETE FROM ledger_seal")
    place.request(recorded_at=PAST - timedelta(days=2))
    SealDays(today=TODAY - timedelta(days=3)).execute()
    place.request(recorded_at=PAST)
    SealDays(today=TODAY).execute()
    assert not verify().faults
    sql("DELETE FROM ledger_seal WHERE day = %s", (timezone.localdate(PAST) - timedelta(days=2)).isoformat())
    messages = [fault.message for fault in verify().faults]
    assert any("没有封存，而此后的日期已封存" in message for message in messages)


PROJECTED = {
    "UPDATE ledger_caseact SET happened_on = '2024-10-30' WHERE act = 'answer'": ("答复", "日期"),
    "UPDATE ledger_caseact SET outcome = '不予公开' WHERE act = 'answer'": ("答复", "结果"),
    "UPDATE ledger_caseact SET fields = '{\"days\": 1}' WHERE act = 'extend'": ("延长答复期限", "内容"),
    "DELETE FROM ledger_caseact WHERE act = 'extend'": ("延长答复期限", "没有这个环节"),
    "UPDATE ledger_case SET status = '已办结'": ("", "状态"),
    "UPDATE ledger_case SET title = '别的'": ("", "名称"),
    "UPDATE ledger_caseclock SET due = '2030-01-01' WHERE clock = 'answer'": ("", "时限"),
    "DELETE FROM ledger_casefinding": ("", "问题"),
}


@pytest.mark.parametrize("statement", PROJECTED)
def test_a_changed_projection_is_named(answered: Case, statement: str) -> None:
    sql(statement)
    faults = verify().faults
    act, words = PROJECTED[statement]
    assert {fault.kind for fault in faults} == {"projection"}
    assert any(
        "投影与台账不符" in fault.message
        and words in fault.message
        and act == fault.act
        and fault.title == "申请公开示例公园的绿化养护费用"
        for fault in faults
    )


@pytest.mark.parametrize("model", OF_CASES)
def test_rows_of_no_case_are_named_and_taken_away(answered: Case, model: type[models.Model]) -> None:
    if model is Handover:  # the case was handed to nobody
        Handover.objects.create(
            case=answered, organization=answered.organization, unit="示例局", act="transfer", waiting=True
        )
    key = model._default_manager.order_by("pk").values_list("pk", flat=True).filter(case_id=answered.pk)[0]
    model._default_manager.filter(pk=key).update(case_id=UUID(int=7))
    found = [fault for fault in verify().faults if fault.subject_id == str(UUID(int=7))]
    assert [fault.kind for fault in found] == ["projection"]
    assert model._meta.db_table in found[0].message
    rebuild()
    assert not verify().faults


def test_a_case_without_records_is_named(place: Town, answered: Case) -> None:
    sql("UPDATE ledger_caseact SET case_id = case_id")
    other = place.request()
    for table, column in (("caseact", "case_id"), ("caseclock", "case_id"), ("casefinding", "case_id")):
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM ledger_{table} WHERE {column} = %s", [_id(other)])
    sql("DELETE FROM ledger_record WHERE subject_id = %s", _id(other))
    assert any(
        "没有它的任何记录" in fault.message and other.title in fault.message for fault in verify().faults
    )


def test_a_changed_entry_is_named(place: Town) -> None:
    data = {"code": "A-1", "name": "示例权力"}
    entry = PublishEntry(
        actor=None, organization=place.office, register="powers", data=powers(data), on=date(2024, 3, 1)
    ).execute()
    ReviseEntry(
        actor=None,
        entry=entry,
        data=powers(data | {"name": "示例权力二"}),
        on=date(2024, 4, 1),
        reason="更名",
    ).execute()
    assert not verify().faults
    sql("UPDATE ledger_entryversion SET reason = '另一理由' WHERE version = 2")
    sql("UPDATE ledger_entry SET title = '改'")
    (fault,) = verify().faults
    assert fault.kind == "projection" and "示例权力" in fault.title and fault.day == "2024-04-01"


def test_a_changed_or_missing_file_is_named(place: Town, answered: Case) -> None:
    attachment = StoreAttachment(actor=None, content="答复全文".encode(), name="答复书.txt").execute()
    case = place.request()
    place.answer(case, evidence=[{"title": "答复书", "attachment": attachment.pk}])
    assert not verify().faults
    path_of(attachment.pk).write_bytes(b"other")
    (fault,) = verify().faults
    assert (fault.kind, fault.act) == ("attachment", "答复") and case.title in fault.message
    path_of(attachment.pk).unlink()
    assert [fault.kind for fault in verify().faults] == ["attachment"]


# ---------------------------------------------------------------- export


@pytest.fixture
def exported(answered: Case, tmp_path: Path) -> Path:
    path = tmp_path / "台账.jsonl"
    moved: list[tuple[int, int]] = []
    count = exporting.export(path, lambda done, total: moved.append((done, total)))
    assert count == 1 + Record.objects.count() + 1 == len(path.read_text(encoding="utf-8").splitlines())
    assert moved and moved[-1] == (Record.objects.count(), Record.objects.count())
    return path


def edit(path: Path, change: Callable[[list[str]], None]) -> None:
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    change(lines)
    path.write_text("".join(lines), encoding="utf-8")


def test_an_export_holds_without_the_database(exported: Path) -> None:
    sql("DELETE FROM ledger_seal")
    result = verify_file(exported)
    assert (result.faults, result.seals) == ((), 1) and result.records == Record.objects.count()


def test_a_changed_byte_in_an_export_is_named(exported: Path) -> None:
    exported.write_text(
        exported.read_text(encoding="utf-8").replace("部分公开", "全部公开", 1), encoding="utf-8"
    )
    (fault,) = verify_file(exported).faults
    assert (fault.kind, fault.act, fault.day) == ("digest", "答复", "2024-11-01")
    assert "申请公开示例公园的绿化养护费用" in fault.message


def test_lines_missing_or_broken_in_an_export(exported: Path) -> None:
    place = next(
        i for i, line in enumerate(exported.read_text(encoding="utf-8").splitlines()) if "部分公开" in line
    )
    edit(exported, lambda lines: lines.__setitem__(place, lines[place][:40] + "\n"))
    messages = " ".join(fault.message for fault in verify_file(exported).faults)
    assert f"第{place + 1}行读不出来" in messages and "文件不完整" in messages and "缺少第4条记录" in messages
    edit(exported, lambda lines: lines.pop())
    assert any("个日封存" in fault.message for fault in verify_file(exported).faults)


@pytest.mark.parametrize(
    "content", [b"", b"{}", b"hello", b'{"format":"yifa-ledger","version":9}', b"\xff\xfe\x00"]
)
def test_what_is_no_export_is_said(db: None, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x"
    path.write_bytes(content)
    with pytest.raises(YifaError, match=r"导出|版"):
        verify_file(path)


def test_an_export_that_fails_leaves_nothing(
    answered: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> object:
        raise RuntimeError("disk full")

    monkeypatch.setattr(exporting, "stored_seals", broken)
    before = sorted(tmp_path.iterdir())
    with pytest.raises(RuntimeError):
        exporting.export(tmp_path / "out.jsonl")
    assert sorted(tmp_path.iterdir()) == before
    with pytest.raises(YifaError, match="文件夹"):
        exporting.export(tmp_path / "nowhere" / "out.jsonl")


def test_the_export_can_be_recomputed_from_the_documented_format_alone(exported: Path) -> None:
    """As docs/reference/ledger-format.md says, with nothing of Yifa's own code."""
    import hashlib

    def sm3(data: bytes) -> bytes:
        return hashlib.new("sm3", data).digest()

    def form(value: object) -> bytes:
        return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()

    _, *lines = [json.loads(line) for line in exported.read_text(encoding="utf-8").splitlines()]
    records = [line["record"] for line in lines if "record" in line]
    days: dict[str, list[bytes]] = {}
    for record in records:
        digest = record.pop("digest")
        assert sm3(form(record)).hex() == digest
        days.setdefault(record["recorded_on"], []).append(bytes.fromhex(digest))
    for seal in [line["seal"] for line in lines if "seal" in line]:
        digest = seal.pop("digest")
        assert sm3(form(seal)).hex() == digest
        row = [sm3(b"\0" + leaf) for leaf in sorted(days[seal["day"]])]
        while len(row) > 1:
            row = [
                sm3(b"\1" + b"".join(row[i : i + 2])) if i + 1 < len(row) else row[i]
                for i in range(0, len(row), 2)
            ]
        assert row[0].hex() == seal["root"]


def powers(data: dict[str, object]) -> dict[str, object]:
    """An entry of the powers register whatever other fields it demands."""
    from tests.ledger.registers import sample

    return sample("powers", data)
