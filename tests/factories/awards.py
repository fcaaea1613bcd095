"""Tenders from opening to award for tests: rows of opened bids, then everything through the services."""

from __future__ import annotations

import hashlib
import itertools
import uuid
from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal

from core.documents.models import Document
from core.identity.actor import actor_for
from core.identity.models import Organisation, User
from core.identity.roles import Role
from core.unit_of_work import UnitOfWork
from procurement.drafting.scheme import scheme_of
from procurement.models import Bid, CommitteeSeat, Criterion, Keyholder, Lot, Tender
from procurement.queries.conformity import requirements_of
from procurement.queries.standings import seats_of, standings_of
from procurement.scoring import CriterionKind as ScoringKind
from procurement.services.awarding import award
from procurement.services.committee import MemberEntry, seat_members, start_evaluation
from procurement.services.concluding import conclude
from procurement.services.conformity import Vote, vote
from procurement.services.examination import examine
from procurement.services.scoring_sheets import ScoreEntry, declare, lock_sheet, save_scores
from procurement.states import BidState, CriterionKind, Evaluation, Outcome, SeatCategory, TenderState
from projects.models import Project
from tests.factories.identity import make_organisation, make_user
from tests.factories.projects import make_project

_count = itertools.count(1)
PRICES = ("160000.00", "150000.00", "171000.00")
REQUIREMENT = "服务期限响应采购文件"


def acting(uow: UnitOfWork, user: User) -> UnitOfWork:
    """A unit of work on the same session in which this user acts."""
    uow.session.flush()
    actor = actor_for(uow.session, user.id)
    assert actor is not None
    return UnitOfWork(uow.session, actor, uow.house)


def opened_by_rows(
    uow: UnitOfWork,
    prices: Sequence[str | None] = PRICES,
    *,
    requirements: Sequence[str] = (REQUIREMENT,),
    projects: Sequence[Project] | None = None,
    **values,
) -> Tender:
    """A tender just opened, its bids written as rows: no sealing, fast. A price of None is a corrupt envelope.

    `requirements` are the titles of its substantive requirements.
    """
    number = next(_count)
    bureau = make_organisation(uow)
    bureau.kind = type(bureau.kind).BUREAU
    officer = make_user(uow, Role.PROCUREMENT_OFFICER, organisation=bureau)
    approver = make_user(uow, Role.PROCUREMENT_APPROVER, organisation=bureau)
    holder = make_user(uow, Role.KEYHOLDER, organisation=bureau)
    deadline = uow.now - timedelta(hours=1)
    tender = Tender(
        **{
            "number": f"CHZC-2026-T{number:03d}",
            "title": f"社区卫生服务项目绩效评价采购{number}",
            "purchaser_id": bureau.id,
            "state": TenderState.OPENED,
            "drafted_by_id": officer.id,
            "approved_by_id": approver.id,
            "created_at": deadline - timedelta(days=30),
            "budget": Decimal("180000.00"),
            "ceiling": None,
            "price_weight": Decimal(10),
            "notice_on": (deadline - timedelta(days=25)).date(),
            "documents_until": (deadline - timedelta(days=15)).date(),
            "deadline": deadline,
            "qualifications": ["具有独立承担民事责任的能力"],
            "service_until": (deadline + timedelta(days=120)).date(),
            "record": {"kind": "tender"},
            "record_hash": "a" * 64,
            "published_at": deadline - timedelta(days=25),
            "external_notice_at": None,
            "opened_at": deadline + timedelta(minutes=5),
            "evaluated_at": None,
            "awarded_at": None,
            "failure_ground": None,
            **values,
        }
    )
    bought = [make_project(uow)] if projects is None else list(projects)
    lot = Lot(id=uow.ids.new(), position=1, title=tender.title, budget=tender.budget, projects=bought)
    tender.lots = [lot]
    tender.criteria = [
        *(
            Criterion(
                id=uow.ids.new(), position=place, kind=CriterionKind.SUBSTANTIVE, title=title, maximum=None, bands=[]
            )
            for place, title in enumerate(requirements, start=10)
        ),
        Criterion(
            id=uow.ids.new(),
            position=2,
            kind=CriterionKind.OBJECTIVE,
            title="同类业绩",
            maximum=Decimal(30),
            bands=[{"points": str(points), "text": f"{points // 10} 项"} for points in (0, 10, 20, 30)],
        ),
        Criterion(
            id=uow.ids.new(),
            position=3,
            kind=CriterionKind.SUBJECTIVE,
            title="实施方案",
            maximum=Decimal(60),
            bands=[{"points": "0-30", "text": "一般"}, {"points": "30-60", "text": "良好以上"}],
        ),
    ]
    if tender.evaluation is Evaluation.LOWEST_PRICE:
        tender.criteria = [one for one in tender.criteria if one.maximum is None]
    uow.add(tender)
    uow.session.flush()
    uow.add(
        Keyholder(
            tender_id=tender.id,
            user_id=holder.id,
            position=1,
            public_key="age1test",
            fingerprint="f" * 64,
            registered_at=uow.now,
        )
    )
    for position, price in enumerate(prices):
        bid_row(uow, lot, price, arrived=deadline - timedelta(hours=10 - position))
    uow.session.flush()
    uow.session.expire(tender)
    return tender


