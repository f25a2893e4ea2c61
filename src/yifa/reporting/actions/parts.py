"""Units write their parts of a report; the body takes them over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.utils import timezone

from yifa.law.loader import catalogue
from yifa.law.schema import SectionType
from yifa.ledger.actions.base import said
from yifa.ledger.models import Organization, Role
from yifa.ledger.people.needs import Needs
from yifa.ledger.refusal import ActionRefused
from yifa.reporting.actions.base import ReportingAction, lock, refuse_settled
from yifa.reporting.actions.editing import EditSection, refuse_text, tidy
from yifa.reporting.models import Report, Section, SectionVersion, UnitPart

WRITERS = (Role.OFFICER, Role.COORDINATOR)


@dataclass(frozen=True, kw_only=True)
class AssignSection(ReportingAction[list[UnitPart]]):
    """Says which units write for a section, and until when. Units left out lose the assignment, unless they wrote."""

    needs = Needs("分派报告内容", (Role.COORDINATOR,))

    section: Section
    units: Sequence[Organization]
    due: date | None = None
    note: str = ""

    def check(self) -> None:
        """Refuses units outside the body, and taking a part away from a unit that has written."""
        report = self.section.report
        self._admit(report.organization)
        refuse_settled(report)
        outside = [unit.name for unit in self.units if not unit.path.startswith(report.organization.path)]
        if outside:
            raise ActionRefused(
                f"{'、'.join(outside)}不在“{report.organization}”之内，不能分派。",
                code="invalid",
                field="units",
            )
        written = [str(part.unit) for part in self._dropped() if part.text.strip()]
        if written:
            raise ActionRefused(
                f"{'、'.join(written)}已经写了“{self.section}”，不能取消分派；不要的，打开这份单位稿，写明理由后点“不采用”。",
                code="invalid",
                field="units",
            )

    def _dropped(self) -> list[UnitPart]:
        return list(self.section.unit_parts.exclude(unit__in=self.units).select_related("unit"))

    def _change(self) -> list[UnitPart]:
        report = lock(self.section.report)
        UnitPart.objects.filter(pk__in=[part.pk for part in self._dropped()]).delete()
        for unit in self.units:
            UnitPart.objects.update_or_create(
                section=self.section, unit=unit, defaults={"due": self.due, "note": self.note.strip()}
            )
        self._record(
            report,
            "part.assigned",
            {"section": self.section.key, "units": [unit.code for unit in self.units], "due": self.due},
        )
        return list(self.section.unit_parts.select_related("unit"))


@dataclass(frozen=True, kw_only=True)
class AssignByOutline(ReportingAction[list[UnitPart]]):
    """Assigns each section of the outline to the units it names (`written_by`); what is assigned already stays."""

    needs = Needs("分派报告内容", (Role.COORDINATOR,))

    report: Report
    due: date | None = None

    def check(self) -> None:
        """Refuses where the outline names no unit that is there."""
        self._admit(self.report.organization)
        refuse_settled(self.report)
        if not self._wanted():
            raise ActionRefused(
                "大纲没有写明由哪些单位编写，或者没有对得上的单位，请逐部分分派。", code="missing"
            )

    def _wanted(self) -> dict[str, list[Organization]]:
        """Section key -> the units whose names hold one of the outline's words."""
        units = [
            unit
            for unit in Organization.objects.below(self.report.organization)
            if unit.pk != self.report.organization_id
        ]
        named = dict(_written_by(catalogue().outlines[self.report.outline].sections))
        found = {
            key: [unit for unit in units if any(word in unit.name for word in words)]
            for key, words in named.items()
        }
        return {key: fitting for key, fitting in found.items() if fitting}

    def _change(self) -> list[UnitPart]:
        wanted = self._wanted()
        for section in self.report.sections.filter(key__in=wanted).prefetch_related("unit_parts__unit"):
            there = list(section.unit_parts.all())
            new = [unit for unit in wanted[section.key] if unit.pk not in {part.unit_id for part in there}]
            if new:
                units = [part.unit for part in there] + new
                AssignSection(actor=self.actor, section=section, units=units, due=self.due).execute()
        return list(UnitPart.objects.filter(section__report=self.report).select_related("unit", "section"))


def _written_by(sections: Sequence[SectionType]) -> list[tuple[str, list[str]]]:
    return [
        pair
        for section in sections
        for pair in ([(section.id, section.written_by)] if section.written_by else [])
        + _written_by(section.sections)
    ]


@dataclass(frozen=True, kw_only=True)
class PartAction(ReportingAction[UnitPart]):
    """A change of one unit's part."""

    part: UnitPart

    def _locked(self) -> UnitPart:
        rows = UnitPart.objects.select_for_update(of=("self",))
        return rows.select_related("unit", "section__report__organization").get(pk=self.part.pk)

    def _set_back(self, state: UnitPart.State, reason: str) -> UnitPart:
        """The part stands so from now on, for this reason."""
        part = self._locked()
        part.state, part.reason = state, reason.strip()
        part.save(update_fields=["state", "reason"])
        payload = {"section": part.section.key, "unit": part.unit.code, "reason": part.reason}
        self._record(part.section.report, f"part.{state}", payload)
        return part


