"""Text messages: a short line to a mobile telephone, sent after commit by a gateway, or shown in the outbox.

A gateway is any address that takes `{"to", "text"}` as JSON; where none is configured the message only stands in the
outbox. Texts name no agency, bidder or fellow member: telephones are read over shoulders.
"""

from __future__ import annotations

import json
import re
import urllib.request
import uuid

from core.identity.models import User
from core.jobs import defer, job
from core.notifications.models import TextMessage
from core.secret_addresses import masked
from core.unit_of_work import UnitOfWork

LONGEST = 200
"""Characters; gateways cut a text into parts of 67."""

_MOBILE = re.compile(r"(?:\+?86)?(1[3-9]\d{9})")


def mobile_of(user: User) -> str | None:
    """Return the person's mobile number, or None where the number kept is none."""
    found = _MOBILE.fullmatch(re.sub(r"[\s-]", "", user.telephone))
    return found[1] if found else None


def queue_text(uow: UnitOfWork, user: User, body: str) -> TextMessage | None:
    """Write a message and the job that sends it, in this unit of work; None for people without a mobile number."""
    number = mobile_of(user)
    if number is None:
        return None
    message = uow.add(
        TextMessage(to_number=number, user_id=user.id, body=body[:LONGEST], created_at=uow.now, sent_at=None)
    )
    defer(uow, send_text, message_id=str(message.id))
    return message


@job("text.send", queue="mail")
def send_text(uow: UnitOfWork, message_id: str) -> None:
    """Send one message; sending it again does nothing (a retried job)."""
    message = uow.get(TextMessage, uuid.UUID(message_id))
    if message is None or message.sent_at is not None:
        return
    settings = uow.house.settings
    if settings.sms_url is not None:
        _deliver(settings.sms_url, settings.sms_token, message)
        message.body = masked(message.body)
    message.sent_at = uow.now


def _deliver(address: str, token: str | None, message: TextMessage) -> None:
    """Hand the message to the gateway; anything but success raises, so that the job is tried again."""
    body = json.dumps({"id": str(message.id), "to": message.to_number, "text": message.body}).encode()
    headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
    request = urllib.request.Request(address, data=body, headers=headers)  # noqa: S310 - the bureau's own setting
    with urllib.request.urlopen(request, timeout=30):  # noqa: S310 - the same
        return
