"""The state machine of a seat on the evaluation committee."""

from __future__ import annotations

from core.i18n import _l
from core.workflow import Transition, Workflow
from procurement.models import CommitteeSeat
from procurement.permissions import TenderPermission
from procurement.states import SeatState

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
