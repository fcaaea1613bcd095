"""The state machine of an agency's application to enter the library (R-AGENCY-03, R-AGENCY-04)."""

from __future__ import annotations

from agencies.models import AgencyApplication
from agencies.permissions.record import AdmissionPermission
from agencies.states import AdmissionState
from core.i18n import _l
from core.workflow import Transition, Workflow

ADMISSION: Workflow[AgencyApplication] = Workflow(
    noun="agency_application",
    title=_l("机构入库申请"),
    initial=AdmissionState.FILLING,
    transitions=(
        Transition(
            "submit",
            frozenset({AdmissionState.FILLING, AdmissionState.RETURNED}),
            AdmissionState.SUBMITTED,
            AdmissionPermission.FILL,
            _l("提交申请"),
            stamp="submitted_at",
            is_manual=False,
        ),
        Transition(
            "return",
            frozenset({AdmissionState.SUBMITTED}),
            AdmissionState.RETURNED,
            AdmissionPermission.DECIDE,
            _l("退回补正"),
            needs_reason=True,
            is_manual=False,
        ),
        Transition(
            "admit",
            frozenset({AdmissionState.SUBMITTED}),
            AdmissionState.ADMITTED,
            AdmissionPermission.DECIDE,
            _l("同意入库"),
            stamp="decided_at",
            is_manual=False,
        ),
        Transition(
            "reject",
            frozenset({AdmissionState.SUBMITTED}),
            AdmissionState.REJECTED,
            AdmissionPermission.DECIDE,
            _l("不予入库"),
            needs_reason=True,
            stamp="decided_at",
            is_manual=False,
        ),
        Transition(
            "withdraw",
            frozenset({AdmissionState.FILLING, AdmissionState.SUBMITTED, AdmissionState.RETURNED}),
            AdmissionState.WITHDRAWN,
            AdmissionPermission.FILL,
            _l("撤回申请"),
            stamp="decided_at",
            is_manual=False,
        ),
    ),
)
