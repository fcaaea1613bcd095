"""Invited suppliers: drawn by two people from a lawful source, or recommended within limits (R-TENDER-10, R-NEG-01)."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Forbidden, Refused
from core.identity.roles import OrganisationKind, Role
from core.permissions import policy
from procurement.drafting.lawfulness import breaches
from procurement.invitation_draw import DrawPlan, draw_record, verify_invitation
from procurement.permissions import TenderPermission
from procurement.queries.tenders import published_notices
from procurement.services.awarding import award
from procurement.services.invitations import Candidates, draw_suppliers, lock_candidates, recommend
from procurement.services.publishing import publish_tender, submit_tender
from procurement.states import Evaluation, InvitationOrigin, InvitationSource, Method
from tests.factories.awards import opened_by_rows, scored_tender, under_evaluation
from tests.factories.bids import acting
from tests.factories.identity import make_organisation, make_user
from tests.factories.procurement import draft_tender

HEX = st.text("0123456789abcdef", min_size=64, max_size=64)


def suppliers(uow, many: int = 5):
    return [make_organisation(uow) for _one in range(many)]


def drawn(uow, many: int = 5, number: int = 3):
    purchase = draft_tender(uow, method=Method.INVITED_TENDER)
    entry = Candidates(InvitationSource.POOL, suppliers(uow, many), number)
    lock_candidates(acting(uow, purchase.officer), purchase.tender, entry)
    draw_suppliers(acting(uow, purchase.approver), purchase.tender)
    return purchase


@given(st.integers(min_value=3, max_value=12), st.integers(min_value=3, max_value=12), HEX, HEX)
def test_a_draw_takes_each_once_and_is_recomputed_from_its_record(many, number, own, others):
    candidates = [{"id": f"s{place}", "name": f"供应商{place}"} for place in range(many)]
    plan = DrawPlan("t", "pool", min(number, many), candidates)
    record = draw_record(plan, ("a", "b"), (own, others))
    assert len(set(record["drawn"])) == plan.number
    assert verify_invitation(record) == []
    assert draw_record(plan, ("a", "b"), (own, others)) == record
    moved = {**record, "drawn": list(reversed(record["drawn"]))}
    assert "R-TENDER-10" in {one.code for one in verify_invitation(moved)}


def test_two_people_draw_at_least_three_and_the_record_verifies(uow):
    purchase = drawn(uow)
    invited = purchase.tender.invitations
    assert len(invited) == 3
    assert {one.origin for one in invited} == {InvitationOrigin.DRAWN}
    assert breaches(uow, purchase.tender) == []


def test_the_officer_who_locked_the_list_never_draws(uow):
    purchase = draft_tender(uow, method=Method.INVITED_TENDER)
    officer = acting(uow, purchase.officer)
    lock_candidates(officer, purchase.tender, Candidates(InvitationSource.POOL, suppliers(uow), 3))
    with pytest.raises(Refused):
        draw_suppliers(officer, purchase.tender)
    with pytest.raises(Forbidden):
        draw_suppliers(acting(uow, make_user(uow, Role.PROCUREMENT_SUPERVISOR)), purchase.tender)


@pytest.mark.parametrize(("many", "number"), [(2, 2), (3, 2), (3, 4)])
def test_too_few_candidates_or_too_few_drawn_are_refused(uow, many, number):
    purchase = draft_tender(uow, method=Method.INVITED_TENDER)
    officer, entry = acting(uow, purchase.officer), Candidates(InvitationSource.POOL, suppliers(uow, many), number)
    with pytest.raises(Refused) as refused:
        lock_candidates(officer, purchase.tender, entry)
    assert {one.rule_id for one in refused.value.refusals} == {"R-TENDER-10"}


def test_a_draw_is_never_repeated(uow):
    purchase = drawn(uow)
    with pytest.raises(Refused):
        draw_suppliers(acting(uow, purchase.approver), purchase.tender)
    entry = Candidates(InvitationSource.POOL, suppliers(uow), 3)
    with pytest.raises(Refused):
        lock_candidates(acting(uow, purchase.officer), purchase.tender, entry)


def test_prequalification_takes_applications_for_five_working_days(uow):  # R-TENDER-11
    purchase = draft_tender(uow, method=Method.INVITED_TENDER)
    start = uow.today - timedelta(days=20)
    short = Candidates(InvitationSource.PREQUALIFICATION, suppliers(uow), 3, start, start + timedelta(days=2))
    with pytest.raises(Refused) as refused:
        lock_candidates(acting(uow, purchase.officer), purchase.tender, short)
    assert {one.rule_id for one in refused.value.refusals} == {"R-TENDER-11"}
    enough = Candidates(InvitationSource.PREQUALIFICATION, suppliers(uow), 3, start, start + timedelta(days=15))
    lock_candidates(acting(uow, purchase.officer), purchase.tender, enough)


def test_an_invited_tender_without_invitations_is_not_published(uow):  # R-TENDER-10
    purchase = draft_tender(uow, method=Method.INVITED_TENDER)
    assert "R-TENDER-10" in {one.rule_id for one in breaches(uow, purchase.tender)}


def test_the_purchaser_recommends_at_most_half(uow):  # R-NEG-01
    purchase = draft_tender(uow, method=Method.CONSULTATION)
    officer, found = acting(uow, purchase.officer), suppliers(uow, 4)
    recommend(officer, purchase.tender, found[:3], InvitationOrigin.PURCHASER)
    assert "R-NEG-01" in {one.rule_id for one in breaches(uow, purchase.tender)}
    recommend(officer, purchase.tender, found[:2], InvitationOrigin.PURCHASER)
    recommend(officer, purchase.tender, found[2:], InvitationOrigin.EXPERT)
    assert breaches(uow, purchase.tender) == []
    with pytest.raises(Refused):
        recommend(officer, draft_tender(uow).tender, found, InvitationOrigin.EXPERT)


def test_only_the_invited_know_of_it_and_may_bid(uow):
    purchase = drawn(uow)
    submit_tender(acting(uow, purchase.officer), purchase.tender)
    publish_tender(acting(uow, purchase.approver), purchase.tender)
    uow.session.expire_all()
    own = purchase.tender.invitations[0].supplier
    invited = make_user(uow, Role.AGENCY_MANAGER, organisation=own)
    stranger = make_user(uow, Role.AGENCY_MANAGER, organisation=make_organisation(uow, OrganisationKind.AGENCY))
    for user, may in ((invited, True), (stranger, False)):
        actor = acting(uow, user)
        assert bool(policy.allows(actor.actor, TenderPermission.SUBMIT_BID, purchase.tender)) is may
        assert bool(policy.allows(actor.actor, TenderPermission.READ_NOTICE, purchase.tender)) is may
        assert (purchase.tender in actor.session.scalars(published_notices(actor)).all()) is may


def test_a_quotation_goes_to_the_lowest_price(uow):  # R-NEG-04, R-EVAL-01
    values = {"evaluation": Evaluation.LOWEST_PRICE, "price_weight": Decimal(100)}
    tender = opened_by_rows(uow, ("160000.00", "150000.00", "171000.00"), method=Method.QUOTATION, **values)
    scored_tender(uow, under_evaluation(uow, tender))
    rows = award(acting(uow, tender.drafted_by), tender, {})
    assert rows[0].amount == Decimal("150000.00")
