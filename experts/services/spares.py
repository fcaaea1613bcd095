"""Reserves asked beside the panel, as many as the experts' history of answers suggests (R-EXP.wave)."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from core.errors import Forbidden, Refusal, Refused
from core.i18n import _l
from core.notifications.send import notify
from core.parameters import overrides
from core.permissions import policy
from core.unit_of_work import UnitOfWork
from core.workflow import TransitionFired
from experts.addresses import seat_page
from experts.models import Review, Seat
from experts.notifications import CALLED_OFF, RELEASED
from experts.permissions import ReviewPermission
from experts.queries.records import service_records
from experts.seats import panel_of, seats_of, spares_of
from experts.services.conflicts import screen
from experts.services.inviting import invite
from experts.services.links import end_links
from experts.states import ReviewState, SeatState
from experts.waves import History, Prior, Wave, acceptance, wave
from experts.workflow import SEAT

RULE = "R-EXP.wave"


@dataclass(frozen=True)
class Expected:
    """An expert who is or could be asked: the history and the chance to accept that follows."""

    seat: Seat
    history: History
    chance: float


@dataclass(frozen=True)
class Suggestion:
    """How many reserves to ask now, and why: the open seats, who holds them, who would be asked."""

    wave: Wave
    wanted: float
    open: Sequence[Expected]
    asked: Sequence[Expected]
    candidates: Sequence[Expected]

    @property
    def further(self) -> Sequence[Expected]:
        """Who would be asked now, in the order of the draw."""
        return self.candidates[: max(0, self.wave.spare - len(self.asked))]


def histories(uow: UnitOfWork, expert_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, History]:
    """Return how each expert answered so far, reviews and committees alike: the pool's own record."""
    return {
        key: History(one.accepted + one.declined + one.silent, one.accepted)
        for key, one in service_records(uow, expert_ids).items()
    }


def prior_of(uow: UnitOfWork) -> tuple[Prior, float, int]:
    """Return the bureau's prior, the chance wanted, and how many may be asked beyond the seats (R-EXP.wave)."""
    book, on, local = uow.house.rules, uow.today, overrides(uow)
    share = book.number(RULE, "accept_percent", on=on, overrides=local) / 100
    weight = book.whole(RULE, "prior_weight", on=on, overrides=local)
    wanted = book.number(RULE, "chance_min", on=on, overrides=local) / 100
    most = book.whole(RULE, "spare_max", on=on, overrides=local)
    return Prior(float(share), float(weight)), float(wanted), most


def suggestion(uow: UnitOfWork, review: Review) -> Suggestion | None:
    """Work out how many reserves to ask beside the panel; None while no seat is open or nobody is in reserve."""
    if review.state is not ReviewState.INVITING:
        return None
    seats = seats_of(uow, review)
    waiting = [seat for seat in seats if seat.state is SeatState.INVITED and not seat.is_spare]
    reserves = [seat for seat in seats if seat.state is SeatState.RESERVE]
    spares = spares_of(uow, review)
    if not waiting or not (reserves or spares):
        return None
    prior, wanted, most = prior_of(uow)
    known = histories(uow, [seat.expert_id for seat in (*waiting, *spares, *reserves)])

    def expected(seat: Seat) -> Expected:
        history = known.get(seat.expert_id, History())
        return Expected(seat, history, 1.0 if seat.state is SeatState.ACCEPTED else acceptance(history, prior))

    barred = {
        one.expert.id for one in screen(uow, review.engagement, only=[s.expert for s in reserves]) if one.exclusion
    }
    opened, asked = [expected(one) for one in waiting], [expected(one) for one in spares]
    candidates = [expected(one) for one in reserves if one.expert_id not in barred]
    order = [*opened, *asked, *candidates]
    found = wave([one.chance for one in order], len(waiting), wanted=wanted, spare_max=max(most, len(asked)))
    return Suggestion(found, wanted, opened, asked, candidates)


def ask_spares(uow: UnitOfWork, review: Review) -> Sequence[Seat]:
    """Ask the suggested reserves beside the panel; whoever of them accepts waits for a seat to be vacated.

    Raises `Refused` where nobody more is to be asked.
    """
    if not policy.allows(uow.actor, ReviewPermission.PREPARE_DRAW, review):
        raise Forbidden(policy.decide(uow.actor, ReviewPermission.PREPARE_DRAW, review).reason)
    uow.lock(review)
    found = suggestion(uow, review)
    if found is None or not found.further:
        raise Refused(Refusal(_l("按各人的接受率，不需要再多问候补"), rule_id=RULE))
    asked = [one.seat for one in found.further]
    for seat in asked:
        invite(uow, seat, answer_by=review.answer_by, is_spare=True)
    uow.record(
        "review.ask_spares",
        review,
        after={"asked": len(asked), "chance": round(found.wave.chance, 4), "alone": round(found.wave.alone, 4)},
    )
    return asked


def release_spares(uow: UnitOfWork, event: TransitionFired) -> None:
    """Event: with the scoring closed or the review called off nobody waits any longer, and everybody is told."""
    if event.workflow != "review" or event.name not in ("close_scoring", "cancel"):
        return
    review = event.subject
    words = {"number": review.number}
    for seat in spares_of(uow, review):
        SEAT.fire(uow, seat, "release", as_system=True)
        end_links(uow, seat)
        if event.name == "close_scoring":
            notify(uow, RELEASED, [seat.expert.user_id], url=seat_page(seat.id), params=words)
    if event.name == "cancel":
        for seat in panel_of(uow, review):
            end_links(uow, seat)
            notify(uow, CALLED_OFF, [seat.expert.user_id], url=seat_page(seat.id), params=words)
