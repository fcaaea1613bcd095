"""Rating a report and confirming the engagement's score."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from flask import Flask

    from core.identity.actor import Actor


def sees_moderation(actor: Actor, subject: Any) -> bool:
    """What raters discuss among themselves stays off the agency's timeline."""
    from grading.permissions import quality, raters

    del subject
    return quality.holds(actor, None) or raters.holds(actor, None)


def register(app: Flask) -> None:
    """Announce everything about sheets and scores."""
    from agencies.ports import tell_poor_tasks
    from core.i18n import _l
    from core.ports import AuditTag, registry
    from grading.queries.poor_tasks import poor_tasks
    from grading.tasks.rating import rating_tasks
    from grading.views import moderations, rubrics, scores

    tell_poor_tasks(poor_tasks)
    registry.tasks(rating_tasks)
    registry.explain(
        AuditTag("submission.rate", _l("锁定评分表")),
        AuditTag("submission.explain-spread", _l("说明评分相差较大的理由")),
        AuditTag("submission.score", _l("确认任务得分")),
        AuditTag("moderation.ask", _l("要求合议评分"), sees_moderation),
        AuditTag("moderation.open", _l("召集评分合议"), sees_moderation),
        AuditTag("moderation.decline", _l("不予合议"), sees_moderation),
        AuditTag("moderation.revise", _l("合议中修改评分"), sees_moderation),
        AuditTag("moderation.dissent", _l("注明保留意见"), sees_moderation),
        AuditTag("moderation.agree", _l("合议形成一致分数"), sees_moderation),
        AuditTag("moderation.leave", _l("合议后维持平均"), sees_moderation),
        AuditTag("rubric_version.copy", _l("复制评分标准")),
        AuditTag("rubric_version.edit", _l("修改评分标准")),
        AuditTag("rubric_version.fix", _l("评分标准定稿")),
        AuditTag("rubric_version.drop", _l("删除评分标准草稿")),
        AuditTag("rubric_choice.make", _l("选定新报告的评分标准")),
    )
    for blueprint in (scores.scores, rubrics.rubrics, moderations.moderations):
        app.register_blueprint(blueprint)
