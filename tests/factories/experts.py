"""Experts, reviews and draws for tests."""

from __future__ import annotations

import itertools
from datetime import timedelta
from decimal import Decimal

from agencies.models import Engagement
from core.house import current_house
from core.identity.actor import actor_for
from core.identity.models import User
from core.identity.roles import Role
from core.unit_of_work import UnitOfWork
from experts.models import Expert, Review, Seat
from experts.queries.meeting import attendance_of
from experts.quotas import proposed
from experts.review_rules import LINES, review_rules
from experts.seats import panel_of
from experts.services.conclusions import consent, send_back
from experts.services.draw_steps import promise_entropy, reveal_entropy
from experts.services.draws import draws_of, lock_plan
from experts.services.invitations import Declaration, accept_seat
from experts.services.pool import ExpertEntry, admit_expert
from experts.services.reviews import Meeting, convene_review
from experts.services.sheets import Judgement, lock_sheet
from experts.services.sign_in import record_sign_in
from experts.states import Capacity, Category, ReviewState, SeatState
from projects.services.systems import set_indicators, submit_system
from projects.states import Industry
from tests.factories.agencies import make_agency, make_engagement
from tests.factories.identity import make_user
from tests.factories.projects import entries

_count = itertools.count(1)
CONFIRMED = Declaration({}, is_confirmed=True)
PHRASES = {Role.QUALITY_OFFICER: "quality officer's dice 5 2 6 1", Role.OBSERVER: "observer's dice 3 3 4 6 2"}
ORDER = (
    ReviewState.CONVENED,
    ReviewState.DRAWING,
    ReviewState.INVITING,
    ReviewState.SCORING,
    ReviewState.SCORED,
    ReviewState.PASSED,
)


def as_user(uow: UnitOfWork, user: User) -> UnitOfWork:
    """The same session with this user acting."""
    uow.session.flush()
    uow.session.expire(user, ["memberships"])
    actor = actor_for(uow.session, user.id)
    assert actor is not None
    return UnitOfWork(uow.session, actor, current_house())


def entry(uow: UnitOfWork, **changes) -> ExpertEntry:
    """An expert's entries that break no rule."""
    number = next(_count)
    return ExpertEntry(
        **{
            "name": f"专家{number}",
            "email": f"expert{number}@test.example",
            "employer": f"澄湖第{number}研究院",
            "professional_title": "副教授",
            "birth_year": uow.today.year - 45,
            "industries": (Industry.Q,),
            "categories": (Category.PERFORMANCE,),
            "appointed_on": uow.today - timedelta(days=30),
            "appointed_until": uow.today + timedelta(days=700),
            **changes,
        }
    )


def make_expert(uow: UnitOfWork, **changes) -> Expert:
    """An expert of the pool, at work for nobody else."""
    return admit_expert(uow, entry(uow, **changes))


def pool_of(uow: UnitOfWork, count: int = 16) -> list[Expert]:
    """A pool that can fill a review's seats: performance, trade, finance and scholars in turn."""
    kinds = (Category.PERFORMANCE, Category.INDUSTRY, Category.FINANCE, Category.SCHOLAR)
    return [make_expert(uow, categories=(kinds[number % 4],)) for number in range(count)]


def submitted_engagement(uow: UnitOfWork, **values) -> tuple[Engagement, User]:
    """An engagement whose agency has submitted its indicators, and the agency's manager."""
    agency = make_agency(uow)
    engagement = make_engagement(uow, agency=agency, **values)
    manager = make_user(uow, Role.AGENCY_MANAGER, organisation=agency.organisation)
    set_indicators(uow, engagement.system, entries())
    submit_system(as_user(uow, manager), engagement.system)
    return engagement, manager


def meeting(uow: UnitOfWork, **changes) -> Meeting:
    """A meeting that breaks no rule: five members, quotas as proposed."""
    return Meeting(
        **{
            "meets_at": uow.now + timedelta(days=5),
            "place": "财政局三楼会议室",
            "fee": Decimal(800),
            "answer_by": uow.now + timedelta(days=2),
            "size": 5,
            "reserves": 5,
            "quotas": proposed(review_rules(uow)),
            **changes,
        }
    )


