"""A framework agreement from its signing to its end: signed, filed, told, removed from, summed up (R-FRAME-01)."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from flask_babel import force_locale
from sqlalchemy import select
from werkzeug.datastructures import FileStorage

from core.clock import SHANGHAI
from core.deadlines import DerivedDeadline, derive
from core.documents.accept import accept_file, keep_bytes
from core.errors import Forbidden, Refusal, Refused
from core.i18n import Text, _l
from core.identity.models import Membership, Organisation
from core.notifications.send import NotificationKind, notify
from core.permissions import policy
from core.unit_of_work import UnitOfWork
from core.work_calendar import work_calendar
from procurement.models import Framework, FrameworkMember
from procurement.permissions import BIDDER_SIDE, FrameworkPermission
from procurement.queries.frameworks import call_offs_of, framework_terms, members_of
from procurement.services.framework_papers import summary_pdf
from procurement.states import FrameworkState, MemberState, RemovalGround, TenderState
from procurement.workflow import FRAMEWORK, MEMBER

IN_FORCE = NotificationKind(
    "framework.in-force",
    _l("框架协议已生效：%(tender)s"),
    _l("框架协议《%(tender)s》已生效，有效期至 %(day)s。轮候次序和协议价格见框架协议页。"),
)
REMOVED = NotificationKind(
    "framework.removed",
    _l("清退通知：%(tender)s"),
    _l("贵单位在框架协议《%(tender)s》中的入围资格已取消（协议已解除）：%(ground)s。%(reason)s"),
)


@dataclass(frozen=True)
class Duty:
    """One duty of the framework with its last day, and when it was done."""

    title: Text
    deadline: DerivedDeadline
    done_on: date | None = None


def months_later(day: date, months: int) -> date:
    """Return the last day of a term of so many months that begins on a day."""
    place = day.month - 1 + months
    year, month = day.year + place // 12, place % 12 + 1
    last = (date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)).day
    if day.day > last:
        return date(year, month, last)
    return date(year, month, day.day) - timedelta(days=1)


def signing_deadline(uow: UnitOfWork, member: FrameworkMember) -> DerivedDeadline:
    """Return until when an agreement is to be signed: so many days after the letter (R-FRAME-01)."""
    return _derived(uow, member.admitted_at.astimezone(SHANGHAI).date(), "sign_days")


def duties_of(uow: UnitOfWork, framework: Framework) -> list[Duty]:
    """Return what the law asks for after the admission, each with its last day, as far as it has begun."""
    members = [one for one in members_of(uow, framework) if one.state is not MemberState.REMOVED]
    signed = [one.signed_on for one in members if one.signed_on is not None]
    found = [
        Duty(_l("%(name)s签订框架协议", name=one.supplier.name), signing_deadline(uow, one), one.signed_on)
        for one in members
        if one.state is MemberState.ADMITTED
    ]
    if signed:
        filed = [one.filed_on for one in members if one.filed_on is not None]
        done = max(filed) if filed and len(filed) == len(members) else None
        found.append(Duty(_l("框架协议副本报财政部门备案"), _derived(uow, max(signed), "file_days"), done))
    if framework.begins_on is not None:
        deadline = _derived(uow, framework.begins_on, "inform_days")
        found.append(Duty(_l("将入围信息告知适用框架协议的采购人"), deadline, framework.informed_on))
    if framework.is_over_on(uow.today) and framework.ends_on is not None:
        found.append(Duty(_l("发布成交结果汇总公告"), _derived(uow, framework.ends_on, "summary_days")))
    return found


def sign_agreement(  # noqa: PLR0917 - what is typed of one signing
    uow: UnitOfWork,
    framework: Framework,
    supplier: Organisation,
    signed_on: date,
    upload: FileStorage | None,
    late_reason: str = "",
) -> None:
    """Note that a supplier signed, with the signed copy; with the last signature the framework comes into force.

    Raises `Forbidden`, or `Refused` for a day ahead or before the admission, a late one without reason, no file.
    """
    _ensure(uow, FrameworkPermission.KEEP, framework)
    uow.lock(framework)
    own = [one for one in _of(uow, framework, supplier) if one.state is MemberState.ADMITTED]
    if not own:
        raise Refused(Refusal(_l("该供应商没有待签的框架协议"), rule_id="R-FRAME-01"))
    admitted = max(one.admitted_at for one in own).astimezone(SHANGHAI).date()
    refusals = []
    if not admitted <= signed_on <= uow.today:
        refusals.append(Refusal(_l("签订日期应在入围通知之后，且不晚于今天"), rule_id="R-FRAME-01", field="signed_on"))
    deadline = signing_deadline(uow, own[0])
    if signed_on > deadline.last_day and not late_reason.strip():
        words = _l("已超过签订期限%(day)s，请写明逾期的理由", day=deadline.last_day.isoformat())
        refusals.append(Refusal(words, rule_id="R-FRAME-01", field="late_reason"))
    if refusals:
        raise Refused(*refusals)
    accept_file(uow, upload, owner=own[0], purpose="agreement-signed", kinds={"pdf"})
    signed = {"signed_on": signed_on, "signed_by_id": uow.actor.user_id, "late_reason": late_reason.strip()}
    for one in own:
        MEMBER.fire(uow, one, "sign", assign=signed, reason=late_reason.strip() or None)
    _start_if_complete(uow, framework)


def file_agreements(uow: UnitOfWork, framework: Framework, filed_on: date, number: str) -> None:
    """Note that the copies of every signed agreement were filed with the finance authority (R-FRAME-01)."""
    _ensure(uow, FrameworkPermission.KEEP, framework)
    uow.lock(framework)
    waiting = [one for one in members_of(uow, framework) if one.state is MemberState.SIGNED and one.filed_on is None]
    refusals = []
    if not waiting:
        refusals.append(Refusal(_l("没有待备案的框架协议"), rule_id="R-FRAME-01"))
    if not number.strip():
        refusals.append(Refusal(_l("请填写备案编号"), rule_id="R-FRAME-01", field="number"))
    if filed_on > uow.today or any(one.signed_on and filed_on < one.signed_on for one in waiting):
        refusals.append(Refusal(_l("备案日期应在签订之后，且不晚于今天"), rule_id="R-FRAME-01", field="filed_on"))
    if refusals:
        raise Refused(*refusals)
    for one in waiting:
        one.filed_on, one.filing_number = filed_on, number.strip()
    uow.session.flush()
    uow.record("framework.file", framework, after={"filed_on": filed_on, "number": number.strip()})


def inform_users(uow: UnitOfWork, framework: Framework, informed_on: date) -> None:
    """Note that the framework's users were told who is admitted at what price (R-FRAME-01)."""
    _ensure(uow, FrameworkPermission.KEEP, framework)
    uow.lock(framework)
    if framework.begins_on is None:
        raise Refused(Refusal(_l("框架协议尚未生效"), rule_id="R-FRAME-01"))
    if not framework.begins_on <= informed_on <= uow.today:
        raise Refused(Refusal(_l("告知日期应在生效之后，且不晚于今天"), rule_id="R-FRAME-01", field="informed_on"))
    framework.informed_on = informed_on
    uow.session.flush()
    uow.record("framework.inform", framework, after={"informed_on": informed_on})


