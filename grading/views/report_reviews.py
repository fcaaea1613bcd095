"""The review of a report: convened, drawn, followed, concluded; and what representatives say of the report."""

from __future__ import annotations

import io
import uuid
from datetime import timedelta
from decimal import Decimal

from flask import Blueprint, render_template, send_file, url_for
from flask.typing import ResponseReturnValue

from agencies.states import EngagementState
from core.clock import SHANGHAI
from core.errors import NotVisible
from core.http.choices import choices
from core.http.deeds import acted
from core.http.guard import requires
from core.i18n import _, _l
from core.permissions import policy
from core.unit_of_work import UnitOfWork
from experts.services.duty import usual_fee
from experts.services.meetings import proposed_guests
from experts.states import Capacity
from grading.forms.report_review import (
    GUEST_ROWS,
    LeavingForm,
    OpinionForm,
    PanelForm,
    conclude_form,
    guests_in,
    panel_form,
    served_in,
)
from grading.models import ReportGuest, ReportReview, ReportSeat, Submission
from grading.permissions import ReportReviewPermission, SubmissionPermission
from grading.queries import load_submission, own_sheet, standing_submission
from grading.queries.report_review import (
    load_report_guest,
    load_report_review,
    load_report_seat,
    panel_number,
)
from grading.services.report_minutes import minutes_of_report
from grading.services.report_opinions import (
    accepted_seats,
    cancel_report_review,
    conclude_report_review,
    say,
)
from grading.services.report_reviews import (
    PanelEntry,
    convene_report_review,
    indicator_panel,
    screened_for_report,
)
from grading.services.report_seats import replace_report_seat
from grading.states import PanelWay, ReportReviewState, SheetState
from grading.views.report_review_page import review_page

report_reviews = Blueprint("report_reviews", __name__)

USUAL_DAYS = 10
"""How many days a panel usually has to rate, as the form proposes it."""


def _location(review: ReportReview) -> str:
    return url_for("report_reviews.show", review_id=review.id)


@report_reviews.route("/submissions/<uuid:submission_id>/report-review", methods=["GET", "POST"])
@requires(ReportReviewPermission.CONVENE, load_submission, see=SubmissionPermission.READ)
def convene(uow: UnitOfWork, submission: Submission) -> ResponseReturnValue:
    """Convene a panel for the report."""
    form = panel_form()
    if not form.is_submitted():
        _propose(uow, submission, form)
    form.experts.choices = choices(
        (str(one.expert.id), f"{one.expert.user.name} · {one.expert.employer}")
        for one in screened_for_report(uow, submission.engagement)
        if one.exclusion is None
    )
    made: list[ReportReview] = []
    done = acted(
        uow,
        form,
        lambda: made.append(convene_report_review(uow, submission, _entry(form))),
        lambda: _location(made[0]),
        lambda: (
            _("已拟定，请核对每位专家的机会后锁定抽取方案")
            if made[0].way is PanelWay.DRAWN
            else _("已向专家和各方代表发出邀请")
        ),
    )
    if done is not None:
        return done
    page = render_template(
        "grading/report_review/new.html",
        submission=submission,
        form=form,
        rows=range(GUEST_ROWS),
        again=len(indicator_panel(uow, submission.engagement.system_id)),
        may_both=bool(panel_number(uow, "indicator_experts")),
        back=url_for("scores.show", submission_id=submission.id),
        crumbs=[(_("报告评分"), url_for("scores.show", submission_id=submission.id)), (_("报告评审"), None)],
    )
    return page, 422 if form.is_submitted() else 200


def _propose(uow: UnitOfWork, submission: Submission, form: PanelForm) -> None:
    form.size.data, form.reserves.data = 5, 5
    form.performance.data = form.trade.data = 1
    form.due_on.data = uow.today + timedelta(days=USUAL_DAYS)
    form.answer_hours.data = panel_number(uow, "answer_hours")
    form.fee.data = usual_fee(uow) or None
    system = submission.engagement.system
    usual = proposed_guests(uow, system) if system is not None else []
    guests = [one for one in usual if one.capacity not in (Capacity.AGENCY, Capacity.FINANCE)]
    for row, one in enumerate(guests[:GUEST_ROWS]):
        form[f"capacity_{row}"].data = one.capacity.value
        form[f"body_{row}"].data = one.body
        form[f"person_{row}"].data = one.person


def _entry(form: PanelForm) -> PanelEntry:
    meets = form.meets_at.data
    chosen = [one for one in form.experts.data or () if _is_id(one)]
    return PanelEntry(
        way=PanelWay(form.text("way")),
        size=form["size"].data,
        reserves=form["reserves"].data,
        minimums=form.minimums(),
        due_on=form["due_on"].data,
        fee=form["fee"].data or Decimal(0),
        answer_hours=form["answer_hours"].data,
        meets_at=meets.replace(tzinfo=SHANGHAI) if meets is not None else None,
        place=form.text("place"),
        ground=form.text("ground"),
        experts=[uuid.UUID(one) for one in chosen],
        guests=guests_in(form),
    )


