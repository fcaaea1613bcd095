"""The terms of the evaluation as the frozen record and the notice state them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from core.unit_of_work import UnitOfWork
from procurement.models import EvaluationTerms, Tender


def terms_record(uow: UnitOfWork, tender: Tender) -> dict[str, Any] | None:
    """Return what the document says of low prices, deductions, minimum and ties; None where it adds nothing."""
    row = uow.session.scalar(select(EvaluationTerms).where(EvaluationTerms.tender_id == tender.id))
    if row is None:
        return None
    return {
        "low_price": {"mean": row.mean, "next_lowest": row.next_lowest, "ceiling": row.ceiling},
        "deduction": {"small": row.small_percent, "partner": row.partner_percent},
        "minimum": row.minimum_merit,
        "tie": {"method": row.tie_method, "rule": row.tie_rule},
    }
