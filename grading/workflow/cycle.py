"""The state machines of a year's grading and of appeals (R-GRADE.publish)."""

from __future__ import annotations

from sqlalchemy import func, select

from core.deadlines import end_of
from core.errors import Refusal
from core.i18n import _l
from core.unit_of_work import UnitOfWork
from core.workflow import Transition, Workflow
from grading.entry_records import standing_run
from grading.models import CycleEntry, CycleRun, GradeAppeal, GradeCorrection, GradingCycle, TaskScore
from grading.permissions import GradePermission
from grading.states import AppealState, CorrectionState, CycleState


def not_computing(uow: UnitOfWork, cycle: GradingCycle) -> Refusal | None:
    """Nothing further happens to a year while it is being computed."""
    going = uow.session.scalar(select(CycleRun.id).where(CycleRun.cycle_id == cycle.id, CycleRun.finished_at.is_(None)))
    return None if going is None else Refusal(_l("正在测算，请等测算完成"), rule_id="R-GRADE.year")


def nothing_scored_since(uow: UnitOfWork, cycle: GradingCycle) -> Refusal | None:
    """No task got its score after the computation: it would be missing on its sheet."""
    run, after = standing_run(uow.session, cycle), TaskScore.decided_at > cycle.computed_at
    if run is not None:
        after = ~TaskScore.seq.between(run.first, run.last)
    later = uow.session.scalar(select(func.count()).select_from(TaskScore).where(TaskScore.year == cycle.year, after))
    if not later:
        return None
    if cycle.state is CycleState.ANNOUNCED:
        return Refusal(
            _l("测算之后又有 %(count)s 项任务得分，请撤回征求意见，重新测算后再征求意见", count=later),
            rule_id="R-GRADE.year",
        )
    return Refusal(_l("测算之后又有 %(count)s 项任务得分，请重新测算", count=later), rule_id="R-GRADE.year")


def period_is_over(uow: UnitOfWork, cycle: GradingCycle) -> Refusal | None:
    """The agencies' time to appeal is over."""
    due = cycle.appeals_due_on
    if due is None or uow.now >= end_of(due):
        return None
    return Refusal(
        _l("申诉期限到 %(day)s 24:00，期满前不能公布", day=due.isoformat()),
        rule_id="R-GRADE.publish",
    )


def appeals_are_decided(uow: UnitOfWork, cycle: GradingCycle) -> Refusal | None:
    """No appeal waits for its decision."""
    left = uow.session.scalar(
        select(func.count())
        .select_from(GradeAppeal)
        .join(CycleEntry, CycleEntry.id == GradeAppeal.entry_id)
        .where(CycleEntry.cycle_id == cycle.id, GradeAppeal.state == AppealState.FILED)
    )
    if not left:
        return None
    return Refusal(_l("还有 %(count)s 件申诉没有处理，处理完毕后才能公布", count=left), rule_id="R-GRADE.publish")


CYCLE: Workflow[GradingCycle] = Workflow(
    noun="grading_cycle",
    title=_l("年度评级"),
    initial=CycleState.PREVIEW,
    transitions=(
        Transition(
            "announce",
            frozenset({CycleState.PREVIEW}),
            CycleState.ANNOUNCED,
            GradePermission.ANNOUNCE,
            _l("送机构征求意见"),
            guards=(not_computing, nothing_scored_since),
            stamp="announced_at",
            is_manual=False,
        ),
        Transition(
            "recall",
            frozenset({CycleState.ANNOUNCED}),
            CycleState.PREVIEW,
            GradePermission.RECALL,
            _l("撤回征求意见"),
            needs_reason=True,
            is_manual=False,
        ),
        Transition(
            "publish",
            frozenset({CycleState.ANNOUNCED}),
            CycleState.PUBLISHED,
            GradePermission.PUBLISH,
            _l("公布评级"),
            guards=(not_computing, period_is_over, appeals_are_decided, nothing_scored_since),
            stamp="published_at",
            is_manual=False,
        ),
        Transition(
            "drop",
            frozenset({CycleState.PREVIEW}),
            CycleState.DROPPED,
            GradePermission.DROP,
            _l("作废，另开一轮"),
            guards=(not_computing,),
            needs_reason=True,
            stamp="dropped_at",
            is_manual=False,
        ),
    ),
)


def _decided(name: str, target: AppealState) -> Transition:
    return Transition(
        name,
        frozenset({AppealState.FILED}),
        target,
        GradePermission.DECIDE_APPEAL,
        target.label,
        stamp="decided_at",
        is_manual=False,
    )


APPEAL: Workflow[GradeAppeal] = Workflow(
    noun="grade_appeal",
    title=_l("评级申诉"),
    initial=AppealState.FILED,
    transitions=(
        _decided("uphold", AppealState.UPHELD),
        _decided("uphold_part", AppealState.PARTLY),
        _decided("reject", AppealState.REJECTED),
        Transition(
            "lapse",
            frozenset({AppealState.FILED}),
            AppealState.LAPSED,
            GradePermission.RECALL,
            _l("随征求意见撤回"),
            is_manual=False,
        ),
    ),
)

CORRECTION: Workflow[GradeCorrection] = Workflow(
    noun="grade_correction",
    title=_l("评级更正"),
    initial=CorrectionState.PROPOSED,
    transitions=(
        Transition(
            "confirm",
            frozenset({CorrectionState.PROPOSED}),
            CorrectionState.CONFIRMED,
            GradePermission.CONFIRM_CORRECTION,
            _l("确认更正并公告"),
            stamp="decided_at",
            is_manual=False,
        ),
        Transition(
            "decline",
            frozenset({CorrectionState.PROPOSED}),
            CorrectionState.DECLINED,
            GradePermission.CONFIRM_CORRECTION,
            _l("不予更正"),
            needs_reason=True,
            stamp="decided_at",
            is_manual=False,
        ),
    ),
)
