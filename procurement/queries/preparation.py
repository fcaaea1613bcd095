"""Reads about what precedes a tender: the requirement with its authors, intentions made public."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from sqlalchemy import Select, or_, select

from core.documents.models import Document
from core.identity.models import Membership, User
from core.identity.roles import Role
from core.permissions import policy
from core.unit_of_work import UnitOfWork
from procurement.drafting.requirement import lineage
from procurement.models import (
    Intention,
    RequirementAuthor,
    RequirementReview,
    RequirementSurvey,
    Tender,
)
from procurement.permissions import PURCHASER_SIDE, PreparationPermission, Requirement
from procurement.states import RespondentKind


def requirement_of(uow: UnitOfWork, tender: Tender) -> Requirement:
    """Return the tender's requirement with its authors; the drafter is always one of them."""
    authors = uow.session.scalars(
        select(RequirementAuthor.user_id).where(RequirementAuthor.tender_id.in_(lineage(uow, tender)))
    )
    return Requirement(tender, frozenset({tender.drafted_by_id, *authors}))


@dataclass(frozen=True)
class Preparers:
    """Who took part in preparing a purchase: users by id, and experts who were asked in its survey, by name."""

    users: frozenset[uuid.UUID]
    asked: frozenset[str]

    def took_part(self, user_id: uuid.UUID | None, name: str) -> bool:
        """Whether this person wrote, surveyed or reviewed the requirement, or was asked as an expert (R-COMM-07)."""
        return user_id in self.users or name.strip() in self.asked


def preparers_of(uow: UnitOfWork, tender: Tender) -> Preparers:
    """Return who prepared the purchase or the failed ones before it: authors, surveyors, reviewers, experts asked."""
    own = lineage(uow, tender)
    users = set(requirement_of(uow, tender).authors)
    users |= set(uow.session.scalars(select(RequirementReview.reviewer_id).where(RequirementReview.tender_id.in_(own))))
    asked: set[str] = set()
    for by, respondents in uow.session.execute(
        select(RequirementSurvey.recorded_by_id, RequirementSurvey.respondents).where(
            RequirementSurvey.tender_id.in_(own)
        )
    ):
        users.add(by)
        asked |= {one["name"].strip() for one in respondents if one.get("kind") == RespondentKind.EXPERT.value}
    return Preparers(frozenset(users), frozenset(asked))


def load_requirement(uow: UnitOfWork, tender_id: uuid.UUID) -> Requirement | None:
    """Return the requirement of the tender with this id."""
    tender = uow.get(Tender, tender_id)
    return None if tender is None else requirement_of(uow, tender)


def people(uow: UnitOfWork, ids: frozenset[uuid.UUID]) -> list[User]:
    """Return these people by name."""
    return list(uow.session.scalars(select(User).where(User.id.in_(ids)).order_by(User.name, User.id)))


def possible_authors(uow: UnitOfWork, known: frozenset[uuid.UUID]) -> list[User]:
    """Return everyone of the purchaser's side who is not yet named as an author."""
    return list(
        uow.session.scalars(
            select(User)
            .join(Membership, Membership.user_id == User.id)
            .where(
                Membership.role.in_((*PURCHASER_SIDE, Role.QUALITY_OFFICER)),
                Membership.ended_at.is_(None),
                User.is_active,
                User.id.not_in(known),
            )
            .order_by(User.name, User.id)
        ).unique()
    )


def may_read_paper(uow: UnitOfWork, document: Document) -> bool:
    """Papers of a survey or a review are read by whoever may see how the purchase is prepared."""
    row = uow.get(RequirementSurvey, document.owner_id) or uow.get(RequirementReview, document.owner_id)
    if row is None:
        return False
    requirement = load_requirement(uow, row.tender_id)
    return requirement is not None and policy.allows(uow.actor, PreparationPermission.READ, requirement)


def public_intentions(*, text: str = "") -> Select[Intention]:
    """Select every intention made public, for anybody."""
    query = select(Intention)
    if text:
        like = f"%{text}%"
        query = query.where(or_(Intention.title.ilike(like), Intention.need.ilike(like)))
    return query


def load_intention(uow: UnitOfWork, intention_id: uuid.UUID) -> Intention | None:
    """Return the intention with this id."""
    return uow.get(Intention, intention_id)
