"""Passwords: Argon2id, and what makes one good enough."""

from __future__ import annotations

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from core.errors import Refusal, Refused
from core.i18n import _l
from core.identity.models import User

LEAST_LENGTH = 10
MOST_LENGTH = 128
COMMON = frozenset(
    {
        "1234567890",
        "0123456789",
        "password12",
        "password123",
        "qwertyuiop",
        "1q2w3e4r5t",
        "administrator",
        "hengping123",
    }
)
_hasher = PasswordHasher()  # the library's defaults follow RFC 9106's low-memory profile
_NOBODYS = _hasher.hash("nobody's password, hashed so that an unknown account costs the same time")


def set_password(user: User, password: str, *, field: str = "new_password") -> None:
    """Give a user a password. Raises `Refused` at the field when it is too weak."""
    refusals = []
    if len(password) < LEAST_LENGTH:
        refusals.append(Refusal(_l("密码至少 %(count)s 个字符", count=LEAST_LENGTH), field=field))
    if len(password) > MOST_LENGTH:
        refusals.append(Refusal(_l("密码至多 %(count)s 个字符", count=MOST_LENGTH), field=field))
    lowered = password.lower()
    if lowered in COMMON or len(set(password)) < 4 or lowered in (user.email.lower(), user.email.split("@")[0].lower()):
        refusals.append(Refusal(_l("这个密码太容易猜到，请换一个"), field=field))
    if refusals:
        raise Refused(*refusals)
    user.password_hash = _hasher.hash(password)


def password_fits(user: User | None, password: str) -> bool:
    """Whether this is the user's password; takes the same time when there is no such user."""
    stored = user.password_hash if user is not None and user.password_hash else _NOBODYS
    try:
        _hasher.verify(stored, password[: MOST_LENGTH + 1])
    except (VerificationError, InvalidHashError):
        return False
    if user is None or user.password_hash is None:
        return False
    if _hasher.check_needs_rehash(stored):
        user.password_hash = _hasher.hash(password)
    return True
