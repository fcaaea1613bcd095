"""Reads of a committee's draw from the bureau's own pool: calls, invitees, and what experts are screened against."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from core.documents.models import Document
from core.i18n import Text, _l
from core.identity.models import Organisation
from core.permissions import policy
from core.unit_of_work import UnitOfWork
from experts.models import Expert
from experts.services.conflicts import Matter
from experts.states import Category
from procurement.models import Bid, CommitteeCall, CommitteeInvitee, Tender
from procurement.permissions import PoolDrawPermission
from procurement.states import BidState, CallState, InviteeState

FIELD = "field"
"""The key of experts who know the trade of a project in the purchase."""
YES = "yes"


def quota_title(key: str) -> Text:
    """Return what a wanted field is called."""
    return _l("熟悉本项目所属行业") if key == FIELD else Category(key).label


def quota_titles() -> dict[str, Text]:
    """Return every field that may be wanted, with its name."""
    return {key: quota_title(key) for key in (FIELD, *(one.value for one in Category))}


def load_call(uow: UnitOfWork, call_id: uuid.UUID) -> CommitteeCall | None:
    """Return the call with this id."""
    return uow.get(CommitteeCall, call_id)


def load_invitee(uow: UnitOfWork, invitee_id: uuid.UUID) -> CommitteeInvitee | None:
    """Return the invitee with this id."""
    return uow.get(CommitteeInvitee, invitee_id)


def calls_of(uow: UnitOfWork, tender: Tender) -> list[CommitteeCall]:
    """Return the tender's calls, the newest first."""
    rows = select(CommitteeCall).where(CommitteeCall.tender_id == tender.id)
    return list(uow.session.scalars(rows.order_by(CommitteeCall.called_at.desc(), CommitteeCall.number.desc())))


def next_number(uow: UnitOfWork, tender: Tender) -> str:
    """Return the number of the tender's next call."""
    count = uow.session.scalar(select(func.count()).where(CommitteeCall.tender_id == tender.id)) or 0
    return f"{tender.number}-抽{count + 1}"


def invitees_of(uow: UnitOfWork, call: CommitteeCall) -> list[CommitteeInvitee]:
    """Return everybody drawn, reserves last, in the order of the draw."""
    rows = uow.session.scalars(select(CommitteeInvitee).where(CommitteeInvitee.call_id == call.id)).unique().all()
    return sorted(rows, key=lambda one: (one.state is InviteeState.RESERVE, one.position))


def own_invitations(uow: UnitOfWork, *, open_only: bool = False) -> Sequence[CommitteeInvitee]:
    """Return the actor's invitations, newest first; reserves do not know of theirs."""
    if uow.actor.user_id is None:
        return []
    query = (
        select(CommitteeInvitee)
        .join(Expert, Expert.id == CommitteeInvitee.expert_id)
        .where(Expert.user_id == uow.actor.user_id, CommitteeInvitee.state != InviteeState.RESERVE)
        .options(joinedload(CommitteeInvitee.call).joinedload(CommitteeCall.tender))
        .order_by(CommitteeInvitee.invited_at.desc())
    )
    if open_only:
        query = query.where(CommitteeInvitee.state == InviteeState.INVITED)
    return uow.session.scalars(query).unique().all()


def parties_of(uow: UnitOfWork, tender: Tender) -> list[Organisation]:
    """Return those to whom a member may not be tied and whose names are public: purchaser and evaluated units."""
    ids = {tender.purchaser_id, *(project.unit_id for lot in tender.lots for project in lot.projects)}
    rows = select(Organisation).where(Organisation.id.in_(ids)).order_by(Organisation.name)
    return list(uow.session.scalars(rows))


def matter_of(uow: UnitOfWork, tender: Tender) -> Matter:
    """Return what experts are screened against: purchaser and units, and the bidders once they are known.

    Before the opening nobody knows who bids, so that an exclusion could tell; then each bidder counts as a party and as
    an agency with which one judges at most so often (R-COMM-06, R-EXP.repeat).
    """
    units = frozenset(project.unit_id for lot in tender.lots for project in lot.projects)
    bidders: frozenset[uuid.UUID] = frozenset()
    if tender.opened_at is not None:
        opened = (BidState.OPENED, BidState.CORRUPT)
        rows = select(Bid.bidder_id).where(Bid.tender_id == tender.id, Bid.state.in_(opened))
        bidders = frozenset(uow.session.scalars(rows))
    return Matter(frozenset({tender.purchaser_id}) | units | bidders, bidders, units)


def running_call(uow: UnitOfWork, tender: Tender) -> CommitteeCall | None:
    """Return the call that is planned or being drawn."""
    states = (CallState.PLANNED, CallState.DRAWING)
    return uow.session.scalar(
        select(CommitteeCall).where(CommitteeCall.tender_id == tender.id, CommitteeCall.state.in_(states))
    )


def may_read_consent(uow: UnitOfWork, document: Document) -> bool:
    """The consent is for the purchaser's side."""
    call = uow.get(CommitteeCall, document.owner_id)
    return call is not None and policy.allows(uow.actor, PoolDrawPermission.SEE_NAMES, call)
