"""Versions of a tender's record: the first with the notice, and putting an amendment's changes into the tender."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy.orm.attributes import flag_modified

from core.errors import Refusal
from core.unit_of_work import UnitOfWork
from procurement.clarifying.entries import BY_NAME, amended
from procurement.drafting.lawfulness import breaches
from procurement.drafting.record import record_hash
from procurement.events import TenderPublished
from procurement.models import Amendment, Criterion, Keyholder, Tender, TenderVersion
from procurement.queries.amendments import versions_of
from procurement.services.drills import ask_for_drills
from procurement.states import CriterionKind

NOT_COLUMNS = ("criteria", "keyholders")


def note_first_version(uow: UnitOfWork, event: TenderPublished) -> None:
    """Keep what was published as version 1."""
    first_version(uow, event.tender)


def first_version(uow: UnitOfWork, tender: Tender) -> TenderVersion:
    """Return version 1, made from the tender's record if it does not stand yet."""
    known = versions_of(uow, tender)
    if known:
        return known[0]
    version = uow.add(
        TenderVersion(
            tender_id=tender.id,
            number=1,
            record=tender.record,
            record_hash=tender.record_hash,
            deadline=tender.deadline,
            published_at=tender.published_at,
            published_by_id=tender.approved_by_id,
            consequence=None,
        )
    )
    uow.session.flush()
    return version


def next_version(
    uow: UnitOfWork, amendment: Amendment, changes: Mapping[str, Any], deadline: datetime
) -> TenderVersion:
    """Write the version that an amendment makes with these changes, after the newest there is."""
    tender = amendment.tender
    first_version(uow, tender)
    number = versions_of(uow, tender)[-1].number + 1
    record = amended(tender.record or {}, changes, number)
    version = uow.add(
        TenderVersion(
            tender_id=tender.id,
            number=number,
            record=record,
            record_hash=record_hash(record),
            deadline=deadline,
            published_at=uow.now,
            published_by_id=uow.actor.user_id,
            reason=amendment.reason or "—",
            is_material=amendment.is_material,
            consequence=amendment.consequence,
        )
    )
    uow.session.flush()
    return version


def new_breaches(
    uow: UnitOfWork, amendment: Amendment, changes: Mapping[str, Any], deadline: datetime
) -> list[Refusal]:
    """Return the rules that the tender would break with these changes and does not break now; nothing is kept."""
    tender = amendment.tender
    before = {(one.rule_id, str(one.reason)) for one in breaches(uow, tender)}
    trial = uow.session.begin_nested()
    try:
        next_version(uow, amendment, changes, deadline)
        apply(uow, amendment, changes)
        after = [Refusal(str(one.reason), one.rule_id, one.field) for one in breaches(uow, tender)]
    finally:
        trial.rollback()
        uow.session.expire(tender)
    return [one for one in after if (one.rule_id, str(one.reason)) not in before]


def apply(uow: UnitOfWork, amendment: Amendment, changes: Mapping[str, Any]) -> None:
    """Put the changes into the tender's rows, so that every page says what its new record says."""
    tender = amendment.tender
    for name, value in changes.items():
        if name not in NOT_COLUMNS:
            parsed = BY_NAME[name].parsed(value)
            setattr(tender, name, int(parsed) if name == "keyholders_needed" else parsed)
    if "criteria" in changes:
        _put_criteria(uow, tender, changes["criteria"])
    if "keyholders" in changes:
        _put_keyholders(uow, tender, amendment)
    flag_modified(tender, "title")
    uow.session.flush()


def _put_criteria(uow: UnitOfWork, tender: Tender, criteria: list[dict[str, Any]]) -> None:
    known = {str(one.id): one for one in tender.criteria}
    for place, row in enumerate(tender.criteria, 1):
        row.position = 1000 + place  # positions are unique; the new order must not meet the old one
    uow.session.flush()
    kept = []
    for place, one in enumerate(criteria, 1):
        row = known.get(str(one["id"])) or Criterion(id=uuid.UUID(str(one["id"])), tender_id=tender.id)
        row.position, row.kind = place, CriterionKind(one["kind"])
        row.title, row.description = one["title"], one.get("description", "")
        row.maximum = None if one["maximum"] is None else Decimal(one["maximum"])
        row.bands = [dict(band) for band in one["bands"]]
        kept.append(row)
    tender.criteria[:] = kept
    uow.session.flush()


def _put_keyholders(uow: UnitOfWork, tender: Tender, amendment: Amendment) -> None:
    known = {one.user_id: one for one in tender.keyholders}
    before = {one.user_id: one.fingerprint for one in tender.keyholders}
    kept = []
    for one in amendment.keyholders:
        row = known.get(one.user_id) or Keyholder(id=uow.ids.new(), tender_id=tender.id, user_id=one.user_id)
        row.position, row.public_key = one.position, one.public_key
        row.fingerprint, row.registered_at = one.fingerprint, one.registered_at
        kept.append(row)
    tender.keyholders[:] = kept
    uow.session.flush()
    uow.session.expire(tender, ["keyholders"])
    ask_for_drills(uow, tender, [one.user_id for one in kept if before.get(one.user_id) != one.fingerprint])
