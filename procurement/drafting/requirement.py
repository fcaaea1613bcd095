"""采购需求: what a review of the requirement looks at, whether survey and reviews are needed, and whether they stand.

R-TENDER-19: from a budget on, or where public interest or technology ask for it, a purchase needs a survey that is less
than a year old and asked enough of the market, a general and a key review by people who did not write it. What was
reviewed is known by its hash, so that a later change is found.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from core.records import digest, plain
from core.unit_of_work import UnitOfWork
from procurement.drafting.dates import notice_day
from procurement.models import RequirementReview, RequirementSurvey, Retender, Tender
from procurement.planning.purchases import preparation_of
from procurement.planning.thresholds import thresholds
from procurement.states import Method, RespondentKind, ReviewKind


def requirement_basis(tender: Tender) -> str:
    """Return the SHA-256 of what a review looks at: need, conditions, criteria, contract, money and lots."""
    basis: dict[str, Any] = plain(
        {
            "requirement": tender.requirement,
            "qualifications": tender.qualifications,
            "contract": tender.contract_draft,
            "budget": tender.budget,
            "price_weight": tender.price_weight,
            "lots": [{"title": one.title, "budget": one.budget} for one in tender.lots],
            "criteria": [
                {
                    "kind": one.kind,
                    "title": one.title,
                    "description": one.description,
                    "maximum": one.maximum,
                    "bands": one.bands,
                }
                for one in tender.criteria
            ],
        }
    )
    return digest(basis)


def is_statutory(uow: UnitOfWork, tender: Tender) -> bool:
    """Whether procurement law applies: in the catalogue, or from the year's procurement limit on (R-THR-01)."""
    return preparation_of(uow, tender).in_catalogue or tender.budget >= thresholds(uow).limit


def needs_survey(uow: UnitOfWork, tender: Tender) -> bool:
    """Whether survey and key review must be on record before publication (R-TENDER-19)."""
    from_amount = uow.house.rules.number("R-TENDER-19", "services_from", on=uow.today)
    return tender.is_complex or tender.is_high_impact or tender.budget >= from_amount


@dataclass(frozen=True)
class Records:
    """What is on record about a requirement: surveys newest first, the latest review of each kind."""

    surveys: tuple[RequirementSurvey, ...]
    reviews: dict[ReviewKind, RequirementReview]
    basis: str

    def is_current(self, review: RequirementReview) -> bool:
        """Whether what was reviewed still stands in the draft."""
        return review.basis == self.basis


def lineage(uow: UnitOfWork, tender: Tender) -> list[uuid.UUID]:
    """Return the tender and the failed ones before it, whose surveys and reviews still count (R-OPEN-05)."""
    chain = select(Retender.failed_id).where(Retender.successor_id == tender.id).cte("chain", recursive=True)
    chain = chain.union(select(Retender.failed_id).where(Retender.successor_id == chain.c.failed_id))
    return [tender.id, *uow.session.scalars(select(chain.c.failed_id))]


def records_of(uow: UnitOfWork, tender: Tender) -> Records:
    """Read the surveys and reviews of a tender and of the failed ones before it: three queries."""
    own = lineage(uow, tender)
    surveys = uow.session.scalars(
        select(RequirementSurvey)
        .where(RequirementSurvey.tender_id.in_(own))
        .order_by(RequirementSurvey.surveyed_on.desc(), RequirementSurvey.recorded_at.desc())
    )
    reviews = uow.session.scalars(
        select(RequirementReview).where(RequirementReview.tender_id.in_(own)).order_by(RequirementReview.reviewed_at)
    )
    return Records(tuple(surveys), {one.kind: one for one in reviews}, requirement_basis(tender))


def market_asked(survey: RequirementSurvey) -> int:
    """Return how many of the market a survey asked."""
    return len({one["name"] for one in survey.respondents if one["kind"] == RespondentKind.MARKET.value})


def valid_until(uow: UnitOfWork, survey: RequirementSurvey) -> date:
    """Return the last day on which a survey counts."""
    years = uow.house.rules.whole("R-TENDER-19", "valid_years", on=uow.today)
    try:
        return survey.surveyed_on.replace(year=survey.surveyed_on.year + years)
    except ValueError:  # the 29th of February
        return survey.surveyed_on.replace(year=survey.surveyed_on.year + years, day=28)


def counts(uow: UnitOfWork, tender: Tender, survey: RequirementSurvey) -> bool:
    """Whether a survey asked enough of the market and still counts on the day of the notice."""
    fewest = uow.house.rules.whole("R-TENDER-19", "respondents_min", on=uow.today)
    return market_asked(survey) >= fewest and valid_until(uow, survey) >= notice_day(uow, tender)


def asks_for_intention(uow: UnitOfWork, tender: Tender) -> bool:
    """Whether the intention must be public first: a purchase under procurement law, a sole supplier's apart."""
    return is_statutory(uow, tender) and tender.method is not Method.SINGLE_SOURCE
