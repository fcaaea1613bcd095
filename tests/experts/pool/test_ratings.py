"""Rating those who served, and what follows: R-EXP.score, R-EXP.exit, R-EXP.suspension, R-COMM-13/15/16, R-EXP.fee."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from core.errors import Refused
from core.identity.roles import Role
from experts.appraisal import PARTS, Verdict
from experts.models import Expert, ExpertDuty
from experts.queries import appraisals, service_records
from experts.services.leaving import leave_pool, suspend_by_rule
from experts.services.ratings import Rating, rate_panel, rated_seats, rating_due
from experts.states import Attendance, DutyKind, DutyRating, ExitKind, ExpertState, ReviewState
from experts.tasks import pool_tasks
from experts.workflow import EXPERT
from tests.factories.experts import make_expert, review_in
from tests.factories.identity import make_user

FULL = {"skill": Decimal(38), "fairness": Decimal(28), "discipline": Decimal(19), "timeliness": Decimal(10)}


def rules_of(refused) -> set[str | None]:
    return {one.rule_id for one in refused.value.refusals}


def good(**changes) -> Rating:
    return Rating(**{"attendance": Attendance.ATTENDED, "points": FULL, "fee": Decimal(800), **changes})


def duty(uow, expert: Expert, number: int, **changes) -> ExpertDuty:
    values = {
        "expert_id": expert.id,
        "source": f"seat:{expert.id}-{number}",
        "kind": DutyKind.REVIEW,
        "number": f"评审{number}",
        "title": "项目",
        "held_on": uow.today - timedelta(days=number),
        "attendance": Attendance.ATTENDED,
        "rating": DutyRating.GOOD,
        "fee": Decimal(0),
        "recorded_at": uow.now,
        **dict.fromkeys(PARTS, Decimal(10)),
    }
    row = uow.add(ExpertDuty(**{**values, **changes}))
    uow.session.flush()
    return row


class TestAReview:
    def test_everybody_is_rated_once_and_corrected_in_place(self, uow, uow_as):
        hall = review_in(uow, ReviewState.PASSED)
        acting = uow_as(hall.quality)
        seats = rated_seats(uow, hall.review)
        rate_panel(acting, hall.review, dict.fromkeys(seats, good()))
        rate_panel(acting, hall.review, dict.fromkeys(seats, good(attendance=Attendance.LATE, remark="迟到")))
        rows = uow.session.scalars(select(ExpertDuty)).all()
        assert {(one.points, one.rating, one.fee) for one in rows} == {(Decimal(95), DutyRating.ORDINARY, Decimal(800))}
        assert len(rows) == 5
        record = service_records(uow, [seats[0].expert])[seats[0].expert_id]
        assert (record.rated, record.average, record.accepted, record.this_year) == (1, Decimal("95.00"), 1, 1)

    @pytest.mark.parametrize(
        ("changes", "rule"),
        [
            ({"points": {**FULL, "skill": Decimal("40.01")}}, "R-EXP.score"),
            ({"points": {**FULL, "timeliness": Decimal(-1)}}, "R-EXP.score"),
            ({"points": {"skill": Decimal(40)}}, "R-EXP.score"),
            ({"points": dict.fromkeys(PARTS, Decimal(5))}, "R-COMM-13"),
            ({"is_breach": True, "fee": Decimal(0)}, "R-COMM-13"),
            ({"is_breach": True, "remark": "私下接触机构"}, "R-COMM-16"),
            ({"attendance": Attendance.ABSENT, "remark": "未到"}, "R-COMM-15"),
            ({"fee": Decimal(-1)}, "R-EXP.fee"),
        ],
    )
    def test_what_is_refused_keeps_nothing(self, uow, uow_as, changes, rule):
        hall = review_in(uow, ReviewState.SCORED)
        with pytest.raises(Refused) as refused:
            rate_panel(uow_as(hall.quality), hall.review, dict.fromkeys(rated_seats(uow, hall.review), good(**changes)))
        assert rule in rules_of(refused)
        assert uow.session.scalar(select(ExpertDuty)) is None

    def test_not_before_the_sheets_are_in(self, uow, uow_as, client_as):
        hall = review_in(uow, ReviewState.SCORING)
        with pytest.raises(Refused):
            rate_panel(uow_as(hall.quality), hall.review, {})
        assert client_as(hall.quality).get(f"/reviews/{hall.review.id}/duty").status_code == 403

    def test_the_page_rates_and_the_task_goes(self, uow, uow_as, client_as):
        hall = review_in(uow, ReviewState.PASSED)
        browser = client_as(hall.quality)
        page = f"/reviews/{hall.review.id}/duty"
        assert "R-EXP.score" in browser.get(page).text
        seats = rated_seats(uow, hall.review)
        with browser.application.test_request_context():
            assert [one.due_at for one in pool_tasks(uow_as(hall.quality)) if one.rule_id == "R-COMM-13"] == [
                rating_due(uow, hall.review)
            ]
        data = {
            f"{key}-{one.id}": str(points) for one in seats for key, points in {**FULL, "fee": Decimal(1200)}.items()
        }
        bad = {**data, f"skill-{seats[0].id}": "很好"}
        answer = browser.post(page, data=bad)
        assert answer.status_code == 422
        assert "这一项须在" in answer.text
        assert browser.post(page, data=data).status_code == 302
        with browser.application.test_request_context():
            assert [one for one in pool_tasks(uow_as(hall.quality)) if one.rule_id == "R-COMM-13"] == []
        assert "1,200.00" in browser.get(f"/experts/{seats[0].expert_id}").text

    @pytest.mark.parametrize("role", [Role.OBSERVER, Role.PROCUREMENT_APPROVER, Role.AGENCY_MANAGER, Role.EXPERT])
    def test_nobody_else_rates(self, uow, client_as, role):
        hall = review_in(uow, ReviewState.PASSED)
        browser = client_as(make_user(uow, role))
        assert browser.get(f"/reviews/{hall.review.id}/duty").status_code in (403, 404)
        assert browser.post(f"/reviews/{hall.review.id}/duty", data={}).status_code in (403, 404)


class TestWhatFollows:
    def test_three_bad_ratings_are_due_to_leave_r_exp_exit(self, uow, uow_as, client_as):
        expert, quality = make_expert(uow), make_user(uow, Role.QUALITY_OFFICER)
        for number in range(3):
            duty(uow, expert, number)
        assert appraisals(uow, [expert])[expert.id].verdict is Verdict.EXIT
        browser = client_as(quality)
        page = browser.get("/experts/appraisal").text
        assert expert.user.name in page
        assert f"/experts/{expert.id}/exit" in page
        with browser.application.test_request_context():
            assert [one.subject for one in pool_tasks(uow_as(quality))] == [expert.user.name]
        leave_pool(uow_as(quality), expert, ExitKind.SCORE, "三次评分平均40分")
        assert expert.state is ExpertState.LEFT

    def test_absences_suspend_once_and_a_restored_expert_starts_afresh_r_exp_suspension(self, uow, uow_as, clock):
        expert, quality = make_expert(uow), make_user(uow, Role.QUALITY_OFFICER)
        for number in range(5):
            absent = {"attendance": Attendance.ABSENT, "rating": DutyRating.POOR, "remark": "未到"}
            duty(uow, expert, number, **absent, **dict.fromkeys(PARTS))
        assert suspend_by_rule(uow) == 1
        assert suspend_by_rule(uow) == 0
        assert expert.state is ExpertState.SUSPENDED
        clock.advance(days=1)
        EXPERT.fire(uow_as(quality), expert, "restore", reason="其中三次通知未送达")
        assert suspend_by_rule(uow) == 0

    def test_a_year_without_ratings_is_said_so_and_the_table_is_for_officers(self, uow, client_as):
        watcher, quality = make_user(uow, Role.OBSERVER), make_user(uow, Role.QUALITY_OFFICER)
        assert "这一年还没有评分" in client_as(watcher).get("/experts/appraisal?year=2024&verdict=nonsense").text
        assert client_as(watcher).get("/experts/appraisal.xlsx").status_code == 403
        assert client_as(quality).get("/experts/appraisal.xlsx").data[:2] == b"PK"
        assert client_as(make_expert(uow).user).get("/experts/appraisal").status_code == 403

    def test_the_appraisal_costs_the_same_number_of_queries_however_many(self, uow, client_as, count_queries):
        browser = client_as(make_user(uow, Role.QUALITY_OFFICER))
        duty(uow, make_expert(uow), 1, held_on=date(uow.today.year, 1, 5))
        browser.get("/experts/appraisal")
        with count_queries() as few:
            browser.get("/experts/appraisal")
        for number in range(12):
            duty(uow, make_expert(uow), number, held_on=date(uow.today.year, 1, 5))
        with count_queries() as many:
            browser.get("/experts/appraisal")
        assert len(many) <= len(few) + 1
