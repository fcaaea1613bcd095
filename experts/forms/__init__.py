"""What is typed in this room; shape only."""

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

__all__ = [
    "AcceptForm",
    "CodeForm",
    "ConcludeForm",
    "ConflictForm",
    "ConveneForm",
    "DoorForm",
    "ExitForm",
    "ExpertForm",
    "GuestForm",
    "MeetingForm",
    "MinutesForm",
    "NoteForm",
    "PaperForm",
    "ParticularsForm",
    "PromiseForm",
    "ReasonForm",
    "RemarkForm",
    "RevealForm",
    "SheetFileForm",
    "SheetForm",
    "SignForm",
    "WithdrawForm",
    "sheet_form",
]
