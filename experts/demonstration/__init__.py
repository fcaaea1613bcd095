"""The demonstration's experts and reviews: 160 invented people and a review in every state, acted out by services."""

from __future__ import annotations

from core.unit_of_work import UnitOfWork
from experts.demonstration.people import add_experts
from experts.demonstration.pool import keep_pool
from experts.demonstration.reviews import STORIES, act
from experts.demonstration.seasons import act_seasons, ask_beside
from experts.demonstration.stage import Stage


def populate(uow: UnitOfWork, world: Stage) -> None:
    """Fill the pool and act out the reviews; the caller seeds ids and chance."""
    uow.session.flush()
    with world.at_desk("xu.wenjing", days=-380) as officer:
        add_experts(officer, world)
    for number, story in enumerate(STORIES):
        act(world, story, number)
    keep_pool(world)
    act_seasons(world, len(STORIES))
    ask_beside(world)
