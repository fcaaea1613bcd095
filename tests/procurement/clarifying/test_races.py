"""An amendment against a bid in the same moment, on real commits: the bid is either to confirm or refused, never lost."""

from __future__ import annotations

import threading
from decimal import Decimal

import pytest
from sqlalchemy.orm import Session

from core.database import db
from core.errors import Refused
from core.house import current_house
from core.identity.actor import SYSTEM, actor_for
from core.identity.roles import Role
from core.unit_of_work import UnitOfWork
from procurement.demonstration.bids import submit_sealed
from procurement.models import Amendment, Lot
from procurement.queries.amendments import answer_of, versions_of
from procurement.services import bidding
from procurement.services.amending import publish_amendment, submit_amendment
from procurement.states import Consequence
from tests.factories.bids import FILES, acting
from tests.factories.clarifications import drafted_amendment, published_tender
from tests.factories.identity import make_user


def work(session: Session, user_id) -> UnitOfWork:
    actor = actor_for(session, user_id)
    assert actor is not None
    return UnitOfWork(session, actor, current_house())


def waiting_amendment():
    """A committed tender with an amendment that only needs the approver's press; and a bidder."""
    uow = UnitOfWork(db.session(), SYSTEM, current_house())
    purchase = published_tender(uow)
    bidder = make_user(uow, Role.AGENCY_MANAGER)
    amendment = drafted_amendment(uow, purchase, {"opening_place": "五楼开标室"})
    submit_amendment(acting(uow, purchase.officer), amendment)
    organisation = bidder.memberships[0].organisation
    uow.commit()
    return purchase, amendment.id, bidder.id, organisation


@pytest.mark.timeout(60)
def test_an_amendment_waits_for_a_bid_being_submitted_which_must_then_be_confirmed(durable_app):
    purchase, amendment_id, bidder_id, organisation = waiting_amendment()
    lot_id, approver_id = purchase.tender.lots[0].id, purchase.approver.id
    published = threading.Event()

    def amend() -> None:
        with durable_app.app_context(), Session(db.engine) as session:
            approver = work(session, approver_id)
            publish_amendment(approver, session.get(Amendment, amendment_id))
            approver.commit()
            published.set()

    with Session(db.engine) as session:
        bidder = work(session, bidder_id)
        bid = submit_sealed(bidder, session.get(Lot, lot_id), organisation, price=Decimal(3), files=FILES)
        amending = threading.Thread(target=amend)
        amending.start()
        assert not published.wait(1.0), "the amendment did not wait for the bid's lock"
        bidder.commit()
        amending.join(30)
        assert published.is_set()
        session.expire_all()
        assert [one.number for one in versions_of(bidder, bid.tender)] == [1, 2]
        assert answer_of(bidder, bid).asks is Consequence.CONFIRM


@pytest.mark.timeout(60)
def test_a_bid_sealed_before_an_amendment_that_came_first_is_refused_by_name(durable_app, monkeypatch):
    purchase, amendment_id, bidder_id, organisation = waiting_amendment()
    lot_id, approver_id = purchase.tender.lots[0].id, purchase.approver.id
    refused, at_the_lock = [], threading.Event()
    lock = bidding.share_tender

    def note_and_lock(uow, tender) -> None:
        at_the_lock.set()
        lock(uow, tender)

    monkeypatch.setattr(bidding, "share_tender", note_and_lock)

    def bid() -> None:
        with durable_app.app_context(), Session(db.engine) as session:
            own = session.merge(organisation, load=False)
            try:
                submit_sealed(work(session, bidder_id), session.get(Lot, lot_id), own, price=Decimal(3), files=FILES)
            except Refused as wrong:
                refused.append(wrong.refusals[0].rule_id)

    with Session(db.engine) as session:
        approver = work(session, approver_id)
        publish_amendment(approver, session.get(Amendment, amendment_id))
        bidding_now = threading.Thread(target=bid)
        bidding_now.start()
        assert at_the_lock.wait(20)
        bidding_now.join(0.5)
        assert bidding_now.is_alive(), "the bid did not wait for the amendment's lock"
        approver.commit()
        bidding_now.join(30)
    assert refused == ["R-TENDER-05"]
