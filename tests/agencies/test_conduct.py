"""Cases of misconduct and the ladder: told, heard, decided by another, followed (R-AGENCY-05, R-AGENCY-16)."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from sqlalchemy import select

from agencies.models import ConductMeasure, CreditRecord
from agencies.queries.conduct import credit_of, vetoing_case, weighed_credit
from agencies.services.conduct import (
    CaseEntry,
    amend_entry,
    dismiss_case,
    open_case,
    record_case,
    state_case,
    withdraw_case,
)
from agencies.services.conduct_papers import case_decision, case_notice, measure_paper
from agencies.services.measures import (
    MeasureEntry,
    accept_correction,
    cancel_measure,
    close_measure,
    issue_measure,
    propose_measure,
    report_correction,
    return_correction,
)
from agencies.services.sanctions import SanctionEntry, confirm_sanction, take_over_sanction, withdraw_sanction
from agencies.states import ConductCode, ConductState, HonestyStep, MeasureKind, MeasureState, SanctionKind
from core.errors import Forbidden, Refused
from core.identity.roles import Role
from core.notifications.models import Notification
from tests.factories.agencies import make_agency, make_engagement
from tests.factories.conduct import make_desk, proof, recorded_case, told_case
from tests.factories.identity import make_user


@pytest.fixture
def desk(uow, uow_as):
    return make_desk(uow, uow_as)


def rules_in(error):
    return {one.rule_id for one in error.value.refusals}


def fields_in(error):
    return {one.field for one in error.value.refusals}


def test_a_case_needs_facts_a_past_day_and_evidence_r_agency_05(desk, uow, uow_as):
    tomorrow = uow.today + timedelta(days=1)
    with pytest.raises(Refused) as refused:
        open_case(desk.opener, desk.agency, CaseEntry(ConductCode.TRANSFERRED, tomorrow, "  "))
    assert fields_in(refused) == {"facts", "happened_on", "files"}
    assert {"R-AGENCY-05", "R-AGENCY.hearing"} <= rules_in(refused)
    strange = make_engagement(uow, agency=make_agency(uow))
    with pytest.raises(Refused) as refused:
        told_case(desk, engagement=strange)
    assert fields_in(refused) == {"engagement"}
    with pytest.raises(Forbidden):
        open_case(desk.own, desk.agency, CaseEntry(ConductCode.TRANSFERRED, uow.today, "x"), [proof()])


def test_nothing_is_recorded_before_the_agency_was_heard_r_agency_hearing(desk, clock):
    case = told_case(desk)
    assert case.statement_due > desk.opener.today
    with pytest.raises(Refused) as refused:
        record_case(desk.decider, case, HonestyStep.MINOR, "事实清楚")
    assert "R-AGENCY.hearing" in rules_in(refused)
    clock.advance(days=14)
    with pytest.raises(Refused, match="期限已过"):
        state_case(desk.own, case, "迟到的陈述")
    record_case(desk.decider, case, HonestyStep.MINOR, "逾期未陈述，事实清楚")
    assert case.state is ConductState.RECORDED


def test_whoever_opened_a_case_never_decides_it(desk, uow):
    case = told_case(desk)
    state_case(desk.own, case, "情况属实")
    with pytest.raises(Forbidden, match="不是告知人"):
        record_case(desk.opener, case, HonestyStep.MINOR, "事实清楚")
    with pytest.raises(Refused):
        record_case(desk.decider, case, HonestyStep.MINOR, " ")
    record_case(desk.decider, case, HonestyStep.MINOR, "事实清楚")
    entry = uow.session.scalars(select(CreditRecord)).one()
    assert (entry.points, entry.case_id) == (10, case.id)
    assert entry.expires_on > uow.today + timedelta(days=80)
    told = {one.kind for one in uow.session.scalars(select(Notification).where(Notification.user_id == desk.head.id))}
    assert {"conduct.opened", "conduct.decided"} <= told


def test_a_case_that_is_dismissed_leaves_no_entry(desk, uow):
    case = told_case(desk)
    state_case(desk.own, case, "附底稿证明问卷齐全", [proof("问卷.png")])
    dismiss_case(desk.decider, case, "底稿齐全，采纳陈述")
    assert uow.session.scalars(select(CreditRecord)).all() == []
    with pytest.raises(Refused):
        state_case(desk.own, case, "再次陈述")


def test_points_follow_the_ladder_and_double_while_an_earlier_entry_stands_r_grade_year(desk, clock, uow):
    recorded_case(desk)
    clock.advance(days=20)
    recorded_case(desk, HonestyStep.MAJOR)
    entries = credit_of(uow, desk.agency)
    assert [one.points for one in entries] == [15, 10], "what is kept is never doubled"
    assert sorted(one.points for one in weighed_credit(uow, entries).values()) == [10, 30]


def test_an_entry_is_put_right_or_withdrawn_with_its_reason_by_another_person(desk, uow):
    case = recorded_case(desk, HonestyStep.MAJOR)
    with pytest.raises(Forbidden):
        withdraw_case(desk.decider, case, "发现认定有误")
    with pytest.raises(Refused, match="无须更正"):
        amend_entry(desk.opener, case, HonestyStep.MAJOR, "x")
    amend_entry(desk.opener, case, HonestyStep.MINOR, "情节较轻")
    entry = uow.session.scalars(select(CreditRecord)).one()
    assert entry.points == 10
    withdraw_case(desk.opener, case, "证据被推翻")
    assert (entry.points, entry.withdrawn_reason, case.state) == (0, "证据被推翻", ConductState.WITHDRAWN)
    assert weighed_credit(uow, [entry]) == {}


def test_acts_that_veto_a_score_are_data_r_grade_veto(desk, uow):
    work = make_engagement(uow, agency=desk.agency)
    recorded_case(desk, code=ConductCode.NOT_UPDATED, engagement=work)
    assert vetoing_case(uow, work) is None
    case = recorded_case(desk, code=ConductCode.LEAK, engagement=work)
    assert vetoing_case(uow, work) is case
    withdraw_case(desk.opener, case, "认定有误")
    assert vetoing_case(uow, work) is None


def test_the_ladder_is_signed_by_another_and_followed_to_its_end_r_agency_16(desk, uow, clock):
    told = told_case(desk)
    with pytest.raises(Refused, match="认定之后"):
        propose_measure(desk.opener, told, MeasureEntry(MeasureKind.CORRECTION, "补齐底稿"))
    case = recorded_case(desk)
    with pytest.raises(Refused) as refused:
        propose_measure(desk.opener, case, MeasureEntry(MeasureKind.TRANSFER, " "))
    assert fields_in(refused) == {"words", "recipient"}
    order = propose_measure(desk.opener, case, MeasureEntry(MeasureKind.CORRECTION, "补齐底稿并重新统计"))
    with pytest.raises(Refused, match="同一种措施"):
        propose_measure(desk.opener, case, MeasureEntry(MeasureKind.CORRECTION, "再来一次"))
    with pytest.raises(Forbidden):
        issue_measure(desk.opener, order)
    issue_measure(desk.decider, order)
    assert order.due_on > uow.today
    with pytest.raises(Refused, match="尚未报告"):
        accept_correction(desk.opener, order, "")
    report_correction(desk.own, order, "已补齐 108 份问卷", [proof("问卷.png")])
    first = order.due_on
    clock.advance(days=3)
    return_correction(desk.opener, order, "缺抽样说明")
    assert (order.state, order.due_on > first) == (MeasureState.ISSUED, True)
    report_correction(desk.own, order, "已补抽样说明")
    accept_correction(desk.opener, order, "已核对")
    assert order.state is MeasureState.FULFILLED
    talk = propose_measure(desk.opener, case, MeasureEntry(MeasureKind.ADMONITION, "请负责人到场说明"))
    issue_measure(desk.decider, talk)
    with pytest.raises(Refused):
        close_measure(desk.opener, talk, " ")
    with pytest.raises(Refused):
        report_correction(desk.own, talk, "不适用")
    close_measure(desk.opener, talk, "负责人到场，承诺完善质量控制")
    note = propose_measure(desk.opener, case, MeasureEntry(MeasureKind.REGULATOR, "通报情况", "市注册会计师协会"))
    cancel_measure(desk.decider, note, "已由协会自行立案")
    assert [one.state for one in uow.session.scalars(select(ConductMeasure).order_by(ConductMeasure.proposed_at))][
        -1
    ] is note.state


def test_papers_are_official_documents_and_repeat_to_the_byte(desk, app):
    case = recorded_case(desk)
    order = propose_measure(desk.opener, case, MeasureEntry(MeasureKind.CORRECTION, "补齐底稿"))
    issue_measure(desk.decider, order)
    with app.test_request_context():
        for made in (
            case_notice(desk.opener, case),
            case_decision(desk.opener, case),
            measure_paper(desk.opener, order),
        ):
            assert made.startswith(b"%PDF")
        assert measure_paper(desk.opener, order) == measure_paper(desk.own, order)


def test_a_sanction_of_others_names_its_source_and_is_checked_by_another(desk, uow):
    with pytest.raises(Refused) as refused:
        take_over_sanction(desk.opener, desk.agency, SanctionEntry(SanctionKind.CREDIT, "", "", None, " "))
    assert fields_in(refused) == {"authority", "facts", "source", "decided_on"}
    entry = SanctionEntry(SanctionKind.PROCUREMENT, "邻区财政局", "串通投标", uow.today, "邻财采罚〔2026〕3号")
    row = take_over_sanction(desk.opener, desk.agency, entry, proof("决定书.png"))
    with pytest.raises(Refused, match="已经登记"):
        take_over_sanction(desk.opener, desk.agency, entry)
    with pytest.raises(Forbidden):
        confirm_sanction(desk.opener, row)
    confirm_sanction(desk.decider, row, "已与原文核对")
    with pytest.raises(Refused):
        withdraw_sanction(desk.decider, row, "")
    withdraw_sanction(desk.decider, row, "处罚已撤销")


def test_pages_of_a_case_for_those_who_may_and_those_who_may_not(desk, uow, client_as):
    case = told_case(desk)
    page = f"/agencies/conduct/{case.id}"
    stranger = make_user(uow, Role.AGENCY_MANAGER)
    buyer = make_user(uow, Role.PROCUREMENT_OFFICER)
    assert client_as(stranger).get(page).status_code == 404
    assert client_as(buyer).get(page).status_code == 404, "who buys knows of it only once it is recorded"
    own = client_as(desk.head)
    assert "陈述截止" in own.get(page).text
    assert own.post(f"{page}/statement", data={"statement": " "}).status_code == 422
    assert own.post(f"{page}/decision", data={"outcome": "dismiss", "reason": "x"}).status_code == 403
    once = str(uuid.uuid4())
    for _press in range(2):
        assert own.post(f"{page}/statement", data={"statement": "愿意改正", "once": once}).status_code == 302
    watcher = client_as(make_user(uow, Role.OBSERVER))
    assert "作出决定" not in watcher.get(page).text
    assert client_as(desk.second).get("/agencies/conduct").status_code == 200
    assert client_as(desk.second).get(f"{page}/notice.pdf").data.startswith(b"%PDF")
    stale = {"outcome": "record", "step": "minor", "reason": "事实清楚", "revision": "1"}
    assert client_as(desk.second).post(f"{page}/decision", data=stale).status_code == 409
    fresh = {**stale, "revision": str(case.revision)}
    assert client_as(desk.second).post(f"{page}/decision", data=fresh).status_code == 302
    assert client_as(buyer).get(page).status_code == 200
    assert "陈述" not in client_as(buyer).get(page).text, "who buys reads the finding, not the hearing"


def test_the_list_of_cases_asks_the_same_number_of_queries_whatever_its_length(desk, uow, client_as, count_queries):
    browser = client_as(desk.second)
    told_case(desk)
    browser.get("/agencies/conduct")
    with count_queries() as few:
        browser.get("/agencies/conduct")
    for _number in range(4):
        other = make_desk(uow, desk.uow_as)
        told_case(other)
    with count_queries() as many:
        browser.get("/agencies/conduct")
    assert len(many) <= len(few)
