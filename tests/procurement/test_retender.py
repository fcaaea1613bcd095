"""A failed tender and the one that takes its place (R-OPEN-04, R-OPEN-05)."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from core.errors import Forbidden
from procurement.drafting.lawfulness import breaches
from procurement.drafting.retender_check import succession_of
from procurement.models import Retender, Tender
from procurement.planning.purchases import preparation_of
from procurement.services.opening import begin_opening
from procurement.services.preparation import PreparationEntry, prepare
from procurement.services.retendering import retender, successor_of
from procurement.states import FailureGround, Method, TenderState
from tests.factories.bids import acting, pass_deadline, shift_clock, tender_with_bids
from tests.factories.procurement import published_tender


def failed(uow):
    """A tender that nobody bid for."""
    purchase = published_tender(uow)
    shift_clock(uow, purchase.tender.deadline - uow.now)
    assert begin_opening(acting(uow, purchase.officer), purchase.tender) is None
    return purchase


def test_a_failed_tender_is_drafted_again_in_one_press_and_linked_both_ways(uow):
    purchase = failed(uow)
    old = purchase.tender
    assert old.failure_ground is FailureGround.TOO_FEW_BIDS
    made = retender(acting(uow, purchase.officer), old)
    assert made.state is TenderState.DRAFT
    assert made.number != old.number
    same = ("title", "method", "budget", "requirement", "qualifications", "price_weight", "contract_draft")
    assert all(getattr(made, name) == getattr(old, name) for name in same)
    assert (made.deadline, made.documents_until, made.record, made.published_at) == (None, None, None, None)
    assert [one.title for one in made.criteria] == [one.title for one in old.criteria]
    assert [lot.projects for lot in made.lots] == [lot.projects for lot in old.lots]
    assert [one.user_id for one in made.keyholders] == [one.user_id for one in old.keyholders]
    assert all(one.public_key is None for one in made.keyholders)
    assert successor_of(uow, old).successor is made
    assert succession_of(uow, made).failed is old
    assert retender(acting(uow, purchase.officer), old) is made


def test_another_method_needs_the_number_of_its_approval(uow):
    purchase = failed(uow)
    officer = acting(uow, purchase.officer)
    made = retender(officer, purchase.tender)
    assert "R-OPEN-05" not in {one.rule_id for one in breaches(uow, made)}
    made.method = Method.CONSULTATION
    assert "R-OPEN-05" in {one.rule_id for one in breaches(uow, made)}
    preparation_of(uow, purchase.tender).method_approval = "沪财采批〔2026〕7号"
    prepare(officer, made, PreparationEntry(method_approval="沪财采批〔2026〕18号"))
    assert "R-OPEN-05" not in {one.rule_id for one in breaches(uow, made)}


def test_the_failed_tenders_own_approval_is_not_one_of_another_method(uow):  # R-OPEN-05
    purchase = failed(uow)
    uow.add(preparation_of(uow, purchase.tender)).method_approval = "沪财采批〔2026〕7号"
    made = retender(acting(uow, purchase.officer), purchase.tender)
    made.method = Method.CONSULTATION
    prepare(acting(uow, purchase.officer), made, PreparationEntry(method_approval="沪财采批〔2026〕7号"))
    assert "R-OPEN-05" in {one.rule_id for one in breaches(uow, made)}


def test_only_a_failed_tender_and_only_by_an_officer(uow):
    scene = tender_with_bids(uow)
    with pytest.raises(Forbidden):
        retender(acting(uow, scene.officer), scene.tender)
    purchase = failed(uow)
    with pytest.raises(Forbidden):
        retender(acting(uow, purchase.approver), purchase.tender)


def test_the_pages_lead_from_the_failure_to_the_new_draft_and_back(uow, client_as):
    purchase = failed(uow)
    officer = client_as(purchase.officer)
    address = f"/tenders/{purchase.tender.id}"
    page = officer.page(f"{address}/retender")
    form = page.find("form", action="", method="post")
    sent = {one["name"]: one.get("value", "") for one in form.find_all("input")}
    first, second = (officer.post(f"{address}/retender", data=sent) for _press in range(2))
    assert first.status_code == second.status_code == 302
    assert first.location == second.location
    made = uow.session.scalars(select(Retender)).one().successor
    assert made.number in officer.get(address).text
    assert purchase.tender.number in officer.get(f"/tenders/{made.id}").text
    made.method = Method.CONSULTATION
    assert f"/tenders/{made.id}/preparation/edit" in officer.get(f"/tenders/{made.id}").text
    assert client_as(purchase.approver).post(f"{address}/retender").status_code == 403
    assert uow.session.scalar(select(Tender).where(Tender.id == made.id)) is made


def test_every_bidder_is_told_of_the_failure_with_its_ground(uow, client_as):
    from core.notifications.models import Notification

    scene = tender_with_bids(uow, ("1.00", "2.00"))
    pass_deadline(uow, scene)
    begin_opening(acting(uow, scene.officer), scene.tender)
    told = uow.session.scalars(select(Notification.user_id).where(Notification.kind == "opening.too-few")).all()
    assert {one.id for one in scene.bidders} <= set(told)
