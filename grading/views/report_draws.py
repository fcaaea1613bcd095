"""The draw of a report's panel: locked, promised, revealed, declared void, and its record."""

from __future__ import annotations

import io

from flask import Blueprint, send_file, url_for
from flask.typing import ResponseReturnValue

from core.errors import NotVisible
from core.http.deeds import acted
from core.http.forms import Form
from core.http.guard import requires
from core.i18n import _, _l
from core.records import written
from core.unit_of_work import UnitOfWork
from experts.forms import PromiseForm, RevealForm
from experts.models import Draw
from experts.services.draw_steps import promise_entropy, reveal_entropy, void_draw
from grading.models import ReportReview
from grading.permissions import ReportReviewPermission
from grading.queries.report_review import load_report_review
from grading.services.report_reviews import draws_of_report, lock_panel
from grading.states import ReportReviewState
from grading.views.report_review_page import review_page

report_draws = Blueprint("report_draws", __name__, url_prefix="/report-reviews/<uuid:review_id>")


def _location(review: ReportReview) -> str:
    return url_for("report_reviews.show", review_id=review.id)


@report_draws.post("/lock")
@requires(ReportReviewPermission.MANAGE, load_report_review, see=ReportReviewPermission.READ)
def lock(uow: UnitOfWork, review: ReportReview) -> ResponseReturnValue:
    """Lock the plan before anybody gives entropy."""
    form = Form()
    said = _l("方案已锁定并公布承诺；请两个角色的人员各自提交随机数承诺")
    done = acted(uow, form, lambda: lock_panel(uow, review), _location(review), said)
    return done or review_page(uow, review, status=422)


def _last(uow: UnitOfWork, review: ReportReview) -> Draw:
    held = draws_of_report(uow, review)
    if not held or review.state is not ReportReviewState.DRAWING:
        raise NotVisible
    return held[-1]


@report_draws.post("/promise")
@requires(ReportReviewPermission.ATTEND_DRAW, load_report_review, see=ReportReviewPermission.READ)
def give(uow: UnitOfWork, review: ReportReview) -> ResponseReturnValue:
    """Take a role's promise of entropy."""
    form = PromiseForm()

    def promise() -> None:
        commitment = (form.commitment.data or "").strip()
        promise_entropy(uow, _last(uow, review), commitment=commitment, phrase=form.phrase.data or "")

    said = _l("承诺已提交。请保管好口令，承诺收齐后要用它揭示")
    done = acted(uow, form, promise, _location(review), said)
    return done or review_page(uow, review, promise=form, status=422)


@report_draws.post("/reveal")
@requires(ReportReviewPermission.ATTEND_DRAW, load_report_review, see=ReportReviewPermission.READ)
def show_secret(uow: UnitOfWork, review: ReportReview) -> ResponseReturnValue:
    """Take a role's reveal; with the last one the panel is drawn and invited."""
    form = RevealForm()
    done = acted(
        uow,
        form,
        lambda: reveal_entropy(uow, _last(uow, review), form.text("phrase")),
        _location(review),
        lambda: (
            _("已揭示，等待其他角色揭示")
            if review.state is ReportReviewState.DRAWING
            else _("抽取完成，已向专家发出邀请")
        ),
    )
    return done or review_page(uow, review, reveal=form, status=422)


@report_draws.post("/void")
@requires(ReportReviewPermission.ATTEND_DRAW, load_report_review, see=ReportReviewPermission.READ)
def void(uow: UnitOfWork, review: ReportReview) -> ResponseReturnValue:
    """Declare the attempt void; the next one stands on the same plan with other people."""
    said = _l("本次抽取已作废并公布未揭示的角色；请由他人重新提供随机数")
    done = acted(uow, Form(), lambda: void_draw(uow, _last(uow, review)), _location(review), said)
    return done or review_page(uow, review, status=422)


@report_draws.get("/record.json")
@requires(ReportReviewPermission.SEE_PANEL, load_report_review, see=ReportReviewPermission.READ)
def record(uow: UnitOfWork, review: ReportReview) -> ResponseReturnValue:
    """Download the full record of the draw for `flask verify draw`."""
    held = draws_of_report(uow, review)
    if not held or held[-1].record is None:
        raise NotVisible
    name = f"draw-report-{review.convened_at:%Y}-{review.number.split('〕')[-1].rstrip('号')}.json"
    return send_file(
        io.BytesIO(written(held[-1].record)), download_name=name, as_attachment=True, mimetype="application/json"
    )
