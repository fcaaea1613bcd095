"""Links of invitations: made, looked up, ended. Only the hash of a token is kept; the token goes to its owner alone."""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlalchemy import select, update

from core.identity.sessions import hashed
from core.unit_of_work import Subject, UnitOfWork, reference
from experts.models import InvitationLink
from experts.states import LinkPurpose


def make_link(uow: UnitOfWork, subject: Subject, purpose: LinkPurpose, *, until: datetime) -> str:
    """Return a fresh token for this invitation; earlier ones of the same purpose stop working."""
    end_links(uow, subject, purpose)
    token = secrets.token_urlsafe(24)
    uow.add(
        InvitationLink(
            held_for=reference(subject),
            purpose=purpose,
            token_hash=hashed(token),
            made_at=uow.now,
            expires_at=until,
            used_at=None,
        )
    )
    uow.session.flush()
    return token


def end_links(uow: UnitOfWork, subject: Subject, *purposes: LinkPurpose) -> None:
    """Let the links of this invitation stop working (those of these purposes, or all)."""
    uow.session.execute(
        update(InvitationLink)
        .where(
            InvitationLink.held_for == reference(subject),
            InvitationLink.used_at.is_(None),
            InvitationLink.purpose.in_(purposes or tuple(LinkPurpose)),
        )
        .values(used_at=uow.now)
    )


def find_link(uow: UnitOfWork, token: str, purpose: LinkPurpose) -> InvitationLink | None:
    """Return the row of a token, locked, used or not; None for one that was never made for this purpose."""
    return uow.session.scalar(
        select(InvitationLink)
        .where(InvitationLink.token_hash == hashed(token), InvitationLink.purpose == purpose)
        .with_for_update(of=InvitationLink)
    )


def is_good(uow: UnitOfWork, link: InvitationLink) -> bool:
    """Whether a link still opens its invitation: neither used nor ended, and not too late."""
    return link.used_at is None and uow.now < link.expires_at
