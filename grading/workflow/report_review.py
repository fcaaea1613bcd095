"""The state machines of a report's review and of the seats on its panel (R-GRADE.panel, R-EXP-02)."""

from __future__ import annotations

from core.i18n import _l
from core.workflow import Transition, Workflow
from grading.models import ReportReview, ReportSeat
from grading.permissions.report_review import ReportReviewPermission
from grading.states import ReportReviewState, ReportSeatState

R, S, P = ReportReviewState, ReportSeatState, ReportReviewPermission

REPORT_REVIEW: Workflow[ReportReview] = Workflow(
    noun="report_review",
    title=_l("报告评审"),
    initial=R.PLANNED,
    transitions=(
        Transition("draw", frozenset({R.PLANNED}), R.DRAWING, P.MANAGE, _l("锁定抽取方案"), is_manual=False),
        Transition(
            "invite", frozenset({R.PLANNED, R.DRAWING}), R.RATING, P.ADVANCE, _l("发出评审邀请"), is_manual=False
        ),
        Transition(
            "conclude",
            frozenset({R.RATING}),
            R.CONCLUDED,
            P.MANAGE,
            _l("形成评审意见"),
            stamp="concluded_at",
            is_manual=False,
        ),
        Transition(
            "cancel",
            frozenset({R.PLANNED, R.DRAWING, R.RATING}),
            R.CANCELLED,
            P.MANAGE,
            _l("取消报告评审"),
            needs_reason=True,
            is_manual=False,
        ),
    ),
)

REPORT_SEAT: Workflow[ReportSeat] = Workflow(
    noun="report_seat",
    title=_l("报告评审邀请"),
    initial=S.RESERVE,
    transitions=(
        Transition(
            "invite", frozenset({S.RESERVE}), S.INVITED, P.ADVANCE, _l("邀请"), stamp="invited_at", is_manual=False
        ),
        Transition(
            "accept",
            frozenset({S.INVITED}),
            S.ACCEPTED,
            P.ANSWER,
            _l("接受邀请"),
            stamp="answered_at",
            is_manual=False,
        ),
        Transition(
            "decline",
            frozenset({S.INVITED}),
            S.DECLINED,
            P.ANSWER,
            _l("谢绝邀请"),
            stamp="answered_at",
            needs_reason=True,
            is_manual=False,
        ),
        Transition(
            "recuse",
            frozenset({S.INVITED, S.ACCEPTED}),
            S.RECUSED,
            P.ANSWER,
            _l("回避"),
            stamp="answered_at",
            needs_reason=True,
            is_manual=False,
        ),
        Transition("lapse", frozenset({S.INVITED}), S.LAPSED, P.REPLACE, _l("视为不能参加"), is_manual=False),
        Transition(
            "replace",
            frozenset({S.INVITED, S.ACCEPTED}),
            S.REPLACED,
            P.REPLACE,
            _l("由候补递补"),
            needs_reason=True,
            is_manual=False,
        ),
    ),
)
