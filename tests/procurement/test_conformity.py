"""Conformity requirement by requirement, from the matrix to the report: R-EVAL-03, R-EVAL-08, R-AWARD-03."""

from __future__ import annotations

import uuid
from decimal import Decimal

import pytest
from flask_babel import force_locale

from core.errors import Refused
from core.identity.roles import Role
from core.pdf import Paragraph, Table
from procurement.queries.conformity import conformity_lines, requirements_of
from procurement.queries.standings import seats_of, standings_of
from procurement.services.comparison import compare
from procurement.services.concluding import conclude, results_of
from procurement.services.conformity import Vote, vote
from procurement.services.conformity_table import conformity_blocks
from procurement.services.evaluation_report import report_parts
from procurement.states import CriterionKind, Evaluation, Method, Outcome
from tests.factories.awards import REQUIREMENT, acting, bids_of, conforming, opened_by_rows, under_evaluation
from tests.factories.identity import make_user

PRICES = ("160000", "150000", "171000", "165000")


def rules_of(refused) -> set[str | None]:
    return {refusal.rule_id for refusal in refused.value.refusals}


@pytest.fixture
def tender(uow):
    """Two substantive requirements, four bids, five members who have declared."""
    tender = opened_by_rows(uow, prices=PRICES, requirements=(REQUIREMENT, "主评人到位"))
    return under_evaluation(uow, tender)


def all_vote(uow, tender, failures):
    """Everybody votes; `failures(place of the member, place of the bid)` names the requirements unmet."""
    bids = bids_of(uow, tender)
    for member, seat in enumerate(seats_of(uow, tender)):
        vote(acting(uow, seat.user), seat, [Vote(bid.id, failures(member, n)) for n, bid in enumerate(bids)])


class TestVerdict:
    def test_a_bid_falls_by_the_requirement_the_majority_misses_and_the_reason_names_it(self, uow, tender):
        first, second = requirements_of(tender)

        def failures(member, bid):
            if bid == 0:
                return {second.id: "未承诺全程参与"} if member < 3 else {}
            if bid == 1:
                return {first.id: "期限晚于要求"} if member < 2 else {second.id: "缺承诺函"} if member < 4 else {}
            return {}

        all_vote(uow, tender, failures)
        standing = {one.bid.id: one for one in standings_of(uow, tender).bids}
        fallen, kept = (standing[bid.id] for bid in bids_of(uow, tender)[:2])
        assert fallen.outcome is Outcome.NONCONFORMING
        assert str(fallen.reason) == "不符合实质性要求“主评人到位”：未承诺全程参与"
        assert kept.outcome is Outcome.VALID
        lines = conformity_lines(tender, standings_of(uow, tender).votes_on(kept.bid))
        assert [(one.met, one.not_met, one.passed) for one in lines] == [(3, 2, True), (3, 2, True)]

    def test_without_requirements_the_bid_is_judged_as_a_whole(self, uow):
        tender = opened_by_rows(uow, prices=PRICES, requirements=())
        conforming(uow, under_evaluation(uow, tender), failing=[0])
        standing = standings_of(uow, tender).bids[0]
        assert (standing.outcome, str(standing.reason)) == (Outcome.NONCONFORMING, "服务期限未响应")

    def test_only_requirements_of_this_tender_with_a_reason_may_fail_r_eval_03(self, uow, tender):
        seat, bid = seats_of(uow, tender)[0], bids_of(uow, tender)[0]
        member = acting(uow, seat.user)
        scored = next(one for one in tender.criteria if one.kind is not CriterionKind.SUBSTANTIVE)
        for key in (scored.id, None, uuid.uuid4()):
            with pytest.raises(Refused) as refused:
                vote(member, seat, [Vote(bid.id, {key: "不行"})])
            assert rules_of(refused) == {"R-EVAL-03"}
        with pytest.raises(Refused) as refused:
            vote(member, seat, [Vote(bid.id, {requirements_of(tender)[0].id: "  "})])
        assert rules_of(refused) == {"R-AWARD-03"}

    def test_a_changed_mind_replaces_the_first_judgement(self, uow, tender):
        seat, bid = seats_of(uow, tender)[0], bids_of(uow, tender)[0]
        member, requirement = acting(uow, seat.user), requirements_of(tender)[0]
        vote(member, seat, [Vote(bid.id, {requirement.id: "期限晚于要求"})])
        vote(member, seat, [Vote(bid.id)])
        row = standings_of(uow, tender).votes[seat.id, bid.id]
        assert (row.passed, row.reason, [one.passed for one in row.items]) == (True, "", [True, True])


