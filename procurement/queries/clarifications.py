"""Reads about document holders, questions and answers. Who asked or holds the documents is never in what staff read."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, or_, select

from core.identity.models import Membership, Organisation, User
from core.identity.roles import OrganisationKind
from core.unit_of_work import UnitOfWork
from procurement.models import Bid, DocumentHolder, PublishedAnswer, Question, Tender, TenderVersion
from procurement.permissions import BIDDER_SIDE
from procurement.states import BidState, QuestionState

SHORTEST_NAME = 4
"""Shorter names of suppliers are too common as words to be looked for in a text."""


def own_holdings(uow: UnitOfWork, tender: Tender) -> list[DocumentHolder]:
    """Return under which of the actor's organisations the documents were taken."""
    own = uow.actor.organisations_as(*BIDDER_SIDE)
    return list(
        uow.session.scalars(
            select(DocumentHolder)
            .where(DocumentHolder.tender_id == tender.id, DocumentHolder.organisation_id.in_(own))
            .order_by(DocumentHolder.registered_at)
        )
    )


def holders_of(uow: UnitOfWork, tender: Tender) -> list[DocumentHolder]:
    """Return everybody who took the documents, in order: only for who may know them (`READ_HOLDERS`)."""
    return list(
        uow.session.scalars(
            select(DocumentHolder)
            .where(DocumentHolder.tender_id == tender.id)
            .order_by(DocumentHolder.registered_at, DocumentHolder.id)
        )
    )


def audience(uow: UnitOfWork, tender: Tender) -> list[uuid.UUID]:
    """Return the people who must hear of answers and amendments: of holders and of those who have bid (R-TENDER-05)."""
    holding = select(DocumentHolder.organisation_id).where(DocumentHolder.tender_id == tender.id)
    bidding = select(Bid.bidder_id).where(Bid.tender_id == tender.id, Bid.state == BidState.SEALED)
    return people_of(uow, or_(Membership.organisation_id.in_(holding), Membership.organisation_id.in_(bidding)))


def people_of(uow: UnitOfWork, which: object) -> list[uuid.UUID]:
    """Return the users who act for bidders under a condition on their membership."""
    return list(
        uow.session.scalars(
            select(Membership.user_id)
            .join(User, User.id == Membership.user_id)
            .where(which, Membership.role.in_(BIDDER_SIDE), Membership.ended_at.is_(None), User.is_active)  # type: ignore[arg-type]  # a clause
            .distinct()
        )
    )


def questions_of(uow: UnitOfWork, tender: Tender, *states: QuestionState) -> list[Question]:
    """Return the tender's questions in these states (or all), in the order they were asked."""
    query = select(Question).where(Question.tender_id == tender.id).order_by(Question.asked_at, Question.id)
    if states:
        query = query.where(Question.state.in_(states))
    return list(uow.session.scalars(query))


def own_questions(uow: UnitOfWork, holdings: Sequence[DocumentHolder]) -> list[Question]:
    """Return what was asked under these holdings, the newest first."""
    return list(
        uow.session.scalars(
            select(Question)
            .where(Question.holder_id.in_([one.id for one in holdings]))
            .order_by(Question.asked_at.desc(), Question.id)
        )
    )


def unanswered(uow: UnitOfWork, tender: Tender) -> int:
    """Return how many questions wait for an answer."""
    waiting = select(func.count()).where(Question.tender_id == tender.id, Question.state == QuestionState.OPEN)
    return uow.session.scalar(waiting) or 0


def answers_of(uow: UnitOfWork, tender: Tender) -> list[PublishedAnswer]:
    """Return the published answers, the newest first, for anybody."""
    return list(
        uow.session.scalars(
            select(PublishedAnswer)
            .where(PublishedAnswer.tender_id == tender.id)
            .order_by(PublishedAnswer.number.desc())
        )
    )


def askers_of(uow: UnitOfWork, answers: Sequence[PublishedAnswer]) -> dict[uuid.UUID, list[str]]:
    """Return the askers' pseudonyms by answer: what links one asker's questions and names nobody."""
    rows = uow.session.execute(
        select(Question.answer_id, DocumentHolder.pseudonym)
        .join(DocumentHolder, DocumentHolder.id == Question.holder_id)
        .where(Question.answer_id.in_([one.id for one in answers]))
        .order_by(Question.asked_at)
    )
    found: dict[uuid.UUID, list[str]] = {}
    for answer_id, name in rows:
        known = found.setdefault(answer_id, []) if answer_id else []
        if name not in known:
            known.append(name)
    return found


def suppliers_named(uow: UnitOfWork, *texts: str) -> list[str]:
    """Return the registered suppliers whose name stands in a text, whether or not they hold the documents.

    It looks at every supplier alike, so that a refusal tells the reader nothing about who asked.
    """
    text = "\n".join(texts)
    names = uow.session.scalars(
        select(Organisation.name).where(
            Organisation.kind == OrganisationKind.AGENCY,
            func.length(Organisation.name) >= SHORTEST_NAME,
            func.strpos(text, Organisation.name) > 0,
        )
    )
    return sorted(names)


@dataclass(frozen=True)
class Updates:
    """What was published about a tender after its notice: amendments and answers, the newest first."""

    amendments: list[TenderVersion]
    answers: list[PublishedAnswer]


def updates_of(uow: UnitOfWork, tender: Tender) -> Updates:
    """Return what the notice page lists as 更正 and 答疑."""
    versions = uow.session.scalars(
        select(TenderVersion)
        .where(TenderVersion.tender_id == tender.id, TenderVersion.number > 1)
        .order_by(TenderVersion.number.desc())
    )
    return Updates(list(versions), answers_of(uow, tender))


def load_question(uow: UnitOfWork, question_id: uuid.UUID) -> Question | None:
    """Return the question with this id."""
    return uow.get(Question, question_id)
