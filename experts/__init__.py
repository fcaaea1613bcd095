"""The people the bureau relies on, and how they are chosen.

This package keeps the expert pools by industry, conflicts of interest, verifiable draws of panels, invitations and
indicator reviews. `draw` is pure: it needs neither a database nor an application, so that the commands
``flask draw-panel`` and ``flask verify draw`` and the benchmarks can use it alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


def register(app: Flask) -> None:
    """Add the package's permissions, pages, tasks, jobs, search and navigation to the application."""
    from agencies.ports import add_engagement_sections
    from core.events import subscribe
    from core.permissions import policy
    from core.ports import registry
    from core.workflow import TransitionFired
    from experts import announcements, jobs, search, sections, tasks
    from experts.permissions import EXPERT_POLICY
    from experts.ports import hold_draws_for
    from experts.services.conclusions import comments_answered
    from experts.services.draws import review_occasion
    from experts.services.reviews import tell_quality_officers
    from experts.services.spares import release_spares
    from experts.views import (
        doors,
        draws,
        invitations,
        meetings,
        my_invitation,
        my_reviews,
        review_papers,
        reviews,
        seasons,
        seat_desk,
        sheet_versions,
    )
    from experts.views.linked import answer_by_link
    from experts.wiring import pool
    from projects.ports import check_submissions

    policy.extend(EXPERT_POLICY)
    pool.register(app)
    subscribe(TransitionFired, tell_quality_officers)
    subscribe(TransitionFired, release_spares)
    answer_by_link("seat", invitations.linked_seat)
    hold_draws_for("review", review_occasion)
    check_submissions(comments_answered)
    registry.owns_documents("review", meetings.may_read_document)
    add_engagement_sections(sections.review_section)
    registry.search(search.find_reviews)
    registry.tasks(tasks.review_tasks)
    registry.tasks(tasks.seat_tasks)
    registry.tasks(tasks.meeting_tasks)
    registry.calendar(tasks.review_meetings)
    registry.calendar(tasks.invited_meetings)
    registry.figures(tasks.review_figures)
    registry.navigate(*announcements.navigation())
    registry.explain(*announcements.audit_tags())
    jobs.known()
    # An invitation is answered by its token alone; an ended session must not lose the answer.
    app.extensions["csrf"].exempt(invitations.invitations)
    for blueprint in (
        reviews.reviews,
        draws.draws,
        my_reviews.my_reviews,
        my_invitation.my_invitation,
        seat_desk.seat_desk,
        seasons.season_pages,
        invitations.invitations,
        meetings.meetings,
        doors.doors,
        review_papers.review_papers,
        sheet_versions.sheet_versions,
    ):
        app.register_blueprint(blueprint)
