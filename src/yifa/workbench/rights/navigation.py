"""What stands in the side bar, and for whom: what the pages declare."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from yifa.ledger.models import Organization
from yifa.workbench.helping.guide import is_offered
from yifa.workbench.rights.access import administers, has_role
from yifa.workbench.rights.permits import PERMITS


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the side bar."""

    title: str
    icon: str
    url: str
    active: bool


# title, icon, url name, prefix of the paths below it
ITEMS = (
    ("首页", "home", "home", None),
    ("搜索", "search", "search", "/search/"),
    ("时限日历", "history", "clocks", "/clocks/"),
    ("工作日历", "calendar", "calendar", "/calendar/"),
    ("工作要点", "list-check", "plans", "/plans/"),
    ("事项台账", "folders", "cases", "/cases/"),
    ("清单名录", "notebook", "registers", "/registers/"),
    ("数字", "chart-bar", "figures", "/figures/"),
    ("办理过程", "history", "process", "/process/"),
    ("缺口清单", "alert-triangle", "gaps", "/gaps/"),
    ("年度报告", "file-text", "reports", "/reports/"),
    ("考核", "circle-check", "assessments", "/assessment/"),
    ("监督检查", "shield-check", "supervision", "/supervision/"),
    ("文稿体检", "stethoscope", "check", "/check/"),
    ("法律法规", "scale", "laws", "/laws/"),
)
FOR_SOME = (
    ("导入和对账", "table", "exchange", "/exchange/"),
    ("台账核验", "shield-check", "verification", "/ledger/"),
    ("单位与人员", "users", "people", "/people/"),
    ("备份", "archive", "backups", "/backups/"),
    ("管理日志", "history", "journal", "/journal/"),
)
FOR_ADMINISTRATORS = {"home", "laws", "calendar"}  # of what all see, what concerns them too


def navigation(request: HttpRequest) -> dict[str, Any]:
    """Context of every page: the body's name and the side bar of the signed-in user."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"side_bar": [], "body_name": ""}
    only = administers(user)
    rows = [row for row in ITEMS if not only or row[2] in FOR_ADMINISTRATORS]
    rows += [row for row in FOR_SOME if has_role(user, PERMITS[row[2]].opens.roles)]
    here = request.path
    items = [
        Item(title, icon, reverse(name), here == "/" if prefix is None else here.startswith(prefix))
        for title, icon, name, prefix in rows
    ]
    body = Organization.objects.body()
    name = body.name if body else ""
    return {"side_bar": items, "body_name": name, "guide_offered": here == "/" and is_offered(user)}
