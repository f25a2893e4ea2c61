"""Small things every page needs: icons, dates as officials write them, legal bases, values of catalogue fields."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django import template
from django.forms import BoundField
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from yifa.law.phrases import article_of, of_all
from yifa.law.phrases import day as in_chinese
from yifa.law.schema import Basis, FieldSpec, FieldType
from yifa.ledger.models import Record, Role, User
from yifa.procedures.scoring import written
from yifa.reporting.wording import printed
from yifa.workbench.lists.savedviews import offered
from yifa.workbench.rights import offering

if TYPE_CHECKING:
    from yifa.ledger.process.happened import Passage
    from yifa.workbench.figures.scope import Scope

register = template.Library()

BLANK = "—"


@register.simple_tag
def icon(name: str, extra: str = "") -> SafeString:
    """One icon of the sprite; its name must stand in package.json."""
    return format_html(
        '<svg class="icon {}" aria-hidden="true" fill="none" stroke="currentColor" stroke-width="1.75" '
        'stroke-linecap="round" stroke-linejoin="round"><use href="{}#{}"></use></svg>',
        extra,
        static("vendor/icons.svg"),
        name,
    )


@register.simple_tag
def bit(piece: Any) -> SafeString:
    """A stretch of a report's paragraph; a tag, since a report has hundreds and a template for each takes its time."""
    if not piece.rule:
        shape = '<mark class="y-typed" title="{1}">{0}</mark>' if piece.typed else "{0}"
        return format_html(shape, piece.text, piece.typed)
    if not piece.known:
        return format_html('<mark class="error">{}</mark>', piece.text)
    if not piece.address:
        return format_html("<strong>{}</strong>", piece.text)
    link = '<a class="y-figure" href="{1}" hx-get="{1}" hx-target="#side" title="看这个数字怎么来的">{0}</a>'
    return format_html(link, piece.text, piece.address)


@register.filter
def day(value: Any) -> str:
    """A date as 2026年3月5日."""
    if isinstance(value, datetime):
        value = timezone.localdate(value) if timezone.is_aware(value) else value.date()
    if isinstance(value, str):
        try:
            value = date.fromisoformat(value)
        except ValueError:
            return str(value)
    if not isinstance(value, date):
        return BLANK
    return in_chinese(value)


@register.filter
def moment(value: datetime | None) -> str:
    """A moment as 2026年3月5日 14:08."""
    if value is None:
        return BLANK
    return f"{day(value)} {timezone.localtime(value):%H:%M}"


register.filter("of_all", of_all)


@register.filter
def weekday(value: date | None) -> str:
    """周一 … 周日."""
    return f"周{'一二三四五六日'[value.weekday()]}" if value else ""


@register.filter
def basis(value: Basis | Mapping[str, Any] | None) -> str:
    """A legal basis as 《行政处罚法》第六十条."""
    if not value:
        return ""
    law = value.law if isinstance(value, Basis) else value.get("law")
    article = value.article if isinstance(value, Basis) else value.get("article")
    return article_of(str(law), article)


@register.filter
def left(days: int | None) -> str:
    """Days left, in words."""
    if days is None:
        return ""
    if days < 0:
        return f"逾期{-days}天"
    return "今天到期" if days == 0 else f"还剩{days}天"


@register.filter
def number(value: Any) -> str:
    """A number with thousands separated, without needless decimals."""
    if value is None:
        return BLANK
    if isinstance(value, float | Decimal):
        value = Decimal(str(value)).normalize()
        return f"{value:,f}"
    return f"{value:,}" if isinstance(value, int) else str(value)


@register.filter
def shown(value: Any, spec: FieldSpec | None = None) -> str:
    """A stored field value as people read it."""
    if value is None or value in ("", []):
        return BLANK
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list | tuple):
        return "；".join(str(item) for item in value)
    if spec is not None and spec.type is FieldType.MONEY:
        return f"{number(value)} 元"
    if spec is not None and spec.type is FieldType.NUMBER:
        return f"{number(value)}{' ' + spec.unit if spec.unit else ''}"
    if isinstance(value, date) or (spec is not None and spec.type is FieldType.DATE):
        return day(value)
    return str(value)


