"""What each step of signing off asks for."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone

from yifa.ledger.models import Organization, User
from yifa.reporting import duty, gates
from yifa.reporting.actions.returning import ORDER
from yifa.reporting.actions.reviewing import SECRECY
from yifa.reporting.actions.signing import LONGEST_NUMBER, number_given
from yifa.reporting.models import Report, Step
from yifa.workbench.forms import StyledForm
from yifa.workbench.forms.look import DayInput
from yifa.workbench.reports.access import own_units

State = Report.State
DAY = {"required": "请填写日期。", "invalid": "日期写成 2026-02-20 这样。"}


class StepForm(StyledForm):
    """A step with an opinion, which may be left out."""

    opinion = forms.CharField(
        label="意见", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, report: Report, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.report, self.user = report, user
        self.prepare()

    def prepare(self) -> None:
        """What depends on the report."""


class ConfirmForm(StepForm):
    """For which unit, and whether it agrees."""

    outcome = forms.ChoiceField(
        label="核对结论",
        choices=[(one, one) for one in gates.CONFIRMATIONS],
        widget=forms.RadioSelect(),
        error_messages={"required": "请选择“确认无误”或者“有意见”。"},
    )

    def prepare(self) -> None:
        """The user's own units; the first that has said nothing yet is chosen."""
        own = own_units(self.user, self.report)
        units = Organization.objects.filter(pk__in=[unit.pk for unit in own])
        self.fields["unit"] = forms.ModelChoiceField(
            units, label="单位", empty_label=None, error_messages={"required": "请选择单位。"}
        )
        said = gates.confirmations(self.report)
        self.fields["unit"].initial = next((unit for unit in own if unit.pk not in said), None)
        self.fields["unit"].widget.attrs["class"] = "form-select"
        self.order_fields(["unit", "outcome", "opinion"])


class LegalityForm(StepForm):
    """The legal reviewer's conclusion."""

    outcome = forms.ChoiceField(
        label="审查结论", choices=[(one, one) for one in gates.LEGALITY], widget=forms.RadioSelect()
    )
    field_order = ("outcome", "opinion")


class SecrecyForm(StepForm):
    """The secrecy reviewer's conclusion."""

    outcome = forms.ChoiceField(
        label="审查结论", choices=[(one, one) for one in SECRECY], widget=forms.RadioSelect()
    )
    field_order = ("outcome", "opinion")


class SignForm(StepForm):
    """The leader's signature."""

    number = forms.CharField(
        label="文号或者编号",
        required=False,
        max_length=LONGEST_NUMBER,
        help_text="没有的不填，以报告标题登记。",
    )
    field_order = ("number", "opinion")

    def prepare(self) -> None:
        """The number under which the text is registered."""
        self.fields["number"].initial = number_given(self.report)


class SubmitForm(StepForm):
    """To whom and when."""

    on = forms.DateField(label="报送日期", widget=DayInput(), error_messages=DAY)
    document = forms.CharField(label="报送文号", required=False, max_length=80)
    above = forms.CharField(
        label="向上级报告", required=False, max_length=120, help_text="报送对象，例如市委、市人民政府。"
    )
    same = forms.CharField(label="向本级党委（和政府）报告", required=False, max_length=120)
    congress = forms.BooleanField(label="已向同级人大常委会报告", required=False)
    copies = forms.CharField(label="抄送", required=False, max_length=300, help_text="多个用顿号隔开。")
    field_order = ("on", "document", "above", "same", "congress", "copies", "opinion")

    def prepare(self) -> None:
        """Towns report to the body above only; other outlines to nobody the law names."""
        self.fields["on"].initial = timezone.localdate()
        level = self.report.organization.level
        if level == "town" or not duty.concerns(self.report):
            del self.fields["same"]
        if level not in ("county", "zone") or not duty.concerns(self.report):
            del self.fields["congress"]


class ReturnForm(StepForm):
    """To which step, and why."""

    to = forms.ChoiceField(label="退回到")
    field_order = ("to", "opinion")

    def prepare(self) -> None:
        """The steps before this one that there were."""
        before = ORDER[: ORDER.index(State(self.report.state))] if self.report.state in ORDER else ()
        had_units = self.report.steps.filter(kind=Step.Kind.SENT_TO_UNITS).exists()
        steps = [state for state in before if had_units or state != State.UNIT_REVIEW]
        self.fields["to"].choices = [(str(state), state.label) for state in steps]  # type: ignore[attr-defined]
        self.fields["opinion"].label = "退回理由"


class TakeBackForm(StepForm):
    """Why."""

    def prepare(self) -> None:
        """The reason has to be given."""
        self.fields["opinion"].label = "撤回理由"


class PublishForm(StepForm):
    """Where and when; the page's text, to be compared."""

    on = forms.DateField(label="公开日期", widget=DayInput(), error_messages=DAY)
    channel = forms.CharField(
        label="公开渠道",
        max_length=100,
        help_text="例如县政府网站、政府公报。",
        error_messages={"required": "请填写公开渠道。"},
    )
    link = forms.CharField(
        label="网址或者版面", max_length=120, error_messages={"required": "请填写网址或者版面。"}
    )
    text = forms.CharField(
        label="页面上的文字",
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="从公开的页面上复制全文粘贴在这里，或者选择网页、Word 文件，与签发文本逐行核对。也可以公开以后再核对。",
    )
    file = forms.FileField(label="页面文件", required=False)
    field_order = ("on", "channel", "link", "text", "file")

    def prepare(self) -> None:
        """Today; no opinion."""
        self.fields["on"].initial = timezone.localdate()
        del self.fields["opinion"]


def page_content(form: StyledForm) -> tuple[bytes, str]:
    """What was pasted or uploaded, with a name that says what it is."""
    file, text = form.cleaned_data.get("file"), form.cleaned_data.get("text") or ""
    if isinstance(file, UploadedFile):
        return file.read(), file.name or "公开页面"
    return text.encode(), "公开页面.txt"
