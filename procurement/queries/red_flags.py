"""Reads of the red flags: for supervision's desk, for their own list, and what one of them rests on."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from core.identity.models import Organisation
from core.unit_of_work import UnitOfWork
from procurement.models import OcdsRelease, RedFlag, Tender
from procurement.states import Indicator
from procurement.supervision_signals import Signal, Weight

WEIGHTS: Mapping[Indicator, Weight] = {
    Indicator.R028: "high",
    Indicator.R030: "high",
    Indicator.R035: "medium",
    Indicator.R018: "medium",
    Indicator.R024: "medium",
    Indicator.R025: "medium",
    Indicator.R038: "medium",
    Indicator.R058: "medium",
}


@dataclass(frozen=True)
class Basis:
    """A purchase that a flag rests on; `tender` is None for one the house no longer holds."""

    ocid: str
    lot: str
    tender: Tender | None


def weight_of(flag: RedFlag) -> Weight:
    """Return how much a flag weighs; a low bid that fell weighs more where price alone decides."""
    code = Indicator(flag.code)
    if code is Indicator.R036:
        return "medium" if flag.facts.get("price_only") == "1" else "low"
    return WEIGHTS.get(code, "low")


def red_flag_signals(uow: UnitOfWork) -> Iterator[Signal]:
    """Yield the flags for supervision's desk; only what was published is looked at, so nothing is told early."""
    for row in all_flags(uow):
        indicator = Indicator(row.code)
        about = row.organisation.name if row.organisation else row.tender.title if row.tender else ""
        yield Signal(
            f"red-flag:{row.id}",
            row.tender_id,
            about,
            indicator.label,
            row.code,
            weight_of(row),
            row.found_at,
            f"/supervision/flags/{row.id}",
            indicator.rule_id,
            row.organisation_id,
        )


def all_flags(uow: UnitOfWork, code: str = "") -> Sequence[RedFlag]:
    """Return the flags, by code and the newest first; of one code when given."""
    query = select(RedFlag).order_by(RedFlag.code, RedFlag.found_at.desc(), RedFlag.id)
    if code:
        query = query.where(RedFlag.code == code)
    return uow.session.scalars(query.options(joinedload(RedFlag.tender), joinedload(RedFlag.organisation))).all()


def flag_counts(uow: UnitOfWork) -> dict[str, int]:
    """Return how many flags each code has."""
    rows = uow.session.execute(select(RedFlag.code, func.count()).group_by(RedFlag.code))
    return dict(rows.all())


def load_flag(uow: UnitOfWork, flag_id: uuid.UUID) -> RedFlag | None:
    """Return the flag with this id."""
    return uow.get(RedFlag, flag_id)


def basis_of(uow: UnitOfWork, flag: RedFlag) -> list[Basis]:
    """Return the purchases a flag rests on, in its order: one query."""
    ocids = [str(one[0]) for one in flag.contests]
    rows = uow.session.execute(
        select(OcdsRelease.ocid, Tender)
        .join(Tender, Tender.id == OcdsRelease.tender_id)
        .where(OcdsRelease.position == 1, OcdsRelease.ocid.in_(ocids))
    )
    tenders = dict(rows.all())
    return [Basis(str(ocid), str(lot), tenders.get(str(ocid))) for ocid, lot in flag.contests]


def organisations_of(uow: UnitOfWork, flag: RedFlag) -> list[Organisation]:
    """Return the organisations a flag names, by name."""
    ids = [uuid.UUID(one) for one in flag.organisations]
    return list(uow.session.scalars(select(Organisation).where(Organisation.id.in_(ids)).order_by(Organisation.name)))
