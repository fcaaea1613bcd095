"""Acceptance by others than the buyers, and payments kept apart: R-CONTRACT-02, R-CONTRACT-03, R-SEC-02."""

from __future__ import annotations

import json
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from core.audit.models import AuditEntry
from core.clock import Clock
from core.documents.accept import documents_of
from core.errors import Forbidden, Refused
from core.identity.roles import Role
from core.unit_of_work import UnitOfWork
from procurement import suspensions
from procurement.contracting.amounts import equal_instalments, left_for_supplements, left_to_pay, share_of
from procurement.models import OcdsRelease, PublicNotice
from procurement.queries.contracts import paid
from procurement.services.acceptances import (
    conclude_acceptance,
    open_acceptance,
    publish_acceptance,
    save_acceptance,
)
from procurement.services.contracts import file_contract, publish_contract
from procurement.services.payments import decide_payment, is_late, left_of, note_paid, request_payment
from procurement.states import AcceptanceState, ContractState, NoticeKind, PaymentState
from procurement.suspensions import Suspension
from procurement.workflow import CONTRACT
from tests.factories.awards import acting
from tests.factories.contracts import accepted, judged, signed
from tests.factories.identity import make_user

MONEY = st.decimals(Decimal("0.01"), Decimal("99999999.99"), places=2)


def rules_of(refused) -> list:
    return [one.rule_id for one in refused.value.refusals]


def asked(uow, deal, place=0, amount=None, user=None):
    instalment = deal.contract.instalments[place]
    return request_payment(
        acting(uow, user or deal.officer),
        deal.contract,
        instalment,
        amount=instalment.amount if amount is None else amount,
        invoice_number="04400220",
        invoice_on=uow.today,
    )


@given(amount=MONEY, percent=st.integers(0, 100))
def test_a_share_is_never_above_its_percent_and_misses_it_by_less_than_a_fen(amount, percent):
    exact = amount * percent / 100
    assert 0 <= exact - share_of(amount, Decimal(percent)) < Decimal("0.01")


@given(amount=MONEY, agreed=st.lists(MONEY, max_size=4))
def test_supplements_never_leave_less_than_nothing_and_with_the_rest_make_a_tenth(amount, agreed):
    left = left_for_supplements(amount, agreed, Decimal(10))
    assert left >= 0
    assert sum(agreed, Decimal(0)) + left == max(share_of(amount, Decimal(10)), sum(agreed, Decimal(0)))


@given(amount=MONEY, shares=st.lists(st.integers(1, 30), min_size=1, max_size=3))
def test_instalments_add_up_to_the_fen(amount, shares):
    assert sum(equal_instalments(amount, [Decimal(one) for one in shares])) == amount


@given(amount=MONEY, agreed=st.lists(MONEY, max_size=3), asked_for=st.lists(MONEY, max_size=3))
def test_what_is_left_to_pay_and_what_was_asked_make_the_contract(amount, agreed, asked_for):
    assert left_to_pay(amount, agreed, asked_for) + sum(asked_for) == amount + sum(agreed)


def test_the_checklist_is_the_contracts_standards(uow):
    deal = signed(uow)
    acceptance = open_acceptance(acting(uow, deal.acceptor), deal.contract)
    assert [item.standard for item in acceptance.items] == [one["text"] for one in deal.contract.standards]
    with pytest.raises(Refused):
        open_acceptance(acting(uow, deal.acceptor), deal.contract)


def test_who_bought_does_not_accept(uow):
    """R-SEC-02."""
    deal = signed(uow)
    with pytest.raises(Forbidden):
        open_acceptance(acting(uow, deal.officer), deal.contract)
    deal.contract.reviewed_by_id = deal.acceptor.id
    with pytest.raises(Forbidden):
        open_acceptance(acting(uow, deal.acceptor), deal.contract)


