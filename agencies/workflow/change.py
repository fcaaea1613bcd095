"""The state machine of a change of an agency's record (R-AGENCY-03)."""

from __future__ import annotations

from agencies.models import RecordChange
from agencies.permissions.record import RecordPermission
from agencies.states import RecordChangeState
from core.i18n import _l
from core.workflow import Transition, Workflow

RECORD_CHANGE: Workflow[RecordChange] = Workflow(
    noun="agency_record_change",
    title=_l("机构登记信息的变化"),
    initial=RecordChangeState.NOTED,
    transitions=(
        Transition(
            "report",
            frozenset({RecordChangeState.NOTED, RecordChangeState.QUESTIONED}),
            RecordChangeState.REPORTED,
            RecordPermission.EDIT,
            _l("申报变化"),
            is_manual=False,
        ),
        Transition(
            "question",
            frozenset({RecordChangeState.REPORTED}),
            RecordChangeState.QUESTIONED,
            RecordPermission.VERIFY,
            _l("要求说明"),
            needs_reason=True,
            is_manual=False,
        ),
        Transition(
            "verify",
            frozenset({RecordChangeState.REPORTED}),
            RecordChangeState.VERIFIED,
            RecordPermission.VERIFY,
            _l("核对无误，变更"),
            stamp="decided_at",
            is_manual=False,
        ),
        Transition(
            "withdraw",
            frozenset({RecordChangeState.NOTED, RecordChangeState.REPORTED, RecordChangeState.QUESTIONED}),
            RecordChangeState.WITHDRAWN,
            RecordPermission.EDIT,
            _l("撤回"),
            needs_reason=True,
            is_manual=False,
        ),
    ),
)
