"""What opened bids state, and what the examination makes of it (R-TENDER-08, R-TENDER-17, R-TENDER-18, R-PRICE-06)."""

from __future__ import annotations

import uuid
from decimal import Decimal

import pytest

from core.errors import Refused
from procurement.drafting.bid_form import asked_declarations, asked_files, bid_form
from procurement.drafting.preparation_checks import same_brand_lines
from procurement.models import Bid
from procurement.queries.statements import Party, overlaps, reservation_fault, statement_of, statement_refusals
from procurement.sealing.statement import DECLARATIONS, Member, Statement
from procurement.services.examination import examine
from procurement.states import Category, SmeReservation
from tests.factories.awards import bids_of, opened_by_rows
from tests.factories.bids import acting, opened_tender


def stating(bid: Bid, statement: Statement, files=(), **sheet) -> None:
    """Let an opened bid have stated this."""
    bid.manifest = {**bid.manifest, "statement": statement.plain(), "files": [{"purpose": one} for one in files]}
    bid.opening_sheet = {**bid.opening_sheet, **sheet}


def rules(uow, scene):
    uow.session.flush()
    return {bid.id: {one.rule_id for one in found} for bid, found in zip(scene.bids, _found(scene), strict=True)}


def _found(scene):
    known = statement_refusals(scene.bids)
    return [known[bid.id] for bid in scene.bids]


def test_a_member_of_a_consortium_may_not_bid_alone(uow):
    scene = opened_tender(uow)
    scene.bidder_organisation(1).uscc = "91310000MA1FL00001"
    stating(scene.bids[0], Statement(members=(Member("另一家", "91310000MA1FL00001"),)), files=["agreement"])
    found = rules(uow, scene)
    assert found[scene.bids[0].id] == {"R-TENDER-18"}
    assert found[scene.bids[1].id] == {"R-TENDER-18"}
    assert found[scene.bids[2].id] == set()
    with pytest.raises(Refused) as refused:
        examine(acting(uow, scene.officer), scene.bids[0], passed=True)
    assert refused.value.refusals[0].rule_id == "R-TENDER-18"
    assert not examine(acting(uow, scene.officer), scene.bids[0], passed=False, reason="联合体成员单独投标").passed


def test_two_consortia_may_not_share_a_member():
    first, second, third = (uuid.UUID(int=number) for number in range(3))
    shared = [("共同成员", "C" * 18)]
    parties = [
        Party(first, "甲", "A" * 18, shared),
        Party(second, "乙", "B" * 18, shared),
        Party(third, "丙", None, []),
    ]
    assert overlaps(parties) == {first: ["乙"], second: ["甲"]}


def test_a_consortium_without_its_agreement_cannot_pass(uow):
    scene = opened_tender(uow)
    stating(scene.bids[0], Statement(members=(Member("另一家", "91310000MA1FL00009"),)))
    assert rules(uow, scene)[scene.bids[0].id] == {"R-TENDER-18"}


def test_missing_declarations_and_a_missing_deposit_are_named(uow):
    scene = opened_tender(uow, deposit=Decimal("3600.00"))
    scene.tender.record = {"bid_form": bid_form()}
    stating(scene.bids[0], Statement(declarations=DECLARATIONS[:4], deposit_amount="100.00"))
    stating(scene.bids[1], Statement(declarations=DECLARATIONS, deposit_amount="3600.00", deposit_means="transfer"))
    found = rules(uow, scene)
    assert found[scene.bids[0].id] == {"R-TENDER-17", "R-TENDER-08"}
    assert found[scene.bids[1].id] == set()
    assert found[scene.bids[2].id] == set(), "a bid without a statement is judged by its papers"


def test_a_price_in_words_that_differs_is_shown_and_blocks_nothing(uow, client_as):
    scene = opened_tender(uow)
    stating(scene.bids[0], Statement(firm_size="small", sme_employees="35"), price_words="壹拾陆万捌仟壹佰元整")
    stating(scene.bids[1], Statement(), price_words="壹拾伍万陆仟元整")
    found = rules(uow, scene)
    assert found[scene.bids[0].id] == {"R-PRICE-04"}
    assert found[scene.bids[1].id] == set()
    assert examine(acting(uow, scene.officer), scene.bids[0], passed=True).passed
    page = client_as(scene.officer).get(f"/tenders/{scene.tender.id}/examination")
    assert "小型企业" in page.text
    assert statement_of(scene.bids[0]).sme_employees == "35"
    assert "R-PRICE-04" in page.text


def test_the_frozen_record_says_what_a_bid_must_hold():
    assert [purpose for purpose, _title, needed in asked_files({"bid_form": bid_form()}) if needed] == [
        "qualification",
        "technical",
    ]
    assert asked_declarations({"bid_form": bid_form()}) == list(DECLARATIONS)
    assert asked_declarations({}) == []


def test_the_bid_page_asks_for_what_the_record_asks(uow, client_as):
    from core.identity.roles import Role
    from tests.factories.bids import open_for_bids
    from tests.factories.identity import make_user

    scene = open_for_bids(uow, deposit=Decimal("3600.00"), record={"title": "x", "bid_form": bid_form()})
    page = client_as(make_user(uow, Role.AGENCY_MANAGER)).page(f"/tenders/{scene.tender.id}/bid")
    assert len(page.find_all(attrs={"data-statement": "declarations"})) == len(DECLARATIONS)
    assert page.find(attrs={"data-statement": "deposit_means"}) is not None
    assert page.find(attrs={"data-purpose": "agreement"}) is not None


ALL_SIZES = ("micro", "small", "medium", "prison", "welfare", "other")


@pytest.mark.parametrize("size", ALL_SIZES)
@pytest.mark.parametrize("reservation", list(SmeReservation))
def test_a_reserved_purchase_admits_small_and_medium_firms_and_who_counts_as_one(reservation, size):  # R-PRICE-06
    alone = Statement(firm_size=size)
    joint = Statement(firm_size=size, members=(Member("澄湖小微咨询有限公司", "91310000MA1FL0000X"),))
    is_large = size == "other"
    assert bool(reservation_fault(reservation, alone, ())) == (is_large and reservation is not SmeReservation.NONE)
    assert bool(reservation_fault(reservation, joint, ())) == (is_large and reservation is SmeReservation.WHOLE)
    assert bool(reservation_fault(reservation, alone, ("agreement",))) == (
        is_large and reservation is SmeReservation.WHOLE
    )


def test_a_large_firm_is_not_found_qualified_in_a_reserved_purchase(uow):  # R-PRICE-06
    tender = opened_by_rows(uow, sme_reservation=SmeReservation.WHOLE)
    large, small = bids_of(uow, tender)[:2]
    for bid, size in ((large, "other"), (small, "prison")):
        said = Statement(firm_size=size, declarations=DECLARATIONS)
        bid.manifest = {**(bid.manifest or {}), "statement": said.plain(), "files": []}
    officer = acting(uow, tender.drafted_by)
    with pytest.raises(Refused) as refused:
        examine(officer, large, passed=True)
    assert {one.rule_id for one in refused.value.refusals} == {"R-PRICE-06"}
    assert examine(officer, large, passed=False, reason="未声明为中小企业").passed is False
    assert examine(officer, small, passed=True).passed


def test_services_have_no_core_product_whose_brand_could_count_bidders_together(uow):  # R-OPEN-06
    assert not any(one.has_core_product for one in Category)
    lines = same_brand_lines(uow, opened_by_rows(uow))
    assert [(one.rule_id, one.level) for one in lines] == [("R-OPEN-06", "ok")]
