"""Consultation and negotiation: equal rounds, written changes, sealed final offers, the award (R-NEG-01, R-NEG-02)."""

from __future__ import annotations

from copy import deepcopy
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from agencies.models import Engagement
from core.errors import Forbidden, Refused
from core.identity.roles import Role
from core.notifications.models import Notification
from core.records import plain, seal
from procurement.queries.rounds import call_of, changes_of, rounds_held, standing_offer
from procurement.queries.standings import seats_of, standings_of
from procurement.scoring import verify_award
from procurement.sealing.opening_record import verify_opening
from procurement.sealing.receipt import receipt_fits
from procurement.services.awarding import award
from procurement.services.concluding import conclude
from procurement.services.final_offers import begin_final, final_shares, turn_final, withdraw_final
from procurement.services.opening_papers import opening_record_pdf
from procurement.services.receipts import receipt_pdf
from procurement.services.rounds import call_final, call_refusals, change_requirement, record_round
from procurement.services.scoring_sheets import lock_sheet, save_scores
from procurement.states import FailureGround, Method, OfferState, Outcome, TenderState
from tests.factories.agents import entrusted
from tests.factories.awards import entries_for
from tests.factories.bids import acting, shift_clock
from tests.factories.identity import make_user
from tests.factories.rounds import called, in_talks, offered, opened_finals, talked


def rules_of(refused) -> set[str | None]:
    return {one.rule_id for one in refused.value.refusals}


def concluded(uow, scene):
    for step, seat in enumerate(seats_of(uow, scene.tender)):
        member = acting(uow, seat.user)
        save_scores(member, seat, entries_for(uow, seat, step=step))
        lock_sheet(member, seat)
    conclude(acting(uow, scene.officer), scene.tender)
    return scene


def test_a_consultation_runs_to_its_engagement_on_the_final_prices(uow):  # R-NEG-01
    scene = talked(uow, in_talks(uow), rounds=2)
    called(uow, scene)
    for number, price in enumerate(("160000.00", "149000.00", "171000.00")):
        offered(uow, scene, number, price)
    opened_finals(uow, scene)
    assert [bid.price for bid in scene.bids] == [Decimal(160000), Decimal(149000), Decimal(171000)]
    assert scene.bids[0].opening_sheet["price"] == "168000.00"
    concluded(uow, scene)
    rows = award(acting(uow, scene.officer), scene.tender, {})
    assert verify_award(rows[0].record) == []
    found = uow.session.scalars(select(Engagement).where(Engagement.source == f"tender:{scene.tender.id}")).all()
    assert [one.amount for one in found] == [rows[0].amount]
    assert rows[0].amount in {Decimal(160000), Decimal(149000), Decimal(171000)}


def test_in_a_negotiation_the_lowest_final_price_wins(uow):  # R-NEG-02, R-EVAL-01
    scene = talked(uow, in_talks(uow, Method.NEGOTIATION))
    called(uow, scene)
    for number, price in enumerate(("150000.00", "155000.00", "149999.99")):
        offered(uow, scene, number, price)
    opened_finals(uow, scene)
    concluded(uow, scene)
    rows = award(acting(uow, scene.officer), scene.tender, {})
    assert (rows[0].bid_id, rows[0].amount) == (scene.bids[2].id, Decimal("149999.99"))
    assert verify_award(rows[0].record) == []


def test_nobody_gets_a_second_round_before_all_had_the_first(uow):
    scene = in_talks(uow)
    officer = acting(uow, scene.officer)
    record_round(officer, scene.bids[0], "第一轮")
    with pytest.raises(Refused) as refused:
        record_round(officer, scene.bids[0], "又一轮")
    assert rules_of(refused) == {"R-NEG-01"}
    assert rules_of_call(officer, scene) == {"R-NEG-01"}
    record_round(officer, scene.bids[1], "第一轮")
    record_round(officer, scene.bids[2], "第一轮")
    assert rounds_held(uow, scene.tender)[scene.bids[0].id] == 1
    assert call_refusals(officer, scene.tender) == []