@register.filter
def cell(value: Any) -> str:
    """A value in a list: dates short, nothing as nothing."""
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None or value == "" else shown(value)


@register.filter
def get(mapping: Mapping[Any, Any] | None, key: Any) -> Any:
    """A value of a mapping by a variable key."""
    return mapping.get(key) if mapping else None


@register.simple_tag(takes_context=True)
def query(context: template.Context, **changes: Any) -> str:
    """The page's query string with some parameters changed; None removes one."""
    request: HttpRequest = context["request"]
    parameters = request.GET.copy()
    for key, value in changes.items():
        parameters.pop(key, None)
        if value is not None:
            parameters[key] = str(value)
    return f"?{parameters.urlencode()}"


@register.inclusion_tag("workbench/parts/saved_views.html", takes_context=True)
def saved_views(context: template.Context) -> dict[str, Any]:
    """The views somebody keeps of the page, and the form that keeps another."""
    return {"offered": offered(context["request"])}


@register.filter
def marked(text: str, words: Sequence[str]) -> SafeString:
    """A text with the words that were looked for made visible."""
    wanted = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
    parts = re.split(f"({wanted})", text, flags=re.IGNORECASE) if wanted else [text]
    return format_html_join("", "{}", ((_mark(part) if at % 2 else part,) for at, part in enumerate(parts)))


def _mark(part: str) -> SafeString:
    return format_html("<mark>{}</mark>", part)


@register.filter
def days_from(value: date | None, today: date) -> int | None:
    """Days from today until a date; negative when past."""
    return (value - today).days if value else None


@register.filter
def figure(counted: Any) -> str:
    """A counted or stored figure as reports print it; what is not counted says so and is not 0."""
    return printed(counted.status, counted.value, counted.unit)


@register.filter
def severity_word(severity: str) -> str:
    """错误, 提醒, 提示."""
    return {"error": "错误", "warning": "提醒"}.get(severity, "提示")


@register.filter
def severity_colour(severity: str) -> str:
    """The colour of a finding."""
    return {"error": "danger", "warning": "warning"}.get(severity, "primary")


@register.filter
def role(value: str) -> str:
    """A role as people call it."""
    return str(Role(value).label) if value in Role.values else value


@register.filter
def behalf(record: Record) -> str:
    """For whom it was recorded, where somebody acted for an absent one."""
    if '"behalf"' not in record.payload:
        return ""
    given = json.loads(record.payload).get("behalf") or {}
    return f"（代{given['name']}）" if "name" in given else ""


BROWSERS = (("Edg", "Edge"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
SYSTEMS = (
    ("Windows", "Windows"),
    ("Android", "安卓"),
    ("iPhone", "苹果手机"),
    ("Mac OS", "苹果电脑"),
    ("Linux", "Linux"),
)


@register.filter
def browser(agent: str) -> str:
    """A browser by the name people know, with its system; what it calls itself where neither is known."""
    program, system = (
        next((name for mark, name in known if mark in agent), "") for known in (BROWSERS, SYSTEMS)
    )
    return "，".join(one for one in (program and f"{program} 浏览器", system) if one) or agent


@register.filter
def points(value: Fraction) -> str:
    """Points of an assessment, two places at most."""
    return written(value)


MOST_OF_ALL = 99.9  # per cent, of what is not all


@register.filter
def share(value: float | None) -> str:
    """A share as a percentage with one place; not all is never 100%."""
    if value is None:
        return BLANK
    return f"{value * 100 if value >= 1 else min(value * 100, MOST_OF_ALL):.1f}%"


@register.filter
def step_query(passage: Passage, scope: Scope) -> str:
    """The address parameters that open a passage to its cases."""
    chosen = {"source": passage.source or "-", "target": passage.target}
    own = {"unit": scope.unit.code, "from": scope.start, "to": scope.end}
    return urlencode(own | chosen)


@register.filter
def opens(url: str, user: User) -> bool:
    """Whether a page lets the user in: `{% if url|opens:user %}`; a name of a page without arguments does, too."""
    return offering.opens(user, url if "/" in url or "#" in url else reverse(url))


@register.filter
def carried(field: BoundField) -> SafeString:
    """A field's value carried along unseen; without the id, which the field people see bears."""
    return field.as_hidden(attrs={"id": False})
