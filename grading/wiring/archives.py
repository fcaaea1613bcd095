"""The archive of an evaluation and what closing an engagement asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


def register(app: Flask) -> None:
    """Announce everything about archives."""
    from agencies.ports import add_engagement_sections, check_closing
    from core.i18n import _l
    from core.ports import AuditTag, registry
    from grading import sections, tasks
    from grading.services.archives import must_be_filed
    from grading.views import archives

    check_closing(must_be_filed)
    add_engagement_sections(sections.archive_section)
    registry.tasks(tasks.archive_tasks)
    registry.owns_documents("evaluation_archive", archives.may_read_paper)
    registry.explain(
        AuditTag("evaluation_archive.add", _l("档案加入材料")),
        AuditTag("evaluation_archive.remove", _l("档案移出材料")),
        AuditTag("evaluation_archive.excuse", _l("说明档案没有某类材料")),
        AuditTag("evaluation_archive.file", _l("评价档案归档")),
        AuditTag("evaluation_archive.send_back", _l("退回评价档案补充")),
        AuditTag("evaluation_archive.export", _l("导出评价档案")),
    )
    app.register_blueprint(archives.archives)
