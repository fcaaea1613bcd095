from __future__ import annotations

import base64
import io
import json
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from core.errors import Forbidden, Refused
from core.identity.roles import Role
from core.notifications.models import Notification
from core.records import match
from core.verify_cli import verify_file
from procurement.demonstration.bids import open_sealed, sealed_envelope, submit_sealed, turn_key
from procurement.models import Bid, CommitteeSeat, Opening, OpeningShare
from procurement.queries.openings import bids_to_open
from procurement.sealing import peel
from procurement.sealing.opening_record import verify_opening
from procurement.services.bidding import withdraw_bid
from procurement.services.opening import begin_opening, shares_for, take_turn
from procurement.states import BidState, FailureGround, SeatCategory, TenderState
from tests.factories.bids import FILES, acting, add_bid, opened_tender, pass_deadline, shift_clock, tender_with_bids
from tests.factories.identity import make_user
from tests.factories.procurement import published_tender


def turns(uow, scene, *places):
    return [(acting(uow, scene.holders[place]), scene.keys[place]) for place in places]


def test_two_keyholders_open_every_bid_and_the_sheets_are_read_out(uow):
    scene = opened_tender(uow)
    assert scene.tender.state is TenderState.OPENED
    assert [bid.price for bid in scene.bids] == [Decimal("168000.00"), Decimal("156000.00"), Decimal("172000.00")]
    assert all(bid.state is BidState.OPENED for bid in scene.bids)
    assert scene.bids[0].opening_sheet["currency"] == "CNY"
    assert scene.opening.finished_at is not None


@pytest.mark.parametrize("places", [(0, 1), (0, 2), (1, 2)])
def test_any_two_of_three_open_the_bids(uow, places):
    scene = tender_with_bids(uow)
    pass_deadline(uow, scene)
    open_sealed(acting(uow, scene.officer), scene.tender, turns(uow, scene, *places))
    assert scene.tender.state is TenderState.OPENED


def test_one_keyholder_alone_opens_nothing(uow):
    scene = tender_with_bids(uow)
    pass_deadline(uow, scene)
    open_sealed(acting(uow, scene.officer), scene.tender, turns(uow, scene, 0))
    assert scene.tender.state is TenderState.PUBLISHED
    assert {bid.state for bid in scene.bids} == {BidState.SEALED}
    assert all(bid.price is None for bid in scene.bids)


def test_what_lies_between_the_turns_opens_nothing(uow):
    scene = tender_with_bids(uow)
    pass_deadline(uow, scene)
    open_sealed(acting(uow, scene.officer), scene.tender, turns(uow, scene, 0))
    for share in uow.session.scalars(select(OpeningShare)):
        assert b"AGE-SECRET-KEY" not in base64.b64decode(share.material)


@pytest.mark.parametrize(("seconds", "refused"), [(1, True), (-1, False)])
def test_nothing_is_opened_a_second_before_the_deadline(uow, seconds, refused):
    scene = tender_with_bids(uow)
    shift_clock(uow, scene.tender.deadline - uow.now - timedelta(seconds=seconds + (3 if refused else 0)))
    if refused:
        with pytest.raises(Refused) as error:
            begin_opening(acting(uow, scene.officer), scene.tender)
        assert error.value.refusals[0].rule_id == "R-OPEN-01"
        assert uow.session.scalar(select(Opening).where(Opening.tender_id == scene.tender.id)) is None
    else:
        assert begin_opening(acting(uow, scene.officer), scene.tender) is not None


def test_no_keyholder_gets_anything_before_the_opening_began(uow, client_as):
    scene = tender_with_bids(uow)
    address = f"/tenders/{scene.tender.id}/opening/shares"
    early = client_as(scene.holders[0]).get(address, headers={"Accept": "application/json"})
    assert early.status_code == 409
    assert early.json["reasons"][0]["rule"] == "R-OPEN-01"
    pass_deadline(uow, scene)
    assert client_as(scene.holders[0]).get(address, headers={"Accept": "application/json"}).status_code == 409
    with pytest.raises(Refused):
        take_turn(acting(uow, scene.holders[0]), scene.tender, scene.tender.keyholders[0], {})


