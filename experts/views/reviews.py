"""Indicator reviews: convened, followed, decided."""

from __future__ import annotations

import uuid
from datetime import datetime

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the type stubs

from core.audit.timeline import timeline
from core.clock import SHANGHAI
from core.errors import NotVisible, Refused
from core.http.choices import choices
from core.http.forms import Form
from core.http.guard import requires
from core.http.lists import Filter, asked, listing
from core.http.transitions import add_transitions
from core.i18n import _, _l
from core.permissions import policy
from core.unit_of_work import UnitOfWork
from experts.forms import ConcludeForm, ConveneForm, RemarkForm
from experts.models import IndicatorComment, Review, Seat
from experts.permissions import ReviewPermission
from experts.queries import OPEN_TO_ALL, load_review, load_seat, reviews_matching, systems_waiting, visible_comments
from experts.quotas import SeatQuota, kept, proposed
from experts.review_rules import LINES, review_rules
from experts.seats import seats_of
from experts.services.conclusions import DECIDED, answer_comments, consent, failures_of, send_back
from experts.services.draws import call_earlier_panel
from experts.services.invitations import lapse_seat
from experts.services.reviews import Meeting, convene_review, default_meeting_time, earlier_panel
from experts.services.sheets import Remark, close_scoring, comment_as_observer, locked_sheets, verdict_of
from experts.services.spares import suggestion
from experts.states import Outcome, ReviewState, SeatState
from experts.workflow import REVIEW
from projects.models import IndicatorSystem, Project
from projects.queries import load_system

reviews = Blueprint("reviews", __name__, url_prefix="/reviews")

FILTERS = (Filter("state", _l("状态"), [(one.value, one.label) for one in ReviewState]),)
STEPS = (
    ReviewState.CONVENED,
    ReviewState.DRAWING,
    ReviewState.INVITING,
    ReviewState.SCORING,
    ReviewState.SCORED,
    ReviewState.PASSED,
)


def _location(review: Review) -> str:
    return url_for("reviews.show", review_id=review.id)


@reviews.get("")
@requires(ReviewPermission.BROWSE)
def index(uow: UnitOfWork) -> ResponseReturnValue:
    """List the reviews the reader may see, and for officers the systems that wait for one."""
    page = listing(
        uow,
        reviews_matching(uow.actor, text=asked("q"), state=asked("state")),
        sortable={
            "number": Review.number,
            "project": Project.name,
            "meets": Review.meets_at,
            "convened": Review.convened_at,
            "average": Review.average,
        },
        default="-convened",
        filters=FILTERS,
    )
    may_convene = policy.allows(uow.actor, ReviewPermission.CONVENE)
    return render_template(
        "experts/review/index.html",
        page=page,
        may_convene=may_convene,
        waiting=systems_waiting(uow) if may_convene else [],
        crumbs=[(_("指标评审"), None)],
    )


@reviews.route("/new/<uuid:system_id>", methods=["GET", "POST"])
@requires(ReviewPermission.CONVENE, load_system)
def new(uow: UnitOfWork, system: IndicatorSystem) -> ResponseReturnValue:
    """Convene a review of a submitted indicator system."""
    form = ConveneForm()
    if form.is_submitted() and (earlier := form.earlier_use(uow)):
        return redirect(earlier)
    rules = review_rules(uow)
    if not form.is_submitted():
        meets_at, answer_by = default_meeting_time(uow)
        form.meets_at.data, form.answer_by.data = _local(meets_at), _local(answer_by)
        form.fee.data, form.size.data, form.reserves.data = rules.fee, rules.size_min, rules.size_min
        for quota in proposed(rules):
            form[quota.key].data = quota.minimum
    if form.validate_on_submit():
        meeting = Meeting(
            meets_at=_instant(form["meets_at"].data),
            place=form.text("place"),
            fee=form["fee"].data,
            answer_by=_instant(form["answer_by"].data),
            size=form["size"].data,
            reserves=form["reserves"].data,
            quotas=[SeatQuota(key, least, form["size"].data) for key, least in form.minimums().items()],
        )
        try:
            review = convene_review(uow, system, meeting)
        except Refused as refused:
            form.refuse(refused)
        else:
            location = url_for("draws.show", review_id=review.id)
            form.mark_used(uow, location)
            flash(_("已召集 %(number)s，下一步：抽取专家", number=review.number), "success")
            return redirect(location)
    page = render_template(
        "experts/review/convene.html",
        form=form,
        system=system,
        crumbs=[(_("指标评审"), url_for("reviews.index")), (_("召集评审"), None)],
    )
    return page, 422 if form.is_submitted() else 200


