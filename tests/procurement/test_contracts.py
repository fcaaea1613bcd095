"""Contracts from draft to filing: R-CONTRACT-01, R-TENDER-09, R-SUSP-01, R-SEC-02."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from agencies.models import Engagement
from agencies.states import EngagementState
from core.clock import Clock
from core.documents.accept import documents_of
from core.errors import Forbidden, Refused
from core.identity.roles import Role
from core.parameters import set_local_value
from core.unit_of_work import UnitOfWork
from procurement import suspensions
from procurement.contracting.clauses import differences
from procurement.queries.award_procedure import contract_clocks, lots_without_award, replaced_awards
from procurement.scoring import verify_award
from procurement.services.awarding import awards_of
from procurement.services.contracts import (
    InstalmentEntry,
    approve_contract,
    change_contract,
    draft_contract,
    file_contract,
    note_bond,
    publish_contract,
    send_contract_back,
    sign_contract,
    terminate_contract,
)
from procurement.services.replacing import candidates_after, replace_winner
from procurement.services.supplements import decide_supplement, left, propose_supplement
from procurement.states import ContractState, DepartureGround, SupplementKind, SupplementState
from procurement.suspensions import Suspension
from procurement.workflow import CONTRACT
from tests.factories.awards import acting, awarded_tender, bids_of
from tests.factories.contracts import drafted, ready, signed, signed_copy, values_of
from tests.factories.identity import make_user


def rules_of(refused) -> list:
    return [one.rule_id for one in refused.value.refusals]


def later(uow, user, **by) -> UnitOfWork:
    """The same person some time from now."""
    made = acting(uow, user)
    return UnitOfWork(made.session, made.actor, made.house, clock=Clock(now=made.now + timedelta(**by)))


def test_a_draft_says_what_tender_and_bid_have_decided(uow):
    deal = drafted(uow)
    contract, won = deal.contract, awards_of(uow, deal.tender)[0]
    words = "".join(clause["text"] for clause in contract.clauses)
    assert contract.amount == won.amount == sum(one.amount for one in contract.instalments)
    for said in (won.bid.bidder.name, deal.tender.purchaser.name, "160,000.00元", "壹拾陆万元整", deal.tender.number):
        assert said in words
    assert len(contract.standards) >= 3
    assert all(standard["text"] in words for standard in contract.standards)
    assert differences(contract.clauses) == []


def test_one_award_has_one_contract_and_only_officers_draft_it(uow):
    tender = awarded_tender(uow)
    award = awards_of(uow, tender)[0]
    with pytest.raises(Forbidden):
        draft_contract(acting(uow, tender.approved_by), award)
    draft_contract(acting(uow, tender.drafted_by), award)
    with pytest.raises(Refused):
        draft_contract(acting(uow, tender.drafted_by), award)


def test_a_bond_above_a_tenth_and_instalments_that_do_not_add_up_are_refused(uow):
    """R-TENDER-09."""
    deal = drafted(uow)
    officer = acting(uow, deal.officer)
    change_contract(officer, deal.contract, **{**values_of(deal.contract), "bond_amount": Decimal("16000.00")})
    assert deal.contract.bond_amount == Decimal("16000.00")
    with pytest.raises(Refused) as refused:
        change_contract(officer, deal.contract, **{**values_of(deal.contract), "bond_amount": Decimal("16000.01")})
    assert rules_of(refused) == ["R-TENDER-09"]
    short = [InstalmentEntry("一次付清", Decimal("159999.99"), uow.today)]
    with pytest.raises(Refused) as refused:
        change_contract(officer, deal.contract, **{**values_of(deal.contract), "instalments": short})
    assert refused.value.refusals[0].field == "amount_1"


def test_what_was_typed_differently_is_shown_and_what_is_fixed_cannot_be_changed(uow):
    deal = drafted(uow, free={"liability": "乙方逾期一日支付违约金一百元。"})
    found = differences(deal.contract.clauses)
    assert [one.title for one in found] == ["违约责任"]
    assert {piece.kind for piece in found[0].pieces} >= {"added", "removed"}
    clauses = [dict(one) for one in deal.contract.clauses]
    clauses[2]["text"] = clauses[2]["text"].replace("160,000.00", "170,000.00")
    deal.contract.clauses = clauses
    with pytest.raises(Refused) as refused:
        CONTRACT.fire(acting(uow, deal.officer), deal.contract, "submit")
    assert rules_of(refused) == ["R-CONTRACT-01"]
    assert "合同价款" in str(refused.value)


def test_who_drafts_does_not_check(uow):
    """R-SEC-02."""
    deal = drafted(uow)
    CONTRACT.fire(acting(uow, deal.officer), deal.contract, "submit")
    with pytest.raises(Forbidden):
        approve_contract(acting(uow, deal.officer), deal.contract)
    deal.contract.drafted_by_id = deal.approver.id
    with pytest.raises(Forbidden):
        approve_contract(acting(uow, deal.approver), deal.contract)


def test_a_contract_sent_back_is_mended_and_checked_again(uow):
    deal = ready(uow)
    assert [one.name for one in documents_of(uow, deal.contract, "contract-text")] == [
        f"采购合同-{deal.contract.number}.pdf"
    ]
    send_contract_back(acting(uow, deal.approver), deal.contract, "补充保密要求")
    assert (deal.contract.state, deal.contract.reviewed_by_id) == (ContractState.DRAFT, None)
    with pytest.raises(Refused):
        send_contract_back(acting(uow, deal.approver), deal.contract, "再退")


def test_signing_needs_the_copy_a_day_that_has_come_and_a_reason_when_late(uow):
    """R-CONTRACT-01: 30 days from the award letter."""
    deal = ready(uow)
    officer = acting(uow, deal.officer)
    with pytest.raises(Refused) as refused:
        sign_contract(officer, deal.contract, uow.today, None)
    assert refused.value.refusals[0].field == "file"
    with pytest.raises(Refused) as refused:
        sign_contract(officer, deal.contract, uow.today + timedelta(days=1), signed_copy(deal.contract))
    assert refused.value.refusals[0].field == "signed_on"
    late = later(uow, deal.officer, days=50)
    with pytest.raises(Refused) as refused:
        sign_contract(late, deal.contract, late.today, signed_copy(deal.contract))
    assert rules_of(refused) == ["R-CONTRACT-01"]
    sign_contract(late, deal.contract, late.today, signed_copy(deal.contract), "质疑答复期间暂停签订")
    assert deal.contract.state is ContractState.SIGNED
    assert contract_clocks(late, deal.contract.award, deal.contract)[0].was_late


def test_no_contract_is_signed_while_a_case_is_open(uow, monkeypatch):
    """R-SUSP-01, 条例 54."""
    deal = ready(uow)
    cases = [Suspension(deal.tender.id, "质疑尚未答复", "R-SUSP-01")]
    monkeypatch.setattr(suspensions, "_sources", [lambda _uow, _tender: cases])
    with pytest.raises(Refused) as refused:
        sign_contract(acting(uow, deal.officer), deal.contract, uow.today, signed_copy(deal.contract))
    assert rules_of(refused) == ["R-SUSP-01"]
    cases.clear()
    sign_contract(acting(uow, deal.officer), deal.contract, uow.today, signed_copy(deal.contract))


def test_the_bureaus_waiting_period_is_off_until_it_is_set(uow):
    """R-SUSP-01 `waiting_days`, the bureau's own."""
    deal = ready(uow)
    set_local_value(uow, "R-SUSP-01", "waiting_days", "7")
    uow.session.flush()
    with pytest.raises(Refused) as refused:
        sign_contract(acting(uow, deal.officer), deal.contract, uow.today, signed_copy(deal.contract))
    assert rules_of(refused) == ["R-SUSP-01"]
    future = later(uow, deal.officer, days=8)
    sign_contract(future, deal.contract, future.today, signed_copy(deal.contract))


