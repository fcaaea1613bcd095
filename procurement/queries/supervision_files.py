"""Who may read the files of supervision's cases, and the lists of its desk."""

from __future__ import annotations

import uuid

from sqlalchemy import Select, or_, select

from core.documents.models import Document
from core.permissions import policy
from core.unit_of_work import UnitOfWork
from procurement.models import Inspection, InspectionTarget, SupervisionCase
from procurement.permissions import SupervisionPermission
from procurement.states import CaseState


def load_case(uow: UnitOfWork, case_id: uuid.UUID) -> SupervisionCase | None:
    """Return the case with this id."""
    return uow.get(SupervisionCase, case_id)


def load_inspection(uow: UnitOfWork, inspection_id: uuid.UUID) -> Inspection | None:
    """Return the inspection with this id."""
    return uow.get(Inspection, inspection_id)


def load_target(uow: UnitOfWork, target_id: uuid.UUID) -> InspectionTarget | None:
    """Return the drawn agency of an inspection with this id."""
    return uow.get(InspectionTarget, target_id)


def cases_matching(*, text: str = "", state: str = "") -> Select[SupervisionCase]:
    """Select cases by number or title, and state."""
    query = select(SupervisionCase)
    if text:
        like = f"%{text}%"
        query = query.where(or_(SupervisionCase.number.ilike(like), SupervisionCase.title.ilike(like)))
    if state in {one.value for one in CaseState}:
        query = query.where(SupervisionCase.state == CaseState(state))
    return query


def may_read_document(uow: UnitOfWork, document: Document) -> bool:
    """A case's files are for whoever may read the case."""
    case = uow.get(SupervisionCase, document.owner_id)
    return case is not None and policy.allows(uow.actor, SupervisionPermission.READ_CASE, case)
