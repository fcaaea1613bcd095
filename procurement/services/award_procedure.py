"""The award's procedure: report delivered, delay explained, silence taken as a decision, notice and refunds noted."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlsplit

from sqlalchemy import select

from core.errors import Forbidden, Refusal, Refused
from core.i18n import _l
from core.identity.models import Membership
from core.identity.roles import Role
from core.notifications.send import NotificationKind, notify
from core.permissions import policy
from core.unit_of_work import UnitOfWork
from core.workflow import TransitionFired
from procurement.contracting.clocks import falls_to_the_first
from procurement.models import AwardProcedure, Tender
from procurement.permissions import ContractPermission
from procurement.queries.award_procedure import decision_clock, procedure_of
from procurement.services.awarding import SILENCE, Choice, award
from procurement.services.concluding import results_of
from procurement.states import TenderState
from procurement.suspensions import suspensions

REPORT_HERE = NotificationKind(
    "award.report-delivered",
    _l("评审报告已送达：%(tender)s"),
    _l("采购代理机构已送交《%(tender)s》的评审报告，请在规定期限内按排序确定中标人（R-AWARD-01）。"),
)
TAKEN = NotificationKind(
    "award.taken-as-winner",
    _l("逾期未定标，已视同确定第一名：%(tender)s"),
    _l("《%(tender)s》逾期未确定中标人且未说明合法理由，系统已按规定视同确定排序第一的候选人为中标人（R-AWARD-02）。"),
)


def follow_conclusion(uow: UnitOfWork, event: TransitionFired) -> None:
    """Start the clocks when the sheets are added up: the purchaser's own officer has the report at once."""
    if event.workflow != "tender" or event.name != "conclude":
        return
    tender: Tender = event.subject
    by_agent = uow.actor.has(Role.AGENT_OFFICER) and not uow.actor.has(Role.PROCUREMENT_OFFICER)
    row = procedure_of(uow, tender)
    if row is None:
        row = uow.add(AwardProcedure(tender_id=tender.id, by_agent=by_agent, notice_at=None, delayed_by_id=None))
    row.by_agent = by_agent
    row.report_received_at = None if by_agent else uow.now
    uow.session.flush()


def deliver_report(uow: UnitOfWork, tender: Tender) -> None:
    """Hand the evaluation report to the purchaser; from now on the decision's clock runs (R-AWARD-01)."""
    row = _permitted(uow, tender, ContractPermission.DELIVER_REPORT)
    if row.report_received_at is not None:
        raise Refused(Refusal(_l("评审报告已经送达采购人"), rule_id="R-AWARD-01"))
    row.report_received_at, row.report_sent_by_id = uow.now, uow.actor.user_id
    uow.session.flush()
    uow.record("tender.deliver_report", tender)
    deciders = uow.session.scalars(
        select(Membership.user_id).where(
            Membership.organisation_id == tender.purchaser_id,
            Membership.role.in_((Role.PROCUREMENT_OFFICER, Role.PROCUREMENT_APPROVER)),
            Membership.ended_at.is_(None),
        )
    )
    notify(uow, REPORT_HERE, deciders, url=f"/tenders/{tender.id}/award", params={"tender": tender.title})


def explain_delay(uow: UnitOfWork, tender: Tender, reason: str) -> None:
    """Note the lawful reason for which the purchaser has not decided; silence no longer decides (R-AWARD-02)."""
    row = _permitted(uow, tender, ContractPermission.EXPLAIN_DELAY)
    if not reason.strip():
        raise Refused(Refusal(_l("请写明未按期确定中标人的合法理由"), rule_id="R-AWARD-02", field="reason"))
    if tender.state is not TenderState.EVALUATED:
        raise Refused(Refusal(_l("本项目不在待定标状态"), rule_id="R-AWARD-02"))
    row.delay_reason, row.delayed_by_id = reason.strip(), uow.actor.user_id
    uow.session.flush()
    uow.record("tender.explain_delay", tender, reason=reason.strip())


