"""The state machine of an indicator system (R-IND-01, R-PERF-02, R-PERF-03)."""

from __future__ import annotations

from decimal import Decimal

from core.errors import Refusal
from core.i18n import _, _l
from core.unit_of_work import UnitOfWork
from core.workflow import Transition, Workflow
from projects.models import IndicatorSystem
from projects.permissions import SystemPermission
from projects.ports import submission_refusal
from projects.states import Dimension, SystemState


def weights_add_to_100(_uow: UnitOfWork, system: IndicatorSystem) -> Refusal | None:
    """The weights of all indicators add to exactly 100 (R-PERF-02)."""
    total = sum((one.weight for one in system.indicators), Decimal(0))
    if total == 100:
        return None
    return Refusal(_l("权重合计为 %(total)s，应为 100", total=f"{total.normalize():f}"), rule_id="R-PERF-02")


def results_weigh_enough(uow: UnitOfWork, system: IndicatorSystem) -> Refusal | None:
    """Output and benefit carry at least the share that the rule sets (R-PERF-03)."""
    floor = uow.house.rules.number("R-PERF-03", "output_benefit_min", on=uow.today)
    share = sum(
        (one.weight for one in system.indicators if one.dimension in (Dimension.OUTPUT, Dimension.BENEFIT)),
        Decimal(0),
    )
    if share >= floor:
        return None
    return Refusal(
        _l(
            "产出与效益指标权重合计为 %(share)s，原则上不低于 %(floor)s",
            share=f"{share.normalize():f}",
            floor=f"{floor.normalize():f}",
        ),
        rule_id="R-PERF-03",
    )


def every_dimension_present(_uow: UnitOfWork, system: IndicatorSystem) -> Refusal | None:
    """Decision, process, output and benefit each have at least one indicator (R-PERF-04)."""
    missing = [one for one in Dimension if one not in {row.dimension for row in system.indicators}]
    if not missing:
        return None
    return Refusal(_l("缺少一级指标：%(names)s", names=_Names(missing)), rule_id="R-PERF-04")


class _Names:
    def __init__(self, members: list[Dimension]) -> None:
        self._members = members

    def __str__(self) -> str:
        return str(_("、")).join(str(one.label) for one in self._members)


INDICATOR_SYSTEM: Workflow[IndicatorSystem] = Workflow(
    noun="indicator_system",
    title=_l("指标体系"),
    initial=SystemState.DRAFT,
    transitions=(
        Transition(
            "submit",
            frozenset({SystemState.DRAFT}),
            SystemState.SUBMITTED,
            SystemPermission.SUBMIT,
            _l("提交评审"),
            guards=(every_dimension_present, weights_add_to_100, results_weigh_enough, submission_refusal),
            stamp="submitted_at",
            confirm=_l("提交后不能再修改，直到评审结束。确定提交吗？"),
            primary=True,
        ),
        Transition(
            "start_review",
            frozenset({SystemState.SUBMITTED}),
            SystemState.UNDER_REVIEW,
            SystemPermission.REVIEW,
            _l("开始评审"),
            is_manual=False,
        ),
        Transition(
            "approve",
            frozenset({SystemState.UNDER_REVIEW}),
            SystemState.APPROVED,
            SystemPermission.APPROVE,
            _l("同意指标体系"),
            stamp="approved_at",
            is_manual=False,
        ),
        Transition(
            "send_back",
            frozenset({SystemState.SUBMITTED, SystemState.UNDER_REVIEW}),
            SystemState.RETURNED,
            SystemPermission.APPROVE,
            _l("退回修改"),
            needs_reason=True,
            is_manual=False,
        ),
        Transition(
            "revise",
            frozenset({SystemState.RETURNED}),
            SystemState.DRAFT,
            SystemPermission.SUBMIT,
            _l("开始修改"),
            primary=True,
        ),
    ),
)
