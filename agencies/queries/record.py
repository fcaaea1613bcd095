"""Reads of records, applications and changes."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, select
from sqlalchemy.orm import selectinload

from agencies.models import Agency, AgencyApplication, RecordChange, RecordConfirmation, RecordItem
from agencies.queries.library import agency_of_organisation
from agencies.states import AdmissionState, RecordChangeState, RecordPart
from core.documents.models import Document
from core.identity.models import Organisation
from core.identity.roles import OrganisationKind, Role
from core.unit_of_work import UnitOfWork

OPEN_CHANGES = (RecordChangeState.NOTED, RecordChangeState.REPORTED, RecordChangeState.QUESTIONED)
OPEN_APPLICATIONS = (AdmissionState.FILLING, AdmissionState.SUBMITTED, AdmissionState.RETURNED)


@dataclass(frozen=True)
class Record:
    """What an organisation's record holds now: entries by part, in the order they were added, and their papers."""

    organisation: Organisation
    items: Mapping[RecordPart, Sequence[RecordItem]]
    papers: Mapping[uuid.UUID, Sequence[Document]]

    def of(self, part: RecordPart) -> Sequence[RecordItem]:
        """The entries of one part."""
        return self.items.get(part, ())

    @property
    def basics(self) -> RecordItem | None:
        """The one entry of the first part."""
        return next(iter(self.of(RecordPart.BASICS)), None)

    @property
    def lead_names(self) -> dict[str, str]:
        """The lead evaluators by the id of their entry, as teams refer to them."""
        return {str(one.id): one.name for one in self.of(RecordPart.LEADS)}

    def purposes(self, item: RecordItem) -> frozenset[str]:
        """What kinds of papers an entry has."""
        return frozenset(one.purpose for one in self.papers.get(item.id, ()))


def record_of(uow: UnitOfWork, organisation: Organisation, *, public_only: bool = False) -> Record:
    """Return an organisation's present record; two queries.

    `public_only` leaves out what is not public or not yet checked, and all papers.
    """
    query = select(RecordItem).where(RecordItem.organisation_id == organisation.id, RecordItem.ended_on.is_(None))
    if public_only:
        query = query.where(RecordItem.is_public, RecordItem.verified_at.is_not(None))
    items: dict[RecordPart, list[RecordItem]] = defaultdict(list)
    for item in uow.session.scalars(query.order_by(RecordItem.added_at, RecordItem.name, RecordItem.id)):
        items[item.part].append(item)
    ids = [] if public_only else [one.id for rows in items.values() for one in rows]
    return Record(organisation, items, papers_of(uow, RecordItem.__tablename__, ids))


def papers_of(uow: UnitOfWork, owner_kind: str, ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, list[Document]]:
    """Return the papers of several owners by owner, in one query."""
    wanted = list(ids)
    found: dict[uuid.UUID, list[Document]] = defaultdict(list)
    if wanted:
        query = select(Document).where(Document.owner_kind == owner_kind, Document.owner_id.in_(wanted))
        for one in uow.session.scalars(query.order_by(Document.purpose, Document.version)):
            found[one.owner_id].append(one)
    return found


def ended_items(uow: UnitOfWork, organisation: Organisation) -> Sequence[RecordItem]:
    """Return what once stood in the record, the latest end first."""
    query = select(RecordItem).where(
        RecordItem.organisation_id == organisation.id,
        RecordItem.ended_on.is_not(None),
        RecordItem.verified_at.is_not(None),
    )
    return uow.session.scalars(query.order_by(RecordItem.ended_on.desc(), RecordItem.id)).all()


def own_organisation(uow: UnitOfWork) -> Organisation | None:
    """Return the agency the actor works for; where they are several, always the same one."""
    ids = uow.actor.organisations_as(Role.AGENCY_MANAGER, Role.AGENCY_STAFF)
    if not ids:
        return None
    query = select(Organisation).where(Organisation.id.in_(ids), Organisation.kind == OrganisationKind.AGENCY)
    return uow.session.scalars(query.order_by(Organisation.id).limit(1)).first()


