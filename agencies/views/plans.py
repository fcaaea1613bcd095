"""The evaluation plan: its twelve elements, its file, its team; handed in, passed or sent back."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from agencies.forms.plan import OpinionForm, PlanFileForm, PlanForm
from agencies.models import Engagement, EvaluationPlan
from agencies.permissions import AgencyPermission, PlanPermission
from agencies.queries.following import load_plan, milestones_of, team_of
from agencies.services.plans import (
    PLAN_PAPER,
    approve_plan,
    keep_file,
    keep_plan,
    return_plan,
    submit_plan,
)
from agencies.states import PlanState
from agencies.workflow import PLAN, PLAN_FILE, plan_standings
from core.audit.timeline import timeline
from core.documents.accept import documents_of
from core.documents.models import Document
from core.http.deeds import acted
from core.http.forms import Form
from core.http.guard import requires
from core.http.transitions import add_transitions
from core.i18n import _, _l
from core.permissions import policy
from core.unit_of_work import UnitOfWork
from projects.permissions import SystemPermission

plans = Blueprint("evaluation_plans", __name__, url_prefix="/engagements/<uuid:engagement_id>/plan")


def may_read_document(uow: UnitOfWork, document: Document) -> bool:
    """Whoever may read the plan may read its files."""
    plan = uow.get(EvaluationPlan, document.owner_id)
    return plan is not None and policy.allows(uow.actor, PlanPermission.READ, plan)


def crumbs_of(engagement: Engagement, last: str) -> list[tuple[str, str | None]]:
    """Return the way to a page of an engagement."""
    return [
        (_("评价委托"), url_for("engagements.index")),
        (engagement.number, url_for("engagements.show", engagement_id=engagement.id)),
        (last, None),
    ]


def _location(plan: EvaluationPlan) -> str:
    return url_for("evaluation_plans.show", engagement_id=plan.engagement_id)


@plans.get("")
@requires(PlanPermission.READ, load_plan, see=PlanPermission.READ)
def show(uow: UnitOfWork, plan: EvaluationPlan) -> ResponseReturnValue:
    """Show the plan with what is there and what is missing."""
    return _page(uow, plan)


def _page(uow: UnitOfWork, plan: EvaluationPlan, form: Form | None = None) -> ResponseReturnValue:
    writes = policy.allows(uow.actor, PlanPermission.WRITE, plan)
    drafted = plan.state in (PlanState.DRAFT, PlanState.RETURNED)
    approves = policy.allows(uow.actor, PlanPermission.APPROVE, plan) and plan.state is PlanState.SUBMITTED
    values: dict[str, Any] = {
        "plan": plan,
        "engagement": plan.engagement,
        "standings": plan_standings(uow, plan),
        "team": team_of(uow, plan.engagement),
        "milestones": milestones_of(uow, plan.engagement),
        "indicators": plan.engagement.system.indicators if plan.engagement.system is not None else [],
        "sees_system": plan.engagement.system is not None
        and policy.allows(uow.actor, SystemPermission.READ, plan.engagement.system),
        "files": [*documents_of(uow, plan, PLAN_FILE), *documents_of(uow, plan, PLAN_PAPER)],
        "may_write": writes and drafted,
        "may_decide": approves,
        "may_team": policy.allows(uow.actor, AgencyPermission.DELIVER, plan.engagement) and drafted,
        "barred": PLAN.refusals(uow, plan, PLAN["submit"]) if writes and drafted else (),
        "options": PLAN.options(uow, plan),
        "submitting": form if isinstance(form, Form) and type(form) is Form else Form(formdata=None),
        "upload": form if isinstance(form, PlanFileForm) else PlanFileForm(formdata=None),
        "opinion": form if isinstance(form, OpinionForm) else OpinionForm(formdata=None),
        "entries": timeline(uow, plan),
        "crumbs": crumbs_of(plan.engagement, _("评价方案")),
    }
    page = render_template("agencies/plan/show.html", **values)
    return page, 200 if form is None else 422


@plans.route("/edit", methods=["GET", "POST"])
@requires(PlanPermission.WRITE, load_plan, see=PlanPermission.READ)
def edit(uow: UnitOfWork, plan: EvaluationPlan) -> ResponseReturnValue:
    """Write the elements."""
    form = PlanForm(obj=plan)
    if not form.is_submitted():
        form.show(plan.parts)

    def deed() -> None:
        form.check_revision(plan)
        keep_plan(uow, plan, form.written())

    answer = acted(uow, form, deed, _location(plan), _l("方案已保存；十二项齐全后提交"))
    if answer is not None:
        return answer
    page = render_template(
        "agencies/plan/edit.html",
        form=form,
        plan=plan,
        engagement=plan.engagement,
        standings=plan_standings(uow, plan),
        has_file=bool(documents_of(uow, plan, PLAN_FILE)),
        crumbs=[*crumbs_of(plan.engagement, "")[:2], (_("评价方案"), _location(plan)), (_("编制"), None)],
    )
    return page, 422 if form.is_submitted() else 200


@plans.post("/file")
@requires(PlanPermission.WRITE, load_plan, see=PlanPermission.READ)
def upload(uow: UnitOfWork, plan: EvaluationPlan) -> ResponseReturnValue:
    """Keep the plan's file."""
    form = PlanFileForm()
    said = _l("方案文件已保存；请在各要素处注明它在文件中的位置")
    return acted(uow, form, lambda: keep_file(uow, plan, form.file.data), _location(plan), said) or _page(
        uow, plan, form
    )


@plans.post("/submit")
@requires(PlanPermission.WRITE, load_plan, see=PlanPermission.READ)
def submit(uow: UnitOfWork, plan: EvaluationPlan) -> ResponseReturnValue:
    """Hand the plan in."""
    form = Form()
    said = _l("方案已提交，随指标体系由专家组评议，或者由财政局审核")
    return acted(uow, form, lambda: submit_plan(uow, plan), _location(plan), said) or _page(uow, plan, form)


@plans.post("/approve")
@requires(PlanPermission.APPROVE, load_plan, see=PlanPermission.READ)
def approve(uow: UnitOfWork, plan: EvaluationPlan) -> ResponseReturnValue:
    """Approve the plan."""
    form = OpinionForm()
    said = _l("方案已审核同意；指标体系也通过后，机构可以采集资料")
    deed = lambda: approve_plan(uow, plan, form.text("opinion"))  # noqa: E731 - the deed of this one form
    return acted(uow, form, deed, _location(plan), said) or _page(uow, plan, form)


@plans.post("/return")
@requires(PlanPermission.APPROVE, load_plan, see=PlanPermission.READ)
def send_back(uow: UnitOfWork, plan: EvaluationPlan) -> ResponseReturnValue:
    """Send the plan back."""
    form = OpinionForm()
    deed = lambda: return_plan(uow, plan, form.text("opinion"))  # noqa: E731 - the deed of this one form
    return acted(uow, form, deed, _location(plan), _l("方案已退回，机构修改后再提交")) or _page(uow, plan, form)


add_transitions(plans, PLAN, load_plan, prefix="", see=PlanPermission.READ, location=_location)
