"""The unit of work of one request and its actor."""

from __future__ import annotations

from flask import g, has_request_context
from flask_login import current_user

from core.database import db
from core.house import current_house
from core.identity.actor import ANONYMOUS, Actor, actor_for
from core.unit_of_work import UnitOfWork


def current_actor() -> Actor:
    """Return who acts in this request; anonymous when nobody is signed in."""
    if not has_request_context():
        return ANONYMOUS
    if "actor" not in g:
        user_id = getattr(current_user, "user_id", None)
        actor = getattr(current_user, "actor", None)
        if actor is None and user_id:  # signed in by this very request
            actor = actor_for(db.session(), user_id)
        g.actor = actor or ANONYMOUS
    actor_now: Actor = g.actor
    return actor_now


def current_work() -> UnitOfWork:
    """Return this request's unit of work, made on first use."""
    if "work" not in g:
        g.work = UnitOfWork(db.session(), current_actor(), current_house())
    work: UnitOfWork = g.work
    return work
