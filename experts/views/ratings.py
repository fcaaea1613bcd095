"""Rating the members of a finished review, and the year's appraisal (R-EXP.score)."""

from __future__ import annotations

import io
from decimal import Decimal, InvalidOperation

from flask import Blueprint, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale

from core.http.deeds import acted
from core.http.forms import Form
from core.http.guard import requires
from core.http.lists import asked
from core.i18n import Language, _, _l
from core.permissions import policy
from core.unit_of_work import UnitOfWork
from experts.appraisal import PARTS, Verdict
from experts.models import Review, Seat
from experts.permissions import ExpertPermission, ReviewPermission
from experts.pool_rules import pool_rules
from experts.queries import load_review
from experts.services.appraising import appraisal_sheet, appraised_in
from experts.services.ratings import Rating, duties_of_review, rate_panel, rated_seats, rating_due
from experts.states import Attendance, SeatState

ratings = Blueprint("ratings", __name__)

PART_TITLES = {
    "skill": _l("专业水平"),
    "fairness": _l("客观公正"),
    "discipline": _l("工作纪律"),
    "timeliness": _l("时效"),
}


@ratings.route("/reviews/<uuid:review_id>/duty", methods=["GET", "POST"])
@requires(ReviewPermission.RATE, load_review, see=ReviewPermission.READ)
def rate(uow: UnitOfWork, review: Review) -> ResponseReturnValue:
    """Rate everybody who accepted, on one table, with attendance and fee."""
    form = Form()
    seats = rated_seats(uow, review)
    answer = acted(
        uow,
        form,
        lambda: rate_panel(uow, review, {one: _typed(one) for one in seats}),
        url_for("reviews.show", review_id=review.id),
        _l("履职评分已记入专家档案；评审费可以列入支付清单"),
    )
    if answer is not None:
        return answer
    page = render_template(
        "experts/rating/rate.html",
        form=form,
        review=review,
        seats=seats,
        known=duties_of_review(uow, review),
        typed=request.form,
        parts=[(key, PART_TITLES[key], pool_rules(uow).parts[key]) for key in PARTS],
        attendances=list(Attendance),
        due=rating_due(uow, review),
        absent_first=[one.id for one in seats if one.state is not SeatState.SUBMITTED],
        crumbs=[
            (_("指标评审"), url_for("reviews.index")),
            (review.number, url_for("reviews.show", review_id=review.id)),
            (_("履职评分"), None),
        ],
    )
    return page, 422 if form.is_submitted() else 200


def _typed(seat: Seat) -> Rating:
    """Return what was typed for one seat; what is no number is missing, which the service tells at its field."""
    points = {key: _number(f"{key}-{seat.id}") for key in PARTS}
    word = request.form.get(f"attendance-{seat.id}", "")
    return Rating(
        Attendance(word) if word in set(Attendance) else Attendance.ATTENDED,
        {key: value for key, value in points.items() if value is not None},
        _number(f"fee-{seat.id}") or Decimal(0),
        request.form.get(f"remark-{seat.id}", "")[:500],
        is_breach=bool(request.form.get(f"breach-{seat.id}")),
    )


def _number(name: str) -> Decimal | None:
    try:
        value = Decimal((request.form.get(name) or "").replace(",", "").strip())
    except InvalidOperation:
        return None
    return value.quantize(Decimal("0.01")) if value.is_finite() and abs(value) < 10**9 else None


@ratings.get("/experts/appraisal")
@requires(ExpertPermission.BROWSE)
def appraisal(uow: UnitOfWork) -> ResponseReturnValue:
    """Show the year's appraisal: averages, absences, silences and what the rules say."""
    year = request.args.get("year", uow.today.year, type=int)
    word = asked("verdict")
    verdict = Verdict(word) if word in set(Verdict) else None
    rows = appraised_in(uow, year, verdict)
    return render_template(
        "experts/rating/appraisal.html",
        rows=rows,
        year=year,
        years=range(uow.today.year, uow.today.year - 5, -1),
        verdict=verdict,
        verdicts=list(Verdict),
        rules=pool_rules(uow),
        may_edit=policy.allows(uow.actor, ExpertPermission.EDIT),
        crumbs=[(_("专家库"), url_for("experts.index")), (_("履职考核"), None)],
    )


@ratings.get("/experts/appraisal.xlsx")
@requires(ExpertPermission.EDIT)
def appraisal_table(uow: UnitOfWork) -> ResponseReturnValue:
    """Download the year's appraisal."""
    year = request.args.get("year", uow.today.year, type=int)
    language: Language = "zh" if get_locale().language == "zh" else "en"
    data = appraisal_sheet(appraised_in(uow, year), year, language)
    return send_file(io.BytesIO(data), download_name=_("履职考核") + f"{year}.xlsx", as_attachment=True)
