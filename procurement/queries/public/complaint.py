"""A decision on a complaint, as its notice tells it."""

from __future__ import annotations

from flask_babel import force_locale
from sqlalchemy import select

from core.identity.models import Membership, Organisation
from core.identity.roles import Role
from core.unit_of_work import UnitOfWork
from procurement.models import Complaint
from procurement.permissions.remedies import name_is_safe
from procurement.public_process import ComplaintOutcome, Party
from procurement.queries.complaints import DECIDED, outcome_words
from procurement.queries.public.parties import party_of


def complaint_outcome(uow: UnitOfWork, complaint: Complaint) -> ComplaintOutcome | None:
    """Return what was decided, or None while nothing is; who complained is named only where that is safe (R-SEC-03)."""
    if complaint.state not in DECIDED or complaint.decided_at is None:
        return None
    tender = complaint.tender
    hidden = Party(key=complaint.number, name=complaint.number)
    with force_locale("zh"):
        outcome = outcome_words(complaint)
    return ComplaintOutcome(
        at=complaint.decided_at,
        tender_number=tender.number,
        tender_title=tender.title,
        number=complaint.number,
        authority=party_of(authority_of(uow, complaint)),
        complainant=party_of(complaint.organisation) if name_is_safe(tender) else hidden,
        respondent=party_of(tender.purchaser),
        suppliers=tuple(party_of(one.organisation) for one in complaint.parties if not one.is_purchaser),
        matter=complaint.matter,
        findings=complaint.decision,
        outcome=outcome,
    )


def authority_of(uow: UnitOfWork, complaint: Complaint) -> Organisation:
    """Return the finance authority that decided: where who decided supervises, else the purchaser's own level."""
    found = uow.session.scalars(
        select(Organisation)
        .join(Membership, Membership.organisation_id == Organisation.id)
        .where(Membership.user_id == complaint.decided_by_id, Membership.role == Role.PROCUREMENT_SUPERVISOR)
        .order_by(Membership.position)
    ).first()
    return found or complaint.tender.purchaser
