"""Coming to a review's meeting: the phone's page behind the code in the room, and an expert's sign-in and signature."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from core.errors import NotVisible
from core.http.choices import choices
from core.http.deeds import acted
from core.http.guard import public, requires
from core.i18n import _, _l
from core.unit_of_work import UnitOfWork
from experts.forms import CodeForm, DoorForm, SignForm
from experts.models import Attendee, Review, Seat
from experts.permissions import SeatPermission
from experts.queries import expert_of, load_seat
from experts.queries.meeting import attendance_of, own_attendees
from experts.seats import seats_of
from experts.services.minutes import sign_opinion
from experts.services.sign_in import meeting_with_code, sign_in_expert, sign_in_guest
from experts.states import Presence, SeatState

doors = Blueprint("doors", __name__)


@doors.post("/my-reviews/<uuid:seat_id>/sign-in")
@requires(SeatPermission.SCORE, load_seat, see=SeatPermission.READ)
def expert_in(uow: UnitOfWork, seat: Seat) -> ResponseReturnValue:
    """An expert signs in with the room's code; a conflict shown meanwhile unseats instead."""
    form = CodeForm(prefix="in")
    here = url_for("my_reviews.show", seat_id=seat.id)
    stays: list[bool] = []

    def said() -> str:
        if stays[0]:
            return str(_("已签到，可以填写评审表"))
        return str(_("核对时发现您有应当回避的情形，已登记回避并另请他人"))

    answer = acted(uow, form, lambda: stays.append(sign_in_expert(uow, seat, form.text("code"))), here, said)
    if answer is not None:
        return answer
    for message in [*form.code.errors, *form.form_errors]:
        flash(str(message), "error")
    return redirect(here)


@doors.post("/my-reviews/<uuid:seat_id>/sign")
@requires(SeatPermission.SCORE, load_seat, see=SeatPermission.READ)
def expert_signs(uow: UnitOfWork, seat: Seat) -> ResponseReturnValue:
    """An expert signs the panel's opinion."""
    form = SignForm(prefix="sign")
    here = url_for("my_reviews.show", seat_id=seat.id)
    answer = acted(uow, form, lambda: sign_opinion(uow, seat, form.text("dissent")), here, _l("已签署评审意见"))
    if answer is not None:
        return answer
    for message in [*form.dissent.errors, *form.form_errors]:
        flash(str(message), "error")
    return redirect(here)


@doors.route("/meetings/sign-in", methods=["GET", "POST"])
@public
def door(uow: UnitOfWork) -> ResponseReturnValue:
    """The page behind the code on the screen: whoever has a place is led to it, others write down body and name."""
    form = DoorForm() if request.method == "POST" else DoorForm(code=request.args.get("code", ""))
    review = meeting_with_code(uow, form.text("code")) if form.text("code") else None
    if review is not None and (place := _place(uow, review, form.text("code"))) is not None:
        return redirect(place)
    free = _free(uow, review) if review is not None else []
    form.attendee.choices = choices(
        [("", _l("请选择单位")), *((str(one.id), f"{one.body}（{one.capacity.label}）") for one in free)]
    )

    def come() -> None:
        attendee = next((one for one in free if str(one.id) == form.attendee.data), None)
        if attendee is None:
            raise NotVisible
        sign_in_guest(uow, attendee, form.text("person"), form.text("code"), how=Presence.CODE)

    if review is not None and form.attendee.data:
        answer = acted(uow, form, come, url_for("doors.welcome"), _l("已签到，欢迎参会"))
        if answer is not None:
            return answer
    elif review is not None and form.person.data is not None:
        form.attendee.errors = [_("请选择单位")]
    elif form.text("code") and review is None:
        form.code.errors = [*form.code.errors, _("会场码不对，或者签到尚未开始")]
    page = render_template("experts/meeting/door.html", form=form, review=review, free=free)
    return page, 422 if form.errors and request.method == "POST" else 200


@doors.get("/meetings/welcome")
@public
def welcome(_uow: UnitOfWork) -> ResponseReturnValue:
    """Thank for signing in."""
    return render_template("experts/meeting/welcome.html")


def _place(uow: UnitOfWork, review: Review, code: str) -> str | None:
    """Return where the person who is signed in takes part in this meeting."""
    expert = expert_of(uow, uow.actor)
    if expert is not None:
        seat = next((one for one in seats_of(uow, review) if one.expert_id == expert.id), None)
        if seat is not None and seat.state is not SeatState.RESERVE:
            return url_for("my_reviews.show", seat_id=seat.id, code=code)
    if own_attendees(uow.actor, review):
        return url_for("meetings.show", review_id=review.id, code=code)
    return None


def _free(uow: UnitOfWork, review: Review) -> list[Attendee]:
    """Return the bodies for which nobody has come and whose person is not known by an account."""
    rows = attendance_of(uow, review)
    return [one for one in rows.attendees if one.id not in rows.came and one.user_id is None]
