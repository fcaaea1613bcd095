"""Indicator reviews: convened, followed, decided."""

from __future__ import annotations

import contextlib
import uuid
from collections.abc import Sequence
from datetime import datetime

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the type stubs

from core.audit.timeline import timeline
from core.clock import SHANGHAI
from core.errors import NotVisible, Refused
from core.http.choices import choices
from core.http.deeds import acted
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
from experts.queries.meeting import minutes_of
from experts.queries.season import season_of
from experts.quotas import SeatQuota, kept, proposed
from experts.review_rules import review_rules
from experts.seats import seats_of
from experts.services.conclusions import (
    DECIDED,
    Answer,
    answer_comments,
    consent,
    failures_of,
    rework_due,
    send_back,
    unanswered,
)
from experts.services.draws import call_earlier_panel
from experts.services.invitations import lapse_seat
from experts.services.meetings import Guest, add_paper, proposed_guests, proposed_times
from experts.services.reviews import Meeting, convene_review, earlier_panel
from experts.services.sheets import Remark, close_scoring, comment_as_observer, locked_sheets, verdict_of
from experts.services.sign_in import representatives_absent
from experts.services.spares import suggestion
from experts.states import OBSERVERS, Adoption, Capacity, Outcome, ReviewState, SeatState
from experts.terms import terms_in_force, terms_of
from experts.workflow import REVIEW
from projects.models import IndicatorSystem, Project
from projects.queries import load_system
from projects.services.versions import entries_of, version_of
from projects.states import Dimension

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
    rules, terms = review_rules(uow), terms_in_force(uow)
    guests = proposed_guests(uow, system)
    if not form.is_submitted():
        meets_at, answer_by = proposed_times(uow)
        form.meets_at.data, form.answer_by.data = _local(meets_at), _local(answer_by)
        form.fee.data, form.size.data, form.reserves.data = rules.fee, rules.size_min, rules.size_min
        for quota in proposed(rules):
            form[quota.key].data = quota.minimum
        _propose(form, guests)

    held: list[Review] = []

    def convene() -> None:
        meeting = Meeting(
            meets_at=_instant(form["meets_at"].data),
            place=form.text("place"),
            fee=form["fee"].data,
            answer_by=_instant(form["answer_by"].data),
            size=form["size"].data,
            reserves=form["reserves"].data,
            quotas=[SeatQuota(key, least, form["size"].data) for key, least in form.minimums().items()],
            online=form.text("online"),
            agenda=form.text("agenda"),
            guests=_guests(form, guests),
        )
        review = convene_review(uow, system, meeting)
        for upload in request.files.getlist("papers"):
            if upload.filename:
                add_paper(uow, review, upload, field="papers")
        held.append(review)

    answer = acted(
        uow,
        form,
        convene,
        lambda: url_for("draws.show", review_id=held[0].id),
        lambda: _("已召集 %(number)s，下一步：抽取专家", number=held[0].number),
    )
    if answer is not None:
        return answer
    page = render_template(
        "experts/review/convene.html",
        form=form,
        system=system,
        terms=terms,
        agency=system.agency.name,
        unit=system.project.unit.name,
        crumbs=[(_("指标评审"), url_for("reviews.index")), (_("召集评审"), None)],
    )
    return page, 422 if form.is_submitted() else 200


AGENDA = _l(
    "机构汇报评价方案和指标体系\n专家提问，机构答复\n主管部门、项目单位和列席人员发表意见\n专家独立评分\n形成专家组评审意见并签名"
)


def _propose(form: ConveneForm, guests: Sequence[Guest]) -> None:
    """Fill in who is usually invited and what is usually on the agenda."""
    named = {one.capacity: one for one in guests}
    with force_locale("zh"):  # it goes into the minutes, which are Chinese whoever convenes
        form.agenda.data = str(AGENDA)
    form.finance_person.data = named[Capacity.FINANCE].person
    form.department.data = named[Capacity.DEPARTMENT].body
    for capacity in OBSERVERS:
        form[capacity.value].data = named[capacity].body if capacity in named else ""


def _guests(form: ConveneForm, proposed: Sequence[Guest]) -> list[Guest]:
    """Return who is invited as typed: the officer's account only where the officer is still the one named."""
    found = []
    for one in proposed:
        if one.capacity is Capacity.FINANCE:
            person = form.text("finance_person")
            user = one.user if one.user is not None and one.user.name == person else None
            found.append(Guest(one.capacity, one.body, person, user))
        elif one.capacity in (Capacity.AGENCY, Capacity.UNIT):
            found.append(one)
    if form.text("department"):
        found.append(Guest(Capacity.DEPARTMENT, form.text("department"), form.text("department_person")))
    return found + [Guest(one, form.text(one.value)) for one in OBSERVERS if form.text(one.value)]


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
    answer_errors: dict[str, str] | None = None,
    typed_answers: dict[uuid.UUID, Answer] | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    terms = terms_of(uow, review)
    version = version_of(uow, review.system, review.round)
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
        lines=terms.rows,
        rules=terms,
        failures_limit=review_rules(uow).failures,
        indicators=entries_of(version) if version is not None else review.system.indicators,
        dimensions=list(Dimension),
        adoptions=list(Adoption),
        answer_errors=answer_errors or {},
        typed_answers=typed_answers or {},
        open_answers=unanswered(uow, review) if review.state in DECIDED else 0,
        due=rework_due(uow, review),
        minutes=minutes_of(uow, review),
        absent=representatives_absent(uow, review) if may_conclude else [],
        has_rounds=review.round > 1,
        quotas=kept(review.quotas),
        comments=comments,
        remarks=_by_indicator(comments),
        suggestion=suggestion(uow, review) if sees_panel else None,
        season=season_of(uow, review) if sees_panel else None,
        locked=sum(seat.state is SeatState.SUBMITTED for seat in seats),
        overdue=[seat.id for seat in seats if seat.answer_by and seat.answer_by < uow.now],
        may_draw=policy.allows(uow.actor, ReviewPermission.PREPARE_DRAW, review),
        may_recall=review.state is ReviewState.CONVENED and len(earlier_panel(uow, review)) == review.size,
        may_rate=policy.allows(uow.actor, ReviewPermission.RATE, review),
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
    """Keep the agency's answers to the comments: adopted, partly, not, each with its reason."""
    answers = {}
    for name, value in request.form.items():
        if name.startswith("adoption-") and value in {one.value for one in Adoption}:
            key = name.removeprefix("adoption-")
            with contextlib.suppress(ValueError):
                words = request.form.get(f"answer-{key}") or ""
                answers[uuid.UUID(key)] = Answer(Adoption(value), words[:2000])
    try:
        count = answer_comments(uow, review, answers)
    except Refused as refused:
        wrong = {one.field or "": str(one.reason) for one in refused.refusals}
        return _page(uow, review, answer_errors=wrong, typed_answers=answers, status=422)
    left = unanswered(uow, review)
    flash(_("已保存 %(count)s 条答复", count=count), "success")
    if left:
        flash(_("还有 %(count)s 条没有答复", count=left), "warning")
    return redirect(_location(review))


add_transitions(reviews, REVIEW, load_review, prefix="/<uuid:review_id>", see=ReviewPermission.READ, location=_location)
