from __future__ import annotations

from collections import Counter

import pytest
from sqlalchemy import select

from agencies.models import Engagement
from procurement.demonstration.tenders import STORIES, populate
from procurement.models import Award, Tender
from procurement.scoring import verify_award
from procurement.states import TenderState
from web.demo.seed import seed_libraries


@pytest.mark.timeout(400)
def test_the_demonstration_has_a_tender_in_every_state_with_records_that_verify(app, uow):
    world = seed_libraries(7)
    populate(uow, world)
    states = Counter(world.session.scalars(select(Tender.state)))
    assert set(states) == set(TenderState)
    assert sum(states.values()) == len(STORIES)
    awards = world.session.scalars(select(Award)).all()
    assert len(awards) == states[TenderState.AWARDED]
    for one in awards:
        assert verify_award(one.record) == verify_award(one.public_record) == []
    assert len(world.session.scalars(select(Engagement)).all()) == len(awards)
