"""The signed contract as the paper from which an engagement comes, for the archive of the evaluation (R-AGENCY-13)."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

from sqlalchemy import select

from agencies.models import Engagement
from agencies.ports import ContractPaper
from core.documents.models import Document
from core.i18n import _
from core.unit_of_work import UnitOfWork
from procurement.models import Contract

PURPOSE = "contract-signed"


def signed_contracts(uow: UnitOfWork, engagement: Engagement) -> Iterator[ContractPaper]:
    """Yield the newest signed copy of the contracts with this agency in the tender the engagement came from."""
    kind, _colon, number = engagement.source.partition(":")
    tender_id = _uuid(number)
    if kind != "tender" or tender_id is None:
        return
    contracts = uow.session.scalars(
        select(Contract).where(Contract.tender_id == tender_id, Contract.agency_id == engagement.agency_id)
    )
    for contract in contracts:
        signed = uow.session.scalar(
            select(Document)
            .where(Document.owner_kind == "contract", Document.owner_id == contract.id, Document.purpose == PURPOSE)
            .order_by(Document.version.desc())
            .limit(1)
        )
        if signed is not None:
            origin = str(_("采购合同 %(number)s", number=contract.number))
            yield ContractPaper(signed.name, signed.sha256, signed.size, origin)


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
