"""What can go wrong around an opening, each with the state it ends in: nothing lost, and how it goes on."""

from __future__ import annotations

import base64
import threading
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import sessionmaker

from core.audit.models import AuditEntry
from core.database import db
from core.documents.uploads import UploadSession
from core.errors import Refused
from core.house import current_house
from core.identity.actor import SYSTEM, actor_for
from core.identity.roles import Role
from core.unit_of_work import UnitOfWork
from procurement.demonstration.bids import sealed_envelope, turn_key
from procurement.models import Bid, Opening, OpeningShare, Tender
from procurement.queries.openings import bids_to_open
from procurement.sealing.opening_record import verify_opening
from procurement.services.bidding import submit_bid, withdraw_bid
from procurement.services.closing import close_opening
from procurement.services.hall import sign_in
from procurement.services.opening import begin_opening, shares_for, take_turn
from procurement.states import BidState, TenderState
from tests.factories.bids import FILES, acting, add_bid, pass_deadline, shift_clock, tender_with_bids
from tests.factories.identity import make_user


def due(uow):
    scene = tender_with_bids(uow)
    pass_deadline(uow, scene)
    return scene


def as_user(user_id) -> UnitOfWork:
    """A unit of work of one request: a session of its own, real commits."""
    session = sessionmaker(db.engine)()
    actor = actor_for(session, user_id)
    assert actor is not None
    return UnitOfWork(session, actor, current_house())