class TestMatrix:
    def address(self, seat):
        return f"/evaluations/{seat.id}/conformity"

    def test_all_in_one_press_then_an_exception_then_submitted(self, uow, tender, client_as):
        seat = seats_of(uow, tender)[0]
        browser, bids = client_as(seat.user), bids_of(uow, tender)
        first, second = requirements_of(tender)
        cell = f"{bids[0].id}/{second.id}"
        page = browser.post(self.address(seat), data={"fill": "all", f"item/{cell}": "failed"})
        assert page.status_code == 200
        text = page.get_data(as_text=True)
        assert text.count('value="passed" checked') == 7
        assert text.count('value="failed" checked') == 1
        one_row = browser.post(self.address(seat), data={"fill": str(bids[1].id)}).get_data(as_text=True)
        assert one_row.count('value="passed" checked') == 2
        data = {f"item/{bid.id}/{one.id}": "passed" for bid in bids for one in (first, second)}
        data[f"item/{cell}"] = "failed"
        refused = browser.post(self.address(seat), data=data)
        assert refused.status_code == 422
        assert "R-AWARD-03" in refused.get_data(as_text=True)
        data[f"why/{cell}"] = "未承诺全程参与"
        assert browser.post(self.address(seat), data=data).status_code == 302
        votes = standings_of(uow, tender).votes
        assert votes[seat.id, bids[0].id].reason == "主评人到位：未承诺全程参与"
        assert votes[seat.id, bids[1].id].passed

    def test_an_open_cell_is_shown_at_its_place_and_nothing_is_kept(self, uow, tender, client_as):
        seat, bids = seats_of(uow, tender)[0], bids_of(uow, tender)
        first, second = requirements_of(tender)
        data = {f"item/{bid.id}/{one.id}": "passed" for bid in bids for one in (first, second)}
        del data[f"item/{bids[2].id}/{second.id}"]
        answer = client_as(seat.user).post(self.address(seat), data=data)
        assert answer.status_code == 422
        assert "还有1项没有判断" in answer.get_data(as_text=True)
        assert standings_of(uow, tender).votes == {}

    def test_only_the_member_judges(self, uow, tender, client_as):
        seat = seats_of(uow, tender)[0]
        other = client_as(seats_of(uow, tender)[1].user)
        assert other.post(self.address(seat), data={"fill": "all"}).status_code in (403, 404)
        officer = client_as(make_user(uow, Role.PROCUREMENT_OFFICER))
        assert officer.post(self.address(seat), data={"fill": "all"}).status_code in (403, 404)


def test_comparison_and_report_show_the_matrix_r_eval_08(uow, tender, app):
    first, _second = requirements_of(tender)
    all_vote(uow, tender, lambda member, bid: {first.id: "期限晚于要求"} if bid == 3 and member == 0 else {})
    standings = standings_of(uow, tender)
    with app.test_request_context(), force_locale("zh"):
        rows = compare(uow, tender, standings, None, tender.lots[0]).groups[1].rows
        row = next(one for one in rows if str(one.title) == first.title)
        blocks = conformity_blocks(standings)
        assert [str(cell.text) for cell in row.cells] == ["符合"] * 3 + ["符合（4:1；少数意见：期限晚于要求）"]
    table = next(one for one in blocks if isinstance(one, Table))
    assert table.rows[3][1:] == ["符合 4:1", "符合 5:0"]
    assert any("少数意见" in one.text for one in blocks if isinstance(one, Paragraph))


def test_the_matrix_asks_the_database_no_more_for_more_bids(uow, client_as, count_queries):
    counts = []
    for prices in (PRICES[:3], PRICES + PRICES[:3]):
        seat = seats_of(uow, under_evaluation(uow, opened_by_rows(uow, prices=prices)))[0]
        browser = client_as(seat.user)
        browser.get("/evaluations")
        with count_queries() as statements:
            assert browser.get(f"/evaluations/{seat.id}").status_code == 200
        counts.append(len(statements))
    assert counts[1] <= counts[0]


def test_where_only_the_price_decides_nobody_is_asked_for_points_r_eval_01(uow, client_as, app):
    tender = opened_by_rows(uow, evaluation=Evaluation.LOWEST_PRICE, price_weight=Decimal(100), method=Method.QUOTATION)
    conforming(uow, under_evaluation(uow, tender))
    seats = seats_of(uow, tender)
    text = client_as(seats[1].user).get(f"/evaluations/{seats[1].id}").get_data(as_text=True)
    assert "不评分" in text
    assert "评分理由" not in text
    for seat in seats:
        answer = client_as(seat.user).post(f"/evaluations/{seat.id}/scores", data={"lock": "1"})
        assert answer.status_code == 302
    conclude(acting(uow, tender.drafted_by), tender)
    standings = standings_of(uow, tender)
    with app.test_request_context(), force_locale("zh"):
        parts = {str(one.title): one for one in report_parts(uow, tender)}
        group = compare(uow, tender, standings, results_of(uow, tender)[0], tender.lots[0]).groups[-1]
        assert [str(row.title) for row in group.rows] == ["评审价（元）", "排序"]
    method = parts["评标方法和标准"]
    assert "最低评标价法" in method.blocks[0].text
    assert method.lacks is None
    table = next(one for one in parts["评标结果和中标候选人排序"].blocks if isinstance(one, Table))
    assert [row[0] for row in table.rows] == ["1", "2", "3"]
    assert "总分" not in table.head