def register_result_notice(uow: UnitOfWork, tender: Tender, url: str, at: datetime) -> None:
    """Note where and when the result stood in the designated medium; the notice period runs from it (R-NOTICE-01)."""
    row = _permitted(uow, tender, ContractPermission.NOTE_NOTICE)
    check_address(url, at, uow.now)
    if tender.awarded_at is None or at < tender.awarded_at:
        raise Refused(Refusal(_l("公告时间不能早于定标时间"), rule_id="R-AWARD-01", field="at"))
    before = row.notice_url
    row.notice_url, row.notice_at = url, at
    uow.session.flush()
    uow.record(
        "tender.register_result_notice", tender, before={"url": before}, after={"url": url, "at": at.isoformat()}
    )


def check_address(url: str, at: datetime, now: datetime) -> None:
    """Raise `Refused` for anything but a complete web address and a time that has come."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise Refused(Refusal(_l("请填写完整的网址，如 https://…"), field="url"))
    if at > now:
        raise Refused(Refusal(_l("发布时间不能晚于现在"), field="at"))


def applies_to(uow: UnitOfWork, tender: Tender) -> bool:
    """Say whether silence decides in this method of purchase (R-AWARD-02)."""
    methods = str(uow.house.rules.value("R-AWARD-02", "methods", on=uow.today)).split()
    return str(tender.method) in methods


def silent_tenders(uow: UnitOfWork) -> list[Tender]:
    """Return the evaluated tenders whose purchaser let the time pass without a reason (R-AWARD-02)."""
    waiting = uow.session.scalars(
        select(Tender).where(Tender.state == TenderState.EVALUATED).order_by(Tender.evaluated_at)
    )
    return [tender for tender in waiting if is_silent(uow, tender)]


def is_silent(uow: UnitOfWork, tender: Tender) -> bool:
    """Say whether the first-ranked is now taken as the winner of this tender."""
    if tender.state is not TenderState.EVALUATED or not applies_to(uow, tender):
        return False
    clock, row = decision_clock(uow, tender), procedure_of(uow, tender)
    if clock is None or row is None or not clock.is_overdue(uow.now):
        return False
    winners = max((len(one.first) for one in results_of(uow, tender) if one.ranked), default=0)
    return falls_to_the_first(
        clock,
        uow.now,
        delay_reason=row.delay_reason,
        is_suspended=bool(suspensions(uow, tender)),
        winners=winners,
    )


def take_first_ranked(uow: UnitOfWork, tender: Tender) -> bool:
    """Award by the purchaser's silence, if it still is silence now; tell the purchaser. Only the system does this."""
    if not uow.actor.is_system:
        raise Forbidden(_l("仅系统自动执行"))
    uow.lock(tender)
    if not is_silent(uow, tender):
        return False
    choices = {one.lot.id: Choice(one.first[0].bid.id, str(SILENCE)) for one in results_of(uow, tender) if one.ranked}
    award(uow, tender, choices, by_silence=True)
    row = _row(uow, tender)
    row.is_by_default = True
    uow.session.flush()
    told = {tender.drafted_by_id, tender.approved_by_id} - {None}
    notify(
        uow,
        TAKEN,
        [one for one in told if one is not None],
        url=f"/tenders/{tender.id}/procedure",
        params={"tender": tender.title},
    )
    return True


def _permitted(uow: UnitOfWork, tender: Tender, permission: ContractPermission) -> AwardProcedure:
    _ensure(uow, tender, permission)
    uow.lock(tender)
    return _row(uow, tender)


def _row(uow: UnitOfWork, tender: Tender) -> AwardProcedure:
    row = procedure_of(uow, tender)
    if row is None:
        raise Refused(Refusal(_l("评标尚未结束"), rule_id="R-AWARD-01"))
    return row


def _ensure(uow: UnitOfWork, tender: Tender, permission: ContractPermission) -> None:
    decision = policy.decide(uow.actor, permission, tender)
    if not decision:
        raise Forbidden(decision.reason)
