"""What is typed in this room; shape only."""

from experts.forms.invitation import AgainForm, CallForm
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
)

__all__ = [
    "AcceptForm",
    "AgainForm",
    "CallForm",
    "ConcludeForm",
    "ConflictForm",
    "ConveneForm",
    "ExitForm",
    "ExpertForm",
    "ParticularsForm",
    "PromiseForm",
    "ReasonForm",
    "RemarkForm",
    "RevealForm",
    "SheetFileForm",
    "SheetForm",
    "WithdrawForm",
]
