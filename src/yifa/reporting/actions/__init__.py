"""All changes of a report, one class each."""

from yifa.reporting.actions.building import BuildReport
from yifa.reporting.actions.editing import EditSection
from yifa.reporting.actions.receiving import AcceptReport, ReceiveReport, ReturnReport
from yifa.reporting.actions.submitting import SubmitReport

__all__ = ["AcceptReport", "BuildReport", "EditSection", "ReceiveReport", "ReturnReport", "SubmitReport"]
