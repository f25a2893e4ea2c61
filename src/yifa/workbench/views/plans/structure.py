"""How one task hangs together: its sentences and sub-tasks, what it was merged from, where it comes from, its clauses."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from yifa.ledger.models import Entry
from yifa.ledger.refusal import ActionRefused
from yifa.planning import structure
from yifa.planning.actions import (
    GatherParts,
    LetGoProblem,
    LinkClauses,
    MergeTasks,
    Part,
    SplitTask,
    UndoMerge,
    UnlinkClause,
)
from yifa.planning.actions.merging import last_merge
from yifa.planning.clauses import clauses_for
from yifa.planning.guarding import length, refuse_overtaken
from yifa.planning.models import SHOWN, Plan, Task, TaskClause, TaskOrigin
from yifa.workbench.forms import StyledForm
from yifa.workbench.forms.given import named, whole
from yifa.workbench.rights.access import SignedInRequest, plans_for, require_here
from yifa.workbench.views.plans.amending import ReasonForm
from yifa.workbench.views.plans.showing import may_edit


class SplitForm(ReasonForm):
    """Which sentence goes into which sub-task, and further sub-tasks in own words."""

    more = forms.CharField(
        label="自拟的子任务",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="每行一项。",
    )

    def __init__(self, *args: Any, task: Task, **kwargs: Any) -> None:
        super().__init__(*args, plan=task.plan, **kwargs)
        self.sentences = structure.sentences(task)
        for number, sentence in enumerate(self.sentences):
            self.fields[f"into_{number}"] = forms.IntegerField(
                required=False,
                min_value=1,
                max_value=50,
                initial=number + 1 if len(self.sentences) > 1 else None,
                widget=forms.NumberInput(
                    attrs={"class": "form-control", "aria-label": f"“{sentence.text[:20]}”归入第几项子任务"}
                ),
                error_messages={
                    "min_value": "序号从 1 开始。",
                    "max_value": "最多 50 项。",
                    "invalid": "请写数字。",
                },
            )
        self.order_fields([*(f"into_{n}" for n in range(len(self.sentences))), "more", "reason"])

    def rows(self) -> list[tuple[structure.Sentence, forms.BoundField]]:
        """Each sentence with its field."""
        return [(sentence, self[f"into_{number}"]) for number, sentence in enumerate(self.sentences)]

    def parts(self) -> list[Part]:
        """The sub-tasks in the order of their numbers, then those in own words."""
        groups: dict[int, list[structure.Sentence]] = {}
        for number, sentence in enumerate(self.sentences):
            into = self.cleaned_data.get(f"into_{number}")
            if into:
                groups.setdefault(into, []).append(sentence)
        found = [
            Part(text="".join(one.text for one in group), start=group[0].start, end=group[-1].end)
            for _, group in sorted(groups.items())
        ]
        lines = str(self.cleaned_data.get("more") or "").splitlines()
        return [*found, *(Part(text=line) for line in lines if line.strip())]


class MergeForm(ReasonForm):
    """Which tasks are merged into this one, and the new title."""

    others = forms.ModelMultipleChoiceField(
        Task.objects.none(),
        label="并入的任务",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "请选择要并入的任务。"},
    )
    title = forms.CharField(label="合并后的标题", max_length=200)

    def __init__(self, *args: Any, task: Task, **kwargs: Any) -> None:
        super().__init__(*args, plan=task.plan, initial={"title": task.title}, **kwargs)
        self.fields["others"].queryset = mergeable(task)  # type: ignore[attr-defined]
        self.order_fields(["others", "title", "reason"])


class ClauseForm(StyledForm):
    """A clause of a plan of several years."""

    clause = forms.ModelChoiceField(
        Entry.objects.none(),
        label="规划条目",
        empty_label="（请选择）",
        error_messages={"required": "请选择规划条目。"},
    )

    def __init__(self, *args: Any, clauses: list[Entry], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["clause"]
        field.queryset = Entry.objects.filter(pk__in=[entry.pk for entry in clauses]).order_by("key")  # type: ignore[attr-defined]
        field.label_from_instance = lambda entry: f"{entry.key} {entry.title[:50]}"  # type: ignore[attr-defined]


def mergeable(task: Task) -> Any:
    """The tasks of the same level that have no sub-tasks."""
    same = Task.objects.filter(plan_id=task.plan_id, parent_id=task.parent_id, division="")
    return same.exclude(pk=task.pk)


def seen_task(request: SignedInRequest, task_id: int) -> Task:
    """A task the user may look at, with what the page shows; a cancelled one too."""
    rows = (
        Task.everything.filter(merged_into=None)
        .select_related("plan__organization", "chapter", "parent")
        .prefetch_related(*SHOWN, "origins__entry", "origins__case", "clauses__clause")
    )
    return get_object_or_404(rows, pk=task_id, plan__in=plans_for(request.user))


def _split(request: SignedInRequest, task: Task) -> str:
    form = SplitForm(request.POST, task=task)
    if not form.is_valid():
        raise ActionRefused("拆分的序号不对：请写 1 到 50 的数字，不拆的留空。", code="invalid")
    parts = SplitTask(actor=request.user, task=task, parts=form.parts(), reason=form.given_reason).execute()
    return f"已拆成 {len(parts)} 项子任务。"


def _gather(request: SignedInRequest, task: Task) -> str:
    GatherParts(actor=request.user, task=task, reason=request.POST.get("reason", "")).execute()
    return "子任务已合并，原来的子任务和填报仍可查看。"


def _merge(request: SignedInRequest, task: Task) -> str:
    form = MergeForm(request.POST, task=task)
    if not form.is_valid():
        raise ActionRefused(str(next(iter(form.errors.values()))[0]), code="invalid")
    given = form.cleaned_data
    MergeTasks(
        actor=request.user, task=task, others=list(given["others"]), title=given["title"], reason=form.given_reason
    ).execute()  # fmt: skip
    return "已合并；需要时可以撤销合并。"


def _undo(request: SignedInRequest, task: Task) -> str:
    back = UndoMerge(actor=request.user, task=task, reason=request.POST.get("reason", "")).execute()
    return f"已撤销合并，恢复 {len(back)} 项。"


def _link(request: SignedInRequest, task: Task) -> str:
    form = ClauseForm(request.POST, clauses=clauses_for(task.plan))
    if not form.is_valid():
        raise ActionRefused("请选择规划条目。", code="invalid")
    LinkClauses(actor=request.user, plan=task.plan, pairs=[(task, form.cleaned_data["clause"])]).execute()
    return "已关联规划条目。"


def _unlink(request: SignedInRequest, task: Task) -> str:
    link = named(TaskClause.objects.filter(task=task), request.POST.get("link"))
    UnlinkClause(actor=request.user, link=link, reason=request.POST.get("why", "")).execute()
    return "已取消关联。"


def _let_go(request: SignedInRequest, task: Task) -> str:
    origin = named(TaskOrigin.objects.filter(task=task), request.POST.get("origin"))
    LetGoProblem(actor=request.user, origin=origin, reason=request.POST.get("why", "")).execute()
    return "已取消与这个问题的关联。"


DOINGS: Mapping[str, Callable[[SignedInRequest, Task], str]] = {
    "split": _split, "gather": _gather, "merge": _merge, "undo": _undo,
    "link": _link, "unlink": _unlink, "let_go": _let_go,
}  # fmt: skip


@login_required
def task_structure(request: SignedInRequest, task_id: int) -> HttpResponse:
    """Look at how a task hangs together; divide it, merge it, link it."""
    task = seen_task(request, task_id)
    refused: ActionRefused | None = None
    doing = request.POST.get("do", "")
    if request.method == "POST":
        require_here(request, task.plan.organization)
        try:
            if doing not in DOINGS:
                raise ActionRefused("不知道要做什么，请重新选择。", code="invalid")
            with transaction.atomic():
                around = [task, *task.parts.all(), *Task.everything.filter(merged_into=task)]
                refuse_overtaken(task.plan, whole(request.POST.get("seen")), [one.order for one in around])
                done = DOINGS[doing](request, task)
            messages.success(request, done)
            return redirect("task_structure", task_id=task.pk)
        except ActionRefused as error:
            refused = error
            task = seen_task(request, task_id)
    context = _context(request, task, doing) | {"refused": refused}
    status = 422 if refused else 200
    return render(request, "workbench/plans/structure.html", context, status=status)


def _context(request: SignedInRequest, task: Task, doing: str) -> dict[str, Any]:
    posted: Callable[[str], Any] = lambda name: request.POST if doing == name else None  # noqa: E731
    editing = may_edit(request.user, task.plan) and not task.cancelled
    linked = {link.clause_id for link in task.clauses.all()}
    clauses = [entry for entry in clauses_for(task.plan) if entry.pk not in linked] if editing else []
    merged = Task.everything.filter(merged_into=task).prefetch_related("progress", "evidence", *SHOWN)
    return {
        "title": f"{task.number}{task.title}",
        "task": task,
        "plan": task.plan,
        "seen": length(task.plan),
        "source": task.plan.source_text[task.source_start : task.source_end],
        "bearers": _by_level(task),
        "parts": list(task.parts.all()),
        "merged": list(merged),
        "may_edit": editing,
        "may_restore": task.cancelled and may_edit(request.user, task.plan),
        "issued": task.plan.state == Plan.State.ISSUED,
        "split": SplitForm(posted("split"), task=task) if editing and _may_split(task) else None,
        "merge": MergeForm(posted("merge"), task=task) if editing and not task.division else None,
        "undo": editing and not task.division and last_merge(task) is not None,
        "clauses": ClauseForm(posted("link"), clauses=clauses) if clauses else None,
        "crumbs": [("工作要点", reverse("plans")), (task.plan.title, reverse("plan", args=[task.plan_id]))],
    }


def _may_split(task: Task) -> bool:
    return not task.is_part and task.division != Task.Division.LEADS


def _by_level(task: Task) -> list[tuple[str, str]]:
    found: dict[str, list[str]] = {}
    for bearer in task.bearers.all():
        found.setdefault(bearer.get_level_display(), []).append(bearer.name)
    return [(level, "、".join(names)) for level, names in found.items()]
