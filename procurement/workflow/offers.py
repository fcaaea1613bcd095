"""The state machine of a sealed final offer."""

from __future__ import annotations

from core.i18n import _l
from core.workflow import Transition, Workflow
from procurement.models import FinalOffer
from procurement.permissions import RoundPermission
from procurement.states import OfferState

S = OfferState
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
            is_manual=False,
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
