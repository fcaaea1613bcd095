"""What the pool knows of people tied to an agency, for the picture of its ties (利害关系图)."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from agencies.models import Agency
from agencies.ties import Body, Node, NodeKind, Tie, TieKind, node_of
from core.clock import SHANGHAI
from core.i18n import _l
from core.permissions import policy
from core.unit_of_work import UnitOfWork
from experts.models import Conflict, Expert, PastEmployment
from experts.permissions import ExpertPermission
from experts.services.conflict_sources import DECLARED

FILE = _l("专家档案")


def ties_of_experts(uow: UnitOfWork, agency: Agency) -> Iterable[Tie]:
    """Yield the experts who declared a relation to an agency, or work or worked there (R-COMM-06).

    Only for those who may read the pool; seats on committees are nobody's business here.
    """
    if not policy.allows(uow.actor, ExpertPermission.BROWSE):
        return
    centre = node_of(Body(str(agency.organisation_id), agency.organisation.name))
    declared = (
        select(Conflict)
        .where(Conflict.organisation_id == agency.organisation_id, Conflict.withdrawn_at.is_(None))
        .options(joinedload(Conflict.expert).joinedload(Expert.user))
    )
    for row in uow.session.scalars(declared).unique():
        yield Tie(
            centre,
            _person(row.expert),
            TieKind.DECLARED,
            _l("%(kind)s：%(reason)s", kind=row.kind.label, reason=row.reason),
            DECLARED.get(row.source, row.source),
            "R-COMM-06",
            row.declared_at.astimezone(SHANGHAI).date(),
            row.expires_on,
            refers_to=str(row.id),
        )
    past = select(PastEmployment).where(PastEmployment.employer_id == agency.organisation_id)
    ended = {one.expert_id: one for one in uow.session.scalars(past)}
    people = select(Expert).where(or_(Expert.employer_id == agency.organisation_id, Expert.id.in_(list(ended))))
    for expert in uow.session.scalars(people).unique():
        works_there = expert.employer_id == agency.organisation_id
        why = _l("工作单位就是该机构") if works_there else _l("原来在该机构工作")
        until = None if works_there else ended[expert.id].ended_on
        yield Tie(
            centre, _person(expert), TieKind.EMPLOYMENT, why, FILE, "R-COMM-06", until=until, refers_to=str(expert.id)
        )


def _person(expert: Expert) -> Node:
    return Node(NodeKind.PERSON, str(expert.user_id), expert.user.name)
