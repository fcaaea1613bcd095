"""Intentions to buy: published from the plan or from a draft, read by everybody (R-TENDER-20)."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from core.clock import SHANGHAI
from core.deadlines import derive
from core.errors import NotVisible, Refused
from core.http.choices import choices
from core.http.guard import public, requires
from core.http.lists import asked, listing
from core.i18n import _, _l
from core.unit_of_work import UnitOfWork
from core.work_calendar import work_calendar
from procurement.forms.preparation import IntentionForm
from procurement.models import Intention, Plan, PlanItem, Tender
from procurement.permissions import PlanPermission, PreparationPermission, Requirement
from procurement.queries.planning import load_plan
from procurement.queries.preparation import load_intention, load_requirement, public_intentions
from procurement.services.preparation import IntentionEntry, announce
from procurement.views.preparation import crumbs as preparation_crumbs
from procurement.views.preparation import location as preparation_page

intentions = Blueprint("intentions", __name__)
MONTHS_AHEAD = 18


@intentions.get("/intentions")
@public
def index(uow: UnitOfWork) -> ResponseReturnValue:
    """List the intentions, newest first, for everybody."""
    sortable = {"published": Intention.published_at, "starts": Intention.starts_on, "budget": Intention.budget}
    page = listing(uow, public_intentions(text=asked("q")), sortable=sortable, default="-published")
    return render_template("procurement/intention/index.html", page=page)


@intentions.get("/intentions/<uuid:intention_id>")
@public
def show(uow: UnitOfWork, intention_id: uuid.UUID) -> ResponseReturnValue:
    """Show one intention as a public notice."""
    intention = load_intention(uow, intention_id)
    if intention is None:
        raise NotVisible
    published = intention.published_at.astimezone(SHANGHAI).date()
    earliest = derive("R-TENDER-20", published, work_calendar(uow), uow.house.rules).last_day
    tender = uow.get(Tender, intention.tender_id)
    return render_template(
        "procurement/intention/show.html",
        intention=intention,
        earliest=earliest,
        tender=tender if tender is not None and tender.published_at is not None else None,
        crumbs=[(_("采购意向公开"), url_for("intentions.index")), (intention.title, None)],
    )


@intentions.route("/plans/<uuid:plan_id>/items/<uuid:item_id>/intention", methods=["GET", "POST"])
@requires(PreparationPermission.PUBLISH_INTENTION, load_plan, see=PlanPermission.READ)
def from_plan(uow: UnitOfWork, plan: Plan, item_id: uuid.UUID) -> ResponseReturnValue:
    """Publish the intention of a planned purchase."""
    item = next((one for one in plan.items if one.id == item_id), None)
    if item is None:
        raise NotVisible
    given = {"title": item.title, "need": item.need, "budget": item.amount, "starts_on": item.starts_on.isoformat()}
    back = url_for("plans.show", plan_id=plan.id)
    way = [(_("采购计划"), url_for("plans.index")), (str(plan.year), back), (_("公开采购意向"), None)]
    return _publish(uow, item, given, back, way)


@intentions.route("/tenders/<uuid:tender_id>/preparation/intention", methods=["GET", "POST"])
@requires(PreparationPermission.PUBLISH_INTENTION, load_requirement, see=PreparationPermission.READ)
def from_tender(uow: UnitOfWork, requirement: Requirement) -> ResponseReturnValue:
    """Publish the intention of a draft that comes from no plan."""
    tender = requirement.tender
    starts = (tender.notice_on or uow.today).replace(day=1).isoformat()
    given = {"title": tender.title, "need": tender.requirement[:2000], "budget": tender.budget, "starts_on": starts}
    way = preparation_crumbs(uow, requirement, _("公开采购意向"))
    return _publish(uow, tender, given, preparation_page(requirement), way)


def _publish(
    uow: UnitOfWork, purchase: PlanItem | Tender, given: dict[str, Any], back: str, way: list[tuple[str, str | None]]
) -> ResponseReturnValue:
    form = IntentionForm(data=given)
    form.starts_on.choices = choices(
        (one.isoformat(), _l("%(year)s年%(month)s月", year=one.year, month=one.month)) for one in _months(uow.today)
    )
    if form.is_submitted() and (earlier := form.earlier_use(uow)):
        return redirect(earlier)
    if form.validate_on_submit() and form.budget.data is not None:
        entry = IntentionEntry(
            title=form.text("title"),
            need=form.text("need"),
            budget=form.budget.data,
            starts_on=date.fromisoformat(form.starts_on.data),
            note=form.text("note"),
        )
        try:
            announce(uow, entry, purchase)
        except Refused as refused:
            form.refuse(refused)
        else:
            form.mark_used(uow, back)
            flash(_("采购意向已公开，任何人都可以查看"), "success")
            return redirect(back)
    earliest = derive("R-TENDER-20", uow.today, work_calendar(uow), uow.house.rules).last_day
    page = render_template("procurement/intention/new.html", form=form, earliest=earliest, back=back, crumbs=way)
    return page, 422 if form.is_submitted() else 200


def _months(today: date) -> list[date]:
    """Return the first days of this month and those that follow."""
    first = today.year * 12 + today.month - 1
    return [date(number // 12, number % 12 + 1, 1) for number in range(first, first + MONTHS_AHEAD)]
