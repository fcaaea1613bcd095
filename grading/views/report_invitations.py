"""An expert's invitation to a report's panel: what for, until when, the fee; accept after declaring, or decline."""

from __future__ import annotations

import uuid
from typing import cast

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale

from core.deadlines import end_of
from core.http.deeds import acted
from core.http.forms import Form
from core.http.guard import requires
from core.i18n import _, _l
from core.unit_of_work import UnitOfWork
from experts.forms import AcceptForm, ReasonForm
from experts.services.invitations import Declaration
from experts.undertaking import clauses
from experts.views.declaration import QUESTIONS
from experts.views.linked import Linked, Standing
from grading.models import ReportSeat
from grading.permissions import ReportReviewPermission
from grading.queries import standing_submission
from grading.queries.report_review import load_report_seat
from grading.services.report_seats import (
    accept_report_seat,
    decline_report_seat,
    recuse_report_seat,
    sheet_is_locked,
)
from grading.states import ReportReviewState, ReportSeatState

report_invitations = Blueprint("report_invitations", __name__, url_prefix="/report-invitations/<uuid:seat_id>")

STANDINGS: dict[ReportSeatState, Standing] = {
    ReportSeatState.ACCEPTED: "accepted",
    ReportSeatState.DECLINED: "declined",
    ReportSeatState.RECUSED: "recused",
    ReportSeatState.LAPSED: "late",
}


def _location(seat: ReportSeat) -> str:
    return url_for("report_invitations.show", seat_id=seat.id)


@report_invitations.get("")
@requires(ReportReviewPermission.READ_INVITATION, load_report_seat, see=ReportReviewPermission.READ_INVITATION)
def show(uow: UnitOfWork, seat: ReportSeat) -> ResponseReturnValue:
    """Show the invitation with its two answers, or the way to the report and the sheet."""
    return _page(uow, seat)


def _page(
    uow: UnitOfWork,
    seat: ReportSeat,
    *,
    accept: AcceptForm | None = None,
    decline: ReasonForm | None = None,
    step_down: ReasonForm | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    review = seat.review
    rating = review.state is ReportReviewState.RATING
    waits = _standing(uow, seat) == "open"
    sits = seat.state is ReportSeatState.ACCEPTED and rating
    locked = sits and sheet_is_locked(uow, seat)
    page = render_template(
        "grading/report_review/invitation.html",
        seat=seat,
        review=review,
        accept=(accept or AcceptForm(formdata=None)) if waits else None,
        decline=(decline or ReasonForm(formdata=None, prefix="no")) if waits else None,
        step_down=(step_down or ReasonForm(formdata=None, prefix="step")) if sits and not locked else None,
        sits=sits,
        locked=locked,
        submission=standing_submission(uow, review.engagement_id) if sits else None,
        clauses=clauses(get_locale().language),
        crumbs=[(_("报告评审邀请"), None)],
    )
    return page, status


@report_invitations.post("/accept")
@requires(ReportReviewPermission.ANSWER, load_report_seat, see=ReportReviewPermission.READ_INVITATION)
def take(uow: UnitOfWork, seat: ReportSeat) -> ResponseReturnValue:
    """Accept after the declaration; a relation recuses instead."""
    form = AcceptForm()
    done = acted(
        uow,
        form,
        lambda: accept_report_seat(uow, seat, _declared(seat, form)),
        _location(seat),
        lambda: (
            _("已接受邀请，可以查看报告并评分")
            if seat.state is ReportSeatState.ACCEPTED
            else _("已登记回避，不需要您办理什么。")
        ),
    )
    return done or _page(uow, seat, accept=form, status=422)


def _declared(seat: ReportSeat, form: AcceptForm) -> Declaration:
    agency = seat.review.engagement.agency_id
    relations = {kind: agency for name, kind in QUESTIONS.items() if form[name].data}
    return Declaration(relations, form.details.data or "", is_confirmed=bool(form.confirmed.data))


@report_invitations.post("/decline")
@requires(ReportReviewPermission.ANSWER, load_report_seat, see=ReportReviewPermission.READ_INVITATION)
def refuse(uow: UnitOfWork, seat: ReportSeat) -> ResponseReturnValue:
    """Decline with a reason."""
    form = ReasonForm(prefix="no")
    said = _l("已谢绝，会另请他人。谢谢您的答复。")
    done = acted(uow, form, lambda: decline_report_seat(uow, seat, form.text("reason")), _location(seat), said)
    return done or _page(uow, seat, decline=form, status=422)


@report_invitations.post("/recuse")
@requires(ReportReviewPermission.ANSWER, load_report_seat, see=ReportReviewPermission.READ_INVITATION)
def step_down(uow: UnitOfWork, seat: ReportSeat) -> ResponseReturnValue:
    """Step down for a relation that came up after accepting."""
    form = ReasonForm(prefix="step")
    said = _l("已登记回避，不需要您办理什么。")
    done = acted(uow, form, lambda: recuse_report_seat(uow, seat, form.text("reason")), _location(seat), said)
    return done or _page(uow, seat, step_down=form, status=422)


def linked_report_seat(uow: UnitOfWork, seat_id: uuid.UUID) -> Linked | None:
    """Return an invitation as what its mailed link answers."""
    seat = load_report_seat(uow, seat_id)
    if seat is None or seat.state is ReportSeatState.RESERVE:
        return None
    review = seat.review

    def take_by_link(form: Form) -> Standing:
        accept_report_seat(uow, seat, _declared(seat, cast("AcceptForm", form)), by_link=True)
        return _standing(uow, seat)

    def refuse_by_link(reason: str) -> Standing:
        decline_report_seat(uow, seat, reason, by_link=True)
        return _standing(uow, seat)

    return Linked(
        name=seat.expert.user.name,
        by=uow.house.settings.bureau_name_zh,
        matter=_l("绩效评价报告评审（%(field)s）", field=review.engagement.project.industry.label),
        capacity=seat.category.label,
        meets_at=review.meets_at or end_of(review.due_on),
        place=review.place or str(_("书面评审，不开会")),
        fee=review.fee,
        answer_by=seat.answer_by,
        parties=(review.engagement.agency.name, review.engagement.project.unit.name),
        standing=_standing(uow, seat),
        page=_location(seat),
        form=AcceptForm,
        accept=take_by_link,
        decline=refuse_by_link,
    )


def _standing(uow: UnitOfWork, seat: ReportSeat) -> Standing:
    if seat.state is ReportSeatState.INVITED and seat.review.state is ReportReviewState.RATING:
        return "open" if seat.answer_by is None or uow.now <= seat.answer_by else "late"
    return STANDINGS.get(seat.state, "withdrawn")
