"""Two officers convene the same review in the same second, on real commits: one review, and the other is told which."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.database import db
from core.errors import Refused
from core.house import current_house
from core.identity.actor import SYSTEM, actor_for
from core.identity.roles import Role
from core.unit_of_work import UnitOfWork
from experts.models import Review
from experts.services.reviews import convene_review
from projects.models import IndicatorSystem
from tests.factories.experts import meeting, submitted_engagement
from tests.factories.identity import make_user


@pytest.mark.timeout(60)
def test_the_second_officer_waits_and_is_told_which_review_runs(durable_app):
    uow = UnitOfWork(db.session(), SYSTEM, current_house())
    engagement, _manager = submitted_engagement(uow)
    system_id = engagement.system_id
    officers = [make_user(uow, Role.QUALITY_OFFICER).id for _number in range(2)]
    uow.commit()
    said: list[str] = []
    convened = threading.Event()

    def convene_second() -> None:
        with durable_app.app_context(), Session(db.engine) as session:
            officer = UnitOfWork(session, actor_for(session, officers[1]), current_house())
            try:
                convene_review(officer, session.get(IndicatorSystem, system_id), meeting(officer))
            except Refused as refused:
                said.append(str(refused))
            convened.set()

    with Session(db.engine) as session:
        officer = UnitOfWork(session, actor_for(session, officers[0]), current_house())
        review = convene_review(officer, session.get(IndicatorSystem, system_id), meeting(officer))
        number = review.number
        second = threading.Thread(target=convene_second)
        second.start()
        assert not convened.wait(0.5), "the second officer did not wait for the first"
        officer.commit()
        second.join(30)
    assert len(said) == 1
    assert number in said[0]
    db.session.expire_all()
    assert [one.number for one in db.session.scalars(select(Review))] == [number]
