"""One purchase all the way round, each step in a real browser by the person who would do it; in English in the proof."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from agencies.models import Engagement
from tests.journeys import purchase, quality, reviewing, tendering
from tests.journeys.district import EARLY_LEAVERS

pytestmark = [EARLY_LEAVERS, pytest.mark.browser, pytest.mark.enable_socket, pytest.mark.timeout(900)]


@pytest.mark.parametrize("language", ["zh", pytest.param("en", marks=pytest.mark.proof)])
def test_from_a_project_in_the_library_to_a_graded_agency(district, tmp_path, language):
    district.language = language

    bought = purchase.Purchase(tmp_path)
    tendering.draft(district, bought)
    tendering.name_keyholders(district, bought)
    tendering.publish(district, bought)

    purchase.bid(district, bought)
    purchase.nobody_sees_bids(district, bought)
    district.advance_past(bought.tender)
    purchase.bid_too_late(district, bought)
    purchase.open_bids(district, bought)
    purchase.examine(district, bought)
    purchase.seat_committee(district, bought)
    purchase.judge_conformity(district, bought)
    purchase.score_bids(district, bought)
    purchase.award(district, bought)
    purchase.learn_the_result(district, bought)

    with district.work() as uow:
        engagement = str(uow.session.scalars(select(Engagement.id)).one())
    prepared = reviewing.Preparation(tmp_path, purchase.WINNER, engagement)
    judged = quality.Judgement(tmp_path, purchase.WINNER, engagement)
    reviewing.import_indicators(district, prepared)
    quality.too_early(district, judged)
    quality.plan(district, judged)
    reviewing.convene(district, prepared)
    reviewing.draw(district, prepared)
    reviewing.answer_invitations(district, prepared)
    reviewing.meet(district, prepared)
    reviewing.score(district, prepared)
    reviewing.consent(district, prepared)

    quality.comment(district, judged)
    quality.deliver(district, judged)
    quality.dispose(district, judged)
    quality.archive(district, judged)
    quality.score(district, judged)
    quality.grade(district, judged)
    quality.verify(district, judged, bought.tender)
