"""Rating a report and confirming the engagement's score."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from flask import Flask

    from core.identity.actor import Actor


def sees_panel(actor: Actor, subject: Any) -> bool:
    """Who rated, moderated or sits on a panel is known to quality staff alone: experts' names stay off timelines."""
    from grading.permissions import quality

    del subject
    return quality.holds(actor, None)


def register(app: Flask) -> None:
    """Announce everything about sheets and scores."""
    from agencies.ports import tell_poor_tasks
    from core.i18n import _l
    from core.ports import AuditTag, registry
    from experts.ports import hold_draws_for
    from experts.views.linked import answer_by_link
    from grading.queries.poor_tasks import poor_tasks
    from grading.services.report_reviews import report_occasion
    from grading.tasks.rating import rating_tasks
    from grading.tasks.report_review import panel_tasks
    from grading.views import moderations, report_draws, report_invitations, report_reviews, rubrics, scores

    tell_poor_tasks(poor_tasks)
    registry.tasks(rating_tasks)
    registry.tasks(panel_tasks)
    hold_draws_for("report_review", report_occasion)
    answer_by_link("report_seat", report_invitations.linked_report_seat)
    registry.explain(
        AuditTag("submission.rate", _l("锁定评分表"), sees_panel),
        AuditTag("submission.explain-spread", _l("说明评分相差较大的理由"), sees_panel),
        AuditTag("submission.score", _l("确认任务得分")),
        AuditTag("moderation.ask", _l("要求合议评分"), sees_panel),
        AuditTag("moderation.open", _l("召集评分合议"), sees_panel),
        AuditTag("moderation.decline", _l("不予合议"), sees_panel),
        AuditTag("moderation.revise", _l("合议中修改评分"), sees_panel),
        AuditTag("moderation.dissent", _l("注明保留意见"), sees_panel),
        AuditTag("moderation.agree", _l("合议形成一致分数"), sees_panel),
        AuditTag("moderation.leave", _l("合议后维持平均"), sees_panel),
        AuditTag("report_review.convene", _l("召集报告评审"), sees_panel),
        AuditTag("report_review.draw", _l("锁定报告评审专家抽取方案"), sees_panel),
        AuditTag("report_review.invite", _l("发出报告评审邀请"), sees_panel),
        AuditTag("report_review.opine", _l("各方代表发表意见"), sees_panel),
        AuditTag("report_review.conclude", _l("形成报告评审意见")),
        AuditTag("report_review.cancel", _l("取消报告评审"), sees_panel),
        AuditTag("report_seat.invite", _l("邀请报告评审专家"), sees_panel),
        AuditTag("report_seat.accept", _l("报告评审专家接受邀请"), sees_panel),
        AuditTag("report_seat.decline", _l("报告评审专家谢绝邀请"), sees_panel),
        AuditTag("report_seat.recuse", _l("报告评审专家回避"), sees_panel),
        AuditTag("report_seat.lapse", _l("报告评审专家逾期未答复"), sees_panel),
        AuditTag("report_seat.replace", _l("报告评审专家由候补递补"), sees_panel),
        AuditTag("rubric_version.copy", _l("复制评分标准")),
        AuditTag("rubric_version.edit", _l("修改评分标准")),
        AuditTag("rubric_version.fix", _l("评分标准定稿")),
        AuditTag("rubric_version.drop", _l("删除评分标准草稿")),
        AuditTag("rubric_choice.make", _l("选定新报告的评分标准")),
    )
    for blueprint in (
        scores.scores,
        rubrics.rubrics,
        moderations.moderations,
        report_reviews.report_reviews,
        report_draws.report_draws,
        report_invitations.report_invitations,
    ):
        app.register_blueprint(blueprint)
