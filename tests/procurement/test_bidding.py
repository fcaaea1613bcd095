from __future__ import annotations

import io
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from core.clock import read_clock
from core.documents.accept import documents_of
from core.documents.models import Document
from core.errors import Forbidden, Refused
from core.identity.roles import Role
from core.permissions import policy
from procurement.demonstration.bids import sealed_envelope, submit_sealed
from procurement.models import Bid, Tender
from procurement.permissions import TenderPermission
from procurement.queries.bids import visible_bids
from procurement.sealing.receipt import receipt_fits
from procurement.services.bidding import submit_bid, withdraw_bid
from procurement.services.receipts import receipt_pdf
from procurement.states import BidState
from tests.factories.bids import (
    FILES,
    acting,
    add_bid,
    open_for_bids,
    opened_tender,
    pass_deadline,
    shift_clock,
    tender_with_bids,
)
from tests.factories.identity import make_user


def rules(refused) -> set[str]:
    return {one.rule_id for one in refused.value.refusals}


def test_a_bid_in_time_gets_a_signed_receipt_with_its_hash_and_time(uow):
    scene = open_for_bids(uow)
    bid = add_bid(uow, scene, "168000.00")
    assert bid.state is BidState.SEALED
    assert bid.price is None
    assert bid.receipt["sha256"] == bid.sha256
    assert bid.receipt["notice_hash"] == scene.tender.record_hash
    assert receipt_fits(bid.receipt)
    assert not receipt_fits({**bid.receipt, "arrived_at": "2020-01-01T00:00:00Z"})


def test_the_stored_envelope_shows_neither_price_nor_files(uow, house):
    scene = open_for_bids(uow)
    bid = add_bid(uow, scene, "168123.45")
    with house.store.open(bid.sha256) as stored:
        content = stored.read()
    assert b"168123.45" not in content
    assert b"technical" not in content


@pytest.mark.parametrize("seconds", [-1, 0, 1])
def test_arrival_is_judged_to_the_second(uow, seconds):
    scene = open_for_bids(uow)
    bidder = make_user(uow, Role.AGENCY_MANAGER)
    organisation = bidder.memberships[0].organisation
    envelope = sealed_envelope(scene.lot, organisation, price=Decimal(1), files=FILES)
    now = read_clock(uow.session).now
    shift_clock(uow, scene.tender.deadline - now - timedelta(seconds=seconds))
    cited, bid = set(), None
    try:
        bid = add_bid(uow, scene, "1.00", bidder=bidder, envelope=envelope)
    except Refused as refused:
        cited = {one.rule_id for one in refused.refusals}
    if bid is not None:
        assert seconds > 0
        assert bid.arrived_at < scene.tender.deadline
    else:
        assert cited == {"R-OPEN-02"}
        # A machine that stood still for longer than there was left has brought the bid too late in truth.
        assert seconds <= 0 or read_clock(uow.session).now >= scene.tender.deadline


@pytest.mark.parametrize("seconds", [-1, 0, 1])
def test_open_means_the_same_in_python_and_in_sql(uow, seconds):
    scene = open_for_bids(uow)
    instant = scene.tender.deadline + timedelta(seconds=seconds)
    for question in ("is_open_at", "awaits_opening_at"):
        in_sql = uow.session.scalar(
            select(func.count())
            .select_from(Tender)
            .where(Tender.id == scene.tender.id, getattr(Tender, question)(instant))
        )
        assert bool(in_sql) is getattr(scene.tender, question)(instant), question


def test_a_second_bid_replaces_the_first(uow):
    scene = open_for_bids(uow)
    first = add_bid(uow, scene, "168000.00")
    second = add_bid(uow, scene, "160000.00", bidder=scene.bidders[0])
    assert first.state is BidState.SUPERSEDED
    assert second.receipt["replaces"] == first.sha256


def test_a_withdrawn_bid_can_be_submitted_anew(uow):
    scene = open_for_bids(uow)
    bid = add_bid(uow, scene, "168000.00")
    withdraw_bid(acting(uow, scene.bidders[0]), bid)
    assert bid.state is BidState.WITHDRAWN
    assert add_bid(uow, scene, "160000.00", bidder=scene.bidders[0]).receipt["replaces"] is None


