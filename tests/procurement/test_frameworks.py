"""Framework agreements on the database: admission, signing, filing, removal, adding, end (R-FRAME-01, R-FRAME-02)."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from core.documents.accept import documents_of
from core.errors import Forbidden, Refused
from core.identity.roles import Role
from core.records import match
from procurement.drafting.lawfulness import checklist
from procurement.models import FrameworkTerms
from procurement.queries.frameworks import framework_of, framework_terms, members_of, shortlists_of, terms_of
from procurement.scoring.shortlist import verify_shortlist
from procurement.services.awarding import award
from procurement.services.bidding import bidding_refusals
from procurement.services.framework_admission import admit
from procurement.services.framework_drafting import (
    TermsEntry,
    TypeEntry,
    draft_framework,
    draft_top_up,
    set_framework,
    top_up_refusals,
)
from procurement.services.frameworks import (
    duties_of,
    end_framework,
    file_agreements,
    inform_users,
    months_later,
    remove_supplier,
    sign_agreement,
)
from procurement.services.requirements import Respondent, record_survey
from procurement.services.retendering import retender
from procurement.states import (
    Evaluation,
    FailureGround,
    FrameworkState,
    MemberState,
    Method,
    RemovalGround,
    RespondentKind,
    SurveyMeans,
    TenderState,
)
from procurement.workflow import TENDER
from tests.factories.awards import opened_by_rows
from tests.factories.bids import acting, shift_clock
from tests.factories.direct import direct_people
from tests.factories.frameworks import admitted, evaluated_call, in_force, person_of, signed_copy, terms_for
from tests.factories.identity import make_user


def rules_at(refused, field=None) -> set[str]:
    return {one.rule_id for one in refused.value.refusals if field is None or one.field == field}


def lines_of(uow, tender, rule_id) -> dict[str | None, str]:
    return {one.field: one.level for one in checklist(uow, tender) if one.rule_id == rule_id and one.level != "ok"}


def drafted_call(uow, **changes):
    officer, approver = direct_people(uow)
    clerk = acting(uow, officer)
    tender = draft_framework(clerk, title="绩效评价服务框架协议", budget=Decimal(1_800_000))
    entry = {
        "months": 24,
        "elimination": Decimal(20),
        "most_admitted": None,
        "ways": [Method.CALL_OFF_ROTATION],
        "exit_rules": "按办法清退",
        "plan_filing": "备〔2026〕3号",
        "types": [TypeEntry("项目支出绩效评价", Decimal(90000)), TypeEntry("部门整体绩效评价", Decimal(150000))],
        **changes,
    }
    set_framework(clerk, tender, TermsEntry(**entry))
    return tender, officer, approver


def test_a_draft_holds_types_with_their_greatest_unit_price_and_no_projects(uow):
    tender, _officer, _approver = drafted_call(uow)
    assert [(one.title, one.budget, list(one.projects)) for one in tender.lots] == [
        ("项目支出绩效评价", Decimal(90000), []),
        ("部门整体绩效评价", Decimal(150000), []),
    ]
    assert tender.budget == Decimal(1_800_000)
    assert terms_of(uow, tender).ways == ["call-off-rotation"]


BROKEN = [
    ({"months": 25}, "R-FRAME-01", "months", "block"),
    ({"elimination": Decimal("19.99")}, "R-FRAME-01", "elimination", "block"),
    ({"elimination": Decimal(0)}, "R-FRAME-02", "elimination", "warn"),
    ({"exit_rules": "符合资格条件的供应商即可入围"}, "R-FRAME-02", "requirement", "warn"),
    ({"exit_rules": ""}, "R-FRAME-01", "exit_rules", "block"),
    ({"ways": []}, "R-FRAME-03", "ways", "block"),
    ({"plan_filing": ""}, "R-FRAME-01", "plan_filing", "warn"),
    ({"types": [TypeEntry("项目支出绩效评价", Decimal(1_800_000))]}, "R-FRAME-01", "types", "block"),
]


@pytest.mark.parametrize(("changes", "rule_id", "field", "level"), BROKEN, ids=str)
def test_the_panel_names_what_a_call_breaks(uow, changes, rule_id, field, level):
    tender, _officer, _approver = drafted_call(uow, **changes)
    assert lines_of(uow, tender, rule_id).get(field) == level


def test_buyers_and_suppliers_are_surveyed_three_of_each(uow):  # R-FRAME-01
    tender, officer, _approver = drafted_call(uow)
    assert lines_of(uow, tender, "R-FRAME-01") == {"survey": "block"}
    asked = [Respondent(f"单位{n}", RespondentKind.USER) for n in range(3)]
    asked += [Respondent(f"机构{n}", RespondentKind.MARKET) for n in range(3)]
    record_survey(
        acting(uow, officer),
        tender,
        surveyed_on=uow.today,
        means=next(iter(SurveyMeans)),
        respondents=asked,
        findings="市场竞争充分",
    )
    assert lines_of(uow, tender, "R-FRAME-01") == {}


def test_quality_first_gives_no_points_for_the_price_and_asks_for_its_ground(uow):  # R-FRAME-01
    tender, _officer, _approver = drafted_call(uow, ways=[Method.CALL_OFF_PRICES])
    tender.evaluation, tender.price_weight = Evaluation.COMPREHENSIVE, Decimal(10)
    found = lines_of(uow, tender, "R-FRAME-01")
    assert found["price_weight"] == "block"
    assert found["quality_ground"] == "warn"
    assert lines_of(uow, tender, "R-FRAME-03") == {"ways": "warn"}


@pytest.mark.parametrize(
    "changes",
    [
        {"months": 0},
        {"elimination": Decimal(100)},
        {"most_admitted": 0},
        {"types": []},
        {"types": [TypeEntry("", Decimal(1))]},
        {"types": [TypeEntry("甲", Decimal(0))]},
        {"types": [TypeEntry("甲", Decimal(1)), TypeEntry("甲", Decimal(2))]},
    ],
    ids=str,
)
def test_terms_that_make_no_sense_are_refused(uow, changes):
    with pytest.raises(Refused) as refused:
        drafted_call(uow, **changes)
    assert rules_at(refused) == {"R-FRAME-01"}


def test_a_call_needs_a_title_and_an_amount(uow):
    officer, _approver = direct_people(uow)
    with pytest.raises(Refused):
        draft_framework(acting(uow, officer), title=" ", budget=Decimal(0))


def test_the_lowest_are_admitted_in_order_and_a_fifth_falls(uow, client_as):  # R-FRAME-01
    scene = admitted(uow)
    assert [(one.position, one.price) for one in scene.members] == [
        (1, Decimal(80000)),
        (2, Decimal(85000)),
        (3, Decimal(90000)),
    ]
    assert scene.tender.state is TenderState.AWARDED
    assert scene.framework.state is FrameworkState.FORMING
    (row,) = shortlists_of(uow, [scene.tender])
    assert verify_shortlist(row.record) == []
    assert verify_shortlist(row.public_record) == []
    assert match(row.record, row.public_record) == []
    swapped = {**row.public_record, "admitted": list(reversed(row.public_record["admitted"]))}
    assert {"digest", "R-FRAME-01"} <= {one.code for one in verify_shortlist(swapped)}
    assert "malformed" in {one.code for one in verify_shortlist({"kind": "shortlist"})}
    first, second = (client_as(person_of(uow, one.supplier)) for one in scene.members[:2])
    letter = second.get(f"/bids/{scene.members[1].bid_id}/result")
    assert letter.status_code == 200
    assert "第2位" in letter.text
    (agreement,) = documents_of(uow, scene.members[0], "agreement-text")
    assert first.get(f"/documents/{agreement.id}").status_code == 200
    assert second.get(f"/documents/{agreement.id}").status_code in {403, 404}


def test_a_call_is_decided_by_its_ranking_once_and_by_the_officer(uow):  # R-FRAME-01, R-SEC-01
    tender = evaluated_call(uow)
    with pytest.raises(Refused) as refused:
        award(acting(uow, tender.drafted_by), tender, {})
    assert "R-FRAME-01" in rules_at(refused)
    with pytest.raises(Forbidden):
        admit(acting(uow, make_user(uow, Role.PROCUREMENT_SUPERVISOR)), tender)
    admit(acting(uow, tender.drafted_by), tender)
    with pytest.raises(Refused):
        admit(acting(uow, tender.drafted_by), tender)


def test_agreements_are_signed_in_time_and_the_last_brings_the_framework_into_force(uow):  # R-FRAME-01
    scene = admitted(uow)
    clerk, supplier = acting(uow, scene.officer), scene.members[0].supplier
    for day, upload in ((uow.today + timedelta(days=1), signed_copy()), (uow.today, None)):
        with pytest.raises(Refused):
            sign_agreement(clerk, scene.framework, supplier, day, upload)
    with pytest.raises(Forbidden):
        sign_agreement(acting(uow, scene.approver), scene.framework, supplier, uow.today, signed_copy())
    sign_agreement(clerk, scene.framework, supplier, uow.today, signed_copy())
    with pytest.raises(Refused):  # a second press
        sign_agreement(clerk, scene.framework, supplier, uow.today, signed_copy())
    shift_clock(uow, timedelta(days=45))
    late, second = acting(uow, scene.officer), scene.members[1].supplier
    with pytest.raises(Refused) as refused:
        sign_agreement(late, scene.framework, second, late.today, signed_copy())
    assert rules_at(refused, "late_reason") == {"R-FRAME-01"}
    sign_agreement(late, scene.framework, second, late.today, signed_copy(), "法定代表人出差")
    framework = scene.framework
    assert framework.state is FrameworkState.FORMING
    boss = acting(uow, scene.approver)  # and who does not sign is removed
    remove_supplier(boss, framework, scene.members[2].supplier, RemovalGround.REFUSAL, "书面拒绝签订")
    assert framework.state is FrameworkState.IN_FORCE
    assert (framework.begins_on, framework.ends_on) == (late.today, months_later(late.today, 12))
    assert framework.is_open_on(framework.ends_on)
    assert not framework.is_open_on(framework.ends_on + timedelta(days=1))


def test_quality_first_admits_by_points(uow):  # R-FRAME-01
    tender = evaluated_call(uow, evaluation=Evaluation.COMPREHENSIVE, terms={"quality_ground": "政府指导价"})
    scene = admitted(uow, tender)
    assert len(scene.members) == 3
    (row,) = shortlists_of(uow, [tender])
    assert verify_shortlist(row.record) == []
    assert [one["price"] for one in row.record["ranking"]["scores"]] == ["0.00"] * 4


@pytest.mark.parametrize(
    ("day", "months", "last"),
    [
        (date(2026, 1, 1), 24, date(2027, 12, 31)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2026, 3, 15), 1, date(2026, 4, 14)),
    ],
    ids=str,
)
def test_a_term_of_months_ends_on_the_day_before(day, months, last):
    assert months_later(day, months) == last


def test_filing_and_informing_have_their_days(uow):  # R-FRAME-01
    scene = in_force(uow)
    clerk = acting(uow, scene.officer)
    assert [one.done_on for one in duties_of(clerk, scene.framework)] == [None, None]
    with pytest.raises(Refused):
        file_agreements(clerk, scene.framework, uow.today, " ")
    with pytest.raises(Refused):
        inform_users(clerk, scene.framework, uow.today + timedelta(days=1))
    file_agreements(clerk, scene.framework, uow.today, "备〔2026〕9号")
    inform_users(clerk, scene.framework, uow.today)
    assert [one.done_on for one in duties_of(clerk, scene.framework)] == [uow.today, uow.today]
    with pytest.raises(Refused):
        file_agreements(clerk, scene.framework, uow.today, "备〔2026〕10号")


def test_a_supplier_is_removed_on_a_lawful_ground_by_somebody_who_did_not_call(uow):  # R-FRAME-01, R-SEC-02
    scene = in_force(uow)
    supplier = scene.members[2].supplier
    with pytest.raises(Forbidden):
        remove_supplier(acting(uow, scene.officer), scene.framework, supplier, RemovalGround.BREACH, "两次未按期交付")
    boss = acting(uow, scene.approver)
    with pytest.raises(Refused):
        remove_supplier(boss, scene.framework, supplier, RemovalGround.BREACH, " ")
    remove_supplier(boss, scene.framework, supplier, RemovalGround.BREACH, "两次未按期交付")
    member = members_of(uow, scene.framework)[2]
    assert (member.state, member.ground) == (MemberState.REMOVED, RemovalGround.BREACH)
    with pytest.raises(Refused):
        remove_supplier(boss, scene.framework, supplier, RemovalGround.BREACH, "再次")


def test_suppliers_are_added_only_below_seventy_percent_and_as_foreseen(uow):  # R-FRAME-01
    scene = in_force(uow)
    clerk = acting(uow, scene.officer)
    assert {one.rule_id for one in top_up_refusals(clerk, scene.framework)} == {"R-FRAME-01"}
    with pytest.raises(Refused):
        draft_top_up(clerk, scene.framework)
    gone = scene.members[2].supplier
    remove_supplier(acting(uow, scene.approver), scene.framework, gone, RemovalGround.BREACH, "未履约")
    framework_terms(uow, scene.framework).top_up_foreseen = False
    assert top_up_refusals(clerk, scene.framework)
    framework_terms(uow, scene.framework).top_up_foreseen = True
    tender = draft_top_up(clerk, scene.framework)
    terms = uow.session.get_one(FrameworkTerms, tender.id)
    assert terms.top_up_of_id == scene.framework.id
    assert terms.elimination == framework_terms(uow, scene.framework).elimination
    assert [(one.title, one.budget) for one in tender.lots] == [(one.title, one.budget) for one in scene.tender.lots]
    with pytest.raises(Refused):  # one at a time
        draft_top_up(clerk, scene.framework)
    barred = bidding_refusals(uow, tender.lots[0], gone.id, uow.now)
    standing = bidding_refusals(uow, tender.lots[0], scene.members[0].supplier_id, uow.now)
    assert "R-FRAME-01" in {one.rule_id for one in barred}
    assert "R-FRAME-01" in {one.rule_id for one in standing}


def test_added_suppliers_join_the_framework_behind_the_others(uow):  # R-FRAME-01, R-FRAME-03
    scene = in_force(uow)
    remove_supplier(
        acting(uow, scene.approver), scene.framework, scene.members[0].supplier, RemovalGround.BREACH, "未履约"
    )
    added = evaluated_call(uow, ("70000.00", "75000.00"), terms={"top_up_of_id": scene.framework.id})
    assert admit(acting(uow, added.drafted_by), added) is scene.framework
    members = members_of(uow, scene.framework)
    assert [one.position for one in members] == [1, 2, 3, 4]
    assert members[3].price == Decimal(70000)
    assert framework_of(uow, added) is scene.framework
    assert scene.framework.state is FrameworkState.IN_FORCE


def test_at_its_end_the_results_are_summed_up(uow):  # R-FRAME-01
    scene = in_force(uow)
    with pytest.raises(Refused):
        end_framework(acting(uow, scene.officer), scene.framework)
    shift_clock(uow, timedelta(days=400))
    clerk = acting(uow, scene.officer)
    assert any("汇总" in str(one.title) for one in duties_of(clerk, scene.framework))
    end_framework(clerk, scene.framework)
    assert scene.framework.state is FrameworkState.ENDED
    assert scene.framework.summary_id is not None


def test_a_failed_call_is_repeated_with_its_terms(uow):  # R-OPEN-05, R-FRAME-01
    tender = opened_by_rows(uow, ("80000.00",), projects=[], method=Method.FRAMEWORK)
    uow.add(terms_for(tender, months=18))
    ground = {"failure_ground": FailureGround.TOO_FEW_VALID, "failure_reason": "合格供应商不足"}
    TENDER.fire(uow, tender, "fail", reason="合格供应商不足", as_system=True, assign=ground)
    again = retender(acting(uow, tender.drafted_by), tender)
    assert terms_of(uow, again).months == 18
    assert [(one.title, one.budget) for one in again.lots] == [(one.title, one.budget) for one in tender.lots]