def test_with_fewer_than_three_bids_the_tender_fails_and_everything_stays_sealed(uow):
    scene = tender_with_bids(uow, ("1.00", "2.00"))
    pass_deadline(uow, scene)
    assert begin_opening(acting(uow, scene.officer), scene.tender) is None
    assert scene.tender.state is TenderState.FAILED
    assert scene.tender.failure_ground is FailureGround.TOO_FEW_BIDS
    assert {bid.state for bid in scene.bids} == {BidState.SEALED}
    told = uow.session.scalars(select(Notification.user_id).where(Notification.kind == "opening.too-few")).all()
    assert {one.id for one in scene.bidders} <= set(told)


def test_withdrawn_and_replaced_bids_do_not_count_and_are_never_unwrapped(uow):
    scene = tender_with_bids(uow, ("1.00", "2.00", "3.00", "4.00"))
    withdraw_bid(acting(uow, scene.bidders[3]), scene.bids[3])
    replaced = scene.bids[0]
    add_bid(uow, scene, "1.50", bidder=scene.bidders[0])
    pass_deadline(uow, scene)
    open_sealed(acting(uow, scene.officer), scene.tender, turns(uow, scene, 0, 1))
    assert scene.tender.state is TenderState.OPENED
    assert (replaced.state, scene.bids[3].state) == (BidState.SUPERSEDED, BidState.WITHDRAWN)
    assert (
        uow.session.scalars(select(OpeningShare).where(OpeningShare.bid_id.in_([replaced.id, scene.bids[3].id]))).all()
        == []
    )
    states = {one["bid"]: one["state"] for one in uow.session.scalar(select(Opening)).record["envelopes"]}
    assert states[str(replaced.id)] == "superseded"
    assert verify_opening(uow.session.scalar(select(Opening)).record) == []


def test_a_copied_envelope_is_recorded_and_the_others_open(uow):
    scene = tender_with_bids(uow)
    thief = make_user(uow, Role.AGENCY_MANAGER)
    copied = sealed_envelope(scene.lot, scene.bidder_organisation(0), price=Decimal(1), files=FILES)
    bid = add_bid(uow, scene, "1.00", bidder=thief, envelope=copied)
    pass_deadline(uow, scene)
    opening = open_sealed(acting(uow, scene.officer), scene.tender, turns(uow, scene, 0, 1))
    assert bid.state is BidState.CORRUPT
    assert bid.failure["error"] == "CopiedEnvelope"
    assert [one.state for one in scene.bids[:3]] == [BidState.OPENED] * 3
    assert verify_opening(opening.record) == []


def damaged(envelope: bytes) -> bytes:
    return envelope[:-20] + bytes(20)


def test_a_damaged_envelope_is_recorded_with_its_proof_and_the_others_open(uow):
    scene = tender_with_bids(uow)
    bidder = make_user(uow, Role.AGENCY_MANAGER)
    envelope = sealed_envelope(scene.lot, bidder.memberships[0].organisation, price=Decimal(1), files=FILES)
    bid = add_bid(uow, scene, "1.00", bidder=bidder, envelope=damaged(envelope))
    pass_deadline(uow, scene)
    opening = open_sealed(acting(uow, scene.officer), scene.tender, turns(uow, scene, 0, 2))
    assert bid.state is BidState.CORRUPT
    assert bid.failure["sha256"] == bid.sha256
    assert scene.tender.state is TenderState.OPENED
    assert verify_opening(opening.record) == []


