"""Conflicts declared and computed, each with reason, source and expiry; late ones unseat: R-COMM-06."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from core.errors import Refused
from core.identity.models import Membership
from core.identity.roles import Role
from experts.models import Conflict, PastEmployment
from experts.services.conflict_sources import years_after
from experts.services.invitations import accept_seat
from experts.services.ties import note_tie, ties_of, withdraw_tie
from experts.states import ConflictKind, ReviewState, SeatState
from tests.factories.experts import CONFIRMED, make_expert, review_in, submitted_engagement


@pytest.fixture
def engagement(uow):
    return submitted_engagement(uow)[0]


def found(uow, expert):
    return {(one.organisation.id, one.found.kind, one.found.expires_on) for one in ties_of(uow, expert)}


class TestWhatIsComputed:
    def test_where_one_works(self, uow, engagement):
        by_name = make_expert(uow, employer=engagement.agency.name)
        by_account = make_expert(uow)
        uow.add(
            Membership(
                user_id=by_account.user_id,
                organisation_id=engagement.project.unit_id,
                role=Role.UNIT_OFFICER,
                position=1,
                ended_at=None,
            )
        )
        uow.session.flush()
        assert (engagement.agency_id, ConflictKind.EMPLOYMENT, None) in found(uow, by_name)
        assert (engagement.project.unit_id, ConflictKind.EMPLOYMENT, None) in found(uow, by_account)

    @pytest.mark.parametrize(("days", "counts"), [(10, True), (3 * 365 - 5, True), (3 * 365 + 5, False)])
    def test_where_one_worked_until_less_than_three_years_ago(self, uow, engagement, days, counts):
        expert, left = make_expert(uow), uow.today - timedelta(days=days)
        uow.add(PastEmployment(expert_id=expert.id, employer=engagement.agency.name, employer_id=None, ended_on=left))
        uow.session.flush()
        assert ((engagement.agency_id, ConflictKind.EMPLOYMENT, years_after(left, 3)) in found(uow, expert)) is counts

    def test_an_account_that_ended_counts_until_its_expiry(self, uow, engagement):
        expert = make_expert(uow)
        uow.add(
            Membership(
                user_id=expert.user_id,
                organisation_id=engagement.agency_id,
                role=Role.AGENCY_STAFF,
                position=1,
                ended_at=uow.now - timedelta(days=400),
            )
        )
        uow.session.flush()
        (tie,) = ties_of(uow, expert)
        assert tie.found.expires_on is not None
        assert tie.found.expires_on > uow.today

    def test_the_employers_engagements_tie_to_the_unit(self, uow, engagement):
        expert = make_expert(uow, employer=engagement.agency.name)
        kinds = {(one.organisation.id, one.found.kind) for one in ties_of(uow, expert)}
        assert (engagement.project.unit_id, ConflictKind.PAST_WORK) in kinds


class TestWhatIsDeclared:
    def test_it_counts_until_its_day_and_not_once_withdrawn(self, uow, uow_as, quality, engagement):
        expert, agency = make_expert(uow), engagement.agency
        acting = uow_as(quality)
        note_tie(
            acting,
            expert,
            agency,
            kind=ConflictKind.DIRECTORSHIP,
            reason="任独立董事",
            expires_on=uow.today + timedelta(days=5),
        )
        conflict = uow.session.scalars(select(Conflict)).one()
        assert (agency.id, ConflictKind.DIRECTORSHIP, conflict.expires_on) in found(uow, expert)
        with pytest.raises(Refused):
            withdraw_tie(acting, conflict, "  ")
        withdraw_tie(acting, conflict, "误登，非同一公司")
        assert found(uow, expert) == set()
        with pytest.raises(Refused):
            withdraw_tie(acting, conflict, "再撤一次")

    def test_the_page_shows_source_and_expiry_and_who_may_withdraw(self, uow, client_as, quality, engagement):
        expert = make_expert(uow)
        own, officer = client_as(expert.user), client_as(quality)
        page = f"/experts/{expert.id}/conflicts"
        data = {
            "organisation_id": str(engagement.agency_id),
            "kind": "coaching",
            "reason": "去年指导过其指标体系",
            "expires_on": "",
        }
        assert own.post(f"{page}/new", data=data).status_code == 302
        text = own.get(page).text
        assert "本人申报" in text
        assert "持续" in text
        conflict = uow.session.scalars(select(Conflict)).one()
        assert own.post(f"{page}/{conflict.id}/withdraw", data={"reason": "撤"}).status_code == 403
        assert officer.post(f"{page}/{conflict.id}/withdraw", data={"reason": ""}).status_code == 422
        assert officer.post(f"{page}/{conflict.id}/withdraw", data={"reason": "另一家同名机构"}).status_code == 302
        assert "已撤销" in officer.get(page).text
        stranger = client_as(make_expert(uow).user)
        assert stranger.get(page).status_code == 404

    @pytest.mark.parametrize("changes", [{"reason": ""}, {"expires_on": "2020-01-01"}, {"organisation_id": "x"}])
    def test_bad_input_is_told_at_its_field(self, uow, client_as, quality, engagement, changes):
        expert = make_expert(uow)
        data = {"organisation_id": str(engagement.agency_id), "kind": "kinship", "reason": "配偶", "expires_on": ""}
        answer = client_as(quality).post(f"/experts/{expert.id}/conflicts/new", data={**data, **changes})
        assert answer.status_code == 422
        assert uow.session.scalar(select(Conflict)) is None


class TestALateConflict:
    def test_noted_after_acceptance_unseats_and_the_next_is_asked(self, uow, client_as):
        hall = review_in(uow, ReviewState.INVITING)
        seat = hall.panel[0]
        accept_seat(hall.as_expert(seat), seat, CONFIRMED)
        data = {
            "organisation_id": str(hall.engagement.agency_id),
            "kind": "past-work",
            "reason": "本月受其委托做课题",
            "expires_on": "",
        }
        client_as(hall.quality).post(f"/experts/{seat.expert_id}/conflicts/new", data=data)
        assert seat.state is SeatState.RECUSED
        assert len([one for one in hall.panel if one.state is SeatState.INVITED]) == hall.review.size

    def test_found_when_the_last_one_accepts_keeps_scoring_from_starting(self, uow):
        hall = review_in(uow, ReviewState.INVITING)
        first, *others = hall.panel
        accept_seat(hall.as_expert(first), first, CONFIRMED)
        first.expert.employer = hall.engagement.agency.name
        uow.session.flush()
        for seat in others:
            accept_seat(hall.as_expert(seat), seat, CONFIRMED)
        assert first.state is SeatState.RECUSED
        assert hall.review.state is ReviewState.INVITING
        (asked,) = [one for one in hall.panel if one.state is SeatState.INVITED]
        accept_seat(hall.as_expert(asked), asked, CONFIRMED)
        assert hall.review.state is ReviewState.SCORING

    def test_a_tie_to_somebody_else_changes_nothing(self, uow, uow_as):
        hall = review_in(uow, ReviewState.INVITING)
        other = submitted_engagement(uow)[0]
        seat = hall.panel[0]
        note_tie(uow_as(hall.quality), seat.expert, other.agency, kind=ConflictKind.OTHER, reason="无关机构")
        assert seat.state is SeatState.INVITED
