"""The state machine of an evaluation's archive (R-AGENCY-13)."""

from __future__ import annotations

from core.i18n import _l
from core.workflow import Transition, Workflow
from grading.models import EvaluationArchive
from grading.permissions import ArchivePermission
from grading.states import ArchiveState

ARCHIVE: Workflow[EvaluationArchive] = Workflow(
    noun="evaluation_archive",
    title=_l("评价档案"),
    initial=ArchiveState.OPEN,
    transitions=(
        Transition(
            "file",
            frozenset({ArchiveState.OPEN}),
            ArchiveState.FILED,
            ArchivePermission.FILE,
            _l("提交归档"),
            stamp="filed_at",
            is_manual=False,
        ),
        Transition(
            "send_back",
            frozenset({ArchiveState.FILED}),
            ArchiveState.OPEN,
            ArchivePermission.RETURN,
            _l("退回补充"),
            needs_reason=True,
            is_manual=False,
        ),
    ),
)