def test_a_wrong_layer_is_no_end_while_another_subset_may_open_the_bid(uow):
    scene = tender_with_bids(uow)
    pass_deadline(uow, scene)
    begin_opening(acting(uow, scene.officer), scene.tender)
    first, second, third = scene.tender.keyholders
    bids = bids_to_open(uow, scene.tender)
    nothing = {(str(share.paper.id), share.subset): None for share in shares_for(uow, bids, first)}
    assert not take_turn(acting(uow, scene.holders[0]), scene.tender, first, nothing).finished
    assert {bid.state for bid in scene.bids} == {BidState.SEALED}
    turn_key(acting(uow, scene.holders[1]), scene.tender, second, scene.keys[1])
    done = turn_key(acting(uow, scene.holders[2]), scene.tender, third, scene.keys[2])
    assert done.finished
    assert done.opened == 3


def test_only_the_keyholder_turns_the_key(uow, client_as):
    scene = tender_with_bids(uow)
    pass_deadline(uow, scene)
    begin_opening(acting(uow, scene.officer), scene.tender)
    for stranger in (scene.officer, scene.holders[1], make_user(uow, Role.KEYHOLDER)):
        with pytest.raises(Forbidden):
            take_turn(acting(uow, stranger), scene.tender, scene.tender.keyholders[0], {})
    assert client_as(scene.officer).get(f"/tenders/{scene.tender.id}/opening/shares").status_code == 403


def test_a_member_of_the_committee_may_not_attend(uow, client_as):
    scene = tender_with_bids(uow)
    pass_deadline(uow, scene)
    uow.add(
        CommitteeSeat(
            tender_id=scene.tender.id,
            user_id=scene.officer.id,
            name="委员",
            employer="某单位",
            category=SeatCategory.PURCHASER,
            draw_number="1",
            drawn_at=uow.now,
        )
    )
    uow.session.flush()
    with pytest.raises(Forbidden):
        begin_opening(acting(uow, scene.officer), scene.tender)
    assert client_as(scene.officer).get(f"/tenders/{scene.tender.id}/opening").status_code == 403


def test_the_records_verify_match_and_hide_who_never_was_opened(uow, tmp_path):
    scene = tender_with_bids(uow, ("1.00", "2.00", "3.00", "4.00"))
    withdraw_bid(acting(uow, scene.bidders[3]), scene.bids[3])
    pass_deadline(uow, scene)
    opening = open_sealed(acting(uow, scene.officer), scene.tender, turns(uow, scene, 0, 1))
    uow.session.flush()
    uow.session.expire(opening)
    full, public = opening.record, opening.public_record
    assert verify_opening(full) == []
    assert verify_opening(public) == []
    assert match(full, public) == []
    assert scene.bidder_organisation(3).name not in json.dumps(public, ensure_ascii=False)
    assert scene.holders[0].name not in json.dumps(public, ensure_ascii=False)
    changed = json.loads(json.dumps(full))
    changed["read_out"][0]["sheet"]["price"] = "9.99"
    assert verify_opening(changed) != []
    file = tmp_path / "opening.json"
    file.write_text(json.dumps(public, ensure_ascii=False, sort_keys=True, separators=(",", ":")))
    assert verify_file("opening", file) == []


