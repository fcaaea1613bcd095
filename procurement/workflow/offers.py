"""The state machine of a sealed final offer."""

from __future__ import annotations

from core.errors import Refusal
from core.i18n import _l
from core.unit_of_work import UnitOfWork
from core.workflow import Transition, Workflow
from procurement.models import FinalOffer
from procurement.permissions import RoundPermission
from procurement.states import OfferState

S = OfferState


def before_final_deadline(uow: UnitOfWork, offer: FinalOffer) -> Refusal | None:
    """A final offer is replaced or withdrawn only while offers may arrive (R-OPEN-02)."""
    if offer.call.begun_at is None and uow.now < offer.call.deadline:
        return None
    return Refusal(_l("最后报价截止时间已过，不能再替换或撤回"), rule_id="R-OPEN-02")


OFFER: Workflow[FinalOffer] = Workflow(
    noun="final_offer",
    title=_l("最后报价"),
    initial=S.SEALED,
    transitions=(
        Transition(
            "supersede",
            frozenset({S.SEALED}),
            S.SUPERSEDED,
            RoundPermission.REPLACE_FINAL,
            _l("以新报价替换"),
            guards=(before_final_deadline,),
            is_manual=False,
        ),
        Transition(
            "withdraw",
            frozenset({S.SEALED}),
            S.WITHDRAWN,
            RoundPermission.REPLACE_FINAL,
            _l("撤回最后报价"),
            guards=(before_final_deadline,),
            stamp="withdrawn_at",
            confirm=_l("撤回后不递交新的最后报价，即视为退出。截止前可重新递交。确定撤回吗？"),
        ),
        Transition(
            "open",
            frozenset({S.SEALED}),
            S.OPENED,
            RoundPermission.TURN_KEY_FINAL,
            _l("开启"),
            stamp="opened_at",
            is_manual=False,
        ),
        Transition(
            "reject",
            frozenset({S.SEALED}),
            S.CORRUPT,
            RoundPermission.TURN_KEY_FINAL,
            _l("记录无法开启"),
            is_manual=False,
        ),
    ),
)