def _local(instant: datetime) -> datetime:
    return instant.astimezone(SHANGHAI).replace(second=0, microsecond=0, tzinfo=None)


def _instant(typed: datetime) -> datetime:
    return typed.replace(tzinfo=SHANGHAI)


@reviews.get("/<uuid:review_id>")
@requires(ReviewPermission.READ, load_review, see=ReviewPermission.READ)
def show(uow: UnitOfWork, review: Review) -> ResponseReturnValue:
    """Show a review with its next step: panel for officers, results once scoring is closed."""
    return _page(uow, review)


def _page(
    uow: UnitOfWork,
    review: Review,
    *,
    conclude: ConcludeForm | None = None,
    remark: RemarkForm | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    sees_panel = policy.allows(uow.actor, ReviewPermission.SEE_PANEL, review)
    may_answer = policy.allows(uow.actor, ReviewPermission.ANSWER, review)
    sees_results = review.state in (OPEN_TO_ALL if sees_panel else DECIDED)
    may_conclude = policy.allows(uow.actor, ReviewPermission.CONCLUDE, review)
    may_comment = policy.allows(uow.actor, ReviewPermission.COMMENT, review) and review.state in (
        ReviewState.INVITING,
        ReviewState.SCORING,
        ReviewState.SCORED,
    )
    if may_comment:
        remark = remark or RemarkForm(prefix="remark")
        remark.indicator.choices = _indicator_choices(review)
    comments = visible_comments(uow, review, sees_all=sees_results)
    seats = seats_of(uow, review) if sees_panel else []
    shown = render_template(
        "experts/review/show.html",
        review=review,
        steps=STEPS,
        seats=seats,
        sees_panel=sees_panel,
        sees_results=sees_results,
        sheets=locked_sheets(uow, review) if sees_results else [],
        verdict=verdict_of(uow, review) if sees_results else None,
        lines=LINES,
        rules=review_rules(uow),
        quotas=kept(review.quotas),
        comments=comments,
        remarks=_by_indicator(comments),
        suggestion=suggestion(uow, review) if sees_panel else None,
        locked=sum(seat.state is SeatState.SUBMITTED for seat in seats),
        overdue=[seat.id for seat in seats if seat.answer_by and seat.answer_by < uow.now],
        may_draw=policy.allows(uow.actor, ReviewPermission.PREPARE_DRAW, review),
        may_recall=review.state is ReviewState.CONVENED and len(earlier_panel(uow, review)) == review.size,
        may_conclude=may_conclude and review.state is ReviewState.SCORED,
        may_close=policy.allows(uow.actor, ReviewPermission.CLOSE_SCORING, review)
        and review.state is ReviewState.SCORING,
        close_refusals=REVIEW.refusals(uow, review, REVIEW["close_scoring"]),
        consents=review.outcome is Outcome.PASS,
        conclude=conclude or (ConcludeForm(obj=review) if may_conclude else None),
        remark=remark if may_comment else None,
        may_answer=may_answer and review.state in DECIDED,
        failures=failures_of(uow, review),
        options=REVIEW.options(uow, review),
        plain=Form(obj=review),
        entries=timeline(uow, review),
        crumbs=[(_("指标评审"), url_for("reviews.index")), (review.number, None)],
    )
    return shown, status


def _indicator_choices(review: Review) -> list[SelectChoice]:
    return choices([("", _l("整体")), *((one.third, one.third) for one in review.system.indicators)])


def _by_indicator(comments: list[IndicatorComment]) -> dict[str, list[IndicatorComment]]:
    found: dict[str, list[IndicatorComment]] = {}
    for one in comments:
        found.setdefault(one.indicator_name, []).append(one)
    return found


@reviews.post("/<uuid:review_id>/recall")
@requires(ReviewPermission.PREPARE_DRAW, load_review, see=ReviewPermission.READ)
def recall(uow: UnitOfWork, review: Review) -> ResponseReturnValue:
    """Ask the panel of the round before again."""
    seats = call_earlier_panel(uow, review)
    flash(_("已邀请原专家组的 %(count)s 位专家", count=len(seats)), "success")
    return redirect(_location(review))


@reviews.post("/<uuid:review_id>/seats/<uuid:seat_id>/lapse")
@requires(ReviewPermission.PREPARE_DRAW, load_review, see=ReviewPermission.READ)
def lapse(uow: UnitOfWork, review: Review, seat_id: uuid.UUID) -> ResponseReturnValue:
    """Treat silence after the limit as a no; the next expert is invited."""
    seat: Seat | None = load_seat(uow, seat_id)
    if seat is None or seat.review_id != review.id:
        raise NotVisible
    lapse_seat(uow, seat)
    flash(_("已视为不能参加，并按次序邀请下一位"), "success")
    return redirect(_location(review))


@reviews.post("/<uuid:review_id>/close-scoring")
@requires(ReviewPermission.CLOSE_SCORING, load_review, see=ReviewPermission.READ)
def close(uow: UnitOfWork, review: Review) -> ResponseReturnValue:
    """Close the scoring with at least two thirds of the sheets."""
    form = Form()
    form.check_revision(review)
    verdict = close_scoring(uow, review)
    flash(_("评分结束，专家组结论：%(outcome)s", outcome=verdict.outcome.label), "success")
    return redirect(_location(review))


@reviews.post("/<uuid:review_id>/conclude")
@requires(ReviewPermission.CONCLUDE, load_review, see=ReviewPermission.READ)
def conclude(uow: UnitOfWork, review: Review) -> ResponseReturnValue:
    """Consent to the indicators, or send them back with the opinion."""
    form = ConcludeForm()
    if earlier := form.earlier_use(uow):
        return redirect(earlier)
    if form.validate():
        form.check_revision(review)
        try:
            if request.form.get("decision") == "consent":
                consent(uow, review, form.opinion.data or "")
                flash(_("已同意指标体系，机构可以开展评价"), "success")
            else:
                send_back(uow, review, form.opinion.data or "")
                flash(_("已退回修改，意见已通知机构"), "success")
            form.mark_used(uow, _location(review))
            return redirect(_location(review))
        except Refused as refused:
            form.refuse(refused)
    return _page(uow, review, conclude=form, status=422)


@reviews.post("/<uuid:review_id>/comments")
@requires(ReviewPermission.COMMENT, load_review, see=ReviewPermission.READ)
def comment(uow: UnitOfWork, review: Review) -> ResponseReturnValue:
    """Keep an observer's remark."""
    form = RemarkForm(prefix="remark")
    form.indicator.choices = _indicator_choices(review)
    if earlier := form.earlier_use(uow):
        return redirect(earlier)
    if form.validate():
        try:
            comment_as_observer(uow, review, Remark(form.indicator.data or "", form.text("body")))
        except Refused as refused:
            form.refuse(refused)
        else:
            form.mark_used(uow, _location(review))
            flash(_("意见已提交；列席意见不计分，评分结束后公开给机构"), "success")
            return redirect(_location(review))
    return _page(uow, review, remark=form, status=422)


@reviews.post("/<uuid:review_id>/answers")
@requires(ReviewPermission.ANSWER, load_review, see=ReviewPermission.READ)
def answer(uow: UnitOfWork, review: Review) -> ResponseReturnValue:
    """Keep the agency's answers to the comments."""
    answers = {
        uuid.UUID(name.removeprefix("answer-")): value
        for name, value in request.form.items()
        if name.startswith("answer-") and len(name) == 43
    }
    count = answer_comments(uow, review, answers)
    flash(_("已保存 %(count)s 条答复", count=count), "success")
    return redirect(_location(review))


add_transitions(reviews, REVIEW, load_review, prefix="/<uuid:review_id>", see=ReviewPermission.READ, location=_location)
