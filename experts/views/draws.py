"""The draw in the browser: what the pool allows, the commitment, two reveals, the pick, the records."""

from __future__ import annotations

import io

from flask import Blueprint, flash, redirect, render_template, send_file, url_for
from flask.typing import ResponseReturnValue

from core.errors import NotVisible
from core.http.deeds import acted
from core.http.forms import Form
from core.http.guard import requires
from core.i18n import _
from core.permissions import policy
from core.records import written
from core.unit_of_work import UnitOfWork
from experts.forms import PromiseForm, RevealForm
from experts.models import Draw, Review
from experts.permissions import ReviewPermission
from experts.queries import load_review
from experts.quotas import TITLES
from experts.services.draw_steps import SHORTEST_PHRASE, anchor_of, promise_entropy, reveal_entropy, role_for, void_draw
from experts.services.draws import draws_of, lock_plan, outlook
from experts.shown_draws import chances_of, explained, picked_of
from experts.states import DrawState, ReviewState

draws = Blueprint("draws", __name__, url_prefix="/reviews/<uuid:review_id>/draw")


def _location(review: Review) -> str:
    return url_for("draws.show", review_id=review.id)


@draws.get("")
@requires(ReviewPermission.READ, load_review, see=ReviewPermission.READ)
def show(uow: UnitOfWork, review: Review) -> ResponseReturnValue:
    """Show where the draw stands and what this reader may do in it."""
    return _page(uow, review)