def test_after_the_deadline_nothing_is_withdrawn_or_replaced(uow):
    scene = tender_with_bids(uow)
    pass_deadline(uow, scene)
    with pytest.raises(Refused) as refused:
        withdraw_bid(acting(uow, scene.bidders[0]), scene.bids[0])
    assert rules(refused) == {"R-OPEN-02"}
    with pytest.raises(Refused):
        add_bid(uow, scene, "1.00", bidder=scene.bidders[0])
    assert scene.bids[0].state is BidState.SEALED


def test_nobody_bids_for_another_organisation(uow):
    scene = open_for_bids(uow)
    stranger, other = make_user(uow, Role.AGENCY_MANAGER), make_user(uow, Role.AGENCY_MANAGER)
    with pytest.raises(Forbidden):
        submit_sealed(
            acting(uow, stranger), scene.lot, other.memberships[0].organisation, price=Decimal(1), files=FILES
        )


def test_the_unit_that_runs_the_project_cannot_evaluate_it(uow):
    scene = open_for_bids(uow)
    bidder = make_user(uow, Role.AGENCY_MANAGER)
    scene.lot.projects[0].unit_id = bidder.memberships[0].organisation_id
    with pytest.raises(Refused) as refused:
        add_bid(uow, scene, "1.00", bidder=bidder)
    assert rules(refused) == {"R-PERF-13"}


def test_an_envelope_for_another_notice_is_refused(uow):
    scene, other = open_for_bids(uow), open_for_bids(uow)
    bidder = make_user(uow, Role.AGENCY_MANAGER)
    foreign = sealed_envelope(other.lot, bidder.memberships[0].organisation, price=Decimal(1), files=FILES)
    with pytest.raises(Refused) as refused:
        add_bid(uow, scene, "1.00", bidder=bidder, envelope=foreign)
    assert refused.value.refusals[0].field == "sha256"
    assert rules(refused) == {"R-OPEN-02"}


def test_what_was_uploaded_must_be_what_was_sealed(uow):
    scene = open_for_bids(uow)
    bidder = make_user(uow, Role.AGENCY_MANAGER)
    with pytest.raises(Refused):
        submit_bid(
            acting(uow, bidder),
            scene.lot,
            bidder_id=bidder.memberships[0].organisation_id,
            upload_id=uow.ids.new(),
            sha256="0" * 64,
        )


def test_before_the_opening_a_bid_exists_for_its_bidder_alone(uow, client_as):
    scene = tender_with_bids(uow)
    readers = [scene.officer, *scene.holders, *(make_user(uow, role) for role in Role), scene.bidders[1]]
    for reader in readers:
        actor = acting(uow, reader).actor
        assert not policy.allows(actor, TenderPermission.READ_BID, scene.bids[0]), reader.memberships
        assert scene.bids[0] not in uow.session.scalars(visible_bids(actor)).all()
        assert client_as(reader).get(f"/bids/{scene.bids[0].id}").status_code in (403, 404)
        assert client_as(reader).get(f"/documents/{scene.bids[0].document_id}").status_code in (403, 404)
    assert client_as(scene.bidders[0]).get(f"/bids/{scene.bids[0].id}").status_code == 200


def test_the_list_of_bids_says_what_the_page_allows(uow):
    scene = opened_tender(uow)
    sealed = tender_with_bids(uow)
    everything = {*scene.bids, *sealed.bids}
    for reader in [*scene.bidders, scene.officer, *scene.holders, *(make_user(uow, role) for role in Role)]:
        actor = acting(uow, reader).actor
        listed = set(uow.session.scalars(visible_bids(actor)).all()) & everything
        assert listed == {bid for bid in everything if policy.allows(actor, TenderPermission.READ_BID, bid)}


def test_the_hall_says_nothing_of_bids_before_the_deadline(uow, client_as):
    scene = tender_with_bids(uow, ("1.00", "2.00", "3.00"))
    page = client_as(scene.officer).get(f"/tenders/{scene.tender.id}/opening")
    assert page.status_code == 200
    for number in range(3):
        assert scene.bidder_organisation(number).name not in page.text
    assert "共 3 份" not in page.text


