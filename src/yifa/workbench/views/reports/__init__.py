"""Annual reports: the list, building, the editor with live figures and the check beside, submission, files."""

from yifa.workbench.views.reports.building import build, rebuild, reports
from yifa.workbench.views.reports.editing import edit_section, report, report_figure
from yifa.workbench.views.reports.handing import download, submit
from yifa.workbench.views.reports.incoming import decide_incoming, incoming, incoming_file, incoming_unit
from yifa.workbench.views.reports.since import since

__all__ = [
    "build",
    "decide_incoming",
    "download",
    "edit_section",
    "incoming",
    "incoming_file",
    "incoming_unit",
    "rebuild",
    "report",
    "report_figure",
    "reports",
    "since",
    "submit",
]
