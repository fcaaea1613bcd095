"""What an expert does with an accepted invitation: sign the undertaking, take the meeting into a calendar."""

from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale

from core.errors import Refusal, Refused
from core.http.forms import Form
from core.http.guard import requires
from core.i18n import _, _l
from core.unit_of_work import UnitOfWork
from experts.addresses import calendar_address
from experts.invitation_calendar import as_calendar
from experts.models import Seat
from experts.permissions import SeatPermission
from experts.queries import load_seat
from experts.services.invitations import CALENDAR_KEPT
from experts.services.links import end_links, make_link
from experts.services.undertakings import sign_undertaking, undertaking_of
from experts.states import LinkPurpose, SeatState
from experts.undertaking import clauses

my_invitation = Blueprint("my_invitation", __name__, url_prefix="/my-reviews/<uuid:seat_id>")

HELD = (SeatState.ACCEPTED, SeatState.SUBMITTED)


def _location(seat: Seat) -> str:
    return url_for("my_reviews.show", seat_id=seat.id)


@my_invitation.get("/invitation.ics")
@requires(SeatPermission.READ, load_seat, see=SeatPermission.READ)
def calendar(uow: UnitOfWork, seat: Seat) -> ResponseReturnValue:
    """Download the meeting for a calendar."""
    headers = {"Content-Disposition": 'attachment; filename="invitation.ics"', "Cache-Control": "private, no-store"}
    return Response(as_calendar(uow, seat), mimetype="text/calendar", headers=headers)


@my_invitation.route("/calendar", methods=["GET", "POST"])
@requires(SeatPermission.READ, load_seat, see=SeatPermission.READ)
def address(uow: UnitOfWork, seat: Seat) -> ResponseReturnValue:
    """Make a new secret address for this meeting; the one before stops working. It is shown this once."""
    form, made = Form(), None
    if form.is_submitted() and form.validate():
        if seat.state not in HELD:
            form.refuse(Refused(Refusal(_l("接受邀请后才有日历地址"))))
        else:
            token = make_link(uow, seat, LinkPurpose.CALENDAR, until=seat.review.meets_at + CALENDAR_KEPT)
            uow.record("seat.make_calendar", seat)
            made = uow.house.settings.public_address + calendar_address(token)
    page = render_template(
        "experts/seat/calendar.html", form=form, seat=seat, review=seat.review, address=made, crumbs=_crumbs(seat)
    )
    return page, 422 if form.form_errors else 200


@my_invitation.post("/calendar/end")
@requires(SeatPermission.READ, load_seat, see=SeatPermission.READ)
def end(uow: UnitOfWork, seat: Seat) -> ResponseReturnValue:
    """Let the meeting's addresses stop working."""
    end_links(uow, seat, LinkPurpose.CALENDAR)
    uow.record("seat.end_calendar", seat)
    flash(_("日历地址已停用。"), "success")
    return redirect(url_for("my_invitation.address", seat_id=seat.id))


@my_invitation.route("/undertaking", methods=["GET", "POST"])
@requires(SeatPermission.READ, load_seat, see=SeatPermission.READ)
def undertaking(uow: UnitOfWork, seat: Seat) -> ResponseReturnValue:
    """Show the undertaking, signed or to be signed before any paper is seen."""
    form = Form()
    if form.is_submitted() and form.validate():
        if seat.state not in HELD:
            form.refuse(Refused(Refusal(_l("接受邀请后才签署保密承诺"))))
        else:
            sign_undertaking(uow, seat, seat.expert.user)
            flash(_("已签署保密承诺"), "success")
            return redirect(_location(seat))
    language = get_locale().language
    page = render_template(
        "experts/seat/undertaking.html",
        form=form,
        seat=seat,
        review=seat.review,
        signed=undertaking_of(uow, seat),
        clauses=clauses(language),
        may_sign=seat.state in HELD,
        crumbs=_crumbs(seat),
    )
    return page, 422 if form.form_errors else 200


def _crumbs(seat: Seat) -> list[tuple[str, str | None]]:
    return [(_("我的评审"), url_for("my_reviews.index")), (seat.review.number, _location(seat))]
