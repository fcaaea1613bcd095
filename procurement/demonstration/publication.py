"""Where the demonstration's older notices stand in the designated medium; the newest still wait to be registered."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from core.unit_of_work import UnitOfWork
from procurement.demonstration.remedies import SUPERVISOR
from procurement.demonstration.tenders import OFFICER, World, acting
from procurement.models import PublicNotice
from procurement.services.public_notices import register_external
from procurement.states import NoticeKind

WAITING = timedelta(days=8)
AFTER = timedelta(minutes=20)


def populate_publication(_uow: UnitOfWork, world: World) -> None:
    """Register every notice but those of the last days, twenty minutes after it stood on the bureau's own page."""
    old = select(PublicNotice.id).where(
        PublicNotice.published_at < world.now - WAITING, PublicNotice.external_at.is_(None)
    )
    for number, key in enumerate(world.session.scalars(old.order_by(PublicNotice.published_at)).all(), 1):
        notice = world.session.get_one(PublicNotice, key)
        at = notice.published_at + AFTER
        who = SUPERVISOR if notice.kind is NoticeKind.COMPLAINT else OFFICER
        with acting(world, who, at) as uow:
            register_external(uow, notice, f"https://zfcg.example/notice/{at:%Y%m%d}{number:03d}", at)
