"""Inviting suppliers: recommended in writing, or drawn at random by two people (R-TENDER-10, R-TENDER-11, R-NEG-01)."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from core.deadlines import derive
from core.errors import Forbidden, Refusal, Refused
from core.i18n import _l
from core.identity.models import Membership, Organisation
from core.notifications.send import NotificationKind, notify
from core.permissions import policy
from core.unit_of_work import UnitOfWork
from core.work_calendar import work_calendar
from procurement.drafting.invitation_checks import invitations_of
from procurement.invitation_draw import DrawPlan, draw_record
from procurement.methods import CALL_OFFS, rules_of
from procurement.models import Invitation, SupplierDraw, Tender
from procurement.permissions import BIDDER_SIDE, TenderPermission
from procurement.services.drafting import ensure_draft
from procurement.states import InvitationOrigin, InvitationSource, Method

INVITED = NotificationKind(
    "tender.invited", _l("邀请参加采购：%(tender)s"), _l("诚邀贵单位参加《%(tender)s》，采购文件和截止时间见公告页。")
)


@dataclass(frozen=True)
class Candidates:
    """The qualified suppliers of a source, how many are drawn, and when applications for it were taken."""

    source: InvitationSource
    suppliers: Sequence[Organisation]
    number: int
    applications_from: date | None = None
    applications_until: date | None = None


def draw_of(uow: UnitOfWork, tender: Tender) -> SupplierDraw | None:
    """Return the tender's draw, locked or held."""
    return uow.session.scalar(select(SupplierDraw).where(SupplierDraw.tender_id == tender.id))


def lock_candidates(uow: UnitOfWork, tender: Tender, entry: Candidates) -> SupplierDraw:
    """Fix the candidates in the order of their registration and promise the purchaser's secret (R-TENDER-10).

    Raises `Forbidden`, or `Refused`: not a draft, drawn before, fewer candidates than are to be drawn or than the law
    asks for, or applications for a prequalification taken for too short a time (R-TENDER-11).
    """
    _ensure(uow, TenderPermission.EDIT, tender)
    ensure_draft(tender)
    uow.lock(tender)
    fewest = uow.house.rules.whole("R-TENDER-10", "suppliers_min", on=uow.today)
    refusals = []
    if tender.method in CALL_OFFS:
        words = _l("二次竞价邀请全部符合需求的入围供应商，不再抽取")
        refusals.append(Refusal(words, rule_id="R-FRAME-03"))
    if draw_of(uow, tender) is not None:
        refusals.append(Refusal(_l("候选名单已经锁定，不能重抽"), rule_id="R-TENDER-10"))
    if entry.number < fewest:
        words = _l("至少抽取 %(fewest)s 家", fewest=fewest)
        refusals.append(Refusal(words, rule_id="R-TENDER-10", field="number"))
    if len(entry.suppliers) < max(entry.number, fewest):
        words = _l("符合资格条件的候选供应商不足 %(count)s 家", count=max(entry.number, fewest))
        refusals.append(Refusal(words, rule_id="R-TENDER-10", field="suppliers"))
    refusals += _applications(uow, entry)
    if refusals:
        raise Refused(*refusals)
    candidates = [{"id": str(one.id), "name": one.name} for one in sorted(entry.suppliers, key=lambda one: one.id)]
    row = uow.add(
        SupplierDraw(
            tender_id=tender.id,
            source=entry.source,
            applications_from=entry.applications_from,
            applications_until=entry.applications_until,
            number=entry.number,
            candidates=candidates,
            commitment=DrawPlan(str(tender.id), entry.source.value, entry.number, candidates).commitment,
            secret=secrets.token_hex(32),
            locked_by_id=uow.actor.user_id,
            locked_at=uow.now,
            drawn_by_id=None,
            drawn_at=None,
            record=None,
        )
    )
    uow.session.flush()
    after = {"source": entry.source.value, "candidates": len(candidates), "commitment": row.commitment}
    uow.record("tender.lock_candidates", tender, after=after)
    return row


