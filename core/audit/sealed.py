"""What of the log nobody may read on a page yet: while bids are sealed, what suppliers do would tell who bids."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, and_, cast, func, not_, or_, select, true
from sqlalchemy.dialects.postgresql import JSONB

from core.audit.models import AuditEntry
from core.identity.models import Membership
from core.identity.roles import ROLES_OF_KIND, OrganisationKind
from core.ports import registry
from core.unit_of_work import UnitOfWork

SUBJECTS = ("bid", "final_offer", "document_holder", "question", "upload")
"""Kinds of object that only exist because a supplier takes part."""


def not_under_seal(uow: UnitOfWork) -> ColumnElement[bool]:
    """Return the condition for entries that may be listed (R-SEC-03).

    From the moment the oldest purchase still sealed was published, deeds of suppliers' people and deeds about bids,
    holders and questions are left out; they appear once it is opened. The chain itself always holds them.
    """
    since = _sealed_since(uow)
    if since is None:
        return true()
    suppliers = select(Membership.user_id).where(Membership.role.in_(ROLES_OF_KIND[OrganisationKind.AGENCY]))
    subject = func.coalesce(cast(AuditEntry.about, JSONB)[0].astext, "")
    about = or_(*(subject.startswith(f"{kind}:") for kind in SUBJECTS))
    from_supplier = and_(AuditEntry.actor_id.is_not(None), AuditEntry.actor_id.in_(suppliers))
    return not_(and_(AuditEntry.at >= since, or_(from_supplier, about)))


def is_anything_sealed(uow: UnitOfWork) -> bool:
    """Whether something is left out at present."""
    return _sealed_since(uow) is not None


def _sealed_since(uow: UnitOfWork) -> datetime | None:
    return min((one for source in registry.seals if (one := source(uow)) is not None), default=None)
