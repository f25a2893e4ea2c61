"""Annual reports: the list, building, the editor with live figures and the check beside, the work of units, versions,
remarks, signing off, publication, files."""

from yifa.workbench.views.reports.building import build, rebuild, reports
from yifa.workbench.views.reports.comments import answer_comment, report_comments
from yifa.workbench.views.reports.editing import report, report_figure
from yifa.workbench.views.reports.handing import download
from yifa.workbench.views.reports.history import report_version, report_versions, section_history
from yifa.workbench.views.reports.incoming import decide_incoming, incoming, incoming_file, incoming_unit
from yifa.workbench.views.reports.parts import (
    assign_section,
    report_parts,
    return_part,
    take_parts,
    write_part,
)
from yifa.workbench.views.reports.problems import report_problems
from yifa.workbench.views.reports.publishing import compare_published
from yifa.workbench.views.reports.since import since
from yifa.workbench.views.reports.steps import report_step, report_steps
from yifa.workbench.views.reports.wordback import word_return
from yifa.workbench.views.reports.writing import edit_section, search_figures

__all__ = [
    "answer_comment",
    "assign_section",
    "build",
    "compare_published",
    "decide_incoming",
    "download",
    "edit_section",
    "incoming",
    "incoming_file",
    "incoming_unit",
    "rebuild",
    "report",
    "report_comments",
    "report_figure",
    "report_parts",
    "report_problems",
    "report_step",
    "report_steps",
    "report_version",
    "report_versions",
    "reports",
    "return_part",
    "search_figures",
    "section_history",
    "since",
    "take_parts",
    "word_return",
    "write_part",
]
