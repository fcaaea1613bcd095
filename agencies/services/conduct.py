"""Cases of misconduct: told, heard, decided by another person, recorded, put right (R-AGENCY-05, R-AGENCY.hearing)."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import select

from agencies.addresses import case_page
from agencies.events import ConductRecorded
from agencies.honesty import last_day
from agencies.models import Agency, ConductCase, CreditRecord, Engagement
from agencies.notifications import CASE_DECIDED, CASE_OPENED, CASE_STATED
from agencies.permissions import ConductPermission
from agencies.services.numbers import next_paper_number
from agencies.states import ConductCode, ConductState, HonestyStep
from agencies.workflow import CONDUCT
from core.clock import SHANGHAI
from core.deadlines import derive
from core.documents.accept import MEGABYTE, Upload, accept_file
from core.errors import Forbidden, Refusal, Refused
from core.events import publish
from core.i18n import _l
from core.identity.people import user_ids_with
from core.identity.roles import Role
from core.notifications.send import notify
from core.parameters import overrides
from core.permissions import policy
from core.unit_of_work import UnitOfWork
from core.work_calendar import work_calendar

EVIDENCE, STATEMENT = "evidence", "statement"
KINDS = ("pdf", "jpg", "png", "docx", "xlsx")
MOST_FILES = 10
NO_POINTS = Decimal(0)


@dataclass(frozen=True)
class CaseEntry:
    """What an agency is told: what it did, when, the facts, where they came to light, and what is intended."""

    code: ConductCode
    happened_on: date | None
    facts: str
    step: HonestyStep = HonestyStep.NONE
    source: str = ""
    engagement: Engagement | None = None


def open_case(uow: UnitOfWork, agency: Agency, entry: CaseEntry, files: Sequence[Upload] = ()) -> ConductCase:
    """Tell an agency what it is said to have done; it may speak until the day of R-AGENCY.hearing.

    Raises `Forbidden`, or `Refused` at every field that lacks: facts, a day that is past, evidence, an engagement of
    its own.
    """
    _ensure(uow, ConductPermission.OPEN)
    chosen = [one for one in files if one.filename]
    refusals = []
    if not entry.facts.strip():
        refusals.append(Refusal(_l("请写明查明的事实"), rule_id=entry.code.rule_id, field="facts"))
    if entry.happened_on is None or entry.happened_on > uow.today:
        refusals.append(Refusal(_l("请填写发生日期，不能晚于今天"), field="happened_on"))
    if not chosen:
        refusals.append(Refusal(_l("请附上证据材料"), rule_id="R-AGENCY.hearing", field="files"))
    if len(chosen) > MOST_FILES:
        refusals.append(Refusal(_l("一次最多附%(most)s个文件", most=MOST_FILES), field="files"))
    if entry.engagement is not None and entry.engagement.agency_id != agency.organisation_id:
        refusals.append(Refusal(_l("所选委托不是这家机构承担的"), field="engagement"))
    if refusals or entry.happened_on is None:
        raise Refused(*refusals)
    due = derive("R-AGENCY.hearing", uow.today, work_calendar(uow), uow.house.rules, overrides=overrides(uow))
    case = uow.add(
        ConductCase(
            number=next_paper_number(uow, ConductCase.number, "违"),
            agency_id=agency.id,
            engagement_id=entry.engagement.id if entry.engagement else None,
            code=entry.code,
            step=entry.step,
            happened_on=entry.happened_on,
            facts=entry.facts.strip(),
            source=entry.source.strip(),
            state=ConductState.NOTIFIED,
            opened_by_id=uow.actor.user_id,
            opened_at=uow.now,
            statement_due=due.last_day,
            stated_at=None,
            stated_by_id=None,
            decided_at=None,
            decided_by_id=None,
            withdrawn_at=None,
        )
    )
    uow.session.flush()
    uow.session.refresh(case)
    _keep(uow, case, chosen, EVIDENCE)
    after = {"number": case.number, "code": case.code.value, "step": case.step.value}
    uow.record("conduct_case.open", case, after=after)
    params = {"number": case.number, "code": str(case.code.label), "day": due.last_day.isoformat()}
    notify(uow, CASE_OPENED, _managers(uow, agency), url=case_page(case.id), params=params)
    return case


def state_case(uow: UnitOfWork, case: ConductCase, statement: str, files: Sequence[Upload] = ()) -> None:
    """Take the agency's statement, once. Raises `Forbidden`, or `Refused` late, without words or once decided."""
    refusals = []
    if case.state is ConductState.NOTIFIED and uow.today > case.statement_due:
        refusals.append(Refusal(_l("陈述申辩的期限已过"), rule_id="R-AGENCY.hearing"))
    if not statement.strip():
        refusals.append(Refusal(_l("请写明陈述和申辩"), rule_id="R-AGENCY.hearing", field="statement"))
    if refusals:
        raise Refused(*refusals)
    assign = {"statement": statement.strip(), "stated_by_id": uow.actor.user_id}
    CONDUCT.fire(uow, case, "state", assign=assign)
    _keep(uow, case, [one for one in files if one.filename], STATEMENT)
    params = {"number": case.number, "agency": case.agency.organisation.name}
    officers = [one for one in user_ids_with(uow, Role.QUALITY_OFFICER) if one != case.opened_by_id]
    notify(uow, CASE_STATED, officers, url=case_page(case.id), params=params, by_mail=False)


