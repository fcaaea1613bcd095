"""Call-offs on the database: direct selection, rotation, second price round, each to its contract (R-FRAME-03, 04)."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from agencies.services.engagements import engagements_from
from core.errors import Forbidden, Refused
from core.identity.roles import Role
from procurement.models import Bid
from procurement.queries.frameworks import members_of, shares_of
from procurement.scoring.selection_record import verify_selection
from procurement.services.awarding import awards_of
from procurement.services.call_off_award import confirm, priced_bids, propose_lowest
from procurement.services.call_off_turns import answer_turn, judge_answer, offer_turn, turn_now, turns_of_type
from procurement.services.call_offs import CallOffEntry, choose, draft_call_off, set_prices, ways_of
from procurement.services.contracts import draft_contract
from procurement.services.frameworks import remove_supplier
from procurement.services.retendering import retender
from procurement.states import BidState, FailureGround, Method, RemovalGround, TenderState, TurnDeed
from procurement.workflow import TENDER
from tests.factories.awards import bid_row
from tests.factories.bids import acting, shift_clock
from tests.factories.frameworks import called_off, in_force, stranger
from tests.factories.identity import make_user
from tests.factories.projects import make_project


def rules_at(refused) -> set[str]:
    return {one.rule_id for one in refused.value.refusals}


@pytest.fixture
def scene(uow):
    return in_force(uow)


def test_a_direct_selection_goes_from_reason_to_contract(uow, scene):  # R-FRAME-03, R-SEC-02
    call_off = called_off(uow, scene)
    tender, member = call_off.tender, scene.members[1]
    clerk = acting(uow, scene.officer)
    choose(clerk, tender, member, Decimal(84000), "同类项目质量评分最高，等级为优")
    assert tender.state is TenderState.EVALUATED
    with pytest.raises(Forbidden):
        confirm(clerk, tender, call_off)
    award = confirm(acting(uow, scene.approver), tender, call_off)
    assert (award.amount, award.bid.bidder_id) == (Decimal(84000), member.supplier_id)
    assert tender.state is TenderState.AWARDED
    assert verify_selection(award.record) == verify_selection(award.public_record) == []
    (engagement,) = engagements_from(uow, f"tender:{tender.id}", member.supplier_id)
    assert engagement.amount == Decimal(84000)
    contract = draft_contract(acting(uow, scene.officer), awards_of(uow, tender)[0])
    assert (contract.agency_id, contract.amount) == (member.supplier_id, Decimal(84000))
    (share,) = shares_of(uow, scene.framework)
    assert (share.count, share.amount, share.year) == (1, Decimal(84000), uow.today.year)
    with pytest.raises(Refused):  # a second press
        confirm(acting(uow, scene.approver), tender, call_off)


def test_what_a_direct_selection_may_not_do(uow, scene):  # R-FRAME-03, R-PERF-13
    own_unit = scene.members[0].supplier
    call_off = called_off(uow, scene, unit=own_unit)
    clerk = acting(uow, scene.officer)
    cases = (
        (scene.members[1], Decimal("85000.01"), "报价合适", "R-FRAME-03"),
        (scene.members[1], Decimal(80000), " ", "R-FRAME-03"),
        (scene.members[1], Decimal(-1), "报价合适", None),
        (scene.members[0], None, "最便宜", "R-PERF-13"),
    )
    for member, price, reason, rule_id in cases:
        with pytest.raises(Refused) as refused, uow.session.begin_nested():
            choose(clerk, call_off.tender, member, price, reason)
        assert rule_id in rules_at(refused)
    with pytest.raises(Forbidden):
        choose(acting(uow, make_user(uow, Role.PROCUREMENT_SUPERVISOR)), call_off.tender, scene.members[1], None, "好")


def test_a_proposal_can_be_sent_back_and_made_again(uow, scene):
    call_off = called_off(uow, scene)
    clerk, boss = acting(uow, scene.officer), acting(uow, scene.approver)
    choose(clerk, call_off.tender, scene.members[0], None, "价格最低")
    TENDER.fire(boss, call_off.tender, "return_nomination", reason="请补充质量方面的理由")
    choose(clerk, call_off.tender, scene.members[0], None, "价格最低，近三年质量评分均为优")
    assert confirm(boss, call_off.tender, call_off).amount == Decimal(80000)


def test_nothing_is_called_off_outside_the_framework(uow, scene):  # R-FRAME-01, R-FRAME-03
    narrow = in_force(uow, ways=[Method.CALL_OFF_DIRECT])
    assert ways_of(uow, narrow.framework) == [Method.CALL_OFF_DIRECT]
    with pytest.raises(Refused) as refused:
        called_off(uow, narrow, Method.CALL_OFF_ROTATION)
    assert rules_at(refused) == {"R-FRAME-03"}
    foreign = CallOffEntry(narrow.lot, make_project(uow), Method.CALL_OFF_DIRECT)
    with pytest.raises(Refused):
        draft_call_off(acting(uow, scene.officer), scene.framework, foreign)
    with pytest.raises(Forbidden):
        draft_call_off(acting(uow, scene.approver), scene.framework, foreign)
    busy = called_off(uow, scene).tender.lots[0].projects[0]
    with pytest.raises(Refused):
        called_off(uow, scene, project=busy)
    shift_clock(uow, timedelta(days=400))
    with pytest.raises(Refused) as refused:
        called_off(uow, scene)
    assert rules_at(refused) == {"R-FRAME-01"}


def test_an_agreement_that_ended_meanwhile_gets_no_contract(uow, scene):  # R-FRAME-01
    call_off = called_off(uow, scene)
    choose(acting(uow, scene.officer), call_off.tender, scene.members[0], None, "价格最低")
    boss = acting(uow, scene.approver)
    remove_supplier(boss, scene.framework, scene.members[0].supplier, RemovalGround.BARRED, "被禁止参加采购一年")
    with pytest.raises(Refused) as refused:
        confirm(boss, call_off.tender, call_off)
    assert rules_at(refused) == {"R-FRAME-01"}


def take(uow, scene, call_off, number) -> None:
    offer_turn(acting(uow, scene.officer), call_off.tender)
    answer_turn(acting(uow, scene.person(uow, number)), call_off, accepts=True)
    confirm(acting(uow, scene.approver), call_off.tender, call_off)


def test_a_rotation_gives_everybody_one_turn_in_the_order_of_the_ranking(uow, scene):  # R-FRAME-03
    for number in (0, 1, 2, 0):
        call_off = called_off(uow, scene, Method.CALL_OFF_ROTATION)
        take(uow, scene, call_off, number)
        assert call_off.member_id == scene.members[number].id
        assert call_off.tender.state is TenderState.AWARDED
        assert awards_of(uow, call_off.tender)[0].amount == scene.members[number].price
    deeds = [(one.number, one.deed) for one in turns_of_type(uow, scene.lot)]
    assert deeds == [(n + 1, (TurnDeed.OFFERED, TurnDeed.ACCEPTED)[n % 2]) for n in range(8)]


def test_a_conflict_passes_a_supplier_over_and_it_keeps_its_turn(uow, scene):  # R-FRAME-04, R-PERF-13
    first = called_off(uow, scene, Method.CALL_OFF_ROTATION, unit=scene.members[0].supplier)
    assert turn_now(uow, first).passed_over == (str(scene.members[0].id),)
    take(uow, scene, first, 1)
    second = called_off(uow, scene, Method.CALL_OFF_ROTATION)
    take(uow, scene, second, 0)


def test_declining_with_a_good_reason_keeps_the_turn_without_one_uses_it(uow, scene):  # R-FRAME-04
    call_off = called_off(uow, scene, Method.CALL_OFF_ROTATION)
    tender, clerk = call_off.tender, acting(uow, scene.officer)
    offer_turn(clerk, tender)
    with pytest.raises(Refused):  # one offer at a time
        offer_turn(clerk, tender)
    first = acting(uow, scene.person(uow, 0))
    with pytest.raises(Refused):
        answer_turn(first, call_off, accepts=False, reason=" ")
    with pytest.raises(Forbidden):
        answer_turn(acting(uow, scene.person(uow, 1)), call_off, accepts=True)
    with pytest.raises(Refused):  # it may still answer
        judge_answer(clerk, tender, excused=True, reason="病假")
    answer_turn(first, call_off, accepts=False, reason="主评人均在外地项目")
    with pytest.raises(Refused):
        judge_answer(clerk, tender, excused=True, reason=" ")
    judge_answer(clerk, tender, excused=True, reason="属实，同意保留")
    offer_turn(clerk, tender)
    assert call_off.member_id == scene.members[1].id
    shift_clock(uow, timedelta(days=10))  # and the second stays silent
    later = acting(uow, scene.officer)
    judge_answer(later, tender, excused=False, reason="逾期未答复")
    take(uow, scene, call_off, 2)
    following = called_off(uow, scene, Method.CALL_OFF_ROTATION)
    assert turn_now(uow, following).member == str(scene.members[0].id)


def test_a_rotation_that_ends_without_award_gives_the_turn_back(uow, scene):  # R-FRAME-04
    call_off = called_off(uow, scene, Method.CALL_OFF_ROTATION)
    offer_turn(acting(uow, scene.officer), call_off.tender)
    TENDER.fire(acting(uow, scene.approver), call_off.tender, "cancel", reason="预算调整")
    assert turns_of_type(uow, scene.lot)[-1].deed is TurnDeed.RETURNED
    following = called_off(uow, scene, Method.CALL_OFF_ROTATION)
    assert turn_now(uow, following).member == str(scene.members[0].id)


def opened_prices(uow, scene, prices):
    """A second price round whose prices were opened, written as rows."""
    call_off = called_off(uow, scene, Method.CALL_OFF_PRICES)
    tender = call_off.tender
    tender.deadline = uow.now - timedelta(minutes=30)
    tender.record, tender.record_hash, tender.published_at = {"kind": "tender"}, "e" * 64, uow.now - timedelta(days=3)
    tender.approved_by_id, tender.opened_at = scene.approver.id, uow.now
    tender.state = TenderState.OPENED
    uow.session.flush()
    for number, price in enumerate(prices):
        supplier = scene.members[number].supplier
        bid_row(uow, tender.lots[0], price, arrived=uow.now - timedelta(hours=2), bidder=supplier)
    uow.session.flush()
    return call_off


def test_in_a_second_price_round_the_lowest_that_keeps_to_its_agreed_price_wins(uow, scene):  # R-FRAME-03
    call_off = opened_prices(uow, scene, ("80000.01", "79000.00", "78000.00"))
    tender = call_off.tender
    found = priced_bids(uow, tender, call_off)
    assert [one.counts for one in found] == [True, True, False]
    propose_lowest(acting(uow, scene.officer), tender)
    award = confirm(acting(uow, scene.approver), tender, call_off)
    assert (award.amount, award.bid.bidder_id) == (Decimal(78000), scene.members[2].supplier_id)
    assert verify_selection(award.record) == []
    dearer = {**award.record, "award": {**award.record["award"], "amount": "79000.00", "bid": found[1].bid.bidder.name}}
    assert "R-FRAME-03" in {one.code for one in verify_selection(dearer)}


def test_equal_lowest_prices_are_drawn_so_that_anybody_can_repeat_it(uow, scene):  # R-EVAL-07
    call_off = opened_prices(uow, scene, ("70000.00", "70000.00"))
    order = [one.bid.id for one in priced_bids(uow, call_off.tender, call_off)]
    assert order == [one.bid.id for one in priced_bids(uow, call_off.tender, call_off)]
    propose_lowest(acting(uow, scene.officer), call_off.tender)
    assert "并列" in call_off.reason


def test_without_a_price_that_counts_nobody_wins(uow, scene):  # R-FRAME-03
    call_off = opened_prices(uow, scene, (None, "99000.00"))
    tender = call_off.tender
    with pytest.raises(Refused) as refused:
        propose_lowest(acting(uow, scene.officer), tender)
    assert rules_at(refused) == {"R-FRAME-03"}
    offered = {one.transition.name: one.possible for one in TENDER.options(acting(uow, scene.approver), tender)}
    assert offered["drop_call_off"]
    ground = {"failure_ground": FailureGround.TOO_FEW_VALID, "failure_reason": "没有有效报价"}
    TENDER.fire(acting(uow, scene.approver), tender, "fail", reason="没有有效报价", assign=ground)
    with pytest.raises(Refused) as refused:  # it is begun anew from the framework
        retender(acting(uow, scene.officer), tender)
    assert rules_at(refused) == {"R-FRAME-03"}


def test_everybody_who_fits_is_invited_to_the_keys_of_the_call(uow, scene):  # R-FRAME-03, R-PERF-13
    call_off = called_off(uow, scene, Method.CALL_OFF_PRICES, unit=scene.members[0].supplier)
    tender = call_off.tender
    assert {one.supplier_id for one in tender.invitations} == {one.supplier_id for one in scene.members[1:]}
    assert tender.ceiling == Decimal(90000)
    assert [one.public_key for one in tender.keyholders] == [one.public_key for one in scene.tender.keyholders]
    clerk = acting(uow, scene.officer)
    with pytest.raises(Refused):
        set_prices(clerk, tender, deadline=None, task=" ")
    set_prices(clerk, tender, deadline=uow.now + timedelta(days=3), task="逐项评价")
    assert tender.deadline is not None
    with pytest.raises(Refused):  # the price round has its own end
        propose_lowest(clerk, tender)


def test_an_agency_that_was_not_admitted_sees_nothing(uow, scene, client_as):
    call_off = called_off(uow, scene)
    outsider = client_as(stranger(uow))
    for address in (f"/call-offs/{call_off.id}", f"/frameworks/{scene.framework.id}", f"/tenders/{call_off.tender_id}"):
        assert outsider.get(address).status_code == 404
    assert outsider.get(f"/public-frameworks/{scene.framework.id}").status_code == 200
    assert len(members_of(uow, scene.framework)) == 3
    assert uow.session.query(Bid).filter(Bid.tender_id == call_off.tender_id, Bid.state == BidState.OPENED).all() == []
