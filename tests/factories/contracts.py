"""Contracts for tests, made through the services by the people who may."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from werkzeug.datastructures import FileStorage

from core.identity.models import User
from core.identity.roles import Role
from core.unit_of_work import UnitOfWork
from procurement.drafting.record import frozen_record
from procurement.models import Contract, Tender
from procurement.services.acceptances import conclude_acceptance, open_acceptance, save_acceptance
from procurement.services.awarding import awards_of
from procurement.services.contract_papers import contract_pdf
from procurement.services.contracts import (
    InstalmentEntry,
    approve_contract,
    change_contract,
    draft_contract,
    sign_contract,
)
from procurement.workflow import CONTRACT
from tests.factories.awards import acting, awarded_tender
from tests.factories.identity import make_organisation, make_user


@dataclass
class Deal:
    """A contract with the people of the purchaser's side, each of them somebody else."""

    contract: Contract
    tender: Tender
    officer: User
    approver: User
    acceptor: User


def drafted(uow: UnitOfWork, tender: Tender | None = None, **changes) -> Deal:
    """A contract in draft for an awarded tender's first lot."""
    tender = tender or awarded_tender(uow)
    tender.record = frozen_record(uow, tender)
    uow.session.flush()
    officer = tender.drafted_by
    contract = draft_contract(acting(uow, officer), awards_of(uow, tender)[0])
    if changes:
        change_contract(acting(uow, officer), contract, **{**values_of(contract), **changes})
    bureau = make_organisation(uow)
    bureau.kind = type(bureau.kind).BUREAU
    acceptor = make_user(uow, Role.QUALITY_OFFICER, organisation=bureau)
    return Deal(contract, tender, officer, tender.approved_by, acceptor)


def values_of(contract: Contract) -> dict:
    """A contract's entries as its form would send them unchanged."""
    return {
        "service_from": contract.service_from,
        "bond_amount": contract.bond_amount,
        "is_public_service": contract.is_public_service,
        "instalments": [InstalmentEntry(one.condition, one.amount, one.due_on) for one in contract.instalments],
        "free": {one["key"]: one["text"] for one in contract.clauses if not one["fixed"]},
    }


def ready(uow: UnitOfWork, **changes) -> Deal:
    """A contract that a second person has checked."""
    deal = drafted(uow, **changes)
    CONTRACT.fire(acting(uow, deal.officer), deal.contract, "submit")
    approve_contract(acting(uow, deal.approver), deal.contract)
    return deal


def signed(uow: UnitOfWork, **changes) -> Deal:
    """A contract signed today."""
    deal = ready(uow, **changes)
    sign_contract(acting(uow, deal.officer), deal.contract, uow.today, signed_copy(deal.contract))
    return deal


def signed_copy(contract: Contract) -> FileStorage:
    """A PDF as it would be uploaded."""
    return FileStorage(io.BytesIO(contract_pdf(contract)), filename="合同签字页.pdf")


def accepted(uow: UnitOfWork, **changes) -> Deal:
    """A contract whose every standard was met."""
    deal = signed(uow, **changes)
    leader = acting(uow, deal.acceptor)
    acceptance = open_acceptance(leader, deal.contract)
    save_acceptance(leader, acceptance, **judged(uow, acceptance))
    conclude_acceptance(leader, acceptance, passed=True)
    return deal


def judged(uow: UnitOfWork, acceptance, *, failing: int | None = None, **changes) -> dict:
    """Entries in which every standard is met, except the one at the place `failing`."""
    findings = {
        item.id: (item.position != failing, "缺少满意度调查底稿" if item.position == failing else "")
        for item in acceptance.items
    }
    return {
        "held_on": uow.today,
        "members": ["顾清和（质量管理科）", "陆明（预算科）"],
        "users": [],
        "findings": findings,
        "conclusion": "服务成果符合合同约定。",
        **changes,
    }


FEW = timedelta(days=3)
TENTH = Decimal("16000.00")