def test_two_officers_who_begin_at_once_hold_one_opening(durable_app):
    uow = UnitOfWork(db.session(), SYSTEM, current_house())
    scene = due(uow)
    tender_id, officer_id = scene.tender.id, scene.officer.id
    uow.commit()
    db.session.remove()
    faults: list[BaseException] = []

    def begin() -> None:
        with durable_app.app_context():
            try:
                with as_user(officer_id) as officer:
                    begin_opening(officer, officer.session.get_one(Tender, tender_id))
            except BaseException as fault:  # noqa: BLE001 - told to the test
                faults.append(fault)

    both = [threading.Thread(target=begin) for _one in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert faults == []
    assert len(db.session.scalars(select(Opening).where(Opening.tender_id == tender_id)).all()) == 1


def at_once(app, deed) -> list[BaseException]:
    """Let two threads do the same at once, each with its own session; return what they raised."""
    faults: list[BaseException] = []

    def run() -> None:
        with app.app_context():
            try:
                deed()
            except BaseException as fault:  # noqa: BLE001 - told to the test
                faults.append(fault)

    both = [threading.Thread(target=run) for _one in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    return faults


def test_one_turn_taken_in_two_browsers_and_one_session_closed_by_two_officers_count_once(durable_app):
    uow = UnitOfWork(db.session(), SYSTEM, current_house())
    scene = due(uow)
    colleague = make_user(uow, Role.PROCUREMENT_OFFICER, organisation=scene.officer.memberships[0].organisation)
    tender_id, holders, keys = scene.tender.id, [one.id for one in scene.holders[:2]], scene.keys
    officers = [scene.officer.id, colleague.id]
    uow.commit()
    db.session.remove()
    with as_user(officers[0]) as officer:
        begin_opening(officer, officer.session.get_one(Tender, tender_id))
    with as_user(holders[0]) as first:
        tender = first.session.get_one(Tender, tender_id)
        turn_key(first, tender, tender.keyholders[0], keys[0])

    def turn() -> None:
        with as_user(holders[1]) as second:
            tender = second.session.get_one(Tender, tender_id)
            turn_key(second, tender, tender.keyholders[1], keys[1])

    def close() -> None:
        with as_user(officers.pop()) as officer:
            close_opening(officer, officer.session.get_one(Tender, tender_id))

    late = at_once(durable_app, turn)
    assert len(late) == 1, "the second finds nothing left to open"
    assert isinstance(late[0], Refused)
    states = db.session.scalars(select(Bid.state).where(Bid.tender_id == tender_id)).all()
    assert list(states) == [BidState.OPENED] * 3
    assert db.session.scalar(select(func.count()).where(AuditEntry.tag == "bid.open")) == 3
    db.session.remove()
    assert all(isinstance(one, Refused) for one in at_once(durable_app, close))
    [opening] = db.session.scalars(select(Opening).where(Opening.tender_id == tender_id)).all()
    assert verify_opening(opening.record) == []
    assert db.session.scalar(select(func.count()).where(AuditEntry.tag == "opening.close")) == 1


def test_a_turn_taken_twice_changes_nothing_the_second_time(uow):
    scene = due(uow)
    begin_opening(acting(uow, scene.officer), scene.tender)
    turn_key(acting(uow, scene.holders[0]), scene.tender, scene.tender.keyholders[0], scene.keys[0])
    before = uow.session.scalars(select(OpeningShare.material)).all()
    with pytest.raises(Refused):
        turn_key(acting(uow, scene.holders[0]), scene.tender, scene.tender.keyholders[0], scene.keys[0])
    assert uow.session.scalars(select(OpeningShare.material)).all() == before


def test_a_wrong_key_opens_nothing_and_the_right_one_goes_on(uow):
    scene = due(uow)
    begin_opening(acting(uow, scene.officer), scene.tender)
    turn_key(acting(uow, scene.holders[0]), scene.tender, scene.tender.keyholders[0], scene.keys[2])
    assert {bid.state for bid in scene.bids} == {BidState.SEALED}
    turn_key(acting(uow, scene.holders[0]), scene.tender, scene.tender.keyholders[0], scene.keys[0])
    assert turn_key(acting(uow, scene.holders[1]), scene.tender, scene.tender.keyholders[1], scene.keys[1]).opened == 3


def test_anothers_secret_handed_in_as_the_last_layer_opens_nothing(uow):
    scene = due(uow)
    begin_opening(acting(uow, scene.officer), scene.tender)
    turn_key(acting(uow, scene.holders[0]), scene.tender, scene.tender.keyholders[0], scene.keys[0])
    holder = scene.tender.keyholders[1]
    shares = shares_for(uow, bids_to_open(uow, scene.tender), holder)
    forged = {
        (str(one.paper.id), one.subset): base64.b64encode(scene.keys[2].secret.encode()).decode() for one in shares
    }
    assert take_turn(acting(uow, scene.holders[1]), scene.tender, holder, forged).opened == 0
    assert turn_key(acting(uow, scene.holders[1]), scene.tender, holder, scene.keys[1]).opened == 3


def test_nothing_is_replaced_or_withdrawn_while_the_bids_are_opened_even_with_the_clock_set_back(uow):
    scene = due(uow)
    begin_opening(acting(uow, scene.officer), scene.tender)
    shift_clock(uow, timedelta(days=-10))
    with pytest.raises(Refused):
        add_bid(uow, scene, "1.00", bidder=scene.bidders[0])
    with pytest.raises(Refused):
        withdraw_bid(acting(uow, scene.bidders[0]), scene.bids[0])
    with pytest.raises(Refused):
        turn_key(acting(uow, scene.holders[0]), scene.tender, scene.tender.keyholders[0], scene.keys[0])
    with pytest.raises(Refused):
        sign_in(acting(uow, scene.bidders[0]), scene.bids[0])
    shift_clock(uow, timedelta(days=10))
    for place in (0, 1):
        turn_key(acting(uow, scene.holders[place]), scene.tender, scene.tender.keyholders[place], scene.keys[place])
    assert scene.tender.state is TenderState.OPENED


def test_a_clock_set_back_after_the_last_turn_still_closes_in_order(uow):
    scene = due(uow)
    begin_opening(acting(uow, scene.officer), scene.tender)
    for place in (0, 1):
        turn_key(acting(uow, scene.holders[place]), scene.tender, scene.tender.keyholders[place], scene.keys[place])
    shift_clock(uow, timedelta(hours=-1))
    assert verify_opening(close_opening(acting(uow, scene.officer), scene.tender).record) == []


def test_one_upload_handed_in_twice_is_one_bid(uow):
    scene = tender_with_bids(uow, ("1.00",))
    bid = scene.bids[0]
    bidder = acting(uow, scene.bidders[0])
    upload = uow.session.scalars(select(UploadSession).where(UploadSession.sha256 == bid.sha256)).one()
    with pytest.raises(Refused):
        submit_bid(bidder, scene.lot, bidder_id=bid.bidder_id, upload_id=upload.id, sha256=bid.sha256)
    assert bid.state is BidState.SEALED


def test_an_envelope_cut_in_its_header_is_refused_and_the_earlier_bid_stands(uow):
    scene = tender_with_bids(uow, ("1.00",))
    envelope = sealed_envelope(scene.lot, scene.bidder_organisation(0), price=Decimal(2), files=FILES)
    with pytest.raises(Refused) as refused, uow.session.begin_nested():
        add_bid(uow, scene, "2.00", bidder=scene.bidders[0], envelope=envelope[:400])
    assert refused.value.refusals[0].rule_id == "R-OPEN-02"
    assert uow.session.scalars(select(Bid.state)).all() == [BidState.SEALED]
