"""Who may sit, what stays secret, what is handed over, how prices count.

R-COMM-07, R-COMM-12, R-COMM-13, R-COMM-14, R-EVAL.outlier, R-EXP.fee, R-PRICE-01, R-SEC-05.
"""

from __future__ import annotations

import dataclasses
from decimal import Decimal

import pytest
from sqlalchemy import select

from core.errors import Refused
from core.identity.models import User
from core.identity.roles import Role
from core.permissions import policy
from experts.models import ExpertDuty
from experts.states import Category
from procurement.models import RequirementReview, RequirementSurvey
from procurement.permissions import TenderPermission
from procurement.queries.standings import seats_of, standings_of
from procurement.queries.supervision import readings_of
from procurement.scoring import Criterion as ScoringCriterion
from procurement.scoring import CriterionKind as Kind
from procurement.scoring import Offer, Scheme, Sheet, score_bids
from procurement.services.awarding import award
from procurement.services.committee import composition_refusals, seat_members
from procurement.services.committee_papers import write_duty
from procurement.services.concluding import results_of, unexplained_outliers
from procurement.services.requirements import note_author
from procurement.services.scoring_sheets import lock_sheet, save_scores
from procurement.states import DutyRating, ReviewKind, SeatCategory, SurveyMeans
from tests.factories.awards import (
    acting,
    bids_of,
    conforming,
    entries_for,
    member_entry,
    opened_by_rows,
    scored_tender,
    with_committee,
)
from tests.factories.experts import make_expert
from tests.factories.identity import make_user


def rules_of(refused) -> set[str | None]:
    return {refusal.rule_id for refusal in refused.value.refusals}


class TestPreparation:
    @pytest.fixture
    def tender(self, uow):
        return opened_by_rows(uow)

    def refused(self, uow, tender, **values):
        with pytest.raises(Refused) as refused:
            seat_members(acting(uow, tender.drafted_by), tender, [member_entry(uow, 3, **values)])
        return rules_of(refused)

    def test_whoever_drafted_or_wrote_the_requirement_does_not_sit_r_comm_07(self, uow, tender):
        writer = make_user(uow, Role.PROCUREMENT_APPROVER, organisation=tender.purchaser)
        note_author(uow, tender, writer)
        for user in (tender.drafted_by, writer):
            assert self.refused(uow, tender, email=user.email, category=SeatCategory.PURCHASER) == {"R-COMM-07"}

    def test_reviewers_of_the_requirement_and_experts_asked_in_its_survey_do_not_sit_r_comm_07(self, uow, tender):
        reviewer = make_user(uow, Role.EXPERT)
        uow.add(
            RequirementReview(
                tender_id=tender.id,
                kind=ReviewKind.GENERAL,
                passed=True,
                aspects={},
                opinion="可行",
                basis="b" * 64,
                reviewer_id=reviewer.id,
                reviewed_at=uow.now,
            )
        )
        uow.add(
            RequirementSurvey(
                tender_id=tender.id,
                surveyed_on=uow.today,
                means=SurveyMeans.QUESTIONNAIRE,
                respondents=[{"name": "顾问渊", "kind": "expert"}, {"name": "甲公司", "kind": "market"}],
                findings="市场充分",
                recorded_by_id=tender.drafted_by_id,
                recorded_at=uow.now,
            )
        )
        uow.session.flush()
        assert self.refused(uow, tender, email=reviewer.email) == {"R-COMM-07"}
        assert self.refused(uow, tender, name="顾问渊") == {"R-COMM-07"}

    def test_somebody_named_as_author_later_keeps_the_review_from_beginning_r_comm_07(self, uow, tender):
        with_committee(uow, tender)
        assert composition_refusals(uow, tender) == []
        note_author(uow, tender, seats_of(uow, tender)[2].user)
        found = composition_refusals(uow, tender)
        assert [one.rule_id for one in found] == ["R-COMM-07"]
        assert seats_of(uow, tender)[2].name in str(found[0].reason)

    def test_an_expert_of_the_pool_meets_the_conditions_r_comm_14(self, uow, tender):
        young = make_expert(uow, professional_title="会计师", field_since=uow.today.year - 2)
        assert self.refused(uow, tender, email=young.user.email) == {"R-COMM-14"}
        able = make_expert(uow, professional_title="高级会计师", categories=(Category.FINANCE,))
        entry = member_entry(uow, 4, email=able.user.email)
        assert len(seat_members(acting(uow, tender.drafted_by), tender, [entry])) == 1


class TestHandingOver:
    def test_duty_and_fee_reach_the_pool_with_the_result_and_not_before_r_comm_13_r_comm_12(self, uow):
        tender = opened_by_rows(uow)
        experts = [make_expert(uow) for _one in range(5)]
        officer = acting(uow, tender.drafted_by)
        entries = [member_entry(uow, n, email=one.user.email) for n, one in enumerate(experts, 1)]
        seat_members(officer, tender, entries)
        scored_tender(uow, _begun(uow, tender))
        seats = seats_of(uow, tender)
        write_duty(officer, seats[0], DutyRating.GOOD, "", Decimal(1000))
        assert uow.session.scalars(select(ExpertDuty)).all() == []
        award(officer, tender, {})
        first = uow.session.scalars(select(ExpertDuty)).one()
        assert (first.rating, first.fee, first.number) == (DutyRating.GOOD, Decimal(1000), tender.number)
        write_duty(officer, seats[1], DutyRating.POOR, "未按时到场", Decimal(500))
        write_duty(officer, seats[1], DutyRating.ORDINARY, "", Decimal(800))
        fees = sorted(uow.session.scalars(select(ExpertDuty.fee)))
        assert fees == [Decimal(800), Decimal(1000)]


