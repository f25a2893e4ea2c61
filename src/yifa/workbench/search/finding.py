"""Looking for words in everything: cases, registers, papers and files, reports, tasks, laws; within one's reach.

Cases are found by the index of pairs of characters. What hangs on cases is looked for in those it proposes, so that
nothing goes through a million of them; the other tables are small.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property, reduce
from itertools import islice
from operator import and_, or_

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from yifa.documents.models import CaseDocument
from yifa.documents.shelf import shelf
from yifa.law.loader import catalogue
from yifa.ledger.models import Attachment, Case, CaseAct, Entry, Organization, User
from yifa.ledger.search.queries import CaseFilter, looked_for, newest
from yifa.ledger.search.searching import Search
from yifa.planning.models import Plan, Task
from yifa.reporting.models import Section
from yifa.reporting.placeholders import split
from yifa.workbench.reports.access import reports_for
from yifa.workbench.rights.access import plans_for

HUNG = 200  # cases in whose papers and files is looked
ROUND = 28  # characters shown before and after a word
MADE_KEY = re.compile(r"[0-9a-f]{32}")  # a key the program made, which says nothing to a reader
KINDS = {
    "cases": "事项",
    "entries": "清单条目",
    "documents": "文书",
    "files": "附件",
    "tasks": "工作任务",
    "reports": "年度报告",
    "laws": "法律法规",
}


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing found. `snippet`: the words around what was looked for, where the title does not say it."""

    title: str
    url: str
    about: str = ""
    snippet: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """What was found of one kind; `more`: there is more than is shown; `many`: only the newest cases were looked at."""

    kind: str
    title: str
    hits: tuple[Hit, ...]
    more: bool
    many: bool = False


