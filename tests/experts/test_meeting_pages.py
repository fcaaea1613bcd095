"""The meeting in the browser: convened, kept by the secretary, entered by phone, minuted, signed; who sees what."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from core.documents.accept import documents_of
from core.identity.roles import OrganisationKind, Role
from experts.models import IndicatorComment, Review, SheetVersion, SignIn
from experts.queries.meeting import PAPER, minutes_of
from experts.services.conclusions import Answer, answer_comments, send_back
from experts.services.draws import call_earlier_panel
from experts.services.reviews import convene_review
from experts.services.sheets import Remark, lock_sheet
from experts.services.sign_in import meeting_code
from experts.states import Adoption, Capacity, Presence, ReviewState, SeatState
from experts.tasks import meeting_tasks
from projects.services.systems import set_indicators, submit_system
from projects.workflow import INDICATOR_SYSTEM
from tests.factories.experts import Hall, as_user, full_marks, meeting, review_in, submitted_engagement
from tests.factories.identity import make_organisation, make_user
from tests.factories.projects import entries
from tests.fixtures.forms import filled

PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj "
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"
)


@pytest.fixture
def gathering(uow) -> Hall:
    """Half an hour before the meeting; the experts have accepted, nobody has come."""
    hall = review_in(uow, ReviewState.INVITING)
    hall.accept_all()
    hall.review.meets_at = uow.now + timedelta(minutes=30)
    uow.session.flush()
    return hall


def test_the_convening_page_proposes_a_meeting_with_which_it_can_be_sent_as_it_stands(uow, client_as, quality):
    make_organisation(uow, OrganisationKind.SUPERVISION, name="澄湖区审计局")
    engagement, _manager = submitted_engagement(uow)
    browser = client_as(quality)
    path = f"/reviews/new/{engagement.system_id}"
    data = filled(browser.get(path)) | {"place": "二楼会议室", "cppcc": "澄湖区政协经济委员会"}
    data["papers"] = (io.BytesIO(PDF), "评价方案.pdf")
    answer = browser.post(path, data=data, content_type="multipart/form-data")
    assert answer.status_code == 302, answer.text[:3000]
    review = uow.session.scalars(select(Review)).one()
    bodies = {one.capacity: one.body for one in review.attendees}
    assert bodies[Capacity.AUDIT] == "澄湖区审计局"
    assert bodies[Capacity.CPPCC] == "澄湖区政协经济委员会"
    assert [one.name for one in documents_of(uow, review, PAPER)] == ["评价方案.pdf"]
    page = browser.get(f"/reviews/{review.id}/meeting").text
    assert "R-IND-02" in page
    assert "人大" in page
    unsigned = filled(browser.get(path)) | {"finance_person": "", "place": "", "online": ""}
    refused = browser.post(path, data=unsigned)
    assert refused.status_code == 422
    assert "请写明财政部门（委托方）代表的姓名" in refused.text


def test_two_officers_who_convene_the_same_review_at_once_make_one(uow, client_as, quality):
    """The second presses after the first: told which review runs, nothing made twice; a second press leads on."""
    engagement, _manager = submitted_engagement(uow)
    other = make_user(uow, Role.QUALITY_OFFICER)
    path = f"/reviews/new/{engagement.system_id}"
    first, second = client_as(quality), client_as(other)
    forms = [filled(one.get(path)) | {"place": "二楼"} for one in (first, second)]
    made = first.post(path, data=forms[0])
    late = second.post(path, data=forms[1])
    assert (made.status_code, late.status_code) == (302, 422)
    assert "已有正在进行的评审" in late.text
    assert first.post(path, data=forms[0]).location == made.location
    assert len(uow.session.scalars(select(Review)).all()) == 1


def test_the_score_sheet_is_drawn_up_on_its_page(uow, client_as, quality):
    browser = client_as(quality)
    data = filled(browser.get("/review-sheet"))
    data["maximum"][0] = "19"
    wrong = browser.post("/review-sheet", data=data)
    assert wrong.status_code == 422
    assert "应为 100" in wrong.text
    data["title"][6], data["maximum"][6] = "同类可比", "1"
    assert browser.post("/review-sheet", data=data).status_code == 302
    version = uow.session.scalars(select(SheetVersion)).one()
    assert [one["maximum"] for one in version.lines] == ["19", "20", "20", "15", "15", "10", "1"]
    assert "同类可比 1" in browser.get("/review-sheet?lang=en").text
    assert client_as(make_user(uow, Role.PROCUREMENT_OFFICER)).get("/review-sheet").status_code == 403
    engagement, _manager = submitted_engagement(uow)
    page = browser.page(f"/reviews/new/{engagement.system_id}")
    assert "同类可比 1" in page.text


def test_the_secretary_records_moves_notes_and_takes_back(uow, client_as, gathering):
    browser, path = client_as(gathering.quality), f"/reviews/{gathering.review.id}/meeting"
    page = browser.get(path).text
    assert meeting_code(uow, gathering.review) in page
    unit = next(one for one in gathering.review.attendees if one.capacity is Capacity.UNIT)
    seat = gathering.panel[0]
    assert browser.post(f"{path}/presence/{unit.id}", data={"person": "方敏", "deed": "record"}).status_code == 302
    assert browser.post(f"{path}/presence/{seat.id}", data={"deed": "record"}).status_code == 302
    assert {one.how for one in uow.session.scalars(select(SignIn))} == {Presence.SECRETARY}
    assert browser.post(f"{path}/presence/{unit.id}", data={"deed": "undo"}).status_code == 302
    note = {"note-attendee": str(unit.id), "note-indicator": "居民满意度", "note-body": "建议分街镇调查"}
    assert browser.post(f"{path}/notes", data=note).status_code == 302
    assert uow.session.scalars(select(IndicatorComment)).one().attendee.body == unit.body
    guest = {"guest-capacity": "discipline", "guest-body": "澄湖区纪委监委", "guest-person": ""}
    assert browser.post(f"{path}/guests", data=guest).status_code == 302
    assert browser.post(f"{path}/guests", data=guest).status_code == 422
    added = next(one for one in gathering.review.attendees if one.capacity is Capacity.DISCIPLINE)
    assert browser.post(f"{path}/guests/{added.id}/drop").status_code == 302
    upload = {"paper-file": (io.BytesIO(b"not a pdf"), "说明.pdf")}
    assert browser.post(f"{path}/papers", data=upload, content_type="multipart/form-data").status_code == 422
    data = filled(browser.get(f"{path}/edit"))
    stale = {**data, "revision": "0", "place": "三楼"}
    assert browser.post(f"{path}/edit", data=stale).status_code == 409
    assert browser.post(f"{path}/edit", data={**data, "place": "三楼"}).status_code == 422
    moved = {**data, "place": "三楼大会议室", "reason": "原会场被占用"}
    assert browser.post(f"{path}/edit", data=moved).status_code == 302
    assert gathering.review.place == "三楼大会议室"
    for user in (gathering.manager, gathering.observer):
        assert client_as(user).post(f"{path}/presence/{unit.id}", data={"deed": "record"}).status_code == 403


def test_whoever_scans_the_code_is_led_to_the_own_place(uow, client, client_as, gathering):
    code = meeting_code(uow, gathering.review)
    door = f"/meetings/sign-in?code={code}"
    seat = gathering.panel[0]
    expert = client_as(seat.expert.user)
    assert expert.get(door).location.startswith(f"/my-reviews/{seat.id}?code=")
    assert code in expert.get(f"/my-reviews/{seat.id}?code={code}").text
    wrong = expert.post(f"/my-reviews/{seat.id}/sign-in", data={"in-code": "ABCD-EFGH"}, follow_redirects=True)
    assert "会场码不对" in wrong.text
    assert expert.post(f"/my-reviews/{seat.id}/sign-in", data={"in-code": code}).status_code == 302
    agency = client_as(gathering.manager)
    assert "/meeting?code=" in agency.get(door).location
    own = next(one for one in gathering.review.attendees if one.capacity is Capacity.AGENCY)
    path = f"/reviews/{gathering.review.id}/meeting/sign-in/{own.id}"
    assert agency.post(path, data={"in-code": "wrong"}).status_code == 422
    assert agency.post(path, data={"in-code": code}).status_code == 302
    assert agency.post(path, data={"in-code": code}).status_code == 422
    other = next(one for one in gathering.review.attendees if one.capacity is Capacity.FINANCE)
    assert agency.post(path.replace(str(own.id), str(other.id)), data={"in-code": code}).status_code == 404
    assert client.get(door).status_code == 200
    names = [one.expert.user.name for one in gathering.panel]
    assert not [name for name in names if name in client.get(door).text]
    assert client.post("/meetings/sign-in", data={"code": "ABCDEFGH"}).status_code == 422
    unit = next(one for one in gathering.review.attendees if one.capacity is Capacity.UNIT)
    assert client.post("/meetings/sign-in", data={"code": code, "person": "方敏"}).status_code == 422
    data = {"code": code, "attendee": str(unit.id), "person": ""}
    assert client.post("/meetings/sign-in", data=data).status_code == 422
    assert client.post("/meetings/sign-in", data=data | {"person": "方敏"}).location == "/meetings/welcome"
    assert uow.session.scalar(select(SignIn.how).where(SignIn.attendee_id == unit.id)) is Presence.CODE


def test_minutes_signatures_and_papers_in_the_browser(uow, uow_as, app, client_as):
    hall = review_in(uow, ReviewState.SCORED)
    officer, path = client_as(hall.quality), f"/reviews/{hall.review.id}"
    with app.test_request_context():
        assert f"{path}/meeting/minutes" in [one.url for one in meeting_tasks(uow_as(hall.quality))]
    assert officer.get(f"{path}/opinion.pdf").status_code == 404
    data = filled(officer.get(f"{path}/meeting/minutes"))
    assert officer.post(f"{path}/meeting/minutes", data={**data, "opinion": " "}).status_code == 422
    sent = officer.post(f"{path}/meeting/minutes", data=data)
    assert sent.status_code == 302
    assert officer.post(f"{path}/meeting/minutes", data=data).location == sent.location
    assert minutes_of(uow, hall.review) is not None
    stale = {"course": "甲", "opinion": "乙", "revision": "0"}
    assert officer.post(f"{path}/meeting/minutes", data=stale).status_code == 409
    seat = hall.panel[0]
    with app.test_request_context():
        assert [one.url for one in meeting_tasks(uow_as(seat.expert.user))] == [f"/my-reviews/{seat.id}"]
    expert = client_as(seat.expert.user)
    assert "签署评审意见" in expert.get(f"/my-reviews/{seat.id}").text
    assert expert.post(f"/my-reviews/{seat.id}/sign", data={"sign-dissent": ""}).status_code == 302
    again = expert.post(f"/my-reviews/{seat.id}/sign", data={"sign-dissent": ""}, follow_redirects=True)
    assert "您已签署" in again.text
    assert expert.get(f"/my-reviews/{seat.id}/opinion.pdf").data.startswith(b"%PDF")
    agency = client_as(hall.manager)
    assert agency.get(f"{path}/opinion.pdf").status_code == 404
    upload = {"scan-file": (io.BytesIO(PDF), "签字件.pdf")}
    assert officer.post(f"{path}/meeting/scan", data=upload, content_type="multipart/form-data").status_code == 302
    officer.post(f"{path}/conclude", data={"decision": "consent", "opinion": "同意"})
    for name in ("opinion", "minutes"):
        assert agency.get(f"{path}/{name}.pdf").data.startswith(b"%PDF")
    scanned = re.search(r"/documents/[0-9a-f-]{36}", officer.get(f"{path}/meeting").text)[0]
    assert officer.get(scanned).status_code == 200
    assert agency.get(scanned).status_code == 404
    shown = agency.get(f"{path}/meeting").text + agency.get(path).text
    assert not [one for one in hall.panel if one.expert.user.name in shown]


def test_an_answer_that_refuses_needs_its_reason_and_keeps_what_was_typed(uow, client_as):
    hall = review_in(uow, ReviewState.RETURNED)
    uow.add(
        comment := IndicatorComment(
            review_id=hall.review.id,
            author_id=hall.panel[0].expert.user_id,
            indicator_name="居民满意度",
            body="样本量偏小",
            written_at=uow.now,
            answered_at=None,
            adoption=None,
            attendee_id=None,
            is_settled=None,
            settled_at=None,
        )
    )
    uow.session.flush()
    agency, path = client_as(hall.manager), f"/reviews/{hall.review.id}"
    assert "修改期限" in agency.get(path).text
    bare = agency.post(f"{path}/answers", data={f"adoption-{comment.id}": "not"})
    assert bare.status_code == 422
    assert "须写明理由" in bare.text
    said = {f"adoption-{comment.id}": "not", f"answer-{comment.id}": "上年没有同口径数据"}
    assert agency.post(f"{path}/answers", data=said).status_code == 302
    assert comment.adoption is Adoption.NOT
    assert "上年没有同口径数据" in client_as(hall.quality).get(path).text
    nonsense = {"adoption-x": "not", f"adoption-{comment.id}": "perhaps"}
    assert agency.post(f"{path}/answers", data=nonsense).status_code == 302


@pytest.mark.parametrize("state", [ReviewState.CONVENED, ReviewState.SCORING, ReviewState.PASSED])
def test_the_meetings_page_stands_for_everybody_who_may_read(uow, client_as, count_queries, state):
    hall = review_in(uow, state)
    for user in (hall.quality, hall.observer, hall.manager, make_user(uow, Role.PROCUREMENT_SUPERVISOR)):
        browser = client_as(user)
        assert browser.get(f"/reviews/{hall.review.id}/meeting?lang=en").status_code == 200
        with count_queries() as asked:
            browser.get(f"/reviews/{hall.review.id}/meeting")
        assert len(asked) < 60
    seat = next((one for one in hall.panel if one.state is not SeatState.RESERVE), None)
    if seat is not None:
        assert client_as(seat.expert.user).get(f"/reviews/{hall.review.id}/meeting").status_code == 404


def test_the_second_reviews_sheet_shows_what_changed_and_closes_comments_one_by_one(uow, client_as):
    hall = review_in(uow, ReviewState.SCORING)
    first = hall.panel[0]
    lock_sheet(hall.as_expert(first), first, full_marks(uow, remarks=(Remark("居民满意度", "样本量偏小", True),)))
    for seat in hall.panel[1:]:
        lock_sheet(hall.as_expert(seat), seat, full_marks(uow, "0.7"))
    send_back(as_user(uow, hall.quality), hall.review, "请修改")
    comment = uow.session.scalars(select(IndicatorComment)).one()
    agency, system = as_user(uow, hall.manager), hall.engagement.system
    answer_comments(agency, hall.review, {comment.id: Answer(Adoption.PARTLY, "样本扩大到 3%")})
    INDICATOR_SYSTEM.fire(agency, system, "revise")
    rows = entries()
    set_indicators(agency, system, [*rows[:3], replace(rows[3], target="不低于 90%")])
    submit_system(agency, system)
    officer = as_user(uow, hall.quality)
    hall.review = convene_review(officer, system, meeting(uow))
    call_earlier_panel(officer, hall.review)
    hall.begin()
    seat = next(one for one in hall.panel if one.expert_id == first.expert_id)
    browser, path = client_as(seat.expert.user), f"/my-reviews/{seat.id}/sheet"
    page = browser.page(path)
    assert "样本扩大到 3%" in page.text
    assert "不低于 90%" in "".join(one.text for one in page.select("ins"))
    data = {key: str(points) for key, points in full_marks(uow).points.items()} | {"opinion": "好", "deed": "lock"}
    assert "未销号" in browser.post(path, data=data).text
    assert browser.post(path, data=data | {f"settled-{comment.id}": "yes"}).status_code == 302
    assert comment.is_settled
    assert "已销号" in client_as(hall.quality).get(f"/reviews/{comment.review_id}").text
