"""Recording ties of suppliers, what they did for projects before, and bad conduct with its sanctions."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import or_, select

from core.errors import Forbidden, Refusal, Refused
from core.i18n import _l
from core.permissions import policy
from core.unit_of_work import UnitOfWork
from procurement.bidder_conflicts import years_from
from procurement.models import ConductRecord, ProjectService, SupplierRelation
from procurement.permissions import SupervisionPermission
from procurement.states import ConductCode, RelationKind, Sanction, ServiceKind


def record_relation(
    uow: UnitOfWork, one_id: uuid.UUID, other_id: uuid.UUID, kind: RelationKind, source: str
) -> SupplierRelation:
    """Record that two organisations belong together, and where that is known from (R-TENDER-16).

    Raises `Forbidden`, or `Refused` for one organisation, without a source, or when it stands already.
    """
    _ask(uow, SupervisionPermission.EDIT_RELATIONS)
    refusals = []
    if one_id == other_id:
        refusals.append(Refusal(_l("请选择两个不同的单位"), rule_id="R-TENDER-16", field="other_id"))
    if not source.strip():
        refusals.append(Refusal(_l("请写明依据，如工商登记信息"), rule_id="R-TENDER-16", field="source"))
    pair = or_(
        (SupplierRelation.one_id == one_id) & (SupplierRelation.other_id == other_id),
        (SupplierRelation.one_id == other_id) & (SupplierRelation.other_id == one_id),
    )
    standing = select(SupplierRelation.id).where(
        pair, SupplierRelation.kind == kind, SupplierRelation.ended_on.is_(None)
    )
    if uow.session.scalar(standing) is not None:
        refusals.append(Refusal(_l("这一关系已经登记"), rule_id="R-TENDER-16", field="other_id"))
    if refusals:
        raise Refused(*refusals)
    row = uow.add(
        SupplierRelation(
            one_id=one_id,
            other_id=other_id,
            kind=kind,
            source=source.strip(),
            since=uow.today,
            ended_on=None,
            recorded_by_id=uow.actor.user_id,
        )
    )
    uow.record("relation.record", row, after={"one": one_id, "other": other_id, "kind": str(kind)})
    return row


def end_relation(uow: UnitOfWork, relation: SupplierRelation) -> None:
    """Close a tie that no longer holds."""
    _ask(uow, SupervisionPermission.EDIT_RELATIONS)
    uow.lock(relation)
    if relation.ended_on is not None:
        raise Refused(Refusal(_l("这一关系已经终止")))
    relation.ended_on = uow.today
    uow.record("relation.end", relation)


def record_service(
    uow: UnitOfWork, organisation_id: uuid.UUID, project_id: uuid.UUID, kind: ServiceKind, source: str
) -> ProjectService:
    """Record what an organisation did for a project. Raises `Forbidden`, or `Refused` without a source or twice."""
    _ask(uow, SupervisionPermission.EDIT_RELATIONS)
    refusals = []
    if not source.strip():
        refusals.append(Refusal(_l("请写明依据，如合同编号"), rule_id="R-TENDER-16", field="service_source"))
    same = select(ProjectService.id).where(
        ProjectService.organisation_id == organisation_id,
        ProjectService.project_id == project_id,
        ProjectService.kind == kind,
    )
    if uow.session.scalar(same) is not None:
        refusals.append(Refusal(_l("这一服务已经登记"), rule_id="R-TENDER-16", field="project_id"))
    if refusals:
        raise Refused(*refusals)
    row = uow.add(
        ProjectService(
            organisation_id=organisation_id,
            project_id=project_id,
            kind=kind,
            source=source.strip(),
            done_on=uow.today,
            recorded_by_id=uow.actor.user_id,
        )
    )
    uow.record("relation.service", row, after={"organisation": organisation_id, "kind": str(kind)})
    return row


@dataclass(frozen=True)
class ConductEntry:
    """A violation and what follows; `ban_years` 0 is no ban, `amount` the purchase's amount a fine is measured by."""

    code: ConductCode
    facts: str
    sanctions: Collection[Sanction]
    is_major: bool = False
    ban_years: int = 0
    fine: Decimal | None = None
    amount: Decimal | None = None


def record_conduct(uow: UnitOfWork, organisation_id: uuid.UUID, entry: ConductEntry, source: str) -> ConductRecord:
    """Record a violation with its sanctions; a ban lies within the years of R-COLL-03, a fine within its shares.

    Raises `Forbidden` for anybody but supervision, `Refused` without facts or sanction or outside the law's measure.
    """
    _ask(uow, SupervisionPermission.RECORD_CONDUCT)
    book, on = uow.house.rules, uow.today
    least, most = (book.whole("R-COLL-03", name, on=on) for name in ("ban_years_min", "ban_years_max"))
    rule_id = entry.code.rule_id
    refusals = []
    if not entry.facts.strip():
        refusals.append(Refusal(_l("请写明查明的事实"), rule_id=rule_id, field="facts"))
    if not entry.sanctions:
        refusals.append(Refusal(_l("请至少选择一项处理"), rule_id="R-AGENCY-16", field="sanctions"))
    if (Sanction.BAN in entry.sanctions) != bool(entry.ban_years) or (
        entry.ban_years and not least <= entry.ban_years <= most
    ):
        words = _l("禁止参加政府采购活动的期限为 %(least)s 至 %(most)s 年", least=least, most=most)
        refusals.append(Refusal(words, rule_id="R-COLL-03", field="ban_years"))
    if (Sanction.FINE in entry.sanctions) != (entry.fine is not None):
        refusals.append(Refusal(_l("处罚款的，请填写金额"), rule_id="R-COLL-03", field="fine"))
    elif entry.fine is not None and entry.amount is not None:
        low, high = (book.number("R-COLL-03", name, on=on) for name in ("fine_min", "fine_max"))
        if not entry.amount * low / 1000 <= entry.fine <= entry.amount * high / 1000:
            words = _l("罚款为采购金额的千分之%(low)s以上千分之%(high)s以下", low=low, high=high)
            refusals.append(Refusal(words, rule_id="R-COLL-03", field="fine"))
    if refusals:
        raise Refused(*refusals)
    row = uow.add(
        ConductRecord(
            organisation_id=organisation_id,
            code=entry.code,
            facts=entry.facts.strip(),
            decided_on=on,
            is_major=entry.is_major or bool(entry.ban_years),
            sanctions=sorted(one.value for one in entry.sanctions),
            fine=entry.fine,
            banned_until=years_from(on, entry.ban_years) if entry.ban_years else None,
            source=source,
            recorded_by_id=uow.actor.user_id,
            recorded_at=uow.now,
        )
    )
    uow.session.flush()
    uow.record("conduct.record", row, after={"code": str(row.code), "sanctions": row.sanctions})
    return row


def _ask(uow: UnitOfWork, permission: SupervisionPermission) -> None:
    decision = policy.decide(uow.actor, permission)
    if not decision:
        raise Forbidden(decision.reason)
