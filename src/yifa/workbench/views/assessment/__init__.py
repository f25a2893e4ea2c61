"""Pages of assessment: its years from issue to the signed result, scores as they run, statements of leaders."""

from yifa.workbench.views.assessment.entries import assessment_entries
from yifa.workbench.views.assessment.files import assessment_file, assessment_paper, unit_letter
from yifa.workbench.views.assessment.issuing import issue_set
from yifa.workbench.views.assessment.judging import assessment_judging, judge_units
from yifa.workbench.views.assessment.listing import list_lost
from yifa.workbench.views.assessment.objecting import answer_objection, object_to_result
from yifa.workbench.views.assessment.running import running_score, running_scores
from yifa.workbench.views.assessment.statements import legal_statements
from yifa.workbench.views.assessment.steps import assessment_step
from yifa.workbench.views.assessment.units import assessed_unit, leave_out
from yifa.workbench.views.assessment.years import assessment_year, assessments

__all__ = [
    "answer_objection",
    "assessed_unit",
    "assessment_entries",
    "assessment_file",
    "assessment_judging",
    "assessment_paper",
    "assessment_step",
    "assessment_year",
    "assessments",
    "issue_set",
    "judge_units",
    "leave_out",
    "legal_statements",
    "list_lost",
    "object_to_result",
    "running_score",
    "running_scores",
    "unit_letter",
]
