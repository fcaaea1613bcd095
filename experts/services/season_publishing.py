"""Publishing a season: each review is seated and invited by a job of its own, so that a killed worker loses nothing."""

from __future__ import annotations

import uuid

from core.errors import Refusal, Refused
from core.i18n import _l
from core.jobs import defer, job
from core.notifications.send import notify
from core.unit_of_work import UnitOfWork
from experts.addresses import season_page
from experts.models import Season, SeasonReview
from experts.notifications import SEASON_SKIPPED
from experts.quotas import CATEGORIES
from experts.services.conflicts import screen
from experts.services.draws import new_seat
from experts.services.invitations import pass_over_new_conflicts
from experts.services.inviting import invite
from experts.states import Category, ReviewState, SeasonState, SeatedState
from experts.workflow import REVIEW, SEASON


def publish_season(uow: UnitOfWork, season: Season, reason: str = "") -> None:
    """Publish the plan: invitations go out to its seats.

    A plan without chance needs its reason, because experts are drawn as a rule (R-EXP-09, R-EXP.season).
    """
    if season.options.get("pair_percent") is None and not reason.strip():
        raise Refused(Refusal(_l("不按机会分配的，请写明理由"), rule_id="R-EXP-09", field="reason"))
    SEASON.fire(uow, season, "publish", reason=reason.strip() or None, assign={"chosen_reason": reason.strip()})
    for part in season.parts:
        defer(uow, seat_review, lock=f"season:{season.id}", part_id=str(part.id))


@job("experts.seat-review")
def seat_review(uow: UnitOfWork, part_id: str) -> None:
    """Seat and invite one review of a published season; done twice it does nothing more."""
    part = uow.get(SeasonReview, uuid.UUID(part_id))
    if part is None or part.season.state is not SeasonState.PUBLISHED or part.outcome is not SeatedState.WAITING:
        return
    review = part.review
    uow.lock(review)
    if review.state is not ReviewState.CONVENED:
        _skip(uow, part, "已开始抽取或已取消")
        return
    REVIEW.fire(uow, review, "invite", as_system=True)
    barred = [one for one in screen(uow, review.engagement, only=[seat.expert for seat in part.seats]) if one.exclusion]
    chosen = sorted(part.seats, key=lambda one: one.position)
    seats = [
        (
            one,
            new_seat(
                uow, review, one.expert, category=_category(one.kind, one.expert.category_labels), position=one.position
            ),
        )
        for one in chosen
    ]
    uow.session.flush()
    for one, seat in seats:
        if not one.is_reserve:
            invite(uow, seat, answer_by=review.answer_by)
    part.outcome = SeatedState.SEATED
    uow.session.flush()
    uow.record("season.seat", part.season, about=(review,), after={"seats": sum(not one.is_reserve for one in chosen)})
    if barred:
        pass_over_new_conflicts(uow, review)


def _skip(uow: UnitOfWork, part: SeasonReview, note: str) -> None:
    part.outcome, part.note = SeatedState.SKIPPED, note
    uow.session.flush()
    uow.record("season.skip", part.season, about=(part.review,), after={"note": note})
    notify(
        uow,
        SEASON_SKIPPED,
        [part.season.opened_by_id],
        url=season_page(part.season_id),
        params={"number": part.review.number},
    )


def _category(kind: str, held: list[Category]) -> Category:
    wanted = CATEGORIES[kind]
    return next((one for one in held if one in wanted), held[0])
