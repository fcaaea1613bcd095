"""Who may see signs of collusion beside the committee: supervision and observers, once bids are open (R-SEC-03)."""

from __future__ import annotations

from core.i18n import _l
from core.identity.actor import Actor
from core.permissions import Permission, predicate
from procurement.models import CollusionSignal
from procurement.permissions.tenders import watchers


class CollusionPermission(Permission):
    """What one may do with a sign of collusion beside the committee (which has its seats' permissions)."""

    READ = "collusion:read", _l("查看串通投标提示及其证据")


@predicate(_l("已经开标"))
def is_of_opened(_actor: Actor, signal: CollusionSignal) -> bool:
    """The bids it is about were opened."""
    return signal.tender.opened_at is not None


COLLUSION_POLICY = {CollusionPermission.READ: ((is_of_opened, watchers),)}
