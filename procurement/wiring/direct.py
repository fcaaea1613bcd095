"""What purchases without sealed bids announce to the house; called from the package's `register(app)`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Flask

if TYPE_CHECKING:
    from core.documents.models import Document
    from core.unit_of_work import UnitOfWork


def register_direct(app: Flask) -> None:
    """Add the pages, tasks, documents, timeline tags and navigation of below-limit selection and single source."""
    from agencies.ports import tell_rounds
    from core.i18n import _l, _lp
    from core.identity.roles import Role
    from core.ports import AuditTag, NavigationEntry, PublicPage, registry
    from procurement.library_gates import rounds_begun
    from procurement.permissions import DirectPermission
    from procurement.tasks.direct import direct_tasks
    from procurement.views import direct, plan_requests

    tell_rounds(rounds_begun)
    registry.tasks(direct_tasks)
    registry.owns_documents("asked_supplier", may_read_answer)
    registry.navigate(
        NavigationEntry(
            "plan_requests.index",
            _l("征询函"),
            "mail",
            DirectPermission.BROWSE_REQUESTS,
            order=23,
            roles=frozenset({Role.AGENCY_MANAGER, Role.AGENCY_STAFF}),
        )
    )
    registry.open_to_all(
        PublicPage(
            "plan_requests.announcements",
            _lp("list", "单一来源采购公示"),
            _l("采购前公示理由和论证意见，可以提出异议。"),
            order=25,
        )
    )
    registry.explain(
        AuditTag("direct.prepare", _l("填写采购内容和供应商")),
        AuditTag("direct.announce", _l("公示单一来源采购")),
        AuditTag("direct.reply", _l("收到供应商答复")),
        AuditTag("tender.inquire", _l("发出征询")),
        AuditTag("tender.authorise", _l("批准单一来源采购")),
        AuditTag("tender.propose", _l("提出选定意见")),
        AuditTag("tender.return_proposal", _l("退回选定意见")),
        AuditTag("tender.select", _l("确认选定")),
    )
    for blueprint in (direct.direct, plan_requests.plan_requests):
        app.register_blueprint(blueprint)


def may_read_answer(uow: UnitOfWork, document: Document) -> bool:
    """A supplier's answer is for itself; for the purchaser's side once answers may be looked at (R-SEC-03)."""
    from core.permissions import policy
    from procurement.drafting.direct_lawfulness import asked_suppliers
    from procurement.models import AskedSupplier
    from procurement.permissions import DirectPermission
    from procurement.services.direct import answers_are_known

    asked = uow.get(AskedSupplier, document.owner_id)
    if asked is None:
        return False
    if policy.allows(uow.actor, DirectPermission.REPLY, asked):
        return True
    may_read = policy.allows(uow.actor, DirectPermission.READ, asked.tender)
    return may_read and answers_are_known(uow, asked.tender, asked_suppliers(uow, asked.tender))