def remove_supplier(
    uow: UnitOfWork, framework: Framework, supplier: Organisation, ground: RemovalGround, reason: str
) -> None:
    """清退: cancel a supplier's admission or end its agreement, on one of the lawful grounds, and tell it (R-FRAME-01).

    Raises `Forbidden` for whoever drafted the call, `Refused` without facts or where nothing stands.
    """
    uow.lock(framework)
    own = [one for one in _of(uow, framework, supplier) if one.state is not MemberState.REMOVED]
    if not own:
        raise Refused(Refusal(_l("该供应商已经清退"), rule_id="R-FRAME-01"))
    if not reason.strip():
        raise Refused(Refusal(_l("请写明清退的事实"), rule_id="R-FRAME-01", field="reason"))
    for one in own:
        assign = {"ground": ground, "reason": reason.strip()}
        MEMBER.fire(uow, one, "remove", reason=reason.strip(), assign=assign, detail={"ground": ground.value})
    with force_locale("zh"):
        words = str(ground.label)
    params = {"tender": framework.tender.title, "ground": words, "reason": reason.strip()}
    notify(uow, REMOVED, people_of(uow, [supplier.id]), url=f"/frameworks/{framework.id}", params=params)
    _start_if_complete(uow, framework)


def end_framework(uow: UnitOfWork, framework: Framework) -> None:
    """Sum up everything called off and end the framework; the summary is public (R-FRAME-01)."""
    _ensure(uow, FrameworkPermission.END, framework)
    uow.lock(framework)
    done = [one for one in call_offs_of(uow, framework) if one.tender.state is TenderState.AWARDED]
    terms = framework_terms(uow, framework)
    FRAMEWORK.fire(uow, framework, "end", detail={"call_offs": len(done)})
    with force_locale("zh"):
        summary = keep_bytes(
            uow,
            summary_pdf(uow, framework, terms, done),
            owner=framework,
            purpose="summary-notice",
            name=f"成交结果汇总公告-{framework.tender.number}.pdf",
            media_type="application/pdf",
        )
    uow.session.flush()
    framework.summary_id = summary.id
    uow.session.flush()


def people_of(uow: UnitOfWork, suppliers: Sequence[uuid.UUID]) -> list[uuid.UUID]:
    """Return the users who answer for these suppliers."""
    return list(
        uow.session.scalars(
            select(Membership.user_id).where(
                Membership.organisation_id.in_(suppliers),
                Membership.role.in_(BIDDER_SIDE),
                Membership.ended_at.is_(None),
            )
        )
    )


def _start_if_complete(uow: UnitOfWork, framework: Framework) -> None:
    """Bring the framework into force with the last signature; the order of turns is told in writing (R-FRAME-03)."""
    uow.session.flush()
    uow.session.expire(framework, ["members"])
    if framework.state is not FrameworkState.FORMING:
        return
    signed = [one.signed_on for one in framework.members if one.state is MemberState.SIGNED and one.signed_on]
    if not signed or any(one.state is MemberState.ADMITTED for one in framework.members):
        return
    begins = max(signed)
    ends = months_later(begins, framework_terms(uow, framework).months)
    FRAMEWORK.fire(uow, framework, "start", as_system=True, assign={"begins_on": begins, "ends_on": ends})
    suppliers = [one.supplier_id for one in framework.members if one.state is MemberState.SIGNED]
    params = {"tender": framework.tender.title, "day": ends.isoformat()}
    notify(uow, IN_FORCE, people_of(uow, suppliers), url=f"/frameworks/{framework.id}", params=params)


def _of(uow: UnitOfWork, framework: Framework, supplier: Organisation) -> list[FrameworkMember]:
    return [one for one in members_of(uow, framework) if one.supplier_id == supplier.id]


def _derived(uow: UnitOfWork, start: date, name: str) -> DerivedDeadline:
    return derive("R-FRAME-01", start, work_calendar(uow), uow.house.rules, name=name)


def _ensure(uow: UnitOfWork, permission: FrameworkPermission, framework: Framework) -> None:
    decision = policy.decide(uow.actor, permission, framework)
    if not decision:
        raise Forbidden(decision.reason)
