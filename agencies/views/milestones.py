"""Milestones: an engagement's own, and all engagements by what is due next."""

from __future__ import annotations

import io
from typing import Any

from flask import Blueprint, abort, render_template, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale

from agencies.models import Engagement, Milestone
from agencies.permissions import AgencyPermission, FollowingPermission
from agencies.queries import load_engagement
from agencies.queries.following import followed, milestones_by_engagement, milestones_of, next_due
from agencies.services.milestones import BY_HAND, mark_done
from agencies.states import EngagementState, MilestoneKind
from agencies.views.plans import crumbs_of
from core.http.deeds import acted
from core.http.forms import Form
from core.http.guard import requires
from core.http.lists import Filter, asked, listing
from core.i18n import Language, _, _l
from core.identity.models import Organisation
from core.permissions import policy
from core.spreadsheets import Column, export_xlsx
from core.unit_of_work import UnitOfWork
from projects.models import Project

milestones = Blueprint("milestones", __name__)

FILTERS = (
    Filter("step", _l("下一步"), [(one.value, one.label) for one in MilestoneKind]),
    Filter("late", _l("时限"), [("1", _l("只看逾期"))]),
)
MOST_ROWS = 5000


def _location(engagement: Engagement) -> str:
    return url_for("milestones.show", engagement_id=engagement.id)


@milestones.get("/engagements/<uuid:engagement_id>/milestones")
@requires(AgencyPermission.READ_ENGAGEMENT, load_engagement, see=AgencyPermission.READ_ENGAGEMENT)
def show(uow: UnitOfWork, engagement: Engagement) -> ResponseReturnValue:
    """Show the dates of an engagement: as planned, as they hold, as they were kept."""
    return _page(uow, engagement)


def _page(uow: UnitOfWork, engagement: Engagement, form: Form | None = None) -> ResponseReturnValue:
    rows = milestones_of(uow, engagement)
    works = policy.allows(uow.actor, FollowingPermission.WORK, engagement)
    page = render_template(
        "agencies/milestone/show.html",
        engagement=engagement,
        rows=rows,
        today=uow.today,
        late={one.kind: one.days_late(uow.today) for one in rows},
        by_hand=BY_HAND,
        may_mark=works and engagement.state is EngagementState.EVALUATING,
        may_ask=works and engagement.state in (EngagementState.PREPARING, EngagementState.EVALUATING),
        form=form or Form(formdata=None),
        crumbs=crumbs_of(engagement, _("节点和期限")),
    )
    return page, 200 if form is None else 422


@milestones.post("/engagements/<uuid:engagement_id>/milestones/<kind>/done")
@requires(FollowingPermission.WORK, load_engagement, see=AgencyPermission.READ_ENGAGEMENT)
def done(uow: UnitOfWork, engagement: Engagement, kind: str) -> ResponseReturnValue:
    """Call a step done."""
    if kind not in {one.value for one in MilestoneKind}:
        abort(404)
    form, wanted = Form(), MilestoneKind(kind)
    said = _l("已记为完成：%(name)s", name=wanted.label)
    return acted(uow, form, lambda: mark_done(uow, engagement, wanted), _location(engagement), said) or _page(
        uow, engagement, form
    )


def next_of(rows: list[Milestone]) -> Milestone | None:
    """Return the first milestone that is not done."""
    return next((one for one in rows if one.done_on is None), None)


@milestones.get("/engagements/following")
@requires(FollowingPermission.OVERSEE)
def following(uow: UnitOfWork) -> ResponseReturnValue:
    """List all running engagements by what is due next; what is late first."""
    page = listing(
        uow,
        followed(uow.actor, today=uow.today, text=asked("q"), step=asked("step"), late=asked("late") == "1"),
        sortable={
            "due": next_due(),
            "number": Engagement.number,
            "project": Project.name,
            "agency": Organisation.name,
            "ends": Engagement.due_on,
        },
        default="due",
        filters=FILTERS,
    )
    return render_template(
        "agencies/milestone/following.html",
        page=page,
        rows_of=milestones_by_engagement(uow, page.rows),
        next_of=next_of,
        today=uow.today,
        export=url_for("milestones.export", q=asked("q"), step=asked("step"), late=asked("late")),
        crumbs=[(_("评价委托"), url_for("engagements.index")), (_("进度跟踪"), None)],
    )


COLUMNS = (
    Column("number", "委托编号", "Engagement", width=20),
    Column("project", "项目", "Project", width=36),
    Column("unit", "项目单位", "Unit", width=24),
    Column("agency", "机构", "Agency", width=30),
    Column("state", "状态", "State", width=16),
    Column("step", "下一步", "Next step", width=14),
    Column("due", "期限", "Due", kind="date", width=13),
    Column("late", "逾期天数", "Days late", kind="number", width=10),
    Column("ends", "合同到期", "Contract ends", kind="date", width=13),
)


@milestones.get("/engagements/following.xlsx")
@requires(FollowingPermission.OVERSEE)
def export(uow: UnitOfWork) -> ResponseReturnValue:
    """Download the list."""
    query = followed(uow.actor, today=uow.today, text=asked("q"), step=asked("step"), late=asked("late") == "1")
    found = list(uow.session.scalars(query.order_by(next_due(), Engagement.id).limit(MOST_ROWS)).unique())
    by_engagement = milestones_by_engagement(uow, found)
    language: Language = "en" if str(get_locale()).startswith("en") else "zh"
    rows: list[dict[str, Any]] = []
    for one in found:
        following_step = next_of(by_engagement[one.id])
        rows.append(
            {
                "number": one.number,
                "project": one.project.name,
                "unit": one.project.unit.name,
                "agency": one.agency.name,
                "state": str(one.state.label),
                "step": str(following_step.kind.label) if following_step else "",
                "due": following_step.due_on if following_step else None,
                "late": following_step.days_late(uow.today) if following_step else None,
                "ends": one.due_on,
            }
        )
    data = export_xlsx(COLUMNS, rows, title=_("评价委托进度"), language=language)
    return send_file(io.BytesIO(data), download_name=f"{_('评价委托进度')}-{uow.today}.xlsx", as_attachment=True)
