"""What is typed in this room; shape only."""

from experts.forms.application import CandidateForm, DecisionForm, RecommendForm, StartForm
from experts.forms.invitation import AgainForm, CallForm
from experts.forms.meeting import CodeForm, DoorForm, GuestForm, MeetingForm, MinutesForm, NoteForm, PaperForm, SignForm
from experts.forms.pool import ConflictForm, ExitForm, ExpertForm, ParticularsForm, SheetFileForm, WithdrawForm
from experts.forms.review import (
    AcceptForm,
    ConcludeForm,
    ConveneForm,
    PromiseForm,
    ReasonForm,
    RemarkForm,
    RevealForm,
    SheetForm,
    sheet_form,
)
from experts.forms.season import DecideForm, OpenSeasonForm, PublishSeasonForm, SeasonForm

__all__ = [
    "AcceptForm",
    "AgainForm",
    "CallForm",
    "CandidateForm",
    "CodeForm",
    "ConcludeForm",
    "ConflictForm",
    "ConveneForm",
    "DecideForm",
    "DecisionForm",
    "DoorForm",
    "ExitForm",
    "ExpertForm",
    "GuestForm",
    "MeetingForm",
    "MinutesForm",
    "NoteForm",
    "OpenSeasonForm",
    "PaperForm",
    "ParticularsForm",
    "PromiseForm",
    "PublishSeasonForm",
    "ReasonForm",
    "RecommendForm",
    "RemarkForm",
    "RevealForm",
    "SeasonForm",
    "SheetFileForm",
    "SheetForm",
    "SignForm",
    "StartForm",
    "WithdrawForm",
    "sheet_form",
]
