"""What is open to people without an account: how one's own case stands, and documents made from questions."""

from yifa.workbench.views.portal.inquiry import case_receipt, inquiry
from yifa.workbench.views.portal.opening import portal_open
from yifa.workbench.views.portal.papers import self_document, self_documents

__all__ = ["case_receipt", "inquiry", "portal_open", "self_document", "self_documents"]
