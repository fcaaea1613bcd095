"""The state machine of a tender.

Whether a tender is still open for bids is not a state: it is computed from its deadline (`Tender.is_open_at`), so no
job can be late for it.
"""

from __future__ import annotations

from core.errors import Refusal
from core.i18n import _l
from core.unit_of_work import UnitOfWork
from core.workflow import Transition, Workflow
from procurement.drafting.lawfulness import breaches
from procurement.models import Tender
from procurement.permissions import TenderPermission
from procurement.planning.authority import beyond_authority
from procurement.states import TenderState
from procurement.suspensions import suspensions


def is_lawful(uow: UnitOfWork, tender: Tender) -> Refusal | None:
    """The draft breaks no rule that blocks (R-TENDER-01…08 and those beside); the page lists every one of them."""
    found = breaches(uow, tender)
    return found[0] if found else None


def within_authority(uow: UnitOfWork, tender: Tender) -> Refusal | None:
    """The approver's level, or that of the absent one they stand in for, covers the budget (R-SEC-02.levels)."""
    return beyond_authority(uow, tender.budget)


def deadline_passed(uow: UnitOfWork, tender: Tender) -> Refusal | None:
    """The server takes no part in opening before the deadline (R-OPEN-01)."""
    if tender.awaits_opening_at(uow.now):
        return None
    return Refusal(_l("投标截止时间未到，不能开标"), rule_id="R-OPEN-01")


def not_ordered_to_stop(uow: UnitOfWork, tender: Tender) -> Refusal | None:
    """No step is taken while the finance authority has ordered the purchase to stand still (R-REMEDY-03)."""
    ordered = [one for one in suspensions(uow, tender) if one.stops_everything]
    return Refusal(ordered[0].reason, rule_id=ordered[0].rule_id) if ordered else None


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
            guards=(is_lawful,),
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
            guards=(is_lawful, within_authority),
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
            guards=(not_ordered_to_stop,),
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
            guards=(not_ordered_to_stop,),
            is_manual=False,
        ),
        Transition(
            "fail",
            frozenset({S.PUBLISHED, S.OPENED, S.UNDER_EVALUATION, S.EVALUATED}),
            S.FAILED,
            TenderPermission.FAIL,
            _l("废标"),
            needs_reason=True,
            is_manual=False,
        ),
        Transition(
            "cancel",
            frozenset({S.DRAFT, S.IN_APPROVAL, S.PUBLISHED}),
            S.CANCELLED,
            TenderPermission.CANCEL,
            _l("终止采购"),
            needs_reason=True,
        ),
    ),
)
