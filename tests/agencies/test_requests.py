"""What needs the bureau's consent: team, dates, off-site work, release.

R-AGENCY-07, R-AGENCY-10, R-AGENCY-14, R-AGENCY.dates.
"""

from __future__ import annotations

from datetime import timedelta

import pytest

from agencies.queries.following import milestones_of, requests_of, team_changes, team_of
from agencies.services.fieldwork import Visit, fieldwork_refusal, note_fieldwork
from agencies.services.requests import Asked, agree, ask, ensure_may_release, refuse, withdraw
from agencies.services.team import Newcomer, add_member, drop_member
from agencies.states import FieldworkKind, MilestoneKind, RequestKind, RequestState, TeamRole
from core.errors import Forbidden, Refused
from tests.factories.agencies import make_agency, make_lead
from tests.factories.following import Course


def asked(course, **values):
    return ask(course.acting(course.manager), course.engagement, Asked(reason="工作需要", **values))


def fields_of(refused) -> set[str | None]:
    return {one.field for one in refused.value.refusals}


def test_while_it_is_planned_the_team_is_the_agencys_own_affair(uow):
    course = Course(uow)
    manager = course.acting(course.manager)
    course.name_lead()
    member = add_member(manager, course.engagement, Newcomer(TeamRole.MEMBER, "周可", duty="数据"))
    with pytest.raises(Refused):
        add_member(manager, course.engagement, Newcomer(TeamRole.SURVEYOR, "周可"))
    drop_member(manager, course.engagement, member)
    assert [one.role for one in team_of(uow, course.engagement)] == [TeamRole.LEAD]
    assert team_changes(uow, course.engagement).total == 0


def test_a_lead_is_of_this_agency(uow):
    course = Course(uow)
    foreign = make_lead(uow, make_agency(uow).organisation, name="外来")
    with pytest.raises(Refused) as refused:
        add_member(course.acting(course.manager), course.engagement, Newcomer(TeamRole.LEAD, lead=foreign))
    assert refused.value.refusals[0].rule_id == "R-AGENCY-07"
    junior = make_lead(uow, course.agency.organisation, qualifies=False, name="新人")
    with pytest.raises(Refused) as refused:
        add_member(course.acting(course.manager), course.engagement, Newcomer(TeamRole.LEAD, lead=junior))
    assert "R-LEAD-01" in {one.rule_id for one in refused.value.refusals}


def test_after_the_plan_the_team_changes_with_consent_and_every_change_counts(uow):
    course = Course(uow).begin()
    with pytest.raises(Refused) as refused:
        add_member(course.acting(course.manager), course.engagement, Newcomer(TeamRole.MEMBER, "周可"))
    assert refused.value.refusals[0].rule_id == "R-AGENCY-07"
    row = asked(course, kind=RequestKind.TEAM, newcomer=Newcomer(TeamRole.MEMBER, "周可"))
    with pytest.raises(Refused):
        asked(course, kind=RequestKind.TEAM, newcomer=Newcomer(TeamRole.MEMBER, "吴桐"))
    with pytest.raises(Forbidden):
        agree(course.acting(course.manager), row)
    agree(course.acting(course.quality), row)
    assert "周可" in [one.name for one in team_of(uow, course.engagement)]
    other = make_lead(uow, course.agency.organisation, name="沈一鸣")
    leading = team_of(uow, course.engagement)[0]
    row = asked(course, kind=RequestKind.TEAM, leaving=leading, newcomer=Newcomer(TeamRole.LEAD, lead=other))
    agree(course.acting(course.quality), row, "同意")
    changes = team_changes(uow, course.engagement)
    assert (changes.total, changes.leads) == (2, 1)
    assert leading.left_on == uow.today


def test_nobody_takes_the_only_lead_out(uow):
    course = Course(uow).begin()
    leading = team_of(uow, course.engagement)[0]
    with pytest.raises(Refused) as refused:
        asked(course, kind=RequestKind.TEAM, leaving=leading)
    assert fields_of(refused) == {"lead"}
    with pytest.raises(Refused) as refused:
        asked(course, kind=RequestKind.TEAM)
    assert "leaving" in fields_of(refused)


