"""The page that an invitation's link opens: on a phone, without signing in, for one answer only.

The link is a capability for one seat and nothing else: it shows time, place, fee and the parties to declare on (both
stand in the published award), neither papers nor fellow members, and it signs nobody in. Opening it changes nothing.
"""

from __future__ import annotations

from flask import Blueprint, Response, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from core.errors import Refused
from core.http.guard import public
from core.i18n import _
from core.unit_of_work import UnitOfWork
from experts.forms import AcceptForm, ReasonForm
from experts.models import Seat
from experts.services.invitations import accept_seat, decline_seat, seat_by_token
from experts.states import SeatState
from experts.views.declaration import declared

invitations = Blueprint("invitations", __name__, url_prefix="/invitations")


@invitations.after_request
def keep_private(response: Response) -> Response:
    """Keep the token out of caches, of other sites' Referer and of search engines."""
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@invitations.get("/answered")
@public
def answered(_uow: UnitOfWork) -> ResponseReturnValue:
    """Thank for the answer."""
    return render_template("experts/invitation/answered.html")


@invitations.get("/<token>")
@public
def show(uow: UnitOfWork, token: str) -> ResponseReturnValue:
    """Show the invitation; mail scanners that follow the link change nothing."""
    row = seat_by_token(uow, token)
    return _gone() if row is None else _page(token, row.seat)


@invitations.post("/<token>/accept")
@public
def accept(uow: UnitOfWork, token: str) -> ResponseReturnValue:
    """Accept after the declaration."""
    row = seat_by_token(uow, token)
    if row is None:
        return _gone()
    form = AcceptForm()
    if form.validate():
        try:
            accept_seat(uow, row.seat, declared(form, row.seat.review))
        except Refused as refused:
            form.refuse(refused)
        else:
            return _thanks(row.seat)
    return _page(token, row.seat, accept=form, status=422)


@invitations.post("/<token>/decline")
@public
def decline(uow: UnitOfWork, token: str) -> ResponseReturnValue:
    """Decline with a reason."""
    row = seat_by_token(uow, token)
    if row is None:
        return _gone()
    form = ReasonForm(prefix="no")
    if form.validate():
        try:
            decline_seat(uow, row.seat, form.text("reason"))
        except Refused as refused:
            form.refuse(refused)
        else:
            return _thanks(row.seat)
    return _page(token, row.seat, decline=form, status=422)


def _thanks(seat: Seat) -> ResponseReturnValue:
    outcome = {SeatState.ACCEPTED: "accepted", SeatState.RECUSED: "recused"}.get(seat.state, "declined")
    return redirect(url_for("invitations.answered", outcome=outcome))


def _gone() -> ResponseReturnValue:
    return render_template("experts/invitation/gone.html", title=_("这个链接已失效")), 410


def _page(
    token: str, seat: Seat, *, accept: AcceptForm | None = None, decline: ReasonForm | None = None, status: int = 200
) -> ResponseReturnValue:
    page = render_template(
        "experts/invitation/show.html",
        token=token,
        seat=seat,
        review=seat.review,
        accept=accept or AcceptForm(),
        decline=decline or ReasonForm(prefix="no"),
    )
    return make_response(page, status)
