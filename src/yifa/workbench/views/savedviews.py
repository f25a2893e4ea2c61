"""The views somebody keeps: saved on a list, renamed, made what the list opens with, deleted and brought back."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render

from yifa.workbench.forms.given import named
from yifa.workbench.lists.savedviews import ViewRefusedError, choose, page_title, rename, save_view
from yifa.workbench.models import SavedView
from yifa.workbench.rights.access import SignedInRequest


@login_required
def saved_views(request: SignedInRequest) -> HttpResponse:
    """All views of the user; a form of theirs, or of a list, sent."""
    if request.method == "POST":
        try:
            return _changed(request)
        except ViewRefusedError as refused:
            messages.error(request, refused.message)
            return redirect(_back(request))
    rows = [(one, page_title(one.page)) for one in SavedView.objects.filter(user=request.user)]
    return render(request, "workbench/saved_views.html", {"title": "我的视图", "rows": rows})


def _back(request: SignedInRequest) -> str:
    """The list the form was sent from; never another site."""
    page, query = request.POST.get("page", ""), request.POST.get("query", "").lstrip("?")
    return f"{page}?{query or 'view=all'}" if page_title(page) else "saved_views"


def _changed(request: SignedInRequest) -> HttpResponse:
    what, name = request.POST.get("what", ""), request.POST.get("name", "")
    if what == "save":
        page, query = request.POST.get("page", ""), request.POST.get("query", "")
        kept = save_view(request.user, page, name, query, chosen=bool(request.POST.get("chosen")))
        messages.success(request, f"已保存视图“{kept}”，首页和这个列表上都能打开。")
        return redirect(kept.url if not request.POST.get("again") else "saved_views")
    view = named(SavedView.objects.filter(user=request.user), request.POST.get("view"))
    if what == "rename":
        rename(view, name)
        messages.success(request, f"已改名为“{view}”。")
    elif what in {"choose", "leave"}:
        choose(view, chosen=what == "choose")
        said = f"以后打开“{page_title(view.page)}”时就是“{view}”。" if view.chosen else "已取消默认打开。"
        messages.success(request, said)
    elif what == "delete":
        view.delete()
        rows = [(one, page_title(one.page)) for one in SavedView.objects.filter(user=request.user)]
        context = {"title": "我的视图", "rows": rows, "gone": view}
        return render(request, "workbench/saved_views.html", context)
    return redirect("saved_views")
