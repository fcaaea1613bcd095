"""Signed heads of the log: what is handed out, so that a cut or rewritten log is found."""

from __future__ import annotations

from datetime import UTC
from typing import Any

from sqlalchemy import select

from core.audit.models import AuditEntry, AuditHead
from core.audit.verify import head_statement
from core.clock import Clock
from core.jobs import job
from core.unit_of_work import UnitOfWork


def head_statement_of(uow: UnitOfWork) -> dict[str, Any] | None:
    """Return a freshly signed statement of the log's present end, without keeping it; None for an empty log."""
    last = uow.session.execute(select(AuditEntry.seq, AuditEntry.hash).order_by(AuditEntry.seq.desc()).limit(1)).first()
    if last is None:
        return None
    key, at = uow.house.signing_key, signed_moment(uow.clock)
    return {
        "seq": last.seq,
        "hash": last.hash.hex(),
        "signed_at": at,
        "public_key": key.public_hex,
        "signature": key.sign(head_statement(last.seq, last.hash, at, key.public_hex)),
    }


def signed_moment(clock: Clock) -> str:
    """Return the moment in the form that the signature covers."""
    return clock.now.astimezone(UTC).isoformat()


def as_published(head: AuditHead) -> dict[str, Any]:
    """Return a kept head as the anchor file that `flask audit verify --anchor` reads."""
    return {
        "seq": head.seq,
        "hash": bytes(head.hash).hex(),
        "signed_at": head.signed_at.astimezone(UTC).isoformat(),
        "public_key": head.public_key,
        "signature": head.signature,
    }


@job("audit.sign_head", every="5 16 * * *")  # five past midnight in Shanghai
def sign_head(uow: UnitOfWork) -> None:
    """Sign and keep the present end of the log once a day; nothing new, nothing signed."""
    statement = head_statement_of(uow)
    if statement is None or uow.session.get(AuditHead, statement["seq"]) is not None:
        return
    uow.add(
        AuditHead(
            seq=statement["seq"],
            hash=bytes.fromhex(statement["hash"]),
            signed_at=uow.now,
            public_key=statement["public_key"],
            signature=statement["signature"],
        )
    )
