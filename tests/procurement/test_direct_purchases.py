"""Below-limit selection and single source, from draft to engagement (R-BELOW-01, R-NEG-03)."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select as select_rows

from agencies.models import Engagement
from core.errors import Forbidden, Refused
from core.identity.roles import OrganisationKind, Role
from procurement.drafting.direct_lawfulness import asked_suppliers, purchase_of, supplement_limit
from procurement.drafting.lawfulness import checklist
from procurement.models import Bid
from procurement.scoring.selection_record import verify_selection
from procurement.services.direct import (
    Proposal,
    authorise,
    draft_direct,
    prepare,
    propose,
    proposing_refusals,
    reply,
    send_inquiry,
)
from procurement.services.direct_award import select
from procurement.services.publishing import submit_tender
from procurement.states import BidState, Method, SoleGround, TenderState
from procurement.workflow import TENDER
from tests.factories.agents import entrusted
from tests.factories.bids import acting, shift_clock
from tests.factories.direct import (
    answered_selection,
    asked_selection,
    direct_people,
    drafted_selection,
    drafted_sole,
    proposal_for,
)
from tests.factories.identity import make_organisation, make_user
from tests.factories.projects import make_project


def refused_rules(refused) -> set[str | None]:
    return {one.rule_id for one in refused.value.refusals}


def test_a_below_limit_selection_runs_from_draft_to_engagement(uow):
    scene = answered_selection(uow)
    officer, approver = acting(uow, scene.officer), acting(uow, scene.approver)
    propose(officer, scene.tender, proposal_for(scene, 1))
    assert scene.tender.state is TenderState.EVALUATED
    award = select(approver, scene.tender)
    assert scene.tender.state is TenderState.AWARDED
    engagement = uow.session.scalars(select_rows(Engagement).where(Engagement.source == f"tender:{scene.tender.id}"))
    assert [(one.agency_id, one.amount) for one in engagement] == [(scene.asked[1].supplier_id, award.amount)]
    assert award.amount == Decimal("88000.00")
    bids = uow.session.scalars(select_rows(Bid).where(Bid.tender_id == scene.tender.id)).all()
    assert {one.state for one in bids} == {BidState.OPENED}
    assert len(bids) == 3
    assert verify_selection(award.record) == []
    assert verify_selection(award.public_record) == []
    assert "92000" not in str(award.public_record)


def test_fewer_suppliers_than_the_bureau_asks_for_need_a_reason(uow):  # R-BELOW-01
    scene = drafted_selection(uow, suppliers=2)
    officer = acting(uow, scene.officer)
    with pytest.raises(Refused) as refused:
        send_inquiry(officer, scene.tender)
    assert refused_rules(refused) == {"R-BELOW-01"}
    prepare(officer, scene.tender, scene.suppliers, {"few_reason": "库内仅两家机构具备该行业经验"})
    send_inquiry(officer, scene.tender)
    assert scene.tender.state is TenderState.IN_SELECTION


def test_a_budget_at_the_procurement_limit_is_pointed_out(uow):  # R-THR-01
    scene = drafted_selection(uow, budget=Decimal(1_000_000))
    assert ("R-THR-01", "warn") in {(one.rule_id, one.level) for one in checklist(uow, scene.tender)}


def test_whoever_drafted_a_selection_never_confirms_it(uow):  # R-SEC-02
    scene = answered_selection(uow)
    propose(acting(uow, scene.officer), scene.tender, proposal_for(scene))
    with pytest.raises(Forbidden):
        select(acting(uow, scene.officer), scene.tender)
    supervisor = make_user(uow, Role.PROCUREMENT_SUPERVISOR)
    with pytest.raises(Forbidden):  # R-SEC-01
        select(acting(uow, supervisor), scene.tender)


def test_answers_are_compared_only_when_all_are_in_or_the_time_is_up(uow):
    scene = asked_selection(uow)
    reply(acting(uow, scene.people[0]), scene.asked[0], price=Decimal(90000), plan="三人，六周")
    with pytest.raises(Refused):
        propose(acting(uow, scene.officer), scene.tender, proposal_for(scene))
    shift_clock(uow, timedelta(days=8))
    officer = acting(uow, scene.officer)
    assert proposing_refusals(officer, scene.tender) == []
    with pytest.raises(Refused):
        reply(acting(uow, scene.people[1]), scene.asked[1], price=Decimal(80000), plan="迟到的答复")


def test_a_supplier_answers_for_itself_only_and_may_decline(uow):
    scene = asked_selection(uow)
    with pytest.raises(Forbidden):
        reply(acting(uow, scene.people[0]), scene.asked[1], price=Decimal(1), plan="冒名")
    with pytest.raises(Refused):
        reply(acting(uow, scene.people[0]), scene.asked[0], price=None, plan="没有报价")
    reply(acting(uow, scene.people[0]), scene.asked[0], price=None, plan="", declined=True)
    assert scene.asked[0].declined
    assert scene.asked[0].replied_at is not None


def test_a_comparison_without_remarks_reason_or_within_budget_is_refused(uow):
    scene = answered_selection(uow)
    officer = acting(uow, scene.officer)
    with pytest.raises(Refused) as refused:
        propose(officer, scene.tender, Proposal(scene.asked[0].id, Decimal(99999), "", {}))
    fields = {one.field for one in refused.value.refusals}
    assert {"price", "reason", f"remark-{scene.asked[0].id}"} <= fields
    assert scene.tender.state is TenderState.IN_SELECTION


def test_a_proposal_may_be_returned_and_made_again(uow):
    scene = answered_selection(uow)
    propose(acting(uow, scene.officer), scene.tender, proposal_for(scene))
    TENDER.fire(acting(uow, scene.approver), scene.tender, "return_proposal", reason="请补充对方案二的比较")
    assert scene.tender.state is TenderState.IN_SELECTION
    propose(acting(uow, scene.officer), scene.tender, proposal_for(scene, 1))
    select(acting(uow, scene.approver), scene.tender)
    assert scene.tender.state is TenderState.AWARDED


def test_a_procurement_agent_runs_a_selection_for_the_purchaser(uow):
    scene = answered_selection(uow)
    agent = entrusted(uow, scene.tender)
    propose(acting(uow, agent), scene.tender, proposal_for(scene))
    select(acting(uow, scene.approver), scene.tender)
    assert scene.tender.state is TenderState.AWARDED
    assert scene.tender.purchaser.kind is OrganisationKind.BUREAU


def test_the_evaluated_unit_is_never_asked(uow):  # R-PERF-13
    scene = drafted_selection(uow)
    unit = scene.tender.lots[0].projects[0].unit
    prepare(acting(uow, scene.officer), scene.tender, [*scene.suppliers, unit], {})
    assert ("R-PERF-13", "block") in {(one.rule_id, one.level) for one in checklist(uow, scene.tender)}


def test_a_sole_supplier_above_the_limit_is_announced_five_working_days_first(uow):  # R-NEG-03
    scene = drafted_sole(uow, budget=Decimal(1_200_000))
    officer = acting(uow, scene.officer)
    with pytest.raises(Refused) as refused:
        submit_tender(officer, scene.tender)
    assert refused_rules(refused) == {"R-NEG-03"}
    prepare(officer, scene.tender, scene.suppliers, {"opinion": "三名专业人员一致认为只有该单位持有原系统数据接口"})
    submit_tender(officer, scene.tender)
    with pytest.raises(Forbidden):
        authorise(officer, scene.tender)
    authorise(acting(uow, scene.approver), scene.tender)
    purchase = purchase_of(uow, scene.tender)
    assert purchase.announced_on == uow.today
    assert purchase.announced_until is not None
    assert purchase.announced_until >= uow.today + timedelta(days=5)
    asked = asked_suppliers(uow, scene.tender)
    reply(acting(uow, scene.people[0]), asked[0], price=Decimal(1_180_000), plan="沿用原团队")
    with pytest.raises(Refused) as early:
        propose(officer, scene.tender, sole_proposal(asked[0]))
    assert refused_rules(early) == {"R-NEG-03"}
    shift_clock(uow, timedelta(days=(purchase.announced_until - uow.today).days + 1))
    propose(acting(uow, scene.officer), scene.tender, sole_proposal(asked[0]))
    award = select(acting(uow, scene.approver), scene.tender)
    assert award.amount == Decimal(1_150_000)
    assert verify_selection(award.record) == []


def sole_proposal(asked) -> Proposal:
    return Proposal(asked.id, Decimal(1_150_000), "价格低于同类项目均价", {}, "参加人员三名；按人月单价测算；商定总价")


def test_a_single_source_needs_its_ground_and_the_minutes_of_the_talk(uow):  # R-NEG-03
    scene = drafted_sole(uow, ground=None)
    officer = acting(uow, scene.officer)
    with pytest.raises(Refused) as refused:
        submit_tender(officer, scene.tender)
    assert ("R-NEG-03", "ground") in {(one.rule_id, one.field) for one in refused.value.refusals}
    prepare(officer, scene.tender, scene.suppliers, {"ground": SoleGround.URGENT, "ground_reason": "汛期应急资金"})
    submit_tender(officer, scene.tender)
    authorise(acting(uow, scene.approver), scene.tender)
    assert purchase_of(uow, scene.tender).announced_on is None
    asked = asked_suppliers(uow, scene.tender)
    reply(officer, asked[0], price=Decimal(90000), plan="书面报价，见存档")
    with pytest.raises(Refused) as silent:
        propose(officer, scene.tender, Proposal(asked[0].id, None, "价格合理", {}))
    assert {one.field for one in silent.value.refusals} == {"minutes"}


def test_an_addition_stays_within_ten_percent_of_the_original_contract(uow):  # R-NEG-03
    done = answered_selection(uow)
    propose(acting(uow, done.officer), done.tender, proposal_for(done))
    select(acting(uow, done.approver), done.tender)
    original = uow.session.scalars(select_rows(Engagement).where(Engagement.source == f"tender:{done.tender.id}")).one()
    scene = drafted_sole(
        uow,
        budget=Decimal("9000.01"),
        ground=SoleGround.ADDITION,
        suppliers=[done.asked[0].supplier],
        original_id=original.id,
    )
    assert supplement_limit(uow, purchase_of(uow, scene.tender)) == Decimal(9000)
    broken = {(one.rule_id, one.field) for one in checklist(uow, scene.tender) if one.level == "block"}
    assert broken == {("R-NEG-03", "budget")}
    prepare(acting(uow, scene.officer), scene.tender, scene.suppliers, {}, budget=Decimal(9000))
    assert not [one for one in checklist(uow, scene.tender) if one.level == "block"]


def test_a_method_with_sealed_bids_is_not_drafted_as_a_direct_purchase(uow):
    officer, _approver = direct_people(uow)
    with pytest.raises(Refused):
        draft_direct(acting(uow, officer), [make_project(uow)], method=Method.OPEN_TENDER, budget=Decimal(1))


@pytest.mark.parametrize("name", ["submit", "inquire", "authorise", "publish", "open", "award"])
def test_a_running_selection_takes_no_other_step(uow, name):
    scene = asked_selection(uow)
    with pytest.raises((Refused, Forbidden)):
        TENDER.fire(acting(uow, scene.officer), scene.tender, name)
    assert scene.tender.state is TenderState.IN_SELECTION


def test_an_altered_record_is_found(uow):
    scene = answered_selection(uow)
    propose(acting(uow, scene.officer), scene.tender, proposal_for(scene))
    record = dict(select(acting(uow, scene.approver), scene.tender).record)
    cheaper = {**record, "award": {**record["award"], "amount": "999999.00"}}
    assert {"R-OPEN-05"} <= {one.code for one in verify_selection(cheaper)}
    assert {one.code for one in verify_selection({"kind": "selection"})} >= {"malformed"}


def test_another_supplier_and_other_staff_see_nothing(uow):
    scene = asked_selection(uow)
    outsider = make_user(uow, Role.AGENCY_MANAGER, organisation=make_organisation(uow))
    with pytest.raises(Forbidden):
        reply(acting(uow, outsider), scene.asked[0], price=Decimal(1), plan="外人")
