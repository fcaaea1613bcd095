from __future__ import annotations

import pytest
from sqlalchemy import func, select

from agencies.models import Engagement
from agencies.queries import visible_engagements
from agencies.services.engagements import ensure_may_deliver
from agencies.services.grades import record_grade
from agencies.states import EngagementState, Grade
from core.errors import Refused
from core.identity.roles import Role
from core.permissions import policy
from projects.services.systems import approve_system, set_indicators, submit_system
from projects.workflow import INDICATOR_SYSTEM
from tests.factories.agencies import make_agency, make_engagement
from tests.factories.identity import make_user
from tests.factories.projects import entries, make_project


def test_opening_twice_from_one_source_gives_one_engagement(uow):
    project, agency = make_project(uow), make_agency(uow)
    first = make_engagement(uow, project=project, agency=agency, source="tender:1")
    second = make_engagement(uow, project=project, agency=agency, source="tender:1")
    assert first is second
    assert first.system is not None


def test_numbers_run_through_the_year(uow):
    numbers = [make_engagement(uow).number for _one in range(3)]
    assert len(set(numbers)) == 3
    assert all(number.startswith(f"评委〔{uow.today.year}〕") for number in numbers)


def test_no_report_before_the_indicators_are_approved(uow, uow_as):
    manager = make_user(uow, Role.AGENCY_MANAGER)
    agency = make_agency(uow, manager.memberships[0].organisation)
    engagement = make_engagement(uow, agency=agency)
    with pytest.raises(Refused) as refused:
        ensure_may_deliver(engagement)
    assert refused.value.refusals[0].rule_id == "R-IND-01"
    quality = uow_as(make_user(uow, Role.QUALITY_OFFICER))
    set_indicators(uow_as(manager), engagement.system, entries())
    submit_system(uow_as(manager), engagement.system)
    INDICATOR_SYSTEM.fire(quality, engagement.system, "start_review")
    approve_system(quality, engagement.system)
    assert engagement.state is EngagementState.EVALUATING
    ensure_may_deliver(engagement)


def test_the_list_shows_exactly_what_the_page_allows(uow, uow_as):
    from agencies.permissions import AgencyPermission

    manager, officer = make_user(uow, Role.AGENCY_MANAGER), make_user(uow, Role.UNIT_OFFICER)
    agency = make_agency(uow, manager.memberships[0].organisation)
    made = [
        make_engagement(uow, agency=agency),
        make_engagement(uow, project=make_project(uow, unit=officer.memberships[0].organisation)),
        make_engagement(uow),
    ]
    readers = [manager, officer, *(make_user(uow, role) for role in Role)]
    for reader in readers:
        actor = uow_as(reader).actor
        listed = set(uow.session.scalars(visible_engagements(actor)).all()) & set(made)
        allowed = {one for one in made if policy.allows(actor, AgencyPermission.READ_ENGAGEMENT, one)}
        assert listed == allowed, reader.memberships


def test_a_grade_computed_again_replaces_the_year_and_keeps_the_trail(uow):
    agency = make_agency(uow)
    record_grade(uow, agency, year=2025, grade=Grade.B, score=84, tasks=3, record={})
    record_grade(uow, agency, year=2025, grade=Grade.A, score=91, tasks=3, record={})
    assert [(one.year, one.grade) for one in agency.grades] == [(2025, Grade.A)]


def test_the_engagement_page_and_list_open_for_their_parties_only(uow, client_as):
    manager = make_user(uow, Role.AGENCY_MANAGER)
    agency = make_agency(uow, manager.memberships[0].organisation)
    engagement = make_engagement(uow, agency=agency)
    page = client_as(manager).get(f"/engagements/{engagement.id}")
    assert page.status_code == 200
    assert engagement.number in client_as(manager).get("/engagements").text
    stranger = client_as(make_user(uow, Role.AGENCY_MANAGER))
    assert stranger.get(f"/engagements/{engagement.id}").status_code == 404
    assert engagement.number not in stranger.get("/engagements").text
    assert uow.session.scalar(select(func.count()).select_from(Engagement)) >= 1


def test_the_register_is_public_and_the_credit_record_is_not(uow, client, client_as):
    agency = make_agency(uow)
    record_grade(uow, agency, year=2025, grade=Grade.A, score=92, tasks=4, record={})
    page = client.get(f"/agencies/{agency.id}")
    assert page.status_code == 200
    assert "A 级" in page.text
    assert "现在有效的扣分合计" not in page.text
    assert "现在有效的扣分合计" in client_as(make_user(uow, Role.QUALITY_OFFICER)).get(f"/agencies/{agency.id}").text
    assert client.get("/agencies?grade=A").status_code == 200
