"""Suspension, removal, leave and return: asked for or proposed, then decided by another person (R-AGENCY.standing)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from agencies.addresses import standing_page
from agencies.honesty import last_day
from agencies.library_standing import StandingOn
from agencies.models import Agency, StandingDecision
from agencies.notifications import STANDING_DECIDED, STANDING_REFUSED, STANDING_WANTED
from agencies.permissions import StandingPermission
from agencies.queries.standing import decisions_of, standing_of
from agencies.services.numbers import next_paper_number
from agencies.states import DecisionState, Standing, StandingKind
from agencies.workflow import STANDING
from core.errors import Forbidden, Refusal, Refused
from core.i18n import Text, _l
from core.identity.people import user_ids_with
from core.identity.roles import Role
from core.notifications.send import NotificationKind, notify
from core.parameters import overrides
from core.permissions import policy
from core.unit_of_work import UnitOfWork

RULE = "R-AGENCY.standing"
OPEN = (DecisionState.ASKED, DecisionState.PROPOSED)
GROUNDS: tuple[tuple[str, Text], ...] = (
    ("R-AGENCY-05", _l("有禁止行为")),
    ("R-AGENCY-16", _l("拒不改正或者整改不到位")),
    ("R-AGENCY-14", _l("泄露评价信息")),
    ("R-AGENCY-03", _l("登记信息不实或者未按期更新")),
    ("R-AGENCY-04", _l("不再符合选择条件")),
    ("R-GRADE.exit", _l("两个年度为 D 级")),
    (RULE, _l("其他情形，或者恢复、自愿退出")),
)
"""The rules on which a decision may rest, with their words."""


@dataclass(frozen=True)
class StandingEntry:
    """What is proposed: the kind, from when, until when (a suspension's last day, or None), by what rule, and why."""

    kind: StandingKind
    begins_on: date | None
    ends_on: date | None
    rule_id: str
    reason: str


def propose_standing(uow: UnitOfWork, agency: Agency, entry: StandingEntry) -> StandingDecision:
    """Propose a suspension, a removal or a return; a removal's period comes from the rule.

    Raises `Forbidden`, or `Refused` at every field that lacks or contradicts the present standing.
    """
    _ensure(uow, StandingPermission.PROPOSE)
    uow.lock(agency)
    begins_on = entry.begins_on or uow.today
    refusals = _entry_refusals(uow, agency, entry, begins_on)
    if refusals:
        raise Refused(*refusals)
    row = _add(uow, agency, entry.kind, begins_on, _ends_on(uow, entry, begins_on), entry.rule_id)
    row.reason, row.proposed_by_id, row.proposed_at = entry.reason.strip(), uow.actor.user_id, uow.now
    uow.session.flush()
    uow.session.refresh(row)
    after = {"number": row.number, "kind": row.kind.value, "begins_on": row.begins_on, "ends_on": row.ends_on}
    uow.record("standing_decision.propose", row, after=after, reason=row.reason)
    _tell_deciders(uow, row)
    return row


def ask_standing(uow: UnitOfWork, agency: Agency, kind: StandingKind, statement: str) -> StandingDecision:
    """Take the agency's own application: to leave, or to return once it may.

    Raises `Forbidden`, or `Refused` without a statement, before the period has passed, or when nothing would change.
    """
    decision = policy.decide(uow.actor, StandingPermission.ASK, agency)
    if not decision:
        raise Forbidden(decision.reason)
    uow.lock(agency)
    standing = standing_of(uow, agency).standing
    refusals = _application_refusals(uow, agency, kind, standing)
    if not statement.strip():
        refusals.append(Refusal(_l("请写明申请的理由和整改情况"), rule_id=RULE, field="statement"))
    if refusals:
        raise Refused(*refusals)
    row = _add(uow, agency, kind, uow.today, None, RULE, state=DecisionState.ASKED)
    row.statement, row.asked_by_id, row.asked_at = statement.strip(), uow.actor.user_id, uow.now
    uow.session.flush()
    uow.session.refresh(row)
    uow.record("standing_decision.ask", row, after={"number": row.number, "kind": row.kind.value})
    officers = user_ids_with(uow, Role.QUALITY_OFFICER)
    params = {"kind": str(row.kind.label), "agency": agency.organisation.name}
    notify(uow, STANDING_WANTED, officers, url=standing_page(agency.id), params=params, by_mail=False)
    return row


def support_application(uow: UnitOfWork, row: StandingDecision, reason: str) -> None:
    """Support an agency's application with a reason; another person then decides. Raises `Forbidden`, `Refused`."""
    if not reason.strip():
        raise Refused(Refusal(_l("请写明审核意见"), rule_id=RULE, field="reason"))
    assign = {"reason": reason.strip(), "proposed_by_id": uow.actor.user_id}
    STANDING.fire(uow, row, "support", reason=reason, assign=assign)
    _tell_deciders(uow, row)


def decide_standing(uow: UnitOfWork, row: StandingDecision) -> None:
    """Confirm what somebody else proposed; it holds from its first day. Raises `Forbidden` for who proposed it."""
    values: dict[str, object] = {"decided_by_id": uow.actor.user_id}
    if row.begins_on < uow.today:
        length = row.ends_on - row.begins_on if row.ends_on else None
        values |= {"begins_on": uow.today, "ends_on": uow.today + length if length is not None else None}
    STANDING.fire(uow, row, "decide", reason=row.reason, assign=values)
    _tell_agency(uow, row, STANDING_DECIDED)


def refuse_standing(uow: UnitOfWork, row: StandingDecision, reason: str) -> None:
    """Do not agree to a proposal or an application, with the reason. Raises `Forbidden`, `Refused`."""
    asked = row.asked_at is not None
    STANDING.fire(uow, row, "refuse", reason=reason, assign={"remark": reason.strip()})
    if asked:
        _tell_agency(uow, row, STANDING_REFUSED)


def revoke_standing(uow: UnitOfWork, row: StandingDecision, reason: str) -> None:
    """Revoke a mistaken decision: it never held, though the log keeps that it did. Raises `Forbidden`, `Refused`."""
    STANDING.fire(uow, row, "revoke", reason=reason, assign={"remark": reason.strip()})
    _tell_agency(uow, row, STANDING_DECIDED)


def _entry_refusals(uow: UnitOfWork, agency: Agency, entry: StandingEntry, begins_on: date) -> list[Refusal]:
    found = _open_refusals(uow, agency)
    standing = standing_of(uow, agency).standing
    if entry.kind is StandingKind.LEAVE:
        found.append(Refusal(_l("自愿退出由机构自行申请"), rule_id=RULE, field="kind"))
    if begins_on < uow.today:
        found.append(Refusal(_l("起始日期不能早于今天"), rule_id=RULE, field="begins_on"))
    if not entry.reason.strip():
        found.append(Refusal(_l("请写明事实和理由"), rule_id=RULE, field="reason"))
    if entry.rule_id not in dict(GROUNDS):
        found.append(Refusal(_l("请选择依据"), rule_id=RULE, field="rule_id"))
    if entry.kind is StandingKind.SUSPENSION:
        months = uow.house.rules.whole(RULE, "suspend_months_max", on=uow.today, overrides=overrides(uow))
        latest = last_day(begins_on, months)
        if entry.ends_on is not None and not begins_on <= entry.ends_on <= latest:
            words = _l("暂停的截止日期应在起始日期之后，最晚为 %(day)s", day=latest.isoformat())
            found.append(Refusal(words, rule_id=RULE, field="ends_on"))
    if entry.kind is StandingKind.RETURN and standing.is_full:
        found.append(Refusal(_l("机构现在正常在库，无须恢复"), rule_id=RULE, field="kind"))
    if entry.kind is not StandingKind.RETURN and standing.standing in (Standing.REMOVED, Standing.LEFT):
        found.append(Refusal(_l("机构已不在库，只能恢复"), rule_id=RULE, field="kind"))
    return found


def _application_refusals(uow: UnitOfWork, agency: Agency, kind: StandingKind, standing: StandingOn) -> list[Refusal]:
    found = _open_refusals(uow, agency)
    if kind not in (StandingKind.LEAVE, StandingKind.RETURN):
        found.append(Refusal(_l("机构只能申请退出或者恢复在库"), rule_id=RULE, field="kind"))
    if kind is StandingKind.LEAVE and standing.standing in (Standing.LEFT, Standing.REMOVED):
        found.append(Refusal(_l("机构已不在库"), rule_id=RULE, field="kind"))
    if kind is StandingKind.RETURN:
        if standing.is_full:
            found.append(Refusal(_l("机构现在正常在库，无须申请"), rule_id=RULE, field="kind"))
        elif standing.may_return_from is None and standing.until is not None:
            words = _l("暂停至 %(day)s，期满自动恢复，无须申请", day=standing.until.isoformat())
            found.append(Refusal(words, rule_id=RULE, field="kind"))
        elif standing.may_return_from is not None and uow.today < standing.may_return_from:
            words = _l("%(day)s 起可以重新申请", day=standing.may_return_from.isoformat())
            rule_id = standing.cause.rule_id if standing.cause else RULE
            found.append(Refusal(words, rule_id="R-GRADE.exit" if rule_id == "R-GRADE.exit" else RULE, field="kind"))
    return found


def _open_refusals(uow: UnitOfWork, agency: Agency) -> list[Refusal]:
    open_ = next((one for one in decisions_of(uow, agency) if one.state in OPEN), None)
    return [] if open_ is None else [Refusal(_l("%(number)s 正在办理，请先办结", number=open_.number), rule_id=RULE)]


def _ends_on(uow: UnitOfWork, entry: StandingEntry, begins_on: date) -> date | None:
    if entry.kind is StandingKind.REMOVAL:
        rule_id, name = ("R-GRADE.exit", "pause_years") if entry.rule_id == "R-GRADE.exit" else (RULE, "remove_years")
        years = uow.house.rules.whole(rule_id, name, on=uow.today, overrides=overrides(uow))
        return last_day(begins_on, 12 * years)
    return entry.ends_on if entry.kind is StandingKind.SUSPENSION else None


def _add(  # noqa: PLR0917 - what a decision holds
    uow: UnitOfWork,
    agency: Agency,
    kind: StandingKind,
    begins_on: date,
    ends_on: date | None,
    rule_id: str,
    state: DecisionState = DecisionState.PROPOSED,
) -> StandingDecision:
    """Build the row without flushing it: what its constraints ask for is filled in by the caller."""
    number = next_paper_number(uow, StandingDecision.number, "库")
    return uow.add(
        StandingDecision(
            number=number,
            agency_id=agency.id,
            kind=kind,
            begins_on=begins_on,
            ends_on=ends_on,
            rule_id=rule_id,
            state=state,
            asked_by_id=None,
            asked_at=None,
            proposed_by_id=None,
            proposed_at=None,
            decided_by_id=None,
            decided_at=None,
        )
    )


def _tell_deciders(uow: UnitOfWork, row: StandingDecision) -> None:
    deciders = [one for one in user_ids_with(uow, Role.QUALITY_OFFICER) if one != row.proposed_by_id]
    params = {"kind": str(row.kind.label), "agency": row.agency.organisation.name}
    notify(uow, STANDING_WANTED, deciders, url=standing_page(row.agency_id), params=params, by_mail=False)


def _tell_agency(uow: UnitOfWork, row: StandingDecision, kind: NotificationKind) -> None:
    managers = user_ids_with(uow, Role.AGENCY_MANAGER, organisation_id=row.agency.organisation_id)
    notify(uow, kind, managers, url=standing_page(row.agency_id), params={"kind": str(row.kind.label)})


def _ensure(uow: UnitOfWork, permission: StandingPermission) -> None:
    decision = policy.decide(uow.actor, permission)
    if not decision:
        raise Forbidden(decision.reason)
