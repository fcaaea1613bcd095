"""The state machine of a sealed bid."""

from __future__ import annotations

from core.errors import Refusal
from core.i18n import _l
from core.unit_of_work import UnitOfWork
from core.workflow import Transition, Workflow
from procurement.models import Bid
from procurement.permissions import ClarificationPermission, TenderPermission
from procurement.states import BidState


def before_deadline(uow: UnitOfWork, bid: Bid) -> Refusal | None:
    """A bid is changed or withdrawn only while bids may arrive (R-OPEN-02)."""
    if bid.tender.is_open_at(uow.now):
        return None
    return Refusal(_l("已过投标截止时间，不能再修改或撤回"), rule_id="R-OPEN-02")


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
            "lapse",
            frozenset({BidState.SEALED}),
            BidState.LAPSED,
            ClarificationPermission.LAPSE_BID,
            _l("记录未确认更正"),
            needs_reason=True,
            is_manual=False,
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
