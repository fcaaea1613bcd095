"""What the room does by itself: invitations that nobody answered lapse, and the next expert is asked."""

from __future__ import annotations

from core.jobs.queue import Job, job
from core.unit_of_work import UnitOfWork
from experts.services.invitations import lapse_overdue
from experts.services.leaving import suspend_by_rule
from experts.services.reminding import remind
from experts.services.season_publishing import seat_review
from experts.services.season_runs import compute_season


@job("experts.lapse", every="*/10 * * * *")
def lapse(uow: UnitOfWork) -> None:
    """Let overdue invitations lapse; doing it twice does nothing more."""
    lapse_overdue(uow)


@job("experts.suspend", every="20 4 * * *")
def suspend(uow: UnitOfWork) -> None:
    """Suspend whom the rule asks to be suspended (R-EXP.suspension); doing it twice does nothing more."""
    suspend_by_rule(uow)


@job("experts.remind", every="5-59/10 * * * *")
def remind_of_invitations(uow: UnitOfWork) -> None:
    """Send the reminders of invitations and meetings that are due; each goes out once."""
    remind(uow)


def known() -> list[Job]:
    """Return the room's jobs; importing this module registers them."""
    return [lapse, suspend, remind_of_invitations, compute_season, seat_review]
