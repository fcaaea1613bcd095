"""Who draws up lists of fees and who approves them: never the same person (R-SEC-02)."""

from __future__ import annotations

from core.i18n import _l
from core.identity.actor import Actor
from core.identity.roles import Role
from core.permissions import Permission, predicate, role
from experts.models import PaymentList
from experts.permissions.pool import quality


class PaymentPermission(Permission):
    """What one may do with lists of the experts' fees."""

    READ = "expert-payment:read", _l("查看评审费支付清单")
    PREPARE = "expert-payment:prepare", _l("编制评审费支付清单")
    APPROVE = "expert-payment:approve", _l("审批评审费支付清单")


@predicate(_l("须由编制人以外的人审批"))
def not_the_preparer(actor: Actor, payments: PaymentList) -> bool:
    """Whoever asks for a payment does not approve it (R-SEC-02)."""
    return payments.prepared_by_id != actor.user_id


approver = role(Role.PROCUREMENT_APPROVER)

PAYMENT_POLICY = {
    PaymentPermission.READ: ((quality,), (approver,)),
    PaymentPermission.PREPARE: ((quality,),),
    PaymentPermission.APPROVE: ((approver, not_the_preparer), (quality, not_the_preparer)),
}
