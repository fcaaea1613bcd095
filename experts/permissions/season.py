"""Who opens, computes and publishes a season of reviews."""

from __future__ import annotations

from core.i18n import _l
from core.identity.roles import Role
from core.permissions import Permission, role, system
from experts.permissions.pool import quality


class SeasonPermission(Permission):
    """What one may do with a season."""

    READ = "season:read", _l("查看成批分配")
    EDIT = "season:edit", _l("成批分配专家")
    ADVANCE = "season:advance", _l("推进成批分配")


SEASON_POLICY = {
    SeasonPermission.READ: ((quality,), (role(Role.OBSERVER),)),
    SeasonPermission.EDIT: ((quality,),),
    SeasonPermission.ADVANCE: ((system,),),
}
