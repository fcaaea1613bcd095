"""The workbench: pages as drawn, both sides, filters, one answer for several; who may see any of it."""

from __future__ import annotations

import io

import pytest

from core.identity.roles import Role
from grading.queries import findings_of
from grading.states import FindingState
from tests.factories.grading import Desk, checked_submission, report_bytes
from tests.factories.identity import make_user
from tests.fixtures.browser import soup


@pytest.fixture
def printed(uow):
    """A checked report that came as PDF."""
    desk = Desk(uow)
    desk.deliver(report_bytes(7, slip="money-sum", kind="pdf"), "报告.pdf")
    desk.check()
    return desk


def page_of(submission) -> str:
    return f"/submissions/{submission.id}"


def test_a_pdf_is_shown_as_printed_with_its_evidence_marked_and_both_sides_beside(client_as, printed):
    client = client_as(printed.quality)
    page = client.page(page_of(printed.submission))
    assert page.select(".sheet img[loading=lazy]")
    marks = page.select(".sheet-marks a[data-mark] rect")
    assert marks
    card = next(one for one in page.select(".finding") if "金额合计" in one.get_text())
    assert len(card.select(".strip")) >= 1
    assert card.select(".reckoning li")
    ids = {one["id"] for one in page.find_all(id=True)}
    assert {one["href"].removeprefix("#") for one in page.select("[data-place]")} <= ids
    text = client.page(page_of(printed.submission) + "?view=text")
    assert text.select(".report-p")
    assert not text.select(".sheet")


def test_pages_are_pictures_for_those_who_may_read_the_report_only(uow, client_as, printed):
    client = client_as(printed.quality)
    page = client.page(page_of(printed.submission))
    address = page.select_one(".sheet img")["src"]
    answer = client.get(address)
    assert answer.mimetype == "image/webp"
    assert "immutable" in answer.headers["Cache-Control"]
    assert "Cookie" in answer.headers["Vary"]
    part = client.get(page.select_one(".strip img")["src"])
    assert part.status_code == 200
    assert len(part.data) < len(answer.data)
    assert client.get(address.replace("/1.webp", "/99.webp")).status_code == 404
    assert client_as(printed.unit).get(address).status_code == 200
    assert client_as(Desk(uow).manager).get(address).status_code == 404
    assert client_as(make_user(uow, Role.OBSERVER)).get(address).status_code == 404


def test_the_coverage_panel_names_every_file_with_its_hash(client_as, printed):
    text = client_as(printed.quality).page(page_of(printed.submission)).get_text()
    assert printed.submission.document.sha256[:16] in text


def test_findings_are_narrowed_by_chapter(uow, client_as, printed):
    client = client_as(printed.quality)
    page = client.page(page_of(printed.submission))
    places = [one["value"] for one in page.select("select[name=place] option") if one["value"]]
    assert places
    counts = [len(client.page(f"{page_of(printed.submission)}?place={one}").select(".finding")) for one in places]
    assert all(counts)
    assert len(client.page(f"{page_of(printed.submission)}?place=x&likely=x").select(".finding")) == 0


def test_after_an_answer_one_comes_back_to_the_same_list_at_the_next_finding(uow, client_as, printed):
    client = client_as(printed.quality)
    finding = findings_of(uow, printed.submission)[0]
    answer = client.post(
        f"/findings/{finding.id}/dispose",
        data={"deed": "dismiss", "ground": "scope", "next": "2", "view": "severity=error&view=text&evil=1"},
    )
    assert answer.headers["Location"] == f"{page_of(printed.submission)}?severity=error&view=text#f-2"
    assert findings_of(uow, printed.submission)[0].state is FindingState.DISMISSED
    assert "口径不同" in client.page(page_of(printed.submission)).get_text()


def test_several_are_answered_after_a_preview_of_what_the_filters_leave(uow, client_as):
    desk = checked_submission(uow)
    client = client_as(desk.quality)
    address = f"/findings/of/{desk.submission.id}/bulk"
    page = client.page(f"{address}?severity=error")
    ticked = [one["value"] for one in page.select("input[name=chosen][checked]")]
    errors = [one for one in findings_of(uow, desk.submission) if one.severity == "error"]
    assert ticked == [str(one.id) for one in errors]
    bad = client.post(address, data={"chosen": ticked, "deed": "dismiss"})
    assert bad.status_code == 422
    assert "请填写理由" in bad.get_data(as_text=True)
    assert client.post(address, data={"chosen": ticked, "deed": "uphold"}).status_code == 302
    assert all(
        (one.state is FindingState.UPHELD) == (one.severity == "error") for one in findings_of(uow, desk.submission)
    )
    assert client.post(address, data={"chosen": ["x"], "deed": "uphold"}).status_code == 422
    assert client_as(desk.manager).get(address).status_code == 403
    assert client_as(desk.unit).get(address).status_code == 404


def test_the_workbench_takes_a_constant_number_of_queries(uow, client_as, count_queries):
    few, many = checked_submission(uow, ""), checked_submission(uow, "score-sum")
    client = client_as(few.quality)
    client.get(page_of(few.submission))
    with count_queries() as first:
        client.get(page_of(few.submission))
    with count_queries() as second:
        client.get(page_of(many.submission))
    assert len(second) <= len(first)


def test_typed_figures_stay_when_a_file_is_refused_and_stand_ready_for_the_corrected_version(uow, client_as):
    desk = Desk(uow)
    client, address = client_as(desk.manager), f"/submissions/new/{desk.engagement.id}"
    typed = {"used": "4,808.87万元", "score": "89.4", "sent": "537", "note": "首次提交"}
    files = {"file": (io.BytesIO(b"x"), "报告.doc")}
    answer = client.post(address, data={**typed, **files}, content_type="multipart/form-data")
    assert answer.status_code == 422
    shown = soup(answer)
    assert "旧格式" in shown.get_text()
    assert shown.select_one("input[name=used]")["value"] == "4,808.87万元"
    assert "首次提交" in shown.select_one("textarea[name=note]").get_text()
    bad = client.post(address, data={**typed, "used": "很多"}, content_type="multipart/form-data")
    assert "used-error" in bad.get_data(as_text=True)
    good = {**typed, "file": (io.BytesIO(report_bytes()), "报告.docx")}
    assert client.post(address, data=good, content_type="multipart/form-data").status_code == 302
    again = client.page(address)
    assert again.select_one("input[name=used]")["value"] == "48,088,700.00"
    assert again.select_one("input[name=sent]")["value"] == "537"
