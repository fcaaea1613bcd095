"""The state machines of a tender, a bid and a committee seat.

Whether a tender is still open for bids is not a state: it is computed from its deadline (`Tender.is_open_at`), so no
job can be late for it.
"""

from __future__ import annotations

from core.errors import Refusal
from core.i18n import _l
from core.unit_of_work import UnitOfWork
from core.workflow import Transition, Workflow
from procurement.lawfulness import breaches
from procurement.models import Bid, CommitteeSeat, Tender
from procurement.permissions import TenderPermission
from procurement.states import BidState, SeatState, TenderState


def is_lawful(uow: UnitOfWork, tender: Tender) -> Refusal | None:
    """The draft breaks no rule that blocks (R-TENDER-01…08 and those beside); the page lists every one of them."""
    found = breaches(uow, tender)
    return found[0] if found else None


def deadline_passed(uow: UnitOfWork, tender: Tender) -> Refusal | None:
    """The server takes no part in opening before the deadline (R-OPEN-01)."""
    if tender.awaits_opening_at(uow.now):
        return None
    return Refusal(_l("投标截止时间未到，不能开标"), rule_id="R-OPEN-01")


def before_deadline(uow: UnitOfWork, bid: Bid) -> Refusal | None:
    """A bid is changed or withdrawn only while bids may arrive (R-OPEN-02)."""
    if bid.tender.is_open_at(uow.now):
        return None
    return Refusal(_l("已过投标截止时间，不能再修改或撤回"), rule_id="R-OPEN-02")


S = TenderState
TENDER: Workflow[Tender] = Workflow(
    noun="tender",
    title=_l("采购项目"),
    initial=S.DRAFT,
    transitions=(
        Transition(
            "submit",
            frozenset({S.DRAFT}),
            S.IN_APPROVAL,
            TenderPermission.SUBMIT,
            _l("提交审批"),
            guards=(is_lawful,),
            primary=True,
        ),
        Transition(
            "send_back",
            frozenset({S.IN_APPROVAL}),
            S.DRAFT,
            TenderPermission.APPROVE,
            _l("退回修改"),
            needs_reason=True,
        ),
        Transition(
            "publish",
            frozenset({S.IN_APPROVAL}),
            S.PUBLISHED,
            TenderPermission.APPROVE,
            _l("批准并发布公告"),
            guards=(is_lawful,),
            stamp="published_at",
            primary=True,
            is_manual=False,
        ),
        Transition(
            "open",
            frozenset({S.PUBLISHED}),
            S.OPENED,
            TenderPermission.TURN_KEY,
            _l("开标"),
            guards=(deadline_passed,),
            stamp="opened_at",
            is_manual=False,
        ),
        Transition(
            "evaluate",
            frozenset({S.OPENED}),
            S.UNDER_EVALUATION,
            TenderPermission.SEAT,
            _l("开始评标"),
            is_manual=False,
        ),
        Transition(
            "conclude",
            frozenset({S.UNDER_EVALUATION}),
            S.EVALUATED,
            TenderPermission.CONCLUDE,
            _l("汇总评标结果"),
            stamp="evaluated_at",
            is_manual=False,
        ),
        Transition(
            "award",
            frozenset({S.EVALUATED}),
            S.AWARDED,
            TenderPermission.AWARD,
            _l("定标"),
            stamp="awarded_at",
            is_manual=False,
        ),
        Transition(
            "fail",
            frozenset({S.PUBLISHED, S.OPENED, S.UNDER_EVALUATION, S.EVALUATED}),
            S.FAILED,
            TenderPermission.FAIL,
            _l("废标"),
            needs_reason=True,
            is_manual=False,
        ),
        Transition(
            "cancel",
            frozenset({S.DRAFT, S.IN_APPROVAL, S.PUBLISHED}),
            S.CANCELLED,
            TenderPermission.CANCEL,
            _l("终止采购"),
            needs_reason=True,
        ),
    ),
)

BID: Workflow[Bid] = Workflow(
    noun="bid",
    title=_l("投标"),
    initial=BidState.SEALED,
    transitions=(
        Transition(
            "supersede",
            frozenset({BidState.SEALED}),
            BidState.SUPERSEDED,
            TenderPermission.WITHDRAW_BID,
            _l("以新投标替换"),
            guards=(before_deadline,),
            is_manual=False,
        ),
        Transition(
            "withdraw",
            frozenset({BidState.SEALED}),
            BidState.WITHDRAWN,
            TenderPermission.WITHDRAW_BID,
            _l("撤回投标"),
            guards=(before_deadline,),
            stamp="withdrawn_at",
            confirm=_l("撤回后本单位不参加本次开标，截止前可重新递交。确定撤回吗？"),
        ),
        Transition(
            "open",
            frozenset({BidState.SEALED}),
            BidState.OPENED,
            TenderPermission.TURN_KEY,
            _l("开启"),
            stamp="opened_at",
            is_manual=False,
        ),
        Transition(
            "reject",
            frozenset({BidState.SEALED}),
            BidState.CORRUPT,
            TenderPermission.TURN_KEY,
            _l("记录无法开启"),
            is_manual=False,
        ),
    ),
)

SEAT: Workflow[CommitteeSeat] = Workflow(
    noun="committee_seat",
    title=_l("评标委员席位"),
    initial=SeatState.NAMED,
    transitions=(
        Transition(
            "declare",
            frozenset({SeatState.NAMED}),
            SeatState.DECLARED,
            TenderPermission.SIT,
            _l("声明无利害关系"),
            stamp="declared_at",
            is_manual=False,
        ),
        Transition(
            "recuse",
            frozenset({SeatState.NAMED, SeatState.DECLARED}),
            SeatState.RECUSED,
            TenderPermission.SIT,
            _l("申请回避"),
            needs_reason=True,
            is_manual=False,
        ),
        Transition(
            "lock",
            frozenset({SeatState.DECLARED}),
            SeatState.LOCKED,
            TenderPermission.SCORE,
            _l("锁定评分"),
            stamp="locked_at",
            is_manual=False,
        ),
        Transition(
            "reopen",
            frozenset({SeatState.LOCKED}),
            SeatState.DECLARED,
            TenderPermission.REOPEN,
            _l("退回更正评分"),
            needs_reason=True,
            is_manual=False,
        ),
    ),
)