def rules_of_call(officer, scene) -> set[str | None]:
    return {one.rule_id for one in call_refusals(officer, scene.tender)}


def test_a_changed_requirement_reaches_every_supplier_at_once(uow):
    scene = in_talks(uow)
    with pytest.raises(Refused):
        change_requirement(acting(uow, scene.officer), scene.tender, "  ")
    change_requirement(acting(uow, scene.officer), scene.tender, "问卷样本量由三百份改为五百份")
    assert [one.number for one in changes_of(uow, scene.tender)] == [1]
    told = uow.session.scalars(select(Notification.user_id).where(Notification.kind == "round.changed")).all()
    assert set(told) == {one.id for one in scene.bidders}


def test_two_final_offers_need_their_ground_and_one_ends_the_purchase(uow):  # R-NEG-01
    scene = talked(uow, in_talks(uow, prices=("168000", "156000")))
    with pytest.raises(Refused) as refused:
        called(uow, scene)
    assert {(one.rule_id, one.field) for one in refused.value.refusals} == {("R-NEG-01", "few_ground")}
    called(uow, scene, few_ground="政府购买服务项目，符合要求的供应商只有两家")
    offered(uow, scene, 0, "160000.00")
    shift_clock(uow, timedelta(hours=2))
    assert begin_final(acting(uow, scene.officer), call_of(uow, scene.tender)) is False
    assert scene.tender.state is TenderState.FAILED
    assert scene.tender.failure_ground is FailureGround.TOO_FEW_VALID


def test_two_suppliers_are_never_enough_for_a_negotiation(uow):  # R-NEG-02
    scene = in_talks(uow, Method.NEGOTIATION)
    assert call_refusals(acting(uow, scene.officer), scene.tender)[0].rule_id == "R-NEG-02"


def test_final_offers_stay_sealed_until_their_deadline_and_are_replaced_before(uow):  # R-OPEN-07
    scene = talked(uow, in_talks(uow))
    call = called(uow, scene)
    first = offered(uow, scene, 0, "160000.00")
    second = offered(uow, scene, 0, "158000.00")
    assert (first.state, second.state) == (OfferState.SUPERSEDED, OfferState.SEALED)
    with pytest.raises(Refused):
        begin_final(acting(uow, scene.officer), call)
    assert final_shares(acting(uow, scene.holders[0]), call, scene.tender.keyholders[0]) == []
    assert second.price is None
    shift_clock(uow, timedelta(hours=2))
    with pytest.raises(Refused) as late:
        offered(uow, scene, 1, "150000.00")
    assert rules_of(late) == {"R-NEG-01"}


def test_a_final_offer_has_the_paper_trail_of_a_bid(uow):  # R-OPEN-02
    scene = talked(uow, in_talks(uow))
    call = called(uow, scene)
    first = offered(uow, scene, 0, "160000.00")
    second = offered(uow, scene, 0, "158000.00")
    assert receipt_fits(second.receipt)
    assert not receipt_fits({**second.receipt, "sha256": first.sha256})
    assert (second.receipt["sha256"], second.receipt["replaces"]) == (second.sha256, first.sha256)
    assert (second.receipt["part"], second.receipt["deadline"]) == ("final-offer", plain(call.deadline))
    assert receipt_pdf(acting(uow, scene.bidders[0]), second).startswith(b"%PDF-")
    with pytest.raises(Forbidden):
        withdraw_final(acting(uow, scene.bidders[1]), second)
    withdraw_final(acting(uow, scene.bidders[0]), second)
    assert (second.state, standing_offer(uow, scene.bids[0])) == (OfferState.WITHDRAWN, None)
    told = uow.session.scalars(select(Notification.user_id).where(Notification.kind.startswith("final."))).all()
    assert scene.officer.id not in told
    for number, price in enumerate(("161000.00", "150000.00", "151000.00")):
        offered(uow, scene, number, price)
    opened_finals(uow, scene, places=(0, 2))
    record = call.record
    assert verify_opening(record) == []
    states = [one["state"] for one in record["envelopes"]]
    assert states == ["superseded", "withdrawn", "opened", "opened", "opened"]
    assert [one["sheet"]["price"] for one in record["read_out"]] == ["161000.00", "150000.00", "151000.00"]
    assert opening_record_pdf(acting(uow, scene.officer), scene.tender, record).startswith(b"%PDF-")
    forged = deepcopy(record)
    forged["envelopes"][2]["arrived_at"] = plain(call.deadline)
    assert {"R-OPEN-02", "receipt"} <= {fault.code for fault in verify_opening(seal(forged))}
    with pytest.raises(Refused) as late:
        withdraw_final(acting(uow, scene.bidders[0]), standing_offer(uow, scene.bids[0]))
    assert rules_of(late) == {"R-OPEN-02"}