def draw_suppliers(uow: UnitOfWork, tender: Tender) -> SupplierDraw:
    """Draw, as somebody other than who locked the candidates: both secrets together decide (R-TENDER-10).

    Raises `Forbidden`, or `Refused` when nothing is locked, it was drawn before, or by the same person.
    """
    row = draw_of(uow, tender)
    _ensure(uow, TenderPermission.DRAW_SUPPLIERS, tender)
    ensure_draft(tender)
    uow.lock(tender)
    if row is None or row.drawn_at is not None:
        raise Refused(Refusal(_l("候选名单尚未锁定，或者已经抽取"), rule_id="R-TENDER-10"))
    if row.locked_by_id == uow.actor.user_id:
        raise Refused(Refusal(_l("抽取须由锁定名单以外的另一人进行"), rule_id="R-TENDER-10"))
    now = uow.now
    record = draw_record(
        DrawPlan(str(tender.id), row.source.value, row.number, row.candidates),
        (str(row.locked_by_id), str(uow.actor.user_id)),
        (row.secret, secrets.token_hex(32)),
    )
    row.record, row.drawn_at, row.drawn_by_id = record, now, uow.actor.user_id
    for one in record["drawn"]:
        uow.add(Invitation(tender_id=tender.id, supplier_id=uuid.UUID(one), origin=InvitationOrigin.DRAWN))
    uow.session.flush()
    uow.session.expire(tender, ["invitations"])
    uow.record("tender.draw_suppliers", tender, after={"record": record["digests"]["record"]})
    return row


def recommend(uow: UnitOfWork, tender: Tender, suppliers: Sequence[Organisation], origin: InvitationOrigin) -> None:
    """Invite recommended suppliers in consultation, negotiation or quotation; the drawn ones stay (R-NEG-01).

    An invited tender takes no one by name (R-TENDER-10): its suppliers are drawn.
    """
    _ensure(uow, TenderPermission.EDIT, tender)
    ensure_draft(tender)
    if rules_of(tender).invites or tender.method is Method.OPEN_TENDER:
        words = _l("%(method)s的供应商不能直接指定", method=tender.method.label)
        raise Refused(Refusal(words, rule_id="R-TENDER-10", field="suppliers"))
    known = {one.supplier_id: one for one in invitations_of(uow, tender)}
    wanted = {one.id for one in suppliers}
    for supplier_id, row in known.items():
        if row.origin is origin and supplier_id not in wanted:
            uow.session.delete(row)
    for one in suppliers:
        if one.id not in known:
            uow.add(Invitation(tender_id=tender.id, supplier_id=one.id, origin=origin))
    uow.session.flush()
    uow.session.expire(tender, ["invitations"])
    uow.record("tender.recommend", tender, after={"origin": origin.value, "suppliers": len(wanted)})


def tell_the_invited(uow: UnitOfWork, tender: Tender) -> None:
    """Send the invitation to everybody who answers for an invited supplier."""
    invited = [one.supplier_id for one in invitations_of(uow, tender)]
    people = uow.session.scalars(
        select(Membership.user_id).where(
            Membership.organisation_id.in_(invited), Membership.role.in_(BIDDER_SIDE), Membership.ended_at.is_(None)
        )
    )
    notify(uow, INVITED, people, url=f"/notices/{tender.id}", params={"tender": tender.title})


def _applications(uow: UnitOfWork, entry: Candidates) -> list[Refusal]:
    if entry.source is not InvitationSource.PREQUALIFICATION:
        return []
    if entry.applications_from is None or entry.applications_until is None:
        words = _l("请填写资格预审公告日期和申请截止日期")
        return [Refusal(words, rule_id="R-TENDER-11", field="applications_until")]
    least = derive("R-TENDER-11", entry.applications_from, work_calendar(uow), uow.house.rules).last_day
    if entry.applications_until >= least:
        return []
    words = _l("资格预审申请至少接受至 %(day)s", day=least.isoformat())
    return [Refusal(words, rule_id="R-TENDER-11", field="applications_until")]


def _ensure(uow: UnitOfWork, permission: TenderPermission, tender: Tender) -> None:
    decision = policy.decide(uow.actor, permission, tender)
    if not decision:
        raise Forbidden(decision.reason)
