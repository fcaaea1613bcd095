"""The officer's page of one invitation: how it was answered, an answer by telephone, asking again, reserves asked."""

from __future__ import annotations

import uuid
from datetime import datetime

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from core.clock import SHANGHAI
from core.errors import NotVisible
from core.http.deeds import acted
from core.http.forms import Form
from core.http.guard import requires
from core.i18n import _, _l
from core.permissions import policy
from core.unit_of_work import UnitOfWork
from experts.addresses import seat_desk_page
from experts.forms import AgainForm, CallForm
from experts.models import Review, Seat
from experts.permissions import ReviewPermission
from experts.queries import load_review, load_seat
from experts.services.invitations import ASKING
from experts.services.spares import ask_spares, histories, prior_of
from experts.services.told import Call, ask_again, calls_about, may_ask_again, record_call
from experts.services.undertakings import undertaking_of
from experts.states import SeatState, ToldAnswer
from experts.waves import History, acceptance

seat_desk = Blueprint("seat_desk", __name__, url_prefix="/reviews/<uuid:review_id>")


def _seat(uow: UnitOfWork, review: Review, seat_id: uuid.UUID) -> Seat:
    seat: Seat | None = load_seat(uow, seat_id)
    if seat is None or seat.review_id != review.id:
        raise NotVisible
    return seat


@seat_desk.get("/seats/<uuid:seat_id>")
@requires(ReviewPermission.SEE_PANEL, load_review, see=ReviewPermission.READ)
def show(uow: UnitOfWork, review: Review, seat_id: uuid.UUID) -> ResponseReturnValue:
    """Show one invitation with its answers."""
    return _page(uow, _seat(uow, review, seat_id))


@seat_desk.post("/seats/<uuid:seat_id>/call")
@requires(ReviewPermission.NOTE_ANSWER, load_review, see=ReviewPermission.READ)
def call(uow: UnitOfWork, review: Review, seat_id: uuid.UUID) -> ResponseReturnValue:
    """Note an answer given by telephone."""
    seat, form = _seat(uow, review, seat_id), CallForm(prefix="call")

    def deed() -> None:
        record_call(
            uow,
            seat,
            Call(
                answer=ToldAnswer(form.answer.data),
                spoke_at=_instant(form.spoke_at.data),
                note=form.text("note"),
                reason=form.text("reason"),
                declaration_read=bool(form.declaration_read.data),
            ),
        )

    done = acted(uow, form, deed, seat_desk_page(review.id, seat.id), _l("已记录电话答复"))
    return done or _page(uow, seat, call=form, status=422)


@seat_desk.post("/seats/<uuid:seat_id>/again")
@requires(ReviewPermission.NOTE_ANSWER, load_review, see=ReviewPermission.READ)
def again(uow: UnitOfWork, review: Review, seat_id: uuid.UUID) -> ResponseReturnValue:
    """Ask somebody who said no once more, as a new request."""
    seat, form = _seat(uow, review, seat_id), AgainForm(prefix="again")
    made: list[Seat] = []

    def deed() -> None:
        made.append(ask_again(uow, seat, form.text("reason")))

    done = acted(uow, form, deed, lambda: seat_desk_page(review.id, made[0].id), _l("已重新发出邀请"))
    return done or _page(uow, seat, again=form, status=422)


@seat_desk.post("/spares")
@requires(ReviewPermission.PREPARE_DRAW, load_review, see=ReviewPermission.READ)
def spares(uow: UnitOfWork, review: Review) -> ResponseReturnValue:
    """Ask as many reserves beside the panel as the histories of answers suggest."""
    seats = ask_spares(uow, review)
    flash(_("已同时询问 %(count)s 名候补", count=len(seats)), "success")
    return redirect(url_for("reviews.show", review_id=review.id))


def _instant(typed: datetime | None) -> datetime:
    if typed is None:
        raise ValueError("the form asks for a time")
    return typed.replace(tzinfo=SHANGHAI)


def _page(
    uow: UnitOfWork, seat: Seat, *, call: CallForm | None = None, again: AgainForm | None = None, status: int = 200
) -> ResponseReturnValue:
    review = seat.review
    may_note = policy.allows(uow.actor, ReviewPermission.NOTE_ANSWER, review)
    waits = may_note and seat.state is SeatState.INVITED and review.state in ASKING
    refusal = may_ask_again(uow, seat)
    if waits and call is None:
        call = CallForm(prefix="call")
        call.spoke_at.data = uow.now.astimezone(SHANGHAI).replace(second=0, microsecond=0, tzinfo=None)
    prior, _wanted, _most = prior_of(uow)
    history = histories(uow, [seat.expert_id]).get(seat.expert_id, History())
    page = render_template(
        "experts/review/seat.html",
        seat=seat,
        review=review,
        calls=calls_about(uow, seat),
        signed=undertaking_of(uow, seat),
        history=history,
        chance=acceptance(history, prior),
        told=call if waits else None,
        again=(again or AgainForm(prefix="again")) if may_note and refusal is None else None,
        again_refusal=refusal if may_note and seat.state in (SeatState.DECLINED, SeatState.LAPSED) else None,
        plain=Form(),
        crumbs=[
            (_("指标评审"), url_for("reviews.index")),
            (review.number, url_for("reviews.show", review_id=review.id)),
            (seat.expert.user.name, None),
        ],
    )
    return page, status
