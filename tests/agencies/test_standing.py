"""Suspension, removal, leave, return, coaching: who asks, who decides, what everybody reads (R-AGENCY.standing)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from agencies.addresses import case_page, coaching_page, measure_page, standing_page
from agencies.consequences import ConsequenceKind
from agencies.queries.coaching import WAITING, coached_matching, coachings_of, without_coach
from agencies.queries.standing import standing_of, standings_of
from agencies.services.coaching import begin_coaching, close_coaching, note_session
from agencies.services.standings import (
    StandingEntry,
    ask_standing,
    decide_standing,
    propose_standing,
    refuse_standing,
    revoke_standing,
    support_application,
)
from agencies.states import CoachingState, DecisionState, Grade, Standing, StandingKind
from core.errors import Forbidden, Refused
from core.identity.roles import Role
from tests.factories.agencies import make_agency
from tests.factories.conduct import decided, make_desk, publish_grade, recorded_case
from tests.factories.identity import make_organisation, make_user

K = StandingKind


@pytest.fixture
def desk(uow, uow_as):
    return make_desk(uow, uow_as)


def fields_in(error):
    return {one.field for one in error.value.refusals}


def how(uow, desk):
    return standing_of(uow, desk.agency).standing.standing


def test_a_suspension_is_proposed_by_one_confirmed_by_another_and_ends_by_itself(desk, uow, clock):
    until = uow.today + timedelta(days=60)
    entry = StandingEntry(K.SUSPENSION, None, until, "R-AGENCY-16", "逾期不整改")
    row = propose_standing(desk.opener, desk.agency, entry)
    assert how(uow, desk) is Standing.IN_LIBRARY
    with pytest.raises(Forbidden, match="不是提出人"):
        decide_standing(desk.opener, row)
    with pytest.raises(Refused, match="正在办理"):
        propose_standing(desk.opener, desk.agency, entry)
    decide_standing(desk.decider, row)
    assert how(uow, desk) is Standing.SUSPENDED
    with pytest.raises(Refused, match="期满自动恢复"):
        ask_standing(desk.own, desk.agency, K.RETURN, "已整改")
    clock.advance(days=61)
    assert how(uow, desk) is Standing.IN_LIBRARY


def test_a_decision_lacks_nothing(desk, uow):
    long = uow.today + timedelta(days=800)
    wrong = StandingEntry(K.SUSPENSION, uow.today - timedelta(days=1), long, "R-PRICE-01", " ")
    with pytest.raises(Refused) as refused:
        propose_standing(desk.opener, desk.agency, wrong)
    assert fields_in(refused) == {"begins_on", "ends_on", "rule_id", "reason"}
    assert all(one.rule_id == "R-AGENCY.standing" for one in refused.value.refusals)
    with pytest.raises(Refused) as refused:
        propose_standing(desk.opener, desk.agency, StandingEntry(K.RETURN, None, None, "R-AGENCY.standing", "整改"))
    assert fields_in(refused) == {"kind"}
    with pytest.raises(Forbidden):
        propose_standing(desk.own, desk.agency, wrong)


def test_who_was_removed_applies_after_the_period_and_returns_by_two_people(desk, uow, clock):
    row = decided(desk, K.REMOVAL, rule_id="R-AGENCY-05", reason="出具虚假报告")
    assert how(uow, desk) is Standing.REMOVED
    assert row.ends_on > uow.today + timedelta(days=360)
    with pytest.raises(Refused, match="起可以重新申请"):
        ask_standing(desk.own, desk.agency, K.RETURN, "已整改")
    clock.advance(days=366)
    asked = ask_standing(desk.own, desk.agency, K.RETURN, "已建立三级复核")
    with pytest.raises(Refused):
        support_application(desk.opener, asked, " ")
    support_application(desk.opener, asked, "整改到位")
    assert how(uow, desk) is Standing.REMOVED
    decide_standing(desk.decider, asked)
    assert how(uow, desk) is Standing.IN_LIBRARY


def test_an_agency_leaves_by_itself_and_a_refusal_has_its_reason(desk, uow):
    asked = ask_standing(desk.own, desk.agency, K.LEAVE, "业务调整")
    with pytest.raises(Refused):
        refuse_standing(desk.opener, asked, "")
    refuse_standing(desk.opener, asked, "尚有在办委托")
    assert (asked.state, how(uow, desk)) == (DecisionState.REFUSED, Standing.IN_LIBRARY)
    again = ask_standing(desk.own, desk.agency, K.LEAVE, "委托已办结")
    support_application(desk.opener, again, "同意")
    decide_standing(desk.decider, again)
    assert how(uow, desk) is Standing.LEFT
    with pytest.raises(Refused):
        ask_standing(desk.own, desk.agency, K.LEAVE, "再次退出")


def test_a_mistaken_decision_is_revoked_by_another_than_who_confirmed_it(desk, uow):
    row = decided(desk, K.SUSPENSION)
    with pytest.raises(Forbidden):
        revoke_standing(desk.decider, row, "送错机构")
    revoke_standing(desk.opener, row, "送错机构")
    assert how(uow, desk) is Standing.IN_LIBRARY


def test_two_yearly_d_leave_the_library_without_any_decision_r_grade_exit(desk, uow):
    year = uow.today.year
    publish_grade(uow, desk.agency, year - 2, Grade.D)
    publish_grade(uow, desk.agency, year - 1, Grade.D)
    known = standing_of(uow, desk.agency)
    assert (known.standing.standing, known.standing.cause.rule_id) == (Standing.REMOVED, "R-GRADE.exit")
    assert known.has(ConsequenceKind.EXIT)
    with pytest.raises(Refused) as refused:
        ask_standing(desk.own, desk.agency, K.RETURN, "已整改")
    assert refused.value.refusals[0].rule_id == "R-GRADE.exit"


def test_many_standings_are_read_with_a_constant_number_of_queries(desk, uow, count_queries):
    decided(desk, K.SUSPENSION)
    one = [desk.agency.organisation_id, make_organisation(uow).id]
    with count_queries() as few:
        standings_of(uow, one)
    more = [make_agency(uow).organisation_id for _number in range(5)]
    uow.session.expire_all()
    uow.session.refresh(desk.agency)
    with count_queries() as many:
        found = standings_of(uow, [*one, *more])
    assert len(many) <= len(few)
    assert found[one[1]].agency is None, "a newcomer is not in the library, and nothing stands against it"
    assert found[one[1]].standing.is_full


def test_grade_c_is_coached_until_closed_with_a_conclusion_r_grade_c(desk, uow):
    with pytest.raises(Refused, match="不是 C 级"):
        begin_coaching(desk.opener, desk.agency, "松岑大学 陆教授")
    publish_grade(uow, desk.agency, uow.today.year - 1, Grade.C)
    (listed,) = uow.session.scalars(coached_matching(state=WAITING))
    assert (listed.agency_id, without_coach(uow)) == (desk.agency.id, 1)
    row = begin_coaching(desk.opener, desk.agency, "松岑大学 陆教授", "指标体系")
    assert coachings_of(uow, [listed]) == {desk.agency.id: row}
    assert without_coach(uow) == 0
    with pytest.raises(Refused, match="已经安排"):
        begin_coaching(desk.opener, desk.agency, "另一位")
    with pytest.raises(Refused, match="还没有记录"):
        close_coaching(desk.opener, row, "有进步")
    with pytest.raises(Refused) as refused:
        note_session(desk.opener, row, uow.today + timedelta(days=1), "")
    assert fields_in(refused) == {"held_on", "notes"}
    note_session(desk.opener, row, uow.today, "讲解效益指标的写法")
    close_coaching(desk.opener, row, "指标可衡量性明显提高")
    assert row.state is CoachingState.CLOSED
    with pytest.raises(Forbidden):
        note_session(desk.own, row, uow.today, "x")


def test_everybody_reads_standing_and_reason_but_not_the_archive(desk, uow, client, client_as):
    decided(desk, K.SUSPENSION, reason="逾期不整改，暂停承接新的委托")
    case = recorded_case(desk)
    page = standing_page(desk.agency.id)
    seen = client.get(page).text
    assert "暂停" in seen
    assert "逾期不整改" in seen
    assert "R-AGENCY-16" in seen
    assert "诚信档案" not in seen
    assert desk.first.name not in seen, "who proposed it is not for the public"
    own = client_as(desk.head).get(page).text
    assert "诚信档案" in own
    assert "申请退出或者恢复在库" in own
    assert case.number in own
    officer = client_as(desk.first).get(page).text
    assert "提出暂停、移出或者恢复" in officer


def test_standing_is_changed_over_the_pages_by_two_officers(desk, uow, client_as):
    page = standing_page(desk.agency.id)
    values = {"kind": "suspension", "rule_id": "R-AGENCY-16", "reason": "", "ends_on": ""}
    assert client_as(desk.head).post(page, data=values).status_code == 403
    first, second = client_as(desk.first), client_as(desk.second)
    assert first.post(page, data=values).status_code == 422
    assert first.post(page, data={**values, "reason": "逾期不整改"}).status_code == 302
    row = standings_rows(uow, desk)[0]
    assert first.post(f"/agencies/standing/{row.id}/decide").status_code == 403
    assert second.post(f"/agencies/standing/{row.id}/decide").status_code == 302
    assert second.get(f"/agencies/standing/{row.id}/paper.pdf").data.startswith(b"%PDF")
    assert "暂停" in second.get("/agencies/conduct/standing").text
    assert second.post(f"/agencies/standing/{row.id}/decide").status_code == 422


def standings_rows(uow, desk):
    from agencies.queries.standing import decisions_of

    return decisions_of(uow, desk.agency)


def test_coaching_pages(desk, uow, client_as):
    publish_grade(uow, desk.agency, uow.today.year - 1, Grade.C)
    officer, buyer = client_as(desk.first), client_as(make_user(uow, Role.PROCUREMENT_OFFICER))
    assert "待安排" in buyer.get("/agencies/conduct/coaching").text
    new = f"/agencies/{desk.agency.id}/coaching/new"
    assert buyer.post(new, data={"coach": "x"}).status_code == 403
    assert officer.post(new, data={"coach": ""}).status_code == 422
    answer = officer.post(new, data={"coach": "松岑大学 陆教授"})
    assert answer.status_code == 302
    shown = officer.get(answer.location)
    assert "松岑大学 陆教授" in shown.text
    assert (
        officer.post(f"{answer.location}/sessions", data={"held_on": str(uow.today), "notes": "讲解"}).status_code
        == 302
    )
    assert officer.post(f"{answer.location}/close", data={"close-conclusion": "有进步"}).status_code == 302
    assert client_as(desk.head).get(answer.location).status_code == 200


def test_addresses_in_mails_are_those_of_the_pages(app, desk):
    key = desk.agency.id
    with app.test_request_context():
        from flask import url_for

        assert url_for("agency_conduct.show", case_id=key) == case_page(key)
        assert url_for("measures.show", measure_id=key) == measure_page(key)
        assert url_for("standings.show", agency_id=key) == standing_page(key)
        assert url_for("coaching.show", coaching_id=key) == coaching_page(key)
