"""Pages of a report's panel: convened, drawn by two roles, answered, rated, concluded; each sees what is theirs."""

from __future__ import annotations

from datetime import timedelta

from core.identity.roles import Role
from experts.services.links import make_link
from experts.states import LinkPurpose
from grading.queries.report_review import review_of_engagement
from grading.states import ReportReviewState, ReportSeatState
from tests.factories.experts import pool_of
from tests.factories.grading import checked_submission
from tests.factories.identity import make_user
from tests.factories.report_panels import PHRASES, Panel


def test_a_panel_from_the_form_to_the_draw(uow, client_as):
    desk = checked_submission(uow)
    desk.dispose()
    pool_of(uow, 10)
    client, address = client_as(desk.quality), f"/submissions/{desk.submission.id}/report-review"
    page = client.page(address)
    data = {tag["name"]: tag.get("value", "") for tag in page.select("#form input[name], form input[name]")}
    data |= {"way": "drawn", "size": "1", "reserves": "2", "fee": "800", "answer_hours": "48", "ground": ""}
    data |= {"due_on": (uow.today + timedelta(days=9)).isoformat(), "capacity_0": "audit", "body_0": "区审计局"}
    bad = client.post(address, data=data)
    assert bad.status_code == 422
    assert 'id="size-error"' in bad.get_data(as_text=True)
    assert client.post(address, data={**data, "size": "3"}).status_code == 302
    review = review_of_engagement(uow, desk.engagement.id)
    place = f"/report-reviews/{review.id}"
    assert client.page(place).select("form[action$='/lock']")
    assert client.post(f"{place}/lock", data={}).status_code == 302
    observer = client_as(make_user(uow, Role.OBSERVER))
    for one, phrase in zip((client, observer), PHRASES, strict=True):
        assert one.page(place).select("#promise")
        assert one.post(f"{place}/promise", data={"phrase": phrase}).status_code == 302
    for one, phrase in zip((client, observer), PHRASES, strict=True):
        assert one.post(f"{place}/reveal", data={"phrase": phrase}).status_code == 302
    uow.session.refresh(review)
    assert review.state is ReportReviewState.RATING
    assert len(client.page(place).select("tbody tr")) >= 5
    assert client.get(f"{place}/record.json").status_code == 200
    names = [seat.expert.user.name for seat in review.seats]
    assert not any(name in observer.page(place).get_text() for name in names)
    assert client_as(desk.manager).get(place).status_code == 404


def test_an_expert_accepts_reads_rates_and_learns_nothing_of_the_others(uow, client_as):
    panel = Panel(uow).draw()
    seat = panel.in_state(ReportSeatState.INVITED)[0]
    expert, address = client_as(seat.expert.user), f"/report-invitations/{seat.id}"
    score = f"/submissions/{panel.desk.submission.id}/score"
    assert expert.get(score).status_code == 404
    assert client_as(panel.in_state(ReportSeatState.INVITED)[1].expert.user).get(address).status_code == 404
    assert expert.post(f"{address}/accept", data={}).status_code == 422
    assert expert.post(f"{address}/accept", data={"confirmed": "y"}).status_code == 302
    uow.session.expire_all()
    panel.desk.rate(panel.officer, "0.9")
    page = expert.page(score)
    assert page.select("#sheet")
    assert "实际权重" not in page.get_text()
    assert expert.get(f"/submissions/{panel.desk.submission.id}").status_code == 200
    assert expert.get(f"/documents/{panel.desk.submission.document_id}").status_code == 200
    assert expert.page(address).select(f"a[href='{score}']")


def test_the_mailed_link_answers_without_signing_in(uow, client_as, client):
    panel = Panel(uow).draw()
    seat = panel.in_state(ReportSeatState.INVITED)[0]
    token = make_link(uow, seat, LinkPurpose.ANSWER, until=uow.now + timedelta(days=1))
    page = client.get(f"/invitations/{token}")
    assert page.status_code == 200
    assert "绩效评价报告评审" in page.get_data(as_text=True)


def test_the_result_is_seen_by_who_rated_at_once_and_by_the_agency_when_the_score_is_confirmed(uow, client_as):
    panel = Panel(uow).draw().accept_all().rate_all()
    client, place = client_as(panel.officer), f"/report-reviews/{panel.review.id}"
    assert not client.page(place).select("#conclude"), "not before the own sheet is locked"
    guest = panel.review.guests[0]
    assert client.post(f"/report-guests/{guest.id}", data={"g1-opinion": ""}).status_code == 422
    assert client.post(f"/report-guests/{guest.id}", data={"g1-opinion": "建议补充受益对象意见"}).status_code == 302
    panel.desk.rate(panel.officer, "0.9")
    assert client.page(place).select("#conclude textarea")
    assert client.post(f"{place}/conclude", data={"end-opinion": ""}).status_code == 422
    assert client.post(f"{place}/conclude", data={"end-opinion": "报告可用。"}).status_code == 302
    assert client.get(f"{place}/minutes.pdf").data.startswith(b"%PDF")
    manager = client_as(panel.desk.manager)
    assert manager.get(place).status_code == 404
    score = f"/submissions/{panel.desk.submission.id}/score"
    assert client.post(score, data={"veto": ""}).status_code == 302
    uow.session.expire_all()
    assert "报告可用。" in manager.page(place).get_text()
    assert panel.in_state(ReportSeatState.ACCEPTED)[0].expert.user.name not in manager.page(place).get_text()
    assert manager.get(f"{place}/minutes.pdf").status_code == 200
