"""What questions, answers and amendments announce to the house; called from the package's `register(app)`."""

from __future__ import annotations

from flask import Flask


def register_clarifications(app: Flask) -> None:
    """Add the pages, tasks and timeline tags of document holders, questions, amendments and confirmations."""
    from core.events import subscribe
    from core.i18n import _l
    from core.ports import AuditTag, registry
    from procurement.events import TenderPublished
    from procurement.services.versions import note_first_version
    from procurement.tasks.clarifications import clarification_parts, clarification_tasks
    from procurement.tender_page import add_tender_parts
    from procurement.views import amendment_entries, amendments, clarifications, documents, questions

    subscribe(TenderPublished, note_first_version)
    registry.tasks(clarification_tasks)
    add_tender_parts(clarification_parts)
    registry.explain(
        AuditTag("published_answer.publish", _l("发布答疑")),
        AuditTag("amendment.draft", _l("起草更正")),
        AuditTag("amendment.change", _l("修改更正草稿")),
        AuditTag("amendment.set_keyholders", _l("指定更正后的密钥持有人")),
        AuditTag("amendment.register_key", _l("登记更正后的开标公钥")),
        AuditTag("amendment.submit", _l("更正提交审批")),
        AuditTag("amendment.send_back", _l("更正退回修改")),
        AuditTag("amendment.publish", _l("批准更正")),
        AuditTag("amendment.discard", _l("放弃更正")),
        AuditTag("tender.amend", _l("发布更正公告")),
        AuditTag("bid.confirm", _l("确认投标适用于新版采购文件")),
        AuditTag("bid.lapse", _l("未确认更正，不予开启")),
    )
    for blueprint in (
        documents.documents_taken,
        documents.own,
        questions.questions,
        clarifications.clarifications,
        amendments.amendments,
        amendment_entries.amendment_entries,
    ):
        app.register_blueprint(blueprint)
