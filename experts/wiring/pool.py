"""The people of the pool: their conflicts, pages, tasks, search and public call."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


def register(app: Flask) -> None:
    """Announce everything about the people of the pool."""
    from agencies.ports import add_tie_source
    from core.events import subscribe
    from core.ports import registry
    from experts import announcements, search, tasks
    from experts.events import TiesChanged
    from experts.ports import add_conflict_source
    from experts.services.agency_ties import ties_of_experts
    from experts.services.applications import may_read_proof
    from experts.services.conflict_sources import (
        declared_conflicts,
        employers_work,
        former_employers,
        present_employers,
    )
    from experts.services.ties import leave_seats
    from experts.views import applications, appointments, candidates, my_file, papers, payments, pool, ratings, ties

    for source in (declared_conflicts, present_employers, former_employers, employers_work):
        add_conflict_source(source)
    add_tie_source(ties_of_experts)
    subscribe(TiesChanged, leave_seats)
    registry.search(search.find_experts)
    registry.tasks(tasks.pool_tasks)
    registry.tasks(tasks.payment_tasks)
    registry.owns_documents("expert_application", may_read_proof)
    registry.open_to_all(announcements.call_for_experts())
    for blueprint in (
        pool.experts,
        appointments.appointments,
        ties.ties,
        applications.applications,
        candidates.candidates,
        ratings.ratings,
        papers.papers,
        my_file.my_file,
        payments.payments,
    ):
        app.register_blueprint(blueprint)
