"""Every table of the core in one import, for migrations and for the mapper."""

from core.audit.models import AuditEntry, AuditHead, PersonKey
from core.clock import ClockSetting
from core.documents.models import Document
from core.documents.uploads import UploadSession
from core.http.forms import FormUse
from core.identity.credentials import KeptForm, OneTimeToken, RecoveryCode, SignInFailure, SignInSession
from core.identity.models import Membership, Organisation, User
from core.notifications.models import Mail, Notification, TextMessage
from core.parameters import LocalValue
from core.reminders.models import CalendarFeed, ReminderSent, ReminderSetting
from core.work_calendar import WorkDay

__all__ = [
    "AuditEntry",
    "AuditHead",
    "CalendarFeed",
    "ClockSetting",
    "Document",
    "FormUse",
    "KeptForm",
    "LocalValue",
    "Mail",
    "Membership",
    "Notification",
    "OneTimeToken",
    "Organisation",
    "PersonKey",
    "RecoveryCode",
    "ReminderSent",
    "ReminderSetting",
    "SignInFailure",
    "SignInSession",
    "TextMessage",
    "UploadSession",
    "User",
    "WorkDay",
]
