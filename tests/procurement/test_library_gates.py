"""Where grades and standing act, and where they bar nobody (R-GRADE.scope, R-GRADE.D1, R-GRADE.A, R-AGENCY.standing)."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest

from agencies.services.measures import MeasureEntry, issue_measure, propose_measure
from agencies.services.sanctions import SanctionEntry, confirm_sanction, take_over_sanction
from agencies.services.standings import StandingEntry, decide_standing, propose_standing
from agencies.states import Grade, MeasureKind, SanctionKind, StandingKind
from core.errors import Refused
from core.identity.roles import OrganisationKind, Role
from grading.models import TaskScore
from procurement.drafting.direct_lawfulness import limit_of
from procurement.drafting.lawfulness import checklist
from procurement.library_gates import ROUTES, gate_refusals, gates, labelled, route_of
from procurement.queries.agency_leads import agency_leads
from procurement.queries.bidder_conflicts import conflict_refusals
from procurement.services.call_offs import choose
from procurement.services.direct import propose, send_inquiry
from procurement.services.invitations import Candidates, lock_candidates
from procurement.services.supplier_records import ConductEntry, record_conduct
from procurement.states import ConductCode, InvitationSource, Method, Sanction
from tests.factories.agencies import make_agency, make_engagement
from tests.factories.bids import acting, open_for_bids
from tests.factories.conduct import make_desk, publish_grade, recorded_case
from tests.factories.direct import answered_selection, asked_selection, drafted_selection, proposal_for
from tests.factories.frameworks import called_off, in_force
from tests.factories.identity import make_organisation, make_user
from tests.factories.procurement import draft_tender


def suspend(uow, organisation, kind=StandingKind.SUSPENSION):
    """Suspend or remove an organisation's agency by two officers."""
    bureau = make_organisation(uow, OrganisationKind.BUREAU)
    first, second = (make_user(uow, Role.QUALITY_OFFICER, organisation=bureau) for _one in range(2))
    agency = make_agency(uow, organisation)
    row = propose_standing(acting(uow, first), agency, StandingEntry(kind, None, None, "R-AGENCY-16", "逾期不整改"))
    decide_standing(acting(uow, second), row)
    return agency


def poor(uow, agency, days=0, score="45"):
    """A task of this agency that was D by itself, decided some days ago."""
    work = make_engagement(uow, agency=agency)
    uow.add(
        TaskScore(
            engagement_id=work.id,
            agency_id=agency.organisation_id,
            amount=work.amount,
            sector=work.project.sector,
            year=uow.today.year,
            score=Decimal(score),
            parts={},
            veto=None,
            decided_by_id=None,
            decided_at=uow.now - timedelta(days=days),
        )
    )
    uow.session.flush()


def rules_of(refusals):
    return {one.rule_id for one in refusals}


@pytest.mark.parametrize("method", Method)
def test_a_grade_has_a_route_only_below_the_limits_and_in_direct_selection(uow, method):  # R-GRADE.scope
    tender = SimpleNamespace(method=method, budget=Decimal(1))
    expected = method in (Method.BELOW_LIMIT, Method.CALL_OFF_DIRECT)
    assert (route_of(uow, tender) is not None) == expected
    assert set(ROUTES) == {Method.BELOW_LIMIT, Method.CALL_OFF_DIRECT}
    dear = SimpleNamespace(method=method, budget=limit_of(uow))
    assert (route_of(uow, dear) is not None) == (method is Method.CALL_OFF_DIRECT)


def test_who_is_suspended_is_not_asked_below_the_limits(uow):  # R-AGENCY.standing, R-AGENCY-16
    scene = drafted_selection(uow)
    agency = suspend(uow, scene.suppliers[0])
    with pytest.raises(Refused) as refused:
        send_inquiry(acting(uow, scene.officer), scene.tender)
    assert "R-AGENCY-16" in rules_of(refused.value.refusals)
    assert agency.organisation.name in str(refused.value)
    words = dict(labelled(uow, scene.tender, scene.suppliers))[str(scene.suppliers[0].id)]
    assert "暂停" in words


def test_a_budget_at_the_limit_gives_standing_no_say(uow):  # R-GRADE.scope
    scene = drafted_selection(uow)
    suspend(uow, scene.suppliers[0])
    scene.tender.budget = limit_of(uow)
    assert gate_refusals(uow, scene.tender, scene.suppliers, "suppliers") == []
    assert not any(one.rule_id == "R-AGENCY-16" for one in checklist(uow, scene.tender))


def test_who_was_suspended_meanwhile_is_not_proposed(uow):
    scene = answered_selection(uow)
    suspend(uow, scene.suppliers[0])
    with pytest.raises(Refused) as refused:
        propose(acting(uow, scene.officer), scene.tender, proposal_for(scene))
    assert ("asked", "R-AGENCY-16") in {(one.field, one.rule_id) for one in refused.value.refusals}
    propose(acting(uow, scene.officer), scene.tender, proposal_for(scene, 1))


def test_a_task_that_was_d_skips_the_next_round_and_no_other(uow):  # R-GRADE.D1
    scene = drafted_selection(uow)
    agency = make_agency(uow, scene.suppliers[0])
    poor(uow, agency, days=3)
    with pytest.raises(Refused) as refused:
        send_inquiry(acting(uow, scene.officer), scene.tender)
    assert rules_of(refused.value.refusals) == {"R-GRADE.D1"}
    asked_selection(uow)  # another round without it
    send_inquiry(acting(uow, scene.officer), scene.tender)