def test_the_hall_and_the_turns_in_the_browser_s_requests(uow, client_as):
    scene = tender_with_bids(uow)
    pass_deadline(uow, scene)
    address = f"/tenders/{scene.tender.id}/opening"
    officer = client_as(scene.officer)
    form = officer.page(address).find("form", action=f"{address}/begin")
    assert officer.post(form["action"], data={}).status_code == 302
    json_only = {"Accept": "application/json"}
    for place in (0, 1):
        browser = client_as(scene.holders[place])
        assert browser.page(address).find(attrs={"data-unseal": True}) is not None
        shares = browser.get(f"{address}/shares", headers=json_only).json["shares"]
        given = [
            {
                "bid": share["bid"],
                "subset": share["subset"],
                "material": base64.b64encode(peel(base64.b64decode(share["material"]), scene.keys[place])).decode(),
            }
            for share in shares
        ]
        answer = browser.post(f"{address}/shares", json={"shares": given}, headers=json_only).json
    assert answer == {"opened": 3, "corrupt": 0, "total": 3, "finished": True, "next": address}
    page = officer.get(address)
    for number in range(3):
        assert scene.bidder_organisation(number).name in page.text
    assert "156,000.00" in page.text
    assert officer.post(f"{address}/close").status_code == 302
    record = officer.get(f"{address}/record-full.json")
    assert verify_opening(json.load(io.BytesIO(record.data))) == []
    assert client_as(scene.bidders[0]).get(f"{address}/record-full.json").status_code in (403, 404)
    assert scene.bidder_organisation(1).name in client_as(scene.bidders[0]).get(f"/bids/{scene.bids[0].id}").text


@pytest.mark.parametrize("sent", [None, [], {"shares": "x"}, {"shares": [1]}, {"shares": []}, {"shares": [{"bid": 1}]}])
def test_nonsense_from_a_keyholder_changes_nothing(uow, client_as, sent):
    scene = tender_with_bids(uow)
    pass_deadline(uow, scene)
    begin_opening(acting(uow, scene.officer), scene.tender)
    answer = client_as(scene.holders[0]).post(
        f"/tenders/{scene.tender.id}/opening/shares", json=sent, headers={"Accept": "application/json"}
    )
    assert answer.status_code == 409
    assert uow.session.scalars(select(OpeningShare)).all() == []


def test_an_opening_sheet_with_odd_values_spoils_its_own_bid_only(uow, monkeypatch):
    scene = tender_with_bids(uow)
    bidder = make_user(uow, Role.AGENCY_MANAGER)
    monkeypatch.setattr("procurement.sealing.envelope.read_manifest", lambda _data: None)
    envelope = sealed_envelope(scene.lot, bidder.memberships[0].organisation, price=Decimal(5), files=FILES, terms=0.5)
    bid = add_bid(uow, scene, "5.00", bidder=bidder, envelope=envelope)
    pass_deadline(uow, scene)
    opening = open_sealed(acting(uow, scene.officer), scene.tender, turns(uow, scene, 0, 1))
    assert bid.state is BidState.CORRUPT
    assert scene.tender.state is TenderState.OPENED
    assert verify_opening(opening.record) == []


def test_the_list_of_openings_costs_the_same_however_many(uow, client_as, count_queries):
    scene = tender_with_bids(uow)
    browser = client_as(scene.officer)
    browser.get("/openings")
    with count_queries() as few:
        assert browser.get("/openings").status_code == 200
    for _one in range(3):
        tender_with_bids(uow, ())
    with count_queries() as many:
        browser.get("/openings")
    assert len(many) <= len(few) + 1


def test_a_tender_published_through_the_services_is_bid_for_and_opened(uow):
    purchase = published_tender(uow)
    lot = purchase.tender.lots[0]
    for price in ("168000.00", "156000.00", "172000.00"):
        bidder = make_user(uow, Role.AGENCY_STAFF)
        organisation = bidder.memberships[0].organisation
        submit_sealed(acting(uow, bidder), lot, organisation, price=Decimal(price), files=FILES)
    shift_clock(uow, purchase.tender.deadline - uow.now)
    turn = [(acting(uow, purchase.holders[place]), purchase.keys[place]) for place in (1, 2)]
    opening = open_sealed(acting(uow, purchase.officer), purchase.tender, turn)
    assert purchase.tender.state is TenderState.OPENED
    assert verify_opening(opening.record) == []
    assert opening.record["tender"]["notice"] == purchase.tender.record_hash


def test_bids_stay_what_they_were(uow):
    scene = opened_tender(uow)
    assert uow.session.scalars(select(Bid.state).where(Bid.tender_id == scene.tender.id)).all() == [BidState.OPENED] * 3
