"""Why a purchase is made as it is: category, method's reason, reservation, limit of lots; and its public intention."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm.attributes import flag_modified

from core.errors import Forbidden, Refusal, Refused
from core.i18n import _l
from core.unit_of_work import UnitOfWork
from procurement.models import Intention, PlanItem, Preparation, Tender
from procurement.planning.purchases import preparation_of
from procurement.services.drafting import ensure_draft
from procurement.states import Category, PlanState, SmeReservation, TenderState


@dataclass(frozen=True)
class PreparationEntry:
    """What the officer says of the purchase; reasons are empty where nothing was departed from."""

    category: Category = Category.EVALUATION
    in_catalogue: bool = False
    method_reason: str = ""
    method_approval: str = ""
    urgent_reason: str = ""
    wording_reason: str = ""
    sme_reservation: SmeReservation = SmeReservation.NONE
    sme_reason: str = ""
    lots_per_bidder: int | None = None


SAID = ("category", "in_catalogue", "method_reason", "method_approval", "urgent_reason", "wording_reason")
TERMS = ("sme_reservation", "sme_reason", "lots_per_bidder")


def prepare(uow: UnitOfWork, tender: Tender, entry: PreparationEntry) -> None:
    """Note what is said of a draft. Raises `Refused` at the fields, and outside a draft."""
    ensure_draft(tender)
    if entry.lots_per_bidder is not None and not 1 <= entry.lots_per_bidder <= max(len(tender.lots), 1):
        words = _l("最多中标包数应在 1 至 %(lots)s 之间", lots=len(tender.lots))
        raise Refused(Refusal(words, rule_id="R-TENDER-07", field="lots_per_bidder"))
    prepared = uow.session.get(Preparation, tender.id)
    before = _shown(preparation_of(uow, tender), tender)
    if prepared is None:
        prepared = preparation_of(uow, tender)
        uow.session.add(prepared)
    for name in SAID:
        setattr(prepared, name, getattr(entry, name))
    for name in TERMS:
        setattr(tender, name, getattr(entry, name))
    # The reasons are a row of their own; the tender's revision must move too, or a stale form would overwrite them.
    flag_modified(tender, "title")
    uow.session.flush()
    after = _shown(prepared, tender)
    changed = [name for name in after if before[name] != after[name]]
    uow.record(
        "tender.prepare",
        tender,
        before={name: before[name] for name in changed},
        after={name: after[name] for name in changed},
    )


def carry_over(uow: UnitOfWork, failed: Tender, tender: Tender) -> None:
    """Say of a tender drafted again what was said of the failed one: its item of the plan, category and reasons."""
    earlier, prepared = preparation_of(uow, failed), preparation_of(uow, tender)
    prepared.plan_item_id = earlier.plan_item_id
    for name in SAID:
        setattr(prepared, name, getattr(earlier, name))


@dataclass(frozen=True)
class IntentionEntry:
    """What an intention notice says: `budget` in yuan, `starts_on` the first day of the month foreseen."""

    title: str
    need: str
    budget: Decimal
    starts_on: date
    note: str = ""


def announce(uow: UnitOfWork, entry: IntentionEntry, purchase: PlanItem | Tender) -> Intention:
    """Publish an intention to buy what is planned or drafted, once. Raises `Refused` at the fields."""
    if uow.actor.user_id is None:
        raise Forbidden(_l("须由具体的经办人办理"))
    if refusals := [*_faults(uow, entry), *_untimely(uow, purchase)]:
        raise Refused(*refusals)
    planned = isinstance(purchase, PlanItem)
    intention = uow.add(
        Intention(
            purchaser_id=purchase.plan.purchaser_id if isinstance(purchase, PlanItem) else purchase.purchaser_id,
            plan_item_id=purchase.id if planned else None,
            tender_id=None if planned else purchase.id,
            title=entry.title,
            need=entry.need,
            budget=entry.budget,
            starts_on=entry.starts_on.replace(day=1),
            note=entry.note,
            published_at=uow.now,
            published_by_id=uow.actor.user_id,
        )
    )
    uow.session.flush()
    uow.record(
        "intention.publish",
        intention,
        about=(purchase.plan if isinstance(purchase, PlanItem) else purchase,),
        after={"title": entry.title, "budget": str(entry.budget), "starts_on": entry.starts_on.isoformat()},
    )
    return intention


def _faults(uow: UnitOfWork, entry: IntentionEntry) -> list[Refusal]:
    """What is missing or wrong in the notice (R-TENDER-20)."""
    checks = (
        (bool(entry.title), _l("请填写采购项目名称"), "title"),
        (bool(entry.need), _l("请填写采购需求概况"), "need"),
        (entry.budget > 0, _l("金额须大于 0"), "budget"),
        (entry.starts_on >= uow.today.replace(day=1), _l("预计采购时间不能早于本月"), "starts_on"),
    )
    return [Refusal(words, rule_id="R-TENDER-20", field=field) for good, words, field in checks if not good]


def _untimely(uow: UnitOfWork, purchase: PlanItem | Tender) -> list[Refusal]:
    """Why the intention cannot be published now."""
    found = []
    column = Intention.plan_item_id if isinstance(purchase, PlanItem) else Intention.tender_id
    if isinstance(purchase, PlanItem):
        if purchase.plan.state is not PlanState.APPROVED:
            found.append(Refusal(_l("采购计划批准后才能公开采购意向")))
    elif purchase.state not in (TenderState.DRAFT, TenderState.IN_APPROVAL):
        found.append(Refusal(_l("采购公告已发布，不再公开采购意向"), rule_id="R-TENDER-20"))
    if uow.session.scalar(select(Intention.id).where(column == purchase.id).limit(1)):
        found.append(Refusal(_l("该项目的采购意向已经公开"), rule_id="R-TENDER-20"))
    return found


def _shown(prepared: Preparation, tender: Tender) -> dict[str, str]:
    return {name: str(getattr(prepared, name)) for name in SAID} | {name: str(getattr(tender, name)) for name in TERMS}
