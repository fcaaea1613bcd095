"""Who may see and change projects, common indicators and indicator systems."""

from __future__ import annotations

from core.i18n import _l
from core.identity.actor import Actor
from core.identity.roles import Role
from core.permissions import Permission, Predicate, predicate, role, signed_in
from projects.models import IndicatorSystem
from projects.states import SystemState


class ProjectPermission(Permission):
    """What one may do with projects and indicators."""

    BROWSE = "project:browse", _l("查看项目库与指标库")
    READ = "project:read", _l("查看项目")
    EDIT = "project:edit", _l("维护项目库")
    EDIT_COMMON = "indicator:edit-common", _l("维护共性指标")


class SystemPermission(Permission):
    """What one may do with an indicator system."""

    READ = "indicator-system:read", _l("查看指标体系")
    EDIT = "indicator-system:edit", _l("编制指标体系")
    SUBMIT = "indicator-system:submit", _l("提交指标体系")
    REVIEW = "indicator-system:review", _l("组织指标评审")
    APPROVE = "indicator-system:approve", _l("同意指标体系")


LIBRARY_READERS = (
    Role.PROCUREMENT_OFFICER,
    Role.PROCUREMENT_APPROVER,
    Role.PROCUREMENT_SUPERVISOR,
    Role.AGENT_OFFICER,
    Role.UNIT_OFFICER,
    Role.OBSERVER,
)
"""Whose navigation names the project library; others reach a project from what they work on."""

BUREAU = (Role.PROCUREMENT_OFFICER, Role.PROCUREMENT_APPROVER, Role.QUALITY_OFFICER)


@predicate(_l("是承担本评价的机构的人员"))
def of_its_agency(actor: Actor, system: IndicatorSystem) -> bool:
    """The actor works for the agency that draws the system up."""
    return system.agency_id in actor.organisations_as(Role.AGENCY_MANAGER, Role.AGENCY_STAFF)


@predicate(_l("是承担本评价的机构的负责人"))
def manager_of_its_agency(actor: Actor, system: IndicatorSystem) -> bool:
    """The actor answers for the agency that draws the system up."""
    return system.agency_id in actor.organisations_as(Role.AGENCY_MANAGER)


@predicate(_l("是被评价项目的单位"))
def of_its_unit(actor: Actor, system: IndicatorSystem) -> bool:
    """The actor works for the unit whose project is evaluated."""
    return system.project.unit_id in actor.organisations_as(Role.UNIT_OFFICER)


@predicate(_l("指标体系已提交"))
def is_submitted(_actor: Actor, system: IndicatorSystem) -> bool:
    """Drafts belong to the agency alone; from submission on the others may read."""
    return system.state is not SystemState.DRAFT


@predicate(_l("指标体系处于编制中"))
def is_editable(_actor: Actor, system: IndicatorSystem) -> bool:
    """Only a draft is edited; a submitted system is what the experts see."""
    return system.state is SystemState.DRAFT


bureau: Predicate = role(*BUREAU)
quality: Predicate = role(Role.QUALITY_OFFICER)

PROJECT_POLICY = {
    ProjectPermission.BROWSE: ((signed_in,),),
    ProjectPermission.READ: ((signed_in,),),
    ProjectPermission.EDIT: ((role(Role.PROCUREMENT_OFFICER, Role.QUALITY_OFFICER),),),
    ProjectPermission.EDIT_COMMON: ((quality,),),
    SystemPermission.READ: (
        (of_its_agency,),
        (is_submitted, bureau),
        (is_submitted, of_its_unit),
        (is_submitted, role(Role.EXPERT, Role.OBSERVER)),
    ),
    SystemPermission.EDIT: ((is_editable, of_its_agency),),
    SystemPermission.SUBMIT: ((manager_of_its_agency,),),
    SystemPermission.REVIEW: ((quality,),),
    SystemPermission.APPROVE: ((quality,),),
}
