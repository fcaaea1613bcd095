"""A plan passes a panel or the bureau before anything is evaluated (R-AGENCY-07, R-AGENCY-08, R-AGENCY-09)."""

from __future__ import annotations

import pytest

from agencies.plan_elements import Written
from agencies.queries.following import milestones_of, plan_of
from agencies.services.engagements import ensure_may_deliver
from agencies.services.milestones import mark_done
from agencies.services.plans import PLAN_PAPER, approve_plan, keep_plan, return_plan, submit_plan
from agencies.states import EngagementState, MilestoneKind, PlanElement, PlanState, PlanWay
from agencies.workflow import PLAN, plan_standings
from core.documents.accept import documents_of
from core.errors import Forbidden, Refused
from tests.factories.agencies import make_engagement
from tests.factories.following import Course


def rules_of(refused) -> set[str]:
    return {one.rule_id for one in refused.value.refusals}


def test_an_engagement_gets_a_plan_and_dates_unless_it_was_taken_over(uow):
    course = Course(uow)
    assert course.plan.state is PlanState.DRAFT
    assert [one.kind for one in milestones_of(uow, course.engagement)] == list(MilestoneKind)
    assert plan_of(uow, make_engagement(uow)) is None


def test_an_incomplete_plan_is_not_handed_in_and_says_what_is_missing(uow):
    course = Course(uow)
    course.name_lead()
    keep_plan(course.acting(course.manager), course.plan, {PlanElement.PURPOSE: Written("检验资金绩效")})
    with pytest.raises(Refused) as refused:
        submit_plan(course.acting(course.manager), course.plan)
    assert rules_of(refused) == {"R-AGENCY-08"}
    assert "评价方法" in str(refused.value.refusals[0].reason)
    assert "评价目的" not in str(refused.value.refusals[0].reason)


def test_no_plan_without_a_lead_evaluator(uow):
    course = Course(uow)
    course.hand_in_indicators()
    course.write()
    with pytest.raises(Refused) as refused:
        submit_plan(course.acting(course.manager), course.plan)
    assert "R-AGENCY-07" in rules_of(refused)


def test_the_panel_that_passes_the_indicators_passes_the_plan_before_it(uow):
    course = Course(uow)
    course.submit()
    with pytest.raises(Refused) as refused:
        mark_done(course.acting(course.manager), course.engagement, MilestoneKind.COLLECTION)
    assert rules_of(refused) == {"R-AGENCY-09"}
    course.agree_on_indicators()
    assert (course.plan.state, course.plan.way) == (PlanState.APPROVED, PlanWay.PANEL)
    assert course.engagement.state is EngagementState.EVALUATING
    mark_done(course.acting(course.manager), course.engagement, MilestoneKind.COLLECTION)
    done = {one.kind: one.done_on for one in milestones_of(uow, course.engagement)}
    assert done[MilestoneKind.PLAN] == done[MilestoneKind.COLLECTION] == uow.today
    assert done[MilestoneKind.DRAFT] is None


def test_a_plan_that_no_panel_saw_needs_the_bureau_before_the_evaluation_begins(uow):
    course = Course(uow)
    course.hand_in_indicators()
    course.agree_on_indicators()
    assert course.engagement.state is EngagementState.PREPARING, "indicators alone are not enough"
    with pytest.raises(Refused) as refused:
        ensure_may_deliver(course.engagement)
    assert rules_of(refused) == {"R-AGENCY-09"}
    course.name_lead()
    course.write()
    submit_plan(course.acting(course.manager), course.plan)
    with pytest.raises(Forbidden):
        approve_plan(course.acting(course.manager), course.plan)
    course.approve()
    assert course.plan.way is PlanWay.BUREAU
    assert course.engagement.state is EngagementState.EVALUATING


def test_a_returned_plan_says_why_and_is_handed_in_as_the_next_round(uow):
    course = Course(uow)
    course.submit()
    with pytest.raises(Refused) as refused:
        return_plan(course.acting(course.quality), course.plan, "  ")
    assert refused.value.refusals[0].field == "opinion"
    return_plan(course.acting(course.quality), course.plan, "抽样方法不明确")
    course.write()
    submit_plan(course.acting(course.manager), course.plan)
    assert course.plan.round == 2
    assert len(documents_of(uow, course.plan, PLAN_PAPER)) == 2, "each round is kept as it stood"


def test_a_submitted_plan_is_not_written_and_what_is_cleared_is_missing_again(uow):
    course = Course(uow)
    course.submit()
    with pytest.raises(Refused):
        course.write()
    PLAN.fire(course.acting(course.manager), course.plan, "withdraw")
    keep_plan(course.acting(course.manager), course.plan, {PlanElement.SAMPLE: Written("  ")})
    missing = [one.element for one in plan_standings(uow, course.plan) if not one.is_there]
    assert missing == [PlanElement.SAMPLE]


def test_an_approved_plan_stays_as_it_is(uow):
    course = Course(uow).begin()
    with pytest.raises(Refused):
        return_plan(course.acting(course.quality), course.plan, "再改")
    with pytest.raises(Refused):
        course.write()
