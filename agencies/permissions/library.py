"""Who may see and keep the agency library and engagements."""

from __future__ import annotations

from agencies.models import Agency, Engagement
from core.i18n import _l
from core.identity.actor import Actor
from core.identity.roles import Role
from core.permissions import Permission, PolicyMap, anyone, predicate, role, signed_in, system


class AgencyPermission(Permission):
    """What one may do with agencies and engagements."""

    BROWSE = "agency:browse", _l("查看机构库")
    READ = "agency:read", _l("查看机构档案")
    READ_CREDIT = "agency:read-credit", _l("查看诚信记录明细")
    EDIT = "agency:edit", _l("维护机构库")
    BROWSE_ENGAGEMENTS = "engagement:browse", _l("查看评价委托列表")
    READ_ENGAGEMENT = "engagement:read", _l("查看评价委托")
    BEGIN_ENGAGEMENT = "engagement:begin", _l("进入评价阶段")
    DELIVER = "engagement:deliver", _l("提交评价报告")
    CLOSE = "engagement:close", _l("办结评价委托")
    TERMINATE = "engagement:terminate", _l("终止评价委托")


@predicate(_l("是本机构人员"))
def of_this_agency(actor: Actor, agency: Agency) -> bool:
    """The actor works for this agency."""
    return agency.organisation_id in actor.organisations_as(Role.AGENCY_MANAGER, Role.AGENCY_STAFF)


@predicate(_l("是承担本评价的机构的人员"))
def of_its_agency(actor: Actor, engagement: Engagement) -> bool:
    """The actor works for the commissioned agency."""
    return engagement.agency_id in actor.organisations_as(Role.AGENCY_MANAGER, Role.AGENCY_STAFF)


@predicate(_l("是被评价项目的单位"))
def of_its_unit(actor: Actor, engagement: Engagement) -> bool:
    """The actor works for the unit whose project is evaluated."""
    return engagement.project.unit_id in actor.organisations_as(Role.UNIT_OFFICER)


bureau = role(Role.PROCUREMENT_OFFICER, Role.PROCUREMENT_APPROVER, Role.QUALITY_OFFICER)


watchers = role(Role.OBSERVER, Role.PROCUREMENT_SUPERVISOR)


quality = role(Role.QUALITY_OFFICER)


LIBRARY_POLICY: PolicyMap = {
    AgencyPermission.BROWSE: ((anyone,),),
    AgencyPermission.READ: ((anyone,),),
    AgencyPermission.READ_CREDIT: ((bureau,), (watchers,), (of_this_agency,)),
    AgencyPermission.EDIT: ((quality,),),
    AgencyPermission.BROWSE_ENGAGEMENTS: ((signed_in,),),
    AgencyPermission.READ_ENGAGEMENT: ((bureau,), (watchers,), (of_its_agency,), (of_its_unit,)),
    AgencyPermission.BEGIN_ENGAGEMENT: ((system,),),
    AgencyPermission.DELIVER: ((of_its_agency,),),
    AgencyPermission.CLOSE: ((quality,),),
    AgencyPermission.TERMINATE: ((system,),),
}
