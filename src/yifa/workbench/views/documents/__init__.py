"""Pages of the papers of cases."""

from yifa.workbench.views.documents.one import document, document_file, document_step, print_document
from yifa.workbench.views.documents.shelf import (
    document_templates,
    office_details,
    remove_template,
)
from yifa.workbench.views.documents.whole import case_documents, make_document, whole_file, whole_file_as

__all__ = [
    "case_documents",
    "document",
    "document_file",
    "document_step",
    "document_templates",
    "make_document",
    "office_details",
    "print_document",
    "remove_template",
    "whole_file",
    "whole_file_as",
]
