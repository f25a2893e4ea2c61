"""Findings on a Document: arithmetic, periods, rates, integrity, completeness, law. Pure functions, no rule guesses.

from yifa.checking import check
from yifa.reading import read_text

for finding in check(read_text("……")):
    print(finding.rule, finding.message)
"""

from yifa.checking.checkup import FAILED, check, finding_json, report_json
from yifa.checking.evidence import evidence_lines
from yifa.checking.excerpt import excerpt
from yifa.checking.finding import Finding, Severity
from yifa.checking.rule import Registry, Rule
from yifa.checking.rules import RULES

__all__ = [
    "FAILED",
    "RULES",
    "Finding",
    "Registry",
    "Rule",
    "Severity",
    "check",
    "evidence_lines",
    "excerpt",
    "finding_json",
    "report_json",
]
