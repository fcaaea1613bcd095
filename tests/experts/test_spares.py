"""Reserves asked beside the panel, as many as the histories of answers suggest."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from core.errors import Forbidden, Refused
from core.notifications.models import Notification
from experts.seats import panel_of, spares_of
from experts.services.invitations import accept_seat, decline_seat, lapse_overdue, vacate
from experts.services.spares import ask_spares, histories, suggestion
from experts.services.undertakings import may_score
from experts.states import ReviewState, SeatState
from tests.factories.experts import CONFIRMED, as_user, review_in


def rules_of(refused) -> set[str | None]:
    return {refusal.rule_id for refusal in refused.value.refusals}


def kinds_for(uow, user) -> list[str]:
    return list(uow.session.scalars(select(Notification.kind).where(Notification.user_id == user.id)))


@pytest.fixture
def hall(uow):
    return review_in(uow, ReviewState.INVITING, reserves=5)


class TestSpares:
    def test_reserves_are_asked_as_many_as_the_histories_suggest_r_exp_wave(self, uow, hall):
        found = suggestion(uow, hall.review)
        assert found.wave.alone == pytest.approx(0.6**5)
        assert found.wave.spare == 3, "at most so many, though the chance wanted is not reached"
        asked = ask_spares(as_user(uow, hall.quality), hall.review)
        assert [one.is_spare for one in asked] == [True] * 3
        assert len(panel_of(uow, hall.review)) == 5
        with pytest.raises(Refused) as refused:
            ask_spares(as_user(uow, hall.quality), hall.review)
        assert rules_of(refused) == {"R-EXP.wave"}

    def test_a_spare_who_accepted_takes_a_vacated_seat_at_once_in_the_order_of_the_draw(self, uow, hall):
        spares = ask_spares(as_user(uow, hall.quality), hall.review)
        for one in spares:
            accept_seat(hall.as_expert(one), one, CONFIRMED)
            assert not may_score(uow, one)
        for one in hall.panel[1:]:
            accept_seat(hall.as_expert(one), one, CONFIRMED)
        leaving = next(one for one in hall.panel if one.state is SeatState.INVITED)
        decline_seat(hall.as_expert(leaving), leaving, "出差")
        taken = [one for one in spares if not one.is_spare]
        if taken:
            assert "seat.promoted" in kinds_for(uow, taken[0].expert.user)
            assert hall.review.state is ReviewState.SCORING, "all seats have accepted"
        assert len(panel_of(uow, hall.review)) == 5

    def test_a_spare_s_no_vacates_nothing_and_the_rest_are_released_with_the_scoring(self, uow, hall):
        spares = ask_spares(as_user(uow, hall.quality), hall.review)
        decline_seat(hall.as_expert(spares[0]), spares[0], "出差")
        accept_seat(hall.as_expert(spares[1]), spares[1], CONFIRMED)
        assert len(panel_of(uow, hall.review)) == 5
        hall.accept_all()
        hall.score_all()
        assert [one.state for one in spares] == [SeatState.DECLINED, SeatState.RELEASED, SeatState.RELEASED]
        assert not spares_of(uow, hall.review)
        assert "seat.released" in kinds_for(uow, spares[1].expert.user)

    def test_the_officer_sees_the_reckoning_and_asks_from_the_page(self, uow, hall, client_as):
        browser = client_as(hall.quality)
        words = browser.page(f"/reviews/{hall.review.id}").get_text()
        assert "坐满的可能是 8%" in words
        assert browser.post(f"/reviews/{hall.review.id}/spares").status_code == 302
        assert len(spares_of(uow, hall.review)) == 3
        assert client_as(hall.observer).post(f"/reviews/{hall.review.id}/spares").status_code == 403

    def test_only_the_officer_asks(self, uow, hall):
        with pytest.raises(Forbidden):
            ask_spares(as_user(uow, hall.observer), hall.review)

    def test_a_history_counts_answers_and_silence_but_no_open_invitation(self, uow, hall, clock):
        first, second = hall.panel[:2]
        accept_seat(hall.as_expert(first), first, CONFIRMED)
        clock.advance(days=2, minutes=1)
        lapse_overdue(uow)
        known = histories(uow, [first.expert_id, second.expert_id])
        assert (known[first.expert_id].asked, known[first.expert_id].accepted) == (1, 1)
        assert (known[second.expert_id].asked, known[second.expert_id].accepted) == (1, 0)


def test_a_seat_without_a_follower_tells_the_officer(uow, hall):
    spare = ask_spares(as_user(uow, hall.quality), hall.review)[0]
    vacate(uow, spare, "谢绝")
    assert "seat.replaced" not in kinds_for(uow, hall.quality), "a spare one leaves nothing vacant"
