"""What the report says of its own accord: sentences that records carry, and drafts for the required sections."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import groupby
from typing import Any

from yifa.law.datafiles import beside
from yifa.law.loader import Catalogue
from yifa.law.phrases import day
from yifa.law.schema import AboutPerson, Exhibit, SectionType, Sentence
from yifa.ledger.figures.gaps import Finding, gap_type
from yifa.ledger.models import Organization
from yifa.procedures.model import FindingKind
from yifa.reporting.computed import Computed
from yifa.reporting.exhibits import written
from yifa.reporting.facts import FAULTS, PLAN_TASKS, PRINCIPALS, fault_rule, principals
from yifa.reporting.figurebook import FigureBook, narrowed
from yifa.reporting.overdue import overdue_of
from yifa.reporting.phrasing import in_order, merged, plain, required
from yifa.reporting.placeholders import Placeholder, fill, placeholders, without_nothing
from yifa.reporting.wording import NO_POWER, period

MOST_ITEMS, MOST_UNITS, MOST_NAMED = 6, 3, 10
YEAR_END, PERIOD_END = "年末", "统计期末"


@lru_cache(maxsize=1)
def _words() -> Mapping[str, Any]:
    words: Mapping[str, Any] = beside(__file__, "drafts.yaml")
    return words


@dataclass(frozen=True, slots=True)
class Overdue:
    """A deadline that was not kept, with the figure that counts the cases."""

    title: str
    clock: str
    figure: Computed


class Drafter:
    """Writes the sections of one report from its figures."""

    def __init__(
        self,
        organization: Organization,
        year: int,
        end: date,
        book: FigureBook,
        catalogue: Catalogue,
        *,
        person: tuple[AboutPerson, str] | None = None,
    ) -> None:
        self._organization, self._book, self._catalogue = organization, book, catalogue
        self._start, self._end = date(year, 1, 1), end
        self.names = {
            "organization": organization.name_on(end),
            "year": str(year),
            "next_year": str(year + 1),
            "period": period(self._start, end),
            "cutoff": day(end),
            "date": day(end),
            "last_year": str(year - 1),
            **({"subject": person[1]} if person else {}),
        }
        self._person = person
        self._drafts: Mapping[str, Callable[[], str]] = {
            "shortcomings": self._shortcomings,
            "causes": self._causes,
            "next_year": self._next_year,
            "first_responsible": self._first_responsible,
            "other": self._other,
        }
        self._year_end = YEAR_END if (end.month, end.day) == (12, 31) else PERIOD_END
        self._finding = Finding(organization, end)
        self._late: tuple[Overdue, ...] | None = None
        self._faults: tuple[tuple[FindingKind, Computed], ...] | None = None

    def filled(self, text: str) -> str:
        """Prose with names, year, period and cut-off written out."""
        return fill(text, self.names)

    def section(self, section: SectionType, outline: Sequence[SectionType]) -> str:
        """The text of a section, a paragraph a line."""
        if section.needs is not None and self._shows_nothing(Placeholder(section.needs.figure)):
            return self.filled(section.needs.without)
        said = self._sentences(section.sentences)
        paragraphs = [said] if said else []
        if section.required and not any(child.required == section.required for child in section.sections):
            paragraphs += [
                self._drafts[kind]() for kind in self._kinds(section, outline) if kind in self._drafts
            ]
        paragraphs += [self._plan()] if section.plan else []
        paragraphs += [self._gaps(gap) for gap in section.gaps]
        if not any(paragraphs) and section.otherwise:
            paragraphs.append(self.filled(section.otherwise))
        paragraphs += [self._exhibit(exhibit) for exhibit in section.exhibits]
        return "\n".join(paragraph for paragraph in paragraphs if paragraph)

    def _gaps(self, name: str) -> str:
        """The things of a gap list by name: 「没有履职记录的职责：甲；乙。」; nothing where all is in order."""
        kind = gap_type(name)
        if self._person is not None:
            about, subject = self._person
            field = about.registers.get(kind.register_ or "") or about.facts.get(kind.case_type or "")
            if field is not None:
                kind = kind.model_copy(update={"where": narrowed(kind.where, field, subject)})
        gaps = self._finding.gaps(kind)
        found = dict.fromkeys(gap.title for gap in gaps)
        units = all(gap.kind == "organization" for gap in gaps)
        named = ("、" if units else "；").join(list(found)[:MOST_NAMED])
        rest = f"等{len(found)}{'个单位' if units else '项'}" if len(found) > MOST_NAMED else ""
        return f"{kind.title}：{named}{rest}。" if found else ""

    def _exhibit(self, exhibit: Exhibit) -> str:
        """The line of a table or chart, with those of its figures that have been counted."""
        figures = [figure for rule in exhibit.figures if (figure := self._book.get(rule)) is not None]
        counted = [figure for figure in figures if figure.counted and figure.value is not None]
        if all(figure.nothing for figure in counted):
            return ""
        shown = [figure.rule for figure in counted if exhibit.zeros or not figure.nothing]
        return written(exhibit, self.filled(exhibit.title), shown)

    @staticmethod
    def _kinds(section: SectionType, outline: Sequence[SectionType]) -> list[str]:
        """What a section has to say; shortcomings and causes together where the outline keeps them in one."""
        kinds = [str(section.required)]
        if section.required == "shortcomings" and "causes" not in set(required(outline)):
            kinds.append("causes")
        return kinds

    def _sentences(self, sentences: Sequence[Sentence]) -> str:
        said: list[str] = []
        missing: list[str] = []
        for sentence in sentences:
            figures = [
                self._book.get(placeholder.rule) for placeholder in placeholders(self.filled(sentence.text))
            ]
            known = [figure for figure in figures if figure is not None]
            missing += [figure.title for figure in known if figure.status == "not_collected"]
            if any(not figure.counted for figure in known):
                if any(figure.status == "no_power" for figure in known):
                    said.append(NO_POWER)
                continue
            nothing = known and all(f.nothing for f in known)
            for text in [sentence.when_zero] if nothing else self._for_each(sentence):
                if text:
                    full = text.replace(YEAR_END, self._year_end)
                    said.append(self.filled(without_nothing(full, self._shows_nothing)))
        written = [text for text in said if text != NO_POWER]
        if missing:
            titles = "、".join(f"“{title}”" for title in dict.fromkeys(missing))
            written.append(f"{titles}的数据尚未采集，本报告不作统计。")
        return "".join(merged(written)) or (f"{NO_POWER}。" if said else "")

    def _shows_nothing(self, called: Placeholder) -> bool:
        figure = self._book.get(called.rule)
        if figure is None or called.part is None or not figure.counted:
            return figure is None or figure.nothing
        return not figure.parts.get(called.part)

    def _for_each(self, sentence: Sentence) -> list[str]:
        """The sentence's text, or one text for each part of its figures."""
        if not sentence.each:
            return [sentence.text]
        figures = [figure for rule in sentence.each if (figure := self._book.get(rule)) is not None]
        parts = in_order({part for figure in figures for part in figure.parts}, self._organization)
        return [sentence.text.replace("{part}", part).replace(":part}", f":{part}}}") for part in parts]

    def late(self) -> tuple[Overdue, ...]:
        """The deadlines not kept in the period, the most frequent first."""
        if self._late is None:
            found = [
                Overdue(case_type.title, case_type.clocks[clock].title, figure)
                for case_type, clock, rule in overdue_of(self._catalogue.case_types, self._start, self._end)
                for figure in [self._book.get(rule)]
                if figure is not None and not figure.nothing and figure.counted
            ]
            self._late = tuple(sorted(found, key=lambda late: (-(late.figure.value or 0), late.figure.rule)))
        return self._late

    def faults(self) -> tuple[tuple[FindingKind, Computed], ...]:
        """The faults of procedure in the period, by kind."""
        if self._faults is None:
            found = [(kind, self._book.get(fault_rule(kind))) for kind in FAULTS]
            self._faults = tuple(
                (kind, figure) for kind, figure in found if figure is not None and not figure.nothing
            )
        return self._faults

    def _shortcomings(self) -> str:
        words = _words()["shortcomings"]
        late = [self._late_item(item) for item in self.late()[:MOST_ITEMS]]
        faults = [self._fault_item(kind, figure) for kind, figure in self.faults()]
        if not late and not faults:
            return self.filled(words["none"])
        text: str = words["opening"]
        text += words["overdue"].replace("{items}", "；".join(late)) if late else ""
        text += words["findings"].replace("{items}", "；".join(faults)) if faults else ""
        return self.filled(text)

    def _late_item(self, item: Overdue) -> str:
        words, figure = _words()["overdue"], item.figure
        text = self._put(words["item"], title=item.title, clock=item.clock, figure=f"{{{figure.rule}}}")
        if list(figure.parts) == [self._organization.name] and not self._organization.children.exists():
            return text
        if len(figure.parts) == 1:
            return text + self._put(words["one_unit"], unit=next(iter(figure.parts)))
        return text + self._put(words["several_units"], parts=self._parts(figure)) if figure.parts else text

    def _fault_item(self, kind: FindingKind, figure: Computed) -> str:
        words = _words()["findings"]
        text = self._put(words[str(kind)], figure=f"{{{figure.rule}}}")
        by_type = self._put(words["by_type"], parts=self._parts(figure)) if len(figure.parts) > 1 else ""
        head, comma, tail = text.partition("，")
        return head + by_type + comma + tail

    @staticmethod
    def _parts(figure: Computed) -> str:
        """The largest parts as live figures; 「等」 where there are more."""
        largest = sorted(figure.parts.items(), key=lambda part: (-part[1], part[0]))
        named = "、".join(f"{label}{{{figure.rule}:{label}}}" for label, _ in largest[:MOST_UNITS])
        return named if len(largest) <= MOST_UNITS else f"{named}等"

    def _plan(self) -> str:
        """What became of the year's plan; what was not begun by name, with its reason."""
        words, tasks = _words()["plan"], self._book.get(PLAN_TASKS)
        if tasks is None or tasks.nothing:
            return self.filled(words["none"])
        text = self.filled(words["tasks"])
        idle = self._book.get(f"{PLAN_TASKS}_not_done")
        items = [
            self._put(
                words["item"],
                title=plain(line.title),
                unit=line.unit,
                reason=plain(line.act).rstrip("。；"),
            )
            for line in (idle.records if idle is not None else ())
        ]
        return text + (words["not_done"].replace("{items}", "；".join(items)) if items else "")

    def _causes(self) -> str:
        words = _words()["causes"]
        return self._by_problem(words)

    def _next_year(self) -> str:
        return self._by_problem(_words()["next_year"])

    def _by_problem(self, words: Mapping[str, str]) -> str:
        kinds = {kind for kind, _ in self.faults()}
        units = self._late_units()
        others = [unit for unit in units if unit != self._organization.name]
        said = [words["overdue" if others else "overdue_own"]] if self.late() else []
        said += [words["procedure"]] if kinds - {FindingKind.BACK_ENTRY} else []
        said += [words["back_entry"]] if FindingKind.BACK_ENTRY in kinds else []
        text = "".join(said or [words["none"]])
        return self._put(text, units=_first_of(units), others=_first_of(others))

    def _late_units(self) -> list[str]:
        """The units with overdue cases, those with most first."""
        cases: Counter[str] = Counter()
        for item in self.late():
            cases.update({unit: int(number) for unit, number in item.figure.parts.items()})
        return [unit for unit, _ in sorted(cases.items(), key=lambda unit: (-unit[1], unit[0]))]

    def _first_responsible(self) -> str:
        words = _words()["first_responsible"]
        names = self._principals() or "党政主要负责人"
        figure = self._book.get(PRINCIPALS)
        if figure is None or figure.nothing:
            return self._put(words["zero"], names=names)
        text = self._put(words["named"], names=names, figure=f"{{{figure.rule}}}")
        if len(figure.parts) == 1:
            return text + self._put(words["one_part"], part=next(iter(figure.parts))) + "。"
        return text + self._put(words["parts"], parts=self._parts(figure)) + "。"

    def _principals(self) -> str:
        """Posts and those who held them in the period: 「县委书记甲、县长乙、丙」."""
        held = principals(self._organization, self._start, self._end)
        posts = groupby(held, key=lambda holding: holding.post)
        people = ((post.title, "、".join(h.person.name for h in holdings)) for post, holdings in posts)
        return "、".join(title + names for title, names in people)

    def _other(self) -> str:
        return self._put(_words()["other"]["none"])

    def _put(self, text: str, **values: str) -> str:
        return fill(text, {**self.names, **values})


def _first_of(units: Sequence[str]) -> str:
    return "、".join(units[:MOST_ITEMS]) + ("等单位" if len(units) > MOST_ITEMS else "")
