"""What the conflict rules need of agencies, projects and records, and their words for people."""

from __future__ import annotations

import uuid
from collections.abc import Collection

from sqlalchemy import Select, or_, select

from agencies.models import Agency
from core.errors import Refusal
from core.i18n import Text, _l
from core.identity.models import Organisation
from core.parameters import overrides
from core.unit_of_work import UnitOfWork
from procurement.bidder_conflicts import (
    BidderFacts,
    Conflict,
    Relation,
    Service,
    Violation,
    conflicts,
    related_bidders,
    years_from,
)
from procurement.models import Bid, ConductRecord, Lot, ProjectService, SupplierRelation
from procurement.states import BidState


def conflict_refusals(uow: UnitOfWork, lot: Lot, bidder_id: uuid.UUID) -> list[Refusal]:
    """Return, with their rules, why this organisation may not bid for the lot: ties, former services, violations."""
    found = conflicts(bidder_facts(uow, lot, bidder_id), uow.today)
    return [Refusal(words_of(lot, one), rule_id=one.rule_id, field="bidder") for one in found]


def bidder_facts(uow: UnitOfWork, lot: Lot, bidder_id: uuid.UUID) -> BidderFacts:
    """Return what is known about a bidder and the projects of a lot: four queries."""
    years = uow.house.rules.whole("R-TENDER-17", "look_back_years", on=uow.today, overrides=overrides(uow))
    services = uow.session.scalars(
        select(ProjectService).where(
            ProjectService.organisation_id == bidder_id,
            ProjectService.project_id.in_([project.id for project in lot.projects]),
        )
    )
    records = uow.session.scalars(select(ConductRecord).where(ConductRecord.organisation_id == bidder_id))
    in_library = uow.session.scalar(select(Agency.id).where(Agency.organisation_id == bidder_id)) is not None
    return BidderFacts(
        bidder=str(bidder_id),
        in_library=in_library,
        units={str(project.unit_id) for project in lot.projects},
        projects={str(project.id) for project in lot.projects},
        relations=relations_among(uow, {bidder_id}),
        services=[Service(str(one.organisation_id), str(one.project_id), one.kind) for one in services],
        violations=[
            Violation(str(one.organisation_id), one.code, one.decided_on, one.is_major, one.banned_until)
            for one in records
        ],
        since=years_from(uow.today, -years),
    )


def related_refusals(uow: UnitOfWork, bid: Bid) -> list[Refusal]:
    """Return which opened bids of the same lot come from suppliers that may not compete with this one (R-TENDER-16)."""
    opened = uow.session.scalars(select(Bid).where(Bid.lot_id == bid.lot_id, Bid.state == BidState.OPENED)).all()
    names = {str(one.bidder_id): one.bidder.name for one in opened}
    ids = {one.bidder_id for one in opened}
    heads = {
        str(owner): head
        for owner, head in uow.session.execute(
            select(Agency.organisation_id, Agency.legal_representative).where(Agency.organisation_id.in_(ids))
        )
    }
    own = str(bid.bidder_id)
    found = [
        one for one in related_bidders(set(names), relations_among(uow, ids), heads) if own in (one.one, one.other)
    ]
    return [
        Refusal(
            _l(
                "与%(other)s存在关联（%(kind)s），不得参加同一合同项下的采购，不能认定为通过",
                other=names[one.other if one.one == own else one.one],
                kind=one.kind.label,
            ),
            rule_id="R-TENDER-16",
        )
        for one in found
    ]


def relations_among(uow: UnitOfWork, organisations: Collection[uuid.UUID]) -> list[Relation]:
    """Return the standing ties that have one of these organisations at an end."""
    rows = uow.session.scalars(
        standing_relations().where(
            or_(SupplierRelation.one_id.in_(organisations), SupplierRelation.other_id.in_(organisations))
        )
    )
    return [Relation(str(one.one_id), str(one.other_id), one.kind) for one in rows]


def standing_relations() -> Select[SupplierRelation]:
    """Select the ties that have not ended."""
    return select(SupplierRelation).where(SupplierRelation.ended_on.is_(None))


def own_relations(uow: UnitOfWork, organisation_id: uuid.UUID) -> list[Organisation]:
    """Return the suppliers with which this one may not compete, to remind it before it bids."""
    ids = {
        uuid.UUID(partner)
        for one in relations_among(uow, {organisation_id})
        if (partner := one.partner(str(organisation_id))) is not None
    }
    return list(uow.session.scalars(select(Organisation).where(Organisation.id.in_(ids)).order_by(Organisation.name)))


def words_of(lot: Lot, conflict: Conflict) -> Text:
    """Return the reason in words that name the unit, project or record it rests on."""
    units = {str(project.unit_id): project.unit.name for project in lot.projects}
    projects = {str(project.id): project.name for project in lot.projects}
    if conflict.violation is not None:
        one = conflict.violation
        return _l(
            "有违法违规记录：%(code)s（%(day)s 决定），不能投标",
            code=one.code.label,
            day=one.decided_on.isoformat(),
        )
    if conflict.service is not None:
        return _l(
            "贵单位曾为“%(project)s”提供%(service)s服务，不能再参加对它的评价",
            project=projects[conflict.about],
            service=conflict.service.label,
        )
    if conflict.relation is not None:
        return _l(
            "与被评价项目的实施单位%(unit)s有直接利益关系（%(kind)s），不能投标",
            unit=units[conflict.about],
            kind=conflict.relation.label,
        )
    return _l("被评价项目由本单位实施，与委托事项有直接利害关系，不能投标")
