"""What bidders have to answer to a committee."""

from __future__ import annotations

from collections.abc import Iterator

from flask import url_for
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from core.i18n import _l
from core.ports import Task
from core.unit_of_work import UnitOfWork
from procurement.models import Bid, BidInquiry, PriceCorrection
from procurement.permissions import BIDDER_SIDE


def letter_tasks(uow: UnitOfWork) -> Iterator[Task]:
    """Yield the letters and corrected prices that the actor's organisations may still answer."""
    own = uow.actor.organisations_as(*BIDDER_SIDE)
    if not own:
        return
    letters = (
        select(BidInquiry)
        .join(Bid, Bid.id == BidInquiry.bid_id)
        .where(Bid.bidder_id.in_(own), BidInquiry.answered_at.is_(None), BidInquiry.due_at > uow.now)
        .order_by(BidInquiry.due_at)
        .options(joinedload(BidInquiry.bid).joinedload(Bid.tender))
    )
    for letter in uow.session.scalars(letters):
        url = url_for("letters.inquiry", inquiry_id=letter.id)
        yield Task(
            _l("答复评标委员会的书面询问"), letter.bid.tender.title, url, due_at=letter.due_at, rule_id="R-EVAL-04"
        )
    corrections = (
        select(PriceCorrection)
        .join(Bid, Bid.id == PriceCorrection.bid_id)
        .where(Bid.bidder_id.in_(own), PriceCorrection.confirmed.is_(None), PriceCorrection.due_at > uow.now)
        .order_by(PriceCorrection.due_at)
        .options(joinedload(PriceCorrection.bid).joinedload(Bid.tender))
    )
    for row in uow.session.scalars(corrections):
        url = url_for("letters.correction", correction_id=row.id)
        yield Task(_l("确认修正后的报价"), row.bid.tender.title, url, due_at=row.due_at, rule_id="R-PRICE-04")
