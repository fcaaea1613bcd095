"""Signs of collusion with their evidence: for the committee in its seats, and read only for supervision."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from core.errors import Refused
from core.http.choices import choices
from core.http.guard import requires
from core.i18n import _
from core.permissions import policy
from core.unit_of_work import UnitOfWork
from procurement.forms.collusion import FindingForm
from procurement.models import CollusionSignal, CommitteeSeat
from procurement.permissions import CollusionPermission, SupervisionPermission, TenderPermission
from procurement.queries.awards import load_seat
from procurement.queries.collusion import UNREAD, collusion_of, companions, load_signal, signal_of
from procurement.services.collusion import FindingEntry, record_finding
from procurement.states import SignExcuse, SignVerdict, TenderState

collusion = Blueprint("collusion", __name__)


@collusion.get("/evaluations/<uuid:seat_id>/signs")
@requires(TenderPermission.SCORE, load_seat, see=TenderPermission.SIT)
def index(uow: UnitOfWork, seat: CommitteeSeat) -> ResponseReturnValue:
    """Show a member every sign found in the opened bids, and what could not be read."""
    _refuse_sealed(seat)
    found = collusion_of(uow, seat.tender)
    return render_template(
        "procurement/collusion/index.html",
        seat=seat,
        tender=seat.tender,
        found=found,
        unread_words=UNREAD,
        rigged_rule=uow.house.rules.rule("R-COLL-01", on=uow.today),
        innocent_rule=uow.house.rules.rule("R-COLL-02", on=uow.today),
        names={str(bid.id): bid.bidder.name for one in found.signals for bid in one.bids},
        may_lead=_may_find(uow, seat),
        crumbs=_crumbs(seat, None),
    )


@collusion.get("/evaluations/<uuid:seat_id>/signs/<uuid:signal_id>")
@requires(TenderPermission.SCORE, load_seat, see=TenderPermission.SIT)
def show(uow: UnitOfWork, seat: CommitteeSeat, signal_id: uuid.UUID) -> ResponseReturnValue:
    """Show a member the evidence of one sign, side by side."""
    return _of_seat(uow, seat, _signal(uow, seat, signal_id), None)


@collusion.post("/evaluations/<uuid:seat_id>/signs/<uuid:signal_id>")
@requires(TenderPermission.LEAD, load_seat, see=TenderPermission.SIT)
def find(uow: UnitOfWork, seat: CommitteeSeat, signal_id: uuid.UUID) -> ResponseReturnValue:
    """Record what the committee found."""
    signal = _signal(uow, seat, signal_id)
    form = _form(uow, signal, FindingForm())
    if earlier := form.earlier_use(uow):
        return redirect(earlier)
    if form.validate_on_submit():
        excuse = SignExcuse(form.excuse.data) if form.excuse.data else None
        try:
            entry = FindingEntry(SignVerdict(form.verdict.data), form.text("reason"), excuse)
            chosen = set(form["also"].data or ()) if "also" in form else set[str]()
            also = [one for one in companions(uow, signal) if str(one.id) in chosen]
            record_finding(uow, seat, [signal, *also], entry)
        except Refused as refused:
            form.refuse(refused)
        else:
            location = url_for("collusion.index", seat_id=seat.id)
            form.mark_used(uow, location)
            rigged = form.verdict.data == SignVerdict.RIGGED.value
            said = (
                _("已认定视为串通投标：相关投标无效，已书面报告财政部门。")
                if rigged
                else _("认定已记录，写入评标报告。")
            )
            flash(said, "success")
            return redirect(location)
    return _of_seat(uow, seat, signal, form), 422


@collusion.get("/supervision/collusion/<uuid:signal_id>")
@requires(CollusionPermission.READ, load_signal, see=CollusionPermission.READ)
def evidence(uow: UnitOfWork, signal: CollusionSignal) -> ResponseReturnValue:
    """Show supervision the evidence of one sign and what the committee found; a case may be opened from it."""
    crumbs = [(_("采购监管"), url_for("supervision.desk")), (signal.tender.number, None)]
    return render_template(
        "procurement/collusion/show.html",
        seat=None,
        signal=signal,
        form=None,
        linked=False,
        may_handle=policy.allows(uow.actor, SupervisionPermission.HANDLE_CASE),
        crumbs=crumbs,
        **_evidence(uow, signal),
    )


def _of_seat(uow: UnitOfWork, seat: CommitteeSeat, signal: CollusionSignal, form: FindingForm | None) -> str:
    may = _may_find(uow, seat) and signal.finding is None
    return render_template(
        "procurement/collusion/show.html",
        seat=seat,
        signal=signal,
        form=(form or _form(uow, signal, FindingForm(formdata=None))) if may else None,
        linked=True,
        may_handle=False,
        crumbs=_crumbs(seat, str(signal.sign.label)),
        **_evidence(uow, signal),
    )


def _form(uow: UnitOfWork, signal: CollusionSignal, form: FindingForm) -> FindingForm:
    """Offer the other signs of the same bids, so that one finding may answer them together."""
    form.also.choices = choices(
        (str(one.id), f"{one.sign.label}{f'（{one.value[:40]}）' if one.value else ''}")
        for one in companions(uow, signal)
    )
    if not form.also.choices:
        del form.also
    return form


def _evidence(uow: UnitOfWork, signal: CollusionSignal) -> dict[str, Any]:
    book, on = uow.house.rules, uow.today
    return {
        "tender": signal.tender,
        "names": {str(bid.id): bid.bidder.name for bid in signal.bids},
        "rigged_rule": book.rule("R-COLL-01", on=on),
        "innocent_rule": book.rule("R-COLL-02", on=on),
        "own_rule": book.rule(signal.sign.rule_id, on=on) if signal.sign.rule_id else None,
    }


def _signal(uow: UnitOfWork, seat: CommitteeSeat, signal_id: uuid.UUID) -> CollusionSignal:
    _refuse_sealed(seat)
    found = signal_of(uow, seat.tender, signal_id)
    if found is None:
        abort(404)
    return found


def _refuse_sealed(seat: CommitteeSeat) -> None:
    """While a review is stopped its files are sealed (R-COMM-10); before it began nobody sees a bid."""
    if seat.tender.state in (TenderState.REVIEW_SUSPENDED, TenderState.OPENED, TenderState.PUBLISHED):
        abort(404)


def _may_find(uow: UnitOfWork, seat: CommitteeSeat) -> bool:
    evaluating = seat.tender.state is TenderState.UNDER_EVALUATION
    return evaluating and policy.allows(uow.actor, TenderPermission.LEAD, seat)


def _crumbs(seat: CommitteeSeat, last: str | None) -> list[Any]:
    signs = url_for("collusion.index", seat_id=seat.id) if last else None
    crumbs: list[Any] = [
        (_("我的评标"), url_for("evaluations.index")),
        (seat.tender.number, url_for("evaluations.show", seat_id=seat.id)),
        (_("串通投标提示"), signs),
    ]
    return [*crumbs, (last, None)] if last else crumbs
