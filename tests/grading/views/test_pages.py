"""Pages of reports, scores and grades in the browser's eyes: access, bad input, double submit, figures."""

from __future__ import annotations

import io
import uuid

import pytest

from core.identity.roles import Role
from grading import addresses
from grading.queries import findings_of, visible_submissions
from grading.services.grading_cycle import compute_cycle
from grading.states import FindingState, SubmissionState
from grading.views.marking import Piece, cut
from tests.factories.grading import (
    Desk,
    checked_submission,
    delivered_report,
    publish_year,
    report_bytes,
    scored_engagement,
)
from tests.factories.identity import make_user


@pytest.fixture
def desk(uow):
    return checked_submission(uow)


def page_of(submission) -> str:
    return f"/submissions/{submission.id}"


def test_another_agency_never_learns_of_a_submission_or_its_findings(uow, client_as, desk):
    stranger = client_as(Desk(uow).manager)
    finding = findings_of(uow, desk.submission)[0]
    assert stranger.get(page_of(desk.submission)).status_code == 404
    assert stranger.get(f"{page_of(desk.submission)}/score").status_code == 404
    assert stranger.post(f"/findings/{finding.id}/dispose", data={"deed": "uphold"}).status_code in (403, 404)
    assert desk.engagement.project.name not in stranger.get("/submissions").get_data(as_text=True)
    assert stranger.get(f"/documents/{desk.submission.document_id}").status_code in (403, 404)


def test_the_unit_reads_the_report_but_no_findings(client_as, desk):
    page = client_as(desk.unit).page(page_of(desk.submission))
    assert page.select(".report-p")
    assert not page.select("[data-finding-card]")
    assert not page.select("mark.evidence")


def test_observers_do_not_read_reports(uow, client_as, desk):
    assert client_as(make_user(uow, Role.OBSERVER)).get(page_of(desk.submission)).status_code == 404


@pytest.mark.parametrize("who", ["quality", "manager", "unit"])
def test_the_list_says_the_same_as_the_permission(uow, desk, who):
    rows = uow.session.scalars(visible_submissions(desk.acting(getattr(desk, who)).actor)).all()
    assert desk.submission in rows


def test_a_report_is_delivered_once_however_often_the_button_is_pressed(uow, client_as):
    desk = Desk(uow)
    client = client_as(desk.manager)
    address = f"/submissions/new/{desk.engagement.id}"
    once = client.page(address).find("input", {"name": "once"})["value"]
    for _press in range(2):
        answer = client.post(
            address,
            data={"once": once, "file": (io.BytesIO(report_bytes()), "报告.docx")},
            content_type="multipart/form-data",
        )
        assert answer.status_code == 302
    assert client.page("/submissions").select("tbody tr").__len__() == 1


def test_a_bad_file_is_answered_at_the_field(uow, client_as):
    desk = Desk(uow)
    answer = client_as(desk.manager).post(
        f"/submissions/new/{desk.engagement.id}",
        data={"once": str(uuid.uuid4()), "file": (io.BytesIO(b"hello"), "报告.pdf")},
        content_type="multipart/form-data",
    )
    assert answer.status_code == 422
    assert "file-error" in answer.get_data(as_text=True)


def test_delivery_before_approval_names_the_rule(uow, client_as):
    desk = Desk(uow, approved=False)
    page = client_as(desk.manager).page(f"/submissions/new/{desk.engagement.id}")
    assert "R-IND-01" in page.get_text()


def test_the_workbench_marks_evidence_and_leads_to_the_findings(client_as, desk):
    page = client_as(desk.quality).page(page_of(desk.submission))
    assert page.select("mark.evidence")
    targets = {link["href"] for link in page.select(".finding-evidence a")}
    ids = {f"#{tag['id']}" for tag in page.find_all(id=True)}
    assert targets <= ids


def test_findings_are_narrowed_from_the_address(client_as, desk):
    client = client_as(desk.quality)
    assert client.page(f"{page_of(desk.submission)}?class=score-sum").select("[data-finding-card]")
    assert not client.page(f"{page_of(desk.submission)}?disposal=upheld").select("[data-finding-card]")


def test_upholding_and_dismissing_by_form(uow, client_as, desk):
    client = client_as(desk.quality)
    finding = findings_of(uow, desk.submission)[0]
    address = f"/findings/{finding.id}/dispose"
    client.post(address, data={"deed": "dismiss", "revision": str(finding.revision)})
    assert findings_of(uow, desk.submission)[0].state is FindingState.OPEN
    client.post(address, data={"deed": "uphold", "revision": str(finding.revision)})
    assert findings_of(uow, desk.submission)[0].state is FindingState.UPHELD
    stale = client.post(address, data={"deed": "dismiss", "reason": "口径", "revision": "1"})
    assert stale.status_code == 409
    assert findings_of(uow, desk.submission)[0].state is FindingState.UPHELD


def test_finishing_disposal_too_early_changes_nothing(uow, client_as, desk):
    client_as(desk.quality).post(f"{page_of(desk.submission)}/do/dispose")
    uow.session.refresh(desk.submission)
    assert desk.submission.state is SubmissionState.CHECKED