def test_publication_and_filing_stop_their_clocks(uow):
    deal = ready(uow)
    officer = acting(uow, deal.officer)
    with pytest.raises(Refused):
        publish_contract(officer, deal.contract, "https://www.ccgp.example/c", uow.now)
    sign_contract(officer, deal.contract, uow.today, signed_copy(deal.contract))
    with pytest.raises(Refused) as refused:
        publish_contract(officer, deal.contract, "nowhere", uow.now)
    assert refused.value.refusals[0].field == "url"
    publish_contract(officer, deal.contract, "https://www.ccgp.example/c", officer.now)
    with pytest.raises(Refused):
        file_contract(officer, deal.contract, uow.today, "  ")
    with pytest.raises(Refused):
        file_contract(officer, deal.contract, uow.today + timedelta(days=1), "备-1")
    file_contract(officer, deal.contract, uow.today, "备-1")
    clocks = {one.duty.key: one for one in contract_clocks(uow, deal.contract.award, deal.contract)}
    assert clocks["publication"].done_at
    assert clocks["filing"].done_at
    with pytest.raises(Forbidden):
        file_contract(acting(uow, deal.acceptor), deal.contract, uow.today, "备-2")


def test_a_bond_comes_in_before_it_goes_back_and_not_before_acceptance(uow):
    deal = signed(uow, bond_amount=Decimal("8000.00"))
    officer = acting(uow, deal.officer)
    with pytest.raises(Refused):
        note_bond(officer, deal.contract, received_on=None, returned_on=uow.today)
    note_bond(officer, deal.contract, received_on=uow.today, returned_on=None)
    with pytest.raises(Refused):
        note_bond(officer, deal.contract, received_on=uow.today, returned_on=uow.today)
    with pytest.raises(Refused):
        note_bond(officer, signed(uow).contract, received_on=uow.today, returned_on=None)


