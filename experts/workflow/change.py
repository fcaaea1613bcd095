"""The state machine of a reported change of particulars (R-EXP-01, R-EXP-02)."""

from __future__ import annotations

from core.i18n import _l
from core.workflow import Transition, Workflow
from experts.models import ParticularsChange
from experts.permissions import ExpertPermission
from experts.states import ChangeState

CHANGE: Workflow[ParticularsChange] = Workflow(
    noun="particulars_change",
    title=_l("专家信息变更"),
    initial=ChangeState.REPORTED,
    transitions=(
        Transition(
            "confirm",
            frozenset({ChangeState.REPORTED}),
            ChangeState.CONFIRMED,
            ExpertPermission.EDIT,
            _l("核对无误，变更"),
            stamp="decided_at",
            is_manual=False,
        ),
        Transition(
            "reject",
            frozenset({ChangeState.REPORTED}),
            ChangeState.REJECTED,
            ExpertPermission.EDIT,
            _l("不采纳"),
            needs_reason=True,
            stamp="decided_at",
            is_manual=False,
        ),
    ),
)
