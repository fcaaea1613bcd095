"""Reads about inquiries and challenges: what the actor may see, periods of a purchase, open cases that suspend it."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Iterator
from datetime import date, datetime
from typing import TypeVar

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from core.clock import SHANGHAI
from core.documents.models import Document
from core.i18n import _l
from core.identity.actor import Actor
from core.identity.roles import Role
from core.parameters import overrides
from core.permissions import policy
from core.unit_of_work import Subject, UnitOfWork
from core.work_calendar import work_calendar
from procurement.methods import rules_of
from procurement.models import Bid, Challenge, DocumentHolder, Inquiry, RemedyClock, Tender
from procurement.permissions import BIDDER_SIDE, RemedyPermission
from procurement.permissions.agents import OWN_SIDE
from procurement.queries.agents import purview
from procurement.queries.public_notices import runs_from
from procurement.remedy_periods import ChallengePeriod, Milestones, Reckoner
from procurement.states import BidState, ChallengeState, InquiryState, NoticeKind
from procurement.suspensions import Suspension

C = TypeVar("C", Inquiry, Challenge)
OPEN_CHALLENGES = (ChallengeState.FILED, ChallengeState.DRAFTED, ChallengeState.UPHELD)
ANSWER_OUT = (ChallengeState.REJECTED, ChallengeState.DISMISSED, ChallengeState.UPHELD, ChallengeState.REMEDIED)
TOOK_PART = (BidState.SEALED, BidState.OPENED, BidState.CORRUPT)


def load_inquiry(uow: UnitOfWork, inquiry_id: uuid.UUID) -> Inquiry | None:
    """Return the inquiry with this id."""
    return uow.get(Inquiry, inquiry_id)


def load_challenge(uow: UnitOfWork, challenge_id: uuid.UUID) -> Challenge | None:
    """Return the challenge with this id."""
    return uow.get(Challenge, challenge_id)


def visible_challenges(actor: Actor, *, text: str = "", state: str = "") -> Select[Challenge]:
    """Select the challenges the actor may read, the same rule as `RemedyPermission.READ`."""
    query = _matching(_visible(select(Challenge), Challenge.organisation_id, actor), Challenge, text)
    if state in {one.value for one in ChallengeState}:
        query = query.where(Challenge.state == ChallengeState(state))
    return query


def visible_inquiries(actor: Actor, *, text: str = "", state: str = "") -> Select[Inquiry]:
    """Select the inquiries the actor may read, the same rule as `RemedyPermission.READ_INQUIRY`."""
    query = _matching(_visible(select(Inquiry), Inquiry.organisation_id, actor), Inquiry, text)
    if state in {one.value for one in InquiryState}:
        query = query.where(Inquiry.state == InquiryState(state))
    return query


def answered_challenges(*, text: str = "") -> Select[Challenge]:
    """Select the challenges whose answer is out, for the public page."""
    return _matching(select(Challenge).where(Challenge.state.in_(ANSWER_OUT)), Challenge, text)


def cases_of(uow: UnitOfWork, tender: Tender) -> tuple[list[Inquiry], list[Challenge]]:
    """Return the tender's inquiries and challenges that the actor may read, newest first."""
    inquiries = visible_inquiries(uow.actor).where(Inquiry.tender_id == tender.id).order_by(Inquiry.asked_at.desc())
    challenges = visible_challenges(uow.actor).where(Challenge.tender_id == tender.id)
    return (
        list(uow.session.scalars(inquiries)),
        list(uow.session.scalars(challenges.order_by(Challenge.filed_at.desc()))),
    )


def reckoner(uow: UnitOfWork) -> Reckoner:
    """Return the calendar and rules in force."""
    return Reckoner(work_calendar(uow), uow.house.rules, overrides(uow))


def milestones(uow: UnitOfWork, tender: Tender, documents_received_on: date | None = None) -> Milestones:
    """Return the civil dates from which a purchase's periods run; notices count from where they were registered.

    That is the designated medium where the notice of tender or result was registered there (R-NOTICE-01).
    """
    return Milestones(
        notice_on=_day(tender.external_notice_at or tender.published_at),
        documents_received_on=documents_received_on,
        opened_on=_day(tender.opened_at),
        evaluated_on=_day(tender.evaluated_at),
        awarded_on=_day(runs_from(uow, tender, NoticeKind.RESULT) or tender.awarded_at),
    )


def challenge_periods(uow: UnitOfWork, tender: Tender, suppliers: Collection[uuid.UUID] = ()) -> list[ChallengePeriod]:
    """Return what of this purchase may be challenged, with every first and last day.

    For these suppliers the documents count from the day they took them; without any, from the end of the notice's
    period, as everybody is told.
    """
    return reckoner(uow).challenges(milestones(uow, tender, documents_received_on(uow, tender, suppliers)))


def documents_received_on(uow: UnitOfWork, tender: Tender, suppliers: Collection[uuid.UUID]) -> date | None:
    """Return the (last) day on which these suppliers took the documents, from the record of their holders.

    Before the opening only to be asked by a supplier about itself: who holds the documents is nobody else's business
    (R-SEC-03).
    """
    if not suppliers:
        return None
    taken = uow.session.scalar(
        select(func.max(DocumentHolder.registered_at)).where(
            DocumentHolder.tender_id == tender.id, DocumentHolder.organisation_id.in_(suppliers)
        )
    )
    return _day(taken)


