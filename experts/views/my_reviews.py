"""The expert's own desk: invitations answered, sheets filled in and locked."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale

from core.errors import Refused
from core.http.guard import requires
from core.http.lists import Filter, asked, listing
from core.i18n import _, _l
from core.unit_of_work import UnitOfWork
from experts.forms import AcceptForm, ReasonForm, SheetForm
from experts.models import Review, Seat
from experts.permissions import SeatPermission
from experts.queries import OPEN_TO_ALL, expert_of, load_seat, own_seats, visible_comments
from experts.review_rules import LINES, review_rules
from experts.services.invitations import accept_seat, decline_seat, recuse_seat
from experts.services.sheets import Judgement, Remark, lock_sheet, locked_sheets, save_sheet, sheet_of, verdict_of
from experts.services.undertakings import may_score, undertaking_of
from experts.states import ReviewState, SeatState
from experts.undertaking import clauses
from experts.views.declaration import declared

my_reviews = Blueprint("my_reviews", __name__, url_prefix="/my-reviews")

FILTERS = (Filter("state", _l("状态"), [(one.value, one.label) for one in SeatState if one is not SeatState.RESERVE]),)


def _location(seat: Seat) -> str:
    return url_for("my_reviews.show", seat_id=seat.id)


@my_reviews.get("")
@requires(SeatPermission.BROWSE_OWN)
def index(uow: UnitOfWork) -> ResponseReturnValue:
    """List the reviews the expert was ever asked to."""
    query = own_seats(uow.actor)
    if asked("state") in {one.value for one in SeatState}:
        query = query.where(Seat.state == SeatState(asked("state")))
    if asked("q"):
        query = query.where(Review.number.ilike(f"%{asked('q')}%"))
    page = listing(
        uow,
        query,
        sortable={"meets": Review.meets_at, "number": Review.number, "invited": Seat.invited_at},
        default="-meets",
        filters=FILTERS,
    )
    return render_template(
        "experts/seat/index.html", page=page, expert=expert_of(uow, uow.actor), crumbs=[(_("我的评审"), None)]
    )


@my_reviews.get("/<uuid:seat_id>")
@requires(SeatPermission.READ, load_seat, see=SeatPermission.READ)
def show(uow: UnitOfWork, seat: Seat) -> ResponseReturnValue:
    """Show the invitation, the way to the sheet, or what became of it."""
    return _page(uow, seat)


def _page(
    uow: UnitOfWork,
    seat: Seat,
    *,
    accept: AcceptForm | None = None,
    decline: ReasonForm | None = None,
    recuse: ReasonForm | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    review = seat.review
    running = review.state in (ReviewState.INVITING, ReviewState.SCORING)
    waits = seat.state is SeatState.INVITED and running and seat.answer_by is not None and uow.now <= seat.answer_by
    opened = seat.state is SeatState.SUBMITTED and review.state in OPEN_TO_ALL
    page = render_template(
        "experts/seat/show.html",
        seat=seat,
        review=review,
        accept=(accept or AcceptForm()) if waits else None,
        decline=(decline or ReasonForm(prefix="no")) if waits else None,
        recuse=(recuse or ReasonForm(prefix="step")) if seat.state is SeatState.ACCEPTED and running else None,
        may_score=may_score(uow, seat),
        signed=undertaking_of(uow, seat),
        clauses=clauses(get_locale().language),
        sheet=sheet_of(uow, seat),
        lines=LINES,
        rules=review_rules(uow),
        sheets=locked_sheets(uow, review) if opened else [],
        verdict=verdict_of(uow, review) if opened else None,
        crumbs=[(_("我的评审"), url_for("my_reviews.index")), (review.number, None)],
    )
    return page, status


@my_reviews.post("/<uuid:seat_id>/accept")
@requires(SeatPermission.ANSWER, load_seat, see=SeatPermission.READ)
def accept(uow: UnitOfWork, seat: Seat) -> ResponseReturnValue:
    """Accept after the declaration; a declared relation recuses instead."""
    form = AcceptForm()
    if earlier := form.earlier_use(uow):
        return redirect(earlier)
    if form.validate():
        try:
            accept_seat(uow, seat, declared(form, seat.review))
        except Refused as refused:
            form.refuse(refused)
        else:
            form.mark_used(uow, _location(seat))
            flash(_answered(seat), "success")
            return redirect(_location(seat))
    return _page(uow, seat, accept=form, status=422)


def _answered(seat: Seat) -> str:
    if seat.state is SeatState.ACCEPTED:
        return str(_("已接受邀请，谢谢。专家到齐后会通知您评分"))
    return str(_("您有应当回避的情形，已登记回避并另请他人。谢谢您的申报"))


@my_reviews.post("/<uuid:seat_id>/decline")
@requires(SeatPermission.ANSWER, load_seat, see=SeatPermission.READ)
def decline(uow: UnitOfWork, seat: Seat) -> ResponseReturnValue:
    """Decline with a reason."""
    form = ReasonForm(prefix="no")
    if earlier := form.earlier_use(uow):
        return redirect(earlier)
    if form.validate():
        try:
            decline_seat(uow, seat, form.text("reason"))
        except Refused as refused:
            form.refuse(refused)
        else:
            form.mark_used(uow, _location(seat))
            flash(_("已谢绝邀请，会另请他人"), "success")
            return redirect(_location(seat))
    return _page(uow, seat, decline=form, status=422)


@my_reviews.post("/<uuid:seat_id>/recuse")
@requires(SeatPermission.ANSWER, load_seat, see=SeatPermission.READ)
def recuse(uow: UnitOfWork, seat: Seat) -> ResponseReturnValue:
    """Step down for a conflict that came up after accepting."""
    form = ReasonForm(prefix="step")
    if earlier := form.earlier_use(uow):
        return redirect(earlier)
    if form.validate():
        try:
            recuse_seat(uow, seat, form.text("reason"))
        except Refused as refused:
            form.refuse(refused)
        else:
            form.mark_used(uow, _location(seat))
            flash(_("已登记回避，会另请他人"), "success")
            return redirect(_location(seat))
    return _page(uow, seat, recuse=form, status=422)


@my_reviews.route("/<uuid:seat_id>/sheet", methods=["GET", "POST"])
@requires(SeatPermission.SCORE, load_seat, see=SeatPermission.READ)
def score(uow: UnitOfWork, seat: Seat) -> ResponseReturnValue:
    """Fill in the sheet beside the indicators; save a draft or lock it."""
    if not may_score(uow, seat):
        return redirect(_location(seat))
    sheet = sheet_of(uow, seat)
    form = SheetForm(obj=sheet)
    remarks = _typed_remarks(seat) if form.is_submitted() else _kept_remarks(uow, seat)
    if not form.is_submitted() and sheet is not None:
        for line in sheet.lines:
            form[line.key].data = line.points
    if form.is_submitted() and (earlier := form.earlier_use(uow)):
        return redirect(earlier)
    if form.validate_on_submit():
        judgement = Judgement(form.points(), form.opinion.data or "", bool(form.is_veto.data), tuple(remarks.values()))
        is_final = request.form.get("deed") == "lock"
        try:
            if sheet is not None:
                form.check_revision(sheet)
            if is_final:
                lock_sheet(uow, seat, judgement)
            else:
                save_sheet(uow, seat, judgement)
        except Refused as refused:
            form.refuse(refused)
        else:
            location = _location(seat) if is_final else url_for("my_reviews.score", seat_id=seat.id)
            form.mark_used(uow, location)
            flash(_("评审表已提交，不能再修改") if is_final else _("草稿已保存"), "success")
            return redirect(location)
    page = render_template(
        "experts/seat/sheet.html",
        form=form,
        seat=seat,
        review=seat.review,
        lines=LINES,
        rules=review_rules(uow),
        remarks=remarks,
        crumbs=[
            (_("我的评审"), url_for("my_reviews.index")),
            (seat.review.number, _location(seat)),
            (_("评审表"), None),
        ],
    )
    return page, 422 if form.is_submitted() else 200


def _typed_remarks(seat: Seat) -> dict[str, Remark]:
    found = {}
    for indicator in seat.review.system.indicators:
        body = (request.form.get(f"remark-{indicator.id}") or "").strip()[:2000]
        if body:
            is_major = bool(request.form.get(f"major-{indicator.id}"))
            found[indicator.third] = Remark(indicator.third, body, is_major)
    return found


def _kept_remarks(uow: UnitOfWork, seat: Seat) -> dict[str, Remark]:
    rows = visible_comments(uow, seat.review, sees_all=False)
    return {one.indicator_name: Remark(one.indicator_name, one.body, one.is_major) for one in rows}
