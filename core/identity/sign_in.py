"""Signing in: one answer for every way it can fail, so that nobody learns who has an account."""

from __future__ import annotations

from sqlalchemy import func, select

from core.errors import Refusal, Refused
from core.i18n import _l
from core.identity.models import User
from core.identity.passwords import password_fits
from core.identity.sessions import SignedIn, begin_session
from core.identity.throttle import ensure_not_throttled, forget_failures, note_failure
from core.identity.totp import code_fits
from core.unit_of_work import UnitOfWork


def user_by_email(uow: UnitOfWork, email: str) -> User | None:
    """Return the active user with this address, in whatever case it is typed."""
    return uow.session.scalar(select(User).where(User.email == email.strip().lower(), User.is_active))


def is_email_taken(uow: UnitOfWork, email: str) -> bool:
    """Whether any user, active or not, has this address."""
    return bool(uow.session.scalar(select(func.count()).where(User.email == email.strip().lower())))


class CodeNeeded(Exception):
    """The password is right; a code of the second factor is still to be typed."""


def sign_in(
    uow: UnitOfWork, email: str, password: str, *, code: str = "", address: str = "", device: str = ""
) -> SignedIn:
    """Begin a session. Raises `Refused` (throttled, or wrong in one unspecific way) or `CodeNeeded`."""
    ensure_not_throttled(uow, email, address)
    user = user_by_email(uow, email)
    if not password_fits(user, password) or user is None:
        note_failure(uow, email, address)
        raise Refused(Refusal(_l("邮箱或密码不对"), field="password"))
    if user.totp_secret and not code:
        raise CodeNeeded
    if not code_fits(uow, user, code):
        note_failure(uow, email, address)
        raise Refused(Refusal(_l("验证码不对或已经用过"), field="code"))
    forget_failures(uow, email)
    uow.record("account.sign_in", user)
    return begin_session(uow, user, device=device)
