"""Who may do what in the evaluation beside the tender's own map: letters to bidders and their answers."""

from __future__ import annotations

from core.i18n import _l
from core.identity.actor import Actor
from core.permissions import Permission, predicate
from procurement.models import BidInquiry, PriceCorrection
from procurement.permissions.tenders import BIDDER_SIDE


class EvaluationPermission(Permission):
    """What a bidder may do with the committee's letters."""

    READ_INQUIRY = "bid-inquiry:read", _l("查看评标委员会的书面询问")
    ANSWER_INQUIRY = "bid-inquiry:answer", _l("答复评标委员会的书面询问")
    READ_CORRECTION = "price-correction:read", _l("查看修正后的报价")
    CONFIRM_PRICE = "price-correction:confirm", _l("确认修正后的报价")


@predicate(_l("是收到函件的投标人"))
def is_asked(actor: Actor, letter: BidInquiry | PriceCorrection) -> bool:
    """The actor works for the bidder the letter went to."""
    return letter.bid.bidder_id in actor.organisations_as(*BIDDER_SIDE)


EVALUATION_POLICY = {
    EvaluationPermission.READ_INQUIRY: ((is_asked,),),
    EvaluationPermission.ANSWER_INQUIRY: ((is_asked,),),
    EvaluationPermission.READ_CORRECTION: ((is_asked,),),
    EvaluationPermission.CONFIRM_PRICE: ((is_asked,),),
}
