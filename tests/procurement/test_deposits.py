"""Deposits go back as the sealed statements say (R-TENDER-08)."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from core.errors import Forbidden, Refused
from core.identity.roles import Role
from procurement.queries.deposits import deposits_of
from procurement.sealing.statement import Statement
from procurement.services.bidding import withdraw_bid
from procurement.services.deposits import refund_deposits
from procurement.states import TenderState
from procurement.tasks.deposits import deposit_tasks
from tests.factories.awards import awarded_tender, bids_of, opened_by_rows, under_evaluation
from tests.factories.bids import acting, tender_with_bids
from tests.factories.identity import make_user


def paid(uow, *, payer=None):
    """An awarded tender whose first bidder stated what it paid and from where."""
    tender = opened_by_rows(uow, deposit=Decimal("2000.00"))
    bid = bids_of(uow, tender)[0]
    said = Statement(
        deposit_amount="2000.00",
        deposit_means="transfer",
        deposit_reference="20261101-7788",
        deposit_payer=payer or bid.bidder.name,
        deposit_bank="江南农商行澄湖支行",
        deposit_account="6228480402564890018",
    )
    bid.manifest = {**(bid.manifest or {}), "statement": said.plain()}
    return awarded_tender(uow, under_evaluation(uow, tender)), bid


def test_the_refund_keeps_what_the_opened_statement_said(uow):
    tender, bid = paid(uow)
    row = next(one for one in deposits_of(uow, tender) if one.bid.id == bid.id)
    assert (row.is_stated, row.amount, row.account, row.from_other) == (
        True,
        Decimal(2000),
        "6228480402564890018",
        False,
    )
    assert row.due_on is None or row.due_on > uow.today
    officer = acting(uow, tender.drafted_by)
    assert refund_deposits(officer, tender, {bid.id}) == 1
    refund = next(one for one in deposits_of(uow, tender) if one.bid.id == bid.id).refund
    assert (refund.amount, refund.payer, refund.bank) == (Decimal(2000), bid.bidder.name, "江南农商行澄湖支行")
    with pytest.raises(Refused) as twice:
        refund_deposits(officer, tender, {bid.id})
    assert {one.rule_id for one in twice.value.refusals} == {"R-TENDER-08"}
    with pytest.raises(Forbidden):
        refund_deposits(acting(uow, make_user(uow, Role.QUALITY_OFFICER)), tender, {bid.id})


def test_a_deposit_from_somebody_else_is_pointed_out(uow, client_as):
    tender, _bid = paid(uow, payer="上海某某投资有限公司")
    browser, address = client_as(tender.drafted_by), f"/tenders/{tender.id}/deposits"
    shown = browser.get(address).text
    assert "付款人不是该供应商" in shown
    assert "江南农商行澄湖支行" in shown
    wanted = [str(one.bid.id) for one in deposits_of(uow, tender)]
    assert browser.post(address, data={"bids": ["x"]}).status_code == 422
    once = {"bids": wanted, "once": "a" * 32}
    assert browser.post(address, data=once).status_code == 302
    assert browser.post(address, data=once).status_code == 302
    assert all(one.refund for one in deposits_of(uow, tender))
    assert client_as(make_user(uow, Role.AGENCY_MANAGER)).get(address).status_code == 404


def test_before_the_opening_nobody_learns_who_paid_and_a_withdrawn_deposit_is_due_after_it(uow, client_as):  # R-SEC-03
    scene = tender_with_bids(uow, deposit=Decimal("2000.00"))
    withdraw_bid(acting(uow, scene.bidders[0]), scene.bids[0])
    tender = scene.tender
    assert client_as(scene.officer).get(f"/tenders/{tender.id}/deposits").status_code == 403
    assert list(deposit_tasks(acting(uow, scene.officer))) == []
    tender.opened_at, tender.state = uow.now + timedelta(days=20), TenderState.OPENED
    first = deposits_of(uow, tender)[0]
    assert (first.bid.id, first.is_stated, first.amount) == (scene.bids[0].id, False, Decimal(2000))
    assert first.due_on is not None


def test_the_list_costs_the_same_for_many_bidders(uow, count_queries):
    few, many = (opened_by_rows(uow, ["100000.00"] * count, deposit=Decimal("2000.00")) for count in (2, 9))
    uow.session.flush()
    with count_queries() as small:
        deposits_of(uow, few)
    with count_queries() as large:
        deposits_of(uow, many)
    assert len(small) == len(large)
