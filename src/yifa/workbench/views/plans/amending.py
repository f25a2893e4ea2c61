"""What forms that change a plan share: the reason once it is issued, and what the person saw when it was shown."""

from __future__ import annotations

from typing import Any

from django import forms

from yifa.planning.guarding import length
from yifa.planning.models import Plan, Task
from yifa.workbench.forms import StyledForm

REASON_HELP = "计划已印发，改动的理由会留痕。"


class TaskChoice(forms.ModelChoiceField):  # type: ignore[type-arg]  # not generic when it runs
    """A menu of tasks; sub-tasks of one title are told apart by their units."""

    def label_from_instance(self, obj: Task) -> str:
        """The task as menus name it."""
        return obj.in_menu


class SeenForm(StyledForm):
    """Carries the length of the plan's chain along (`initial`), so that the slower of two people is told."""

    seen = forms.IntegerField(required=False, widget=forms.HiddenInput())

    def __init__(self, *args: Any, plan: Plan, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.plan = plan

    def overtaken(self) -> None:
        """Draws what was sent with the chain's length of now: who sends it again has been told."""
        self.show_again(seen=str(length(self.plan)))


class ReasonForm(SeenForm):
    """Why an issued plan is changed; a draft asks nothing."""

    reason = forms.CharField(label="理由", required=False, max_length=500, help_text=REASON_HELP)

    def __init__(self, *args: Any, plan: Plan, **kwargs: Any) -> None:
        super().__init__(*args, plan=plan, **kwargs)
        if plan.state != Plan.State.ISSUED:
            del self.fields["reason"]

    @property
    def given_reason(self) -> str:
        """The reason, or nothing."""
        return str(self.cleaned_data.get("reason") or "")