def bid_row(uow: UnitOfWork, lot: Lot, price: str | None, *, arrived, bidder: Organisation | None = None) -> Bid:
    """One opened bid (corrupt without a price) of a new bidder with its manager."""
    bidder = bidder or make_organisation(uow)
    manager = make_user(uow, Role.AGENCY_MANAGER, organisation=bidder)
    sha256 = hashlib.sha256(str(bidder.id).encode()).hexdigest()
    bid_id = uow.ids.new()
    envelope = uow.add(
        Document(
            owner_kind="bid",
            owner_id=bid_id,
            purpose="bid-envelope",
            name="bid.age",
            media_type="application/octet-stream",
            sha256=sha256,
            size=4096,
            added_by_id=manager.id,
            added_at=arrived,
        )
    )
    uow.session.flush()
    bid = Bid(
        tender_id=lot.tender_id,
        lot_id=lot.id,
        bidder_id=bidder.id,
        submitted_by_id=manager.id,
        state=BidState.OPENED if price else BidState.CORRUPT,
        arrived_at=arrived,
        sha256=sha256,
        size=4096,
        document_id=envelope.id,
        receipt={"bidder": bidder.name},
        withdrawn_at=None,
        opened_at=lot.tender.opened_at if price else None,
        price=Decimal(price) if price else None,
        opening_sheet={"price": price} if price else None,
        manifest={"opening_sheet": {"price": price}} if price else None,
        opened_by="0-1" if price else None,
        failure=None if price else {"zh": "封装损坏", "en": "the envelope is damaged", "error": "Corrupt"},
    )
    bid.id = bid_id
    return uow.add(bid)


def bids_of(uow: UnitOfWork, tender: Tender) -> list[Bid]:
    """The tender's opened bids in order of arrival."""
    return [one.bid for one in standings_of(uow, tender).bids]


def examined(uow: UnitOfWork, tender: Tender, failing: Sequence[int] = ()) -> Tender:
    """Examine every bid; those at the places in `failing` do not pass."""
    officer = acting(uow, tender.drafted_by)
    for place, bid in enumerate(bids_of(uow, tender)):
        if bid.state is BidState.OPENED:
            examine(officer, bid, passed=place not in failing, reason="营业执照过期" if place in failing else "")
    return tender


def member_entry(uow: UnitOfWork, number: int = 1, **values) -> MemberEntry:
    """One line of a draw's record."""
    return MemberEntry(
        **{
            "name": f"专家{number}",
            "email": f"seat{next(_count)}-{number}@test.example",
            "employer": f"澄湖大学{number}",
            "category": SeatCategory.EXPERT,
            "draw_number": f"省抽-2026-{number:03d}",
            "drawn_at": uow.now - timedelta(minutes=30),
            "is_chair": number == 1,
            **values,
        }
    )


def with_committee(uow: UnitOfWork, tender: Tender, members: int = 5) -> Tender:
    """Seat experts with accounts, the first of them chair."""
    people = [make_user(uow, Role.EXPERT) for _member in range(members)]
    entries = [member_entry(uow, number, email=user.email) for number, user in enumerate(people, 1)]
    seat_members(acting(uow, tender.drafted_by), tender, entries)
    return tender


def under_evaluation(uow: UnitOfWork, tender: Tender | None = None, *, declared: bool = True) -> Tender:
    """A tender handed to its committee; every member has declared unless `declared=False`."""
    tender = with_committee(uow, examined(uow, tender or opened_by_rows(uow)))
    start_evaluation(acting(uow, tender.drafted_by), tender)
    if declared:
        for seat in seats_of(uow, tender):
            declare(acting(uow, seat.user), seat)
    return tender


def conforming(uow: UnitOfWork, tender: Tender | None = None, failing: Sequence[int] = ()) -> Tender:
    """A tender whose committee has judged conformity; those at the places in `failing` fell."""
    tender = tender or under_evaluation(uow)
    places = {bid.id: place for place, bid in enumerate(bids_of(uow, tender))}
    for seat in seats_of(uow, tender):
        votes = [
            Vote(one.bid.id, unmet(tender, "服务期限未响应") if places[one.bid.id] in failing else {})
            for one in standings_of(uow, tender).candidates
        ]
        vote(acting(uow, seat.user), seat, votes)
    return tender


def unmet(tender: Tender, reason: str) -> dict[uuid.UUID | None, str]:
    """The first substantive requirement, found unmet for this reason; the bid as a whole where there is none."""
    first = next(iter(requirements_of(tender)), None)
    return {first.id if first else None: reason}


def entries_for(uow: UnitOfWork, seat: CommitteeSeat, *, objective: str = "20", step: int = 0) -> list[ScoreEntry]:
    """Points for every valid bid: objective ones equal, subjective ones by the bid's place, shifted by `step`."""
    valid = [one.bid for one in standings_of(uow, seat.tender).bids if one.outcome is Outcome.VALID]
    rows = []
    for place, bid in enumerate(valid):
        for criterion in scheme_of(seat.tender).scored:
            subjective = criterion.kind is ScoringKind.SUBJECTIVE
            points = Decimal(50 - 4 * place + step) if subjective else Decimal(objective)
            rows.append(ScoreEntry(bid.id, uuid.UUID(criterion.id), points))
    return rows


def scored_tender(uow: UnitOfWork, tender: Tender | None = None) -> Tender:
    """A tender whose every sheet is locked and added up."""
    tender = conforming(uow, tender)
    for step, seat in enumerate(seats_of(uow, tender)):
        member = acting(uow, seat.user)
        save_scores(member, seat, entries_for(uow, seat, step=step))
        lock_sheet(member, seat)
    conclude(acting(uow, tender.drafted_by), tender)
    return tender


def awarded_tender(uow: UnitOfWork, tender: Tender | None = None) -> Tender:
    """A tender awarded to its first-ranked bidder, with the engagement that follows."""
    tender = scored_tender(uow, tender)
    award(acting(uow, tender.drafted_by), tender, {})
    return tender
