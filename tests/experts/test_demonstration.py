from __future__ import annotations

from sqlalchemy import func, select

from core.records import written
from core.verify_cli import verify_file
from experts.demonstration import populate
from experts.models import Draw, Expert, Review, Season, Seat, TelephoneAnswer
from experts.states import DrawState, ReviewState, SeasonState
from web.demo.seed import seed_libraries


def test_the_demonstration_has_160_experts_and_a_review_in_every_state(uow, tmp_path):
    world = seed_libraries(7)
    with world.acting(None) as system:
        populate(system, world)
    assert uow.session.scalar(select(func.count()).select_from(Expert)) == 160
    assert set(uow.session.scalars(select(Review.state))) == set(ReviewState)
    assert set(uow.session.scalars(select(Season.state))) == {SeasonState.PUBLISHED, SeasonState.PROPOSED}
    assert uow.session.scalar(select(func.count()).select_from(TelephoneAnswer)) == 1
    assert uow.session.scalar(select(func.count()).where(Seat.is_spare)) > 0
    draw = uow.session.scalars(select(Draw).where(Draw.state == DrawState.DONE)).first()
    path = tmp_path / "draw.json"
    path.write_bytes(written(draw.record))
    assert verify_file("draw", path) == []
