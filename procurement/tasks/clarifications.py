"""What waits about a tender's documents: answers, amendments, keys for them, bids to an older version."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from flask import url_for
from sqlalchemy import func, select
from sqlalchemy.orm import contains_eager, joinedload

from core.clock import shanghai
from core.i18n import _l
from core.identity.roles import Role
from core.permissions import policy
from core.ports import Task
from core.unit_of_work import UnitOfWork
from procurement.models import Amendment, AmendmentKeyholder, Bid, PublishedAnswer, Question, Tender, TenderVersion
from procurement.permissions import BIDDER_SIDE, ClarificationPermission
from procurement.queries.agents import purview
from procurement.queries.amendments import answers_by, under_way, versions_of
from procurement.states import AmendmentState, BidState, Consequence, QuestionState, TenderState
from procurement.tender_page import Part
from procurement.wordings import task_of

P = ClarificationPermission


def clarification_tasks(uow: UnitOfWork) -> Iterator[Task]:
    """Yield what the actor has to answer, finish, approve, make a key for, or confirm."""
    if uow.actor.user_id is None:
        return
    if uow.actor.has(Role.PROCUREMENT_OFFICER, Role.AGENT_OFFICER):
        yield from _to_answer(uow)
    if uow.actor.has(Role.PROCUREMENT_OFFICER, Role.AGENT_OFFICER, Role.PROCUREMENT_APPROVER):
        yield from _amendments(uow)
    if uow.actor.has(Role.KEYHOLDER):
        yield from _keys(uow)
    if uow.actor.has(*BIDDER_SIDE):
        yield from _to_confirm(uow)


def _to_answer(uow: UnitOfWork) -> Iterator[Task]:
    rows = uow.session.execute(
        select(Question.tender_id, func.count(), func.min(Question.due_on))
        .where(Question.state == QuestionState.OPEN)
        .group_by(Question.tender_id)
    ).all()
    counts = {row[0]: (row[1], row[2]) for row in rows}
    tenders = uow.session.scalars(
        select(Tender)
        .where(Tender.id.in_(counts), Tender.state == TenderState.PUBLISHED, purview(uow.actor))
        .order_by(Tender.deadline)
    )
    for tender in tenders:
        if not policy.allows(uow.actor, P.ANSWER, tender):
            continue
        count, due = counts[tender.id]
        yield task_of(
            tender,
            _l("答复供应商提问（%(count)s 个），未答复不能开标", count=count),
            url_for("questions.index", tender_id=tender.id),
            due_at=shanghai(due, 23, 59),
            rule_id="R-REMEDY-01",
        )


def _amendments(uow: UnitOfWork) -> Iterator[Task]:
    pending = (
        select(Amendment)
        .where(Amendment.state.in_((AmendmentState.DRAFT, AmendmentState.IN_APPROVAL)))
        .options(joinedload(Amendment.tender))
        .order_by(Amendment.drafted_at)
    )
    for one in uow.session.scalars(pending):
        url, mine = url_for("amendments.show", amendment_id=one.id), one.drafted_by_id == uow.actor.user_id
        if one.state is AmendmentState.IN_APPROVAL:
            if policy.allows(uow.actor, P.APPROVE_AMENDMENT, one):
                yield Task(_l("审批并发布更正公告"), one.tender.title, url, rule_id="R-SEC-02")
            elif mine:
                yield Task(_l("等待审批更正公告"), one.tender.title, url, group="waiting")
        elif mine:
            yield Task(_l("完成更正并提交审批"), one.tender.title, url, rule_id="R-TENDER-05")


def _keys(uow: UnitOfWork) -> Iterator[Task]:
    unkeyed = (
        select(Amendment)
        .join(AmendmentKeyholder, AmendmentKeyholder.amendment_id == Amendment.id)
        .where(
            AmendmentKeyholder.user_id == uow.actor.user_id,
            AmendmentKeyholder.public_key.is_(None),
            Amendment.state == AmendmentState.DRAFT,
        )
        .options(joinedload(Amendment.tender))
        .order_by(Amendment.drafted_at)
    )
    for one in uow.session.scalars(unkeyed):
        url = url_for("amendment_entries.key", amendment_id=one.id)
        yield task_of(one.tender, _l("为更正生成并登记开标密钥"), url, rule_id="R-KEY-01")


def _to_confirm(uow: UnitOfWork) -> Iterator[Task]:
    own = uow.actor.organisations_as(*BIDDER_SIDE)
    bids = uow.session.scalars(
        select(Bid)
        .join(Tender, Tender.id == Bid.tender_id)
        .where(
            Bid.bidder_id.in_(own),
            Bid.state == BidState.SEALED,
            Tender.is_open_at(uow.now),
            Bid.receipt["notice_hash"].astext != Tender.record_hash,
        )
        .order_by(Tender.deadline)
        .options(contains_eager(Bid.tender))
    ).all()
    of_tenders: dict[object, list[TenderVersion]] = {}
    versions = select(TenderVersion).where(TenderVersion.tender_id.in_({bid.tender_id for bid in bids}))
    for one in uow.session.scalars(versions.order_by(TenderVersion.number)) if bids else ():
        of_tenders.setdefault(one.tender_id, []).append(one)
    for bid in bids:
        asks = answers_by(uow, [bid], of_tenders.get(bid.tender_id, []))[bid.id].asks
        if asks is not None:
            words = _l("采购文件已更正：确认或者替换投标")
            if asks is Consequence.RESEAL:
                words = _l("采购文件已更正：重新密封递交投标")
            yield task_of(
                bid.tender,
                words,
                url_for("bids.show", bid_id=bid.id),
                due_at=bid.tender.deadline,
                rule_id="R-TENDER-05",
            )


def clarification_parts(uow: UnitOfWork, tender: Tender) -> Iterable[Part]:
    """Yield the lines of a tender's page: questions (what blocks the opening) and versions of the documents."""
    if tender.published_at is None:
        return
    if policy.allows(uow.actor, P.BROWSE_QUESTIONS, tender):
        yield _questions_part(uow, tender)
    if policy.allows(uow.actor, P.BROWSE_AMENDMENTS, tender):
        yield _amendments_part(uow, tender)


def _questions_part(uow: UnitOfWork, tender: Tender) -> Part:
    url = url_for("questions.index", tender_id=tender.id)
    row = uow.session.execute(
        select(func.count(), func.min(Question.due_on)).where(
            Question.tender_id == tender.id, Question.state == QuestionState.OPEN
        )
    ).one()
    count, due = row[0], row[1]
    if count:
        note = _l("%(count)s 个提问待答复，最迟 %(due)s；未答复的提问使项目不能开标", count=count, due=due.isoformat())
        action = (_l("答复"), url) if policy.allows(uow.actor, P.ANSWER, tender) else None
        return Part(_l("提问与答疑"), note, url, QuestionState.OPEN, action, order=20)
    answers = uow.session.scalar(select(func.count()).where(PublishedAnswer.tender_id == tender.id)) or 0
    note = _l("已发布 %(count)s 条答疑，没有待答复的提问", count=answers) if answers else _l("还没有提问")
    return Part(_l("提问与答疑"), note, url, order=20)


def _amendments_part(uow: UnitOfWork, tender: Tender) -> Part:
    url = url_for("amendments.index", tender_id=tender.id)
    number = len(versions_of(uow, tender)) or 1
    pending = under_way(uow, tender)
    note = _l("现行第 %(number)s 版采购文件", number=number)
    return Part(_l("更正公告"), note, url, pending.state if pending else None, order=21)
