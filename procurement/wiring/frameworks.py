"""What framework agreements announce to the house; called from the package's `register(app)`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from flask import Flask

if TYPE_CHECKING:
    from core.documents.models import Document
    from core.unit_of_work import UnitOfWork
    from procurement.models import Tender
    from procurement.tender_page import Part


def register_frameworks(app: Flask) -> None:
    """Add the pages, tasks, documents, timeline tags, navigation and lines of the tender's page."""
    from core.events import subscribe
    from core.i18n import _l
    from core.identity.roles import Role
    from core.ports import AuditTag, NavigationEntry, PublicPage, registry
    from core.workflow import TransitionFired
    from procurement.permissions import FrameworkPermission
    from procurement.permissions.agents import OWN_SIDE
    from procurement.services.call_off_turns import follow_end
    from procurement.tasks.frameworks import framework_tasks
    from procurement.tender_page import add_tender_parts
    from procurement.views import call_offs, framework_calls, frameworks, public_frameworks

    subscribe(TransitionFired, follow_end)
    add_tender_parts(framework_part)
    registry.tasks(framework_tasks)
    registry.owns_documents("framework", may_read_paper)
    registry.owns_documents("framework_member", may_read_agreement)
    registry.owns_documents("call_off", may_read_call_off)
    registry.navigate(
        NavigationEntry(
            "frameworks.index",
            _l("框架协议"),
            "layers-linked",
            FrameworkPermission.BROWSE,
            order=23,
            roles=frozenset({*OWN_SIDE, Role.PROCUREMENT_SUPERVISOR}),
        ),
        NavigationEntry(
            "frameworks.own",
            _l("框架协议"),
            "layers-linked",
            FrameworkPermission.BROWSE_OWN,
            order=24,
            roles=frozenset({Role.AGENCY_MANAGER, Role.AGENCY_STAFF}),
        ),
    )
    registry.open_to_all(
        PublicPage(
            "public_frameworks.index",
            _l("框架协议"),
            _l("入围供应商、协议价格、轮候次序和第二阶段成交结果。"),
            order=22,
        )
    )
    registry.explain(
        AuditTag("tender.admit", _l("确定入围供应商")),
        AuditTag("tender.offer_turn", _l("按顺序授予")),
        AuditTag("tender.nominate", _l("提出成交意见")),
        AuditTag("tender.return_nomination", _l("退回成交意见")),
        AuditTag("tender.confirm_call_off", _l("确认成交供应商")),
        AuditTag("tender.drop_call_off", _l("终止本次采购")),
        AuditTag("framework.set_terms", _l("修改框架协议条款")),
        AuditTag("framework.shortlist", _l("形成入围记录")),
        AuditTag("framework.start", _l("框架协议生效")),
        AuditTag("framework.end", _l("汇总成交结果并结束")),
        AuditTag("framework.file", _l("登记备案")),
        AuditTag("framework.inform", _l("登记告知采购人")),
        AuditTag("framework.top_up", _l("发起补充征集")),
        AuditTag("framework_member.sign", _l("登记签订框架协议")),
        AuditTag("framework_member.remove", _l("清退")),
        AuditTag("call_off.draft", _l("发起第二阶段采购")),
        AuditTag("call_off.set_prices", _l("填写竞价通知")),
        AuditTag("call_off.offered", _l("按顺序授予")),
        AuditTag("call_off.accepted", _l("轮候供应商接受")),
        AuditTag("call_off.declined", _l("轮候供应商推辞")),
        AuditTag("call_off.excused", _l("认定有正当理由，保留本轮机会")),
        AuditTag("call_off.forfeited", _l("认定无正当理由，本轮机会已用")),
        AuditTag("call_off.returned", _l("退回轮候机会")),
    )
    for blueprint in (
        frameworks.frameworks,
        framework_calls.framework_calls,
        call_offs.call_offs,
        public_frameworks.public_frameworks,
    ):
        app.register_blueprint(blueprint)


def framework_part(uow: UnitOfWork, tender: Tender) -> Iterable[Part]:
    """Yield the line of a framework call's page that leads to its admission or to the framework."""
    from flask import url_for

    from core.i18n import _l
    from core.permissions import policy
    from procurement.permissions import FrameworkPermission, TenderPermission
    from procurement.queries.frameworks import framework_of, terms_of
    from procurement.states import Method, TenderState
    from procurement.tender_page import Part

    if tender.method is not Method.FRAMEWORK:
        return
    terms, framework = terms_of(uow, tender), framework_of(uow, tender)
    if framework is not None and policy.allows(uow.actor, FrameworkPermission.READ, framework):
        url = url_for("frameworks.show", framework_id=framework.id)
        yield Part(_l("框架协议"), _l("签订、备案、清退和第二阶段采购"), url, framework.state, order=40)
    elif tender.state is TenderState.EVALUATED and policy.allows(uow.actor, TenderPermission.AWARD, tender):
        url = url_for("framework_calls.admission", tender_id=tender.id)
        title = _l("确定入围供应商")
        yield Part(title, _l("按排序和淘汰比例入围"), url, action=(title, url), order=40)
    elif terms is not None and policy.allows(uow.actor, TenderPermission.EDIT, tender):
        note = _l("%(types)s 类评价，有效期 %(months)s 个月", types=len(tender.lots), months=terms.months)
        drafting = tender.state is TenderState.DRAFT
        yield Part(
            _l("框架协议条款"),
            note,
            url_for("framework_calls.terms", tender_id=tender.id) if drafting else None,
            order=10,
        )


def may_read_paper(_uow: UnitOfWork, _document: Document) -> bool:
    """The admission notice and the summary are public (R-FRAME-01)."""
    return True


def may_read_agreement(uow: UnitOfWork, document: Document) -> bool:
    """An agreement is for its supplier, the purchaser's side and supervision."""
    from core.permissions import policy
    from procurement.models import FrameworkMember
    from procurement.permissions import BIDDER_SIDE, FrameworkPermission

    member = uow.get(FrameworkMember, document.owner_id)
    if member is None:
        return False
    own = member.supplier_id in uow.actor.organisations_as(*BIDDER_SIDE)
    return own or policy.allows(uow.actor, FrameworkPermission.BROWSE)


def may_read_call_off(uow: UnitOfWork, document: Document) -> bool:
    """A written acceptance is for whoever may read the call-off."""
    from core.permissions import policy
    from procurement.models import CallOff
    from procurement.permissions import FrameworkPermission

    call_off = uow.get(CallOff, document.owner_id)
    return call_off is not None and policy.allows(uow.actor, FrameworkPermission.READ_CALL_OFF, call_off)