def test_a_report_is_rated_and_its_score_confirmed_by_form(uow, client_as, desk):
    desk.dispose()
    client = client_as(desk.quality)
    page = client.page(f"{page_of(desk.submission)}/score")
    points = {tag["name"]: "9" for tag in page.select("#sheet input[name^=points_]")}
    reasons = {name.replace("points_", "reason_"): "按标准" for name in points}
    bad = client.post(f"{page_of(desk.submission)}/sheet", data={**points, "points_form": "11", "deed": "lock"})
    assert bad.status_code == 422
    assert "points_form-error" in bad.get_data(as_text=True)
    good = client.post(f"{page_of(desk.submission)}/sheet", data={**points, **reasons, "deed": "lock"})
    assert good.status_code == 302
    assert client.page(f"{page_of(desk.submission)}/score").select("#decide")
    assert client.post(f"{page_of(desk.submission)}/score", data={"veto": ""}).status_code == 302
    assert client_as(desk.manager).get(f"{page_of(desk.submission)}/score").status_code == 200


def test_a_rater_sees_no_other_sheet_before_the_own_is_locked(client_as, desk):
    desk.dispose()
    desk.rate(desk.quality)
    page = client_as(desk.unit).page(f"{page_of(desk.submission)}/score")
    assert page.select("#sheet")
    assert "实际权重" not in page.get_text()


def test_a_year_is_computed_and_published_by_two_people_in_the_browser(uow, client_as, clock):
    desk = scored_engagement(uow)
    first, second = client_as(desk.quality), client_as(make_user(uow, Role.QUALITY_OFFICER))
    answer = first.post("/grading/compute", data={"year": str(uow.today.year)})
    assert answer.status_code == 302
    address = answer.headers["Location"]
    assert first.post(f"{address}/publish").status_code == 403
    assert second.page(address).select("form[action$=announce]")
    assert second.post(f"{address}/announce").status_code == 302
    early = second.post(f"{address}/publish")
    assert early.status_code == 422
    assert "R-GRADE.publish" in early.get_data(as_text=True)
    clock.advance(days=16)
    assert second.page(address).select("form[action$=publish]")
    assert second.post(f"{address}/publish").status_code == 302
    assert first.post("/grading/compute", data={"year": "1990"}).status_code == 422


def test_rule_sets_are_shown_and_a_cycle_is_given_up_with_a_reason(uow, client_as):
    desk = scored_engagement(uow)
    client = client_as(desk.quality)
    year = str(uow.today.year)
    address = client.post("/grading/compute", data={"year": year, "rule_set": "credit"}).headers["Location"]
    assert client.post("/grading/compute", data={"year": year, "rule_set": "nonsense"}).status_code == 422
    refused = client.post("/grading/compute", data={"year": year, "rule_set": "house"})
    assert refused.status_code == 422
    assert "R-GRADE.year" in refused.get_data(as_text=True)
    assert "信用评价" in client.page(address).get_text()
    assert "高于 90 分" in client.page("/grading/rules/credit").get_text()
    assert "R-GRADE.zhuhai" in client.page("/grading/rules/zhuhai").get_text()
    assert client.get("/grading/rules/nonsense").status_code == 404
    assert client_as(desk.manager).get("/grading/rules/house").status_code in (403, 404)
    assert client.post(f"{address}/drop", data={}).status_code == 422
    assert client.post(f"{address}/drop", data={"drop-reason": "改按本局方案"}).status_code == 302
    assert client.post("/grading/compute", data={"year": year, "rule_set": "house"}).status_code == 302


def test_a_published_grade_is_explained_to_everybody_and_its_record_downloads(uow, client, client_as):
    desk = scored_engagement(uow)
    scored_engagement(uow, agency=desk.agency)
    cycle = compute_cycle(desk.acting(desk.quality), uow.today.year)
    publish_year(desk, cycle)
    uow.session.expire_all()
    address = f"/grades/{desk.agency.grade.id}"
    page = client_as(desk.manager).page(address)
    assert "91.00" in page.get_text()
    assert client.get(f"{address}/public-record.json").get_json()["form"] == "public"
    assert client_as(desk.manager).get(f"{address}/record.json").get_json()["form"] == "full"
    assert client_as(Desk(uow).manager).get(f"{address}/record.json").status_code == 403


def test_the_list_takes_a_constant_number_of_queries(uow, client_as, count_queries):
    desk = delivered_report(uow)
    client = client_as(desk.quality)
    client.get("/submissions")
    with count_queries() as few:
        client.get("/submissions")
    for _number in range(3):
        delivered_report(uow)
    with count_queries() as many:
        client.get("/submissions")
    assert len(many) <= len(few)


def test_addresses_in_mails_are_the_pages_addresses(app):
    from flask import url_for

    one = uuid.uuid4()
    with app.test_request_context():
        assert addresses.submission_page(one) == url_for("submissions.show", submission_id=one)
        assert addresses.score_page(one) == url_for("scores.show", submission_id=one)
        assert addresses.grade_page(one) == url_for("grades.show", grade_id=one)


def test_text_is_cut_at_its_evidence_and_nothing_is_lost():
    assert cut("合计 65 分", [("65", 3)]) == [Piece("合计 "), Piece("65", 3), Piece(" 分")]
    assert "".join(piece.text for piece in cut("甲乙丙丁", [("乙丙", 1), ("丙丁", 2), ("戊", 4)])) == "甲乙丙丁"
