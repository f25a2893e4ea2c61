"""Lists: columns, filters, sorting, pages, files; views of them kept under a name."""

from yifa.workbench.lists.columns import Choices, Column, Filter, as_day, unit_choices
from yifa.workbench.lists.page import ListPage
from yifa.workbench.lists.paging import Few

__all__ = ["Choices", "Column", "Few", "Filter", "ListPage", "as_day", "unit_choices"]
