"""Help beside the fields: where people write freely they are told what to write; the rest explains itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from yifa.law.loader import catalogue
from yifa.law.schema import FieldSpec, FieldType

# Kinds that say themselves what is wanted: a day, one of the choices, a unit or person, yes or no
EXPLAIN_THEMSELVES = {
    FieldType.DATE,
    FieldType.CHOICE,
    FieldType.ORGANIZATION,
    FieldType.PERSON,
    FieldType.BOOLEAN,
}
# Titles that leave nothing to ask
SELF_EVIDENT = {
    "告知书编号", "抄送对象", "评审得分", "接收单位", "退回单位", "地点", "预案名称", "考试名称", "得分", "议题", "原因",
    "询问人", "投诉人或者举报人", "受理地点",
}  # fmt: skip
LONGEST = 75
SHARE_OF_ACTS, SHARE_OF_FACTS, SHARE_OF_REGISTERS = 0.8, 0.75, 0.35


def of_cases() -> Iterator[tuple[str, FieldSpec, bool]]:
    """Every field of a case, where it stands, and whether it is a fact."""
    for kind in catalogue().case_types.values():
        for name, spec in kind.facts.items():
            yield f"{kind.case_type}.{name}", spec, True
        for act, held in kind.acts.items():
            for name, spec in held.fields.items():
                yield f"{kind.case_type}.{act}.{name}", spec, False


def of_registers() -> list[FieldSpec]:
    return [spec for one in catalogue().registers.values() for spec in one.fields.values()]


def share(specs: list[FieldSpec]) -> float:
    return sum(bool(spec.help) for spec in specs) / len(specs)


def test_who_writes_freely_is_told_what_to_write() -> None:
    bare = [
        where
        for where, spec, _ in of_cases()
        if not spec.help and spec.type not in EXPLAIN_THEMSELVES and spec.title not in SELF_EVIDENT
    ]
    assert bare == []


def test_the_list_of_self_evident_titles_holds_no_other() -> None:
    bare = {spec.title for _, spec, _ in of_cases() if not spec.help and spec.type not in EXPLAIN_THEMSELVES}
    assert bare == SELF_EVIDENT


def test_most_fields_have_help() -> None:
    assert share([spec for _, spec, fact in of_cases() if not fact]) >= SHARE_OF_ACTS
    assert share([spec for _, spec, fact in of_cases() if fact]) >= SHARE_OF_FACTS
    assert share(of_registers()) >= SHARE_OF_REGISTERS


def test_help_is_short_and_says_more_than_the_title() -> None:
    texts = [(spec.title, spec.help) for _, spec, _ in of_cases() if spec.help]
    texts += [(spec.title, spec.help) for spec in of_registers() if spec.help]
    for title, text in texts:
        assert len(text) <= LONGEST, text
        assert text.strip("。") not in {title, f"填{title}", f"写{title}", f"请填写{title}"}, text
    many = Counter(text for _, text in texts).most_common(1)[0]
    assert many[1] <= 40, many  # a phrase said everywhere helps nowhere
