"""What is typed in this room; shape only."""

from experts.forms.pool import ConflictForm, ExpertForm
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
    "ConcludeForm",
    "ConflictForm",
    "ConveneForm",
    "ExpertForm",
    "PromiseForm",
    "ReasonForm",
    "RemarkForm",
    "RevealForm",
    "SheetForm",
]