@dataclass(frozen=True, kw_only=True)
class WritePart(PartAction):
    """A unit writes its part, and with `hand_in` hands it in. `expected_version` guards against two people at once."""

    needs = Needs("填写单位稿", WRITERS)

    text: str
    hand_in: bool = False
    expected_version: int | None = None

    def check(self) -> None:
        """Refuses other units, unknown figures, and handing in nothing."""
        self._admit(self.part.unit)
        refuse_settled(self.part.section.report)
        refuse_text(self.part.section, self.text)
        if self.hand_in and not self.text.strip():
            raise ActionRefused("单位稿还没有内容，写好后再提交。", code="invalid", field="text")

    def _change(self) -> UnitPart:
        part = self._locked()
        if self.expected_version is not None and self.expected_version != part.version:
            raise ActionRefused(
                f"“{part}”刚被他人修改，您的文字还在下面，没有保存；请对照后再存。", code="conflict"
            )
        before, part.text = part.text, tidy(self.text)
        part.version += 1
        if self.hand_in:
            part.state, part.reason = UnitPart.State.HANDED_IN, ""
            part.handed_in_by, part.handed_in_at = self.actor, timezone.now()
        elif part.text != before and part.state in (UnitPart.State.HANDED_IN, UnitPart.State.TAKEN):
            part.state = UnitPart.State.WRITING
        part.save()
        self._record(
            part.section.report,
            "part.handed_in" if self.hand_in else "part.written",
            {
                "section": part.section.key,
                "unit": part.unit.code,
                "before": before,
                "after": part.text,
                "version": part.version,
            },
        )
        return part


@dataclass(frozen=True, kw_only=True)
class ReturnPart(PartAction):
    """The body sends a part back to its unit, with the reason."""

    needs = Needs("退回单位稿", (Role.COORDINATOR,))

    reason: str

    def check(self) -> None:
        """Refuses without reason, and what was not handed in."""
        self._admit(self.part.section.report.organization)
        refuse_settled(self.part.section.report)
        said(self.reason, "退回理由", "reason", 500)
        if not self.part.ready:
            raise ActionRefused(f"“{self.part}”还没有提交，不用退回。", code="state")

    def _change(self) -> UnitPart:
        return self._set_back(UnitPart.State.RETURNED, self.reason)


@dataclass(frozen=True, kw_only=True)
class LeaveOutPart(PartAction):
    """The body does without a part and says why: it stays readable and holds nothing up."""

    needs = Needs("不采用单位稿", (Role.COORDINATOR,))

    reason: str

    def check(self) -> None:
        """Refuses without reason, and where the unit has written nothing yet."""
        self._admit(self.part.section.report.organization)
        refuse_settled(self.part.section.report)
        said(self.reason, "不采用的理由", "reason", 500)
        if not self.part.text.strip():
            raise ActionRefused(f"“{self.part}”还没有动笔，不用写明不采用，取消分派即可。", code="state")

    def _change(self) -> UnitPart:
        return self._set_back(UnitPart.State.LEFT_OUT, self.reason)


@dataclass(frozen=True, kw_only=True)
class TakeParts(ReportingAction[Section]):
    """The body takes handed-in parts over into the section, in this order, behind its text or instead of it.

    `seen`: by the id of a part the version that was read; a part written anew since is not taken.
    """

    needs = Needs("采用单位稿", (Role.COORDINATOR,))

    section: Section
    parts: Sequence[UnitPart]
    replace: bool = False
    expected_version: int | None = None
    seen: Mapping[int, int] = field(default_factory=dict)

    def check(self) -> None:
        """Refuses parts of other sections, those not handed in, and those written anew since they were read."""
        self._admit(self.section.report.organization)
        refuse_settled(self.section.report)
        if not self.parts:
            raise ActionRefused("请在要采用的单位稿后面写上次序。", code="invalid", field="parts")
        open_ones = [str(part) for part in self.parts if part.section_id != self.section.pk or not part.ready]
        if open_ones:
            raise ActionRefused(f"{'、'.join(open_ones)}还没有提交，不能采用。", code="state", field="parts")

        anew = [str(part) for part in self.parts if self.seen.get(part.pk, part.version) != part.version]
        if anew:
            raise ActionRefused(
                f"{'、'.join(anew)}刚由单位改过，没有采用；下面是现在的稿子，请看过再采用。", code="conflict"
            )

    def _change(self) -> Section:
        texts = [] if self.replace else [self.section.text]
        section = EditSection(
            actor=self.actor,
            section=self.section,
            text="\n".join([*texts, *(part.text for part in self.parts)]),
            expected_version=self.expected_version,
            how=SectionVersion.How.COMPOSED,
        ).execute()
        taken = UnitPart.objects.filter(pk__in=[part.pk for part in self.parts])
        taken.update(state=UnitPart.State.TAKEN, reason="")
        self._record(
            section.report,
            "part.taken",
            {
                "section": section.key,
                "units": [part.unit.code for part in self.parts],
                "versions": [part.version for part in self.parts],
                "version": section.version,
            },
        )
        return section
