"""The mail job: SMTP where configured; in demonstration mode the outbox page shows the mails instead."""

from __future__ import annotations

import smtplib
import uuid
from email.message import EmailMessage
from urllib.parse import urlsplit

from core.jobs import job
from core.notifications.models import Mail
from core.secret_addresses import masked
from core.unit_of_work import UnitOfWork


@job("mail.send", queue="mail")
def send_mail(uow: UnitOfWork, mail_id: str) -> None:
    """Send one mail; sending it again does nothing (a retried job)."""
    mail = uow.get(Mail, uuid.UUID(mail_id))
    if mail is None or mail.sent_at is not None:
        return
    settings = uow.house.settings
    if settings.smtp_url is not None:
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = settings.mail_from, mail.to_address, mail.subject
        # The mail's own id, so that a mailbox recognises a repetition after a crash between sending and commit.
        message["Message-ID"] = f"<{mail.id}@{settings.mail_from.partition('@')[2]}>"
        message.set_content(mail.body)
        _deliver(settings.smtp_url, message)
        mail.body = masked(mail.body)  # the mailbox has the link; nobody else needs it
    mail.sent_at = uow.now


def _deliver(smtp_url: str, message: EmailMessage) -> None:
    """Hand the message to the server of `smtp://user:password@host:port` (or `smtps://`)."""
    parts = urlsplit(smtp_url)
    kind = smtplib.SMTP_SSL if parts.scheme == "smtps" else smtplib.SMTP
    with kind(parts.hostname or "localhost", parts.port or 25, timeout=30) as server:
        if parts.username:
            server.login(parts.username, parts.password or "")
        server.send_message(message)
