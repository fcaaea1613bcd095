"""Holding a review's draw: plan, commitment, entropy of two roles, pick, void and next attempt."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from core.errors import Forbidden, Refusal, Refused
from core.i18n import _l
from core.identity.roles import Role
from core.notifications.send import notify
from core.permissions import policy
from core.unit_of_work import UnitOfWork
from experts.addresses import draw_page
from experts.draw import (
    Candidate,
    DrawPlan,
    Infeasible,
    Pool,
    commit_draw,
    plan_draw,
    public_record,
    record,
    run_draw,
)
from experts.draw.entropy import FEWEST_ROLES, promised
from experts.draw.pool import EMPLOYER, BadPool
from experts.models import Draw, EntropyShare, Expert, Review, Seat
from experts.notifications import ENTROPY_WANTED, REVEAL_WANTED
from experts.permissions import ENTROPY_ROLES, ReviewPermission
from experts.quotas import SeatQuota, capacities, features, kept
from experts.review_rules import review_rules
from experts.services.conflicts import Screened, screen, user_ids_with
from experts.services.invitations import invite, pass_over_new_conflicts
from experts.services.reviews import earlier_panel
from experts.states import Category, DrawState, ReviewState, SeatState
from experts.stored_draws import attempts_of, plan_from, secret_from
from experts.workflow import DRAW, REVIEW

SHORTEST_PHRASE = 16


@dataclass(frozen=True)
class Outlook:
    """What the pool allows for a review: everybody screened, and the plan or why there is none."""

    screened: Sequence[Screened]
    plan: DrawPlan | None
    infeasible: Infeasible | None
    empty: BadPool | None = None


def outlook(uow: UnitOfWork, review: Review, quotas: Sequence[SeatQuota] | None = None) -> Outlook:
    """Work out each expert's chance of a seat, or which quotas block and the least that would have to give."""
    screened = screen(uow, review.engagement)
    industry = review.engagement.project.industry
    wanted = quotas if quotas is not None else kept(review.quotas)
    try:
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
        plan = plan_draw(
            pool,
            review.size,
            [one.for_draw() for one in wanted],
            review.reserves,
            caps={EMPLOYER: review_rules(uow).per_employer},
            purpose=review.number,
        )
    except Infeasible as infeasible:
        return Outlook(screened, None, infeasible)
    except BadPool as bad:
        return Outlook(screened, None, None, bad)
    return Outlook(screened, plan, None)


def draws_of(uow: UnitOfWork, review: Review) -> list[Draw]:
    """Return the review's draws, first attempt first."""
    return list(
        uow.session.scalars(
            select(Draw)
            .where(Draw.review_id == review.id)
            .options(selectinload(Draw.shares).joinedload(EntropyShare.user))
            .order_by(Draw.attempt)
        )
    )


def lock_plan(uow: UnitOfWork, review: Review) -> Draw:
    """Commit snapshot, exclusions, quotas and lottery before anybody gives entropy.

    Raises `Refused` where no panel fits, naming the quotas that block.
    """
    seen = outlook(uow, review)
    if seen.plan is None:
        raise Refused(Refusal(_l("没有符合全部配额的专家组合，请先调整配额或补充专家"), rule_id="R-IND.seats"))
    REVIEW.fire(uow, review, "draw")
    salt = secrets.token_hex(32)
    draw = uow.add(
        Draw(
            review_id=review.id,
            attempt=1,
            state=DrawState.COMMITTED,
            plan=seen.plan.body(),
            salt=salt,
            commitment=commit_draw(seen.plan, salt),
            committed_at=uow.now,
            committed_by_id=uow.actor.user_id,
            done_at=None,
            record=None,
            public_record=None,
            barred=[],
        )
    )
    uow.session.flush()
    uow.record("draw.commit", draw, about=(review,), after={"commitment": draw.commitment})
    _ask_for_entropy(uow, review)
    return draw


def _ask_for_entropy(uow: UnitOfWork, review: Review) -> None:
    others = set(user_ids_with(uow, Role.OBSERVER, Role.QUALITY_OFFICER)) - {uow.actor.user_id}
    notify(uow, ENTROPY_WANTED, others, url=draw_page(review.id), params={"number": review.number}, by_mail=False)


def anchor_of(draws: Sequence[Draw]) -> str:
    """Return what promises of the last attempt are bound to."""
    return attempts_of(draws)[-1].anchor


def role_for(uow: UnitOfWork, draw: Draw) -> Role | None:
    """Return the role in which the actor may still give entropy to this draw, or None."""
    if not policy.allows(uow.actor, ReviewPermission.GIVE_ENTROPY, draw):
        return None
    if any(share.user_id == uow.actor.user_id for share in draw.shares):
        return None
    taken = {share.role for share in draw.shares}
    return next((one for one in ENTROPY_ROLES if one not in taken and uow.actor.has(one)), None)


