from __future__ import annotations

import io
import json

import openpyxl
import pytest
from sqlalchemy import select

from core.clock import SHANGHAI
from core.identity.models import User
from core.identity.roles import Role
from procurement.committee_sheet import COLUMNS, committee_template, read_committee
from procurement.models import BidInquiry, CommitteeSeat
from procurement.queries.conformity import requirements_of
from procurement.queries.standings import seats_of, standings_of
from procurement.scoring import verify_award
from procurement.services.awarding import awards_of
from procurement.services.scoring_sheets import scores_of
from procurement.states import NoticeKind, SeatState, TenderState
from procurement.tasks.awards import award_tasks
from tests.factories.awards import (
    awarded_tender,
    bids_of,
    conforming,
    entries_for,
    examined,
    opened_by_rows,
    scored_tender,
    under_evaluation,
    with_committee,
)
from tests.factories.identity import make_user
from tests.procurement.test_open_data import publish


def text_of(answer) -> str:
    return answer.get_data(as_text=True)


@pytest.fixture
def officer_of(client_as):
    return lambda tender: client_as(tender.drafted_by)


def test_an_officer_examines_by_form_and_a_missing_reason_stands_at_its_line(uow, officer_of):
    tender = opened_by_rows(uow, prices=("160000", "150000", "171000", None))
    browser = officer_of(tender)
    bids = bids_of(uow, tender)
    page = browser.get(f"/tenders/{tender.id}/examination")
    assert page.status_code == 200
    data = {f"verdict-{bid.id}": "passed" for bid in bids[:2]} | {f"verdict-{bids[2].id}": "failed"}
    refused = browser.post(f"/tenders/{tender.id}/examination", data=data)
    assert refused.status_code == 422
    assert "未通过须写明原因" in text_of(refused)
    data[f"reason-{bids[2].id}"] = "未提供财务报表"
    assert browser.post(f"/tenders/{tender.id}/examination", data=data).status_code == 302
    assert standings_of(uow, tender).all_examined


def test_strangers_bidders_and_members_see_no_examination(uow, client, client_as):
    tender = with_committee(uow, opened_by_rows(uow))
    for user in (
        make_user(uow, Role.UNIT_OFFICER),
        uow.get(User, bids_of(uow, tender)[0].submitted_by_id),
        seats_of(uow, tender)[0].user,
    ):
        for page in ("examination", "committee", "results", "award"):
            assert client_as(user).get(f"/tenders/{tender.id}/{page}").status_code in (403, 404)
    assert client.get(f"/tenders/{tender.id}/examination").status_code == 302


def test_a_new_expert_is_seated_by_form_and_invited(uow, officer_of):
    tender = opened_by_rows(uow)
    drawn = uow.now.astimezone(SHANGHAI).strftime("%Y-%m-%dT%H:%M")
    data = {"name": "顾清和", "email": "gu@test.example", "employer": "澄湖大学", "category": "expert"}
    browser = officer_of(tender)
    assert browser.post(f"/tenders/{tender.id}/committee", data=data).status_code == 422
    data |= {"draw_number": "省抽-1", "drawn_at": drawn, "is_chair": "y"}
    assert browser.post(f"/tenders/{tender.id}/committee", data=data).status_code == 302
    seat = seats_of(uow, tender)[0]
    assert (seat.name, seat.is_chair, seat.user.email) == ("顾清和", True, "gu@test.example")
    page = text_of(browser.get(f"/tenders/{tender.id}/committee"))
    assert "顾清和" in page
    assert "R-COMM-01" in page
    assert browser.post(f"/tenders/{tender.id}/committee/{seat.id}/remove").status_code == 302
    assert seats_of(uow, tender) == []


def sheet_of(*rows) -> bytes:
    book = openpyxl.Workbook()
    book.active.append([column.zh for column in COLUMNS])
    for row in rows:
        book.active.append(row)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def test_the_draws_record_is_imported_whole_or_not_at_all(uow, officer_of):
    tender = opened_by_rows(uow)
    drawn = uow.now.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")
    rows = [
        [f"专家{n}", f"e{n}@test.example", f"单位{n}", "评审专家", f"抽{n}", drawn, "是" if n == 1 else ""]
        for n in range(1, 6)
    ]
    browser = officer_of(tender)
    address = f"/tenders/{tender.id}/committee/import"
    assert browser.get(address).status_code == 200
    wrong = sheet_of(*rows[:4], ["专家5", "no address", "单位5", "评审专家", "抽5", "昨天", ""])
    answer = browser.post(address, data={"file": (io.BytesIO(wrong), "draw.xlsx")})
    assert answer.status_code == 422
    assert "B6" in text_of(answer)
    assert "F6" in text_of(answer)
    assert seats_of(uow, tender) == []
    assert browser.post(address, data={"file": (io.BytesIO(sheet_of(*rows)), "draw.xlsx")}).status_code == 302
    assert len(seats_of(uow, tender)) == 5
    assert browser.post(address, data={"file": (io.BytesIO(b"not a table"), "x.xlsx")}).status_code == 422