def load_item(uow: UnitOfWork, item_id: uuid.UUID) -> RecordItem | None:
    """Return a record entry."""
    return uow.get(RecordItem, item_id)


def load_change(uow: UnitOfWork, change_id: uuid.UUID) -> RecordChange | None:
    """Return a change."""
    return uow.get(RecordChange, change_id)


def load_agency_application(uow: UnitOfWork, application_id: uuid.UUID) -> AgencyApplication | None:
    """Return an application to enter the library."""
    return uow.get(AgencyApplication, application_id)


def changes_of(uow: UnitOfWork, organisation: Organisation, *, limit: int = 200) -> Sequence[RecordChange]:
    """Return an organisation's changes: open ones by their last day, then what is done, newest first."""
    query = (
        select(RecordChange)
        .where(RecordChange.organisation_id == organisation.id)
        .options(selectinload(RecordChange.item), selectinload(RecordChange.decided_by))
        .order_by(RecordChange.state.not_in(OPEN_CHANGES), RecordChange.noted_at.desc(), RecordChange.id)
        .limit(limit)
    )
    return uow.session.scalars(query).all()


def open_changes(uow: UnitOfWork, organisation: Organisation) -> Sequence[RecordChange]:
    """Return what is noted, reported or asked about, by its last day."""
    query = select(RecordChange).where(
        RecordChange.organisation_id == organisation.id, RecordChange.state.in_(OPEN_CHANGES)
    )
    return uow.session.scalars(query.order_by(RecordChange.due_on, RecordChange.id)).all()


def changes_matching(*, text: str = "", state: str = "", part: str = "", late: str = "") -> Select[RecordChange]:
    """Select all agencies' changes by words, state, part and whether they came too late (R-AGENCY-03)."""
    query = select(RecordChange).join(Organisation, Organisation.id == RecordChange.organisation_id)
    if text:
        query = query.where(
            Organisation.name.icontains(text, autoescape=True) | RecordChange.title.icontains(text, autoescape=True)
        )
    if state in {one.value for one in RecordChangeState}:
        query = query.where(RecordChange.state == RecordChangeState(state))
    if part in {one.value for one in RecordPart}:
        query = query.where(RecordChange.part == RecordPart(part))
    if late:
        query = query.where(RecordChange.days_late > 0)
    return query


def applications_matching(*, text: str = "", state: str = "") -> Select[AgencyApplication]:
    """Select applications that were submitted at least once, by words and state."""
    query = (
        select(AgencyApplication)
        .join(Organisation, Organisation.id == AgencyApplication.organisation_id)
        .where(AgencyApplication.submitted_at.is_not(None))
    )
    if text:
        query = query.where(
            Organisation.name.icontains(text, autoescape=True)
            | AgencyApplication.number.icontains(text, autoescape=True)
        )
    if state in {one.value for one in AdmissionState}:
        query = query.where(AgencyApplication.state == AdmissionState(state))
    return query


def latest_application(uow: UnitOfWork, organisation: Organisation) -> AgencyApplication | None:
    """Return an organisation's latest application."""
    query = select(AgencyApplication).where(AgencyApplication.organisation_id == organisation.id)
    return uow.session.scalars(query.order_by(AgencyApplication.started_at.desc()).limit(1)).first()


def confirmations_of(uow: UnitOfWork, organisation: Organisation) -> Sequence[RecordConfirmation]:
    """Return the yearly confirmations, newest first."""
    query = select(RecordConfirmation).where(RecordConfirmation.organisation_id == organisation.id)
    return uow.session.scalars(query.order_by(RecordConfirmation.year.desc())).all()


def entry_of_library(uow: UnitOfWork, organisation: Organisation) -> Agency | None:
    """Return the organisation's entry in the library, or None while it is not in it."""
    return agency_of_organisation(uow, organisation.id)
