"""The room's own lines on an engagement's page: plan, team, work on site, requests."""

from __future__ import annotations

from collections.abc import Iterable

from flask import url_for

from agencies.models import Engagement, EvaluationPlan
from agencies.permissions import FollowingPermission, PlanPermission
from agencies.plan_elements import missing
from agencies.ports import Section
from agencies.queries.following import (
    fieldwork_of,
    has_consent,
    plan_of,
    requests_of,
    team_changes,
    team_of,
)
from agencies.states import EngagementState, PlanState, RequestKind, RequestState, TeamRole
from agencies.workflow import plan_standings
from core.i18n import Text, _l
from core.permissions import policy
from core.unit_of_work import UnitOfWork
from projects.states import SystemState


def following_sections(uow: UnitOfWork, engagement: Engagement) -> Iterable[Section]:
    """Yield the lines of an engagement that is followed from its plan on."""
    plan = plan_of(uow, engagement)
    if plan is None:
        return
    yield _of_plan(uow, plan)
    yield _of_team(uow, engagement)
    yield _of_fieldwork(uow, engagement)
    yield from _of_requests(uow, engagement)


def _of_plan(uow: UnitOfWork, plan: EvaluationPlan) -> Section:
    page = url_for("evaluation_plans.show", engagement_id=plan.engagement_id)
    drafted = plan.state in (PlanState.DRAFT, PlanState.RETURNED)
    action: tuple[Text, str] | None = None
    note: Text = plan.way.label if plan.way is not None else _l("随指标体系由专家组评议，或者由财政局审核。")
    if drafted:
        left = len(missing(plan_standings(uow, plan)))
        note = _l("十二项要素还缺 %(count)s 项。", count=left) if left else _l("十二项要素齐全，可以提交。")
        if policy.allows(uow.actor, PlanPermission.WRITE, plan):
            action = (_l("编制评价方案"), page)
    elif plan.state is PlanState.SUBMITTED and policy.allows(uow.actor, PlanPermission.APPROVE, plan):
        system = plan.engagement.system
        if system is None or system.state is SystemState.APPROVED:
            action = (_l("审核评价方案"), page)
    return Section(_l("评价方案"), note, page, plan.state, action, order=10)


def _of_team(uow: UnitOfWork, engagement: Engagement) -> Section:
    team, changes = team_of(uow, engagement), team_changes(uow, engagement)
    leads = [one.name for one in team if one.role is TeamRole.LEAD]
    note: Text = _l("还没有主评人。")
    if leads:
        note = _l(
            "主评人 %(leads)s，共 %(count)s 人；方案通过后调整 %(changes)s 次。",
            leads="、".join(leads),
            count=len(team),
            changes=changes.total,
        )
    page = url_for("teams.show", engagement_id=engagement.id)
    bare = not leads and policy.allows(uow.actor, FollowingPermission.WORK, engagement)
    return Section(_l("评价工作组"), note, page, action=(_l("确定主评人"), page) if bare else None, order=8)


def _of_fieldwork(uow: UnitOfWork, engagement: Engagement) -> Section:
    rows = fieldwork_of(uow, engagement)
    page = url_for("fieldwork.show", engagement_id=engagement.id)
    note: Text = _l("已记录 %(count)s 次访谈、勘查或者问卷。", count=len(rows))
    action = None
    if not rows:
        note = _l("方案和指标体系通过后开展；非现场评价须经财政局同意。")
        if has_consent(uow, engagement, RequestKind.OFF_SITE):
            note = _l("财政局已同意采用非现场评价。")
        elif engagement.state is EngagementState.EVALUATING and policy.allows(
            uow.actor, FollowingPermission.WORK, engagement
        ):
            action = (_l("记录现场调查"), page)
    return Section(_l("现场调查"), note, page, action=action, order=25)


def _of_requests(uow: UnitOfWork, engagement: Engagement) -> Iterable[Section]:
    if not policy.allows(uow.actor, FollowingPermission.READ_REQUEST, engagement):
        return
    rows = requests_of(uow, engagement)
    waiting = [one for one in rows if one.state is RequestState.ASKED]
    if not rows and not policy.allows(uow.actor, FollowingPermission.ASK, engagement):
        return
    page = url_for("engagement_requests.index", engagement_id=engagement.id)
    note: Text = _l("调整人员、延期、非现场评价、对外发布，须经财政局同意。")
    if rows:
        note = _l("共 %(count)s 项，待答复 %(waiting)s 项。", count=len(rows), waiting=len(waiting))
    decides = bool(waiting) and policy.allows(uow.actor, FollowingPermission.DECIDE)
    yield Section(_l("机构的申请"), note, page, action=(_l("答复申请"), page) if decides else None, order=60)
