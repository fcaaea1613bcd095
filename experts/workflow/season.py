"""The state machine of a season (R-EXP.season)."""

from __future__ import annotations

from core.i18n import _l
from core.workflow import Transition, Workflow
from experts.models import Season
from experts.permissions import SeasonPermission
from experts.states import SeasonState as S

SEASON: Workflow[Season] = Workflow(
    noun="season",
    title=_l("成批分配"),
    initial=S.PREPARING,
    transitions=(
        Transition(
            "compute",
            frozenset({S.PREPARING, S.PROPOSED}),
            S.COMPUTING,
            SeasonPermission.EDIT,
            _l("计算方案"),
            is_manual=False,
        ),
        Transition(
            "propose", frozenset({S.COMPUTING}), S.PROPOSED, SeasonPermission.ADVANCE, _l("得出方案"), is_manual=False
        ),
        Transition(
            "fail", frozenset({S.COMPUTING}), S.PREPARING, SeasonPermission.ADVANCE, _l("没有方案"), is_manual=False
        ),
        Transition(
            "publish",
            frozenset({S.PROPOSED}),
            S.PUBLISHED,
            SeasonPermission.EDIT,
            _l("发布并邀请专家"),
            stamp="published_at",
            is_manual=False,
        ),
        Transition(
            "cancel",
            frozenset({S.PREPARING, S.COMPUTING, S.PROPOSED}),
            S.CANCELLED,
            SeasonPermission.EDIT,
            _l("取消分配"),
            needs_reason=True,
        ),
    ),
)
