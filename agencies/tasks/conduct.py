"""What cases, measures, standing and coaching ask for next, of the bureau and of the agency."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select

from agencies.addresses import COACHING_LIST, case_page, measure_page, standing_page
from agencies.models import Agency, ConductCase, ConductMeasure, OutsideSanction, StandingDecision
from agencies.permissions import ConductPermission, StandingPermission
from agencies.queries.coaching import without_coach
from agencies.states import ConductState, DecisionState, MeasureKind, MeasureState, SanctionState
from core.deadlines import end_of
from core.i18n import _l
from core.identity.roles import Role
from core.permissions import policy
from core.ports import Task
from core.unit_of_work import UnitOfWork

HEARING = (ConductState.NOTIFIED, ConductState.STATED)
OPEN = (MeasureState.PROPOSED, MeasureState.ISSUED, MeasureState.REPORTED)


def conduct_tasks(uow: UnitOfWork) -> Iterable[Task]:
    """Yield what waits for the actor: for the bureau's quality officers, or for an agency's head."""
    if uow.actor.has(Role.QUALITY_OFFICER):
        yield from _cases_to_decide(uow)
        yield from _measures_to_follow(uow)
        yield from _standing_to_decide(uow)
        yield from _coaching_to_arrange(uow)
    own = uow.actor.organisations_as(Role.AGENCY_MANAGER)
    if own:
        yield from _of_agency(uow, own)


def _cases_to_decide(uow: UnitOfWork) -> Iterable[Task]:
    for case in uow.session.scalars(select(ConductCase).where(ConductCase.state.in_(HEARING))).unique():
        if not policy.allows(uow.actor, ConductPermission.DECIDE, case):
            continue
        heard = case.state is ConductState.STATED or uow.today > case.statement_due
        subject = f"{case.number} {case.agency.organisation.name}"
        group = "mine" if heard else "waiting"
        due = None if heard else end_of(case.statement_due)
        title = _l("认定违规事项") if heard else _l("等待机构陈述申辩")
        yield Task(title, subject, case_page(case.id), due, group=group, rule_id="R-AGENCY.hearing")  # type: ignore[arg-type]  # one of the two groups


def _measures_to_follow(uow: UnitOfWork) -> Iterable[Task]:
    for one in uow.session.scalars(select(ConductMeasure).where(ConductMeasure.state.in_(OPEN))).unique():
        subject, page = f"{one.number} {one.case.agency.organisation.name}", measure_page(one.id)
        due = end_of(one.due_on) if one.due_on else None
        if one.state is MeasureState.PROPOSED and policy.allows(uow.actor, ConductPermission.ISSUE, one):
            yield Task(_l("签发处理措施"), subject, page, rule_id="R-AGENCY-16")
        elif one.state is MeasureState.REPORTED:
            yield Task(_l("核实整改情况"), subject, page, rule_id="R-AGENCY-16")
        elif one.state is MeasureState.ISSUED and one.kind is not MeasureKind.CORRECTION:
            yield Task(_l("落实处理措施"), subject, page, due, rule_id="R-AGENCY-16")
        elif one.state is MeasureState.ISSUED:
            yield Task(_l("等待机构整改"), subject, page, due, group="waiting", rule_id="R-AGENCY-16")


def _standing_to_decide(uow: UnitOfWork) -> Iterable[Task]:
    rows = select(StandingDecision).where(StandingDecision.state.in_((DecisionState.ASKED, DecisionState.PROPOSED)))
    for one in uow.session.scalars(rows).unique():
        subject, page = f"{one.kind.label} {one.agency.organisation.name}", standing_page(one.agency_id)
        if one.state is DecisionState.ASKED:
            yield Task(_l("审核机构的申请"), subject, page, rule_id="R-AGENCY.standing")
        elif policy.allows(uow.actor, StandingPermission.DECIDE, one):
            yield Task(_l("确认在库状态的决定"), subject, page, rule_id="R-AGENCY.standing")
    rows_ = select(OutsideSanction).where(OutsideSanction.state == SanctionState.REPORTED)
    for sanction in uow.session.scalars(rows_).unique():
        if policy.allows(uow.actor, ConductPermission.CHECK_SANCTION, sanction):
            page = standing_page(sanction.agency_id)
            yield Task(_l("核对外部处罚"), sanction.agency.organisation.name, page, rule_id="R-AGENCY-04")


def _coaching_to_arrange(uow: UnitOfWork) -> Iterable[Task]:
    waiting = without_coach(uow)
    if waiting:
        yield Task(_l("安排辅导"), str(_l("%(count)s 家", count=waiting)), COACHING_LIST, rule_id="R-GRADE.C")


def _of_agency(uow: UnitOfWork, own: Iterable[object]) -> Iterable[Task]:
    ids = select(Agency.id).where(Agency.organisation_id.in_(own))
    cases = select(ConductCase).where(
        ConductCase.agency_id.in_(ids),
        ConductCase.state == ConductState.NOTIFIED,
        ConductCase.statement_due >= uow.today,
    )
    for case in uow.session.scalars(cases).unique():
        due, words = end_of(case.statement_due), f"{case.number} {case.code.label}"
        yield Task(_l("可以陈述申辩"), words, case_page(case.id), due, rule_id="R-AGENCY.hearing")
    measures = (
        select(ConductMeasure)
        .join(ConductCase, ConductCase.id == ConductMeasure.case_id)
        .where(ConductCase.agency_id.in_(ids), ConductMeasure.state == MeasureState.ISSUED)
    )
    for one in uow.session.scalars(measures).unique():
        by, page = end_of(one.due_on) if one.due_on else None, measure_page(one.id)
        if one.kind is MeasureKind.CORRECTION:
            yield Task(_l("改正并报告整改情况"), one.number, page, by, rule_id="R-AGENCY-16")
        elif one.kind is MeasureKind.ADMONITION:
            yield Task(_l("接受约谈"), one.number, page, by, group="waiting", rule_id="R-AGENCY-16")
