"""Drills: each keyholder opens a sealed test with the registered key, in the own browser (R-KEY-01)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import uuid
from collections.abc import Collection

import pyrage

from core.errors import NotVisible, Refusal, Refused
from core.i18n import _l
from core.notifications.send import NotificationKind, notify
from core.unit_of_work import UnitOfWork
from procurement.models import KeyDrill, Tender
from procurement.sealing.keys import to_recipient
from procurement.services.keys import own_keyholder

RULE = "R-KEY-01"
DRILL_AGAIN = NotificationKind(
    "key.drill-again",
    _l("开标密钥已随更正更换，请重新演练：%(tender)s"),
    _l("《%(tender)s》的更正公告更换了开标密钥，此前的演练不再有效。请用新的密钥演练解封一次（R-KEY-01）。"),
)


def ask_for_drills(uow: UnitOfWork, tender: Tender, holders: Collection[uuid.UUID]) -> None:
    """Tell these users that the key they hold for the opening is another one now, so that they try it."""
    notify(uow, DRILL_AGAIN, holders, url=f"/tenders/{tender.id}/key", params={"tender": tender.title})


def start_drill(uow: UnitOfWork, tender: Tender) -> tuple[KeyDrill, str]:
    """Seal a fresh test to the actor's registered key; return the drill and the sealed test in base64.

    Raises `Refused` for who holds no registered key, and once the bids are being opened.
    """
    holder = own_keyholder(uow, tender)
    if holder is None or holder.public_key is None or holder.fingerprint is None:
        raise Refused(Refusal(_l("请先登记公钥，再演练解封"), rule_id=RULE))
    if tender.opened_at is not None:
        raise Refused(Refusal(_l("投标已经开启，不再需要演练"), rule_id=RULE))
    content = secrets.token_bytes(32)
    drill = uow.add(
        KeyDrill(
            tender_id=tender.id,
            keyholder_id=holder.id,
            fingerprint=holder.fingerprint,
            answer_sha256=hashlib.sha256(content).hexdigest(),
            made_at=uow.now,
            passed_at=None,
        )
    )
    uow.session.flush()
    sealed: bytes = pyrage.encrypt(content, [to_recipient(holder.public_key)])
    return drill, base64.b64encode(sealed).decode()


def finish_drill(uow: UnitOfWork, tender: Tender, drill: KeyDrill, answer: str) -> None:
    """Take what the browser found inside. Raises `NotVisible` for another's drill, `Refused` for a wrong answer."""
    holder = own_keyholder(uow, tender)
    if holder is None or drill.keyholder_id != holder.id or drill.tender_id != tender.id:
        raise NotVisible
    uow.lock(drill)
    try:
        content = base64.b64decode(answer, validate=True)
    except ValueError:
        content = b""
    if not hmac.compare_digest(hashlib.sha256(content).hexdigest(), drill.answer_sha256):
        raise Refused(Refusal(_l("密钥没有打开演练内容，请核对密钥文件"), rule_id=RULE))
    if drill.passed_at is None:
        drill.passed_at = max(uow.now, drill.made_at)  # a clock that was set back changes nothing
        uow.session.flush()
        uow.record("tender.drill", tender, detail={"fingerprint": drill.fingerprint})
