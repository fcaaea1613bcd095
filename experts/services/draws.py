"""Holding a review's draw: what the pool allows, the plan locked, the panel seated; its steps are `draw_steps`."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy import select

from core.errors import Forbidden, Refusal, Refused
from core.i18n import _l
from core.identity.roles import Role
from core.permissions import policy
from core.unit_of_work import UnitOfWork
from experts.addresses import draw_page
from experts.draw import Candidate, DrawPlan, DrawResult, Infeasible, Pool, plan_draw
from experts.draw.pool import EMPLOYER, BadPool
from experts.models import Draw, Expert, Review, Seat
from experts.permissions import ENTROPY_ROLES, ReviewPermission
from experts.ports import Occasion
from experts.quotas import SeatQuota, capacities, features, kept
from experts.review_rules import review_rules
from experts.services.conflicts import Screened, screen
from experts.services.draw_steps import attempts_held, commit_plan
from experts.services.invitations import pass_over_new_conflicts
from experts.services.inviting import invite
from experts.services.reviews import earlier_panel
from experts.states import Category, ReviewState, SeatState
from experts.workflow import REVIEW
from projects.states import Industry


@dataclass(frozen=True)
class Outlook:
    """What the pool allows for a review: everybody screened, and the plan or why there is none."""

    screened: Sequence[Screened]
    plan: DrawPlan | None
    infeasible: Infeasible | None
    empty: BadPool | None = None


class Drawn(Protocol):
    """What a draw is for: how many seats and reserves, under which number."""

    @property
    def number(self) -> str:
        """The number under which the draw is recorded."""

    @property
    def size(self) -> int:
        """How many seats are drawn."""

    @property
    def reserves(self) -> int:
        """How many stand by in their order."""


def planned_draw(
    uow: UnitOfWork, screened: Sequence[Screened], quotas: Sequence[SeatQuota], drawn: Drawn, industry: Industry
) -> DrawPlan:
    """Plan a draw of seats from screened experts. Raises `Infeasible` or `BadPool` where no panel fits."""
    pool = Pool(
        [
            Candidate(
                str(one.expert.id),
                features(one.expert, industry),
                one.expert.employer,
                one.exclusion.value if one.exclusion else None,
            )
            for one in screened
        ]
    )
    return plan_draw(
        pool,
        drawn.size,
        [one.for_draw() for one in quotas],
        drawn.reserves,
        caps={EMPLOYER: review_rules(uow).per_employer},
        purpose=drawn.number,
    )


def outlook(uow: UnitOfWork, review: Review, quotas: Sequence[SeatQuota] | None = None) -> Outlook:
    """Work out each expert's chance of a seat, or which quotas block and the least that would have to give."""
    screened = screen(uow, review.engagement)
    wanted = quotas if quotas is not None else kept(review.quotas)
    try:
        plan = planned_draw(uow, screened, wanted, review, review.engagement.project.industry)
    except Infeasible as infeasible:
        return Outlook(screened, None, infeasible)
    except BadPool as bad:
        return Outlook(screened, None, None, bad)
    return Outlook(screened, plan, None)


def held_for(review: Review) -> str:
    """Return the word by which a review's draws are found."""
    return f"review:{review.id}"


def draws_of(uow: UnitOfWork, review: Review) -> list[Draw]:
    """Return the review's draws, first attempt first."""
    return attempts_held(uow, held_for(review))


def lock_plan(uow: UnitOfWork, review: Review) -> Draw:
    """Commit snapshot, exclusions, quotas and lottery before anybody gives entropy.

    Raises `Refused` where no panel fits, naming the quotas that block.
    """
    seen = outlook(uow, review)
    if seen.plan is None:
        raise Refused(Refusal(_l("没有符合全部配额的专家组合，请先调整配额或补充专家"), rule_id="R-IND.seats"))
    REVIEW.fire(uow, review, "draw")
    return commit_plan(uow, seen.plan, held_for(review), review_id=review.id)


def review_occasion(uow: UnitOfWork, review_id: uuid.UUID) -> Occasion:
    """Return a review as what its draw is held for."""
    review = uow.session.get_one(Review, review_id)
    return Occasion(
        review,
        review.number,
        draw_page(review.id),
        tuple((one,) for one in ENTROPY_ROLES),
        (Role.OBSERVER, Role.QUALITY_OFFICER),
        _settle,
    )


def _settle(uow: UnitOfWork, draw: Draw, result: DrawResult) -> None:
    """Seat the panel drawn and invite it."""
    review = uow.session.get_one(Review, draw.review_id)
    REVIEW.fire(uow, review, "invite", as_system=True)
    seats = seat_drawn(uow, review, [*result.seats, *result.reserves])
    for seat in seats[: len(result.seats)]:
        invite(uow, seat, answer_by=review.answer_by)
    pass_over_new_conflicts(uow, review)


def seat_drawn(uow: UnitOfWork, review: Review, names: Sequence[str]) -> list[Seat]:
    """Give a row to everybody drawn, seats first and reserves after them, in the order of the draw."""
    found = {str(one.id): one for one in uow.session.scalars(select(Expert).where(Expert.id.in_(names))).unique()}
    experts = [found[name] for name in names]
    categories = capacities(experts, kept(review.quotas), review.engagement.project.industry)
    return [
        new_seat(uow, review, expert, category=category, position=position)
        for position, (expert, category) in enumerate(zip(experts, categories, strict=True), start=1)
    ]


def new_seat(uow: UnitOfWork, review: Review, expert: Expert, *, category: Category, position: int) -> Seat:
    """Add a seat in reserve."""
    return uow.add(
        Seat(
            review_id=review.id,
            review=review,
            expert_id=expert.id,
            expert=expert,
            category=category,
            position=position,
            state=SeatState.RESERVE,
            invited_at=None,
            answer_by=None,
            answered_at=None,
            declared_at=None,
        )
    )


def call_earlier_panel(uow: UnitOfWork, review: Review) -> list[Seat]:
    """Ask the panel of the round before again instead of drawing (R-IND.rework); its draw continues on a decline.

    Raises `Refused` when there is no earlier panel of this review's size.
    """
    before = earlier_panel(uow, review)
    if review.state is not ReviewState.CONVENED or len(before) != review.size:
        raise Refused(Refusal(_l("没有可以沿用的原专家组，请抽取"), rule_id="R-IND.rework"))
    if not policy.allows(uow.actor, ReviewPermission.PREPARE_DRAW, review):
        raise Forbidden(policy.decide(uow.actor, ReviewPermission.PREPARE_DRAW, review).reason)
    REVIEW.fire(uow, review, "invite", as_system=True)
    seats = [
        new_seat(uow, review, one.expert, category=one.category, position=position)
        for position, one in enumerate(before, start=1)
    ]
    for seat in seats:
        invite(uow, seat, answer_by=review.answer_by)
    pass_over_new_conflicts(uow, review)
    return seats
