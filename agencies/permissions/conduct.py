"""Who may record what an agency did wrong, and follow it up; who opens a case never decides it (R-AGENCY.hearing)."""

from __future__ import annotations

from agencies.models import Agency, ConductCase, ConductMeasure, OutsideSanction
from agencies.permissions.library import bureau, quality, watchers
from agencies.states import ConductState
from core.i18n import _l
from core.identity.actor import Actor
from core.identity.roles import Role
from core.permissions import Permission, PolicyMap, predicate


class ConductPermission(Permission):
    """What one may do with cases, measures and others' sanctions."""

    BROWSE = "conduct-case:browse", _l("查看违规事项列表")
    READ = "conduct-case:read", _l("查看违规事项")
    OPEN = "conduct-case:open", _l("告知违规事项")
    STATE = "conduct-case:state", _l("陈述申辩")
    DECIDE = "conduct-case:decide", _l("认定违规事项")
    AMEND = "conduct-case:amend", _l("更正或者撤销诚信记录")
    PROPOSE_MEASURE = "measure:propose", _l("提出处理措施")
    READ_MEASURE = "measure:read", _l("查看处理措施")
    ISSUE = "measure:issue", _l("签发处理措施")
    REPORT = "measure:report", _l("报告整改情况")
    FOLLOW = "measure:follow", _l("核实处理措施的落实")
    RECORD_SANCTION = "sanction:record", _l("登记外部处罚")
    CHECK_SANCTION = "sanction:check", _l("核对外部处罚")


def _heads(actor: Actor, agency: Agency) -> bool:
    return agency.organisation_id in actor.organisations_as(Role.AGENCY_MANAGER)


@predicate(_l("是所涉机构的人员"))
def of_the_agency(actor: Actor, case: ConductCase) -> bool:
    """The actor works for the agency that the case is about."""
    return case.agency.organisation_id in actor.organisations_as(Role.AGENCY_MANAGER, Role.AGENCY_STAFF)


@predicate(_l("是所涉机构的负责人"))
def heads_the_agency(actor: Actor, case: ConductCase) -> bool:
    """The actor answers for the agency that the case is about."""
    return _heads(actor, case.agency)


@predicate(_l("事项已经认定"))
def is_recorded(_actor: Actor, case: ConductCase) -> bool:
    """The case was recorded, so that who buys may read it."""
    return case.state is ConductState.RECORDED


@predicate(_l("不是告知人"))
def not_opener(actor: Actor, case: ConductCase) -> bool:
    """The actor is not who opened the case."""
    return actor.user_id is not None and actor.user_id != case.opened_by_id


@predicate(_l("不是认定人"))
def not_decider(actor: Actor, case: ConductCase) -> bool:
    """The actor is not who decided the case."""
    return actor.user_id is not None and actor.user_id != case.decided_by_id


@predicate(_l("是所涉机构的人员"))
def measure_of_own(actor: Actor, measure: ConductMeasure) -> bool:
    """The actor works for the agency that the measure is taken against."""
    return of_the_agency.holds(actor, measure.case)


@predicate(_l("是所涉机构的负责人"))
def heads_measured(actor: Actor, measure: ConductMeasure) -> bool:
    """The actor answers for the agency that the measure is taken against."""
    return _heads(actor, measure.case.agency)


@predicate(_l("措施已经签发"))
def was_issued(_actor: Actor, measure: ConductMeasure) -> bool:
    """The measure was signed; before that the agency does not see it."""
    return measure.issued_at is not None


@predicate(_l("不是提出人"))
def not_proposer(actor: Actor, measure: ConductMeasure) -> bool:
    """The actor is not who proposed the measure."""
    return actor.user_id is not None and actor.user_id != measure.proposed_by_id


@predicate(_l("不是登记人"))
def not_recorder(actor: Actor, sanction: OutsideSanction) -> bool:
    """The actor is not who recorded the sanction."""
    return actor.user_id is not None and actor.user_id != sanction.recorded_by_id


P = ConductPermission

CONDUCT_POLICY: PolicyMap = {
    P.BROWSE: ((quality,), (watchers,)),
    P.READ: ((quality,), (watchers,), (of_the_agency,), (bureau, is_recorded)),
    P.OPEN: ((quality,),),
    P.STATE: ((heads_the_agency,),),
    P.DECIDE: ((quality, not_opener),),
    P.AMEND: ((quality, not_decider),),
    P.PROPOSE_MEASURE: ((quality,),),
    P.READ_MEASURE: ((quality,), (watchers,), (measure_of_own, was_issued)),
    P.ISSUE: ((quality, not_proposer),),
    P.REPORT: ((heads_measured,),),
    P.FOLLOW: ((quality,),),
    P.RECORD_SANCTION: ((quality,),),
    P.CHECK_SANCTION: ((quality, not_recorder),),
}
