"""The year's procurement plan: its items, its approval by somebody else, its adjustment, and buying from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm.attributes import flag_modified

from core.errors import Forbidden, Refusal, Refused
from core.i18n import _l
from core.unit_of_work import UnitOfWork
from procurement.methods import METHODS
from procurement.models import Intention, Plan, PlanItem, Preparation, Tender
from procurement.planning.proposal import Proposal, propose
from procurement.planning.purchases import preparation_of
from procurement.planning.thresholds import thresholds
from procurement.services.direct import draft_direct
from procurement.services.drafting import draft_tender, purchaser_of
from procurement.services.framework_drafting import draft_framework
from procurement.states import Category, Method, PlanState, TenderState
from procurement.workflow import PLAN
from projects.models import Project

NOT_RUNNING = (TenderState.FAILED, TenderState.CANCELLED)


@dataclass(frozen=True)
class PlanItemEntry:
    """An item as entered: `amount` in yuan, `starts_on` any day of the month in which it starts.

    Without a `method` the proposed one is taken.
    """

    title: str
    category: Category
    amount: Decimal
    starts_on: date
    method: Method | None = None
    method_reason: str = ""
    in_catalogue: bool = False
    need: str = ""
    projects: Sequence[Project] = field(default=())


def open_plan(uow: UnitOfWork, year: int) -> Plan:
    """Begin the plan of a fiscal year. Raises `Refused` when there is one, or the year is not this or the next one."""
    if uow.actor.user_id is None:
        raise Forbidden(_l("须由具体的经办人编制"))
    if year not in (uow.today.year, uow.today.year + 1):
        raise Refused(Refusal(_l("只能编制本年度或者下一年度的采购计划"), field="year"))
    purchaser = purchaser_of(uow)
    if uow.session.scalar(select(Plan.id).where(Plan.year == year, Plan.purchaser_id == purchaser)):
        raise Refused(Refusal(_l("%(year)s 年度的采购计划已经建立", year=year), field="year"))
    plan = uow.add(
        Plan(
            year=year,
            purchaser_id=purchaser,
            drafted_by_id=uow.actor.user_id,
            submitted_by_id=None,
            approved_by_id=None,
            created_at=uow.now,
            approved_at=None,
            approved_items=None,
        )
    )
    uow.session.flush()
    uow.record("procurement_plan.open", plan, after={"year": year})
    return plan


def proposal_for(uow: UnitOfWork, plan: Plan, entry: PlanItemEntry, item: PlanItem | None = None) -> Proposal:
    """Return the method proposed for an item, beside the plan's others of its category by other methods."""
    others = (
        one.amount
        for one in plan.items
        if one is not item and one.category is entry.category and one.method is not Method.OPEN_TENDER
    )
    return propose(
        entry.amount,
        in_catalogue=entry.in_catalogue,
        thresholds=thresholds(uow, plan.year),
        already=sum(others, Decimal(0)),
    )


def add_item(uow: UnitOfWork, plan: Plan, entry: PlanItemEntry) -> PlanItem:
    """Add a purchase to the plan's draft. Raises `Refused` at the fields."""
    _ensure_draft(plan)
    values = _values(uow, plan, entry, None)
    item = PlanItem(id=uow.ids.new(), position=max((one.position for one in plan.items), default=0) + 1, **values)
    plan.items.append(item)
    item.projects = list(entry.projects)
    _touch(uow, plan)
    uow.record("plan_item.add", plan, about=(item,), after=_shown(item))
    return item


def change_item(uow: UnitOfWork, item: PlanItem, entry: PlanItemEntry) -> None:
    """Change an item of the plan's draft. Raises `Refused` at the fields."""
    plan = item.plan
    _ensure_draft(plan)
    before = _shown(item)
    for name, value in _values(uow, plan, entry, item).items():
        setattr(item, name, value)
    item.projects = list(entry.projects)
    _touch(uow, plan)
    after = _shown(item)
    changed = [name for name in after if before[name] != after[name]]
    uow.record(
        "plan_item.change",
        plan,
        about=(item,),
        before={name: before[name] for name in changed},
        after={name: after[name] for name in changed},
    )


def remove_item(uow: UnitOfWork, item: PlanItem) -> None:
    """Take an item out of the draft; one with an intention or a purchase stays."""
    plan = item.plan
    _ensure_draft(plan)
    announced = uow.session.scalar(select(func.count()).where(Intention.plan_item_id == item.id))
    bought = uow.session.scalar(select(func.count()).where(Preparation.plan_item_id == item.id))
    if announced or bought:
        raise Refused(Refusal(_l("已公开采购意向或者已发起采购的项目不能从计划中删除")))
    uow.record("plan_item.remove", plan, before=_shown(item))
    plan.items.remove(item)
    _touch(uow, plan)


def import_items(uow: UnitOfWork, plan: Plan, entries: Sequence[PlanItemEntry]) -> tuple[int, int]:
    """Add or, under the same title, change items; return how many of each. All or nothing: raises `Refused`."""
    _ensure_draft(plan)
    known = {one.title: one for one in plan.items}
    added = changed = 0
    for entry in entries:
        try:
            if entry.title in known:
                change_item(uow, known[entry.title], entry)
                changed += 1
            else:
                known[entry.title] = add_item(uow, plan, entry)
                added += 1
        except Refused as refused:
            raise Refused(
                *(
                    Refusal(_l("“%(title)s”：%(reason)s", title=entry.title, reason=one.reason), rule_id=one.rule_id)
                    for one in refused.refusals
                )
            ) from refused
    return added, changed


