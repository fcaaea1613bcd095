"""The expert's own desk: invitations answered, sheets filled in and locked."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale

from core.errors import Refused
from core.http.deeds import acted
from core.http.guard import requires
from core.http.lists import Filter, asked, listing
from core.i18n import _, _l
from core.unit_of_work import UnitOfWork
from experts.forms import AcceptForm, CodeForm, ReasonForm, SheetForm, SignForm, sheet_form
from experts.models import IndicatorComment, Review, Seat, Sheet
from experts.permissions import SeatPermission
from experts.queries import OPEN_TO_ALL, expert_of, load_seat, own_seats, visible_comments
from experts.queries.meeting import minutes_of, papers_of, sign_in_of, signature_of
from experts.services.invitations import accept_seat, decline_seat, recuse_seat
from experts.services.sheets import (
    Judgement,
    Remark,
    earlier_comments,
    lock_sheet,
    locked_sheets,
    save_sheet,
    sheet_of,
    verdict_of,
)
from experts.services.sign_in import not_yet
from experts.services.undertakings import may_score, undertaking_of
from experts.states import ReviewState, SeatState
from experts.terms import terms_of
from experts.undertaking import clauses
from experts.views.declaration import declared
from experts.views.meetings import listed
from projects.indicator_changes import Change, changes
from projects.services.versions import entries_of, version_of

my_reviews = Blueprint("my_reviews", __name__, url_prefix="/my-reviews")

TAKING_PART = (SeatState.ACCEPTED, SeatState.SUBMITTED)

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
    terms, came, undertaking = terms_of(uow, review), sign_in_of(uow, seat), undertaking_of(uow, seat)
    minutes, signed = minutes_of(uow, review), signature_of(uow, seat)
    meets = seat.state is SeatState.ACCEPTED and running
    page = render_template(
        "experts/seat/show.html",
        seat=seat,
        review=review,
        accept=(accept or AcceptForm()) if waits else None,
        decline=(decline or ReasonForm(prefix="no")) if waits else None,
        recuse=(recuse or ReasonForm(prefix="step")) if seat.state is SeatState.ACCEPTED and running else None,
        may_score=may_score(uow, seat),
        undertaking=undertaking,
        clauses=clauses(get_locale().language),
        sheet=sheet_of(uow, seat),
        lines=terms.rows,
        rules=terms,
        came=came,
        code_form=CodeForm(prefix="in", code=asked("code")) if meets and came is None else None,
        waiting=not_yet(uow, review) if meets and came is None else None,
        papers=listed(papers_of(uow, review)) if seat.state in TAKING_PART and undertaking else [],
        minutes=minutes if opened else None,
        sign=SignForm(prefix="sign") if opened and minutes is not None and signed is None else None,
        signed=signed,
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
    sheet, terms, before = sheet_of(uow, seat), terms_of(uow, seat.review), earlier_comments(uow, seat)
    form = sheet_form(terms.rows)(obj=sheet)
    remarks = _typed_remarks(seat) if form.is_submitted() else _kept_remarks(uow, seat)
    if not form.is_submitted() and sheet is not None:
        _fill(form, sheet)
    is_final = request.form.get("deed") == "lock"

    def keep() -> None:
        if sheet is not None:
            form.check_revision(sheet)
        judgement = Judgement(
            form.points(), form.opinion.data or "", bool(form.is_veto.data), tuple(remarks.values()), _settled(before)
        )
        if is_final:
            lock_sheet(uow, seat, judgement)
        else:
            save_sheet(uow, seat, judgement)

    target = _location(seat) if is_final else url_for("my_reviews.score", seat_id=seat.id)
    if answer := acted(uow, form, keep, target, lambda: _handed_in(seat) if is_final else _("草稿已保存")):
        return answer
    page = render_template(
        "experts/seat/sheet.html",
        form=form,
        seat=seat,
        review=seat.review,
        lines=terms.rows,
        rules=terms,
        remarks=remarks,
        came=sign_in_of(uow, seat),
        earlier=_by_indicator(before),
        settled=_settled(before) if form.is_submitted() else {one.id: one.is_settled for one in before},
        changed=_changed(uow, seat),
        papers=listed(papers_of(uow, seat.review)),
        crumbs=[
            (_("我的评审"), url_for("my_reviews.index")),
            (seat.review.number, _location(seat)),
            (_("评审表"), None),
        ],
    )
    return page, 422 if form.is_submitted() else 200


def _fill(form: SheetForm, sheet: Sheet) -> None:
    for line in sheet.lines:
        if line.key in form.line_keys:
            form[line.key].data = line.points


def _handed_in(seat: Seat) -> str:
    if seat.state is SeatState.RECUSED:
        return str(_("提交前核对时发现您有应当回避的情形，评审表不计入，已登记回避并另请他人"))
    return str(_("评审表已提交，不能再修改"))


def _settled(comments: Sequence[IndicatorComment]) -> dict[uuid.UUID, bool]:
    """Return what was ticked about the member's comments of the round before."""
    said = {one.id: request.form.get(f"settled-{one.id}") for one in comments}
    return {key: value == "yes" for key, value in said.items() if value in ("yes", "no")}


def _by_indicator(comments: Sequence[IndicatorComment]) -> dict[str, list[IndicatorComment]]:
    found: dict[str, list[IndicatorComment]] = {}
    for one in comments:
        found.setdefault(one.indicator_name, []).append(one)
    return found


def _changed(uow: UnitOfWork, seat: Seat) -> dict[str, Change]:
    """Return what the agency changed since the round before, by the indicator's present name."""
    review = seat.review
    older, newer = (version_of(uow, review.system, number) for number in (review.round - 1, review.round))
    if older is None or newer is None:
        return {}
    found = changes(entries_of(older), entries_of(newer))
    return {one.after.third: one for one in found if one.after is not None and one.kind in ("changed", "added")}


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
