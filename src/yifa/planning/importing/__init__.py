"""Plans on their way in: what was read of a text or a sheet, before anything is stored."""

from yifa.planning.importing.columns import Matching, match, meanings, propose
from yifa.planning.importing.draft import Doubt, Draft, DraftChapter, DraftItem, Line, Role
from yifa.planning.importing.names import ChosenNames, OpenName, everyone, group, open_names
from yifa.planning.importing.rows import draft_of_sheet
from yifa.planning.importing.sources import Source, best_sheet, number_of, proposed_draft, read_source
from yifa.planning.importing.texts import draft_of

__all__ = [
    "ChosenNames",
    "Doubt",
    "Draft",
    "DraftChapter",
    "DraftItem",
    "Line",
    "Matching",
    "OpenName",
    "Role",
    "Source",
    "best_sheet",
    "draft_of",
    "draft_of_sheet",
    "everyone",
    "group",
    "match",
    "meanings",
    "number_of",
    "open_names",
    "propose",
    "proposed_draft",
    "read_source",
]
