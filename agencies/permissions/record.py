"""Who keeps, reads and checks an agency's record, and who applies for the library (R-AGENCY-03)."""

from __future__ import annotations

from typing import Protocol

from agencies.permissions.library import bureau, quality, watchers
from core.i18n import _l
from core.identity.actor import Actor
from core.identity.roles import Role
from core.permissions import Permission, PolicyMap, predicate, role


class RecordPermission(Permission):
    """What one may do with an agency's record of itself."""

    OWN = "agency-record:own", _l("查看本机构的档案")
    KEEP = "agency-record:keep", _l("填写本机构的档案、申报变化")
    EDIT = "agency-record:edit", _l("修改这条登记、申报这项变化")
    READ = "agency-record:read", _l("查看机构档案的全部内容和材料")
    BROWSE = "agency-record:browse", _l("查看机构申报的变化")
    VERIFY = "agency-record:verify", _l("核对机构申报的变化、要求申报")


class AdmissionPermission(Permission):
    """What one may do with an agency's application to enter the library."""

    BROWSE = "agency-application:browse", _l("查看机构入库申请列表")
    READ = "agency-application:read", _l("查看机构入库申请")
    FILL = "agency-application:fill", _l("提交、撤回本机构的入库申请")
    DECIDE = "agency-application:decide", _l("审核机构入库申请")


class OfAnOrganisation(Protocol):
    """An entry, a change, an application: something that hangs on an organisation."""

    organisation_id: object


@predicate(_l("是本机构人员"))
def works_there(actor: Actor, subject: OfAnOrganisation) -> bool:
    """The actor works for the organisation."""
    return subject.organisation_id in actor.organisations_as(Role.AGENCY_MANAGER, Role.AGENCY_STAFF)


@predicate(_l("是本机构负责人"))
def manages_it(actor: Actor, subject: OfAnOrganisation) -> bool:
    """The actor manages the organisation: the record is its word."""
    return subject.organisation_id in actor.organisations_as(Role.AGENCY_MANAGER)


manager = role(Role.AGENCY_MANAGER)

RECORD_POLICY: PolicyMap = {
    RecordPermission.OWN: ((role(Role.AGENCY_MANAGER, Role.AGENCY_STAFF),),),
    RecordPermission.KEEP: ((manager,),),
    RecordPermission.EDIT: ((manager, manages_it),),
    RecordPermission.READ: ((bureau,), (watchers,), (works_there,)),
    RecordPermission.BROWSE: ((quality,), (watchers,)),
    RecordPermission.VERIFY: ((quality,),),
    AdmissionPermission.BROWSE: ((quality,), (watchers,)),
    AdmissionPermission.READ: ((quality,), (watchers,), (works_there,)),
    AdmissionPermission.FILL: ((manager, manages_it),),
    AdmissionPermission.DECIDE: ((quality,),),
}
