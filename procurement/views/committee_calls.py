"""A committee's draw for those who give its entropy: commitment, promises and reveals, without anybody's name."""

from __future__ import annotations

import io

from flask import Blueprint, flash, redirect, render_template, send_file, url_for
from flask.typing import ResponseReturnValue

from core.errors import NotVisible
from core.http.deeds import acted
from core.http.guard import requires
from core.i18n import _
from core.permissions import policy
from core.records import written
from core.unit_of_work import UnitOfWork
from experts.forms import PromiseForm, RevealForm
from experts.models import Draw
from experts.permissions import ReviewPermission
from experts.services.draw_steps import (
    SHORTEST_PHRASE,
    anchor_of,
    promise_entropy,
    reveal_entropy,
    role_for,
    void_draw,
)
from experts.states import DrawState
from procurement.models import CommitteeCall
from procurement.permissions import PoolDrawPermission, TenderPermission
from procurement.queries.pool_draw import load_call
from procurement.services.pool_screening import draws_of_call
from procurement.states import CallState

committee_calls = Blueprint("committee_calls", __name__, url_prefix="/committee-calls/<uuid:call_id>")


@committee_calls.get("")
@requires(PoolDrawPermission.ATTEND, load_call, see=PoolDrawPermission.ATTEND)
def show(uow: UnitOfWork, call: CommitteeCall) -> ResponseReturnValue:
    """Show where the draw stands and what this reader may do in it."""
    return _page(uow, call)


@committee_calls.post("/promise")
@requires(PoolDrawPermission.ATTEND, load_call, see=PoolDrawPermission.ATTEND)
def give(uow: UnitOfWork, call: CommitteeCall) -> ResponseReturnValue:
    """Take a side's promise of entropy."""
    form = PromiseForm()

    def promise() -> None:
        commitment = (form.commitment.data or "").strip()
        promise_entropy(uow, _last(uow, call), commitment=commitment, phrase=form.phrase.data or "")

    said = _("承诺已提交。请保管好口令，承诺收齐后要用它揭示")
    if answer := acted(uow, form, promise, _location(call), said):
        return answer
    return _page(uow, call, promise=form, status=422)


@committee_calls.post("/reveal")
@requires(PoolDrawPermission.ATTEND, load_call, see=PoolDrawPermission.ATTEND)
def show_secret(uow: UnitOfWork, call: CommitteeCall) -> ResponseReturnValue:
    """Take a side's reveal; with the last one the experts are drawn and invited."""
    form = RevealForm()

    def said() -> str:
        done = call.state is CallState.INVITING
        return str(_("抽取完成，已向专家发出邀请") if done else _("已揭示，等待其他角色揭示"))

    def reveal() -> None:
        reveal_entropy(uow, _last(uow, call), form.text("phrase"))

    if answer := acted(uow, form, reveal, _location(call), said):
        return answer
    return _page(uow, call, reveal=form, status=422)


@committee_calls.post("/void")
@requires(PoolDrawPermission.ATTEND, load_call, see=PoolDrawPermission.ATTEND)
def void(uow: UnitOfWork, call: CommitteeCall) -> ResponseReturnValue:
    """Declare the attempt void; the next one stands on the same plan with other people."""
    void_draw(uow, _last(uow, call))
    flash(_("本次抽取已作废并公布未揭示的角色；请由他人重新提供随机数"), "success")
    return redirect(_location(call))


@committee_calls.get("/public-record.json")
@requires(PoolDrawPermission.READ_RECORD, load_call, see=PoolDrawPermission.READ_RECORD)
def public_record(uow: UnitOfWork, call: CommitteeCall) -> ResponseReturnValue:
    """Download the public record: people and reasons stand as commitments."""
    held = draws_of_call(uow, call)
    if not held or held[-1].public_record is None:
        raise NotVisible
    body = io.BytesIO(written(held[-1].public_record))
    name = f"draw-{call.tender.number}-public.json"
    return send_file(body, download_name=name, as_attachment=True, mimetype="application/json")


def _last(uow: UnitOfWork, call: CommitteeCall) -> Draw:
    held = draws_of_call(uow, call)
    if not held or call.state is not CallState.DRAWING:
        raise NotVisible
    return held[-1]


def _location(call: CommitteeCall) -> str:
    return url_for("committee_calls.show", call_id=call.id)


def _page(
    uow: UnitOfWork,
    call: CommitteeCall,
    *,
    promise: PromiseForm | None = None,
    reveal: RevealForm | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    held = draws_of_call(uow, call)
    last = held[-1] if held else None
    own = next((one for one in last.shares if one.user_id == uow.actor.user_id), None) if last else None
    is_drawing = last is not None and call.state is CallState.DRAWING
    role = role_for(uow, last) if last is not None and is_drawing and last.state is DrawState.COMMITTED else None
    revealing = last is not None and is_drawing and last.state is DrawState.REVEALING
    may_seat = policy.allows(uow.actor, TenderPermission.SEAT, call.tender)
    page = render_template(
        "procurement/pool_draw/entropy.html",
        call=call,
        tender=call.tender,
        held=held,
        last=last,
        own=own,
        role=role,
        anchor=anchor_of(held) if last is not None and last.state is not DrawState.VOID else None,
        promise=(promise or PromiseForm()) if role else None,
        reveal=(reveal or RevealForm()) if revealing and own is not None and own.value is None else None,
        may_void=revealing and last is not None and policy.allows(uow.actor, ReviewPermission.VOID_DRAW, last),
        sees_names=policy.allows(uow.actor, PoolDrawPermission.SEE_NAMES, call),
        may_seat=may_seat,
        shortest=SHORTEST_PHRASE,
        crumbs=[(call.tender.number, url_for("tenders.show", tender_id=call.tender_id)), (call.number, None)],
    )
    return page, status
