"""What complaints ask of supervision and of those who were sent a copy, each with its last day."""

from __future__ import annotations

from collections.abc import Iterator

from flask import url_for

from core.i18n import Text, _l
from core.identity.roles import Role
from core.permissions import policy
from core.ports import Task
from core.unit_of_work import UnitOfWork
from procurement.models import Complaint
from procurement.permissions import BIDDER_SIDE, PURCHASER_SIDE, ComplaintPermission
from procurement.queries.complaints import OPEN, visible_complaints
from procurement.queries.remedies import running_clocks
from procurement.services.complaint_people import own_party
from procurement.states import ComplaintState


def complaint_tasks(uow: UnitOfWork) -> Iterator[Task]:
    """Yield reviews, copies and decisions to supervision; completions and statements to the parties."""
    if not uow.actor.has(Role.PROCUREMENT_SUPERVISOR, *PURCHASER_SIDE, *BIDDER_SIDE):
        return
    query = visible_complaints(uow.actor).where(Complaint.state.in_(OPEN)).order_by(Complaint.filed_at)
    rows = uow.session.scalars(query).all()
    clocks = running_clocks(uow, "complaint", [one.id for one in rows])
    served = running_clocks(uow, "complaint_party", [party.id for one in rows for party in one.parties])
    yield from _decisions_to_carry_out(uow)
    for complaint in rows:
        url, subject = url_for("complaints.show", complaint_id=complaint.id), complaint.tender.title
        party = own_party(uow, complaint)
        if uow.actor.has(Role.PROCUREMENT_SUPERVISOR):
            clock = clocks.get(complaint.id)
            due = clock.ends_at if clock else None
            waits = complaint.state is ComplaintState.CORRECTING
            yield Task(_title(complaint), subject, url, due, "waiting" if waits else "mine", "R-REMEDY-03")
        elif party is not None and party.stated_at is None and complaint.state is ComplaintState.ACCEPTED:
            clock = served.get(party.id)
            title = _l("就投诉 %(number)s 提交说明", number=complaint.number)
            yield Task(title, subject, url, clock.ends_at if clock else None, rule_id="R-REMEDY-03")
        elif party is None and complaint.state is ComplaintState.CORRECTING:
            yield Task(_l("补正投诉 %(number)s", number=complaint.number), subject, url)


def _decisions_to_carry_out(uow: UnitOfWork) -> Iterator[Task]:
    """Yield to the purchaser's officers what supervision decided and what is not carried out yet."""
    if not uow.actor.has(Role.PROCUREMENT_OFFICER, Role.AGENT_OFFICER):
        return
    query = visible_complaints(uow.actor).where(
        Complaint.state == ComplaintState.UPHELD, Complaint.carried_out_at.is_(None)
    )
    for complaint in uow.session.scalars(query.order_by(Complaint.decided_at)):
        if policy.allows(uow.actor, ComplaintPermission.CARRY_OUT, complaint):
            title = _l("执行投诉处理决定 %(number)s", number=complaint.number)
            url = url_for("complaints.show", complaint_id=complaint.id)
            yield Task(title, complaint.tender.title, url, rule_id="R-REMEDY-03")


def _title(complaint: Complaint) -> Text:
    if complaint.state is ComplaintState.FILED:
        return _l("审查投诉 %(number)s", number=complaint.number)
    if complaint.state is ComplaintState.CORRECTING:
        return _l("等待补正 %(number)s", number=complaint.number)
    if complaint.served_at is None:
        return _l("发送投诉书副本 %(number)s", number=complaint.number)
    return _l("作出投诉处理决定 %(number)s", number=complaint.number)
