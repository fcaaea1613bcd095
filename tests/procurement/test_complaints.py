"""Complaints: only supervision decides, buyers learn of the file with their copy, every clock of R-REMEDY-03."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.documents.accept import documents_of
from core.errors import Forbidden, Refused
from core.identity.models import User
from core.identity.roles import Role
from core.permissions import policy
from procurement.models import Complaint
from procurement.permissions import ComplaintPermission
from procurement.queries.complaints import unfounded_complaints, visible_complaints
from procurement.queries.remedies import clocks_of, reckoner
from procurement.services.complaints import (
    ComplaintEntry,
    complaint_refusals,
    decide_complaint,
    file_complaint,
    pause_clock,
    resume_clock,
    serve_copies,
    state_position,
    supplement,
    suspend_purchase,
)
from procurement.services.remedy_clocks import find_clock
from procurement.states import ComplaintState, DismissalGround, Measure
from procurement.suspensions import suspensions
from procurement.tasks.complaints import complaint_tasks
from procurement.workflow import COMPLAINT
from procurement.workflow.tenders import not_ordered_to_stop
from tests.factories.awards import awarded_tender, scored_tender
from tests.factories.bids import shift_clock
from tests.factories.identity import make_user
from tests.factories.remedies import bidder_of, challenged, complained, dismissed

ENTRY = ComplaintEntry(matter="业绩不实", facts="答复与合同原件不符", request="责令重新评审")


@pytest.fixture
def supervisor(uow, uow_as):
    return uow_as(make_user(uow, Role.PROCUREMENT_SUPERVISOR))


def text_of(answer) -> str:
    return answer.get_data(as_text=True)


def last_days(uow, complaint) -> dict:
    return {one.name: (one.starts_on, one.last_day) for one in clocks_of(uow, complaint)}


def test_a_complaint_starts_its_clocks_and_only_supervision_learns_of_it(uow, uow_as, client_as, supervisor):
    tender = awarded_tender(uow)
    complaint = complained(uow, tender)
    days = last_days(uow, complaint)
    reckon = reckoner(uow)
    for name in ("review_days", "copy_days", "decision_days"):
        assert days[name] == (uow.today, reckon.period("R-REMEDY-03", uow.today, name).last_day)
    officer = uow_as(tender.drafted_by)
    assert not policy.allows(officer.actor, ComplaintPermission.READ, complaint)
    for user in (tender.drafted_by, tender.approved_by, bidder_of(uow, tender, 0), make_user(uow, Role.OBSERVER)):
        browser = client_as(user)
        assert browser.get(f"/complaints/{complaint.id}").status_code == 404
        assert uow_as(user).session.scalars(visible_complaints(uow_as(user).actor)).all() == []
        for page in ("/home", "/inbox/", "/challenges", f"/tenders/{tender.id}/remedies"):
            assert complaint.number not in text_of(browser.get(page))
    assert uow.session.scalars(visible_complaints(supervisor.actor)).all() == [complaint]


def test_from_acceptance_to_a_published_decision(uow, uow_as, client, supervisor):
    tender = awarded_tender(uow)
    complaint = complained(uow, tender)
    winner = uow_as(bidder_of(uow, tender, 0))
    with pytest.raises(Refused):
        decide_complaint(supervisor, complaint, "查明", ground=DismissalGround.NOT_PROVEN)
    COMPLAINT.fire(supervisor, complaint, "accept")
    with pytest.raises(Refused):
        decide_complaint(supervisor, complaint, "查明", ground=DismissalGround.NOT_PROVEN)  # copies not sent
    parties = serve_copies(supervisor, complaint)
    assert {one.is_purchaser for one in parties} == {True, False}
    officer = uow_as(tender.drafted_by)
    assert policy.allows(officer.actor, ComplaintPermission.READ, complaint)
    for party in parties:
        (clock,) = clocks_of(uow, party)
        assert (clock.rule_id, clock.name) == ("R-REMEDY-03", "statement_days")
    state_position(officer, complaint, "评审程序合法，业绩已核实。")
    state_position(winner, complaint, "业绩合同真实，附原件。")
    assert all(one.statement for one in complaint.parties)
    with pytest.raises(Refused):
        decide_complaint(supervisor, complaint, "查明", ground=DismissalGround.NOT_PROVEN, measure=Measure.RE_TENDER)
    decide_complaint(supervisor, complaint, "经查，业绩合同真实。", ground=DismissalGround.NOT_PROVEN)
    assert complaint.state is ComplaintState.DISMISSED
    assert all(one.stopped_at for one in clocks_of(uow, complaint))
    assert documents_of(uow, complaint, "decision")
    page = text_of(client.get(f"/complaint-decisions/{complaint.id}"))
    assert "驳回投诉" in page
    assert complaint.number in text_of(client.get("/complaint-decisions"))


def test_nobody_but_supervision_handles_it(uow, uow_as):
    tender = awarded_tender(uow)
    complaint = complained(uow, tender)
    for user in (tender.drafted_by, tender.approved_by, complaint.filed_by, make_user(uow, Role.OBSERVER)):
        other = uow_as(user)
        for deed in (
            lambda o=other: COMPLAINT.fire(o, complaint, "accept"),
            lambda o=other: COMPLAINT.fire(o, complaint, "refuse", reason="无"),
            lambda o=other: serve_copies(o, complaint),
            lambda o=other: suspend_purchase(o, complaint, 5),
            lambda o=other: pause_clock(o, complaint, "鉴定"),
        ):
            with pytest.raises(Forbidden):
                deed()
    assert complaint.state is ComplaintState.FILED


def test_a_complaint_comes_after_the_challenge_and_in_time(uow, uow_as):
    tender = awarded_tender(uow)
    open_challenge = challenged(uow, tender)
    filer = uow_as(open_challenge.filed_by)
    with pytest.raises(Refused) as refused:
        file_complaint(filer, open_challenge, ENTRY)
    assert {one.rule_id for one in refused.value.refusals} == {"R-REMEDY-03"}
    due = find_clock(uow, open_challenge, "answer_days").last_day
    shift_clock(uow, timedelta(days=(due - uow.today).days + 1))
    assert complaint_refusals(uow_as(open_challenge.filed_by), open_challenge) == []  # not answered in time
    last = reckoner(uow).complaint_until(due).last_day
    shift_clock(uow, timedelta(days=(last - uow.today).days + 1))
    late = complaint_refusals(uow_as(open_challenge.filed_by), open_challenge)
    assert "届满" in str(late[0].reason)


def test_one_complaint_about_one_challenge_by_the_challenger(uow, uow_as):
    tender = awarded_tender(uow)
    complaint = complained(uow, tender)
    with pytest.raises(Refused):
        file_complaint(uow_as(complaint.filed_by), complaint.challenge, ENTRY)
    with pytest.raises(Forbidden):
        file_complaint(uow_as(bidder_of(uow, tender, 2)), complaint.challenge, ENTRY)
    other = dismissed(uow, tender, place=2)
    with pytest.raises(Refused) as refused:
        file_complaint(uow_as(other.filed_by), other, ComplaintEntry(" ", "", ""))
    assert {one.field for one in refused.value.refusals} == {"matter", "facts", "request"}


def test_days_for_completion_and_experts_do_not_count(uow, uow_as):
    tender = awarded_tender(uow)
    complaint = complained(uow, tender)
    user = make_user(uow, Role.PROCUREMENT_SUPERVISOR)
    start, plain = last_days(uow, complaint)["decision_days"]
    COMPLAINT.fire(uow_as(user), complaint, "correct", reason="缺少质疑函复印件")
    shift_clock(uow, timedelta(days=8))
    supplement(uow_as(complaint.filed_by), complaint, "补交质疑函")
    moved = last_days(uow, complaint)["decision_days"]
    assert moved[0] == start
    assert moved[1] > plain
    review = find_clock(uow, complaint, "review_days")
    assert (review.starts_on, review.stopped_at) == (uow.today, None)
    COMPLAINT.fire(uow_as(user), complaint, "accept")
    with pytest.raises(Refused):
        pause_clock(uow_as(user), complaint, " ")
    pause_clock(uow_as(user), complaint, "委托鉴定业绩合同笔迹")
    with pytest.raises(Refused):
        pause_clock(uow_as(user), complaint, "又一次")
    shift_clock(uow, timedelta(days=10))
    resume_clock(uow_as(user), complaint)
    assert last_days(uow, complaint)["decision_days"][1] > moved[1]
    pauses = [(one.begins_on, one.ends_on) for one in complaint.pauses]
    assert last_days(uow, complaint)["decision_days"][1] == reckoner(uow).decision(start, pauses).last_day


def test_the_list_asks_the_database_a_constant_number_of_times(uow, client_as, count_queries, supervisor):
    browser = client_as(uow.get(User, supervisor.actor.user_id))

    def counted() -> int:
        with count_queries() as statements:
            assert browser.get("/complaints").status_code == 200
        return len(statements)

    complained(uow, awarded_tender(uow))
    counted()
    few = counted()
    for _more in range(2):
        complained(uow, awarded_tender(uow))
    assert counted() <= few + 1


def test_a_refusal_is_told_with_its_reason_and_letter(uow, supervisor):
    complaint = complained(uow, awarded_tender(uow))
    with pytest.raises(Refused):
        COMPLAINT.fire(supervisor, complaint, "refuse")
    COMPLAINT.fire(supervisor, complaint, "refuse", reason="投诉事项超出质疑范围")
    clock = find_clock(uow, complaint, "refusal_days")
    assert clock.stopped_at is not None
    assert documents_of(uow, complaint, "refusal")


def test_an_ordered_suspension_stops_the_purchase_and_has_a_limit(uow, supervisor):
    tender = awarded_tender(uow)
    complaint = complained(uow, tender)
    with pytest.raises(Refused):
        suspend_purchase(supervisor, complaint, 10)
    COMPLAINT.fire(supervisor, complaint, "accept")
    with pytest.raises(Refused) as refused:
        suspend_purchase(supervisor, complaint, 31)
    assert refused.value.refusals[0].rule_id == "R-REMEDY-03"
    suspend_purchase(supervisor, complaint, 30)
    (one,) = suspensions(uow, tender)
    assert one.stops_everything
    assert one.rule_id == "R-REMEDY-03"
    assert not_ordered_to_stop(uow, tender).rule_id == "R-REMEDY-03"
    assert not_ordered_to_stop(uow, scored_tender(uow)) is None
    serve_copies(supervisor, complaint)
    decide_complaint(supervisor, complaint, "成立", measure=Measure.RE_TENDER)
    assert [one.stops_everything for one in suspensions(uow, tender)] == [False]  # contracts wait for the measure


def test_three_unfounded_complaints_in_twelve_months_are_counted(uow, supervisor):
    """R-REMEDY-04."""
    tender = awarded_tender(uow)
    complaint = complained(uow, tender)
    COMPLAINT.fire(supervisor, complaint, "accept")
    serve_copies(supervisor, complaint)
    decide_complaint(supervisor, complaint, "无据", ground=DismissalGround.FALSE)
    count = unfounded_complaints(uow, complaint.organisation_id)
    assert (count.found, count.limit, count.months, count.is_reached) == (1, 3, 12, False)
    for number in range(3):
        copied = {
            column.name: getattr(complaint, column.name)
            for column in Complaint.__table__.columns
            if column.name not in ("id", "number", "challenge_id", "revision")
        }
        other = dismissed(uow, awarded_tender(uow))
        uow.add(Complaint(**{**copied, "number": f"TS-1999-{number}", "challenge_id": other.id}))
    uow.session.flush()
    assert unfounded_complaints(uow, complaint.organisation_id).is_reached
    uow.session.query(Complaint).filter(Complaint.number.startswith("TS-1999")).update(
        {"decided_at": uow.now - timedelta(days=400)}, synchronize_session=False
    )
    assert unfounded_complaints(uow, complaint.organisation_id).found == 1


def test_every_form_of_its_page(uow, client_as):
    tender = awarded_tender(uow)
    challenge = dismissed(uow, tender)
    filer = client_as(challenge.filed_by)
    address = f"/challenges/{challenge.id}/complain"
    assert "提起投诉" in text_of(filer.get(f"/challenges/{challenge.id}"))
    assert filer.get(address).status_code == 200
    data = {"matter": "业绩不实", "facts": "", "request": "重新评审"}
    assert filer.post(address, data=data).status_code == 422
    sent = filer.post(address, data=data | {"facts": "答复与原件不符"})
    assert sent.status_code == 302
    page = sent.headers["Location"]
    assert "办理期限" in text_of(filer.get(page))
    desk = client_as(make_user(uow, Role.PROCUREMENT_SUPERVISOR))
    assert "开标后显示" not in text_of(desk.get("/complaints"))
    assert desk.post(f"{page}/do/correct", data={"reason": "缺材料"}).status_code == 302
    assert filer.post(f"{page}/supplement", data={"words": ""}).status_code == 422
    assert filer.post(f"{page}/supplement", data={"words": "补充材料"}).status_code == 302
    assert desk.post(f"{page}/do/accept").status_code == 302
    assert desk.post(f"{page}/suspend", data={"days": "400"}).status_code == 422
    assert desk.post(f"{page}/suspend", data={"days": "20"}).status_code == 302
    assert desk.post(f"{page}/pause", data={"pause_reason": "鉴定"}).status_code == 302
    assert desk.post(f"{page}/resume", data={}).status_code == 302
    assert desk.post(f"{page}/serve", data={}).status_code == 302
    assert desk.post(f"{page}/serve", data={}).status_code == 422
    officer = client_as(tender.drafted_by)
    shown = text_of(officer.get(page))
    assert "提交说明" in shown
    assert "作出处理决定" not in shown
    assert officer.post(f"{page}/decide", data={}).status_code == 403
    assert officer.post(f"{page}/statement", data={"words": "程序合法"}).status_code == 302
    assert "程序合法" in text_of(desk.get(page))
    data = {"outcome": "measure:re-evaluate", "decision_words": "经查属实"}
    assert desk.post(f"{page}/decide", data=data | {"decision_words": ""}).status_code == 422
    assert desk.post(f"{page}/decide", data=data).status_code == 302
    assert "投诉成立" in text_of(officer.get(page))


def test_tasks_of_both_sides(uow, uow_as, app, supervisor):
    tender = awarded_tender(uow)
    complaint = complained(uow, tender)
    with app.test_request_context():
        assert [str(one.title)[:4] for one in complaint_tasks(supervisor)] == ["审查投诉"]
        assert list(complaint_tasks(uow_as(tender.drafted_by))) == []
        COMPLAINT.fire(supervisor, complaint, "accept")
        serve_copies(supervisor, complaint)
        assert [str(one.title)[:2] for one in complaint_tasks(uow_as(tender.drafted_by))] == ["就投"]
        assert [str(one.title)[:4] for one in complaint_tasks(supervisor)] == ["作出投诉"]
