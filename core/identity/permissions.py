"""Who may use the pages of the core and administer the house."""

from __future__ import annotations

from core.i18n import _l
from core.identity.roles import Role
from core.permissions import Permission, role, signed_in


class HousePermission(Permission):
    """What one may do in the house itself."""

    ENTER = "house:enter", _l("使用工作台")
    ADMINISTER = "house:administer", _l("管理用户、机构与设置")
    READ_AUDIT = "house:read-audit", _l("查看审计日志")
    READ_RULES = "house:read-rules", _l("查看规则与参数")


administrator = role(Role.ADMINISTRATOR)

IDENTITY_POLICY = {
    HousePermission.ENTER: ((signed_in,),),
    HousePermission.ADMINISTER: ((administrator,),),
    HousePermission.READ_AUDIT: ((role(Role.ADMINISTRATOR, Role.PROCUREMENT_SUPERVISOR, Role.OBSERVER),),),
    HousePermission.READ_RULES: ((signed_in,),),
}
