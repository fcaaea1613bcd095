"""A committee's invitation is answered by the same kind of link as a review's."""

from __future__ import annotations

import re

from sqlalchemy import select

from core.notifications.models import Mail
from experts.models import Undertaking
from procurement.states import InviteeState
from tests.factories.pool_draw import PoolHall


def link_of(uow, invitee) -> str:
    body = uow.session.scalars(select(Mail.body).where(Mail.user_id == invitee.expert.user_id)).one()
    return re.search(r"/invitations/[\w-]{30,}", body)[0]


def test_an_expert_accepts_a_committee_s_invitation_by_its_link_once(uow, client):
    hall = PoolHall(uow).draw()
    first, other = hall.in_state(InviteeState.INVITED)[:2]
    address = link_of(uow, first)
    words = client.page(address).get_text()
    assert hall.call.place in words
    assert other.expert.user.name not in words
    assert client.post(f"{address}/accept", data={}).status_code == 422, "the declaration comes first (R-COMM-06)"
    assert client.post(f"{address}/accept", data={"confirmed": "y"}).status_code == 302
    assert first.state is InviteeState.ACCEPTED
    assert first.seat is not None
    assert uow.session.scalars(select(Undertaking).where(Undertaking.user_id == first.expert.user_id)).one().by_link
    assert client.get(address).status_code == 410


def test_a_no_by_link_needs_its_reason_and_calls_the_next(uow, client):
    hall = PoolHall(uow).draw()
    invited = hall.in_state(InviteeState.INVITED)
    address = link_of(uow, invited[0])
    assert client.post(f"{address}/decline", data={"no-reason": ""}).status_code == 422
    assert client.post(f"{address}/decline", data={"no-reason": "出差"}).status_code == 302
    assert invited[0].state is InviteeState.DECLINED
    assert len(hall.in_state(InviteeState.INVITED)) == len(invited)