def test_grade_c_holds_one_lot_at_once(uow):  # R-GRADE.C
    scene = drafted_selection(uow)
    agency = make_agency(uow, scene.suppliers[0])
    publish_grade(uow, agency, uow.today.year - 1, Grade.C)
    assert gate_refusals(uow, scene.tender, scene.suppliers, "suppliers") == []
    other = drafted_selection(uow)
    make_engagement(uow, agency=agency, source=f"tender:{other.tender.id}")
    assert rules_of(gate_refusals(uow, scene.tender, scene.suppliers, "suppliers")) == {"R-GRADE.C"}


def test_d_for_the_year_pauses_in_direct_selection_and_a_is_preferred(uow):  # R-GRADE.DY, R-GRADE.A
    scene = in_force(uow)
    poor_one, good = (make_agency(uow, one.supplier) for one in scene.members[:2])
    publish_grade(uow, poor_one, uow.today.year - 1, Grade.D)
    publish_grade(uow, good, uow.today.year - 1, Grade.A)
    call_off = called_off(uow, scene)
    with pytest.raises(Refused) as refused:
        choose(acting(uow, scene.officer), call_off.tender, scene.members[0], None, "价格最低")
    assert rules_of(refused.value.refusals) == {"R-GRADE.DY"}
    found = gates(uow, call_off.tender, [one.supplier for one in scene.members])
    assert [found[one.supplier_id].is_preferred for one in scene.members[:2]] == [False, True]
    choose(acting(uow, scene.officer), call_off.tender, scene.members[1], None, "同类项目质量好")


def test_turns_and_second_prices_take_no_notice_of_grades(uow):  # R-GRADE.A, R-GRADE.scope
    scene = in_force(uow)
    agency = make_agency(uow, scene.members[0].supplier)
    publish_grade(uow, agency, uow.today.year - 1, Grade.D)
    suppliers = [one.supplier for one in scene.members]
    for way in (Method.CALL_OFF_ROTATION, Method.CALL_OFF_PRICES):
        tender = called_off(uow, scene, way).tender
        assert gate_refusals(uow, tender, suppliers, "member") == []
        assert not any(one.is_preferred for one in gates(uow, tender, suppliers).values())


def test_nobody_is_barred_from_a_statutory_purchase_by_grade_or_standing(uow):  # R-GRADE.scope
    purchase = draft_tender(uow, method=Method.INVITED_TENDER)
    suppliers = [make_organisation(uow, OrganisationKind.AGENCY) for _one in range(4)]
    gone = suspend(uow, suppliers[0], StandingKind.REMOVAL)
    for year in (1, 2):
        publish_grade(uow, gone, uow.today.year - year, Grade.D)
    poor(uow, gone)
    draw = lock_candidates(
        acting(uow, purchase.officer), purchase.tender, Candidates(InvitationSource.POOL, suppliers, 3)
    )
    assert str(suppliers[0].id) in {one["id"] for one in draw.candidates}
    scene = open_for_bids(uow)
    assert conflict_refusals(uow, scene.tender.lots[0], suppliers[0].id) == []


def test_many_suppliers_are_looked_at_with_the_same_number_of_queries(uow, count_queries):
    scene = drafted_selection(uow, suppliers=3)
    for one in scene.suppliers:
        make_agency(uow, one)
    with count_queries() as few:
        gates(uow, scene.tender, scene.suppliers[:1])
    with count_queries() as many:
        gates(uow, scene.tender, scene.suppliers)
    assert len(many) <= len(few)


def test_what_is_handed_to_supervision_is_a_signal_and_what_it_recorded_is_shown(uow, uow_as, client_as):
    desk = make_desk(uow, uow_as)  # R-AGENCY-16, R-COLL-03
    case = recorded_case(desk)
    entry = MeasureEntry(MeasureKind.TRANSFER, "涉嫌虚假报告，移送处理", "区财政局采购监管科")
    measure = propose_measure(desk.opener, case, entry)
    assert list(agency_leads(uow)) == []
    issue_measure(desk.decider, measure)
    outside = SanctionEntry(SanctionKind.PROCUREMENT, "邻区财政局", "串通投标", uow.today, "邻财采罚〔2026〕3号")
    confirm_sanction(desk.decider, take_over_sanction(desk.opener, desk.agency, outside))
    assert {one.code for one in agency_leads(uow)} == {"agency-transfer", "outside-sanction"}
    supervisor = make_user(uow, Role.PROCUREMENT_SUPERVISOR)
    browser = client_as(supervisor)
    assert "质量管理移送的违规线索" in browser.get("/supervision").text
    assert browser.get(f"/agencies/conduct/measures/{measure.id}").status_code == 200
    banned = ConductEntry(ConductCode.FALSE_REPORT, "虚假报告", (Sanction.BAN,), ban_years=1)
    record_conduct(uow_as(supervisor), desk.agency.organisation_id, banned, "import")
    shown = client_as(desk.first).get(f"/agencies/{desk.agency.id}/standing").text
    assert "禁止参加政府采购活动" in shown
    scene = open_for_bids(uow)
    barred = conflict_refusals(uow, scene.tender.lots[0], desk.agency.organisation_id)
    assert barred, "a legal sanction bars, and it alone"


def test_pages_where_the_purchaser_chooses_show_grade_and_standing(uow, client_as):
    scene = answered_selection(uow)
    agency = make_agency(uow, scene.suppliers[0])
    publish_grade(uow, agency, uow.today.year - 1, Grade.C)
    officer = client_as(scene.officer)
    compared = officer.get(f"/tenders/{scene.tender.id}/direct/propose").text
    assert "C 级" in compared
    assert "未入库，同样可以参加" in compared
    framework = in_force(uow)
    make_agency(uow, framework.members[0].supplier)
    tender = called_off(uow, framework).tender
    assert "R-GRADE.scope" in client_as(framework.officer).get(f"/tenders/{tender.id}/call-off/choice").text