def test_every_standard_is_judged_before_a_conclusion(uow):
    """R-CONTRACT-02."""
    deal = signed(uow)
    leader = acting(uow, deal.acceptor)
    acceptance = open_acceptance(leader, deal.contract)
    with pytest.raises(Refused) as refused:
        conclude_acceptance(leader, acceptance, passed=True)
    assert {one.field for one in refused.value.refusals} == {"items", "held_on", "members", "conclusion"}
    save_acceptance(leader, acceptance, **judged(uow, acceptance, failing=2))
    with pytest.raises(Refused) as refused:
        conclude_acceptance(leader, acceptance, passed=True)
    assert rules_of(refused) == ["R-CONTRACT-02"]
    with pytest.raises(Forbidden):
        conclude_acceptance(acting(uow, make_user(uow, Role.QUALITY_OFFICER)), acceptance, passed=False)
    conclude_acceptance(leader, acceptance, passed=False)
    assert (acceptance.state, deal.contract.state) == (AcceptanceState.FAILED, ContractState.SIGNED)
    second = open_acceptance(leader, deal.contract)
    save_acceptance(leader, second, **judged(uow, second))
    with pytest.raises(Refused):
        conclude_acceptance(leader, second, passed=False)
    conclude_acceptance(leader, second, passed=True)
    assert (second.round, deal.contract.state) == (2, ContractState.ACCEPTED)
    assert documents_of(uow, second, "acceptance-sheet")[0].size > 5000
    with pytest.raises(Refused):
        save_acceptance(leader, second, **judged(uow, second))


def test_a_public_service_is_accepted_with_its_users_and_its_result_published(uow):
    """R-CONTRACT-02, 条例 45."""
    deal = signed(uow, is_public_service=True)
    leader, officer = acting(uow, deal.acceptor), acting(uow, deal.officer)
    acceptance = open_acceptance(leader, deal.contract)
    save_acceptance(leader, acceptance, **judged(uow, acceptance))
    with pytest.raises(Refused) as refused:
        conclude_acceptance(leader, acceptance, passed=True)
    assert rules_of(refused) == ["R-CONTRACT-02"]
    users = [("居民代表 王阿姨", "报告反映了我们的意见")]
    save_acceptance(leader, acceptance, **judged(uow, acceptance, users=users))
    conclude_acceptance(leader, acceptance, passed=True)
    with pytest.raises(Refused):
        publish_acceptance(officer, acceptance)
    publish_contract(officer, deal.contract, "https://www.ccgp.example/c", officer.now)
    file_contract(officer, deal.contract, uow.today, "备-7")
    with pytest.raises(Refused) as refused:
        CONTRACT.fire(officer, deal.contract, "close")
    assert "R-CONTRACT-02" in rules_of(refused)
    publish_acceptance(officer, acceptance)
    with pytest.raises(Refused):
        publish_acceptance(officer, acceptance)


def test_an_open_case_suspends_performance(uow, monkeypatch):
    """R-SUSP-01: neither accepted nor paid."""
    deal = signed(uow)
    payment = asked(uow, deal)
    leader = acting(uow, deal.acceptor)
    acceptance = open_acceptance(leader, deal.contract)
    save_acceptance(leader, acceptance, **judged(uow, acceptance))
    case = Suspension(deal.tender.id, "质疑尚未答复", "R-SUSP-01")
    monkeypatch.setattr(suspensions, "_sources", [lambda _uow, _tender: [case]])
    with pytest.raises(Refused) as refused:
        conclude_acceptance(leader, acceptance, passed=True)
    assert rules_of(refused) == ["R-SUSP-01"]
    with pytest.raises(Refused):
        decide_payment(acting(uow, deal.approver), payment, approved=True)


def test_payments_are_asked_for_approved_and_made_by_the_rules(uow):
    deal = accepted(uow)
    officer, approver = acting(uow, deal.officer), acting(uow, deal.approver)
    for place in range(3):
        payment = asked(uow, deal, place)
        with pytest.raises(Forbidden):
            decide_payment(officer, payment, approved=True)
        decide_payment(approver, payment, approved=True)
        with pytest.raises(Refused):
            note_paid(officer, payment, uow.today, " ")
        note_paid(officer, payment, uow.today, f"国库-{place}")
        assert payment.state is PaymentState.PAID
    uow.session.expire(deal.contract)
    assert paid(deal.contract) == deal.contract.amount
    publish_contract(officer, deal.contract, "https://www.ccgp.example/c", officer.now)
    file_contract(officer, deal.contract, uow.today, "备-8")
    CONTRACT.fire(officer, deal.contract, "close")
    assert deal.contract.state is ContractState.COMPLETED


