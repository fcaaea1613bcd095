"""The state machine of a tender.

Whether a tender is still open for bids is not a state: it is computed from its deadline (`Tender.is_open_at`), so no
job can be late for it.
"""

from __future__ import annotations

from core.errors import Refusal
from core.i18n import _l
from core.unit_of_work import UnitOfWork
from core.workflow import Transition, Workflow
from procurement.models import Tender
from procurement.permissions import TenderPermission
from procurement.states import TenderState
from procurement.workflow.direct import (
    DIRECT_TRANSITIONS,
    asks_for_approval,
    is_by_envelope,
    is_lawful,
    not_ordered_to_stop,
    within_authority,
)
from procurement.workflow.frameworks import FRAMEWORK_TRANSITIONS, is_judged, is_no_framework


def deadline_passed(uow: UnitOfWork, tender: Tender) -> Refusal | None:
    """The server takes no part in opening before the deadline (R-OPEN-01)."""
    if tender.awaits_opening_at(uow.now):
        return None
    return Refusal(_l("投标截止时间未到，不能开标"), rule_id="R-OPEN-01")


S = TenderState
TENDER: Workflow[Tender] = Workflow(
    noun="tender",
    title=_l("采购项目"),
    initial=S.DRAFT,
    transitions=(
        Transition(
            "submit",
            frozenset({S.DRAFT}),
            S.IN_APPROVAL,
            TenderPermission.SUBMIT,
            _l("提交审批"),
            guards=(asks_for_approval, is_lawful),
            primary=True,
        ),
        Transition(
            "send_back",
            frozenset({S.IN_APPROVAL}),
            S.DRAFT,
            TenderPermission.APPROVE,
            _l("退回修改"),
            needs_reason=True,
        ),
        Transition(
            "publish",
            frozenset({S.IN_APPROVAL}),
            S.PUBLISHED,
            TenderPermission.APPROVE,
            _l("批准并发布公告"),
            guards=(is_by_envelope, is_lawful, within_authority),
            stamp="published_at",
            primary=True,
            is_manual=False,
        ),
        Transition(
            "open",
            frozenset({S.PUBLISHED}),
            S.OPENED,
            TenderPermission.TURN_KEY,
            _l("开标"),
            guards=(deadline_passed, not_ordered_to_stop),
            stamp="opened_at",
            is_manual=False,
        ),
        Transition(
            "evaluate",
            frozenset({S.OPENED}),
            S.UNDER_EVALUATION,
            TenderPermission.SEAT,
            _l("开始评标"),
            guards=(is_judged, not_ordered_to_stop),
            is_manual=False,
        ),
        Transition(
            "suspend",
            frozenset({S.UNDER_EVALUATION}),
            S.REVIEW_SUSPENDED,
            TenderPermission.SUSPEND_REVIEW,
            _l("中止评标"),
            needs_reason=True,
            is_manual=False,
        ),
        Transition(
            "resume",
            frozenset({S.REVIEW_SUSPENDED}),
            S.UNDER_EVALUATION,
            TenderPermission.SUSPEND_REVIEW,
            _l("恢复评标"),
            needs_reason=True,
            is_manual=False,
        ),
        Transition(
            "re_review",
            frozenset({S.EVALUATED}),
            S.UNDER_EVALUATION,
            TenderPermission.CONCLUDE,
            _l("重新评审"),
            needs_reason=True,
            is_manual=False,
        ),
        Transition(
            "conclude",
            frozenset({S.UNDER_EVALUATION}),
            S.EVALUATED,
            TenderPermission.CONCLUDE,
            _l("汇总评标结果"),
            stamp="evaluated_at",
            guards=(not_ordered_to_stop,),
            is_manual=False,
        ),
        Transition(
            "award",
            frozenset({S.EVALUATED}),
            S.AWARDED,
            TenderPermission.AWARD,
            _l("定标"),
            stamp="awarded_at",
            guards=(
                is_by_envelope,
                is_no_framework,
                not_ordered_to_stop,
            ),
            is_manual=False,
        ),
        Transition(
            "fail",
            frozenset({S.PUBLISHED, S.OPENED, S.UNDER_EVALUATION, S.REVIEW_SUSPENDED, S.EVALUATED}),
            S.FAILED,
            TenderPermission.FAIL,
            _l("废标"),
            needs_reason=True,
            is_manual=False,
        ),
        Transition(
            "cancel",
            frozenset({S.DRAFT, S.IN_APPROVAL, S.IN_SELECTION, S.PUBLISHED}),
            S.CANCELLED,
            TenderPermission.CANCEL,
            _l("终止采购"),
            needs_reason=True,
        ),
        *DIRECT_TRANSITIONS,
        *FRAMEWORK_TRANSITIONS,
    ),
)
