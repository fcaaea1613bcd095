"""What a tender that takes the place of a failed one is held against (R-OPEN-05)."""

from __future__ import annotations

from sqlalchemy import select

from core.i18n import _l
from core.unit_of_work import UnitOfWork
from procurement.drafting.lines import RuleLine
from procurement.models import Retender, Tender
from procurement.planning.purchases import preparation_of

RULE = "R-OPEN-05"


def succession_of(uow: UnitOfWork, tender: Tender) -> Retender | None:
    """Return from which failed tender this one was drafted again, or None."""
    return uow.session.scalar(select(Retender).where(Retender.successor_id == tender.id))


def method_change(uow: UnitOfWork, tender: Tender) -> list[RuleLine]:
    """Another method than the failed tender's needs the approval of the city finance authority, by its number."""
    succession = succession_of(uow, tender)
    if succession is None:
        return []
    if tender.method is succession.failed.method:
        return [RuleLine(RULE, "ok", _l("重新招标，采购方式未改变"))]
    if number := approval_of_change(uow, succession):
        return [RuleLine(RULE, "ok", _l("改变采购方式已经批准：%(number)s", number=number))]
    words = _l("原采购失败后改变采购方式，须在采购准备中填写设区的市以上财政部门的批准文号")
    return [RuleLine(RULE, "block", words, "method_approval")]


def approval_of_change(uow: UnitOfWork, succession: Retender) -> str:
    """Return under which number another method was approved; the failed tender's own approval is for its method."""
    number = preparation_of(uow, succession.successor).method_approval
    return "" if number == preparation_of(uow, succession.failed).method_approval else number
