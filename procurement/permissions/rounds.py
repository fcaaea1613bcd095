"""Who may do what in rounds and with final offers (R-NEG-01, R-NEG-02, R-KEY-01)."""

from __future__ import annotations

from core.i18n import _l
from core.identity.actor import Actor
from core.permissions import Permission, predicate
from procurement.models import FinalCall, FinalOffer
from procurement.permissions.agents import officer_for, purchaser
from procurement.permissions.tenders import bidder, is_bidder, is_opened, watchers
from procurement.states import AgentStep


class RoundPermission(Permission):
    """What one may do between first responses and final offers."""

    READ = "round:read", _l("查看磋商谈判记录")
    RECORD = "round:record", _l("记录磋商谈判、书面修改要求和通知最后报价")
    SUBMIT_FINAL = "final-offer:submit", _l("提交最后报价")
    READ_FINAL = "final-offer:read", _l("查看最后报价的回执")
    REPLACE_FINAL = "final-offer:replace", _l("替换或者撤回最后报价")
    OPEN_FINAL = "final-offer:open", _l("主持开启最后报价")
    TURN_KEY_FINAL = "final-offer:turn-key", _l("使用密钥开启最后报价")


@predicate(_l("是提交最后报价的供应商"))
def is_offering(actor: Actor, offer: FinalOffer) -> bool:
    """The actor works for the supplier that made the offer."""
    return is_bidder.holds(actor, offer.bid)


@predicate(_l("是本项目的开标密钥持有人"))
def holds_key_of(actor: Actor, subject: FinalOffer | FinalCall) -> bool:
    """The actor is one of the tender's keyholders (R-KEY-01)."""
    call = subject.call if isinstance(subject, FinalOffer) else subject
    return any(holder.user_id == actor.user_id for holder in call.tender.keyholders)


ROUND_POLICY = {
    RoundPermission.READ: ((is_opened, purchaser), (is_opened, watchers)),
    RoundPermission.RECORD: ((is_opened, officer_for(AgentStep.EVALUATION)),),
    RoundPermission.SUBMIT_FINAL: ((is_bidder, bidder),),
    RoundPermission.READ_FINAL: ((is_offering, bidder),),
    RoundPermission.REPLACE_FINAL: ((is_offering, bidder),),
    RoundPermission.OPEN_FINAL: ((is_opened, officer_for(AgentStep.OPENING)),),
    RoundPermission.TURN_KEY_FINAL: ((holds_key_of,),),
}