def promise_entropy(uow: UnitOfWork, draw: Draw, *, commitment: str = "", phrase: str = "") -> EntropyShare:
    """Promise entropy in one of the actor's roles.

    The browser sends the `commitment` it computed; without JavaScript the `phrase` itself is sent, its commitment
    computed and the phrase forgotten. With the second role's promise the draw waits for the reveals.
    """
    uow.lock(draw)
    if not policy.allows(uow.actor, ReviewPermission.GIVE_ENTROPY, draw):
        raise Forbidden(policy.decide(uow.actor, ReviewPermission.GIVE_ENTROPY, draw).reason)
    role = role_for(uow, draw)
    if draw.state is not DrawState.COMMITTED or role is None:
        raise Refused(Refusal(_l("此角色已提交承诺，或抽取已不在收集承诺的阶段")))
    draws = draws_of(uow, draw.review)
    at = anchor_of(draws)
    if not commitment:
        _check_phrase(phrase)
        commitment = promised(at, role.value, secret_from(phrase))
    if len(commitment) != 64 or set(commitment) - set("0123456789abcdef"):
        raise Refused(Refusal(_l("承诺应为 64 位十六进制数字"), field="commitment"))
    share = EntropyShare(
        id=uow.ids.new(),
        draw_id=draw.id,
        user_id=uow.actor.user_id,
        role=role,
        commitment=commitment,
        committed_at=uow.now,
        value=None,
        revealed_at=None,
    )
    draw.shares.append(share)
    uow.session.flush()
    uow.record("draw.promise", draw, about=(draw.review,), after={"role": role.value, "commitment": commitment})
    if len(draw.shares) >= FEWEST_ROLES:
        DRAW.fire(uow, draw, "collect", as_system=True)
        notify(
            uow,
            REVEAL_WANTED,
            [one.user_id for one in draw.shares],
            url=draw_page(draw.review_id),
            params={"number": draw.review.number},
        )
    return share


def _check_phrase(phrase: str) -> None:
    if len(phrase.strip()) < SHORTEST_PHRASE:
        raise Refused(
            Refusal(_l("口令至少 %(count)s 个字符，请任意书写或掷骰得出", count=SHORTEST_PHRASE), field="phrase")
        )


def reveal_entropy(uow: UnitOfWork, draw: Draw, phrase: str) -> None:
    """Reveal what was promised; the last reveal settles the draw, seats the panel and sends the invitations."""
    uow.lock(draw)
    share = next((one for one in draw.shares if one.user_id == uow.actor.user_id), None)
    if draw.state is not DrawState.REVEALING or share is None:
        raise Refused(Refusal(_l("现在不能揭示：承诺尚未收齐，或您没有提交过承诺")))
    if share.value is not None:
        raise Refused(Refusal(_l("您已揭示过，不能更改")))
    secret = secret_from(phrase)
    if promised(anchor_of(draws_of(uow, draw.review)), share.role.value, secret) != share.commitment:
        raise Refused(Refusal(_l("与您提交的承诺不符，请核对口令（区分大小写和空格）"), field="phrase"))
    share.value, share.revealed_at = secret, uow.now
    uow.session.flush()
    uow.record("draw.reveal", draw, about=(draw.review,), after={"role": share.role.value})
    if all(one.value is not None for one in draw.shares):
        _finish(uow, draw)


def _finish(uow: UnitOfWork, draw: Draw) -> None:
    review = draw.review
    draws = draws_of(uow, review)
    plan, attempts = plan_from(draw.plan), attempts_of(draws)
    result = run_draw(plan, attempts[-1])
    full = record(plan, draw.salt, attempts, result)
    DRAW.fire(uow, draw, "finish", as_system=True, assign={"record": full, "public_record": public_record(full)})
    uow.record("draw.result", draw, about=(review,), after={"record": full["digests"]["record"]})
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


def void_draw(uow: UnitOfWork, draw: Draw) -> Draw:
    """Declare the attempt void, naming the roles that withheld, and open the next one on the same plan."""
    uow.lock(draw)
    missing = [share for share in draw.shares if share.value is None]
    reason = "、".join(share.role.value for share in missing)
    DRAW.fire(uow, draw, "void", reason=reason or None, assign={"void_reason": reason})
    uow.record("draw.void", draw, about=(draw.review,), after={"missing": [share.role.value for share in missing]})
    again = uow.add(
        Draw(
            review_id=draw.review_id,
            attempt=draw.attempt + 1,
            state=DrawState.COMMITTED,
            plan=draw.plan,
            salt=draw.salt,
            commitment=draw.commitment,
            committed_at=uow.now,
            committed_by_id=uow.actor.user_id,
            done_at=None,
            record=None,
            public_record=None,
            barred=[str(share.user_id) for share in missing],
        )
    )
    uow.session.flush()
    _ask_for_entropy(uow, draw.review)
    return again


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
