"""Abnormally low prices: the bidder explains in writing, the committee concludes (R-ALP-01, R-ALP-02)."""

from __future__ import annotations

from dataclasses import dataclass

from core.errors import Refusal, Refused
from core.i18n import _l
from core.unit_of_work import UnitOfWork
from procurement.models import Bid, BidInquiry, CommitteeSeat, LowBidReview
from procurement.permissions import TenderPermission
from procurement.queries.standings import standings_of
from procurement.services.bid_inquiries import ask_bidder
from procurement.services.scoring_sheets import ensure_may_judge
from procurement.states import InquiryKind, InquiryStanding, Outcome


@dataclass(frozen=True)
class PriceReview:
    """What the evaluation report says of an abnormally low price: ground, course, basis, conclusion (R-ALP-02)."""

    accepted: bool
    ground: str
    course: str
    basis: str
    conclusion: str


def ask_about_price(uow: UnitOfWork, seat: CommitteeSeat, bid: Bid, question: str, minutes: int) -> BidInquiry:
    """Ask, as chair, a bidder to explain its price with a reckoning of its costs, within at least the lawful time.

    A bid that sets off no trigger may be asked as well: then the committee itself judges its price too low (R-ALP-01).
    Raises `Forbidden`, or `Refused` before conformity is decided, for a bid that is not valid, or for too little time.
    """
    ensure_may_judge(uow, seat, TenderPermission.LEAD)
    least = uow.house.rules.whole("R-ALP-02", "minutes_min", on=uow.today)
    refusals = []
    if minutes < least:
        words = _l("给投标人的说明时间一般不少于%(least)s分钟", least=least)
        refusals.append(Refusal(words, rule_id="R-ALP-02", field="minutes"))
    standings = standings_of(uow, seat.tender)
    standing = next((one for one in standings.bids if one.bid.id == bid.id), None)
    judged = standing is not None and (standing.flags or standing.outcome is Outcome.VALID)
    if not standings.conformity_closed or not judged:
        refusals.append(Refusal(_l("符合性审查通过之后才审查报价是否异常"), rule_id="R-ALP-01"))
    elif bid.id in standings.reviews:
        refusals.append(Refusal(_l("这份投标的异常低价审查已有结论"), rule_id="R-ALP-02"))
    if refusals:
        raise Refused(*refusals)
    return ask_bidder(uow, seat, bid, kind=InquiryKind.LOW_PRICE, question=question, minutes=minutes)


def review_price(uow: UnitOfWork, seat: CommitteeSeat, bid: Bid, review: PriceReview) -> LowBidReview:
    """Record, as chair, how the committee reviewed an abnormally low price (R-ALP-02).

    Raises `Forbidden` for anybody but the chair, `Refused` for a text left out, where nothing sets the review off, and
    before the bidder was asked and has answered or let its time run out.
    """
    ensure_may_judge(uow, seat, TenderPermission.LEAD)
    refusals = [
        Refusal(_l("请填写：评审报告须记录异常低价审查的原因、过程、依据和结论"), rule_id="R-ALP-02", field=name)
        for name in ("ground", "course", "basis", "conclusion")
        if not getattr(review, name).strip()
    ]
    standings = standings_of(uow, seat.tender)
    letter = standings.prices.price_inquiry(bid)
    if bid.id not in {one.bid.id for one in standings.unreviewed}:
        refusals.append(Refusal(_l("这份投标没有待办的异常低价审查"), rule_id="R-ALP-01"))
    elif letter is None:
        refusals.append(Refusal(_l("请先书面要求投标人说明报价并提交成本测算"), rule_id="R-ALP-02"))
    elif letter.standing_at(uow.now) is InquiryStanding.WAITING:
        refusals.append(Refusal(_l("投标人的说明时间还没有到，也没有答复"), rule_id="R-ALP-02"))
    if refusals or letter is None:
        raise Refused(*refusals)
    row = uow.add(
        LowBidReview(
            bid_id=bid.id,
            accepted=review.accepted,
            minutes=letter.minutes,
            ground=review.ground.strip(),
            course=review.course.strip(),
            basis=review.basis.strip(),
            conclusion=review.conclusion.strip(),
            seat_id=seat.id,
            reviewed_at=uow.now,
            inquiry_id=letter.id,
        )
    )
    uow.session.flush()
    uow.record("tender.review_price", bid, about=(seat.tender,), after={"accepted": review.accepted})
    return row
