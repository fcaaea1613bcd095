"""Sign-in throttled in the database: per account and per network address, for all processes together."""

from __future__ import annotations

import hashlib
import hmac
from datetime import timedelta

from sqlalchemy import delete, func, select

from core.errors import Refusal, Refused
from core.i18n import _l
from core.identity.credentials import SignInFailure
from core.unit_of_work import UnitOfWork, independent_write

WINDOW = timedelta(minutes=15)
PER_ACCOUNT = 8
PER_ADDRESS = 40


def _keyed(uow: UnitOfWork, value: str) -> str:
    key = uow.house.settings.secret_key.encode() or b"unset"
    return hmac.new(key, value.strip().lower().encode(), hashlib.sha256).hexdigest()


def ensure_not_throttled(uow: UnitOfWork, account: str, address: str) -> None:
    """Raise `Refused` when this account or this address failed too often lately; says when to try again."""
    since = uow.clock.wall - WINDOW
    for column, value, limit in (
        (SignInFailure.account_hash, _keyed(uow, account), PER_ACCOUNT),
        (SignInFailure.address_hash, _keyed(uow, address), PER_ADDRESS),
    ):
        failures, first = uow.session.execute(
            select(func.count(), func.min(SignInFailure.at)).where(column == value, SignInFailure.at > since)
        ).one()
        if failures >= limit:
            minutes = max(1, -(-int((first + WINDOW - uow.clock.wall).total_seconds()) // 60))
            raise Refused(Refusal(_l("尝试次数过多，请在 %(minutes)s 分钟后再试", minutes=minutes)))


def note_failure(uow: UnitOfWork, account: str, address: str) -> None:
    """Count a failure, even though the request around it is rolled back."""

    def write(own: UnitOfWork) -> None:
        own.session.execute(delete(SignInFailure).where(SignInFailure.at < own.clock.wall - 4 * WINDOW))
        own.add(SignInFailure(account_hash=_keyed(own, account), address_hash=_keyed(own, address), at=own.clock.wall))
        own.record("account.sign_in_failed", None, detail={"account": _keyed(own, account)[:16]})

    independent_write(uow.house, uow.actor, write)


def forget_failures(uow: UnitOfWork, account: str) -> None:
    """After a good sign-in the account starts afresh; the address does not."""
    uow.session.execute(delete(SignInFailure).where(SignInFailure.account_hash == _keyed(uow, account)))
