"""The state machine of a list of fees (R-EXP.fee, R-SEC-02)."""

from __future__ import annotations

from core.i18n import _l
from core.workflow import Transition, Workflow
from experts.models import PaymentList
from experts.permissions import PaymentPermission
from experts.states import PaymentState

PAYMENT: Workflow[PaymentList] = Workflow(
    noun="payment_list",
    title=_l("评审费支付清单"),
    initial=PaymentState.DRAFTED,
    transitions=(
        Transition(
            "approve",
            frozenset({PaymentState.DRAFTED}),
            PaymentState.APPROVED,
            PaymentPermission.APPROVE,
            _l("审批通过"),
            stamp="approved_at",
            is_manual=False,
        ),
        Transition(
            "pay",
            frozenset({PaymentState.APPROVED}),
            PaymentState.PAID,
            PaymentPermission.PREPARE,
            _l("登记已支付"),
            is_manual=False,
        ),
        Transition(
            "cancel",
            frozenset({PaymentState.DRAFTED, PaymentState.APPROVED}),
            PaymentState.CANCELLED,
            PaymentPermission.PREPARE,
            _l("作废清单"),
            needs_reason=True,
            is_manual=False,
        ),
    ),
)
