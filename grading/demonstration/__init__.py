"""The demonstration's reports and grades, made through the same services that people use."""

from __future__ import annotations

from core.identity.roles import Role
from core.unit_of_work import UnitOfWork
from grading.demonstration import analysis, cycles, following, past_years, poor_task, ratings, reports, yearly_reports
from grading.demonstration.stage import World, person


def populate(uow: UnitOfWork, world: World) -> None:
    """Publish the grades of past years, act out this year's deliveries and send this year's sheets to the agencies."""
    past_years.publish_past(uow, world)
    following.act(world)
    officer = person(uow, world, Role.QUALITY_OFFICER)
    for number, story in enumerate(reports.STORIES):
        reports.act(world, story, number, officer)
    ratings.populate_rated(world, officer)
    remembered = analysis.remember(uow, world)
    if remembered:
        yearly_reports.write_reports(world)
    cycles.act(uow, world)
    if remembered:
        poor_task.act(world)