def _is_id(text: str) -> bool:
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True


@report_reviews.get("/report-reviews/<uuid:review_id>")
@requires(ReportReviewPermission.READ, load_report_review, see=ReportReviewPermission.READ)
def show(uow: UnitOfWork, review: ReportReview) -> ResponseReturnValue:
    """Show where the review stands and what this reader may do."""
    return review_page(uow, review)


@report_reviews.post("/report-guests/<uuid:guest_id>")
@requires(ReportReviewPermission.OPINE, load_report_guest)
def opine(uow: UnitOfWork, guest: ReportGuest) -> ResponseReturnValue:
    """Keep a representative's opinion."""
    form = OpinionForm(prefix=f"g{guest.position}")
    done = acted(
        uow,
        form,
        lambda: say(uow, guest, form.text("opinion"), form.text("person")),
        _location(guest.review),
        _l("意见已记入，随评审结果保存"),
    )
    return done or review_page(uow, guest.review, said=(guest, form), status=422)


@report_reviews.route("/report-seats/<uuid:seat_id>/replace", methods=["GET", "POST"])
@requires(ReportReviewPermission.REPLACE, load_report_seat)
def replace(uow: UnitOfWork, seat: ReportSeat) -> ResponseReturnValue:
    """Let a reserve follow."""
    form = LeavingForm()
    name = seat.expert.user.name
    done = acted(
        uow,
        form,
        lambda: replace_report_seat(uow, seat, form.text("reason")),
        _location(seat.review),
        _l("已登记，按抽取次序邀请下一位"),
    )
    return done or _deed(seat.review, form, _("递补评审专家"), name)


@report_reviews.route("/report-reviews/<uuid:review_id>/cancel", methods=["GET", "POST"])
@requires(ReportReviewPermission.MANAGE, load_report_review, see=ReportReviewPermission.READ)
def cancel(uow: UnitOfWork, review: ReportReview) -> ResponseReturnValue:
    """Call the review off."""
    form = LeavingForm()
    done = acted(
        uow,
        form,
        lambda: cancel_report_review(uow, review, form.text("reason")),
        _location(review),
        _l("评审已取消，可以重新召集"),
    )
    return done or _deed(review, form, _("取消报告评审"), review.number)


def _deed(review: ReportReview, form: LeavingForm, title: str, subtitle: str) -> ResponseReturnValue:
    page = render_template(
        "grading/report_review/deed.html",
        form=form,
        said=title,
        subtitle=subtitle,
        back=_location(review),
        crumbs=[(review.number, _location(review)), (title, None)],
    )
    return page, 422 if form.is_submitted() else 200


@report_reviews.post("/report-reviews/<uuid:review_id>/conclude")
@requires(ReportReviewPermission.MANAGE, load_report_review, see=ReportReviewPermission.READ)
def conclude(uow: UnitOfWork, review: ReportReview) -> ResponseReturnValue:
    """Record what the review came to."""
    seats = accepted_seats(uow, review)
    form = conclude_form(seats, prefix="end")
    done = acted(
        uow,
        form,
        lambda: conclude_report_review(uow, review, form.text("opinion"), served_in(form, seats)),
        _location(review),
        _l("评审意见已形成；专家的履职记录和咨询费已记入专家库"),
    )
    return done or review_page(uow, review, conclude=form, status=422)


@report_reviews.get("/report-reviews/<uuid:review_id>/minutes.pdf")
@requires(ReportReviewPermission.READ, load_report_review, see=ReportReviewPermission.READ)
def minutes(uow: UnitOfWork, review: ReportReview) -> ResponseReturnValue:
    """Download the minutes; the experts' names are for quality staff."""
    submission = standing_submission(uow, review.engagement_id)
    own = own_sheet(uow, submission) if submission is not None else None
    has_locked = own is not None and own.state is SheetState.LOCKED
    closed = review.engagement.state is EngagementState.CLOSED
    if submission is None or review.state is not ReportReviewState.CONCLUDED or not (closed or has_locked):
        raise NotVisible
    named = policy.allows(uow.actor, ReportReviewPermission.SEE_PANEL, review)
    data = minutes_of_report(uow, review, submission, issuer=uow.house.settings.bureau_name_zh, named=named)
    name = f"{_('报告评审纪要')}-{review.number}.pdf"
    return send_file(io.BytesIO(data), download_name=name, mimetype="application/pdf")
