"""The papers of a review's meeting as PDF: for the bureau with names, for others without."""

from __future__ import annotations

import io

from flask import Blueprint, send_file
from flask.typing import ResponseReturnValue

from core.errors import NotVisible
from core.http.guard import requires
from core.i18n import _
from core.permissions import policy
from core.unit_of_work import UnitOfWork
from experts.models import Review, Seat
from experts.permissions import ReviewPermission, SeatPermission
from experts.queries import OPEN_TO_ALL, all_comments, load_review, load_seat
from experts.queries.meeting import minutes_of
from experts.services.conclusions import DECIDED
from experts.services.review_papers import minutes_pdf, opinion_pdf
from experts.states import SeatState

review_papers = Blueprint("review_papers", __name__)


@review_papers.get("/reviews/<uuid:review_id>/minutes.pdf")
@requires(ReviewPermission.READ, load_review, see=ReviewPermission.READ)
def minutes(uow: UnitOfWork, review: Review) -> ResponseReturnValue:
    """Download the minutes; the experts' names are for those who may see the panel."""
    named = policy.allows(uow.actor, ReviewPermission.SEE_PANEL, review)
    kept = minutes_of(uow, review)
    if kept is None or not _open(review, sees_panel=named):
        raise NotVisible
    issuer = uow.house.settings.bureau_name_zh
    return _sent(minutes_pdf(uow, review, kept, issuer=issuer, named=named), _("评审会议纪要"), review)


@review_papers.get("/reviews/<uuid:review_id>/opinion.pdf")
@requires(ReviewPermission.READ, load_review, see=ReviewPermission.READ)
def opinion(uow: UnitOfWork, review: Review) -> ResponseReturnValue:
    """Download the panel's opinion: signed for those who may see the panel, without names for the agency."""
    named = policy.allows(uow.actor, ReviewPermission.SEE_PANEL, review)
    if not _open(review, sees_panel=named):
        raise NotVisible
    return _opinion(uow, review, named=named)


@review_papers.get("/my-reviews/<uuid:seat_id>/opinion.pdf")
@requires(SeatPermission.READ, load_seat, see=SeatPermission.READ)
def own_opinion(uow: UnitOfWork, seat: Seat) -> ResponseReturnValue:
    """Download the opinion one signs, as a member of the panel."""
    if seat.state is not SeatState.SUBMITTED or seat.review.state not in OPEN_TO_ALL:
        raise NotVisible
    return _opinion(uow, seat.review, named=True)


def _open(review: Review, *, sees_panel: bool) -> bool:
    return review.state in (OPEN_TO_ALL if sees_panel else DECIDED)


def _opinion(uow: UnitOfWork, review: Review, *, named: bool) -> ResponseReturnValue:
    kept = minutes_of(uow, review)
    if kept is None:
        raise NotVisible
    issuer = uow.house.settings.bureau_name_zh
    data = opinion_pdf(uow, review, kept, all_comments(uow, review), issuer=issuer, named=named)
    return _sent(data, _("专家评审意见"), review)


def _sent(data: bytes, title: str, review: Review) -> ResponseReturnValue:
    name = f"{title}-{review.number}.pdf"
    return send_file(io.BytesIO(data), mimetype="application/pdf", download_name=name, as_attachment=True)
