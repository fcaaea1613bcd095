"""Who may do what in tendering, with the duties that the law keeps apart (R-SEC-01, R-SEC-02, R-KEY-01, R-OPEN-01).

Predicates read the tender's state, so that what may be known only after the opening is policy, not care taken in views.
Sets that need the database (who sits on the committee, who holds a key, who bid) are loaded with the subject.
"""

from __future__ import annotations

from core.i18n import _l
from core.identity.actor import Actor
from core.identity.roles import Role
from core.permissions import Permission, Predicate, anyone, predicate, role, signed_in, system
from procurement.methods import DIRECT, is_by_invitation
from procurement.models import Bid, CommitteeSeat, Tender
from procurement.permissions.agents import (
    OWN_SIDE,
    PURCHASER_SIDE,
    acts_as_agent,
    officer_for,
    own_officer,
    own_side,
    purchaser,
)
from procurement.states import AgentStep, BidState, SeatState, TenderState


class TenderPermission(Permission):
    """What one may do with a tender and its bids."""

    BROWSE = "tender:browse", _l("查看采购项目列表")
    READ = "tender:read", _l("查看采购项目")
    DRAFT = "tender:draft", _l("起草采购项目")
    EDIT = "tender:edit", _l("修改采购文件草稿")
    SUBMIT = "tender:submit", _l("提交审批")
    APPROVE = "tender:approve", _l("审批并发布公告")
    CANCEL = "tender:cancel", _l("终止采购")
    DRAW_SUPPLIERS = "tender:draw-suppliers", _l("抽取被邀请的供应商")
    REGISTER_KEY = "tender:register-key", _l("登记开标密钥")
    OPEN = "tender:open", _l("主持开标")
    TURN_KEY = "tender:turn-key", _l("使用密钥解封投标")
    ATTEND_OPENING = "tender:attend-opening", _l("列席开标")
    NOTE_ABSENCE = "tender:note-absence", _l("登记密钥持有人不能到场、开标延期")
    EXAMINE = "tender:examine", _l("审查投标人资格")
    SEAT = "tender:seat", _l("录入评标委员会")
    READ_COMMITTEE = "tender:read-committee", _l("查看评标委员会名单")
    REPLACE = "committee-seat:replace", _l("更换评标委员会成员")
    SUSPEND_REVIEW = "tender:suspend-review", _l("中止和恢复评标")
    CONCLUDE = "tender:conclude", _l("汇总评标结果")
    READ_RESULT = "tender:read-result", _l("查看评标结果")
    AWARD = "tender:award", _l("确定中标人")
    FAIL = "tender:fail", _l("废标")
    READ_NOTICE = "notice:read", _l("查看公告")
    READ_RECORDS = "tender:read-records", _l("下载开标与评标完整记录")
    BROWSE_BIDS = "bid:browse", _l("查看本单位投标")
    SUBMIT_BID = "bid:submit", _l("递交投标")
    READ_BID = "bid:read", _l("查看投标")
    WITHDRAW_BID = "bid:withdraw", _l("撤回投标")
    ATTEND_AS_BIDDER = "bid:attend-opening", _l("以投标人身份参加开标")
    RETENDER = "tender:retender", _l("废标后重新招标")
    READ_AWARD = "award:read", _l("查看中标结果公告")
    READ_RESULT_LETTER = "bid:read-result", _l("查看本单位的评标结果")
    BROWSE_SEATS = "committee-seat:browse", _l("查看我的评标")
    SIT = "committee-seat:sit", _l("参加评标")
    SCORE = "committee-seat:score", _l("评分")
    LEAD = "committee-seat:lead", _l("主持评标并记录异常低价审查")
    REOPEN = "committee-seat:reopen", _l("退回已锁定的评分表")


BIDDER_SIDE = (Role.AGENCY_MANAGER, Role.AGENCY_STAFF)
AFTER_OPENING = frozenset(
    {
        TenderState.OPENED,
        TenderState.UNDER_EVALUATION,
        TenderState.REVIEW_SUSPENDED,
        TenderState.EVALUATED,
        TenderState.AWARDED,
        TenderState.FAILED,
    }
)


