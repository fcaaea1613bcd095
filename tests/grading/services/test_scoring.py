"""Rating, task scores and the year's grades."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from agencies.models import CreditRecord
from agencies.states import EngagementState, Grade
from core.errors import Forbidden, Refused
from core.identity.roles import Role
from core.parameters import set_local_value
from core.record_files import read as read_record
from core.records import match, written
from grading.grade_record import public_grade_record, verify_grade
from grading.grade_rules import grade_rules
from grading.models import GradingCycle, Submission
from grading.queries import score_of
from grading.scale import YearTask, year_score
from grading.services.cycle_course import announce_cycle, publish_cycle
from grading.services.grading_cycle import compute_cycle, drop_cycle, moved_since
from grading.services.rating import Mark, lock_sheet, save_sheet
from grading.services.scoring import decide_score, ratings_of, reckon, timeliness
from grading.states import CycleState, ReportKind, SheetState, SubmissionState
from tests.factories.agencies import make_agency
from tests.factories.grading import checked_submission, end_appeals, scored_engagement
from tests.factories.identity import make_user


@pytest.fixture
def disposed(uow):
    desk = checked_submission(uow)
    desk.dispose()
    return desk


def test_nobody_rates_before_disposal(uow):
    desk = checked_submission(uow)
    with pytest.raises(Refused, match="处置完成"):
        save_sheet(desk.acting(desk.quality), desk.submission, {})


def test_points_out_of_range_are_refused_at_their_field(disposed):
    with pytest.raises(Refused) as caught:
        save_sheet(disposed.acting(disposed.quality), disposed.submission, {"data": Mark(Decimal(26))})
    assert caught.value.refusals[0].field == "points_data"


def test_an_incomplete_sheet_does_not_lock(disposed):
    officer = disposed.acting(disposed.quality)
    save_sheet(officer, disposed.submission, {"data": Mark(Decimal(20), "有出入")})
    with pytest.raises(Refused) as caught:
        lock_sheet(officer, disposed.submission)
    assert "points_content" in {one.field for one in caught.value.refusals}


def test_a_locked_sheet_stays(disposed):
    sheet = disposed.rate(disposed.quality)
    assert sheet.state is SheetState.LOCKED
    with pytest.raises(Refused, match="锁定"):
        save_sheet(disposed.acting(disposed.quality), disposed.submission, {})


def test_a_missing_rater_s_weight_is_redistributed_and_shown(disposed):
    disposed.rate(disposed.quality)
    uow = disposed.acting(disposed.quality)
    reckoning = reckon(ratings_of(uow, disposed.submission), grade_rules(uow))
    report = next(one for one in reckoning.elements if one.key == "report")
    assert report.missing == ("unit", "experts")
    assert report.weights == {"bureau": Decimal("100.0")}
    assert reckoning.total is not None


def test_the_bureau_must_have_rated(disposed):
    disposed.rate(disposed.unit)
    with pytest.raises(Refused, match="财政局"):
        decide_score(disposed.acting(disposed.quality), disposed.submission)


def test_confirming_closes_the_engagement_once(uow):
    desk = scored_engagement(uow)
    score = score_of(uow, desk.engagement.id)
    # All raters at 90 %, the report in time: 90 × 0.9 + 10.
    assert score.score == Decimal("91.00")
    assert desk.engagement.state is EngagementState.CLOSED
    with pytest.raises(Refused, match="已确认"):
        decide_score(desk.acting(desk.quality), desk.submission)


def test_a_veto_makes_the_score_zero(disposed):
    disposed.rate(disposed.quality)
    score = decide_score(disposed.acting(disposed.quality), disposed.submission, veto="问卷数据系伪造")
    assert (score.score, score.veto) == (Decimal(0), "问卷数据系伪造")


def test_a_late_delivery_costs_timeliness(uow):
    desk = scored_engagement(uow, begins_on=uow.today - timedelta(days=90), due_on=uow.today - timedelta(days=4))
    assert score_of(uow, desk.engagement.id).score == Decimal("89.00")


def test_a_draft_in_time_does_not_make_a_late_final_punctual(uow):  # R-AGENCY-11, R-GRADE.task
    desk = checked_submission(uow, begins_on=uow.today - timedelta(days=90), due_on=uow.today - timedelta(days=4))
    final = desk.submission
    late = timeliness(uow, final)
    assert late < 100
    draft = Submission(
        engagement_id=final.engagement_id,
        version=final.version + 1,
        kind=ReportKind.DRAFT,
        document_id=final.document_id,
        delivered_at=final.delivered_at - timedelta(days=30),
        state=SubmissionState.SUPERSEDED,
    )
    uow.add(draft)
    uow.session.flush()
    assert timeliness(uow, final) == late


def test_only_quality_staff_confirm(disposed):
    disposed.rate(disposed.quality)
    with pytest.raises(Forbidden):
        decide_score(disposed.acting(disposed.manager), disposed.submission)


def test_a_year_is_computed_by_the_scale_and_published_by_somebody_else(uow):
    agency = make_agency(uow)
    first = scored_engagement(uow, "0.9", agency=agency, amount=Decimal(100000))
    second = scored_engagement(uow, "0.7", agency=agency, amount=Decimal(300000))
    lonely = scored_engagement(uow, "0.8")
    officer, other = first.quality, make_user(uow, Role.PROCUREMENT_APPROVER)
    cycle = compute_cycle(first.acting(officer), uow.today.year)
    rules = grade_rules(uow)
    expected = year_score(
        [
            YearTask("a", score_of(uow, first.engagement.id).score, Decimal(100000)),
            YearTask("b", score_of(uow, second.engagement.id).score, Decimal(300000)),
        ],
        [],
        rules,
    )
    mine = next(one for one in cycle.entries if one.agency_id == agency.id)
    assert (mine.score, mine.grade) == (expected.score, expected.grade.value)
    announce_cycle(first.acting(officer), cycle)
    end_appeals(uow, cycle)
    with pytest.raises(Forbidden):
        publish_cycle(first.acting(officer), cycle)
    publish_cycle(first.acting(other), cycle)
    assert cycle.state is CycleState.PUBLISHED
    uow.session.expire_all()
    assert (agency.grade.score, agency.grade.tasks) == (expected.score, 2)
    assert lonely.agency.grade.grade is Grade.UNGRADED
    with pytest.raises(Refused, match="已公布"):
        compute_cycle(first.acting(officer), uow.today.year)


def test_records_of_a_published_year_verify_in_both_forms(uow):
    agency = make_agency(uow)
    uow.add(
        CreditRecord(
            agency_id=agency.id,
            happened_on=uow.today,
            description="底稿不全",
            points=Decimal(10),
            expires_on=uow.today + timedelta(days=365),
        )
    )
    desk = scored_engagement(uow, agency=agency)
    scored_engagement(uow, agency=agency)
    cycle = compute_cycle(desk.acting(desk.quality), uow.today.year)
    mine = next(one for one in cycle.entries if one.agency_id == agency.id)
    assert (mine.score, mine.grade, mine.record["result"]["deducted"]) == (Decimal("81.00"), "B", "10")
    full = read_record(written(mine.record))
    public = read_record(written(public_grade_record(full)))
    assert verify_grade(full) == []
    assert verify_grade(public) == []
    assert match(full, public) == []
    full["result"]["score"] = "99.00"
    assert verify_grade(full)


def test_a_score_after_the_computation_asks_for_a_new_one(uow):
    desk = scored_engagement(uow)
    cycle = compute_cycle(desk.acting(desk.quality), uow.today.year)
    scored_engagement(uow)
    with pytest.raises(Refused, match="重新测算"):
        announce_cycle(desk.acting(make_user(uow, Role.QUALITY_OFFICER)), cycle)


def test_a_cycle_keeps_the_rule_set_it_was_begun_with(uow):
    desk = scored_engagement(uow)
    scored_engagement(uow, agency=desk.agency)
    officer, year = desk.acting(desk.quality), uow.today.year
    cycle = compute_cycle(officer, year, "zhuhai")
    before = [one.record for one in cycle.entries]
    set_local_value(uow, "R-GRADE.zhuhai", "report", "30")
    set_local_value(uow, "R-GRADE.zhuhai", "archive", "15")
    assert moved_since(officer, cycle) == ["elements"]
    again = compute_cycle(officer, year, "zhuhai")
    assert [one.record for one in again.entries] == before
    with pytest.raises(Refused) as caught:
        compute_cycle(officer, year, "house")
    assert [(one.rule_id, one.field) for one in caught.value.refusals] == [("R-GRADE.year", "rule_set")]


def test_another_rule_set_takes_a_new_cycle_and_a_reason(uow):
    desk = scored_engagement(uow)
    officer, year = desk.acting(desk.quality), uow.today.year
    first = compute_cycle(officer, year, "jiading")
    with pytest.raises(Refused):
        drop_cycle(officer, first, "")
    drop_cycle(officer, first, "改按本局方案")
    second = compute_cycle(officer, year)
    assert (first.state, second.state, second.rule_set) == (CycleState.DROPPED, CycleState.PREVIEW, "house")
    with pytest.raises(Refused):
        announce_cycle(desk.acting(make_user(uow, Role.PROCUREMENT_APPROVER)), first)


@pytest.mark.parametrize("key", ["jiading", "zhuhai", "credit"])
def test_scored_tasks_are_graded_by_the_sets_of_other_places(uow, key):
    desk = scored_engagement(uow, "0.8")
    scored_engagement(uow, "0.8", agency=desk.agency)
    cycle = compute_cycle(desk.acting(desk.quality), uow.today.year, key)
    mine = next(one for one in cycle.entries if one.agency_id == desk.agency.id)
    assert verify_grade(read_record(written(mine.record))) == []
    assert mine.score == {"jiading": Decimal("68.00"), "zhuhai": Decimal("82.00"), "credit": Decimal("90.00")}[key]


def test_parameters_that_no_longer_hold_stop_the_computation_with_their_rule(uow):
    desk = scored_engagement(uow)
    set_local_value(uow, "R-GRADE.task", "plan", "30")
    with pytest.raises(Refused) as caught:
        compute_cycle(desk.acting(desk.quality), uow.today.year)
    assert caught.value.refusals[0].rule_id == "R-GRADE.task"


def test_a_year_without_any_score_is_not_computed(uow):
    desk = scored_engagement(uow)
    with pytest.raises(Refused) as caught:
        compute_cycle(desk.acting(desk.quality), uow.today.year - 1)
    assert [(one.rule_id, one.field) for one in caught.value.refusals] == [("R-GRADE.min", "year")]
    assert uow.session.scalar(select(GradingCycle.id)) is None


def test_an_agency_without_tasks_is_not_graded(uow):
    agency, desk = make_agency(uow), scored_engagement(uow)
    cycle = compute_cycle(desk.acting(desk.quality), uow.today.year)
    mine = next(one for one in cycle.entries if one.agency_id == agency.id)
    assert (mine.grade, mine.score, mine.tasks, mine.mean) == (Grade.UNGRADED, None, 0, None)
    assert verify_grade(mine.record) == []


def test_who_rated_or_confirmed_is_kept_with_the_entry(uow):
    desk = scored_engagement(uow)
    cycle = compute_cycle(desk.acting(desk.quality), uow.today.year)
    mine = next(one for one in cycle.entries if one.agency_id == desk.agency.id)
    assert set(mine.judges) == {str(desk.quality.id), str(desk.unit.id)}