def test_a_damaged_final_offer_is_recorded_with_every_attempt(uow):  # R-KEY-01
    scene = talked(uow, in_talks(uow))
    call = called(uow, scene)
    offered(uow, scene, 0, "160000.00", bidder=str(scene.bids[1].bidder_id))
    offered(uow, scene, 1, "150000.00")
    offered(uow, scene, 2, "151000.00")
    opened_finals(uow, scene)
    bad = standing_offer(uow, scene.bids[0])
    assert (bad.state, bad.failure["error"]) == (OfferState.CORRUPT, "CopiedEnvelope")
    assert [one["result"] for one in bad.failure["attempts"]] == ["peeled", "key"]
    assert verify_opening(call.record) == []
    assert standings_of(uow, scene.tender).bids[0].outcome is Outcome.NO_FINAL_OFFER


def test_an_envelope_of_a_bid_is_no_final_offer(uow):
    scene = talked(uow, in_talks(uow))
    called(uow, scene)
    with pytest.raises(Refused) as refused:
        offered(uow, scene, 0, "160000.00", part="bid")
    assert rules_of(refused) == {"R-OPEN-02"}


def test_who_makes_no_final_offer_has_withdrawn(uow):
    scene = talked(uow, in_talks(uow))
    called(uow, scene)
    offered(uow, scene, 0, "160000.00")
    offered(uow, scene, 1, "190000.00")
    opened_finals(uow, scene, places=(1, 2))
    outcomes = [one.outcome for one in standings_of(uow, scene.tender).bids]
    assert outcomes == [Outcome.VALID, Outcome.ABOVE_CEILING, Outcome.NO_FINAL_OFFER]


def test_nothing_is_scored_before_the_final_offers_are_open(uow):
    scene = in_talks(uow)
    seat = seats_of(uow, scene.tender)[0]
    with pytest.raises(Refused) as refused:
        lock_sheet(acting(uow, seat.user), seat)
    assert "R-NEG-01" in rules_of(refused)


def test_a_lost_keyholder_is_survived_and_others_peel_nothing(uow):  # R-KEY-01
    scene = talked(uow, in_talks(uow))
    call = called(uow, scene)
    offered(uow, scene, 0, "160000.00")
    offered(uow, scene, 1, "150000.00")
    offered(uow, scene, 2, "151000.00")
    with pytest.raises(Forbidden):
        turn_final(acting(uow, scene.officer), call, scene.tender.keyholders[0], {})
    opened_finals(uow, scene, places=(0, 2))
    assert call.finished_at is not None


def test_wrong_roles_and_methods_hold_no_rounds(uow):
    scene = in_talks(uow)
    for role in (Role.PROCUREMENT_SUPERVISOR, Role.AGENCY_MANAGER, Role.EXPERT):
        with pytest.raises(Forbidden):
            record_round(acting(uow, make_user(uow, role)), scene.bids[0], "越权")
    scene.tender.method = Method.OPEN_TENDER
    with pytest.raises(Refused) as refused:
        call_final(acting(uow, scene.officer), scene.tender, uow.now + timedelta(hours=1))
    assert rules_of(refused) == {"R-OPEN-07"}


def test_a_procurement_agent_runs_the_rounds(uow):
    scene = in_talks(uow)
    agent = acting(uow, entrusted(uow, scene.tender))
    for bid in scene.bids:
        record_round(agent, bid, "代理机构组织的第一轮")
    assert call_refusals(agent, scene.tender) == []
