"""A report reviewed by a panel for tests: disposed report, pool, panel taken as far as asked."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from core.identity.roles import Role
from core.unit_of_work import UnitOfWork
from experts.services.draw_steps import promise_entropy, reveal_entropy
from experts.services.invitations import Declaration
from experts.states import Capacity
from grading.models import ReportReview, ReportSeat
from grading.queries.report_review import report_seats_of
from grading.services.report_reviews import (
    GuestEntry,
    PanelEntry,
    convene_report_review,
    draws_of_report,
    lock_panel,
)
from grading.services.report_seats import accept_report_seat
from grading.states import PanelWay, ReportSeatState
from tests.factories.experts import pool_of
from tests.factories.grading import checked_submission
from tests.factories.identity import make_user

PHRASES = ("the quality officer's dice 5 2 6", "the observer's dice 3 3 4 6 2")
CONFIRMED = Declaration({}, is_confirmed=True)


def panel_entry(uow: UnitOfWork, **changes) -> PanelEntry:
    """Three experts, two reserves and two representatives, written, that break no rule."""
    values = {
        "way": PanelWay.DRAWN,
        "size": 3,
        "reserves": 2,
        "minimums": {"performance": 1},
        "due_on": uow.today + timedelta(days=10),
        "fee": Decimal(800),
        "answer_hours": 48,
        "guests": (GuestEntry(Capacity.CONGRESS, "区人大财经委"), GuestEntry(Capacity.AUDIT, "区审计局")),
        **changes,
    }
    return PanelEntry(**values)


class Panel:
    """Everybody around one report's panel."""

    def __init__(self, uow: UnitOfWork, *, pool: int = 10, **changes) -> None:
        self.uow = uow
        self.desk = checked_submission(uow)
        self.desk.dispose()
        self.pool = pool_of(uow, pool)
        self.officer, self.observer = self.desk.quality, make_user(uow, Role.OBSERVER)
        entry = panel_entry(uow, **changes)
        self.review: ReportReview = convene_report_review(self.as_officer(), self.desk.submission, entry)

    def as_officer(self) -> UnitOfWork:
        """A unit of work of the quality officer."""
        return self.desk.acting(self.officer)

    def draw(self) -> Panel:
        """Lock, and two roles promise and reveal."""
        lock_panel(self.as_officer(), self.review)
        (draw,) = draws_of_report(self.uow, self.review)
        people = list(zip((self.officer, self.observer), PHRASES, strict=True))
        for user, phrase in people:
            promise_entropy(self.desk.acting(user), draw, phrase=phrase)
        for user, phrase in people:
            reveal_entropy(self.desk.acting(user), draw, phrase)
        return self

    def in_state(self, state: ReportSeatState) -> list[ReportSeat]:
        """Those in this state."""
        return [one for one in report_seats_of(self.uow, self.review) if one.state is state]

    def as_expert(self, seat: ReportSeat) -> UnitOfWork:
        """A unit of work of an expert."""
        return self.desk.acting(seat.expert.user)

    def accept_all(self) -> Panel:
        """Everybody invited accepts."""
        for seat in self.in_state(ReportSeatState.INVITED):
            accept_report_seat(self.as_expert(seat), seat, CONFIRMED)
        self.uow.session.expire_all()
        return self

    def rate_all(self, share: str = "0.8") -> Panel:
        """Every expert rates and locks."""
        for seat in self.in_state(ReportSeatState.ACCEPTED):
            self.desk.rate(seat.expert.user, share, "数据可信，建议还要细化")
        return self