@predicate(_l("采购公告已发布"))
def is_public(actor: Actor, tender: Tender) -> bool:
    """The notice is out; until the award an invitation is for the invited and the purchaser's side only.

    A tender by invitation is known to nobody else, so that it neither shows in lists nor takes a stranger's bid.
    """
    if tender.published_at is None or not is_by_invitation(tender) or tender.awarded_at is not None:
        return tender.published_at is not None
    invited = {one.supplier_id for one in tender.invitations}
    inside = (*OWN_SIDE, Role.KEYHOLDER, Role.OBSERVER, Role.PROCUREMENT_SUPERVISOR)
    mine = bool(invited & set(actor.organisations_as(*BIDDER_SIDE))) or acts_as_agent(actor, tender)
    return mine or actor.has(*inside)


@predicate(_l("是已发出征询的限额以下选定或者已批准的单一来源采购"))
def is_running_direct(_actor: Actor, tender: Tender) -> bool:
    """A purchase without sealed bids that is running: never public as a notice, but supervision may look at it."""
    return tender.method in DIRECT and tender.state not in (TenderState.DRAFT, TenderState.IN_APPROVAL)


@predicate(_l("是起草人本人"))
def is_drafter(actor: Actor, tender: Tender) -> bool:
    """The actor drafted it."""
    return tender.drafted_by_id == actor.user_id


@predicate(_l("不是起草人（起草与审批须由不同的人办理）"))
def not_drafter(actor: Actor, tender: Tender) -> bool:
    """Somebody else drafted it (R-SEC-02)."""
    return tender.drafted_by_id != actor.user_id


@predicate(_l("是本项目的开标密钥持有人"))
def holds_key(actor: Actor, subject: Tender | Bid) -> bool:
    """The actor is one of this tender's keyholders (R-KEY-01)."""
    tender = subject.tender if isinstance(subject, Bid) else subject
    return any(holder.user_id == actor.user_id for holder in tender.keyholders)


@predicate(_l("已经开标"))
def is_opened(_actor: Actor, tender: Tender) -> bool:
    """The bids are opened, so that they may be known."""
    return tender.opened_at is not None and tender.state in AFTER_OPENING


@predicate(_l("采购项目已废标"))
def is_failed(_actor: Actor, tender: Tender) -> bool:
    """The tender failed (R-OPEN-05)."""
    return tender.state is TenderState.FAILED


@predicate(_l("结果已经公告"))
def is_awarded(_actor: Actor, tender: Tender) -> bool:
    """The result notice is out; names of the committee become public with it (R-COMM-12)."""
    return tender.state is TenderState.AWARDED


@predicate(_l("是投标人本单位"))
def is_bidder(actor: Actor, bid: Bid) -> bool:
    """The actor works for the bidder."""
    return bid.bidder_id in actor.organisations_as(*BIDDER_SIDE)


@predicate(_l("投标已开启"))
def bid_is_open(_actor: Actor, bid: Bid) -> bool:
    """The bid was opened at the opening."""
    return bid.state in (BidState.OPENED, BidState.CORRUPT)


@predicate(_l("评标没有中止（中止期间资料封存）"))
def not_sealed_again(_actor: Actor, bid: Bid) -> bool:
    """The review is not stopped; while it is, nobody reads the bids (R-COMM-10)."""
    return bid.tender.state is not TenderState.REVIEW_SUSPENDED


@predicate(_l("是该席位的评标委员本人"))
def is_sitting(actor: Actor, seat: CommitteeSeat) -> bool:
    """The seat is the actor's own."""
    return seat.user_id == actor.user_id


@predicate(_l("已声明与投标人无利害关系"))
def has_declared(_actor: Actor, seat: CommitteeSeat) -> bool:
    """The declaration of interest was made (R-COMM-06)."""
    return seat.state in (SeatState.DECLARED, SeatState.LOCKED)


