"""Who may compare agencies, take the library in and out as a table, and see who is tied to whom."""

from __future__ import annotations

from agencies.permissions.library import bureau, quality, watchers
from core.i18n import _l
from core.identity.roles import Role
from core.permissions import Permission, PolicyMap, anyone, role


class RegisterPermission(Permission):
    """What one may do with many agencies at once."""

    COMPARE = "agency:compare", _l("比较机构")
    COMPARE_WORK = "agency:compare-work", _l("比较机构的委托、准时和诚信")
    EXPORT = "library:export", _l("导出机构库")
    IMPORT = "library:import", _l("导入机构库")
    READ_TIES = "agency:read-ties", _l("查看利害关系图")


keepers_of_ties = role(
    Role.PROCUREMENT_OFFICER, Role.PROCUREMENT_APPROVER, Role.QUALITY_OFFICER, Role.PROCUREMENT_SUPERVISOR
)

REGISTER_POLICY: PolicyMap = {
    RegisterPermission.COMPARE: ((anyone,),),
    RegisterPermission.COMPARE_WORK: ((bureau,), (watchers,)),
    RegisterPermission.EXPORT: ((bureau,),),
    RegisterPermission.IMPORT: ((quality,),),
    RegisterPermission.READ_TIES: ((keepers_of_ties,),),
}
