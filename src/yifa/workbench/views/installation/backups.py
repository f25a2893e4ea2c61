"""Backups for the system administrator: what is in them, when the last was made; make, look over, take away."""

from __future__ import annotations

import sqlite3

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from yifa.law.errors import YifaError
from yifa.ledger.actions import NoteBackup
from yifa.ledger.installation.backups import back_up, path_of_backup, verify_backup
from yifa.ledger.installation.backups import backups as known_backups
from yifa.ledger.installation.trouble import in_words
from yifa.ledger.refusal import ActionRefused
from yifa.workbench.rights.access import SignedInRequest

OLD_DAYS = 7  # after which the page says that a backup is due


@login_required
def backups(request: SignedInRequest) -> HttpResponse:
    """The backups; a new one on demand."""
    if request.method == "POST":
        return _made(request)
    found = known_backups()
    newest = next((one.made_at for one in found if one.made_at is not None), None)
    days = (timezone.now() - newest).days if newest is not None else None
    context = {
        "title": "备份",
        "rows": [(one, cache.get(_key(one.name))) for one in found],
        "newest": newest,
        "due": days is None or days >= OLD_DAYS,
        "place": settings.DATA,
        "embedded": connection.vendor == "sqlite",
    }
    return render(request, "workbench/backups.html", context)


def _made(request: SignedInRequest) -> HttpResponse:
    try:
        path = back_up(request.user)
    except YifaError as refused:
        messages.error(request, refused.message)
    except (OSError, sqlite3.Error, DatabaseError) as error:
        words = in_words(error) or "写不了文件，请检查服务器磁盘空间和数据文件夹的权限。"
        messages.error(request, f"没有备份成。{words}")
    else:
        messages.success(request, f"已备份到 {path.name}。请下载一份存到另一台机器上。")
    return redirect("backups")


def _key(name: str) -> str:
    return f"backup-verified-{name}"


@require_POST
@login_required
def verify_one(request: SignedInRequest, name: str) -> HttpResponse:
    """Read a backup through."""
    path = path_of_backup(name)
    if path is None:
        raise Http404("没有这份备份。")
    faults = verify_backup(path)
    cache.set(_key(name), (timezone.now(), len(faults)), None)
    if faults:
        more = f"等 {len(faults)} 处" if len(faults) > 1 else ""
        messages.error(request, f"{name} 不能用：{faults[0]}{more}")
    else:
        messages.success(request, f"{name} 已通读一遍，内容完整，与备份时一致。")
    return redirect("backups")


@require_POST
@login_required
def take_backup(request: SignedInRequest, name: str) -> HttpResponse | FileResponse:
    """The file itself; that it left the server is recorded first."""
    path = path_of_backup(name)
    if path is None:
        raise Http404("没有这份备份。")
    try:
        NoteBackup(actor=request.user, name=name, taken=True).execute()
    except ActionRefused as refused:
        messages.error(request, refused.message)
        return redirect("backups")
    return FileResponse(path.open("rb"), as_attachment=True, filename=name)
