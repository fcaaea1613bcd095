"""A member's own page: declaration, conformity, low prices, scores, lock (R-COMM-06, R-COMM-11)."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from decimal import InvalidOperation
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from core.errors import Refusal, Refused
from core.http.forms import Form, FormError
from core.http.guard import requires
from core.http.lists import Filter, asked, listing
from core.i18n import _, _l
from core.permissions import policy
from core.unit_of_work import UnitOfWork
from procurement.drafting.grade_checks import grade_factor
from procurement.forms.awards import LockForm, RecuseForm, points_of
from procurement.library_gates import gates
from procurement.models import CommitteeSeat, Tender
from procurement.permissions import TenderPermission
from procurement.queries.awards import load_seat, opened_documents, own_seats
from procurement.queries.collusion import collusion_of
from procurement.queries.conformity import requirements_of
from procurement.queries.pool_draw import own_invitations
from procurement.queries.standings import Standings, seats_of, standings_of
from procurement.reading import SHEETS, note_reading
from procurement.services.chair_election import election_of, vote_for_chair
from procurement.services.concluding import results_of
from procurement.services.conformity import Vote, vote
from procurement.services.scoring_sheets import (
    ScoreEntry,
    declare,
    lock_sheet,
    recuse,
    save_scores,
    scores_of,
    sign_report,
)
from procurement.states import GONE, CriterionKind, SeatState, TenderState

evaluations = Blueprint("evaluations", __name__, url_prefix="/evaluations")
FILTERS = (Filter("state", _l("状态"), [(one.value, one.label) for one in SeatState]),)


@evaluations.get("")
@requires(TenderPermission.BROWSE_SEATS)
def index(uow: UnitOfWork) -> ResponseReturnValue:
    """List the committees the reader sits on."""
    page = listing(
        uow,
        own_seats(uow.actor, text=asked("q"), state=asked("state")),
        sortable={"tender": Tender.title, "deadline": Tender.deadline},
        default="-deadline",
        filters=FILTERS,
    )
    return render_template(
        "procurement/evaluation/index.html",
        page=page,
        invitations=own_invitations(uow, open_only=True),
        crumbs=[(_("我的评标"), None)],
    )


@evaluations.get("/<uuid:seat_id>")
@requires(TenderPermission.SIT, load_seat, see=TenderPermission.SIT)
def show(uow: UnitOfWork, seat: CommitteeSeat) -> ResponseReturnValue:
    """Show the member what comes next; bidders only after the declaration."""
    if policy.allows(uow.actor, TenderPermission.SCORE, seat):
        note_reading(uow, seat, seat.tender, what=SHEETS)
    return _page(uow, seat)


@evaluations.post("/<uuid:seat_id>/declare")
@requires(TenderPermission.SIT, load_seat, see=TenderPermission.SIT)
def declare_interest(uow: UnitOfWork, seat: CommitteeSeat) -> ResponseReturnValue:
    """Declare that no interest binds the member to a bidder."""
    form = Form()
    missing = []
    if not request.form.get("agreed"):
        missing.append(Refusal(_l("请勾选声明"), rule_id="R-COMM-06"))
    if not request.form.get("undertaken"):
        missing.append(Refusal(_l("请作出保密和遵守评审纪律的承诺"), rule_id="R-COMM-16"))
    if missing:
        return _refused(uow, seat, form, Refused(*missing))
    return _do(uow, seat, form, lambda: declare(uow, seat), _("声明已记录，现在可以查看投标人和投标文件。"))


@evaluations.post("/<uuid:seat_id>/recuse")
@requires(TenderPermission.SIT, load_seat, see=TenderPermission.SIT)
def step_aside(uow: UnitOfWork, seat: CommitteeSeat) -> ResponseReturnValue:
    """Leave the committee for an interest."""
    form = RecuseForm()
    return _do(uow, seat, form, lambda: recuse(uow, seat, form.text("reason")), _("已回避，采购人将补抽专家。"))


@evaluations.post("/<uuid:seat_id>/conformity")
@requires(TenderPermission.SCORE, load_seat, see=TenderPermission.SIT)
def conformity(uow: UnitOfWork, seat: CommitteeSeat) -> ResponseReturnValue:
    """Judge every bid against every substantive requirement, or fill what is open and show the page again."""
    standings = standings_of(uow, seat.tender)
    places = _places(seat.tender, standings)
    if fill := request.form.get("fill"):
        wanted = [f"{bid}/{key}" for bid, key in places if fill in ("all", str(bid))]
        return _page(uow, seat, typed={**{f"item/{one}": "passed" for one in wanted}, **request.form})
    failures: dict[uuid.UUID, dict[uuid.UUID | None, str]] = {one.bid.id: {} for one in standings.candidates}
    missing = []
    for bid, key in places:
        judged = request.form.get(f"item/{bid}/{key}")
        if judged not in ("passed", "failed"):
            missing.append(Refusal(_l("还没有判断"), rule_id="R-COMM-11", field=f"{bid}/{key}"))
        elif judged == "failed":
            failures[bid][None if key == "whole" else uuid.UUID(key)] = request.form.get(f"why/{bid}/{key}") or ""
    if missing:
        words = Refusal(_l("还有%(count)s项没有判断", count=len(missing)), rule_id="R-COMM-11")
        return _refused(uow, seat, Form(), Refused(words), cells=missing)
    votes = [Vote(bid, unmet) for bid, unmet in failures.items()]
    return _do(uow, seat, Form(), lambda: vote(uow, seat, votes), _("符合性审查意见已提交。"))


@evaluations.post("/<uuid:seat_id>/scores")
@requires(TenderPermission.SCORE, load_seat, see=TenderPermission.SIT)
def scores(uow: UnitOfWork, seat: CommitteeSeat) -> ResponseReturnValue:
    """Keep the points as a draft, and lock the sheet when asked to."""
    form = LockForm()

    def deed() -> None:
        save_scores(uow, seat, _entries())
        if request.form.get("lock"):
            lock_sheet(uow, seat, dissent=form.text("dissent"))

    said = _("评分已锁定，不能再改。") if request.form.get("lock") else _("草稿已保存。")
    return _do(uow, seat, form, deed, said)


@evaluations.post("/<uuid:seat_id>/chair-vote")
@requires(TenderPermission.SCORE, load_seat, see=TenderPermission.SIT)
def elect(uow: UnitOfWork, seat: CommitteeSeat) -> ResponseReturnValue:
    """Vote for the chair; whoever has more than half of the votes chairs at once."""
    form = Form()
    candidate = next((one for one in seats_of(uow, seat.tender) if str(one.id) == request.form.get("candidate")), None)
    if candidate is None:
        return _refused(uow, seat, form, Refused(Refusal(_l("请选择一位评审专家"), rule_id="R-COMM-08")))
    return _do(uow, seat, form, lambda: vote_for_chair(uow, seat, candidate), _("推选意见已记录。"))


@evaluations.post("/<uuid:seat_id>/sign")
@requires(TenderPermission.SCORE, load_seat, see=TenderPermission.SIT)
def sign(uow: UnitOfWork, seat: CommitteeSeat) -> ResponseReturnValue:
    """Sign the evaluation report, with a differing opinion or without."""
    form = LockForm()
    said = _("评标报告已签署。")
    return _do(uow, seat, form, lambda: sign_report(uow, seat, dissent=form.text("dissent")), said)


def _do(uow: UnitOfWork, seat: CommitteeSeat, form: Form, deed: Callable[[], object], said: str) -> ResponseReturnValue:
    """Do one deed of the member's page; a refusal shows the page again with everything that was typed."""
    if earlier := form.earlier_use(uow):
        return redirect(earlier)
    if not form.validate_on_submit():
        return _refused(uow, seat, form, None)
    try:
        deed()
    except Refused as refused:
        return _refused(uow, seat, form, refused)
    form.mark_used(uow, _location(seat))
    flash(said, "success")
    return redirect(_location(seat))


