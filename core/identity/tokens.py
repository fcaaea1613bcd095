"""Single-use secrets sent by mail: stored hashed, good for a time, gone after use."""

from __future__ import annotations

import secrets
from datetime import timedelta

from sqlalchemy import select, update

from core.identity.credentials import OneTimeToken, TokenPurpose
from core.identity.models import User
from core.identity.sessions import hashed
from core.unit_of_work import UnitOfWork

LIFETIME = {TokenPurpose.RESET: timedelta(hours=1), TokenPurpose.INVITATION: timedelta(days=7)}


def make_token(uow: UnitOfWork, user: User, purpose: TokenPurpose) -> str:
    """Return a fresh secret for the user's mailbox; earlier ones of the same purpose stop working."""
    uow.session.execute(
        update(OneTimeToken)
        .where(OneTimeToken.user_id == user.id, OneTimeToken.purpose == purpose, OneTimeToken.used_at.is_(None))
        .values(used_at=uow.clock.wall)
    )
    token = secrets.token_urlsafe(32)
    uow.add(
        OneTimeToken(
            token_hash=hashed(token),
            purpose=purpose,
            user_id=user.id,
            expires_at=uow.clock.wall + LIFETIME[purpose],
            used_at=None,
        )
    )
    return token


def find_token(uow: UnitOfWork, token: str, purpose: TokenPurpose) -> OneTimeToken | None:
    """Return the token's row, locked, while it is good; None otherwise."""
    return uow.session.scalar(
        select(OneTimeToken)
        .where(
            OneTimeToken.token_hash == hashed(token),
            OneTimeToken.purpose == purpose,
            OneTimeToken.used_at.is_(None),
            OneTimeToken.expires_at > uow.clock.wall,
        )
        .with_for_update(of=OneTimeToken)
    )
