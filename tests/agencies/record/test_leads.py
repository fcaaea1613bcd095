"""Lead evaluators on the database: who may lead an engagement: R-LEAD-01, R-AGENCY-07, R-AGENCY-05."""

from __future__ import annotations

from datetime import timedelta

import pytest

from agencies.services.leads import ensure_may_lead, keep_lead, lead_verdict, leads_of
from agencies.states import Answer
from core.errors import Refused
from core.identity.roles import OrganisationKind
from tests.factories.agencies import make_agency, make_lead
from tests.factories.identity import make_organisation


def rules_of(refused) -> set[str | None]:
    return {one.rule_id for one in refused.value.refusals}


class TestWhoMayLead:
    def test_somebody_who_qualifies_may(self, uow):
        agency = make_agency(uow)
        lead = make_lead(uow, agency.organisation)
        ensure_may_lead(uow, agency.organisation_id, lead)
        assert lead_verdict(uow, lead).answer is Answer.KEPT
        assert (lead.qualification, agency.leads) == ("高级会计师、注册会计师", [lead])

    def test_who_does_not_is_refused_with_every_reason_r_agency_05(self, uow):
        agency = make_agency(uow)
        lead = make_lead(uow, agency.organisation, qualifies=False, evaluation=[])
        with pytest.raises(Refused) as refused:
            ensure_may_lead(uow, agency.organisation_id, lead)
        assert rules_of(refused) == {"R-LEAD-01", "R-AGENCY-05"}
        assert len(refused.value.refusals) == 3

    def test_the_day_asked_about_counts(self, uow):
        year = uow.today.year
        agency = make_agency(uow)
        lead = make_lead(uow, agency.organisation, contract_until=f"{year}-12-31")
        ensure_may_lead(uow, agency.organisation_id, lead)
        with pytest.raises(Refused):
            ensure_may_lead(uow, agency.organisation_id, lead, uow.today.replace(year=year + 1))

    def test_another_agencys_and_former_people_may_not_r_agency_07(self, uow):
        agency, other = make_agency(uow), make_organisation(uow, OrganisationKind.AGENCY)
        foreign = make_lead(uow, other)
        with pytest.raises(Refused) as refused:
            ensure_may_lead(uow, agency.organisation_id, foreign)
        assert rules_of(refused) == {"R-AGENCY-07"}
        lead = make_lead(uow, agency.organisation)
        lead.item.ended_on, lead.item.ended_at = uow.today - timedelta(days=1), uow.now
        lead.item.end_reason = "离职"
        keep_lead(uow, lead.item)
        with pytest.raises(Refused):
            ensure_may_lead(uow, agency.organisation_id, lead)
        uow.session.expire(agency, ["leads"])
        assert agency.leads == []

    def test_an_organisation_outside_the_library_has_leads_too_r_grade_scope(self, uow):
        outside = make_organisation(uow, OrganisationKind.AGENCY)
        able, unable = make_lead(uow, outside, name="能"), make_lead(uow, outside, qualifies=False, name="不")
        assert [one for one, _verdict in leads_of(uow, outside.id)] == [able, unable]
        ensure_may_lead(uow, outside.id, able)
