"""The state machines of cases, of measures and of others' sanctions (R-AGENCY-05, R-AGENCY-16, R-AGENCY.hearing)."""

from __future__ import annotations

from agencies.models import ConductCase, ConductMeasure, OutsideSanction
from agencies.permissions import ConductPermission
from agencies.states import ConductState, MeasureState, SanctionState
from core.errors import Refusal
from core.i18n import _l
from core.unit_of_work import UnitOfWork
from core.workflow import Transition, Workflow

C, M, S, P = ConductState, MeasureState, SanctionState, ConductPermission
HEARING = frozenset({C.NOTIFIED, C.STATED})


def was_heard(uow: UnitOfWork, case: ConductCase) -> Refusal | None:
    """Nothing is recorded before the agency has spoken or its time to speak is over."""
    if case.state is C.NOTIFIED and uow.today <= case.statement_due:
        words = _l("机构可以陈述申辩至 %(day)s，尚未陈述的，期满后方可认定", day=case.statement_due.isoformat())
        return Refusal(words, rule_id="R-AGENCY.hearing")
    return None


CONDUCT: Workflow[ConductCase] = Workflow(
    noun="conduct_case",
    title=_l("违规事项"),
    initial=C.NOTIFIED,
    transitions=(
        Transition(
            "state", frozenset({C.NOTIFIED}), C.STATED, P.STATE, _l("提交陈述"), stamp="stated_at", is_manual=False
        ),
        Transition(
            "record",
            HEARING,
            C.RECORDED,
            P.DECIDE,
            _l("认定并记录"),
            guards=(was_heard,),
            needs_reason=True,
            stamp="decided_at",
            is_manual=False,
        ),
        Transition(
            "dismiss",
            HEARING,
            C.DISMISSED,
            P.DECIDE,
            _l("不予认定"),
            needs_reason=True,
            stamp="decided_at",
            is_manual=False,
        ),
        Transition(
            "withdraw",
            frozenset({C.RECORDED}),
            C.WITHDRAWN,
            P.AMEND,
            _l("撤销记录"),
            needs_reason=True,
            stamp="withdrawn_at",
            is_manual=False,
        ),
    ),
)

MEASURE: Workflow[ConductMeasure] = Workflow(
    noun="conduct_measure",
    title=_l("处理措施"),
    initial=M.PROPOSED,
    transitions=(
        Transition("issue", frozenset({M.PROPOSED}), M.ISSUED, P.ISSUE, _l("签发"), stamp="issued_at", is_manual=False),
        Transition(
            "cancel",
            frozenset({M.PROPOSED, M.ISSUED}),
            M.CANCELLED,
            P.ISSUE,
            _l("不予签发或者撤回"),
            needs_reason=True,
            is_manual=False,
        ),
        Transition(
            "report",
            frozenset({M.ISSUED}),
            M.REPORTED,
            P.REPORT,
            _l("报告整改情况"),
            stamp="answered_at",
            is_manual=False,
        ),
        Transition(
            "send_back",
            frozenset({M.REPORTED}),
            M.ISSUED,
            P.FOLLOW,
            _l("退回继续整改"),
            needs_reason=True,
            is_manual=False,
        ),
        Transition(
            "fulfil",
            frozenset({M.ISSUED, M.REPORTED}),
            M.FULFILLED,
            P.FOLLOW,
            _l("确认已落实"),
            stamp="fulfilled_at",
            is_manual=False,
        ),
    ),
)

SANCTION: Workflow[OutsideSanction] = Workflow(
    noun="outside_sanction",
    title=_l("外部处罚"),
    initial=S.REPORTED,
    transitions=(
        Transition(
            "confirm",
            frozenset({S.REPORTED}),
            S.CONFIRMED,
            P.CHECK_SANCTION,
            _l("核对无误"),
            stamp="checked_at",
            is_manual=False,
        ),
        Transition(
            "reject",
            frozenset({S.REPORTED}),
            S.REJECTED,
            P.CHECK_SANCTION,
            _l("不采用"),
            needs_reason=True,
            stamp="checked_at",
            is_manual=False,
        ),
        Transition(
            "withdraw",
            frozenset({S.CONFIRMED}),
            S.WITHDRAWN,
            P.CHECK_SANCTION,
            _l("撤销"),
            needs_reason=True,
            is_manual=False,
        ),
    ),
)
