"""What waits for the purchaser's side in inquiries and challenges, each with the last day of its clock."""

from __future__ import annotations

from collections.abc import Iterator

from flask import url_for
from sqlalchemy import select

from core.i18n import Text, _l
from core.permissions import policy
from core.ports import Task
from core.unit_of_work import UnitOfWork
from procurement.models import Challenge, Inquiry
from procurement.permissions import BIDDER_SIDE, PURCHASER_SIDE, RemedyPermission
from procurement.queries.remedies import OPEN_CHALLENGES, running_clocks
from procurement.states import ChallengeState, InquiryState


def remedy_tasks(uow: UnitOfWork) -> Iterator[Task]:
    """Yield inquiries and challenges to answer, to issue and to carry out; to a supplier what it waits for."""
    if uow.actor.has(*PURCHASER_SIDE):
        yield from _purchaser_tasks(uow)
    elif uow.actor.has(*BIDDER_SIDE):
        yield from _supplier_tasks(uow)


def _purchaser_tasks(uow: UnitOfWork) -> Iterator[Task]:
    asked = uow.session.scalars(select(Inquiry).where(Inquiry.state == InquiryState.ASKED)).all()
    clocks = running_clocks(uow, "inquiry", [one.id for one in asked])
    for inquiry in asked:
        if policy.allows(uow.actor, RemedyPermission.ANSWER_INQUIRY, inquiry):
            due = clocks[inquiry.id].ends_at if inquiry.id in clocks else None
            url = url_for("inquiries.show", inquiry_id=inquiry.id)
            yield Task(
                _l("答复询问 %(number)s", number=inquiry.number), inquiry.tender.title, url, due, rule_id="R-REMEDY-01"
            )
    opened = uow.session.scalars(select(Challenge).where(Challenge.state.in_(OPEN_CHALLENGES))).all()
    clocks = running_clocks(uow, "challenge", [one.id for one in opened])
    for challenge in opened:
        due = clocks[challenge.id].ends_at if challenge.id in clocks else None
        task = _task_of(uow, challenge)
        if task is not None:
            url = url_for("challenges.show", challenge_id=challenge.id)
            yield Task(task, challenge.tender.title, url, due, rule_id="R-REMEDY-02")


def _task_of(uow: UnitOfWork, challenge: Challenge) -> Text | None:
    """Return what the actor has to do about an open challenge, or None."""
    number = challenge.number
    if challenge.state is ChallengeState.FILED and policy.allows(uow.actor, RemedyPermission.DRAFT, challenge):
        return _l("起草质疑答复 %(number)s", number=number)
    if challenge.state is ChallengeState.DRAFTED and policy.allows(uow.actor, RemedyPermission.ISSUE, challenge):
        return _l("签发质疑答复 %(number)s", number=number)
    if challenge.state is ChallengeState.UPHELD and policy.allows(uow.actor, RemedyPermission.REMEDY, challenge):
        return _l("落实质疑处理措施 %(number)s", number=number)
    return None


def _supplier_tasks(uow: UnitOfWork) -> Iterator[Task]:
    own = uow.actor.organisations_as(*BIDDER_SIDE)
    waiting = select(Challenge).where(
        Challenge.organisation_id.in_(own), Challenge.state.in_((ChallengeState.FILED, ChallengeState.DRAFTED))
    )
    rows = uow.session.scalars(waiting).all()
    clocks = running_clocks(uow, "challenge", [one.id for one in rows])
    for challenge in rows:
        due = clocks[challenge.id].ends_at if challenge.id in clocks else None
        url = url_for("challenges.show", challenge_id=challenge.id)
        title = _l("等待质疑答复 %(number)s", number=challenge.number)
        yield Task(title, challenge.tender.title, url, due, "waiting", "R-REMEDY-02")
