"""What waits for whom in purchases without sealed bids."""

from __future__ import annotations

from collections.abc import Iterator

from flask import url_for
from sqlalchemy import exists, select

from core.i18n import _l
from core.permissions import policy
from core.ports import Task
from core.unit_of_work import UnitOfWork
from procurement.methods import DIRECT
from procurement.models import AskedSupplier, DirectPurchase, Tender
from procurement.permissions import PURCHASER_SIDE, DirectPermission
from procurement.queries.agents import purview
from procurement.queries.direct import own_plan_requests
from procurement.states import Method, TenderState


def direct_tasks(uow: UnitOfWork) -> Iterator[Task]:
    """Yield inquiries to answer, answers to compare, proposals to confirm."""
    if uow.actor.user_id is None:
        return
    open_ones = own_plan_requests(uow.actor).where(
        Tender.state == TenderState.IN_SELECTION, AskedSupplier.replied_at.is_(None)
    )
    for asked in uow.session.scalars(open_ones.order_by(Tender.deadline, AskedSupplier.id)):
        tender = asked.tender
        if tender.method is Method.BELOW_LIMIT and tender.deadline is not None and uow.now >= tender.deadline:
            continue
        url = url_for("plan_requests.show", asked_id=asked.id)
        yield Task(
            _l("答复征询：工作方案和报价"),
            tender.title,
            url,
            due_at=tender.deadline,
            rule_id="R-BELOW-01",
        )
    if uow.actor.has(*PURCHASER_SIDE):
        yield from _purchaser_tasks(uow)


def _purchaser_tasks(uow: UnitOfWork) -> Iterator[Task]:
    unanswered = exists().where(AskedSupplier.tender_id == Tender.id, AskedSupplier.replied_at.is_(None))
    rows = uow.session.execute(
        select(Tender, DirectPurchase.announced_until, unanswered)
        .join(DirectPurchase, DirectPurchase.tender_id == Tender.id)
        .where(Tender.method.in_(DIRECT), Tender.state.in_((TenderState.IN_SELECTION, TenderState.EVALUATED)))
        .where(purview(uow.actor))
        .order_by(Tender.created_at)
    )
    for tender, announced_until, waits in rows:
        page = url_for("direct.show", tender_id=tender.id)
        if tender.state is TenderState.EVALUATED:
            if policy.allows(uow.actor, DirectPermission.DECIDE, tender):
                yield Task(_l("核对并确认选定结果"), tender.title, page, rule_id="R-SEC-02")
        elif not policy.allows(uow.actor, DirectPermission.PROPOSE, tender):
            continue
        elif announced_until is not None and uow.today <= announced_until:
            yield Task(_l("等待单一来源采购公示期满"), tender.title, page, group="waiting", rule_id="R-NEG-03")
        elif waits and not (tender.deadline is not None and uow.now >= tender.deadline):
            yield Task(_l("等待供应商答复"), tender.title, page, due_at=tender.deadline, group="waiting")
        else:
            url = url_for("direct.compare", tender_id=tender.id)
            yield Task(_l("比较答复并提出选定意见"), tender.title, url, rule_id="R-BELOW-01")