def _begun(uow, tender):
    from procurement.services.committee import start_evaluation
    from procurement.services.scoring_sheets import declare
    from tests.factories.awards import examined

    start_evaluation(acting(uow, tender.drafted_by), examined(uow, tender))
    for seat in seats_of(uow, tender):
        declare(acting(uow, seat.user), seat)
    return tender


def test_names_of_the_committee_are_secret_until_the_result_r_comm_12(uow, client_as):
    tender = scored_tender(uow)
    name, address = seats_of(uow, tender)[1].name, f"/tenders/{tender.id}/committee"
    supervisor, bidder = make_user(uow, Role.PROCUREMENT_SUPERVISOR), bids_of(uow, tender)[0].submitted_by_id
    stranger = uow.session.get_one(User, bidder)
    for user in (supervisor, stranger):
        assert client_as(user).get(address).status_code in (403, 404)
        assert client_as(user).get(f"/award-notices/{tender.id}").status_code in (403, 404)
        assert not policy.allows(acting(uow, user).actor, TenderPermission.READ_COMMITTEE, tender)
    award(acting(uow, tender.drafted_by), tender, {})
    uow.session.flush()
    for user in (supervisor, stranger):
        assert policy.allows(acting(uow, user).actor, TenderPermission.READ_COMMITTEE, tender)
    assert name in client_as(supervisor).get(address).get_data(as_text=True)


class TestOutliers:
    def lock(self, uow, seat, points, rationale=""):
        rows = [
            dataclasses.replace(one, points=points, rationale=rationale) if one.points != Decimal(20) else one
            for one in entries_for(uow, seat)
        ]
        save_scores(acting(uow, seat.user), seat, rows)
        lock_sheet(acting(uow, seat.user), seat)

    def test_points_far_from_the_others_need_a_reason_before_the_sheet_is_locked_r_eval_outlier(self, uow):
        tender = conforming(uow)
        limit = uow.house.rules.number("R-EVAL.outlier", "outlier_percent", on=uow.today)
        seats = seats_of(uow, tender)
        for seat in seats[:4]:
            self.lock(uow, seat, Decimal(50))
        far = Decimal(50) - Decimal(60) * limit / 100 - 1
        with pytest.raises(Refused) as refused:
            self.lock(uow, seats[4], far)
        assert rules_of(refused) == {"R-EVAL.outlier"}
        assert not any("50" in str(one.reason) for one in refused.value.refusals)
        self.lock(uow, seats[4], far, "方案照搬其他项目，缺少针对性")
        assert unexplained_outliers(uow, tender, standings_of(uow, tender)) == []


class TestPrices:
    SCHEME = Scheme((ScoringCriterion("a", "方案", Kind.SUBJECTIVE, Decimal(90), ()),), Decimal(10))

    def test_the_lowest_price_is_the_benchmark_and_a_fallen_bid_moves_it_r_price_01(self, uow):
        tender = scored_tender(uow)
        result = results_of(uow, tender)[0]
        assert result.benchmark == Decimal("150000.00")
        assert {one.score.rank: one.score.price for one in result.ranked}[1] == Decimal("9.38")
        other = conforming(
            uow,
            _begun(uow, with_committee(uow, opened_by_rows(uow, prices=("160000", "150000", "171000", "165000")))),
            failing=[1],
        )
        assert bids_of(uow, other)[1].price == Decimal(150000)
        for seat in seats_of(uow, other):
            save_scores(acting(uow, seat.user), seat, entries_for(uow, seat))
            lock_sheet(acting(uow, seat.user), seat)
        assert results_of(uow, other)[0].benchmark == Decimal("160000.00")

    def test_points_are_benchmark_by_price_times_the_weight_exactly_r_price_01(self):
        offers = [Offer("low", Decimal("90000.00")), Offer("high", Decimal("120000.00"))]
        sheets = [Sheet("m", {one.bid: {"a": Decimal(60)} for one in offers})]
        points = {one.bid: one.price for one in score_bids(self.SCHEME, offers, sheets)}
        assert points == {"low": Decimal("10.00"), "high": Decimal("7.50")}


def test_whoever_reads_sheets_comparison_or_report_is_on_supervisions_desk_r_sec_05(uow, client_as):
    tender = scored_tender(uow)
    seat = seats_of(uow, tender)[0]
    member, officer = client_as(seat.user), client_as(tender.drafted_by)
    assert member.get(f"/evaluations/{seat.id}").status_code == 200
    assert member.get(f"/evaluations/{seat.id}/comparison").status_code == 200
    assert officer.get(f"/tenders/{tender.id}/comparison.xlsx").status_code == 200
    assert officer.get(f"/tenders/{tender.id}/evaluation-report.pdf").status_code == 200
    told = [(str(one.who), str(one.what)) for one in readings_of(uow, tender)]
    assert told == [
        (tender.drafted_by.name, "评标报告"),
        (tender.drafted_by.name, "投标对比和各成员评分"),
        (seat.user.name, "投标对比和各成员评分"),
        (seat.user.name, "投标文件和本人评分表"),
    ]
