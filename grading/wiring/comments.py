"""Comments on drafts, answers, the agency's own review and the signed final."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


def register(app: Flask) -> None:
    """Announce everything between a draft and its final."""
    from core.i18n import _l
    from core.ports import AuditTag, registry
    from grading import tasks
    from grading.views import comments

    registry.tasks(tasks.comment_tasks)
    registry.owns_documents("comment_round", comments.may_read_sheet)
    registry.explain(
        AuditTag("comment_round.ask", _l("报告初稿征求意见")),
        AuditTag("comment_letter.send", _l("反馈报告意见")),
        AuditTag("comment_round.answer", _l("机构逐条答复报告意见")),
        AuditTag("comment_round.replace", _l("征求意见由新稿取代")),
        AuditTag("comment_round.review", _l("机构内部审核报告")),
        AuditTag("submission.sign", _l("主评人签署正式报告")),
    )
    app.register_blueprint(comments.comments)
