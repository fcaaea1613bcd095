"""Tables of the expert pool and of indicator reviews."""

from experts.models.application import ExpertApplication
from experts.models.appointment import Appointment, ParticularsChange
from experts.models.draw import Draw, EntropyShare
from experts.models.duty import ExpertDuty
from experts.models.expert import Conflict, Expert, PastEmployment
from experts.models.invitation import InvitationLink, InvitationReminder, TelephoneAnswer, Undertaking
from experts.models.meeting import Attendee, Minutes, OpinionSignature, SheetVersion, SignIn
from experts.models.payment import PayAccount, PaymentItem, PaymentLine, PaymentList
from experts.models.review import IndicatorComment, Review
from experts.models.season import Season, SeasonChoice, SeasonReview, SeasonRun, SeasonSeat
from experts.models.seat import Seat, Sheet, SheetLine

__all__ = [
    "Appointment",
    "Attendee",
    "Conflict",
    "Draw",
    "EntropyShare",
    "Expert",
    "ExpertApplication",
    "ExpertDuty",
    "IndicatorComment",
    "InvitationLink",
    "InvitationReminder",
    "Minutes",
    "OpinionSignature",
    "ParticularsChange",
    "PastEmployment",
    "PayAccount",
    "PaymentItem",
    "PaymentLine",
    "PaymentList",
    "Review",
    "Season",
    "SeasonChoice",
    "SeasonReview",
    "SeasonRun",
    "SeasonSeat",
    "Seat",
    "Sheet",
    "SheetLine",
    "SheetVersion",
    "SignIn",
    "TelephoneAnswer",
    "Undertaking",
]
