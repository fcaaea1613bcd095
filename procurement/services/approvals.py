"""Who may approve which amount, and who stands in for an absent approver (R-SEC-02, R-SEC-02.levels)."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from core.errors import Refusal, Refused
from core.i18n import _l
from core.identity.models import Membership, User
from core.identity.roles import Role
from core.unit_of_work import UnitOfWork
from procurement.models import ApprovalGrant, ApprovalSubstitute
from procurement.plan_news import tell_substitute
from procurement.planning.levels import HIGHEST

RULE = "R-SEC-02.levels"


def set_level(uow: UnitOfWork, user: User, level: int | None) -> None:
    """Give an approver a level, or take it away (None). Raises `Refused` for anybody who is no approver."""
    grant = uow.session.get(ApprovalGrant, user.id)
    before = grant.level if grant else None
    if level == before:
        return
    if level is None:
        if grant is not None:
            uow.session.delete(grant)
    else:
        if not 1 <= level <= HIGHEST or not is_approver(uow, user):
            raise Refused(Refusal(_l("只能为采购审批人设定 1 至 3 级审批权限"), rule_id=RULE, field="level"))
        if grant is None:
            uow.add(ApprovalGrant(user_id=user.id, level=level, granted_at=uow.now))
        else:
            grant.level, grant.granted_at = level, uow.now
    uow.session.flush()
    uow.record("approval.set_level", user, before={"level": before}, after={"level": level})


def name_substitute(
    uow: UnitOfWork, absent: User, substitute: User, *, first_on: date, last_on: date, reason: str
) -> ApprovalSubstitute:
    """Let an approver stand in for an absent one on these days. Raises `Refused` at the fields."""
    refusals = []
    if absent.id == substitute.id:
        refusals.append(Refusal(_l("代理人须是另一个人"), field="substitute_id"))
    if uow.session.get(ApprovalGrant, absent.id) is None:
        refusals.append(Refusal(_l("被代理人没有审批级别"), rule_id=RULE, field="absent_id"))
    if not is_approver(uow, substitute):
        refusals.append(Refusal(_l("代理人须是采购审批人"), rule_id=RULE, field="substitute_id"))
    if last_on < first_on or last_on < uow.today:
        refusals.append(Refusal(_l("代理期的最后一天不能早于第一天，也不能早于今天"), field="last_on"))
    if not reason:
        refusals.append(Refusal(_l("请填写代理原因"), field="reason"))
    if refusals:
        raise Refused(*refusals)
    row = uow.add(
        ApprovalSubstitute(
            absent_id=absent.id,
            substitute_id=substitute.id,
            first_on=first_on,
            last_on=last_on,
            reason=reason,
            recorded_at=uow.now,
            ended_at=None,
        )
    )
    uow.session.flush()
    uow.record(
        "approval.name_substitute",
        row,
        about=(absent, substitute),
        after={"first": first_on.isoformat(), "last": last_on.isoformat()},
        reason=reason,
    )
    tell_substitute(uow, row, absent.name)
    return row


def end_substitution(uow: UnitOfWork, row: ApprovalSubstitute) -> None:
    """End a substitution before its last day; what was approved meanwhile stands."""
    if row.ended_at is not None:
        return
    row.ended_at = uow.now
    uow.session.flush()
    uow.record("approval.end_substitution", row)


def is_approver(uow: UnitOfWork, user: User) -> bool:
    """Whether the person holds the approver's role now."""
    held = select(Membership.id).where(
        Membership.user_id == user.id, Membership.role == Role.PROCUREMENT_APPROVER, Membership.ended_at.is_(None)
    )
    return user.is_active and uow.session.scalar(held.limit(1)) is not None