def _page(
    uow: UnitOfWork,
    review: Review,
    *,
    promise: PromiseForm | None = None,
    reveal: RevealForm | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    held = draws_of(uow, review)
    last = held[-1] if held else None
    sees_panel = policy.allows(uow.actor, ReviewPermission.SEE_PANEL, review)
    may_prepare = policy.allows(uow.actor, ReviewPermission.PREPARE_DRAW, review)
    seen = outlook(uow, review) if review.state is ReviewState.CONVENED and (may_prepare or sees_panel) else None
    own = next((one for one in last.shares if one.user_id == uow.actor.user_id), None) if last else None
    collecting = last is not None and last.state is DrawState.COMMITTED and review.state is ReviewState.DRAWING
    role = role_for(uow, last) if last is not None and collecting else None
    revealing = last is not None and last.state is DrawState.REVEALING and review.state is ReviewState.DRAWING
    shown = render_template(
        "experts/draw/show.html",
        review=review,
        held=held,
        last=last,
        seen=seen,
        chances=chances_of(uow, seen.screened, seen.plan) if seen is not None and seen.plan is not None else [],
        excluded=[one for one in seen.screened if one.exclusion] if seen is not None else [],
        infeasible=explained(seen.infeasible, TITLES) if seen is not None and seen.infeasible else None,
        sees_panel=sees_panel,
        may_prepare=may_prepare and review.state is ReviewState.CONVENED,
        role=role,
        own=own,
        anchor=anchor_of(held) if last is not None and last.state is not DrawState.VOID else None,
        promise=(promise or PromiseForm()) if role else None,
        reveal=(reveal or RevealForm()) if revealing and own is not None and own.value is None else None,
        may_void=revealing and policy.allows(uow.actor, ReviewPermission.VOID_DRAW, review),
        picked=picked_of(uow, held) if last is not None and last.record is not None and sees_panel else None,
        shortest=SHORTEST_PHRASE,
        plain=Form(),
        crumbs=[
            (_("指标评审"), url_for("reviews.index")),
            (review.number, url_for("reviews.show", review_id=review.id)),
            (_("抽取专家"), None),
        ],
    )
    return shown, status


@draws.post("/lock")
@requires(ReviewPermission.PREPARE_DRAW, load_review, see=ReviewPermission.READ)
def lock(uow: UnitOfWork, review: Review) -> ResponseReturnValue:
    """Commit the plan before anybody gives entropy."""
    form = Form()
    if earlier := form.earlier_use(uow):
        return redirect(earlier)
    lock_plan(uow, review)
    form.mark_used(uow, _location(review))
    flash(_("方案已锁定并公布承诺；请两个角色的人员各自提交随机数承诺"), "success")
    return redirect(_location(review))


def _last(uow: UnitOfWork, review: Review) -> Draw:
    held = draws_of(uow, review)
    if not held:
        raise NotVisible
    return held[-1]


@draws.post("/promise")
@requires(ReviewPermission.READ, load_review, see=ReviewPermission.READ)
def give(uow: UnitOfWork, review: Review) -> ResponseReturnValue:
    """Take a role's promise of entropy."""
    form = PromiseForm()

    def promise() -> None:
        commitment = (form.commitment.data or "").strip()
        promise_entropy(uow, _last(uow, review), commitment=commitment, phrase=form.phrase.data or "")

    said = _("承诺已提交。请保管好口令，承诺收齐后要用它揭示")
    if answer := acted(uow, form, promise, _location(review), said):
        return answer
    return _page(uow, review, promise=form, status=422)


@draws.post("/reveal")
@requires(ReviewPermission.READ, load_review, see=ReviewPermission.READ)
def show_secret(uow: UnitOfWork, review: Review) -> ResponseReturnValue:
    """Take a role's reveal; with the last one the panel is drawn and invited."""
    form = RevealForm()

    def said() -> str:
        done = review.state is not ReviewState.DRAWING
        return str(_("抽取完成，已向专家发出邀请") if done else _("已揭示，等待其他角色揭示"))

    def reveal() -> None:
        reveal_entropy(uow, _last(uow, review), form.text("phrase"))

    if answer := acted(uow, form, reveal, _location(review), said):
        return answer
    return _page(uow, review, reveal=form, status=422)


@draws.post("/void")
@requires(ReviewPermission.VOID_DRAW, load_review, see=ReviewPermission.READ)
def void(uow: UnitOfWork, review: Review) -> ResponseReturnValue:
    """Declare the attempt void; the next one stands on the same plan with other people."""
    void_draw(uow, _last(uow, review))
    flash(_("本次抽取已作废并公布未揭示的角色；请由他人重新提供随机数"), "success")
    return redirect(_location(review))


@draws.get("/record.json")
@requires(ReviewPermission.SEE_PANEL, load_review, see=ReviewPermission.READ)
def full_record(uow: UnitOfWork, review: Review) -> ResponseReturnValue:
    """Download the full record for `flask verify draw`."""
    return _download(review, _last(uow, review).record, "full")


@draws.get("/public-record.json")
@requires(ReviewPermission.READ, load_review, see=ReviewPermission.READ)
def open_record(uow: UnitOfWork, review: Review) -> ResponseReturnValue:
    """Download the public record: people and reasons stand as commitments."""
    return _download(review, _last(uow, review).public_record, "public")


def _download(review: Review, body: dict[str, object] | None, form: str) -> ResponseReturnValue:
    if body is None:
        raise NotVisible
    name = f"draw-{review.convened_at:%Y}-{review.number.split('〕')[-1].rstrip('号')}-{form}.json"
    return send_file(io.BytesIO(written(body)), download_name=name, as_attachment=True, mimetype="application/json")


@draws.get("/record")
@requires(ReviewPermission.SEE_PANEL, load_review, see=ReviewPermission.READ)
def printable(uow: UnitOfWork, review: Review) -> ResponseReturnValue:
    """Show the record for printing, with its verification code."""
    held = draws_of(uow, review)
    if not held or held[-1].record is None:
        raise NotVisible
    return render_template(
        "experts/draw/record.html",
        review=review,
        held=held,
        last=held[-1],
        picked=picked_of(uow, held),
        crumbs=[
            (_("指标评审"), url_for("reviews.index")),
            (review.number, url_for("reviews.show", review_id=review.id)),
            (_("抽取记录"), None),
        ],
    )
