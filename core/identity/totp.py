"""Second factor: time-based codes (RFC 6238) and recovery codes, both optional."""

from __future__ import annotations

import hashlib
import hmac
import secrets

import pyotp
import segno
from sqlalchemy import delete, update

from core.errors import Refusal, Refused
from core.i18n import _l
from core.identity.credentials import RecoveryCode
from core.identity.models import User
from core.unit_of_work import UnitOfWork

STEP_SECONDS = 30
RECOVERY_CODES = 10
_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"  # no letters or digits that look alike


def new_secret() -> str:
    """Return a fresh secret for an authenticator."""
    return pyotp.random_base32()


def address_of(secret: str, user: User, issuer: str) -> str:
    """Return the `otpauth://` address an authenticator reads."""
    return pyotp.TOTP(secret).provisioning_uri(name=user.email, issuer_name=issuer)


def picture_of(address: str) -> str:
    """Return the QR code of an address as an SVG data URI."""
    return str(segno.make(address, error="m").svg_data_uri(scale=5, dark="#000", light="#fff"))


def _step_of(secret: str, code: str, now: float) -> int | None:
    """Return the time step a code belongs to: the present one or a neighbour, else None."""
    totp = pyotp.TOTP(secret)
    present = int(now) // STEP_SECONDS
    digits = code.replace(" ", "")
    for step in (present, present - 1, present + 1):
        if hmac.compare_digest(totp.generate_otp(step), digits):
            return step
    return None


def enable_totp(uow: UnitOfWork, user: User, secret: str, code: str) -> list[str]:
    """Turn the second factor on once a first code proves the authenticator; return the recovery codes, shown once."""
    step = _step_of(secret, code, uow.clock.wall.timestamp())
    if step is None:
        raise Refused(Refusal(_l("验证码不对，请确认手机时间准确后再试"), field="code"))
    user.totp_secret, user.totp_last_step = secret, step
    uow.session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user.id))
    codes = [
        "-".join("".join(secrets.choice(_ALPHABET) for _i in range(4)) for _j in range(3))
        for _k in range(RECOVERY_CODES)
    ]
    for one in codes:
        uow.add(RecoveryCode(user_id=user.id, code_hash=_hash(one), used_at=None))
    uow.record("account.enable_totp", user)
    return codes


def disable_totp(uow: UnitOfWork, user: User) -> None:
    """Turn the second factor off and forget its recovery codes."""
    user.totp_secret = user.totp_last_step = None
    uow.session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user.id))
    uow.record("account.disable_totp", user)


def code_fits(uow: UnitOfWork, user: User, code: str) -> bool:
    """Whether the code is good now; each time step and each recovery code works once."""
    if not user.totp_secret:
        return True
    step = _step_of(user.totp_secret, code, uow.clock.wall.timestamp())
    if step is not None:
        if user.totp_last_step is not None and step <= user.totp_last_step:
            return False
        user.totp_last_step = step
        return True
    used = uow.session.execute(
        update(RecoveryCode)
        .where(
            RecoveryCode.user_id == user.id,
            RecoveryCode.code_hash == _hash(code.strip().lower()),
            RecoveryCode.used_at.is_(None),
        )
        .values(used_at=uow.clock.wall)
        .returning(RecoveryCode.id)
    ).all()
    if used:
        uow.record("account.use_recovery_code", user)
    return bool(used)


def _hash(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()
