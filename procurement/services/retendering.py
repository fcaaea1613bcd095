"""After a failed tender: a new draft copied from it, and the approval that another method needs (R-OPEN-05)."""

from __future__ import annotations

from sqlalchemy import select

from core.errors import Forbidden, Refusal, Refused
from core.i18n import _l
from core.permissions import policy
from core.unit_of_work import UnitOfWork
from procurement.methods import CALL_OFFS
from procurement.models import Criterion, Lot, Retender, Tender
from procurement.permissions import TenderPermission
from procurement.services.drafting import draft_tender, keyholder_candidates, set_keyholders
from procurement.services.framework_drafting import repeat_terms
from procurement.services.preparation import carry_over

OWN = frozenset(
    {
        "id",
        "revision",
        "number",
        "state",
        "drafted_by_id",
        "approved_by_id",
        "created_at",
        "notice_on",
        "documents_until",
        "deadline",
        "record",
        "record_hash",
        "published_at",
        "external_notice_url",
        "external_notice_at",
        "opened_at",
        "evaluated_at",
        "awarded_at",
        "failure_ground",
        "failure_reason",
    }
)
"""What belongs to one tender alone: its own course, and the dates of its notice; everything else is copied."""


def successor_of(uow: UnitOfWork, failed: Tender) -> Retender | None:
    """Return the tender that took the place of this failed one, or None."""
    return uow.session.scalar(select(Retender).where(Retender.failed_id == failed.id))


def retender(uow: UnitOfWork, failed: Tender) -> Tender:
    """Draft the failed tender again: same lots, projects, criteria and keyholders, new number, dates and keys.

    Pressed twice it is one draft. Raises `Forbidden`, or `Refused` when one of the projects is bought elsewhere.
    """
    decision = policy.decide(uow.actor, TenderPermission.RETENDER, failed)
    if not decision:
        raise Forbidden(decision.reason)
    uow.lock(failed)
    if failed.method in CALL_OFFS:
        words = _l("第二阶段采购终止后，请从框架协议重新发起")
        raise Refused(Refusal(words, rule_id="R-FRAME-03"))
    known = successor_of(uow, failed)
    if known is not None:
        return known.successor
    projects = [project for lot in failed.lots for project in lot.projects]
    tender = draft_tender(uow, projects, method=failed.method, budget=failed.budget, title=failed.title)
    for column in (one.key for one in Tender.__table__.columns):
        if column not in OWN:
            setattr(tender, column, getattr(failed, column))
    carry_over(uow, failed, tender)
    repeat_terms(uow, failed, tender)
    tender.lots.clear()
    uow.session.flush()
    tender.lots = [
        Lot(
            id=uow.ids.new(),
            position=lot.position,
            title=lot.title,
            budget=lot.budget,
            projects=list(lot.projects),
        )
        for lot in failed.lots
    ]
    tender.criteria.clear()
    uow.session.flush()
    own = ("id", "tender_id")
    copied = [one.key for one in Criterion.__table__.columns if one.key not in own]
    tender.criteria.extend(
        Criterion(id=uow.ids.new(), **{name: getattr(one, name) for name in copied}) for one in failed.criteria
    )
    uow.session.flush()
    able = {one.id: one for one in keyholder_candidates(uow)}
    holders = [able[one.user_id] for one in failed.keyholders if one.user_id in able]
    set_keyholders(uow, tender, holders, failed.keyholders_needed)
    uow.add(
        Retender(
            failed_id=failed.id,
            successor_id=tender.id,
            made_at=uow.now,
            made_by_id=uow.actor.user_id,
        )
    )
    uow.session.flush()
    uow.record("tender.retender", tender, about=(failed,), detail={"failed": failed.number, "number": tender.number})
    return tender
