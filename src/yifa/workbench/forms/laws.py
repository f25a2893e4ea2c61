"""A new text of a law as a form: from when, which articles, and which lengths of time become another."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from django import forms

from yifa.law.amending import Amendment, NewDuration, lengths
from yifa.law.articles import article_numbers
from yifa.law.loader import catalogue
from yifa.law.local import Length, LocalLength
from yifa.law.phrases import UNITS
from yifa.law.schema import Duration, Law
from yifa.workbench.forms.look import DayInput, StyledForm

LARGEST = 1024 * 1024  # a new text has some thirty lines


def length_text(duration: Duration) -> str:
    """A length as people say it."""
    return "由本地规定，尚未填写" if duration.length is None else f"{duration.length}{UNITS[duration.unit]}"


class FileForm(StyledForm):
    """A new text written as a file."""

    file = forms.FileField(
        label="新法文件",
        error_messages={"required": "请选择文件。", "empty": "这个文件是空的，请检查后重新选择。"},
    )

    def clean_file(self) -> Any:
        """Refuses a file that cannot be a new text."""
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise forms.ValidationError("文件超过 1 MB，不像新法文件，请核对。")
        return file


class NewTextForm(StyledForm):
    """What a new text of one law says, with a line for each length of time that the law gives now."""

    effective = forms.DateField(
        label="施行日期", widget=DayInput(), error_messages={"required": "请填写新文本的施行日期。"}
    )
    kind = forms.ChoiceField(label="方式", choices=[(word, word) for word in ("修订", "修正", "修改")])
    number = forms.CharField(label="公布文号", required=False, max_length=80)
    changed = forms.CharField(
        label="变动的条文", required=False, max_length=400,
        help_text="如 第六十条、第六十三条；留空表示全文都是新的。",
    )  # fmt: skip
    transition = forms.ChoiceField(
        label="在办事项",
        choices=[("keep", "依开始时的法律办完"), ("move", "转为适用新文本（新法有此规定时）")],
        widget=forms.RadioSelect(),
    )

    def __init__(self, *args: Any, law: Law, **kwargs: Any) -> None:
        kwargs["initial"] = {"kind": "修订", "transition": "keep"} | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        self.law = law
        self.lengths = lengths(catalogue(), law)
        for index, _ in enumerate(self.lengths):
            self.fields[f"length-{index}"] = forms.IntegerField(
                required=False, min_value=0, max_value=3660, widget=forms.NumberInput(attrs={"class": "form-control"})
            )  # fmt: skip
            self.fields[f"article-{index}"] = forms.CharField(
                required=False, max_length=40, widget=forms.TextInput(attrs={"class": "form-control"})
            )

    def rows(self) -> Iterator[tuple[Length, str, forms.BoundField, forms.BoundField]]:
        """Each length as it is now, with the fields for what it becomes."""
        for index, one in enumerate(self.lengths):
            yield one, length_text(one.now), self[f"length-{index}"], self[f"article-{index}"]

    def clean_changed(self) -> list[str]:
        """The articles as a list."""
        articles = [part for part in re.split(r"[、，,；;\s]+", self.cleaned_data["changed"]) if part]
        for article in articles:
            if article_numbers(article) is None:
                raise forms.ValidationError(f"“{article}”不是条文的写法，应写成 第六十条。")
        return articles

    def amendment(self) -> Amendment:
        """The new text; only after `is_valid`."""
        data = self.cleaned_data
        return Amendment(
            law=self.law.title,
            effective=data["effective"],
            kind=data["kind"],
            number=data["number"] or None,
            changed=data["changed"],
            durations=[
                NewDuration(
                    case_type=one.case_type,
                    clock=one.clock,
                    extension=one.extension,
                    article=data[f"article-{index}"] or one.now.article or "",
                    length=data[f"length-{index}"],
                    unit=one.now.unit,
                )
                for index, one in enumerate(self.lengths)
                if data[f"length-{index}"] is not None
            ],
            transition=data["transition"],
        )


class LocalLengthForm(StyledForm):
    """A length of time that the law leaves to the locality."""

    length = forms.IntegerField(
        label="时长", min_value=0, max_value=3660, error_messages={"required": "请填写时长，如 5。"}
    )
    unit = forms.ChoiceField(label="单位", choices=[(unit.value, word) for unit, word in UNITS.items()])
    document = forms.CharField(
        label="规定它的本地文件", max_length=120, help_text="文件名称，有文号的连同文号。",
        error_messages={"required": "请填写规定这个期限的本地文件；没有文件依据的期限不要填。"},
    )  # fmt: skip
    article = forms.CharField(label="条款", required=False, max_length=40)
    valid_from = forms.DateField(
        label="自何日起适用", widget=DayInput(), help_text="这一天起开始的事项按它计算。",
        error_messages={"required": "请填写自何日起适用。"},
    )  # fmt: skip

    def local_length(self, place: tuple[str, str, str | None]) -> LocalLength:
        """The length; only after `is_valid`."""
        case_type, clock, extension = place
        data = self.cleaned_data
        return LocalLength.model_validate(
            {
                "case_type": case_type,
                "clock": clock,
                "extension": extension,
                "length": data["length"],
                "unit": data["unit"],
                "document": data["document"].strip(),
                "article": data["article"].strip() or None,
                "from": data["valid_from"],
            }
        )