def _places(tender: Tender, standings: Standings) -> list[tuple[uuid.UUID, str]]:
    """Return the cells of the matrix: every bid with every requirement, or with the whole where there is none."""
    keys = [str(one.id) for one in requirements_of(tender)] or ["whole"]
    return [(one.bid.id, key) for one in standings.candidates for key in keys]


def _refused(
    uow: UnitOfWork, seat: CommitteeSeat, form: Form, refused: Refused | None, cells: Sequence[Refusal] = ()
) -> ResponseReturnValue:
    """Show the page again; `cells` are faults that only show at their own place."""
    if refused is not None:
        form.refuse(refused)
    found = [*(refused.refusals if refused else ()), *cells]
    errors = {one.field: FormError(str(one.reason), one.rule_id) for one in found if one.field}
    return _page(uow, seat, form=form, errors=errors), 422


def _page(
    uow: UnitOfWork,
    seat: CommitteeSeat,
    form: Form | None = None,
    errors: dict[str, FormError] | None = None,
    typed: Mapping[str, str] | None = None,
) -> str:
    tender = seat.tender
    sealed = tender.state is TenderState.REVIEW_SUSPENDED
    sees = policy.allows(uow.actor, TenderPermission.SCORE, seat) and not sealed
    standings = standings_of(uow, tender) if sees else None
    own = scores_of(uow, [seat]) if sees else []
    return render_template(
        "procurement/evaluation/show.html",
        seat=seat,
        tender=tender,
        form=form or Form(formdata=None),
        recuse_form=form if isinstance(form, RecuseForm) else RecuseForm(formdata=None),
        lock_form=form if isinstance(form, LockForm) else LockForm(formdata=None),
        errors=errors or {},
        typed=request.form if typed is None else typed,
        standings=standings,
        documents=opened_documents(uow, [one.bid for one in standings.bids]) if standings else {},
        substantive=requirements_of(tender),
        criteria=[one for one in tender.criteria if one.kind is not CriterionKind.SUBSTANTIVE],
        grade_rows={one.id for one in tender.criteria if grade_factor(one) is not None},
        gates=gates(uow, tender, [one.bid.bidder for one in standings.bids]) if standings else {},
        points={(one.bid_id, one.criterion_id): one for one in own},
        results=results_of(uow, tender, standings) if standings and _is_concluded(tender) else [],
        may_lead=policy.allows(uow.actor, TenderPermission.LEAD, seat),
        election=election_of(uow, tender) if standings and not any(one.is_chair for one in standings.seats) else [],
        collusion=collusion_of(uow, tender) if standings else None,
        now=uow.now,
        stage=_stage(seat, standings),
        crumbs=_crumbs(seat),
    )


