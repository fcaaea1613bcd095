"""What officers, givers of entropy and invited experts have to do in draws from the bureau's own pool."""

from __future__ import annotations

from collections.abc import Iterator

from flask import url_for
from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from core.i18n import _l
from core.identity.roles import Role
from core.permissions import policy
from core.ports import Task
from core.unit_of_work import UnitOfWork
from experts.models import Draw
from experts.permissions import PURCHASE_ENTROPY_ROLES, ReviewPermission
from experts.services.draw_steps import role_for
from experts.states import DrawState
from procurement.models import CommitteeCall, Tender
from procurement.permissions import PoolDrawPermission
from procurement.queries.pool_draw import own_invitations
from procurement.services.committee import SEATING_STATES
from procurement.services.pool_screening import held_for
from procurement.states import CallState


def pool_draw_tasks(uow: UnitOfWork) -> Iterator[Task]:
    """Yield plans to lock, entropy to give or reveal, and invitations to answer."""
    if uow.actor.has(Role.EXPERT):
        for invitee in own_invitations(uow, open_only=True):
            if invitee.call.tender.state in SEATING_STATES:
                url = url_for("committee_invitations.show", invitee_id=invitee.id)
                yield Task(_l("答复评标邀请"), invitee.call.tender.title, url, invitee.answer_by, rule_id="R-EXP-02")
    if uow.actor.has(*PURCHASE_ENTROPY_ROLES):
        yield from _draw_tasks(uow)


def _draw_tasks(uow: UnitOfWork) -> Iterator[Task]:
    calls = uow.session.scalars(
        select(CommitteeCall)
        .join(Tender, Tender.id == CommitteeCall.tender_id)
        .where(CommitteeCall.state.in_((CallState.PLANNED, CallState.DRAWING)), Tender.state.in_(SEATING_STATES))
        .options(joinedload(CommitteeCall.tender))
        .order_by(CommitteeCall.called_at)
    ).all()
    waiting = (DrawState.COMMITTED, DrawState.REVEALING)
    rows = select(Draw).where(Draw.held_for.in_([held_for(one) for one in calls]), Draw.state.in_(waiting))
    draws = {one.held_for: one for one in uow.session.scalars(rows.options(selectinload(Draw.shares)))}
    for call in calls:
        draw = draws.get(held_for(call))
        if call.state is CallState.PLANNED:
            if call.called_by_id == uow.actor.user_id:
                url = url_for("pool_draws.show", tender_id=call.tender_id)
                yield Task(_l("锁定评审专家抽取方案"), call.tender.title, url, call.starts_at, rule_id="R-POOL-01")
        elif draw is not None and policy.allows(uow.actor, PoolDrawPermission.ATTEND, call):
            yield from _entropy_tasks(uow, call, draw)


def _entropy_tasks(uow: UnitOfWork, call: CommitteeCall, draw: Draw) -> Iterator[Task]:
    url = url_for("committee_calls.show", call_id=call.id)
    own = next((one for one in draw.shares if one.user_id == uow.actor.user_id), None)
    may_give = policy.allows(uow.actor, ReviewPermission.GIVE_ENTROPY, draw)
    if draw.state is DrawState.REVEALING and own is not None and own.value is None:
        yield Task(_l("揭示抽取随机数"), call.number, url, call.starts_at)
    elif draw.state is DrawState.COMMITTED and own is None and may_give and role_for(uow, draw) is not None:
        yield Task(_l("提供抽取随机数"), call.number, url, call.starts_at)
