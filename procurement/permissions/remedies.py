"""Who may ask, challenge and answer, with the duties kept apart (R-SEC-01, R-SEC-02, R-SEC-03).

Before the bids are opened, who asked or challenged could tell who bids: the purchaser's side then reads the words
without the name (`knows_who`).
"""

from __future__ import annotations

from core.i18n import _l
from core.identity.actor import Actor
from core.identity.roles import Role
from core.permissions import Permission, anyone, predicate, role
from procurement.models import Challenge, Inquiry, Tender
from procurement.permissions.agents import officer_for, purchaser
from procurement.permissions.tenders import BIDDER_SIDE, is_public
from procurement.states import AgentStep, ChallengeState, TenderState


class RemedyPermission(Permission):
    """What one may do with inquiries and challenges."""

    ASK = "inquiry:ask", _l("提出询问")
    READ_INQUIRY = "inquiry:read", _l("查看询问")
    ANSWER_INQUIRY = "inquiry:answer", _l("答复询问")
    WITHDRAW_INQUIRY = "inquiry:withdraw", _l("撤回询问")
    FILE = "challenge:file", _l("提出质疑")
    BROWSE = "challenge:browse", _l("查看询问和质疑列表")
    READ = "challenge:read", _l("查看质疑")
    WITHDRAW = "challenge:withdraw", _l("撤回质疑")
    REGISTER = "challenge:register", _l("登记书面质疑函")
    DRAFT = "challenge:draft", _l("起草质疑答复")
    ISSUE = "challenge:issue", _l("签发质疑答复")
    REMEDY = "challenge:remedy", _l("办结质疑处理措施")
    KNOW_WHO = "challenge:know-who", _l("查看询问、质疑供应商名称")
    READ_DECISIONS = "challenge:read-public", _l("查看已公开的质疑答复结论")


ANSWERED = frozenset(
    {ChallengeState.REJECTED, ChallengeState.DISMISSED, ChallengeState.UPHELD, ChallengeState.REMEDIED}
)


@predicate(_l("是提出的供应商"))
def is_own(actor: Actor, case: Inquiry | Challenge) -> bool:
    """The actor works for the supplier that asked or challenged."""
    return case.organisation_id in actor.organisations_as(*BIDDER_SIDE)


@predicate(_l("已经开标（开标前不显示供应商名称）"))
def is_after_opening(_actor: Actor, case: Inquiry | Challenge) -> bool:
    """The bids are opened, or the purchase ended before: the name no longer tells who may bid (R-SEC-03)."""
    return name_is_safe(case.tender)


@predicate(_l("不是答复起草人（起草与签发须由不同的人办理）"))
def not_drafter(actor: Actor, challenge: Challenge) -> bool:
    """Somebody else drafted the answer (R-SEC-02)."""
    return challenge.drafted_by_id is None or challenge.drafted_by_id != actor.user_id


@predicate(_l("质疑已经答复"))
def is_answered(_actor: Actor, challenge: Challenge) -> bool:
    """The answer is issued."""
    return challenge.state in ANSWERED


def name_is_safe(tender: Tender) -> bool:
    """Whether a supplier's name no longer tells who may bid: the bids are opened, or the purchase ended (R-SEC-03)."""
    return tender.opened_at is not None or tender.state in (TenderState.FAILED, TenderState.CANCELLED)


answerer = officer_for(AgentStep.REMEDIES)
approver = role(Role.PROCUREMENT_APPROVER)
supplier = role(*BIDDER_SIDE)
watchers = role(Role.PROCUREMENT_SUPERVISOR, Role.OBSERVER)

REMEDY_POLICY = {
    RemedyPermission.ASK: ((is_public, supplier),),
    RemedyPermission.READ_INQUIRY: ((is_own,), (purchaser,), (watchers,)),
    RemedyPermission.ANSWER_INQUIRY: ((answerer,),),
    RemedyPermission.WITHDRAW_INQUIRY: ((is_own,),),
    RemedyPermission.FILE: ((is_public, supplier),),
    RemedyPermission.BROWSE: ((purchaser,), (watchers,), (supplier,)),
    RemedyPermission.READ: ((is_own,), (purchaser,), (watchers,)),
    RemedyPermission.WITHDRAW: ((is_own,),),
    RemedyPermission.REGISTER: ((answerer,),),
    RemedyPermission.DRAFT: ((answerer,),),
    RemedyPermission.ISSUE: ((approver, not_drafter),),
    RemedyPermission.REMEDY: ((answerer,),),
    RemedyPermission.KNOW_WHO: ((is_own,), (is_after_opening, purchaser), (is_after_opening, watchers)),
    RemedyPermission.READ_DECISIONS: ((anyone,),),
}
