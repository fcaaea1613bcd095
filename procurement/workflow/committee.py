"""The state machine of a seat on the evaluation committee."""

from __future__ import annotations

from core.errors import Refusal
from core.i18n import _l
from core.unit_of_work import UnitOfWork
from core.workflow import Transition, Workflow
from procurement.models import CommitteeSeat
from procurement.permissions import TenderPermission
from procurement.states import SeatState, TenderState


def review_runs(_uow: UnitOfWork, seat: CommitteeSeat) -> Refusal | None:
    """Members are replaced while the review runs or is stopped, never after the totals (R-COMM-10)."""
    if seat.tender.state in (TenderState.UNDER_EVALUATION, TenderState.REVIEW_SUSPENDED):
        return None
    return Refusal(_l("评标期间才能更换成员"), rule_id="R-COMM-10")


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
            "absent",
            frozenset({SeatState.NAMED, SeatState.DECLARED, SeatState.LOCKED}),
            SeatState.ABSENT,
            TenderPermission.REPLACE,
            _l("记为缺席"),
            guards=(review_runs,),
            needs_reason=True,
            is_manual=False,
        ),
        Transition(
            "void",
            frozenset({SeatState.DECLARED, SeatState.LOCKED}),
            SeatState.VOIDED,
            TenderPermission.REPLACE,
            _l("认定评审意见无效"),
            guards=(review_runs,),
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
