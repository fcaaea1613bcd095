"""Reads about complaints: who may know of which, how many were unfounded, what they suspend."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import selectinload

from core.clock import SHANGHAI
from core.documents.models import Document
from core.i18n import _, _l
from core.identity.actor import Actor
from core.identity.roles import Role
from core.parameters import overrides
from core.permissions import policy
from core.unit_of_work import UnitOfWork
from procurement.models import Complaint, ComplaintParty, Tender
from procurement.permissions import BIDDER_SIDE, PURCHASER_SIDE, ComplaintPermission
from procurement.states import ComplaintState, DismissalGround, Measure
from procurement.suspensions import Suspension

DECIDED = (ComplaintState.UPHELD, ComplaintState.DISMISSED)
OPEN = (ComplaintState.FILED, ComplaintState.CORRECTING, ComplaintState.ACCEPTED)
UNFOUNDED = tuple(one for one in DismissalGround if one.is_unfounded)


def load_complaint(uow: UnitOfWork, complaint_id: uuid.UUID) -> Complaint | None:
    """Return the complaint with this id."""
    return uow.get(Complaint, complaint_id)


def visible_complaints(actor: Actor, *, text: str = "", state: str = "") -> Select[Complaint]:
    """Select the complaints the actor may read, the same rule as `ComplaintPermission.READ`."""
    query = select(Complaint).join(Tender, Tender.id == Complaint.tender_id).options(selectinload(Complaint.parties))
    if not actor.has(Role.PROCUREMENT_SUPERVISOR):
        served = select(ComplaintParty.complaint_id).where(
            or_(
                and_(
                    ComplaintParty.is_purchaser,
                    ComplaintParty.organisation_id.in_(actor.organisations_as(*PURCHASER_SIDE)),
                ),
                and_(
                    ~ComplaintParty.is_purchaser,
                    ComplaintParty.organisation_id.in_(actor.organisations_as(*BIDDER_SIDE)),
                ),
            )
        )
        own = Complaint.organisation_id.in_(actor.organisations_as(*BIDDER_SIDE))
        query = query.where(or_(own, Complaint.id.in_(served)))
    if text:
        like = f"%{text}%"
        query = query.where(or_(Complaint.number.ilike(like), Tender.title.ilike(like)))
    if state in {one.value for one in ComplaintState}:
        query = query.where(Complaint.state == ComplaintState(state))
    return query


def decided_complaints(*, text: str = "") -> Select[Complaint]:
    """Select the complaints whose decision is published, for anybody."""
    query = select(Complaint).join(Tender, Tender.id == Complaint.tender_id).where(Complaint.state.in_(DECIDED))
    if text:
        like = f"%{text}%"
        query = query.where(or_(Complaint.number.ilike(like), Tender.title.ilike(like)))
    return query


@dataclass(frozen=True)
class UnfoundedCount:
    """How many complaints of one supplier were unfounded in the months looked back, and from how many it counts."""

    found: int
    limit: int
    months: int

    @property
    def is_reached(self) -> bool:
        """Whether the supplier goes onto the record of bad conduct (R-REMEDY-04)."""
        return self.found >= self.limit


def unfounded_complaints(uow: UnitOfWork, organisation_id: uuid.UUID) -> UnfoundedCount:
    """Count a supplier's unfounded complaints known here within the months of R-REMEDY-04."""
    book, local = uow.house.rules, overrides(uow)
    months = book.whole("R-REMEDY-04", "months", on=uow.today, overrides=local)
    since = _months_before(uow.today, months)
    found = uow.session.scalar(
        select(func.count(Complaint.id)).where(
            Complaint.organisation_id == organisation_id,
            Complaint.state == ComplaintState.DISMISSED,
            Complaint.ground.in_(UNFOUNDED),
            func.timezone("Asia/Shanghai", Complaint.decided_at) >= since,
        )
    )
    limit = book.whole("R-REMEDY-04", "complaints", on=uow.today, overrides=local)
    return UnfoundedCount(found or 0, limit, months)


def complaint_suspensions(uow: UnitOfWork, tender: Tender | None) -> Iterator[Suspension]:
    """Yield what complaints hold up.

    Purchases ordered to stand still (R-REMEDY-03), and contracts until an upheld decision is carried out (R-SUSP-01).
    """
    yield from _ordered_to_stop(uow, tender)
    upheld = select(Complaint).where(
        Complaint.state == ComplaintState.UPHELD,
        Complaint.measure != Measure.CONTINUE,
        Complaint.carried_out_at.is_(None),
    )
    if tender is not None:
        upheld = upheld.where(Complaint.tender_id == tender.id)
    for complaint in uow.session.scalars(upheld.order_by(Complaint.decided_at)):
        words = _l("投诉 %(number)s 成立，处理决定尚未执行", number=complaint.number)
        yield Suspension(complaint.tender_id, words, "R-SUSP-01", url=f"/complaint-decisions/{complaint.id}")


def _ordered_to_stop(uow: UnitOfWork, tender: Tender | None) -> Iterator[Suspension]:
    query = select(Complaint).where(
        Complaint.state == ComplaintState.ACCEPTED,
        Complaint.suspended_on <= uow.today,
        Complaint.suspended_until >= uow.today,
    )
    if tender is not None:
        query = query.where(Complaint.tender_id == tender.id)
    for complaint in uow.session.scalars(query.order_by(Complaint.suspended_until)):
        until = complaint.suspended_until
        words = _l("财政部门因投诉书面通知暂停采购活动，至 %(until)s", until=until.isoformat() if until else "")
        yield Suspension(complaint.tender_id, words, "R-REMEDY-03", until=until, stops_everything=True)


def outcome_words(complaint: Complaint) -> str:
    """Return the outcome in one sentence; also shown on the public page."""
    if complaint.ground is not None:
        return str(_("驳回投诉：%(ground)s。", ground=complaint.ground.label))
    if complaint.measure is not None:
        return str(_("投诉成立：%(measure)s。", measure=complaint.measure.label))
    return str(complaint.state.label)


def may_read_document(uow: UnitOfWork, document: Document) -> bool:
    """The decision is public once it stands; the rest is for whoever may read the file."""
    complaint = uow.get(Complaint, document.owner_id)
    if complaint is None:
        return False
    if document.purpose == "decision" and policy.allows(uow.actor, ComplaintPermission.READ_DECISION, complaint):
        return True
    if document.purpose == "statement":
        own = document.added_by_id is not None and document.added_by_id == uow.actor.user_id
        return own or policy.allows(uow.actor, ComplaintPermission.READ_INSIDE, complaint)
    if document.purpose == "refusal":
        return policy.allows(uow.actor, ComplaintPermission.WITHDRAW, complaint) or policy.allows(
            uow.actor, ComplaintPermission.READ_INSIDE, complaint
        )
    return policy.allows(uow.actor, ComplaintPermission.KNOW_WHO, complaint)


def _months_before(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, 28))


def filed_on(complaint: Complaint) -> date:
    """Return the civil date on which it was received."""
    return complaint.filed_at.astimezone(SHANGHAI).date()
