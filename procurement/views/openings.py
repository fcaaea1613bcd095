"""The opening hall: what everybody present sees, the keyholders' turns, the read-out table and the records."""

from __future__ import annotations

import base64
import json
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from core.audit.timeline import timeline
from core.errors import Refusal, Refused
from core.http.forms import Form
from core.http.guard import requires
from core.http.lists import asked, listing
from core.i18n import _, _l
from core.permissions import policy
from core.records import written
from core.unit_of_work import UnitOfWork
from procurement.demonstration.bids import demonstration_key_for
from procurement.drafting.drill_check import passed_drills, stale_drills
from procurement.forms.openings import AnswerForm
from procurement.methods import fewest_rule
from procurement.models import Keyholder, Opening, Tender
from procurement.permissions import TenderPermission
from procurement.queries.bids import load_bid_tender, read_out, tenders_at_opening
from procurement.queries.openings import (
    absences_of,
    attendances_of,
    bids_to_open,
    has_enough_keyholders,
    keyholders_who_came,
    objections_of,
    opening_of,
    postponed_until,
    postponements_of,
    progress_of,
)
from procurement.services.closing import close_opening, closing_refusals
from procurement.services.opening import all_shares, begin_opening, ensure_may_attend, shares_for, take_turn
from procurement.services.opening_papers import opening_record_pdf
from procurement.services.unsealing import Share
from procurement.states import TenderState

openings = Blueprint("openings", __name__)
MOST_SHARES = 64 * 1024 * 1024
"""Octets of a file of peeled layers that is read; two hundred bids and five keyholders are under 2 MB."""


@openings.get("/openings")
@requires(TenderPermission.BROWSE)
def index(uow: UnitOfWork) -> ResponseReturnValue:
    """List the openings that the reader may attend, the next first."""
    page = listing(
        uow,
        tenders_at_opening(uow.actor, text=asked("q")),
        sortable={"deadline": Tender.deadline, "title": Tender.title, "number": Tender.number},
        default="-deadline",
    )
    return render_template("procurement/opening/index.html", page=page, crumbs=[(_("开标"), None)])


@openings.get("/tenders/<uuid:tender_id>/opening")
@requires(TenderPermission.ATTEND_OPENING, load_bid_tender, see=TenderPermission.READ)
def hall(uow: UnitOfWork, tender: Tender) -> ResponseReturnValue:
    """Show the opening hall: before the deadline the clock, then the keyholders' turns, then what was read out."""
    if tender.published_at is None:
        abort(404)
    ensure_may_attend(uow, tender)
    opening = opening_of(uow, tender)
    running = opening is not None and opening.finished_at is None and tender.state is TenderState.PUBLISHED
    bids = bids_to_open(uow, tender) if running else []
    shares = all_shares(uow, bids, tender.keyholders)
    holder = _holder(uow, tender)
    postponed = postponed_until(uow, tender)
    awaits = tender.awaits_opening_at(uow.now)
    turn_ready = holder is not None and bool(shares[holder.id]) and postponed is None
    may_begin = (
        opening is None and awaits and postponed is None and policy.allows(uow.actor, TenderPermission.OPEN, tender)
    )
    in_session = opening is not None and opening.finished_at is not None and opening.closed_at is None
    watching = (running and not turn_ready) or (opening is None and awaits and not may_begin)
    presides = in_session and policy.allows(uow.actor, TenderPermission.OPEN, tender)
    return render_template(
        "procurement/opening/hall.html",
        live=_live(running=running, in_session=in_session) if watching or (in_session and not presides) else None,
        tender=tender,
        opening=opening,
        running=running,
        in_session=in_session,
        presides=presides,
        closing_refusals=closing_refusals(uow, tender) if presides else [],
        bids=bids,
        progress=progress_of(bids),
        holders=_presence(uow, tender, shares),
        holder=holder,
        turn_ready=turn_ready,
        may_begin=may_begin,
        awaits=awaits,
        postponed=postponed,
        postponements=postponements_of(uow, tender) if awaits else [],
        absences=absences_of(uow, tender),
        enough=has_enough_keyholders(uow, tender),
        may_note_absence=awaits and policy.allows(uow.actor, TenderPermission.NOTE_ABSENCE, tender),
        may_fail=awaits and policy.allows(uow.actor, TenderPermission.FAIL, tender),
        attendances=attendances_of(uow, tender) if opening else [],
        objections=objections_of(uow, tender) if opening else [],
        may_read_records=policy.allows(uow.actor, TenderPermission.READ_RECORDS, tender),
        read_out=read_out(uow, tender),
        form=Form(),
        answer_form=AnswerForm(),
        demonstration_key=demonstration_key_for(uow.house, holder) if turn_ready and holder else None,
        config=unseal_config(tender, holder) if turn_ready and holder else None,
        entries=timeline(uow, tender),
        crumbs=[(_("开标"), url_for("openings.index")), (tender.number, None)],
    )