def test_supplements_stay_within_a_tenth_of_the_price_in_all(uow):
    """R-CONTRACT-01, 法 49."""
    deal = signed(uow)
    officer, approver = acting(uow, deal.officer), acting(uow, deal.approver)
    entries = {"service_until": None, "terms": "增加两个街道的抽样", "reason": "样本不足"}
    first = propose_supplement(officer, deal.contract, SupplementKind.SUPPLEMENT, amount=Decimal("10000.00"), **entries)
    with pytest.raises(Refused) as refused:
        propose_supplement(officer, deal.contract, SupplementKind.SUPPLEMENT, amount=Decimal("6000.01"), **entries)
    assert rules_of(refused) == ["R-CONTRACT-01"]
    with pytest.raises(Forbidden):
        decide_supplement(officer, first, agreed=True)
    decide_supplement(approver, first, agreed=True)
    assert (first.state, deal.contract.worth) == (SupplementState.APPROVED, Decimal("170000.00"))
    second = propose_supplement(officer, deal.contract, SupplementKind.SUPPLEMENT, amount=Decimal("6000.00"), **entries)
    decide_supplement(approver, second, agreed=False, reason="没有预算")
    assert left(uow, deal.contract) == Decimal("6000.00")


def test_an_alteration_moves_the_last_day_and_never_the_price(uow):
    deal = signed(uow)
    until = deal.contract.service_until + timedelta(days=30)
    row = propose_supplement(
        acting(uow, deal.officer),
        deal.contract,
        SupplementKind.ALTERATION,
        amount=Decimal("5000.00"),
        service_until=until,
        terms="服务期限顺延",
        reason="被评价单位数据迟交",
    )
    decide_supplement(acting(uow, deal.approver), row, agreed=True)
    assert (row.amount, deal.contract.until, deal.contract.worth) == (Decimal(0), until, deal.contract.amount)


def test_a_terminated_contract_ends_its_engagement_and_says_why(uow):
    deal = signed(uow)
    with pytest.raises(Forbidden):
        terminate_contract(acting(uow, deal.officer), deal.contract, "改主意了")
    with pytest.raises(Refused):
        terminate_contract(acting(uow, deal.approver), deal.contract, " ")
    terminate_contract(acting(uow, deal.approver), deal.contract, "乙方丧失履约能力")
    engagement = uow.session.scalars(select(Engagement).where(Engagement.source == f"tender:{deal.tender.id}")).one()
    assert (deal.contract.state, engagement.state) == (ContractState.TERMINATED, EngagementState.TERMINATED)


def test_when_the_winner_refuses_the_next_candidate_is_taken_with_its_own_record(uow):
    """R-AWARD-01, 87号令: in rank order, or bought anew."""
    deal = ready(uow)
    first = deal.contract.award
    following = candidates_after(uow, first)[0].bid
    officer = acting(uow, deal.officer)
    new = replace_winner(officer, first, DepartureGround.DECLINED, "来函放弃，附原件", take_next=True)
    assert new.bid_id == following.id
    assert deal.contract.state is ContractState.REFUSED
    assert awards_of(uow, deal.tender) == [new]
    assert replaced_awards(uow, deal.tender) == [first]
    assert verify_award(new.record) == []
    assert "书面放弃" in new.public_record["award"]["reason"]
    engagements = uow.session.scalars(select(Engagement).where(Engagement.source == f"tender:{deal.tender.id}")).all()
    assert {one.agency_id: one.state for one in engagements} == {
        first.bid.bidder_id: EngagementState.TERMINATED,
        following.bidder_id: EngagementState.PREPARING,
    }
    contract = draft_contract(officer, new)
    assert contract.number.endswith("-2")
    assert all(documents_of(uow, bid, "result-letter") for bid in bids_of(uow, deal.tender))


def test_a_lot_without_winner_is_to_be_bought_anew(uow):
    deal = drafted(uow)
    award = deal.contract.award
    officer = acting(uow, deal.officer)
    assert replace_winner(officer, award, DepartureGround.DECLINED, "书面放弃", take_next=False) is None
    assert [lot.id for lot in lots_without_award(uow, deal.tender)] == [award.lot_id]
    with pytest.raises(Refused):
        replace_winner(officer, award, DepartureGround.DECLINED, "再来一次", take_next=False)


def test_a_winner_is_never_replaced_after_signing_or_for_a_visit(uow):
    deal = signed(uow)
    with pytest.raises(Refused):
        replace_winner(
            acting(uow, deal.officer), deal.contract.award, DepartureGround.UNABLE, "不可抗力", take_next=True
        )
    other = drafted(uow)
    with pytest.raises(Refused) as refused:
        replace_winner(
            acting(uow, other.officer), other.contract.award, DepartureGround.UNLAWFUL, "考察后不满意", take_next=True
        )
    assert rules_of(refused) == ["R-AWARD-04"]
    with pytest.raises(Forbidden):
        replace_winner(
            acting(uow, make_user(uow, Role.QUALITY_OFFICER)),
            other.contract.award,
            DepartureGround.DECLINED,
            "放弃",
            take_next=True,
        )