def test_an_extension_moves_what_follows(uow):
    course = Course(uow).begin()
    before = {one.kind: one.due_on for one in milestones_of(uow, course.engagement)}
    to = before[MilestoneKind.DRAFT] + timedelta(days=7)
    with pytest.raises(Refused):
        asked(course, kind=RequestKind.EXTENSION, milestone=MilestoneKind.PLAN, due_on=to)
    with pytest.raises(Refused) as refused:
        asked(course, kind=RequestKind.EXTENSION, milestone=MilestoneKind.DRAFT, due_on=before[MilestoneKind.DRAFT])
    assert fields_of(refused) == {"due_on"}
    agree(
        course.acting(course.quality),
        asked(course, kind=RequestKind.EXTENSION, milestone=MilestoneKind.DRAFT, due_on=to),
    )
    after = {one.kind: one for one in milestones_of(uow, course.engagement)}
    assert after[MilestoneKind.DRAFT].due_on == to
    assert after[MilestoneKind.FINAL].due_on == before[MilestoneKind.FINAL] + timedelta(days=7)
    assert after[MilestoneKind.VISIT].due_on == before[MilestoneKind.VISIT]
    assert after[MilestoneKind.DRAFT].planned_on == before[MilestoneKind.DRAFT], "what was planned stays known"


def test_a_refusal_has_its_reason_and_changes_nothing(uow):
    course = Course(uow).begin()
    row = asked(course, kind=RequestKind.OFF_SITE)
    with pytest.raises(Refused) as refused:
        refuse(course.acting(course.quality), row, " ")
    assert refused.value.refusals[0].rule_id == "R-AGENCY-10"
    refuse(course.acting(course.quality), row, "项目设施须现场查看")
    assert fieldwork_refusal(uow, course.engagement).rule_id == "R-AGENCY-10"
    with pytest.raises(Refused):
        withdraw(course.acting(course.manager), row)


def test_a_draft_needs_work_on_site_or_consent_to_go_without(uow):
    course = Course(uow).begin()
    assert fieldwork_refusal(uow, course.engagement) is not None
    agree(course.acting(course.quality), asked(course, kind=RequestKind.OFF_SITE))
    assert fieldwork_refusal(uow, course.engagement) is None
    other = Course(uow).begin()
    other.visit()
    assert fieldwork_refusal(uow, other.engagement) is None


def test_work_on_site_is_noted_completely_and_not_before_the_plan_passed(uow):
    course = Course(uow)
    tomorrow = uow.today + timedelta(days=1)
    with pytest.raises(Refused) as refused:
        course.visit()
    assert refused.value.refusals[0].rule_id == "R-AGENCY-09"
    course.begin()
    with pytest.raises(Refused) as refused:
        note_fieldwork(course.acting(course.manager), course.engagement, Visit(FieldworkKind.VISIT, tomorrow, " ", ""))
    assert fields_of(refused) == {"held_on", "place", "people"}


def test_nothing_is_released_without_consent(uow):
    course = Course(uow).begin()
    with pytest.raises(Refused) as refused:
        ensure_may_release(uow, course.engagement)
    assert refused.value.refusals[0].rule_id == "R-AGENCY-14"
    with pytest.raises(Refused) as refused:
        asked(course, kind=RequestKind.RELEASE)
    assert fields_of(refused) == {"recipient"}
    agree(course.acting(course.quality), asked(course, kind=RequestKind.RELEASE, recipient="区绩效管理研讨会"))
    ensure_may_release(uow, course.engagement)


def test_a_request_is_taken_back_while_it_waits(uow):
    course = Course(uow).begin()
    row = asked(course, kind=RequestKind.OFF_SITE)
    withdraw(course.acting(course.manager), row)
    assert requests_of(uow, course.engagement)[0].state is RequestState.WITHDRAWN
    with pytest.raises(Refused):
        agree(course.acting(course.quality), row)