def _stage(seat: CommitteeSeat, standings: Standings | None) -> str:
    """Return where the member stands: waiting, declare, recused, vote, wait-votes, score, locked or concluded."""
    if seat.state in GONE:
        return "recused" if seat.state is SeatState.RECUSED else "gone"
    by_tender = {
        TenderState.PUBLISHED: "waiting",
        TenderState.OPENED: "waiting",
        TenderState.REVIEW_SUSPENDED: "suspended",
        TenderState.EVALUATED: "concluded",
        TenderState.AWARDED: "concluded",
        TenderState.FAILED: "failed",
    }
    if seat.tender.state in by_tender:
        return by_tender[seat.tender.state]
    if standings is None:
        return "declare"
    if seat.state is SeatState.LOCKED:
        return "locked"
    waits = "wait-votes" if standings.has_voted(seat) else "vote"
    return "score" if standings.conformity_closed else waits


def _is_concluded(tender: Tender) -> bool:
    return tender.state in (TenderState.EVALUATED, TenderState.AWARDED)


def _entries() -> list[ScoreEntry]:
    """Read the points typed; one that is no number is refused at its own place, together with all others."""
    entries, refusals = [], []
    for key, value in request.form.items():
        parts = key.split("/")
        if len(parts) != 3 or parts[0] != "points":
            continue
        place = f"{parts[1]}/{parts[2]}"
        try:
            entries.append(
                ScoreEntry(
                    uuid.UUID(parts[1]),
                    uuid.UUID(parts[2]),
                    points_of(value),
                    request.form.get(f"why/{place}") or "",
                )
            )
        except (InvalidOperation, ValueError):
            refusals.append(Refusal(_l("请填写数字，最多两位小数"), rule_id="R-EVAL-05", field=place))
    if refusals:
        raise Refused(*refusals)
    return entries


def _location(seat: CommitteeSeat) -> str:
    return url_for("evaluations.show", seat_id=seat.id)


def _crumbs(seat: CommitteeSeat, *, linked: bool = False) -> list[Any]:
    return [
        (_("我的评标"), url_for("evaluations.index")),
        (seat.tender.number, _location(seat) if linked else None),
    ]
