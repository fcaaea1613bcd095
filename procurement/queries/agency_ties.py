"""What purchases know of an agency's ties: relations on record and services for projects (R-TENDER-16, R-AGENCY-21)."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import or_, select

from agencies.models import Agency
from agencies.ties import Body, Node, NodeKind, Tie, TieKind, node_of
from core.i18n import _l
from core.identity.roles import OrganisationKind
from core.permissions import policy
from core.unit_of_work import UnitOfWork
from procurement.bidder_conflicts import HELPED_PREPARE
from procurement.models import ProjectService, SupplierRelation
from procurement.permissions import SupervisionPermission


def ties_of_supplier(uow: UnitOfWork, agency: Agency) -> Iterable[Tie]:
    """Yield the relations and services on record; who bids for what never stands here."""
    if not policy.allows(uow.actor, SupervisionPermission.READ_RELATIONS):
        return
    centre = node_of(Body(str(agency.organisation_id), agency.organisation.name))
    own = agency.organisation_id
    relations = select(SupplierRelation).where(or_(SupplierRelation.one_id == own, SupplierRelation.other_id == own))
    for one in uow.session.scalars(relations).unique():
        partner = one.other if one.one_id == own else one.one
        kind = NodeKind.AGENCY if partner.kind is OrganisationKind.AGENCY else NodeKind.BODY
        yield Tie(
            centre,
            Node(kind, str(partner.id), partner.name),
            TieKind.RELATION,
            one.kind.label,
            one.source,
            "R-PERF-13" if kind is NodeKind.BODY else "R-TENDER-16",
            one.since,
            one.ended_on,
            refers_to=str(one.id),
        )
    for service in uow.session.scalars(select(ProjectService).where(ProjectService.organisation_id == own)).unique():
        yield Tie(
            centre,
            Node(NodeKind.PROJECT, str(service.project_id), service.project.name),
            TieKind.SERVICE,
            _l("为该项目提供过%(service)s服务", service=service.kind.label),
            service.source,
            "R-TENDER-16" if service.kind in HELPED_PREPARE else "R-AGENCY-21",
            until=service.done_on,
            refers_to=str(service.id),
        )
