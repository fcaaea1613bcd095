"""Open data: what became public is appended as releases, which never change (OCDS 1.1.5)."""

from __future__ import annotations

from sqlalchemy import select

from core.unit_of_work import UnitOfWork
from procurement.models import OcdsRelease, Tender
from procurement.ocds import Release, releases_of
from procurement.public_process import Process


def publish_releases(uow: UnitOfWork, tender: Tender, process: Process) -> list[OcdsRelease]:
    """Append the releases of what of the purchase is public and was not yet said; return the new ones."""
    rows = uow.session.scalars(
        select(OcdsRelease).where(OcdsRelease.tender_id == tender.id).order_by(OcdsRelease.position)
    ).all()
    published = [as_release(row) for row in rows]
    made = [
        uow.add(
            OcdsRelease(
                tender_id=tender.id,
                position=position,
                release_id=one.id,
                ocid=one.ocid,
                tag=one.tag,
                released_at=one.at,
                stored_at=uow.now,
                text=one.text,
                sha256=one.sha256,
            )
        )
        for position, one in enumerate(
            releases_of(process, uow.now, uow.house.settings.ocds_prefix, published), len(rows) + 1
        )
    ]
    uow.session.flush()
    return made


def as_release(row: OcdsRelease) -> Release:
    """Return a stored release as the mapping knows it."""
    return Release(id=row.release_id, ocid=row.ocid, tag=row.tag, at=row.released_at, text=row.text)
