"""Contracts from their publication on, and what came of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from core.clock import SHANGHAI
from core.unit_of_work import UnitOfWork
from procurement.models import Contract, Tender
from procurement.public_process import Acceptance, ContractChange, Party, Payment, PublicContract
from procurement.queries.public.parties import party_of
from procurement.states import AcceptanceState, ContractState, PaymentState, SupplementState


@dataclass(frozen=True)
class Performance:
    """The published contracts of a purchase with what came of them."""

    contracts: tuple[PublicContract, ...] = ()
    changes: tuple[ContractChange, ...] = ()
    acceptances: tuple[Acceptance, ...] = ()
    payments: tuple[Payment, ...] = ()


def performance_of(uow: UnitOfWork, tender: Tender) -> Performance:
    """Return the contracts that were published; one that was not is nobody's business yet (条例 art. 50)."""
    if tender.awarded_at is None:
        return Performance()
    rows = uow.session.scalars(
        select(Contract)
        .where(Contract.tender_id == tender.id, Contract.published_at.is_not(None), Contract.signed_on.is_not(None))
        .order_by(Contract.number)
        .options(
            selectinload(Contract.supplements), selectinload(Contract.acceptances), selectinload(Contract.payments)
        )
    ).all()
    return Performance(
        contracts=tuple(_contract(row) for row in rows),
        changes=tuple(one for row in rows for one in _changes(row)),
        acceptances=tuple(one for row in rows for one in _acceptances(row)),
        payments=tuple(one for row in rows for one in _payments(row, party_of(tender.purchaser))),
    )


def _contract(row: Contract) -> PublicContract:
    published, signed = row.published_at, row.signed_on
    if published is None or signed is None:
        raise RuntimeError("only published contracts are read")
    return PublicContract(
        key=str(row.id),
        number=row.number,
        title=row.title,
        winner=str(row.award_id),
        supplier=party_of(row.agency),
        amount=row.amount,
        signed_on=signed,
        at=published,
        begins_on=row.service_from,
        ends_on=row.service_until,
    )


def _changes(row: Contract) -> list[ContractChange]:
    worth, found = row.amount, []
    for one in row.supplements:
        if one.state is SupplementState.APPROVED and one.decided_at is not None:
            worth += one.amount
            found.append(ContractChange(str(one.id), str(row.id), one.decided_at, one.reason, worth))
    if row.state is ContractState.TERMINATED and row.ended_at is not None:
        found.append(ContractChange(f"{row.id}-end", str(row.id), row.ended_at, "合同解除", terminated=True))
    return found


def _acceptances(row: Contract) -> list[Acceptance]:
    return [
        Acceptance(
            key=str(one.id),
            contract=str(row.id),
            at=one.published_at,
            passed=one.state is AcceptanceState.PASSED,
            summary=one.conclusion,
            held_on=one.held_on,
            members=tuple(one.members),
            users=len(one.users),
        )
        for one in row.acceptances
        if one.published_at is not None
    ]


def _payments(row: Contract, payer: Party) -> list[Payment]:
    return [
        Payment(
            key=str(one.id),
            contract=str(row.id),
            at=datetime.combine(one.paid_on, time(0, 0), tzinfo=SHANGHAI),
            amount=Decimal(one.amount),
            payer=payer,
            payee=party_of(row.agency),
        )
        for one in row.payments
        if one.state is PaymentState.PAID and one.paid_on is not None
    ]
