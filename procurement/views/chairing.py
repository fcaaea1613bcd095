"""What the chair does for the committee: letters, low prices, corrected prices, a stop, a report of unlawful acts."""

from __future__ import annotations

import uuid
from decimal import Decimal
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from core.amounts import NotAnAmount
from core.chinese_numbers import capital_to_amount
from core.errors import Refusal, Refused
from core.http.forms import Form
from core.http.guard import requires
from core.i18n import _, _l
from core.unit_of_work import UnitOfWork
from procurement.forms.awards import PriceReviewForm
from procurement.forms.evaluation import IrregularityForm, LetterForm, MismatchForm, ReasonForm
from procurement.models import CommitteeSeat
from procurement.permissions import TenderPermission
from procurement.queries.awards import load_seat
from procurement.queries.standings import BidStanding, standings_of
from procurement.scoring import StatedPrices
from procurement.services.bid_inquiries import clarify
from procurement.services.committee_conduct import report_irregularity, stop_for_breach
from procurement.services.low_prices import PriceReview, ask_about_price, review_price
from procurement.services.price_corrections import propose_correction
from procurement.services.scoring_sheets import ensure_evaluating

chairing = Blueprint("chairing", __name__, url_prefix="/evaluations/<uuid:seat_id>")


@chairing.route("/price/<uuid:bid_id>", methods=["GET", "POST"])
@requires(TenderPermission.LEAD, load_seat, see=TenderPermission.SIT)
def price(uow: UnitOfWork, seat: CommitteeSeat, bid_id: uuid.UUID) -> ResponseReturnValue:
    """Record the review of an abnormally low price."""
    standings = standings_of(uow, seat.tender)
    standing = next((one for one in standings.bids if one.bid.id == bid_id and one.flags), None)
    if standing is None:
        abort(404)
    form = PriceReviewForm()

    def deed() -> None:
        words = [form.text(name) for name in ("ground", "course", "basis", "conclusion")]
        review_price(uow, seat, standing.bid, PriceReview(form.outcome.data == "accepted", *words))

    if answer := _acted(uow, seat, form, deed, _("异常低价审查结论已记录。")):
        return answer
    letter = standings.prices.price_inquiry(standing.bid)
    return _page("price", seat, form, _("异常低价审查"), standing=standing, letter=letter, now=uow.now)


@chairing.route("/price/<uuid:bid_id>/ask", methods=["GET", "POST"])
@requires(TenderPermission.LEAD, load_seat, see=TenderPermission.SIT)
def ask_price(uow: UnitOfWork, seat: CommitteeSeat, bid_id: uuid.UUID) -> ResponseReturnValue:
    """Ask a bidder to explain a price that is, or that the committee finds, abnormally low."""
    standing = _standing(uow, seat, bid_id)
    least = uow.house.rules.whole("R-ALP-02", "minutes_min", on=uow.today)
    form = LetterForm(minutes=least, question=_PRICE_QUESTION)

    def deed() -> None:
        ask_about_price(uow, seat, standing.bid, form.text("question"), form.minutes.data or 0)

    if answer := _acted(uow, seat, form, deed, _("询问函已发出，投标人在时限内书面说明。")):
        return answer
    return _page("letter", seat, form, _("要求说明报价"), standing=standing, rule="R-ALP-02")


@chairing.route("/clarify/<uuid:bid_id>", methods=["GET", "POST"])
@requires(TenderPermission.LEAD, load_seat, see=TenderPermission.SIT)
def ask(uow: UnitOfWork, seat: CommitteeSeat, bid_id: uuid.UUID) -> ResponseReturnValue:
    """Ask a bidder to clarify its bid in writing."""
    standing = _standing(uow, seat, bid_id)
    form = LetterForm()

    def deed() -> None:
        clarify(uow, seat, standing.bid, form.text("question"), form.minutes.data or 0)

    if answer := _acted(uow, seat, form, deed, _("澄清函已发出，投标人在时限内签字答复。")):
        return answer
    return _page("letter", seat, form, _("要求澄清"), standing=standing, rule="R-EVAL-04")


