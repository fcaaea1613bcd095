"""The purchaser's deeds when a review goes wrong: a missing member, a breach of discipline, a stop, a re-review."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from core.errors import Refused
from core.http.forms import Form
from core.http.guard import requires
from core.i18n import _
from core.unit_of_work import UnitOfWork
from procurement.forms.evaluation import ReasonForm, ReReviewForm, VoidForm
from procurement.models import CommitteeSeat, Tender
from procurement.permissions import TenderPermission
from procurement.queries.awards import load_tender
from procurement.remedy_steps import reason_named
from procurement.services.committee_conduct import mark_absent, resume_review, suspend_review, void_opinion
from procurement.services.re_reviews import request_re_review
from procurement.states import CorrectionGround, DisciplineCode
from procurement.views.examination import crumbs_of

conduct = Blueprint("conduct", __name__, url_prefix="/tenders/<uuid:tender_id>")


@conduct.route("/committee/<uuid:seat_id>/absent", methods=["GET", "POST"])
@requires(TenderPermission.REPLACE, load_tender, see=TenderPermission.READ)
def absent(uow: UnitOfWork, tender: Tender, seat_id: uuid.UUID) -> ResponseReturnValue:
    """Note that a member is missing, so that a substitute is drawn."""
    seat = _seat(uow, tender, seat_id)
    form = ReasonForm()

    said = _("已记为缺席，其评审意见不计。请补抽专家；无法补足的中止评标。")
    return _act(uow, tender, form, "absent", lambda: mark_absent(uow, seat, form.text("reason")), said, seat=seat)


@conduct.route("/committee/<uuid:seat_id>/void", methods=["GET", "POST"])
@requires(TenderPermission.REPLACE, load_tender, see=TenderPermission.READ)
def void(uow: UnitOfWork, tender: Tender, seat_id: uuid.UUID) -> ResponseReturnValue:
    """Void a member's opinion for a breach of discipline."""
    seat = _seat(uow, tender, seat_id)
    form = VoidForm()

    said = _("评审意见已认定无效，不支付评审费。请补抽专家。")
    return _act(
        uow,
        tender,
        form,
        "void",
        lambda: void_opinion(uow, seat, DisciplineCode(form.code.data), form.text("reason")),
        said,
        seat=seat,
    )


@conduct.route("/committee/suspend", methods=["GET", "POST"])
@requires(TenderPermission.SUSPEND_REVIEW, load_tender, see=TenderPermission.READ)
def suspend(uow: UnitOfWork, tender: Tender) -> ResponseReturnValue:
    """Stop the review because a missing member cannot be replaced; the files are sealed."""
    form = ReasonForm()

    said = _("评标已中止，资料封存，已通知全体成员。")
    return _act(uow, tender, form, "suspend", lambda: suspend_review(uow, tender, form.text("reason")), said)


@conduct.route("/committee/resume", methods=["GET", "POST"])
@requires(TenderPermission.SUSPEND_REVIEW, load_tender, see=TenderPermission.READ)
def resume(uow: UnitOfWork, tender: Tender) -> ResponseReturnValue:
    """Go on with a complete committee."""
    form = ReasonForm()

    said = _("评标已恢复，已通知全体成员。新成员从头评审。")
    return _act(uow, tender, form, "resume", lambda: resume_review(uow, tender, form.text("reason")), said)


@conduct.route("/results/re-review", methods=["GET", "POST"])
@requires(TenderPermission.CONCLUDE, load_tender, see=TenderPermission.READ)
def re_review(uow: UnitOfWork, tender: Tender) -> ResponseReturnValue:
    """Have the original committee review again on one of the four lawful grounds."""
    form = ReReviewForm()
    if not form.is_submitted():
        form.reason.data = reason_named(uow, request.args.get("because"), tender)

    said = _("已交由原评标委员会重新评审；结果改变的，系统生成报送财政部门的书面报告。")
    return _act(
        uow,
        tender,
        form,
        "re_review",
        lambda: request_re_review(uow, tender, CorrectionGround(form.ground.data), form.text("reason")),
        said,
        location=url_for("results.show", tender_id=tender.id),
    )


def _act(  # noqa: PLR0917 - what every deed's page needs, in the order in which it is used
    uow: UnitOfWork,
    tender: Tender,
    form: Form,
    kind: str,
    deed: Callable[[], object],
    said: str,
    *,
    location: str | None = None,
    **values: Any,
) -> ResponseReturnValue:
    """Show the form of a deed, or do it once and lead on."""
    target = location or url_for("committee.show", tender_id=tender.id)
    if form.is_submitted() and (earlier := form.earlier_use(uow)):
        return redirect(earlier)
    if form.validate_on_submit():
        try:
            deed()
        except Refused as refused:
            form.refuse(refused)
        else:
            form.mark_used(uow, target)
            flash(said, "success")
            return redirect(target)
    heading, words, verb, rule = _words(kind)
    page = render_template(
        "procurement/committee/deed.html",
        tender=tender,
        form=form,
        heading=heading,
        words=words,
        verb=verb,
        rule=rule,
        back=target,
        crumbs=crumbs_of(tender, heading),
        **values,
    )
    return page, 422 if form.is_submitted() else 200


def _words(kind: str) -> tuple[str, str, str, str]:
    """Return a deed's heading, what it means, its button and its rule."""
    return {
        "absent": (
            _("成员缺席"),
            _("记为缺席后其评审意见不计，由补抽的专家从头评审。"),
            _("记为缺席"),
            "R-COMM-10",
        ),
        "void": (
            _("认定评审意见无效"),
            _("违反评审纪律的，其评审意见无效，不得获取评审费，并记入履职记录。"),
            _("认定无效"),
            "R-COMM-16",
        ),
        "suspend": (
            _("中止评标"),
            _("缺席成员无法及时补足的，立即停止评标，封存全部资料；中止期间任何人不能查看投标文件。"),
            _("中止评标并封存资料"),
            "R-COMM-10",
        ),
        "resume": (
            _("恢复评标"),
            _("评标委员会重新组成后恢复；新成员从头评审，其他成员已作的评审保留。"),
            _("恢复评标"),
            "R-COMM-10",
        ),
        "re_review": (
            _("重新评审"),
            _("评标报告签署后，只有四种法定情形可以由原评标委员会重新评审；改变结果的，书面报告本级财政部门。"),
            _("交由原评标委员会重新评审"),
            "R-EVAL-06",
        ),
    }[kind]


def _seat(uow: UnitOfWork, tender: Tender, seat_id: uuid.UUID) -> CommitteeSeat:
    seat = uow.get(CommitteeSeat, seat_id)
    if seat is None or seat.tender_id != tender.id:
        abort(404)
    return seat
