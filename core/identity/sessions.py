"""Server-side sign-in sessions: begun, found again, and ended from anywhere."""

from __future__ import annotations

import hashlib
import secrets
import uuid
from datetime import timedelta
from typing import Any

from flask import Flask, g
from flask_login import LoginManager
from sqlalchemy import func, select, update

from core.database import db
from core.house import current_house
from core.identity.actor import ACTOR_COLUMNS, ACTOR_TABLES, Actor, actor_of
from core.identity.credentials import SignInSession
from core.identity.models import Membership, User
from core.unit_of_work import UnitOfWork

NOTED_EVERY = timedelta(minutes=1)


class SignedIn:
    """What Flask-Login knows of the person at the browser: the session's token and whose it is.

    `actor` is who acts, where it was read with the session; None for one who may not act any more.
    """

    is_authenticated = True
    is_active = True
    is_anonymous = False

    def __init__(self, token: str, user_id: uuid.UUID, actor: Actor | None = None) -> None:
        self.token = token
        self.user_id = user_id
        self.actor = actor

    def get_id(self) -> str:
        """Return what the browser's signed cookie holds."""
        return self.token


def hashed(token: str) -> str:
    """Return how a random secret is stored."""
    return hashlib.sha256(token.encode()).hexdigest()


def begin_session(uow: UnitOfWork, user: User, *, device: str = "") -> SignedIn:
    """Begin a sign-in session and return what to hand to Flask-Login's `login_user`."""
    token = secrets.token_urlsafe(32)
    now = uow.clock.wall
    uow.add(
        SignInSession(
            token_hash=hashed(token), user_id=user.id, started_at=now, seen_at=now, ended_at=None, device=device[:200]
        )
    )
    return SignedIn(token, user.id)


def find_session(token: str) -> SignedIn | None:
    """Return the live session with this token; idle ones have ended. Notes once a minute that it is in use."""
    session = db.session()
    rows = session.execute(
        select(
            SignInSession.id,
            SignInSession.seen_at,
            SignInSession.ended_at,
            func.clock_timestamp().label("now"),  # the real instant: sessions do not follow a moved clock
            *ACTOR_COLUMNS,
        )
        .select_from(ACTOR_TABLES)
        .join(SignInSession, SignInSession.user_id == User.id)
        .where(SignInSession.token_hash == hashed(token))
        .order_by(Membership.position)
    ).all()
    if not rows:
        return None
    row, now = rows[0], rows[0].now
    if row.ended_at or now - row.seen_at > timedelta(minutes=current_house().settings.session_minutes):
        g.expired_user_id = row.user_id  # what this person had typed is kept for them
        return None
    if now - row.seen_at > NOTED_EVERY:
        session.execute(update(SignInSession).where(SignInSession.id == row.id).values(seen_at=now))
    return SignedIn(token, row.user_id, actor_of(rows))


def end_sessions(uow: UnitOfWork, user_id: uuid.UUID, *, token: str | None = None, keep: str | None = None) -> None:
    """End one session of a user (`token`), or all of them except the one kept."""
    query = update(SignInSession).where(SignInSession.user_id == user_id, SignInSession.ended_at.is_(None))
    if token is not None:
        query = query.where(SignInSession.token_hash == hashed(token))
    if keep is not None:
        query = query.where(SignInSession.token_hash != hashed(keep))
    uow.session.execute(query.values(ended_at=uow.clock.wall))


def session_loader(app: Flask) -> None:
    """Let Flask-Login find the session of a request."""
    manager = LoginManager()
    manager.session_protection = None  # the token itself is the secret; addresses change on phones

    def load(token: str) -> Any:
        return find_session(token)

    manager.user_loader(load)
    manager.init_app(app)
