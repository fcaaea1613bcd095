"""What the award's procedure and the contracts announce to the house; called from the package's `register(app)`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from flask import Flask

if TYPE_CHECKING:
    from core.unit_of_work import UnitOfWork
    from procurement.models import Tender
    from procurement.tender_page import Part


def register_contracts(app: Flask) -> None:
    """Add the pages, jobs, tasks and timeline tags from the award to the archive."""
    from core.events import subscribe
    from core.i18n import _l
    from core.ports import AuditTag, registry
    from core.workflow import TransitionFired
    from procurement import jobs
    from procurement.services.award_procedure import follow_conclusion
    from procurement.tender_page import add_tender_parts
    from procurement.views import procedure

    jobs.known()
    subscribe(TransitionFired, follow_conclusion)
    add_tender_parts(procedure_part)
    registry.explain(
        AuditTag("tender.deliver_report", _l("评审报告送达采购人")),
        AuditTag("tender.explain_delay", _l("说明未按期定标的理由")),
        AuditTag("tender.register_result_notice", _l("登记指定媒体结果公告")),
        AuditTag("bid.refund_deposit", _l("退还投标保证金")),
    )
    app.register_blueprint(procedure.procedure)


def procedure_part(uow: UnitOfWork, tender: Tender) -> Iterable[Part]:
    """Yield the line of the tender's page that leads to the award's deadlines."""
    from flask import url_for

    from core.i18n import _l
    from core.permissions import policy
    from procurement.permissions import ContractPermission
    from procurement.queries.award_procedure import tender_clocks
    from procurement.tender_page import Part

    if not policy.allows(uow.actor, ContractPermission.READ_DEADLINES, tender):
        return
    clocks = tender_clocks(uow, tender)
    late = sum(one.is_overdue(uow.now) for one in clocks)
    running = [one for one in clocks if one.is_running(uow.now) and not one.duty.is_period]
    if late:
        note = _l("有%(count)s项期限已逾期", count=late)
    elif running:
        note = _l("下一项：%(what)s", what=running[0].duty.what)
    else:
        note = _l("定标、公告、合同的各项期限")
    yield Part(_l("定标与合同期限"), note, url_for("procedure.show", tender_id=tender.id), order=60)