def test_the_template_reads_back_as_an_empty_table():
    preview, entries = read_committee(committee_template())
    assert [error.message.zh for error in preview.errors] == ["表格里没有数据行。"]
    assert entries == []


def test_the_evaluation_is_started_once_by_the_button(uow, officer_of):
    tender = with_committee(uow, examined(uow, opened_by_rows(uow)))
    browser = officer_of(tender)
    assert "开始评标" in text_of(browser.get(f"/tenders/{tender.id}/committee"))
    assert browser.post(f"/tenders/{tender.id}/committee/start").status_code == 302
    assert tender.state is TenderState.UNDER_EVALUATION


def test_bidders_are_named_only_after_the_declaration(uow, client_as):
    tender = under_evaluation(uow, declared=False)
    seat = seats_of(uow, tender)[0]
    name = bids_of(uow, tender)[0].bidder.name
    browser = client_as(seat.user)
    address = f"/evaluations/{seat.id}"
    assert name not in text_of(browser.get(address))
    assert browser.post(f"{address}/declare").status_code == 422
    assert browser.post(f"{address}/declare", data={"agreed": "1", "undertaken": "1"}).status_code == 302
    assert name in text_of(browser.get(address))
    assert client_as(seats_of(uow, tender)[1].user).get(address).status_code == 404


def test_a_member_judges_scores_and_locks_on_one_page(uow, client_as):
    tender = under_evaluation(uow)
    seat = seats_of(uow, tender)[0]
    browser = client_as(seat.user)
    address = f"/evaluations/{seat.id}"
    bids = bids_of(uow, tender)
    votes = {f"item/{bid.id}/{one.id}": "passed" for bid in bids for one in requirements_of(tender)}
    assert browser.post(f"{address}/conformity", data=dict(list(votes.items())[:1])).status_code == 422
    assert browser.post(f"{address}/conformity", data=votes).status_code == 302
    conforming(uow, tender)
    points = {f"points/{one.bid_id}/{one.criterion_id}": str(one.points) for one in entries_for(uow, seat)}
    first = next(iter(points))
    refused = browser.post(f"{address}/scores", data=points | {first: "15"})
    assert refused.status_code == 422
    assert 'value="15"' in text_of(refused)
    assert browser.post(f"{address}/scores", data={first: points[first]}).status_code == 302
    assert len(scores_of(uow, [seat])) == 1
    assert browser.post(f"{address}/scores", data=points | {"lock": "1"}).status_code == 302
    assert uow.get(CommitteeSeat, seat.id).state is SeatState.LOCKED
    assert browser.get(address).status_code == 200


def test_the_chair_records_a_low_price_on_its_own_page(uow, client_as):
    tender = opened_by_rows(uow, prices=("60000", "150000", "171000", "160000"))
    tender = conforming(uow, under_evaluation(uow, tender))
    seat = next(one for one in seats_of(uow, tender) if one.is_chair)
    browser = client_as(seat.user)
    bid = bids_of(uow, tender)[0]
    address = f"/evaluations/{seat.id}/price/{bid.id}"
    assert "异常低价审查" in text_of(browser.get(f"/evaluations/{seat.id}"))
    assert browser.get(address).status_code == 200
    data = {"ground": "低", "course": "说明", "basis": "均价", "conclusion": "不能证明", "outcome": "rejected"}
    assert "R-ALP-02" in text_of(browser.post(address, data=data))
    assert browser.post(f"{address}/ask", data={"question": "请说明", "minutes": "30"}).status_code == 302
    letter = uow.session.scalar(select(BidInquiry))
    bidder = client_as(uow.get(User, bid.submitted_by_id))
    answer = {"answer": "见附件", "signed_name": "沈嘉禾", "keeps_substance": "y"}
    assert bidder.post(f"/letters/{letter.id}", data=answer).status_code == 302
    assert browser.post(address, data=data).status_code == 302
    assert standings_of(uow, tender).bids[0].outcome.value == "too-low"


def test_officers_conclude_and_award_in_the_browser(uow, officer_of):
    tender = scored_tender(uow)
    browser = officer_of(tender)
    page = text_of(browser.get(f"/tenders/{tender.id}/results"))
    assert "150,000.00 ÷ 160,000.00 × 10.00" in page
    lot = tender.lots[0]
    assert browser.get(f"/tenders/{tender.id}/award").status_code == 200
    last = bids_of(uow, tender)[2]
    assert browser.post(f"/tenders/{tender.id}/award", data={f"bid-{lot.id}": str(last.id)}).status_code == 422
    first = bids_of(uow, tender)[0]
    assert browser.post(f"/tenders/{tender.id}/award", data={f"bid-{lot.id}": str(first.id)}).status_code == 302
    assert tender.state is TenderState.AWARDED
    assert browser.get(f"/tenders/{tender.id}/results").status_code == 200


