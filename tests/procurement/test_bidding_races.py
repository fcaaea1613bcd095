"""A bid in the last second against the opening, on real commits: it is either counted or refused, never lost."""

from __future__ import annotations

import threading
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.database import db
from core.errors import Refused
from core.house import current_house
from core.identity.actor import SYSTEM, actor_for
from core.identity.roles import Role
from core.unit_of_work import UnitOfWork
from procurement.demonstration.bids import submit_sealed
from procurement.models import Bid, Lot, Tender
from procurement.services.opening import begin_opening
from procurement.states import BidState, TenderState
from tests.factories.bids import FILES, add_bid, open_for_bids, shift_clock
from tests.factories.identity import make_user


def work(session: Session, user_id) -> UnitOfWork:
    actor = actor_for(session, user_id)
    assert actor is not None
    return UnitOfWork(session, actor, current_house())


@pytest.mark.timeout(60)
def test_the_opening_waits_for_a_bid_that_came_in_time_and_counts_it(durable_app):
    uow = UnitOfWork(db.session(), SYSTEM, current_house())
    scene = open_for_bids(uow, closes_in=timedelta(days=1))
    add_bid(uow, scene, "1.00")
    add_bid(uow, scene, "2.00")
    third = make_user(uow, Role.AGENCY_MANAGER)
    tender_id, lot_id, officer_id = scene.tender.id, scene.lot.id, scene.officer.id
    third_id, organisation = third.id, third.memberships[0].organisation_id
    uow.commit()
    opened = threading.Event()
    outcome = []

    def open_bids() -> None:
        with durable_app.app_context(), Session(db.engine) as session:
            officer = work(session, officer_id)
            shift = session.get(Tender, tender_id).deadline - officer.now + timedelta(seconds=1)
            shift_clock(officer, shift)
            outcome.append(begin_opening(officer, session.get(Tender, tender_id)) is not None)
            officer.commit()
            opened.set()

    with Session(db.engine) as session:
        bidder = work(session, third_id)
        lot = session.get(Lot, lot_id)
        submit_sealed(bidder, lot, third.memberships[0].organisation, price=Decimal(3), files=FILES)
        opening = threading.Thread(target=open_bids)
        opening.start()
        assert not opened.wait(1.0), "the opening did not wait for the bid's lock"
        bidder.commit()
        opening.join(30)
    assert outcome == [True]
    db.session.expire_all()
    standing = db.session.scalars(select(Bid).where(Bid.tender_id == tender_id, Bid.state == BidState.SEALED)).all()
    assert {bid.bidder_id for bid in standing} >= {organisation}
    assert len(standing) == 3
    assert db.session.get(Tender, tender_id).state is TenderState.PUBLISHED


@pytest.mark.timeout(60)
def test_a_bid_that_waited_for_the_opening_is_late(durable_app):
    uow = UnitOfWork(db.session(), SYSTEM, current_house())
    scene = open_for_bids(uow, closes_in=timedelta(days=1))
    for price in ("1.00", "2.00", "3.00"):
        add_bid(uow, scene, price)
    late = make_user(uow, Role.AGENCY_MANAGER)
    tender_id, lot_id, officer_id, late_id = scene.tender.id, scene.lot.id, scene.officer.id, late.id
    organisation = late.memberships[0].organisation
    uow.commit()
    refused = []

    def bid() -> None:
        with durable_app.app_context(), Session(db.engine) as session:
            try:
                submit_sealed(
                    work(session, late_id),
                    session.get(Lot, lot_id),
                    session.merge(organisation, load=False),
                    price=Decimal(3),
                    files=FILES,
                )
            except Refused as late_refusal:
                refused.append(late_refusal.refusals[0].rule_id)

    with Session(db.engine) as session:
        officer = work(session, officer_id)
        tender = session.get(Tender, tender_id)
        shift_clock(officer, tender.deadline - officer.now + timedelta(seconds=1))
        assert begin_opening(officer, tender) is not None
        bidding = threading.Thread(target=bid)
        bidding.start()
        bidding.join(1.0)
        assert bidding.is_alive(), "the bid did not wait for the opening's lock"
        officer.commit()
        bidding.join(30)
    assert refused == ["R-OPEN-02"]