def may_challenge_documents(uow: UnitOfWork, tender: Tender, organisation_id: uuid.UUID) -> bool:
    """Whether the supplier lawfully obtained the documents that it would challenge, or bid on them (94号令 art. 11)."""
    if not rules_of(tender).by_envelope:  # there nobody registers for documents: they come with the invitation
        return True
    received = documents_received_on(uow, tender, [organisation_id]) is not None
    return received or took_part(uow, tender, organisation_id)


def remedy_days(uow: UnitOfWork) -> dict[str, int]:
    """Return the numbers of working days that pages tell: to answer an inquiry, a challenge, and to complain."""
    book, on, local = uow.house.rules, uow.today, overrides(uow)
    return {
        "inquiry": book.whole("R-REMEDY-01", "days", on=on, overrides=local),
        "answer": book.whole("R-REMEDY-02", "answer_days", on=on, overrides=local),
        "complaint": book.whole("R-REMEDY-03", "file_days", on=on, overrides=local),
    }


def took_part(uow: UnitOfWork, tender: Tender, organisation_id: uuid.UUID) -> bool:
    """Whether this organisation's bid stood at the deadline; asked only by that organisation about itself."""
    query = select(Bid.id).where(Bid.tender_id == tender.id, Bid.bidder_id == organisation_id, Bid.state.in_(TOOK_PART))
    return uow.session.scalar(query.limit(1)) is not None


def clocks_of(uow: UnitOfWork, case: Subject) -> list[RemedyClock]:
    """Return the clocks of a case, the earliest due first."""
    return list(
        uow.session.scalars(
            select(RemedyClock)
            .where(RemedyClock.owner_kind == case_kind(case), RemedyClock.owner_id == case.id)
            .order_by(RemedyClock.last_day, RemedyClock.name)
        )
    )


def running_clocks(uow: UnitOfWork, kind: str, ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, RemedyClock]:
    """Return for each case the next clock that still runs: one query."""
    rows = uow.session.scalars(
        select(RemedyClock)
        .where(RemedyClock.owner_kind == kind, RemedyClock.owner_id.in_(list(ids)), RemedyClock.stopped_at.is_(None))
        .order_by(RemedyClock.ends_at.desc())
    )
    return {row.owner_id: row for row in rows}


def case_kind(case: Subject) -> str:
    """Return the word under which a case owns clocks and documents: its table's name."""
    return str(getattr(case, "__tablename__", ""))


def challenge_suspensions(uow: UnitOfWork, tender: Tender | None) -> Iterator[Suspension]:
    """Yield why contracts stand still: an open challenge or inquiry that may affect the result (条例 art. 54)."""
    open_challenges = select(Challenge).where(Challenge.state.in_(OPEN_CHALLENGES), Challenge.may_affect_result)
    open_inquiries = select(Inquiry).where(Inquiry.state == InquiryState.ASKED, Inquiry.may_affect_result)
    if tender is not None:
        open_challenges = open_challenges.where(Challenge.tender_id == tender.id)
        open_inquiries = open_inquiries.where(Inquiry.tender_id == tender.id)
    for challenge in uow.session.scalars(open_challenges.order_by(Challenge.filed_at)):
        reason = (
            _l("质疑 %(number)s 成立，处理措施尚未落实", number=challenge.number)
            if challenge.state is ChallengeState.UPHELD
            else _l("质疑 %(number)s 可能影响中标结果，尚未答复", number=challenge.number)
        )
        yield Suspension(challenge.tender_id, reason, "R-SUSP-01", url=f"/challenges/{challenge.id}")
    for inquiry in uow.session.scalars(open_inquiries.order_by(Inquiry.asked_at)):
        reason = _l("询问 %(number)s 可能影响中标结果，尚未答复", number=inquiry.number)
        yield Suspension(inquiry.tender_id, reason, "R-SUSP-01", url=f"/inquiries/{inquiry.id}")


def may_read_challenge_document(uow: UnitOfWork, document: Document) -> bool:
    """The answer letter is for both sides; what the supplier attached could name it before the opening (R-SEC-03)."""
    challenge = uow.get(Challenge, document.owner_id)
    if challenge is None or not policy.allows(uow.actor, RemedyPermission.READ, challenge):
        return False
    return document.purpose == "answer-letter" or policy.allows(uow.actor, RemedyPermission.KNOW_WHO, challenge)


def may_read_inquiry_document(uow: UnitOfWork, document: Document) -> bool:
    """The answer's letter is for both sides."""
    inquiry = uow.get(Inquiry, document.owner_id)
    return inquiry is not None and policy.allows(uow.actor, RemedyPermission.READ_INQUIRY, inquiry)


def _visible(query: Select[C], owner: InstrumentedAttribute[uuid.UUID], actor: Actor) -> Select[C]:
    if actor.has(*OWN_SIDE, Role.PROCUREMENT_SUPERVISOR, Role.OBSERVER):
        return query
    return query.where(or_(owner.in_(actor.organisations_as(*BIDDER_SIDE)), purview(actor)))


def _matching(query: Select[C], noun: type[C], text: str) -> Select[C]:
    query = query.join(Tender, Tender.id == noun.tender_id)
    if text:
        like = f"%{text}%"
        query = query.where(or_(noun.number.ilike(like), Tender.title.ilike(like)))
    return query


def _day(moment: datetime | None) -> date | None:
    return moment.astimezone(SHANGHAI).date() if moment else None
