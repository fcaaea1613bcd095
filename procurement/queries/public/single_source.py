"""The announcement of a single source, public from its approval on (R-NEG-03)."""

from __future__ import annotations

from flask_babel import force_locale
from sqlalchemy import select

from core.unit_of_work import UnitOfWork
from procurement.models import AskedSupplier, DirectPurchase, Tender
from procurement.public_process import SoleSource
from procurement.queries.public.parties import party_of
from procurement.states import Method


def sole_source_of(uow: UnitOfWork, tender: Tender) -> SoleSource | None:
    """Return the announcement of a single source, or None where none was announced."""
    if tender.method is not Method.SINGLE_SOURCE:
        return None
    row = uow.session.execute(
        select(DirectPurchase, AskedSupplier)
        .join(AskedSupplier, AskedSupplier.tender_id == DirectPurchase.tender_id)
        .where(
            DirectPurchase.tender_id == tender.id,
            DirectPurchase.announced_until.is_not(None),
            AskedSupplier.asked_at.is_not(None),
        )
        .order_by(AskedSupplier.asked_at, AskedSupplier.id)
    ).first()
    if row is None:
        return None
    purchase, asked = row
    if purchase.announced_until is None or asked.asked_at is None or purchase.ground is None:
        return None
    with force_locale("zh"):
        ground = str(purchase.ground.label)
    return SoleSource(
        at=asked.asked_at,
        until=purchase.announced_until,
        supplier=party_of(asked.supplier),
        requirement=tender.requirement or tender.title,
        budget=tender.budget,
        ground=ground,
        reason=purchase.ground_reason,
        opinion=purchase.opinion,
    )
