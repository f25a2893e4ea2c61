"""Help: the manual, the glossary, the guided first hour."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_POST

from yifa.ledger.installation.options import guide_is_on, switch_guide
from yifa.ledger.models import Role
from yifa.workbench.helping.guide import begin, progress_of, role_of, steps_for, ticked
from yifa.workbench.helping.manual import chapter, picture
from yifa.workbench.helping.terms import terms
from yifa.workbench.rights.access import SignedInRequest, has_role
from yifa.workbench.rights.offering import only_what_opens


@login_required
def help_page(request: SignedInRequest, name: str = "") -> HttpResponse:
    """A chapter of the manual; the table of contents first."""
    found = chapter(name)
    if found is None and name:
        raise Http404("手册里没有这一页。")
    context = {
        "title": found.title if found else "帮助",
        "body": mark_safe(only_what_opens(found.body, request.user)) if found else "",  # noqa: S308 - our own files
        "first": not name,
        "crumbs": [("帮助", reverse("help"))] if name else [],
        "guide_on": guide_is_on(),
        "switches": has_role(request.user, (Role.SYSTEM,)),
    }
    return render(request, "workbench/help/chapter.html", context)


@login_required
def help_picture(request: SignedInRequest, name: str) -> HttpResponse:
    """A picture of the manual."""
    path = picture(name)
    if path is None:
        raise Http404("没有这幅图。")
    return HttpResponse(path.read_bytes(), content_type="image/png")


@login_required
def help_terms(request: SignedInRequest) -> HttpResponse:
    """The glossary."""
    words = request.GET.get("q", "").strip()
    groups, cut = terms(words)
    context = {
        "title": "术语",
        "crumbs": [("帮助", reverse("help"))],
        "groups": groups,
        "cut": cut,
        "words": words,
    }
    return render(request, "workbench/help/terms.html", context)


@login_required
def guide(request: SignedInRequest) -> HttpResponse:
    """The first tasks, asked for by the first page; on its own where opened as a page."""
    progress = progress_of(request.user)
    tasks = ticked(request.user, progress)
    role = role_of(request.user)
    context = {
        "title": "第一个小时",
        "crumbs": [("帮助", reverse("help"))],
        "tasks": tasks,
        "done": sum(done for _, done in tasks),
        "role": role.label if role else "",
    }
    part = bool(getattr(request, "htmx", False))
    return render(request, f"workbench/help/{'guide_card' if part else 'guide'}.html", context)


@login_required
def guide_step(request: SignedInRequest, step: str) -> HttpResponse:
    """To a task's page; that it was opened is remembered."""
    found = next((one for one in steps_for(request.user) if one.id == step), None)
    if found is None:
        raise Http404("没有这一步。")
    progress = progress_of(request.user)
    if step not in progress.opened:
        progress.opened = [*progress.opened, step]
        progress.save(update_fields=["opened"])
    return redirect(found.url)


@require_POST
@login_required
def change_guide(request: SignedInRequest) -> HttpResponse:
    """Hide the guide, begin it anew, or (the system administrator) switch it on or off for all."""
    do = request.POST.get("do", "")
    if do in {"on", "off"} and has_role(request.user, (Role.SYSTEM,)):
        switch_guide(do == "on")
        messages.success(request, "已开启首次使用引导。" if do == "on" else "已关闭首次使用引导。")
        return redirect("help")
    if do == "again":
        begin(request.user)
    elif do == "hide":
        progress = progress_of(request.user)
        progress.hidden = True
        progress.save(update_fields=["hidden"])
        messages.info(request, "引导已收起。要再看，点左下角“帮助”里的“第一个小时”。")
    return redirect("home" if do == "hide" else "guide")
