"""Who may read and register public notices; those of decisions on complaints are supervision's (R-SEC-01)."""

from __future__ import annotations

from core.i18n import _l
from core.identity.actor import Actor
from core.identity.roles import Role
from core.permissions import Permission, anyone, predicate, role
from procurement.models import PublicNotice
from procurement.permissions.agents import officer, officer_for
from procurement.states import AgentStep, NoticeKind


class NoticePermission(Permission):
    """What one may do with a public notice."""

    READ = "public-notice:read", _l("查看各类公告")
    BROWSE = "public-notice:browse", _l("查看各类公告的登记情况")
    REGISTER = "public-notice:register", _l("登记公告在指定媒体的网址和时间")


@predicate(_l("是采购活动的公告"))
def is_of_purchase(_actor: Actor, notice: PublicNotice) -> bool:
    """The purchaser's side issued it."""
    return notice.kind is not NoticeKind.COMPLAINT


@predicate(_l("是财政部门的投诉处理结果公告"))
def is_of_supervision(_actor: Actor, notice: PublicNotice) -> bool:
    """The finance authority issued it."""
    return notice.kind is NoticeKind.COMPLAINT


supervisor = role(Role.PROCUREMENT_SUPERVISOR)
NOTICE_POLICY = {
    NoticePermission.READ: ((anyone,),),
    NoticePermission.BROWSE: ((officer,), (supervisor,)),
    NoticePermission.REGISTER: (
        (is_of_purchase, officer_for(AgentStep.CLARIFICATION)),
        (is_of_supervision, supervisor),
    ),
}
