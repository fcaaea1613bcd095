"""The state machine of an expert (R-EXP)."""

from __future__ import annotations

from core.i18n import _l
from core.workflow import Transition, Workflow
from experts.models import Expert
from experts.permissions import ExpertPermission
from experts.states import ExpertState

EXPERT: Workflow[Expert] = Workflow(
    noun="expert",
    title=_l("专家"),
    initial=ExpertState.ACTIVE,
    transitions=(
        Transition(
            "suspend",
            frozenset({ExpertState.ACTIVE}),
            ExpertState.SUSPENDED,
            ExpertPermission.EDIT,
            _l("暂停抽取"),
            needs_reason=True,
        ),
        Transition(
            "restore",
            frozenset({ExpertState.SUSPENDED}),
            ExpertState.ACTIVE,
            ExpertPermission.EDIT,
            _l("恢复在库"),
            needs_reason=True,
            primary=True,
            stamp="restored_at",
        ),
        Transition(
            "leave",
            frozenset({ExpertState.ACTIVE, ExpertState.SUSPENDED}),
            ExpertState.LEFT,
            ExpertPermission.EDIT,
            _l("办理退出"),
            needs_reason=True,
            stamp="left_at",
            is_manual=False,
        ),
        Transition(
            "readmit",
            frozenset({ExpertState.LEFT}),
            ExpertState.ACTIVE,
            ExpertPermission.EDIT,
            _l("重新入库"),
            is_manual=False,
        ),
    ),
)
