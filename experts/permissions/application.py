"""Who may ask people into the pool, look at applications and decide them (R-EXP-01)."""

from __future__ import annotations

from core.i18n import _l
from core.identity.actor import Actor
from core.identity.roles import Role
from core.permissions import Permission, predicate, role, system
from experts.models import ExpertApplication
from experts.permissions.pool import quality, watchers


class ApplicationPermission(Permission):
    """What one may do with applications to enter the pool."""

    BROWSE = "expert-application:browse", _l("查看入库申请列表")
    READ = "expert-application:read", _l("查看入库申请")
    INVITE = "expert-application:invite", _l("邀请或者推荐专家入库")
    DECIDE = "expert-application:decide", _l("审核入库申请")
    FILL = "expert-application:fill", _l("填写入库申请")


@predicate(_l("是推荐单位的人员"))
def of_the_recommending_unit(actor: Actor, application: ExpertApplication) -> bool:
    """The actor works for the unit that recommended the candidate."""
    return application.recommended_by_id in actor.organisations_as(Role.UNIT_OFFICER)


unit = role(Role.UNIT_OFFICER)

APPLICATION_POLICY = {
    ApplicationPermission.BROWSE: ((quality,), (watchers,), (unit,)),
    ApplicationPermission.READ: ((quality,), (watchers,), (of_the_recommending_unit,)),
    ApplicationPermission.INVITE: ((quality,), (unit,)),
    ApplicationPermission.DECIDE: ((quality,),),
    ApplicationPermission.FILL: ((system,),),
}
