"""Which of the demonstration's purchases are run by a procurement agent, and which ask for a deposit."""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any, Protocol

from werkzeug.datastructures import FileStorage

from core.identity.models import Organisation
from core.unit_of_work import UnitOfWork
from procurement.models import Tender
from procurement.sealing.statement import DECLARATIONS, Statement
from procurement.services.agents import AgreementEntry, appoint_agent
from procurement.states import AgentStep
from projects.models import Project

ENTRUSTED = {
    6: tuple(AgentStep),
    9: tuple(AgentStep),
    12: (AgentStep.DOCUMENTS, AgentStep.CLARIFICATION, AgentStep.OPENING),
}
"""By the number of the story: what the agent does."""
WITH_DEPOSIT = (0, 6)
BANKS = ("上海农商银行澄湖支行", "中国工商银行上海澄湖支行", "交通银行上海澄湖支行")
AGREEMENT = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\ntrailer<</Root 1 0 R>>\n"
)


class Organisations(Protocol):
    """What of the demonstration's world an appointment needs."""

    organisations: dict[str, Organisation]


def deposit_for(number: int, project: Project) -> Mapping[str, Any]:
    """Return the deposit a story's purchase asks for: one per cent of its budget, in whole hundreds of yuan."""
    if number not in WITH_DEPOSIT or project.evaluation_fee is None:
        return {}
    return {"deposit": (project.evaluation_fee / 100).quantize(Decimal(1)) // 100 * 100}


def entrust(uow: UnitOfWork, world: Organisations, number: int, tender: Tender) -> None:
    """Appoint the district's procurement agent to a story's purchase, where the story has one."""
    steps = ENTRUSTED.get(number)
    if steps is None:
        return
    entry = AgreementEntry(
        agency=world.organisations["agent"],
        number=f"澄源代〔{tender.created_at.year}〕{number + 11}号",
        agreed_on=uow.today - timedelta(days=3),
        steps=steps,
        fee="采购人支付，按协议收取 2,400 元",
        contact_name="蒋若兰",
        contact_telephone="021-55550177",
    )
    appoint_agent(uow, tender, entry, FileStorage(io.BytesIO(AGREEMENT), filename="委托代理协议.pdf"))


def stated_deposit(tender: Tender, bidder: Organisation) -> Statement | None:
    """Return what a bidder of the demonstration states where a deposit is asked for."""
    if not tender.deposit:
        return None
    digits = int(bidder.id.int % 10**12)
    return Statement(
        firm_size="small",
        sme_employees=str(18 + digits % 60),
        sme_turnover=str(600 + digits % 900),
        deposit_amount=f"{tender.deposit:.2f}",
        deposit_means="transfer",
        deposit_reference=f"2026{digits % 10**8:08d}",
        deposit_payer=bidder.name,
        deposit_bank=BANKS[digits % len(BANKS)],
        deposit_account=f"31050{digits:013d}",
        declarations=DECLARATIONS,
    )