def _live(*, running: bool, in_session: bool) -> str:
    """Return the name of the stage, at whose change the page is loaded anew."""
    return "running" if running else ("in-session" if in_session else "waiting")


@openings.post("/tenders/<uuid:tender_id>/opening/close")
@requires(TenderPermission.OPEN, load_bid_tender, see=TenderPermission.READ)
def close(uow: UnitOfWork, tender: Tender) -> ResponseReturnValue:
    """Close the session once every objection is answered; the record is written then."""
    form = Form()
    if earlier := form.earlier_use(uow):
        return redirect(earlier)
    close_opening(uow, tender)
    location = url_for("openings.hall", tender_id=tender.id)
    form.mark_used(uow, location)
    flash(_("开标会已结束，开标记录已形成并通知投标人。接下来审查投标人资格。"), "success")
    return redirect(location)


@openings.get("/tenders/<uuid:tender_id>/opening/record.pdf")
@requires(TenderPermission.READ_RECORDS, load_bid_tender, see=TenderPermission.READ)
def record_pdf(uow: UnitOfWork, tender: Tender) -> ResponseReturnValue:
    """Print the opening record."""
    opening = opening_of(uow, tender)
    if opening is None or opening.record is None:
        abort(404)
    uow.record("opening.read", opening, detail={"form": "pdf"})
    response = Response(opening_record_pdf(uow, tender, opening.record), mimetype="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="opening-{tender.number}.pdf"'
    return response


@openings.post("/tenders/<uuid:tender_id>/opening/begin")
@requires(TenderPermission.OPEN, load_bid_tender, see=TenderPermission.READ)
def begin(uow: UnitOfWork, tender: Tender) -> ResponseReturnValue:
    """Begin the opening; with too few bids the tender fails instead."""
    opening = begin_opening(uow, tender)
    if opening is None:
        flash(
            _(
                "截止时投标人不足法定家数，依法不得开标：本项目已废标，投标文件保持密封（%(rule)s）。",
                rule=fewest_rule(tender),
            ),
            "warning",
        )
    else:
        flash(_("开标已经开始，请密钥持有人依次解封投标。"), "success")
    return redirect(url_for("openings.hall", tender_id=tender.id))


@openings.get("/tenders/<uuid:tender_id>/opening/shares")
@requires(TenderPermission.TURN_KEY, load_bid_tender, see=TenderPermission.READ)
def shares(uow: UnitOfWork, tender: Tender) -> ResponseReturnValue:
    """Give this keyholder what can be peeled now, never before the deadline (R-OPEN-01)."""
    opening, holder = _turn(uow, tender)
    found = shares_for(uow, bids_to_open(uow, tender), holder)
    uow.record("opening.ask", opening, detail={"keyholder": str(holder.id), "layers": len(found)})
    return {
        "shares": [
            {
                "bid": str(share.paper.id),
                "subset": share.subset,
                "material": _base64(share.material),
                "last": share.last,
            }
            for share in found
        ]
    }


@openings.post("/tenders/<uuid:tender_id>/opening/shares")
@requires(TenderPermission.TURN_KEY, load_bid_tender, see=TenderPermission.READ)
def give(uow: UnitOfWork, tender: Tender) -> ResponseReturnValue:
    """Take what this keyholder peeled."""
    _opening, holder = _turn(uow, tender)
    progress = take_turn(uow, tender, holder, _material(request.get_json(silent=True)))
    return {
        "opened": progress.opened,
        "corrupt": progress.corrupt,
        "total": progress.total,
        "finished": progress.finished,
        "next": url_for("openings.hall", tender_id=tender.id),
    }


@openings.post("/tenders/<uuid:tender_id>/opening/shares-file")
@requires(TenderPermission.TURN_KEY, load_bid_tender, see=TenderPermission.READ)
def give_file(uow: UnitOfWork, tender: Tender) -> ResponseReturnValue:
    """Take what this keyholder peeled with the offline page, as its file."""
    _opening, holder = _turn(uow, tender)
    sent = request.files.get("shares")
    try:
        content = json.loads(sent.stream.read(MOST_SHARES)) if sent else None
    except ValueError:
        content = None
    take_turn(uow, tender, holder, _material(content))
    flash(_("本人的解封已完成"), "success")
    return redirect(url_for("openings.hall", tender_id=tender.id))


def _material(sent: Any) -> dict[tuple[str, str], str | None]:
    """Read what was handed in: by bid and subset, None for a layer that would not peel."""
    listed = sent.get("shares") if isinstance(sent, dict) else None
    if not isinstance(listed, list) or not all(isinstance(one, dict) for one in listed):
        raise Refused(Refusal(_l("解封结果的格式不正确"), field="shares"))
    return {(str(one.get("bid")), str(one.get("subset"))): _text(one.get("material")) for one in listed}


@openings.get("/tenders/<uuid:tender_id>/opening/record-full.json", defaults={"kind": "full"})
@openings.get("/tenders/<uuid:tender_id>/opening/record-public.json", defaults={"kind": "public"})
@requires(TenderPermission.READ_RECORDS, load_bid_tender, see=TenderPermission.READ)
def record(uow: UnitOfWork, tender: Tender, kind: str) -> ResponseReturnValue:
    """Download the opening's record for `flask verify opening`."""
    opening = opening_of(uow, tender)
    found = None if opening is None else (opening.record if kind == "full" else opening.public_record)
    if found is None:
        abort(404)
    uow.record("opening.read", opening, detail={"form": kind})
    response = Response(written(found), mimetype="application/json")
    response.headers["Content-Disposition"] = f'attachment; filename="opening-{tender.id}-{kind}.json"'
    return response


@openings.get("/tenders/<uuid:tender_id>/opening/demonstration-key.age")
@requires(TenderPermission.TURN_KEY, load_bid_tender, see=TenderPermission.READ)
def demonstration_key(uow: UnitOfWork, tender: Tender) -> ResponseReturnValue:
    """Give a visitor of the demonstration the key file of the keyholder they play; nowhere else."""
    holder = _holder(uow, tender)
    found = demonstration_key_for(uow.house, holder) if holder else None
    if found is None:
        abort(404)
    response = Response(found[0].read_bytes(), mimetype="application/octet-stream")
    response.headers["Content-Disposition"] = f'attachment; filename="{found[0].name}"'
    return response


def _turn(uow: UnitOfWork, tender: Tender) -> tuple[Opening, Keyholder]:
    ensure_may_attend(uow, tender)
    opening, holder = opening_of(uow, tender), _holder(uow, tender)
    if opening is None or holder is None or not tender.awaits_opening_at(uow.now):
        raise Refused(Refusal(_l("开标尚未开始或者已经结束"), rule_id="R-OPEN-01"))
    return opening, holder


def _holder(uow: UnitOfWork, tender: Tender) -> Keyholder | None:
    return next((one for one in tender.keyholders if one.user_id == uow.actor.user_id), None)


def _presence(
    uow: UnitOfWork, tender: Tender, shares: Mapping[uuid.UUID, Sequence[Share[Any]]]
) -> list[dict[str, Any]]:
    """Say of each keyholder whether they have turned their key, may do so now, or cannot come."""
    came = keyholders_who_came(uow, tender)
    drilled, stale = passed_drills(uow, tender), stale_drills(uow, tender)
    absent = {one.keyholder_id: one for one in absences_of(uow, tender)}
    return [
        {
            "name": holder.user.name,
            "fingerprint": holder.fingerprint,
            "turned": holder.id in came,
            "ready": any(not one.tried for one in shares[holder.id]),
            "again": bool(shares[holder.id]) and all(one.tried for one in shares[holder.id]),
            "absence": absent.get(holder.id),
            "drilled_at": drilled.get(holder.id),
            "is_stale": holder.id in stale,
        }
        for holder in tender.keyholders
    ]


def unseal_config(tender: Tender, holder: Keyholder) -> dict[str, Any]:
    """Return what the unsealing script is told (docs/sealing.md, page contract); the template adds the worker."""
    return {
        "tender": str(tender.id),
        "position": tender.keyholders.index(holder),
        "recipient": holder.public_key,
        "shares_url": url_for("openings.shares", tender_id=tender.id),
        "strings": {
            "need_file": _("请选择您的密钥文件"),
            "unlocking": _("正在用口令打开密钥文件……"),
            "wrong_key": _("口令不正确，或者密钥文件已损坏"),
            "other_key": _("这不是您为本项目登记的密钥"),
            "peeling": _("正在解封：第 {done} 层，共 {total} 层"),
            "given": _("本人的解封已完成：{opened} 份已开启，共 {total} 份。请下一位密钥持有人继续"),
            "finished": _("全部投标已开启，正在显示开标一览表"),
        },
    }


def _base64(octets: bytes) -> str:
    return base64.b64encode(octets).decode()


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None
