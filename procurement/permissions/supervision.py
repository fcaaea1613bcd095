"""Supervision's desk: it watches, inspects and sanctions, and takes part in no purchase (R-SEC-01)."""

from __future__ import annotations

from core.i18n import _l
from core.identity.roles import Role
from core.permissions import Permission, role
from procurement.permissions.agents import PURCHASER_SIDE


class SupervisionPermission(Permission):
    """What one may do at the supervision's desk."""

    DESK = "supervision:desk", _l("查看采购监管工作台")
    READ_LOG = "supervision:read-log", _l("查看调阅记录")
    BROWSE_CASES = "supervision:browse-cases", _l("查看案件列表")
    READ_CASE = "supervision:read-case", _l("查看案件")
    HANDLE_CASE = "supervision:handle-case", _l("办理案件")
    BROWSE_INSPECTIONS = "supervision:browse-inspections", _l("查看监督检查")
    READ_INSPECTION = "supervision:read-inspection", _l("查看监督检查详情")
    PREPARE_INSPECTION = "supervision:prepare-inspection", _l("组织监督检查")
    WITNESS_DRAW = "supervision:witness-draw", _l("见证双随机抽取")
    INSPECT = "supervision:inspect", _l("录入检查结果")
    EXPORT = "supervision:export", _l("导出证据包")
    READ_CONDUCT = "conduct:read", _l("查看违法违规记录")
    RECORD_CONDUCT = "conduct:record", _l("登记违法违规记录")
    READ_RELATIONS = "relation:read", _l("查看供应商关联关系")
    EDIT_RELATIONS = "relation:edit", _l("登记供应商关联关系和既往服务")


supervisor = role(Role.PROCUREMENT_SUPERVISOR)
observer = role(Role.OBSERVER)
P = SupervisionPermission

SUPERVISION_POLICY = {
    P.DESK: ((supervisor,), (observer,)),
    P.READ_LOG: ((supervisor,), (observer,)),
    P.BROWSE_CASES: ((supervisor,), (observer,)),
    P.READ_CASE: ((supervisor,), (observer,)),
    P.HANDLE_CASE: ((supervisor,),),
    P.BROWSE_INSPECTIONS: ((supervisor,), (observer,)),
    P.READ_INSPECTION: ((supervisor,), (observer,)),
    P.PREPARE_INSPECTION: ((supervisor,),),
    P.WITNESS_DRAW: ((observer,),),
    P.INSPECT: ((supervisor,),),
    P.EXPORT: ((supervisor,), (observer,)),
    P.READ_CONDUCT: ((supervisor,), (observer,), (role(*PURCHASER_SIDE, Role.QUALITY_OFFICER),)),
    P.RECORD_CONDUCT: ((supervisor,),),
    P.READ_RELATIONS: ((supervisor,), (role(*PURCHASER_SIDE, Role.QUALITY_OFFICER),)),
    P.EDIT_RELATIONS: ((role(Role.PROCUREMENT_OFFICER, Role.QUALITY_OFFICER),),),
}