class Finder:
    """One search. `unit` with all below it, `year` where these narrow it."""

    def __init__(
        self, user: User, text: str, today: date, unit: Organization | None = None, year: int | None = None
    ) -> None:
        self.user, self.words, self.today, self.unit, self.year = user, text.split()[:6], today, unit, year

    def found(self, kinds: Iterable[str], most: int) -> list[Found]:
        """What is found of some kinds, at most so much of each; kinds without any left out."""
        results = []
        for kind in kinds:
            hits = tuple(islice(getattr(self, f"_{kind}")(most + 1), most + 1)) if self.words else ()
            if hits:
                many = kind in {"cases", "documents", "files"} and self._search.many
                results.append(Found(kind, KINDS[kind], hits[:most], len(hits) > most, many))
        return results

    def _in_all(self, *fields: str, words: Sequence[str] | None = None) -> Q:
        """Each word stands in one of the fields."""
        wanted = self.words if words is None else words
        each = (reduce(or_, (Q(**{f"{name}__icontains": word}) for name in fields)) for word in wanted)
        return reduce(and_, each, Q())

    def _within(self, path: str) -> Q:
        return Q(**{f"{path}__startswith": self.unit.path}) if self.unit else Q()

    def _wanted(self, words: Sequence[str]) -> CaseFilter:
        first, last = (date(self.year, 1, 1), date(self.year, 12, 31)) if self.year else (None, None)
        return CaseFilter(text=" ".join(words), organization=self.unit, opened_from=first, opened_to=last)

    @cached_property
    def _search(self) -> Search:
        return looked_for(self.user, self._wanted(self.words))

    def _cases(self, most: int) -> Iterable[Hit]:
        kinds = catalogue().case_types
        for case in newest(self.user, self._wanted(self.words), self.today, self._search, most):
            kind = kinds[case.case_type].title if case.case_type in kinds else ""
            about = f"{kind} · {case.organization} · {case.opened_on or '未登记'} · {case.status}"
            yield Hit(case.title, reverse("case", args=[case.pk]), about, case.number)

    def _entries(self, most: int) -> Iterable[Hit]:
        rows = Entry.objects.for_user(self.user).filter(
            self._in_all("title", "key"), self._within("organization__path")
        )
        if self.year:
            begun = Q(begins__isnull=True) | Q(begins__year__lte=self.year)
            rows = rows.filter(begun, Q(ends__isnull=True) | Q(ends__year__gte=self.year))
        registers = catalogue().registers
        for entry in rows.select_related("organization").order_by("register", "key")[:most]:
            register = registers[entry.register].title if entry.register in registers else ""
            about = f"{register} · {entry.organization}" + ("（已撤下）" if entry.withdrawn else "")
            key = "" if MADE_KEY.match(entry.key) else entry.key
            yield Hit(entry.title, reverse("entry", args=[entry.pk]), about, key)

    def _hung_on(self, words: Sequence[str]) -> list[Case]:
        """The newest cases that answer some words: what hangs on them is looked through."""
        wanted = self._wanted(words)
        found = self._search if list(words) == self.words else looked_for(self.user, wanted)
        return newest(self.user, wanted, self.today, found, HUNG)

    def _documents(self, most: int) -> Iterable[Hit]:
        """Papers: words that some template's name has are looked for in the paper's, the others in the case."""
        names = [one.title for one in shelf().templates.values()]
        own = [word for word in self.words if any(word in name for name in names)]
        of_cases = {case.pk: case for case in self._hung_on([word for word in self.words if word not in own])}
        rows = CaseDocument.objects.filter(
            self._in_all("title", words=own), case__in=list(of_cases), withdrawn=False
        )
        for paper in rows.order_by("-made_at")[:most]:
            case = of_cases[paper.case_id]
            yield Hit(
                paper.title,
                reverse("document", args=[paper.pk]),
                f"{case.organization} · {timezone.localdate(paper.made_at)}",
                case.title,
            )

    def _files(self, most: int) -> Iterable[Hit]:
        """Evidence of acts and its files, in the cases found; and whatever of them bears one of the words."""
        of_cases = {case.pk: case for case in self._hung_on(self.words)}
        acts = (
            CaseAct.objects.filter(case__in=list(of_cases))
            .exclude(evidence=[])
            .order_by("-happened_on", "-pk")
        )
        rows = [(act, paper) for act in acts for paper in act.evidence if paper.get("attachment")]
        names = Attachment.objects.in_bulk({paper["attachment"] for _, paper in rows})
        for act, paper in rows:
            file = names.get(paper["attachment"])
            said = f"{paper['title']} {file.name if file else ''}"
            if any(word.lower() in said.lower() for word in self.words):
                url = reverse("attachment", args=[act.case_id, paper["attachment"]])
                yield Hit(
                    paper["title"],
                    url,
                    f"{of_cases[act.case_id].title} · {act.happened_on}",
                    file.name if file else "",
                )

    def _tasks(self, most: int) -> Iterable[Hit]:
        rows = Task.objects.filter(self._in_all("title", "text"), plan__in=plans_for(self.user).values("pk"))
        rows = rows.filter(self._within("plan__organization__path"))
        if self.year:
            rows = rows.filter(plan__year=self.year)
        for task in rows.select_related("plan").order_by("-plan__year", "place")[:most]:
            withdrawn = task.plan.state == Plan.State.WITHDRAWN
            yield Hit(
                str(task),
                reverse("task_evidence", args=[task.pk]),
                f"{task.plan.title}{'（已撤回）' if withdrawn else ''} · {task.state_label}",
                self._around(task.text),
            )

    def _reports(self, most: int) -> Iterable[Hit]:
        mine = reports_for(self.user).filter(self._within("organization__path"))
        if self.year:
            mine = mine.filter(year=self.year)
        rows = Section.objects.filter(
            self._in_all("title", "text", "report__title"), report__in=mine.values("pk")
        )
        for section in rows.select_related("report").order_by("-report__year", "report_id", "order")[:most]:
            url = f"{reverse('report', args=[section.report_id])}#section-{section.pk}"
            yield Hit(
                f"{section.number}{section.title}",
                url,
                section.report.title,
                self._around(_without_figures(section.text)),
            )

    def _laws(self, most: int) -> Iterable[Hit]:
        for law in catalogue().laws:
            said = " ".join(filter(None, [law.title, law.short, *law.aliases, law.number, law.issuer]))
            if all(word.lower() in said.lower() for word in self.words):
                yield Hit(
                    law.title,
                    reverse("law", args=[law.id]),
                    " · ".join(filter(None, [law.issuer, law.number])),
                )

    def _around(self, text: str) -> str:
        """The text around the first word that stands in it."""
        flat = " ".join(text.split())
        places = [at for word in self.words if (at := flat.lower().find(word.lower())) >= 0]
        if not places:
            return ""
        first, last = max(0, min(places) - ROUND), min(places) + 2 * ROUND
        return f"{'…' * (first > 0)}{flat[first:last]}{'…' * (last < len(flat))}"


def _without_figures(text: str) -> str:
    """What a section says; its figures, which are not in the text, left open."""
    return "".join(part if isinstance(part, str) else "…" for part in split(text))
