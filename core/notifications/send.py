"""Telling people: `notify` writes the inbox entry and the mail in the caller's unit of work."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import force_locale
from sqlalchemy import select

from core.i18n import Text
from core.identity.models import User
from core.jobs import defer
from core.notifications.mailing import send_mail
from core.notifications.models import Mail, Notification
from core.unit_of_work import UnitOfWork
from core.wording import present_wording, spoken, wording_named


@dataclass(frozen=True)
class NotificationKind:
    """A kind of news: `key` is stored, `title` and `body` hold `%(name)s` places for the values given with it.

    Register it at module level: `INVITED = NotificationKind("review.invited", _l("…"), _l("…"))`.
    """

    key: str
    title: Text
    body: Text

    def __post_init__(self) -> None:
        """Raise ValueError for a key that another kind has: the inbox would say one in the other's words."""
        if self.key in kinds:
            message = f"two kinds of notification are called {self.key!r}"
            raise ValueError(message)
        kinds[self.key] = self

    def worded(self, params: Mapping[str, Any]) -> tuple[str, str]:
        """Return title and body in the present language, in the words of the case they were sent about."""
        with spoken(wording_named(params.get(WORDING))):
            return str(self.title) % params, str(self.body) % params


kinds: dict[str, NotificationKind] = {}
WORDING = "_wording"
"""Among a notification's values: in which words it was said, so that the inbox says it alike."""


def notify(
    uow: UnitOfWork,
    kind: NotificationKind,
    recipients: Iterable[uuid.UUID],
    *,
    url: str,
    params: Mapping[str, str] | None = None,
    by_mail: bool = True,
) -> None:
    """Tell these users. `url` is a path in the application; mails link to it on the configured public address.

    Values in `params` must be fit for a mailbox: no bidders before opening, no fellow members, no tokens.
    """
    values, wording = dict(params or {}), present_wording()
    if wording is not None:
        values[WORDING] = wording.key
    for user in uow.session.scalars(select(User).where(User.id.in_(set(recipients)), User.is_active)):
        uow.add(Notification(user_id=user.id, kind=kind.key, params=values, url=url, at=uow.now))
        if by_mail:
            with force_locale("en" if user.language == "en" else "zh"):
                title, body = kind.worded(values)
            link = f"{uow.house.settings.public_address}{url}"
            queue_mail(uow, to=user.email, user_id=user.id, subject=title, body=f"{user.name}：\n\n{body}\n\n{link}\n")


def queue_mail(uow: UnitOfWork, *, to: str, subject: str, body: str, user_id: uuid.UUID | None = None) -> Mail:
    """Write a mail and the job that sends it; both exist only if this unit of work commits."""
    mail = uow.add(Mail(to_address=to, user_id=user_id, subject=subject, body=body, created_at=uow.now))
    defer(uow, send_mail, mail_id=str(mail.id))
    return mail
