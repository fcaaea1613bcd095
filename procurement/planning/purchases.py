"""What was bought in a year, as the check for splitting reads it (R-TENDER-15, R-BELOW-01)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sqlalchemy import func, select

from core.clock import SHANGHAI
from core.unit_of_work import UnitOfWork
from procurement.methods import CALL_OFFS
from procurement.models import Plan, PlanItem, Preparation, Tender
from procurement.planning.splitting import YearPurchase, YearSum, year_sum
from procurement.planning.thresholds import thresholds
from procurement.states import Category, Method, TenderState

NEVER_BOUGHT = (TenderState.FAILED, TenderState.CANCELLED)


def preparation_of(uow: UnitOfWork, tender: Tender) -> Preparation:
    """Return what was said about the purchase's origin; an empty one, not stored, where nothing was."""
    return uow.session.get(Preparation, tender.id) or Preparation(
        tender_id=tender.id,
        category=Category.EVALUATION,
        in_catalogue=False,
        method_reason="",
        method_approval="",
        urgent_reason="",
        wording_reason="",
    )


def purchase_day(tender: Tender) -> date:
    """Return the civil day by which a purchase belongs to a fiscal year: of its notice, until then of its draft."""
    return (tender.published_at or tender.created_at).astimezone(SHANGHAI).date()


def purchases_of_year(uow: UnitOfWork, category: Category, year: int, *, beside: Tender | None = None) -> YearSum:
    """Return what the bureau bought of a category in a year; failed and cancelled purchases do not count.

    What is called off from a framework agreement was bought by the framework's own call and counts there. `beside` is
    always among them as it stands now. Two queries.
    """
    happened = func.timezone("Asia/Shanghai", func.coalesce(Tender.published_at, Tender.created_at))
    tenders = uow.session.scalars(
        select(Tender).where(
            Tender.state.not_in(NEVER_BOUGHT),
            Tender.method.not_in(CALL_OFFS),
            func.extract("year", happened) == year,
        )
    ).all()
    said = {
        one.tender_id: one
        for one in uow.session.scalars(
            select(Preparation).where(Preparation.tender_id.in_([tender.id for tender in tenders]))
        )
    }
    found = [
        _purchase(tender, said.get(tender.id))
        for tender in tenders
        if (beside is None or tender.id != beside.id) and _category(said.get(tender.id)) is category
    ]
    if beside is not None:
        found.append(_purchase(beside, preparation_of(uow, beside)))
    return year_sum(found, category=category.value, year=year, threshold=thresholds(uow, year).open_tender)


def planned_sums(uow: UnitOfWork, plan: Plan, items: Iterable[PlanItem] | None = None) -> list[YearSum]:
    """Return the plan's sums by category, as if everything in it were bought as planned."""
    planned = [
        YearPurchase(
            key=str(one.id),
            title=one.title,
            category=one.category.value,
            amount=one.amount,
            on=one.starts_on,
            is_open=one.method is Method.OPEN_TENDER,
        )
        for one in (plan.items if items is None else items)
    ]
    threshold = thresholds(uow, plan.year).open_tender
    sums = [
        year_sum(planned, category=category.value, year=plan.year, threshold=threshold)
        for category in Category
        if any(one.category == category.value for one in planned)
    ]
    return [one for one in sums if one.purchases]


def _category(prepared: Preparation | None) -> Category:
    return Category.EVALUATION if prepared is None else prepared.category


def _purchase(tender: Tender, prepared: Preparation | None) -> YearPurchase:
    return YearPurchase(
        key=str(tender.id),
        title=tender.title,
        category=_category(prepared).value,
        amount=tender.budget,
        on=purchase_day(tender),
        is_open=tender.method is Method.OPEN_TENDER,
        is_approved=prepared is not None and bool(prepared.method_approval),
    )