@chairing.route("/correct/<uuid:bid_id>", methods=["GET", "POST"])
@requires(TenderPermission.LEAD, load_seat, see=TenderPermission.SIT)
def correct(uow: UnitOfWork, seat: CommitteeSeat, bid_id: uuid.UUID) -> ResponseReturnValue:
    """Enter what the bid states in its several places; the lawful order decides, and the bidder confirms."""
    standing = _standing(uow, seat, bid_id)
    form = MismatchForm()

    def deed() -> None:
        propose_correction(uow, seat, standing.bid, _stated(form, standing), form.minutes.data or 0)

    if answer := _acted(uow, seat, form, deed, _("已按法定顺序修正并通知投标人确认；不确认的投标无效。")):
        return answer
    return _page("correct", seat, form, _("修正报价"), standing=standing)


@chairing.route("/stop", methods=["GET", "POST"])
@requires(TenderPermission.LEAD, load_seat, see=TenderPermission.SIT)
def stop(uow: UnitOfWork, seat: CommitteeSeat) -> ResponseReturnValue:
    """Stop the review because the documents break mandatory rules."""
    form = ReasonForm()
    said = _("评标已停止，资料封存，已向采购人说明。")
    if answer := _acted(uow, seat, form, lambda: stop_for_breach(uow, seat, form.text("reason")), said):
        return answer
    return _page("stop", seat, form, _("停止评标"))


@chairing.route("/irregularity", methods=["GET", "POST"])
@requires(TenderPermission.LEAD, load_seat, see=TenderPermission.SIT)
def irregularity(uow: UnitOfWork, seat: CommitteeSeat) -> ResponseReturnValue:
    """Report an unlawful act of a supplier to the finance authority."""
    standings = standings_of(uow, seat.tender)
    bids = {str(one.bid.id): one.bid for one in standings.bids}
    form = IrregularityForm()
    form.bid.choices = [("", _("不限于一家")), *((name, bid.bidder.name) for name, bid in bids.items())]

    def deed() -> None:
        report_irregularity(uow, seat, form.text("facts"), bids.get(form.bid.data or ""))

    if answer := _acted(uow, seat, form, deed, _("已书面报告财政部门，并告知采购人。")):
        return answer
    return _page("irregularity", seat, form, _("报告违法行为"))


_PRICE_QUESTION = _l(
    "贵单位的投标报价可能影响服务质量或者不能诚信履约。请书面说明报价的合理性，并提交服务成本测算"
    "（人员、工作量、费用标准、税费和利润）及证明材料。"
)


def _acted(uow: UnitOfWork, seat: CommitteeSeat, form: Form, deed: Any, said: str) -> ResponseReturnValue | None:
    """Do the deed of a submitted form; None where the page is to be shown, with what was refused."""
    if form.is_submitted() and (earlier := form.earlier_use(uow)):
        return redirect(earlier)
    if not form.validate_on_submit():
        return None
    try:
        deed()
    except Refused as refused:
        form.refuse(refused)
        return None
    location = url_for("evaluations.show", seat_id=seat.id)
    form.mark_used(uow, location)
    flash(said, "success")
    return redirect(location)


def _page(name: str, seat: CommitteeSeat, form: Form, title: str, **values: Any) -> ResponseReturnValue:
    page = render_template(
        f"procurement/chairing/{name}.html",
        seat=seat,
        form=form,
        heading=title,
        crumbs=[
            (_("我的评标"), url_for("evaluations.index")),
            (seat.tender.number, url_for("evaluations.show", seat_id=seat.id)),
            (title, None),
        ],
        **values,
    )
    return page, 422 if form.is_submitted() else 200


def _standing(uow: UnitOfWork, seat: CommitteeSeat, bid_id: uuid.UUID) -> BidStanding:
    ensure_evaluating(seat.tender)
    found = next((one for one in standings_of(uow, seat.tender).bids if one.bid.id == bid_id), None)
    if found is None or not found.qualified:
        abort(404)
    return found


def _stated(form: MismatchForm, standing: BidStanding) -> StatedPrices:
    """Read the places; capitals that cannot be read are refused at their field."""
    words: Decimal | None = None
    if form.text("words"):
        try:
            words = capital_to_amount(form.text("words"))
        except NotAnAmount as wrong:
            raise Refused(Refusal(_l("大写金额无法识别"), rule_id="R-PRICE-04", field="words")) from wrong
    if (form.unit_price.data is None) != (form.quantity.data is None):
        raise Refused(Refusal(_l("单价和数量须同时填写"), rule_id="R-PRICE-04", field="quantity"))
    sheet = standing.bid.price or Decimal(0)
    return StatedPrices(sheet, words, form.total.data, form.unit_price.data, form.quantity.data)
