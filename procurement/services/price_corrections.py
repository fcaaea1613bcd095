"""Correcting a price that disagrees with itself, in the lawful order, with its bidder's confirmation (R-PRICE-04)."""

from __future__ import annotations

from datetime import timedelta

from core.errors import Forbidden, Refusal, Refused
from core.i18n import Text, _l
from core.notifications.send import NotificationKind, notify
from core.permissions import policy
from core.unit_of_work import UnitOfWork
from procurement.models import Bid, CommitteeSeat, PriceCorrection
from procurement.permissions import EvaluationPermission, TenderPermission
from procurement.queries.standings import standings_of
from procurement.scoring import StatedPrices, correct_price
from procurement.services.bid_inquiries import LEAST_MINUTES, MOST_MINUTES, tell_committee
from procurement.services.scoring_sheets import ensure_evaluating, ensure_may_judge
from procurement.states import CorrectionOrder, PriceStanding

PROPOSED = NotificationKind(
    "bid.price-corrected",
    _l("请确认修正后的报价"),
    _l("贵单位对《%(tender)s》的投标报价前后不一致，已依法修正。请在 %(minutes)s 分钟内签字确认，不确认的投标无效。"),
)


def propose_correction(
    uow: UnitOfWork, seat: CommitteeSeat, bid: Bid, stated: StatedPrices, minutes: int
) -> PriceCorrection:
    """Correct a price as chair; what the bid states in its several places decides on which grounds.

    Raises `Forbidden`, or `Refused` where all places agree, conformity is already decided, or a correction stands.
    """
    ensure_may_judge(uow, seat, TenderPermission.LEAD)
    refusals = []
    standings = standings_of(uow, seat.tender)
    if bid.price is None or bid.id not in {one.bid.id for one in standings.candidates}:
        refusals.append(Refusal(_l("这份投标不在评审之列"), rule_id="R-PRICE-04"))
    if standings.conformity_closed:
        refusals.append(Refusal(_l("符合性审查已经完成，报价不能再修正"), rule_id="R-PRICE-04"))
    if bid.id in standings.prices.corrections:
        refusals.append(Refusal(_l("这份投标的报价已经修正过"), rule_id="R-PRICE-04"))
    if not LEAST_MINUTES <= minutes <= MOST_MINUTES:
        words = _l("答复时限须在 %(least)s 分钟到 3 天之间", least=LEAST_MINUTES)
        refusals.append(Refusal(words, rule_id="R-PRICE-04", field="minutes"))
    found = correct_price(stated)
    if not found.grounds:
        refusals.append(Refusal(_l("各处报价一致，无须修正"), rule_id="R-PRICE-04", field="words"))
    if refusals:
        raise Refused(*refusals)
    ground = CorrectionOrder(found.grounds[-1].value)
    row = uow.add(
        PriceCorrection(
            bid_id=bid.id,
            ground=ground,
            stated=stated.sheet,
            corrected=found.price,
            explanation="；".join(str(CorrectionOrder(one.value).label) for one in found.grounds),
            seat_id=seat.id,
            proposed_at=uow.now,
            due_at=uow.now + timedelta(minutes=minutes),
            confirmed=None,
            answered_by_id=None,
            answered_at=None,
        )
    )
    uow.session.flush()
    uow.record(
        "price_correction.propose",
        row,
        about=(seat.tender, bid),
        before={"price": str(stated.sheet)},
        after={"price": str(found.price), "grounds": [one.value for one in found.grounds]},
    )
    notify(
        uow,
        PROPOSED,
        [bid.submitted_by_id],
        url=f"/price-corrections/{row.id}",
        params={"tender": seat.tender.title, "minutes": str(minutes)},
    )
    return row


def answer_correction(uow: UnitOfWork, correction: PriceCorrection, signed_name: str, *, confirmed: bool) -> None:
    """Confirm or refuse the corrected price as the bidder; refused, the bid is invalid (R-PRICE-04).

    Raises `Forbidden`, or `Refused` without a signature, twice, or after the time.
    """
    decision = policy.decide(uow.actor, EvaluationPermission.CONFIRM_PRICE, correction)
    if not decision:
        raise Forbidden(decision.reason)
    uow.lock(correction)
    ensure_evaluating(correction.bid.tender)
    refusal = _late(correction.standing_at(uow.now))
    if refusal is not None:
        raise Refused(Refusal(refusal, rule_id="R-PRICE-04"))
    if not signed_name.strip():
        words = _l("请由法定代表人或者其授权的代表签字")
        raise Refused(Refusal(words, rule_id="R-PRICE-04", field="signed_name"))
    correction.confirmed, correction.signed_name = confirmed, signed_name.strip()[:60]
    correction.answered_by_id, correction.answered_at = uow.actor.user_id, uow.now
    about = (correction.bid.tender, correction.bid)
    uow.record("price_correction.answer", correction, about=about, after={"confirmed": confirmed})
    uow.session.flush()
    tell_committee(uow, correction)


def _late(standing: PriceStanding) -> Text | None:
    if standing is PriceStanding.LAPSED:
        return _l("已过确认时限，投标无效")
    return None if standing is PriceStanding.WAITING else _l("已经答复，不能再改")
