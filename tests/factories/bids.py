"""Tenders open for bids, sealed bids and openings for tests: real keys, real envelopes, the services of the browser."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal

from core.clock import ClockSetting
from core.house import current_house
from core.identity.actor import actor_for
from core.identity.models import Organisation, User
from core.identity.roles import OrganisationKind, Role
from core.unit_of_work import UnitOfWork
from procurement.demonstration.bids import PlainFile, open_sealed, submit_sealed
from procurement.models import Bid, Criterion, Keyholder, Lot, Opening, Tender
from procurement.sealing import KeyPair, fingerprint, new_key
from procurement.states import CriterionKind, Evaluation, TenderState
from tests.factories.identity import make_organisation, make_user
from tests.factories.projects import make_project

FILES = (
    PlainFile("资格证明.pdf", "qualification", b"%PDF-1.4 qualification"),
    PlainFile("服务方案.pdf", "technical", b"%PDF-1.4 technical"),
)


@dataclass
class Scene:
    """A tender with the people around it and the keyholders' keys, in the order of the notice."""

    tender: Tender
    officer: User
    holders: list[User]
    keys: list[KeyPair]
    bidders: list[User] = field(default_factory=list)
    bids: list[Bid] = field(default_factory=list)
    opening: Opening | None = None

    @property
    def lot(self) -> Lot:
        return self.tender.lots[0]

    def bidder_organisation(self, number: int) -> Organisation:
        return self.bidders[number].memberships[0].organisation


def acting(uow: UnitOfWork, user: User) -> UnitOfWork:
    """A unit of work on the same session in which this user acts, its clock read anew."""
    uow.session.flush()
    uow.session.expire(user, ["memberships"])
    actor = actor_for(uow.session, user.id)
    assert actor is not None
    return UnitOfWork(uow.session, actor, current_house())


def shift_clock(uow: UnitOfWork, by: timedelta) -> None:
    """Move the application's clock on."""
    row = uow.session.get(ClockSetting, 1)
    offset = (row.offset if row else timedelta(0)) + by
    uow.session.merge(ClockSetting(id=1, offset=offset))
    uow.session.flush()
    uow._clock = None


def open_for_bids(
    uow: UnitOfWork, *, closes_in: timedelta = timedelta(days=20), keyholders: int = 3, **values
) -> Scene:
    """A published tender with one lot, three keyholders with keys (2 needed) and its frozen record's hash."""
    bureau = make_organisation(uow, OrganisationKind.BUREAU)
    officer = make_user(uow, Role.PROCUREMENT_OFFICER, organisation=bureau)
    approver = make_user(uow, Role.PROCUREMENT_APPROVER, organisation=bureau)
    holders = [make_user(uow, Role.KEYHOLDER, organisation=bureau) for _one in range(keyholders)]
    keys = [new_key() for _one in holders]
    tender = Tender(
        **{
            "number": f"CH-{uow.ids.new().hex[:8]}",
            "title": "社区卫生服务绩效评价服务采购",
            "purchaser_id": bureau.id,
            "state": TenderState.PUBLISHED,
            "drafted_by_id": officer.id,
            "approved_by_id": approver.id,
            "created_at": uow.now,
            "budget": Decimal("180000.00"),
            "qualifications": ["具有独立承担民事责任的能力"],
            "deadline": uow.now + closes_in,
            "opening_place": "区行政中心三楼开标室",
            "record": {"title": "社区卫生服务绩效评价服务采购"},
            "record_hash": "ab" * 32,
            "published_at": uow.now,
            **values,
        }
    )
    lot = Lot(position=1, title="社区卫生服务绩效评价", budget=tender.budget, id=uow.ids.new())
    lot.projects = [make_project(uow)]
    tender.lots = [lot]
    tender.criteria = [
        Criterion(
            id=uow.ids.new(),
            position=1,
            kind=CriterionKind.SUBJECTIVE,
            title="服务方案",
            maximum=Decimal(90),
            bands=[{"points": "0-90", "text": "方案完整"}],
        )
    ]
    if tender.evaluation is Evaluation.LOWEST_PRICE:
        tender.criteria = [substantive(uow)]
    tender.keyholders = [
        Keyholder(
            id=uow.ids.new(),
            user_id=user.id,
            position=place,
            public_key=key.recipient,
            fingerprint=fingerprint(key.recipient),
            registered_at=uow.now,
        )
        for place, (user, key) in enumerate(zip(holders, keys, strict=True), 1)
    ]
    uow.add(tender)
    uow.session.flush()
    return Scene(tender, officer, holders, keys)


def substantive(uow: UnitOfWork) -> Criterion:
    """The only kind of criterion where the price alone decides."""
    return Criterion(
        id=uow.ids.new(), position=1, kind=CriterionKind.SUBSTANTIVE, title="响应服务期限", maximum=None, bands=[]
    )


def tender_with_bids(uow: UnitOfWork, prices=("168000.00", "156000.00", "172000.00"), **values) -> Scene:
    """A tender with one sealed bid for each price, each by an agency of its own; still open."""
    scene = open_for_bids(uow, **values)
    for price in prices:
        add_bid(uow, scene, price)
    return scene


def add_bid(uow: UnitOfWork, scene: Scene, price: str, bidder: User | None = None, **values) -> Bid:
    """Submit one more sealed bid, by a new agency unless given."""
    bidder = bidder or make_user(uow, Role.AGENCY_MANAGER)
    organisation = bidder.memberships[0].organisation
    bid = submit_sealed(
        acting(uow, bidder), scene.lot, organisation, price=Decimal(price), **{"files": FILES, **values}
    )
    scene.bidders.append(bidder)
    scene.bids.append(bid)
    return bid


def opened_tender(uow: UnitOfWork, prices=("168000.00", "156000.00", "172000.00"), **values) -> Scene:
    """A tender whose bids were opened by the first two keyholders after the deadline."""
    scene = tender_with_bids(uow, prices, **values)
    pass_deadline(uow, scene)
    turns = [(acting(uow, scene.holders[place]), scene.keys[place]) for place in (0, 1)]
    scene.opening = open_sealed(acting(uow, scene.officer), scene.tender, turns)
    return scene


def pass_deadline(uow: UnitOfWork, scene: Scene) -> None:
    """Move the clock to a minute after the deadline."""
    shift_clock(uow, scene.tender.deadline - uow.now + timedelta(minutes=1))