def test_a_bid_through_the_browser_s_requests_counts_once_however_often_it_is_sent(uow, client_as):
    scene = open_for_bids(uow)
    bidder = make_user(uow, Role.AGENCY_MANAGER)
    organisation = bidder.memberships[0].organisation
    browser = client_as(bidder)
    page = browser.page(f"/tenders/{scene.tender.id}/bid")
    envelope = sealed_envelope(scene.lot, organisation, price=Decimal("150000.00"), files=FILES)
    upload = browser.post("/uploads/", json={"size": len(envelope)}).json
    browser.put(
        upload["url"],
        data=io.BytesIO(envelope),
        headers={"Content-Range": f"bytes 0-{len(envelope) - 1}/{len(envelope)}"},
    )
    stored = browser.post(upload["url"]).json
    form = {
        "once": page.find("input", {"name": "once"})["value"],
        "bidder": str(organisation.id),
        "upload_id": upload["upload_id"],
        "sha256": stored["sha256"],
    }
    first = browser.post(f"/tenders/{scene.tender.id}/bid", data=form)
    again = browser.post(f"/tenders/{scene.tender.id}/bid", data=form)
    assert first.status_code == 302
    assert again.location == first.location
    assert uow.session.scalar(select(func.count()).select_from(Bid).where(Bid.tender_id == scene.tender.id)) == 1
    receipt = browser.get(first.location)
    assert stored["sha256"][:4] in receipt.text
    assert browser.get(f"{first.location}/receipt.pdf").data.startswith(b"%PDF-")
    assert browser.get(f"{first.location}/receipt.json").json["sha256"] == stored["sha256"]


def test_a_form_without_an_upload_is_answered_at_the_form(uow, client_as):
    scene = open_for_bids(uow)
    bidder = make_user(uow, Role.AGENCY_MANAGER)
    answer = client_as(bidder).post(
        f"/tenders/{scene.tender.id}/bid",
        data={"bidder": str(bidder.memberships[0].organisation_id), "upload_id": "x", "sha256": "nonsense"},
    )
    assert answer.status_code == 422
    assert "校验值的格式不正确" in answer.text


def test_a_late_bidder_reads_the_rule_instead_of_the_form(uow, client_as):
    scene = open_for_bids(uow)
    pass_deadline(uow, scene)
    page = client_as(make_user(uow, Role.AGENCY_MANAGER)).get(f"/tenders/{scene.tender.id}/bid")
    assert "R-OPEN-02" in page.text
    assert "data-seal" not in page.text


def test_withdrawing_in_the_browser(uow, client_as):
    scene = tender_with_bids(uow)
    browser = client_as(scene.bidders[0])
    page = browser.page(f"/bids/{scene.bids[0].id}")
    form = page.find("form", action=f"/bids/{scene.bids[0].id}/do/withdraw")
    answer = browser.post(form["action"], data={"once": form.find("input", {"name": "once"})["value"]})
    assert answer.status_code == 302
    assert uow.session.get(Bid, scene.bids[0].id).state is BidState.WITHDRAWN


def test_the_receipt_prints_in_both_languages(uow):
    scene = open_for_bids(uow)
    bid = add_bid(uow, scene, "168000.00")
    scene.bidders[0].language = "en"
    assert receipt_pdf(acting(uow, scene.bidders[0]), bid).startswith(b"%PDF-")
    assert receipt_pdf(uow, bid).startswith(b"%PDF-")


def test_my_bids_cost_the_same_however_many(uow, client_as, count_queries):
    scene = open_for_bids(uow)
    bidder = make_user(uow, Role.AGENCY_MANAGER)
    browser = client_as(bidder)

    def cost() -> int:
        with count_queries() as statements:
            assert browser.get("/bids").status_code == 200
        return len(statements)

    add_bid(uow, scene, "1.00", bidder=bidder)
    browser.get("/bids")
    few = cost()
    for _one in range(4):
        add_bid(uow, open_for_bids(uow), "1.00", bidder=bidder)
    assert cost() <= few + 1


def test_opened_files_are_read_by_the_purchaser_and_the_envelope_s_bidder_only(uow, client_as):
    scene = opened_tender(uow)
    documents = [one for one in documents_of(uow, scene.bids[0]) if one.purpose != "bid-envelope"]
    assert {one.purpose for one in documents} == {"bid-qualification", "bid-technical"}
    for reader, allowed in ((scene.officer, True), (scene.bidders[0], True), (scene.bidders[1], False)):
        status = client_as(reader).get(f"/documents/{documents[0].id}").status_code
        assert (status == 200) is allowed, reader.memberships
    assert isinstance(documents[0], Document)