def full_marks(uow: UnitOfWork, share: str = "0.9", **changes) -> Judgement:
    """A complete sheet at this share of every line's maximum, in half points."""
    points = {key: (most * Decimal(share) * 2).to_integral_value() / 2 for key, most in review_rules(uow).sheet.items()}
    assert set(points) == {key for key, _title, _hint in LINES}
    return Judgement(**{"points": points, "opinion": "指标清楚", "is_veto": False, **changes})


class Hall:
    """Everybody who takes part in one review, and the review taken as far as asked."""

    def __init__(
        self, uow: UnitOfWork, state: ReviewState = ReviewState.CONVENED, *, pool: int = 16, **changes
    ) -> None:
        self.uow = uow
        self.pool = pool_of(uow, pool)
        self.quality = make_user(uow, Role.QUALITY_OFFICER)
        self.observer = make_user(uow, Role.OBSERVER)
        self.engagement, self.manager = submitted_engagement(uow)
        self.review: Review = convene_review(
            as_user(uow, self.quality), self.engagement.system, meeting(uow, **changes)
        )
        target = ReviewState.SCORED if state is ReviewState.RETURNED else state
        steps = {
            ReviewState.DRAWING: self.lock,
            ReviewState.INVITING: self.draw,
            ReviewState.SCORING: self.begin,
            ReviewState.SCORED: self.score_all,
            ReviewState.PASSED: lambda: consent(as_user(uow, self.quality), self.review),
        }
        for step in ORDER[1 : ORDER.index(target) + 1]:
            steps[step]()
        if state is ReviewState.RETURNED:
            send_back(as_user(uow, self.quality), self.review, "产出指标不够量化")

    def lock(self) -> None:
        """The officer locks the plan."""
        lock_plan(as_user(self.uow, self.quality), self.review)

    def draw(self) -> None:
        """Two roles promise and reveal."""
        draw = draws_of(self.uow, self.review)[-1]
        for user, role in ((self.quality, Role.QUALITY_OFFICER), (self.observer, Role.OBSERVER)):
            promise_entropy(as_user(self.uow, user), draw, phrase=PHRASES[role])
        for user, role in ((self.quality, Role.QUALITY_OFFICER), (self.observer, Role.OBSERVER)):
            reveal_entropy(as_user(self.uow, user), draw, PHRASES[role])

    @property
    def panel(self) -> list[Seat]:
        """Who is invited, has accepted or submitted."""
        return panel_of(self.uow, self.review)

    def as_expert(self, seat: Seat) -> UnitOfWork:
        """A unit of work of the seat's expert."""
        return as_user(self.uow, seat.expert.user)

    def accept_all(self) -> None:
        """Everybody invited accepts."""
        for seat in self.panel:
            accept_seat(self.as_expert(seat), seat, CONFIRMED)

    def begin(self) -> None:
        """Everybody accepts and comes."""
        self.accept_all()
        self.gather()

    def gather(self) -> None:
        """Half an hour before the meeting the bureau, the agency and the experts sign in."""
        self.review.meets_at = self.uow.now + timedelta(minutes=30)
        self.uow.session.flush()
        secretary = as_user(self.uow, self.quality)
        for guest in self.review.attendees:
            if guest.capacity in (Capacity.FINANCE, Capacity.AGENCY):
                self.came(secretary, guest, "到会代表")
        for seat in self.panel:
            if seat.state is SeatState.ACCEPTED:
                self.came(secretary, seat)

    def came(self, secretary: UnitOfWork, subject, person: str = "") -> None:
        """The secretary records somebody, unless that was done before."""
        if subject.id not in attendance_of(self.uow, self.review).came:
            record_sign_in(secretary, self.review, subject, person)

    def score_all(self, share: str = "0.9") -> None:
        """Everybody signs in and locks a sheet."""
        self.gather()
        for seat in self.panel:
            lock_sheet(self.as_expert(seat), seat, full_marks(self.uow, share))


def review_in(uow: UnitOfWork, state: ReviewState, **changes) -> Hall:
    """A review in this state with everybody around it."""
    return Hall(uow, state, **changes)
