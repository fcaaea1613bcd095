"""Who may see and keep the expert pool."""

from __future__ import annotations

from core.i18n import _l
from core.identity.actor import Actor
from core.identity.roles import Role
from core.permissions import Permission, predicate, role
from experts.models import Expert


class ExpertPermission(Permission):
    """What one may do with the pool."""

    BROWSE = "expert:browse", _l("查看专家库")
    READ = "expert:read", _l("查看专家档案")
    EDIT = "expert:edit", _l("维护专家库")
    DECLARE = "expert:declare-conflict", _l("申报利害关系")
    OWN = "expert:own-file", _l("查看和维护本人档案")


@predicate(_l("是专家本人"))
def is_the_expert(actor: Actor, expert: Expert) -> bool:
    """The file is the actor's own."""
    return actor.user_id is not None and expert.user_id == actor.user_id


quality = role(Role.QUALITY_OFFICER)
watchers = role(Role.OBSERVER, Role.PROCUREMENT_SUPERVISOR)

POOL_POLICY = {
    ExpertPermission.BROWSE: ((quality,), (watchers,)),
    ExpertPermission.READ: ((quality,), (watchers,), (is_the_expert,)),
    ExpertPermission.EDIT: ((quality,),),
    ExpertPermission.DECLARE: ((is_the_expert,), (quality,)),
    ExpertPermission.OWN: ((role(Role.EXPERT),),),
}
