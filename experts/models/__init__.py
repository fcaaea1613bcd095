"""Tables of the expert pool and of indicator reviews."""

from experts.models.draw import Draw, EntropyShare
from experts.models.duty import ExpertDuty
from experts.models.expert import Conflict, Expert
from experts.models.review import IndicatorComment, Review
from experts.models.seat import InvitationToken, Seat, Sheet, SheetLine

__all__ = [
    "Conflict",
    "Draw",
    "EntropyShare",
    "Expert",
    "ExpertDuty",
    "IndicatorComment",
    "InvitationToken",
    "Review",
    "Seat",
    "Sheet",
    "SheetLine",
]
