"""All changes of a report, one class each."""

from yifa.reporting.actions.building import BuildReport
from yifa.reporting.actions.editing import EditSection
from yifa.reporting.actions.submitting import SubmitReport

__all__ = ["BuildReport", "EditSection", "SubmitReport"]
