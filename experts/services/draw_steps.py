"""The steps of a draw, whatever it is held for: plan committed, entropy of two sides, pick, void, continuation."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Callable, Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from core.errors import Forbidden, Refusal, Refused
from core.i18n import _l
from core.identity.people import user_ids_with
from core.identity.roles import Role
from core.notifications.send import notify
from core.permissions import policy
from core.unit_of_work import UnitOfWork
from experts.draw import DrawPlan, DrawResult, Replacement, commit_draw, public_record, record, run_draw
from experts.draw.entropy import FEWEST_ROLES, promised
from experts.draw.seats import NoReserve, next_reserve
from experts.models import Draw, EntropyShare
from experts.notifications import ENTROPY_WANTED, REVEAL_WANTED
from experts.permissions import ReviewPermission
from experts.ports import occasion_of
from experts.states import DrawState
from experts.stored_draws import attempts_of, plan_from, replacements_in, result_of, secret_from
from experts.workflow import DRAW

SHORTEST_PHRASE = 16
ASKED_AT_ONCE = 100
"""About how many of those who might follow is asked at once whether they still may."""


def attempts_held(uow: UnitOfWork, held_for: str) -> list[Draw]:
    """Return the attempts of what is held for this, first attempt first."""
    return list(
        uow.session.scalars(
            select(Draw)
            .where(Draw.held_for == held_for)
            .options(selectinload(Draw.shares).joinedload(EntropyShare.user))
            .order_by(Draw.attempt)
        )
    )


def commit_plan(uow: UnitOfWork, plan: DrawPlan, held_for: str, *, review_id: uuid.UUID | None = None) -> Draw:
    """Commit snapshot, exclusions, quotas and lottery before anybody gives entropy, and ask for it."""
    salt = secrets.token_hex(32)
    draw = uow.add(
        Draw(
            held_for=held_for,
            review_id=review_id,
            attempt=1,
            state=DrawState.COMMITTED,
            plan=plan.body(),
            salt=salt,
            commitment=commit_draw(plan, salt),
            committed_at=uow.now,
            committed_by_id=uow.actor.user_id,
            done_at=None,
            record=None,
            public_record=None,
            barred=[],
        )
    )
    uow.session.flush()
    subject = occasion_of(uow, draw).subject
    uow.record("draw.commit", draw, about=(subject,), after={"commitment": draw.commitment})
    _ask_for_entropy(uow, draw)
    return draw


def _ask_for_entropy(uow: UnitOfWork, draw: Draw) -> None:
    occasion = occasion_of(uow, draw)
    others = set(user_ids_with(uow, *occasion.asked)) - {uow.actor.user_id}
    notify(uow, ENTROPY_WANTED, others, url=occasion.page, params={"number": occasion.number}, by_mail=False)


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
    open_sides = [side for side in occasion_of(uow, draw).sides if not taken.intersection(side)]
    return next((one for side in open_sides for one in side if uow.actor.has(one)), None)


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
    at = anchor_of(attempts_held(uow, draw.held_for))
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
    occasion = occasion_of(uow, draw)
    uow.record("draw.promise", draw, about=(occasion.subject,), after={"role": role.value, "commitment": commitment})
    if len(draw.shares) >= FEWEST_ROLES:
        DRAW.fire(uow, draw, "collect", as_system=True)
        told = [one.user_id for one in draw.shares]
        notify(uow, REVEAL_WANTED, told, url=occasion.page, params={"number": occasion.number})
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
    if promised(anchor_of(attempts_held(uow, draw.held_for)), share.role.value, secret) != share.commitment:
        raise Refused(Refusal(_l("与您提交的承诺不符，请核对口令（区分大小写和空格）"), field="phrase"))
    share.value, share.revealed_at = secret, uow.now
    uow.session.flush()
    uow.record("draw.reveal", draw, about=(occasion_of(uow, draw).subject,), after={"role": share.role.value})
    if all(one.value is not None for one in draw.shares):
        _finish(uow, draw)


def _finish(uow: UnitOfWork, draw: Draw) -> None:
    plan, attempts = plan_from(draw.plan), attempts_of(attempts_held(uow, draw.held_for))
    if commit_draw(plan, draw.salt) != draw.commitment:
        raise Refused(
            Refusal(_l("抽取方案与公布的承诺不符，已被改动，不能抽取；请保留现场并报告监督人员"), rule_id="R-COMM-04")
        )
    result = run_draw(plan, attempts[-1])
    full = record(plan, draw.salt, attempts, result)
    DRAW.fire(uow, draw, "finish", as_system=True, assign={"record": full, "public_record": public_record(full)})
    occasion = occasion_of(uow, draw)
    uow.record("draw.result", draw, about=(occasion.subject,), after={"record": full["digests"]["record"]})
    occasion.settle(uow, draw, result)


def void_draw(uow: UnitOfWork, draw: Draw) -> Draw:
    """Declare the attempt void, naming the roles that withheld, and open the next one on the same plan."""
    uow.lock(draw)
    missing = [share for share in draw.shares if share.value is None]
    reason = "、".join(share.role.value for share in missing)
    DRAW.fire(uow, draw, "void", reason=reason or None, assign={"void_reason": reason})
    subject = occasion_of(uow, draw).subject
    uow.record("draw.void", draw, about=(subject,), after={"missing": [share.role.value for share in missing]})
    again = uow.add(
        Draw(
            held_for=draw.held_for,
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
    _ask_for_entropy(uow, again)
    return again


def continue_draw(
    uow: UnitOfWork,
    draws: Sequence[Draw],
    leaving: uuid.UUID,
    reason: str,
    unavailable: Callable[[Sequence[str]], Mapping[str, str]],
) -> uuid.UUID | None:
    """Return the expert who follows somebody who left, and keep the replacement in the draw's record.

    `unavailable` is asked with ids in the order of the draw, some at a time, and maps those who may not follow to why:
    a large pool is not looked at as a whole for one seat. None when nobody is left who keeps the quotas.
    """
    if not draws or draws[-1].state is not DrawState.DONE:
        return None
    draw = draws[-1]
    uow.lock(draw)
    result, done = result_of(draws), replacements_in(draw.record or {})
    try:
        step = _next_available(result, str(leaving), reason, done, unavailable)
    except NoReserve:
        return None
    full = record(result.plan, draw.salt, attempts_of(draws), result, [*done, step])
    draw.record, draw.public_record = full, public_record(full, draw.public_record)
    subject = occasion_of(uow, draw).subject
    uow.record("draw.replacement", draw, about=(subject,), after={"record": full["digests"]["record"]})
    return uuid.UUID(step.replaced_by)


def _next_available(
    result: DrawResult,
    leaving: str,
    reason: str,
    done: Sequence[Replacement],
    unavailable: Callable[[Sequence[str]], Mapping[str, str]],
) -> Replacement:
    """Continue the draw, asking about as many of those who might follow as it takes."""
    names = [result.plan.pool.candidates[position].id for position in result.picked.order]
    asked, barred = set[str](), dict[str, str]()
    while True:
        step = next_reserve(result, leaving, reason, done, barred)
        if step.replaced_by in asked:
            return step
        batch = [step.replaced_by, *[name for name in names if name not in asked | {step.replaced_by}][:ASKED_AT_ONCE]]
        asked.update(batch)
        barred |= unavailable(batch)
