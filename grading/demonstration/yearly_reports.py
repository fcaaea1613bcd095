"""The yearly reports on quality: one released, and one that was ordered and is printed when the worker begins."""

from __future__ import annotations

from core.identity.roles import Role
from grading.demonstration.stage import World, person
from grading.queries.quality_report import load_quality_report
from grading.services.quality_report import ask_for_report, prepare_report, release_report


def write_reports(world: World) -> None:
    """Write the report of the year before last and release it; order that of last year."""
    with world.at_desk(None) as uow:
        officer, approver = (person(uow, world, role) for role in (Role.QUALITY_OFFICER, Role.PROCUREMENT_APPROVER))
    with world.at_desk(officer, days=-210) as uow:
        earlier = ask_for_report(uow, world.now.year - 2).id
    with world.at_desk(None, days=-209.9) as uow:
        prepare_report(uow, earlier)
    with world.at_desk(approver, days=-207) as uow:
        report = load_quality_report(uow, earlier)
        if report is not None:
            release_report(uow, report)
    with world.at_desk(officer, days=-1) as uow:
        ask_for_report(uow, world.now.year - 1)