def record_case(uow: UnitOfWork, case: ConductCase, step: HonestyStep, reason: str) -> CreditRecord:
    """Decide that it was so and enter it into the honesty archive, at this step of the ladder (R-GRADE.year).

    Raises `Forbidden` for whoever opened it, `Refused` without a reason or before the agency was heard.
    """
    assign = {"step": step, "decision": reason.strip(), "decided_by_id": uow.actor.user_id}
    CONDUCT.fire(uow, case, "record", reason=reason, assign=assign, detail={"step": step.value})
    row = uow.add(
        CreditRecord(
            agency_id=case.agency_id,
            happened_on=case.happened_on,
            description=f"{case.code.label}：{case.facts}",
            points=points_of(uow, step),
            expires_on=_expires(uow, step, uow.today),
            case_id=case.id,
        )
    )
    uow.session.flush()
    uow.session.expire(case.agency, ["credit"])
    publish(uow, ConductRecorded(case))
    _tell_outcome(uow, case)
    return row


def dismiss_case(uow: UnitOfWork, case: ConductCase, reason: str) -> None:
    """Decide that nothing is recorded. Raises `Forbidden` for whoever opened it, `Refused` without a reason."""
    assign = {"decision": reason.strip(), "decided_by_id": uow.actor.user_id}
    CONDUCT.fire(uow, case, "dismiss", reason=reason, assign=assign)
    _tell_outcome(uow, case)


def amend_entry(uow: UnitOfWork, case: ConductCase, step: HonestyStep, reason: str) -> None:
    """Put the step of a recorded case right; what stood before is kept in the log.

    Raises `Forbidden` for who decided, `Refused` without a reason, unless recorded, or when nothing changes.
    """
    decision = policy.decide(uow.actor, ConductPermission.AMEND, case)
    if not decision:
        raise Forbidden(decision.reason)
    uow.lock(case)
    refusals = []
    if case.state is not ConductState.RECORDED:
        refusals.append(Refusal(_l("只有已认定的记录可以更正")))
    elif step is case.step:
        refusals.append(Refusal(_l("与现在的记录相同，无须更正"), rule_id="R-GRADE.year", field="step"))
    if not reason.strip():
        refusals.append(Refusal(_l("请填写更正的理由"), field="reason"))
    if refusals:
        raise Refused(*refusals)
    entry, before = entry_of(uow, case), case.step
    recorded_on = (case.decided_at or uow.now).astimezone(SHANGHAI).date()
    case.step = step
    if entry is not None:
        entry.points, entry.expires_on = points_of(uow, step), _expires(uow, step, recorded_on)
    uow.session.flush()
    uow.session.expire(case.agency, ["credit"])
    uow.record("conduct_case.amend", case, before={"step": before.value}, after={"step": step.value}, reason=reason)
    _tell_outcome(uow, case)


def withdraw_case(uow: UnitOfWork, case: ConductCase, reason: str) -> None:
    """Withdraw what was recorded: the entry stays, with the reason, and costs nothing.

    Raises `Forbidden` for who decided, `Refused` without a reason or unless recorded.
    """
    CONDUCT.fire(uow, case, "withdraw", reason=reason, assign={"withdrawn_reason": reason.strip()})
    entry = entry_of(uow, case)
    if entry is not None:
        entry.points, entry.withdrawn_reason = NO_POINTS, reason.strip()
    uow.session.flush()
    uow.session.expire(case.agency, ["credit"])
    _tell_outcome(uow, case)


def entry_of(uow: UnitOfWork, case: ConductCase) -> CreditRecord | None:
    """Return the entry of the archive that a case led to."""
    return uow.session.scalar(select(CreditRecord).where(CreditRecord.case_id == case.id))


def points_of(uow: UnitOfWork, step: HonestyStep) -> Decimal:
    """Return the points of a step of the ladder (R-GRADE.year)."""
    names = {HonestyStep.MINOR: "deduction", HonestyStep.MAJOR: "deduction_serious"}
    if step not in names:
        return NO_POINTS
    return uow.house.rules.number("R-GRADE.year", names[step], on=uow.today, overrides=overrides(uow))


def _expires(uow: UnitOfWork, step: HonestyStep, recorded_on: date) -> date:
    """Return until when an entry stands: so many months from the day it was recorded."""
    name = "months_serious" if step is HonestyStep.MAJOR else "months"
    months = uow.house.rules.whole("R-GRADE.year", name, on=uow.today, overrides=overrides(uow))
    return last_day(recorded_on, months)


def _keep(uow: UnitOfWork, case: ConductCase, files: Sequence[Upload], purpose: str) -> None:
    for one in files:
        accept_file(uow, one, owner=case, purpose=purpose, kinds=KINDS, max_bytes=20 * MEGABYTE, field="files")


def _managers(uow: UnitOfWork, agency: Agency) -> list[uuid.UUID]:
    return user_ids_with(uow, Role.AGENCY_MANAGER, organisation_id=agency.organisation_id)


def _tell_outcome(uow: UnitOfWork, case: ConductCase) -> None:
    params = {"number": case.number, "outcome": str(case.state.label)}
    notify(uow, CASE_DECIDED, _managers(uow, case.agency), url=case_page(case.id), params=params)


def _ensure(uow: UnitOfWork, permission: ConductPermission) -> None:
    decision = policy.decide(uow.actor, permission)
    if not decision:
        raise Forbidden(decision.reason)