def test_nothing_is_asked_for_above_the_contract_or_before_its_time(uow):
    deal = signed(uow)
    first = deal.contract.instalments[0]
    for amount in (first.amount + Decimal("0.01"), Decimal(0), Decimal(-1)):
        with pytest.raises(Refused) as refused:
            asked(uow, deal, amount=amount)
        assert refused.value.refusals[0].field == "amount"
    asked(uow, deal)
    assert left_of(deal.contract, first) == 0
    with pytest.raises(Refused):
        asked(uow, deal, amount=Decimal("0.01"))
    with pytest.raises(Refused) as refused:
        asked(uow, deal, place=2)
    assert rules_of(refused) == ["R-CONTRACT-02"]


def test_a_request_sent_back_frees_its_amount(uow):
    deal = signed(uow)
    payment = asked(uow, deal)
    with pytest.raises(Refused):
        decide_payment(acting(uow, deal.approver), payment, approved=False)
    decide_payment(acting(uow, deal.approver), payment, approved=False, reason="发票抬头有误")
    assert left_of(deal.contract, deal.contract.instalments[0]) == deal.contract.instalments[0].amount


def test_who_accepted_or_drafted_does_not_approve_payments(uow):
    """R-SEC-02."""
    deal = accepted(uow)
    payment = asked(uow, deal)
    deal.contract.acceptances[0].led_by_id = deal.approver.id
    uow.session.flush()
    with pytest.raises(Forbidden):
        decide_payment(acting(uow, deal.approver), payment, approved=True)
    with pytest.raises(Forbidden):
        asked(uow, deal, place=1, user=deal.acceptor)


def test_a_payment_after_thirty_days_is_marked_late_but_made(uow):
    """R-CONTRACT-03: not confirmed, so it only warns."""
    deal = signed(uow)
    payment = asked(uow, deal)
    decide_payment(acting(uow, deal.approver), payment, approved=True)
    assert not is_late(uow, payment)
    made = acting(uow, deal.officer)
    late = UnitOfWork(made.session, made.actor, made.house, clock=Clock(now=made.now + timedelta(days=45)))
    assert is_late(late, payment)
    note_paid(late, payment, late.today, "国库-9")
    assert is_late(late, payment)


def test_what_comes_of_a_contract_is_open_data_at_once(uow, client_as):
    deal = signed(uow)
    contract, tender = deal.contract, deal.tender
    leader = acting(uow, deal.acceptor)
    publish_contract(acting(uow, deal.officer), contract, "https://zfcg.example.cn/contract/1", uow.now)
    acceptance = open_acceptance(leader, contract)
    save_acceptance(leader, acceptance, **judged(uow, acceptance))
    conclude_acceptance(leader, acceptance, passed=True)
    officer = acting(uow, deal.officer)
    publish_acceptance(officer, acceptance)
    officer.commit()
    kinds = uow.session.scalars(select(PublicNotice.kind).where(PublicNotice.tender_id == tender.id)).all()
    assert NoticeKind.ACCEPTANCE in kinds
    payment = asked(uow, deal)
    decide_payment(acting(uow, deal.approver), payment, approved=True)
    payer = acting(uow, deal.officer)
    note_paid(payer, payment, uow.today, "支付凭证 001")
    payer.commit()
    newest = uow.session.scalars(
        select(OcdsRelease).where(OcdsRelease.tender_id == tender.id).order_by(OcdsRelease.position.desc())
    ).first()
    assert json.loads(newest.text)["contracts"][0]["implementation"]["transactions"]
    named = uow.session.scalars(select(AuditEntry.about).where(AuditEntry.tag == "payment.pay")).one()
    assert {one.partition(":")[0] for one in named} == {"payment", "contract", "tender"}
    page = client_as(deal.officer).get(f"/tenders/{tender.id}").get_data(as_text=True)
    assert "登记支付" in page
