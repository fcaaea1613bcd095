"""The page that an invitation's link opens: on a phone, without signing in, for one answer only.

The link is a capability for one answer and nothing else: it shows time, place, fee and the parties to declare on, no
papers and no fellow members, and it signs nobody in. Opening it changes nothing (mail scanners follow links); the
token itself is the proof that the form is the expert's, so that an ended session loses no answer.
"""

from __future__ import annotations

import uuid

from flask import Blueprint, Response, abort, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale, get_locale

from core.errors import Refused
from core.http.forms import Form
from core.http.guard import public
from core.i18n import _l
from core.unit_of_work import UnitOfWork
from experts.addresses import seat_page
from experts.forms import AcceptForm, ReasonForm
from experts.invitation_calendar import as_calendar
from experts.models import InvitationLink, Seat
from experts.services.invitations import ASKING, accept_seat, decline_seat
from experts.services.links import find_link, is_good
from experts.states import LinkPurpose, SeatState
from experts.undertaking import clauses
from experts.views.declaration import declared
from experts.views.linked import Linked, Standing, linked

invitations = Blueprint("invitations", __name__, url_prefix="/invitations")

BY_TOKEN = {"csrf": False}
"""Whoever knows the token may answer; a session of the browser is not asked for."""

STANDINGS: dict[SeatState, Standing] = {
    SeatState.ACCEPTED: "accepted",
    SeatState.SUBMITTED: "accepted",
    SeatState.DECLINED: "declined",
    SeatState.RECUSED: "recused",
    SeatState.LAPSED: "late",
}


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


@invitations.get("/ics/<token>.ics")
@public
def calendar(uow: UnitOfWork, token: str) -> ResponseReturnValue:
    """Return one accepted meeting to a calendar; an ended address and one that never was are not told apart."""
    link = find_link(uow, token, LinkPurpose.CALENDAR)
    seat = uow.get(Seat, _key(link)) if link is not None and is_good(uow, link) else None
    if seat is None:
        abort(404)
    with force_locale("en" if seat.expert.user.language == "en" else "zh"):
        return Response(as_calendar(uow, seat), mimetype="text/calendar")


def _key(link: InvitationLink) -> uuid.UUID:
    return uuid.UUID(link.held_for.partition(":")[2])


@invitations.get("/<token>")
@public
def show(uow: UnitOfWork, token: str) -> ResponseReturnValue:
    """Show the invitation."""
    found = _opened(uow, token)
    return _page(token, found) if found is not None and found.standing == "open" else _gone(found)


@invitations.post("/<token>/accept")
@public
def accept(uow: UnitOfWork, token: str) -> ResponseReturnValue:
    """Accept after the declaration."""
    found = _opened(uow, token)
    if found is None or found.standing != "open":
        return _gone(found)
    form = found.form(meta=BY_TOKEN)
    if form.validate():
        try:
            outcome = found.accept(form)
        except Refused as refused:
            form.refuse(refused)
        else:
            return redirect(url_for("invitations.answered", outcome=outcome))
    return _page(token, found, accept=form, status=422)


@invitations.post("/<token>/decline")
@public
def decline(uow: UnitOfWork, token: str) -> ResponseReturnValue:
    """Decline with a reason."""
    found = _opened(uow, token)
    if found is None or found.standing != "open":
        return _gone(found)
    form = ReasonForm(prefix="no", meta=BY_TOKEN)
    if form.validate():
        try:
            outcome = found.decline(form.text("reason"))
        except Refused as refused:
            form.refuse(refused)
        else:
            return redirect(url_for("invitations.answered", outcome=outcome))
    return _page(token, found, decline=form, status=422)


def _opened(uow: UnitOfWork, token: str) -> Linked | None:
    """Return what the token answers; an ended one tells how its invitation stands, but opens nothing."""
    link = find_link(uow, token, LinkPurpose.ANSWER)
    found = linked(uow, link.held_for) if link is not None else None
    if link is None or found is None or (found.standing == "open" and not is_good(uow, link)):
        return None
    return found


def _gone(found: Linked | None) -> ResponseReturnValue:
    return render_template("experts/invitation/gone.html", linked=found), 410


def _page(
    token: str, found: Linked, *, accept: Form | None = None, decline: Form | None = None, status: int = 200
) -> ResponseReturnValue:
    page = render_template(
        "experts/invitation/show.html",
        token=token,
        linked=found,
        accept=accept or found.form(meta=BY_TOKEN),
        decline=decline or ReasonForm(prefix="no", meta=BY_TOKEN),
        clauses=clauses(get_locale().language),
    )
    return make_response(page, status)


def linked_seat(uow: UnitOfWork, seat_id: uuid.UUID) -> Linked | None:
    """Return a seat of an indicator review as what its link answers."""
    seat = uow.get(Seat, seat_id)
    if seat is None:
        return None
    review = seat.review
    engagement, settings = review.engagement, uow.house.settings

    def accept(form: Form) -> Standing:
        accept_seat(uow, seat, declared(form, review))
        return _standing(uow, seat)

    def decline(reason: str) -> Standing:
        decline_seat(uow, seat, reason)
        return _standing(uow, seat)

    english = seat.expert.user.language == "en"
    return Linked(
        name=seat.expert.user.name,
        by=settings.bureau_name_en if english else settings.bureau_name_zh,
        matter=_l("绩效评价指标体系评审（%(field)s）", field=engagement.project.industry.label),
        capacity=_l("候补（席位空出时按次序递补）") if seat.is_spare else seat.category.label,
        meets_at=review.meets_at,
        place=review.place,
        fee=review.fee,
        answer_by=seat.answer_by,
        parties=(engagement.agency.name, engagement.project.unit.name),
        standing=_standing(uow, seat),
        page=seat_page(seat.id),
        form=AcceptForm,
        accept=accept,
        decline=decline,
    )


def _standing(uow: UnitOfWork, seat: Seat) -> Standing:
    if seat.state is SeatState.INVITED and seat.review.state in ASKING:
        return "open" if seat.answer_by is None or uow.now <= seat.answer_by else "late"
    return STANDINGS.get(seat.state, "withdrawn")
