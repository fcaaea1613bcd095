"""What the award's procedure and the contracts announce to the house; called from the package's `register(app)`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from flask import Flask

if TYPE_CHECKING:
    from agencies.models import Engagement
    from agencies.ports import Section
    from core.unit_of_work import UnitOfWork
    from procurement.models import Tender
    from procurement.tender_page import Part


def register_contracts(app: Flask) -> None:
    """Add the pages, jobs, tasks and timeline tags from the award to the archive."""
    from agencies.ports import add_contract_papers, add_engagement_sections
    from core.events import subscribe
    from core.i18n import _l, _lp
    from core.identity.roles import Role
    from core.ports import AuditTag, NavigationEntry, PublicPage, registry
    from core.workflow import TransitionFired
    from procurement import jobs
    from procurement.engagement_papers import signed_contracts
    from procurement.performance_words import PERFORMANCE
    from procurement.permissions import BIDDER_SIDE, PURCHASER_SIDE, ContractPermission
    from procurement.queries.contracts import may_read_acceptance_document, may_read_contract_document
    from procurement.services.award_procedure import follow_conclusion
    from procurement.services.contracts import tell_reviewers
    from procurement.tasks.calendar import openings, services
    from procurement.tasks.contracts import contract_figures, contract_tasks
    from procurement.tasks.deposits import deposit_part, deposit_tasks
    from procurement.tender_page import add_tender_parts
    from procurement.views import archive, contract_notices, contracts, deposits, performance, procedure

    jobs.known()
    add_contract_papers(signed_contracts)
    subscribe(TransitionFired, follow_conclusion)
    subscribe(TransitionFired, tell_reviewers)
    add_tender_parts(procedure_part)
    add_tender_parts(archive_part)
    add_tender_parts(deposit_part)
    add_engagement_sections(contract_section)
    registry.owns_documents("contract", may_read_contract_document)
    registry.owns_documents("acceptance", may_read_acceptance_document)
    registry.tasks(contract_tasks)
    registry.tasks(deposit_tasks)
    registry.calendar(openings, services)
    registry.figures(contract_figures)
    registry.navigate(
        NavigationEntry(
            "contracts.index",
            _l("合同"),
            "file-text",
            ContractPermission.BROWSE,
            order=24,
            roles=frozenset({*PURCHASER_SIDE, *BIDDER_SIDE, Role.QUALITY_OFFICER}),
        )
    )
    registry.open_to_all(
        PublicPage("contract_notices.index", _lp("list", "合同公告"), _l("已签订的采购合同和履约验收结果。"), order=25)
    )
    registry.explain(
        AuditTag("tender.deliver_report", _l("评审报告送达采购人")),
        AuditTag("tender.explain_delay", _l("说明未按期定标的理由")),
        AuditTag("tender.register_result_notice", _l("登记指定媒体结果公告")),
        AuditTag("bid.refund_deposit", _l("退还投标保证金")),
        AuditTag("award.supersede", _l("中标人放弃")),
        *(AuditTag(tag, title, visible=_sees_performance) for tag, title in PERFORMANCE),
        AuditTag("tender.export_archive", _l("导出采购档案")),
    )
    for blueprint in (
        procedure.procedure,
        contracts.contracts,
        deposits.deposits,
        performance.performance,
        contract_notices.contract_notices,
        archive.archive,
    ):
        app.register_blueprint(blueprint)


def procedure_part(uow: UnitOfWork, tender: Tender) -> Iterable[Part]:
    """Yield the line of the tender's page that leads to the award's deadlines."""
    from flask import url_for

    from core.i18n import _l
    from core.permissions import policy
    from procurement.methods import rules_of
    from procurement.permissions import ContractPermission
    from procurement.queries.award_procedure import tender_clocks
    from procurement.tender_page import Part

    if not policy.allows(uow.actor, ContractPermission.READ_DEADLINES, tender):
        return
    if not rules_of(tender).by_envelope and tender.awarded_at is None:  # nobody is ranked there
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


def archive_part(uow: UnitOfWork, tender: Tender) -> Iterable[Part]:
    """Yield the line of the tender's page that leads to its archive, once the purchase is over."""
    from flask import url_for

    from core.i18n import _l
    from core.permissions import policy
    from procurement.permissions import ContractPermission
    from procurement.tender_page import Part

    if policy.allows(uow.actor, ContractPermission.EXPORT, tender):
        note = _l("全部采购文件和记录，可导出并核验")
        yield Part(_l("采购档案"), note, url_for("archive.show", tender_id=tender.id), order=90)


def contract_section(uow: UnitOfWork, engagement: Engagement) -> Iterable[Section]:
    """Yield where an engagement's contract stands, what was paid of it and what was accepted."""
    import uuid

    from flask import url_for
    from sqlalchemy import select

    from agencies.ports import Section
    from core.i18n import _l
    from core.permissions import policy
    from procurement.models import Award, Contract, Lot
    from procurement.permissions import ContractPermission
    from procurement.queries.contracts import paid
    from procurement.states import ContractState
    from projects.models import Project

    kind, _colon, key = engagement.source.partition(":")
    if kind != "tender":
        return
    query = (
        select(Contract)
        .join(Contract.award)
        .join(Lot, Lot.id == Award.lot_id)
        .where(
            Contract.tender_id == uuid.UUID(key),
            Contract.agency_id == engagement.agency_id,
            Contract.state != ContractState.REFUSED,
            Lot.projects.any(Project.id == engagement.project_id),
        )
    )
    contract = uow.session.scalars(query).first()
    if contract is None or not policy.allows(uow.actor, ContractPermission.READ, contract):
        return
    note = _l(
        "%(number)s · 已付 %(paid)s 元，合同金额 %(worth)s 元",
        number=contract.number,
        paid=f"{paid(contract):,.2f}",
        worth=f"{contract.worth:,.2f}",
    )
    yield Section(_l("采购合同"), note, url_for("contracts.show", contract_id=contract.id), contract.state, order=15)


def _sees_performance(actor: object, subject: object) -> bool:
    """On a purchase's own timeline, which bidders read too, what came of its contracts is for the purchaser's side."""
    from core.identity.actor import Actor
    from core.identity.roles import Role
    from procurement.models import Tender
    from procurement.permissions import PURCHASER_SIDE

    if not isinstance(subject, Tender):
        return True
    return isinstance(actor, Actor) and actor.has(*PURCHASER_SIDE, Role.PROCUREMENT_SUPERVISOR, Role.OBSERVER)