def submit_plan(uow: UnitOfWork, plan: Plan) -> None:
    """Hand the draft over for approval by somebody else."""
    PLAN.fire(uow, plan, "submit", assign={"submitted_by_id": uow.actor.user_id})


def approve_plan(uow: UnitOfWork, plan: Plan) -> None:
    """Approve: the items as they stand become the next edition.

    Raises `Forbidden` for who drew it up or submitted it, `Refused` when the level does not cover the largest item.
    """
    edition = {
        "approved_by_id": uow.actor.user_id,
        "edition": plan.edition + 1,
        "approved_items": [{"id": str(one.id), **_shown(one)} for one in plan.items],
    }
    PLAN.fire(uow, plan, "approve", assign=edition, detail={"edition": edition["edition"]})


def draft_from_item(uow: UnitOfWork, item: PlanItem) -> Tender:
    """Draft a tender from an approved plan's item: projects, title, budget and category come from it.

    Raises `Refused` when the plan is not approved, no project is named or the item is already being bought.
    """
    if item.plan.state is not PlanState.APPROVED:
        raise Refused(Refusal(_l("采购计划批准后才能发起采购")))
    if not item.projects and item.method is not Method.FRAMEWORK:
        raise Refused(Refusal(_l("该计划项目尚未指定被评价的项目，请先调整计划")))
    running = uow.session.scalar(
        select(Tender.number)
        .join(Preparation, Preparation.tender_id == Tender.id)
        .where(Preparation.plan_item_id == item.id, Tender.state.not_in(NOT_RUNNING))
        .limit(1)
    )
    if running:
        raise Refused(Refusal(_l("该计划项目已发起采购 %(number)s", number=running)))
    values: dict[str, Any] = {"title": item.title, "budget": item.amount}
    if item.need:
        values["requirement"] = item.need
    if item.method is Method.FRAMEWORK:  # its projects come with what is called off
        tender = draft_framework(uow, title=item.title, budget=item.amount)
    else:
        draft = draft_tender if METHODS[item.method].by_envelope else draft_direct
        tender = draft(uow, item.projects, method=item.method, **values)
    prepared = preparation_of(uow, tender)
    prepared.plan_item, prepared.category = item, item.category
    prepared.in_catalogue, prepared.method_reason = item.in_catalogue, item.method_reason
    uow.session.flush()
    uow.record("plan_item.buy", item.plan, about=(item, tender), after={"number": tender.number})
    return tender


def _values(uow: UnitOfWork, plan: Plan, entry: PlanItemEntry, item: PlanItem | None) -> dict[str, Any]:
    refusals = []
    if not entry.title:
        refusals.append(Refusal(_l("请填写采购项目名称"), field="title"))
    if any(one.title == entry.title for one in plan.items if one is not item):
        refusals.append(Refusal(_l("计划里已有同名的采购项目"), field="title"))
    if entry.amount <= 0:
        refusals.append(Refusal(_l("金额须大于 0"), field="amount"))
    if entry.starts_on.year != plan.year:
        refusals.append(Refusal(_l("计划实施月份须在 %(year)s 年内", year=plan.year), field="starts_on"))
    proposed = proposal_for(uow, plan, entry, item)
    method = entry.method or proposed.method
    if method is not proposed.method and not entry.method_reason:
        words = _l(
            "建议的采购方式是%(method)s（%(reason)s），改用其他方式请写明理由",
            method=_Word(proposed.method),
            reason=proposed.reason,
        )
        refusals.append(Refusal(words, rule_id=proposed.rule_id, field="method_reason"))
    if refusals:
        raise Refused(*refusals)
    return {
        "title": entry.title,
        "category": entry.category,
        "amount": entry.amount,
        "starts_on": entry.starts_on.replace(day=1),
        "method": method,
        "method_reason": entry.method_reason,
        "in_catalogue": entry.in_catalogue,
        "need": entry.need,
    }


def _shown(item: PlanItem) -> dict[str, Any]:
    return {
        "title": item.title,
        "category": item.category.value,
        "amount": str(item.amount),
        "starts_on": item.starts_on.isoformat(),
        "method": item.method.value,
        "in_catalogue": item.in_catalogue,
        "projects": [one.code for one in item.projects],
    }


def _ensure_draft(plan: Plan) -> None:
    if plan.state is not PlanState.DRAFT:
        raise Refused(Refusal(_l("只有编制中的采购计划可以修改；已批准的请先“调整计划”并写明理由")))


def _touch(uow: UnitOfWork, plan: Plan) -> None:
    # Items are rows of their own; the plan's revision must move too, or somebody approves what they did not see.
    flag_modified(plan, "year")
    uow.session.flush()


class _Word:
    """A method's word, looked up when shown."""

    def __init__(self, method: Method) -> None:
        self._method = method

    def __str__(self) -> str:
        return str(self._method.label)
