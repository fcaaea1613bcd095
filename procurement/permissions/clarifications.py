"""Who may take the documents, ask, answer, amend and confirm (R-SEC-02, R-SEC-03).

Askers and holders are not for the purchaser's side before the opening; what is published is for everybody.
"""

from __future__ import annotations

from core.i18n import _l
from core.identity.actor import Actor
from core.permissions import Permission, anyone, predicate, system
from procurement.models import Amendment, Bid, Question, Tender
from procurement.permissions.agents import officer_for, purchaser
from procurement.permissions.tenders import (
    AFTER_OPENING,
    BIDDER_SIDE,
    approver,
    bidder,
    holds_key,
    is_bidder,
    is_public,
    watchers,
)
from procurement.states import AgentStep


class ClarificationPermission(Permission):
    """What one may do about the documents of a published tender."""

    TAKE_DOCUMENTS = "document-holder:register", _l("领取招标文件并登记")
    READ_HOLDERS = "document-holder:browse", _l("查看获取招标文件的供应商")
    ASK = "question:ask", _l("就招标文件提问")
    READ_QUESTION = "question:read", _l("查看提问")
    WITHDRAW_QUESTION = "question:withdraw", _l("撤回提问")
    BROWSE_QUESTIONS = "question:browse", _l("查看待答复的提问")
    ANSWER = "question:answer", _l("答复提问")
    DECLINE = "question:decline", _l("不予答复并说明理由")
    READ_CLARIFICATIONS = "clarification:read", _l("阅读答疑和更正公告")
    BROWSE_AMENDMENTS = "amendment:browse", _l("查看更正列表")
    DRAFT_AMENDMENT = "amendment:draft", _l("起草更正")
    EDIT_AMENDMENT = "amendment:edit", _l("修改更正草稿")
    READ_AMENDMENT = "amendment:read", _l("查看更正草稿")
    APPROVE_AMENDMENT = "amendment:approve", _l("审批并发布更正公告")
    REGISTER_NEW_KEY = "amendment:register-key", _l("为更正登记开标密钥")
    CONFIRM_BID = "bid:confirm", _l("确认投标适用于新版采购文件")
    LAPSE_BID = "bid:lapse", _l("记录投标未确认更正")


@predicate(_l("是提问的供应商"))
def is_asker(actor: Actor, question: Question) -> bool:
    """The actor works for the supplier that asked."""
    return question.holder.organisation_id in actor.organisations_as(*BIDDER_SIDE)


@predicate(_l("不是更正的起草人（起草与审批须由不同的人办理）"))
def not_amender(actor: Actor, amendment: Amendment) -> bool:
    """Somebody else drafted the amendment (R-SEC-02)."""
    return amendment.drafted_by_id != actor.user_id


@predicate(_l("是更正后的开标密钥持有人"))
def holds_new_key(actor: Actor, amendment: Amendment) -> bool:
    """The actor is among the keyholders that the amendment brings in (R-KEY-01)."""
    return any(one.user_id == actor.user_id for one in amendment.keyholders)


@predicate(_l("已经开标"))
def bids_are_known(_actor: Actor, tender: Tender) -> bool:
    """The bids are opened, so that names may be known."""
    return tender.opened_at is not None and tender.state in AFTER_OPENING


@predicate(_l("投标仍然密封"))
def is_sealed_bid(_actor: Actor, bid: Bid) -> bool:
    """The bid is still sealed; its bidder alone knows of it."""
    return bid.opened_at is None


clarifier = officer_for(AgentStep.CLARIFICATION)
P = ClarificationPermission
CLARIFICATION_POLICY = {
    P.TAKE_DOCUMENTS: ((is_public, bidder),),
    P.READ_HOLDERS: ((bids_are_known, purchaser), (bids_are_known, watchers)),
    P.ASK: ((is_public, bidder),),
    P.READ_QUESTION: ((is_asker,), (purchaser,)),
    P.WITHDRAW_QUESTION: ((is_asker,),),
    P.BROWSE_QUESTIONS: ((is_public, purchaser),),
    P.ANSWER: ((clarifier,),),
    P.DECLINE: ((clarifier,),),
    P.READ_CLARIFICATIONS: ((is_public, anyone),),
    P.BROWSE_AMENDMENTS: ((is_public, purchaser), (is_public, holds_key)),
    P.DRAFT_AMENDMENT: ((is_public, clarifier),),
    P.EDIT_AMENDMENT: ((clarifier,),),
    P.READ_AMENDMENT: ((purchaser,), (holds_new_key,)),
    P.APPROVE_AMENDMENT: ((approver, not_amender),),
    P.REGISTER_NEW_KEY: ((holds_new_key,),),
    P.CONFIRM_BID: ((is_bidder, is_sealed_bid),),
    P.LAPSE_BID: ((system,),),
}
