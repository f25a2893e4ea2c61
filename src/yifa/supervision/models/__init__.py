"""What this room stores beside the ledger: draws, and the blind reviews of files."""

from yifa.supervision.models.draws import Draw, DrawnLot, DrawRecord
from yifa.supervision.models.reviews import FileReview, Scoring

__all__ = ["Draw", "DrawRecord", "DrawnLot", "FileReview", "Scoring"]
