"""The page of a report's review: where it stands and what its reader may do."""

from __future__ import annotations

import uuid

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from agencies.states import EngagementState
from core.audit.timeline import timeline
from core.http.forms import Form
from core.i18n import _
from core.permissions import policy
from core.unit_of_work import UnitOfWork
from experts.forms import PromiseForm, RevealForm
from experts.permissions import ReviewPermission
from experts.quotas import TITLES
from experts.services.draw_steps import SHORTEST_PHRASE, anchor_of, role_for
from experts.shown_draws import chances_of, explained, picked_of
from experts.states import DrawState
from grading.forms.report_review import OpinionForm, conclude_form
from grading.models import ReportGuest, ReportReview, Submission
from grading.permissions import ReportReviewPermission, SubmissionPermission
from grading.queries import own_sheet, standing_submission
from grading.queries.report_review import report_seats_of
from grading.services.report_opinions import accepted_seats, drafted_review_opinion, panel_average, panel_sheets
from grading.services.report_reviews import draws_of_report, panel_outlook
from grading.states import ReportReviewState, SheetState


def review_page(
    uow: UnitOfWork,
    review: ReportReview,
    *,
    promise: PromiseForm | None = None,
    reveal: RevealForm | None = None,
    conclude: Form | None = None,
    said: tuple[ReportGuest, OpinionForm] | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    """Render the page; whoever may still rate learns nothing of the experts' ratings (R-GRADE.raters)."""
    submission = standing_submission(uow, review.engagement_id)
    manages = policy.allows(uow.actor, ReportReviewPermission.MANAGE, review)
    seats = report_seats_of(uow, review) if manages else []
    sheets = panel_sheets(uow, submission) if submission is not None else []
    own = own_sheet(uow, submission) if submission is not None else None
    has_locked = own is not None and own.state is SheetState.LOCKED
    is_over = review.state is ReportReviewState.CONCLUDED
    sees_result = review.engagement.state is EngagementState.CLOSED or (is_over and has_locked)
    taking_part = accepted_seats(uow, review) if manages else []
    rating = review.state is ReportReviewState.RATING
    if rating and manages and has_locked and submission is not None and conclude is None:
        conclude = conclude_form(taking_part, formdata=None, prefix="end")
        conclude.opinion.data = drafted_review_opinion(uow, review, submission)
    page = render_template(
        "grading/report_review/show.html",
        review=review,
        submission=submission,
        manages=manages,
        seats=seats,
        taking_part=taking_part,
        locked={one.rater_id for one in sheets},
        average=panel_average(sheets) if sees_result else None,
        sees_result=sees_result,
        has_locked=has_locked,
        guest_forms=_guest_forms(uow, review, said) if rating else {},
        conclude=conclude if rating and manages and has_locked else None,
        quota_titles=TITLES,
        fresh=lambda: Form(formdata=None),
        entries=timeline(uow, review) if manages else [],
        crumbs=_crumbs(uow, review, submission),
        **_draw_parts(uow, review, promise, reveal, manages=manages),
    )
    return page, status


def _crumbs(uow: UnitOfWork, review: ReportReview, submission: Submission | None) -> list[tuple[str, str | None]]:
    reads = submission is not None and policy.allows(uow.actor, SubmissionPermission.READ_SCORE, submission)
    back = url_for("scores.show", submission_id=submission.id) if reads and submission is not None else None
    return [(_("报告评分"), back), (review.number, None)]


def _guest_forms(
    uow: UnitOfWork, review: ReportReview, said: tuple[ReportGuest, OpinionForm] | None
) -> dict[uuid.UUID, OpinionForm]:
    found = {}
    for guest in review.guests:
        if said is not None and said[0].id == guest.id:
            found[guest.id] = said[1]
        elif policy.allows(uow.actor, ReportReviewPermission.OPINE, guest):
            kept = {"opinion": guest.opinion, "person": guest.person}
            found[guest.id] = OpinionForm(formdata=None, prefix=f"g{guest.position}", data=kept)
    return found


def _draw_parts(
    uow: UnitOfWork,
    review: ReportReview,
    promise: PromiseForm | None,
    reveal: RevealForm | None,
    *,
    manages: bool,
) -> dict[str, object]:
    """Return what the page shows of the draw: outlook while planned, entropy while drawn, the pick afterwards."""
    held = draws_of_report(uow, review)
    last = held[-1] if held else None
    planned = review.state is ReportReviewState.PLANNED and manages
    seen = panel_outlook(uow, review) if planned else None
    own = next((one for one in last.shares if one.user_id == uow.actor.user_id), None) if last else None
    drawing = last is not None and review.state is ReportReviewState.DRAWING
    role = role_for(uow, last) if last is not None and drawing and last.state is DrawState.COMMITTED else None
    revealing = last is not None and drawing and last.state is DrawState.REVEALING
    return {
        "held": held,
        "last": last,
        "seen": seen,
        "chances": chances_of(uow, seen.screened, seen.plan) if seen is not None and seen.plan is not None else [],
        "excluded": [one for one in seen.screened if one.exclusion] if seen is not None else [],
        "infeasible": explained(seen.infeasible, TITLES) if seen is not None and seen.infeasible else None,
        "own": own,
        "role": role,
        "anchor": anchor_of(held) if last is not None and last.state is not DrawState.VOID else None,
        "promise": (promise or PromiseForm()) if role else None,
        "reveal": (reveal or RevealForm()) if revealing and own is not None and own.value is None else None,
        "may_void": revealing and last is not None and policy.allows(uow.actor, ReviewPermission.VOID_DRAW, last),
        "picked": picked_of(uow, held) if last is not None and last.record is not None and manages else None,
        "shortest": SHORTEST_PHRASE,
    }
