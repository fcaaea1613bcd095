"""What the room does by itself: invitations that nobody answered lapse, and the next expert is asked."""

from __future__ import annotations

from core.jobs.queue import Job, job
from core.unit_of_work import UnitOfWork
from experts.services.invitations import lapse_overdue


@job("experts.lapse", every="*/10 * * * *")
def lapse(uow: UnitOfWork) -> None:
    """Let overdue invitations lapse; doing it twice does nothing more."""
    lapse_overdue(uow)


def known() -> list[Job]:
    """Return the room's jobs; importing this module registers them."""
    return [lapse]
