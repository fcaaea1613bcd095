"""Reads of contracts, their acceptances and payments; lists show what the page's own permission allows."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from decimal import Decimal

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import joinedload, selectinload

from core.documents.models import Document
from core.identity.actor import Actor
from core.identity.models import Organisation
from core.identity.roles import Role
from core.permissions import policy
from core.unit_of_work import UnitOfWork
from procurement.models import Acceptance, Award, Bid, Contract, Payment, Supplement, Tender
from procurement.permissions import BIDDER_SIDE, ContractPermission
from procurement.permissions.agents import OWN_SIDE
from procurement.queries.agents import purview
from procurement.states import ContractState, PaymentState, TenderState

ALL_SEEING = (*OWN_SIDE, Role.QUALITY_OFFICER, Role.OBSERVER, Role.PROCUREMENT_SUPERVISOR)
OF_THE_PURCHASER = (ContractState.DRAFT, ContractState.IN_REVIEW)


def visible_contracts(actor: Actor) -> Select[Contract]:
    """Select the contracts the actor may read: the same rule as `ContractPermission.READ`."""
    query = select(Contract).join(Tender, Tender.id == Contract.tender_id)
    if actor.has(*ALL_SEEING):
        return query
    own = actor.organisations_as(*BIDDER_SIDE)
    contracted = and_(Contract.agency_id.in_(own), Contract.state.not_in(OF_THE_PURCHASER))
    return query.where(or_(contracted, purview(actor)))


def contracts_matching(actor: Actor, *, text: str = "", state: str = "") -> Select[Contract]:
    """Select visible contracts by number, title or agency and by state, with what their row shows."""
    query = visible_contracts(actor).join(Organisation, Organisation.id == Contract.agency_id)
    query = query.options(selectinload(Contract.payments), selectinload(Contract.supplements))
    if text:
        like = f"%{text}%"
        query = query.where(or_(Contract.number.ilike(like), Contract.title.ilike(like), Organisation.name.ilike(like)))
    if state in {member.value for member in ContractState}:
        query = query.where(Contract.state == ContractState(state))
    return query


def published_contracts(*, text: str = "") -> Select[Contract]:
    """Select the contracts that are published, for anybody."""
    query = (
        select(Contract)
        .join(Organisation, Organisation.id == Contract.agency_id)
        .join(Tender, Tender.id == Contract.tender_id)
        .where(Contract.published_at.is_not(None))
    )
    if text:
        like = f"%{text}%"
        query = query.where(or_(Contract.number.ilike(like), Contract.title.ilike(like), Organisation.name.ilike(like)))
    return query


def contract_of(uow: UnitOfWork, award: Award) -> Contract | None:
    """Return the contract that an award led to."""
    return uow.session.scalar(select(Contract).where(Contract.award_id == award.id))


def contracts_of(uow: UnitOfWork, tender: Tender) -> dict[uuid.UUID, Contract]:
    """Return a tender's contracts by award, refused ones included."""
    rows = uow.session.scalars(select(Contract).where(Contract.tender_id == tender.id))
    return {row.award_id: row for row in rows}


def awards_without_contract(uow: UnitOfWork) -> list[Award]:
    """Return the standing awards whose contract nobody has drafted yet, the oldest first."""
    return list(
        uow.session.scalars(
            select(Award)
            .join(Tender, Tender.id == Award.tender_id)
            .outerjoin(Contract, Contract.award_id == Award.id)
            .where(Award.superseded_at.is_(None), Contract.id.is_(None), Tender.state == TenderState.AWARDED)
            .order_by(Award.decided_at)
            .options(joinedload(Award.tender), joinedload(Award.lot), joinedload(Award.bid).joinedload(Bid.bidder))
        )
    )


def in_states(uow: UnitOfWork, *states: ContractState) -> list[Contract]:
    """Return the contracts in these states with everything that tasks ask of them."""
    return list(
        uow.session.scalars(
            select(Contract)
            .where(Contract.state.in_(states))
            .order_by(Contract.drafted_at)
            .options(
                joinedload(Contract.award).joinedload(Award.tender),
                selectinload(Contract.payments),
                selectinload(Contract.supplements),
                selectinload(Contract.acceptances),
            )
        )
    )


def paid(contract: Contract) -> Decimal:
    """Return what was paid so far (yuan)."""
    return sum((one.amount for one in contract.payments if one.state is PaymentState.PAID), Decimal(0))


def asked_for(payments: Sequence[Payment]) -> list[Decimal]:
    """Return the amounts that are paid or on their way."""
    return [one.amount for one in payments if one.state is not PaymentState.REJECTED]


def load_contract(uow: UnitOfWork, contract_id: uuid.UUID) -> Contract | None:
    """Return the contract with this id."""
    return uow.get(Contract, contract_id)


def load_award(uow: UnitOfWork, award_id: uuid.UUID) -> Award | None:
    """Return the award with this id."""
    return uow.get(Award, award_id)


def load_acceptance(uow: UnitOfWork, acceptance_id: uuid.UUID) -> Acceptance | None:
    """Return the acceptance with this id."""
    return uow.get(Acceptance, acceptance_id)


def load_payment(uow: UnitOfWork, payment_id: uuid.UUID) -> Payment | None:
    """Return the payment with this id."""
    return uow.get(Payment, payment_id)


def load_supplement(uow: UnitOfWork, supplement_id: uuid.UUID) -> Supplement | None:
    """Return the supplement with this id."""
    return uow.get(Supplement, supplement_id)


def may_read_contract_document(uow: UnitOfWork, document: Document) -> bool:
    """Whoever may read the contract may read its papers."""
    contract = uow.get(Contract, document.owner_id)
    return contract is not None and policy.allows(uow.actor, ContractPermission.READ, contract)


def may_read_acceptance_document(uow: UnitOfWork, document: Document) -> bool:
    """Whoever may read the contract may read the acceptance sheet."""
    acceptance = uow.get(Acceptance, document.owner_id)
    return acceptance is not None and policy.allows(uow.actor, ContractPermission.READ, acceptance.contract)