def test_a_refused_conclusion_shows_what_is_missing(uow, officer_of):
    tender = under_evaluation(uow)
    answer = officer_of(tender).post(f"/tenders/{tender.id}/results/conclude")
    assert answer.status_code == 422
    assert "R-COMM-11" in text_of(answer)


def test_the_approver_fails_a_tender_on_its_page(uow, client_as):
    tender = opened_by_rows(uow)
    browser = client_as(tender.approved_by)
    address = f"/tenders/{tender.id}/failure"
    assert browser.get(address).status_code == 200
    assert browser.post(address, data={"ground": "unlawful-act"}).status_code == 422
    assert browser.post(address, data={"ground": "unlawful-act", "reason": "串通投标"}).status_code == 302
    assert tender.state is TenderState.FAILED
    assert browser.get(f"/tenders/{tender.id}/results").status_code == 200


def test_anybody_reads_the_result_and_verifies_its_record(uow, client):
    tender = awarded_tender(uow)
    assert tender.title in text_of(client.get("/award-notices"))
    (notice,) = [one for one in publish(uow, tender) if one.kind is NoticeKind.RESULT]
    assert f"/announcements/{notice.id}" in text_of(client.get(f"/award-notices/{tender.id}"))
    page = text_of(client.get(f"/announcements/{notice.id}"))
    for seat in seats_of(uow, tender):
        assert seat.name in page  # R-COMM-12
    record = json.loads(client.get(f"/award-notices/{tender.id}/record-1.json").data)
    assert verify_award(record) == []
    paper = client.get(f"/award-notices/{tender.id}/notice.pdf", follow_redirects=True)
    assert paper.data.startswith(b"%PDF-")
    assert client.get(f"/award-notices/{tender.id}/record-2.json").status_code == 404
    assert client.get(f"/tenders/{tender.id}/award-1.json").status_code == 302


def test_before_the_award_there_is_no_public_result(uow, client, client_as):
    tender = scored_tender(uow)
    assert client_as(make_user(uow, Role.UNIT_OFFICER)).get(f"/award-notices/{tender.id}").status_code == 404
    assert tender.title not in text_of(client.get("/award-notices"))


def test_a_loser_sees_its_own_score_and_no_other(uow, client_as):
    tender = awarded_tender(uow)
    won = awards_of(uow, tender)[0]
    losers = [bid for bid in bids_of(uow, tender) if bid.id != won.bid_id]
    scores = {one["bid"]: one for one in won.record["scores"]}
    manager = uow.get(User, losers[0].submitted_by_id)
    page = text_of(client_as(manager).get(f"/bids/{losers[0].id}/result"))
    assert scores[str(losers[0].id)]["total"] in page
    assert scores[str(losers[1].id)]["total"] not in page
    assert client_as(manager).get(f"/bids/{losers[1].id}/result").status_code == 404


def test_the_lists_take_as_many_queries_for_many_rows_as_for_one(uow, client, count_queries):
    def asked() -> int:
        with count_queries() as statements:
            assert client.get("/award-notices").status_code == 200
        return len(statements)

    fallen = awards_of(uow, awarded_tender(uow))[0]
    few = asked()
    for _more in range(3):
        awarded_tender(uow)
    assert asked() == few
    name = f">{fallen.bid.bidder.name}<"
    assert name in text_of(client.get("/award-notices"))
    fallen.superseded_at, fallen.superseded_reason = uow.now, "书面放弃中标"
    uow.session.flush()
    assert name not in text_of(client.get("/award-notices"))  # an award that did not stand is no result


def test_each_step_is_on_the_list_of_whoever_must_take_it(app, uow, uow_as):
    def titles(user) -> list[str]:
        with app.test_request_context():
            return [str(task.title) for task in award_tasks(uow_as(user))]

    tender = under_evaluation(uow, declared=False)
    assert titles(seats_of(uow, tender)[0].user) == ["作出利害关系声明，开始评标"]
    assert "审查投标人资格" in titles(opened_by_rows(uow).drafted_by)
    assert "按排序确定中标人" in titles(scored_tender(uow).drafted_by)
    assert titles(uow.get(User, bids_of(uow, tender)[0].submitted_by_id)) == []


def test_every_page_is_whole_in_english(uow, client_as):
    tender = awarded_tender(uow)
    officer = tender.drafted_by
    officer.language = "en"
    browser = client_as(officer)
    for page in ("examination", "committee", "results"):
        assert browser.get(f"/tenders/{tender.id}/{page}").status_code == 200
    seat = uow.session.scalars(select(CommitteeSeat).where(CommitteeSeat.tender_id == tender.id)).first()
    assert client_as(seat.user).get("/evaluations").status_code == 200
    assert client_as(seat.user).get(f"/evaluations/{seat.id}").status_code == 200