@predicate(_l("是评标委员会组长"))
def is_chair(_actor: Actor, seat: CommitteeSeat) -> bool:
    """The member chairs the committee."""
    return seat.is_chair


@predicate(_l("所投项目已经定标"))
def bid_is_decided(_actor: Actor, bid: Bid) -> bool:
    """The tender it answers was awarded, so that its bidder learns score and rank (R-AWARD-03)."""
    return bid.tender.state is TenderState.AWARDED


approver: Predicate = role(Role.PROCUREMENT_APPROVER)
bidder: Predicate = role(*BIDDER_SIDE)
watchers: Predicate = role(Role.OBSERVER, Role.PROCUREMENT_SUPERVISOR)

TENDER_POLICY = {
    TenderPermission.BROWSE: ((role(*PURCHASER_SIDE, Role.KEYHOLDER, Role.OBSERVER, Role.PROCUREMENT_SUPERVISOR),),),
    TenderPermission.READ: ((purchaser,), (holds_key,), (is_public, watchers), (is_running_direct, watchers)),
    TenderPermission.DRAFT: ((own_officer,),),
    TenderPermission.EDIT: ((officer_for(AgentStep.DOCUMENTS),),),
    TenderPermission.SUBMIT: ((officer_for(AgentStep.DOCUMENTS),),),
    TenderPermission.APPROVE: ((approver, not_drafter),),
    TenderPermission.CANCEL: ((approver,),),
    TenderPermission.DRAW_SUPPLIERS: ((own_side,), (officer_for(AgentStep.DOCUMENTS),)),
    TenderPermission.REGISTER_KEY: ((holds_key,),),
    TenderPermission.OPEN: ((officer_for(AgentStep.OPENING),),),
    TenderPermission.TURN_KEY: ((holds_key,),),
    TenderPermission.ATTEND_OPENING: ((purchaser,), (holds_key,), (watchers,)),
    TenderPermission.NOTE_ABSENCE: ((own_side,), (officer_for(AgentStep.OPENING),)),
    TenderPermission.EXAMINE: ((is_opened, officer_for(AgentStep.EVALUATION)),),
    TenderPermission.SEAT: ((officer_for(AgentStep.EVALUATION),),),
    TenderPermission.READ_COMMITTEE: ((purchaser,), (is_awarded, anyone)),
    TenderPermission.REPLACE: ((officer_for(AgentStep.EVALUATION),),),
    TenderPermission.SUSPEND_REVIEW: ((is_opened, officer_for(AgentStep.EVALUATION)),),
    TenderPermission.CONCLUDE: ((is_opened, officer_for(AgentStep.EVALUATION)),),
    TenderPermission.READ_RESULT: ((is_opened, purchaser), (is_awarded, watchers)),
    TenderPermission.AWARD: ((is_opened, own_officer),),
    TenderPermission.FAIL: ((approver,), (system,)),
    TenderPermission.READ_NOTICE: ((is_public, anyone),),
    TenderPermission.READ_RECORDS: ((is_opened, purchaser), (is_opened, watchers)),
    TenderPermission.BROWSE_BIDS: ((bidder,),),
    TenderPermission.SUBMIT_BID: ((is_public, bidder),),
    TenderPermission.READ_BID: ((is_bidder,), (bid_is_open, not_sealed_again, purchaser)),
    TenderPermission.WITHDRAW_BID: ((is_bidder,),),
    TenderPermission.ATTEND_AS_BIDDER: ((is_bidder,),),
    TenderPermission.RETENDER: ((is_failed, own_officer),),
    TenderPermission.READ_AWARD: ((is_awarded, anyone),),
    TenderPermission.READ_RESULT_LETTER: ((is_bidder, bid_is_decided),),
    TenderPermission.BROWSE_SEATS: ((signed_in,),),
    TenderPermission.SIT: ((is_sitting,),),
    TenderPermission.SCORE: ((is_sitting, has_declared),),
    TenderPermission.LEAD: ((is_sitting, has_declared, is_chair),),
    TenderPermission.REOPEN: ((system,),),
}
