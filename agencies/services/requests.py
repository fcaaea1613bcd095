"""Asking the bureau's consent, and its answer.

R-AGENCY-07 (team), R-AGENCY-10 (off-site work), R-AGENCY-14 (release), R-AGENCY.dates (extension).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from agencies.addresses import requests_page
from agencies.models import Engagement, EngagementRequest, TeamMember
from agencies.notifications import REQUEST_ASKED, REQUEST_DECIDED
from agencies.queries.following import has_consent, milestones_of, plan_of, team_of
from agencies.services.milestones import postpone
from agencies.services.team import Newcomer, ensure_may_join, join
from agencies.states import EngagementState, MilestoneKind, PlanState, RequestKind, RequestState, TeamRole
from agencies.workflow import REQUEST
from core.errors import Refusal, Refused
from core.i18n import _l
from core.identity.people import user_ids_with
from core.identity.roles import Role
from core.notifications.send import notify
from core.unit_of_work import UnitOfWork

RULES = {
    RequestKind.TEAM: "R-AGENCY-07",
    RequestKind.EXTENSION: "R-AGENCY.dates",
    RequestKind.OFF_SITE: "R-AGENCY-10",
    RequestKind.RELEASE: "R-AGENCY-14",
}
"""The rule that makes each kind ask."""


@dataclass(frozen=True)
class Asked:
    """What is asked and why; only what belongs to the kind is filled."""

    kind: RequestKind
    reason: str
    leaving: TeamMember | None = None
    newcomer: Newcomer | None = None
    milestone: MilestoneKind | None = None
    due_on: date | None = None
    recipient: str = ""


def ask(uow: UnitOfWork, engagement: Engagement, asked: Asked) -> EngagementRequest:
    """Ask the bureau's consent. Raises `Refused`, each at its field, and while a request of the kind waits."""
    uow.lock(engagement)
    refusals = _general(uow, engagement, asked)
    if asked.kind is RequestKind.TEAM:
        refusals += _of_team(uow, engagement, asked)
    elif asked.kind is RequestKind.EXTENSION:
        refusals += _of_extension(uow, engagement, asked)
    elif asked.kind is RequestKind.RELEASE and not asked.recipient.strip():
        refusals.append(Refusal(_l("请写明提供或者发布的对象和范围"), rule_id="R-AGENCY-14", field="recipient"))
    if refusals:
        raise Refused(*refusals)
    newcomer = asked.newcomer
    last = uow.session.scalar(
        select(func.max(EngagementRequest.position)).where(EngagementRequest.engagement_id == engagement.id)
    )
    row = uow.add(
        EngagementRequest(
            engagement_id=engagement.id,
            engagement=engagement,
            position=(last or 0) + 1,
            kind=asked.kind,
            state=RequestState.ASKED,
            reason=asked.reason.strip(),
            asked_at=uow.now,
            asked_by_id=uow.actor.user_id,
            decided_at=None,
            decided_by_id=None,
            leaving_id=asked.leaving.id if asked.leaving else None,
            leaving=asked.leaving,
            name=newcomer.called if newcomer else "",
            role=newcomer.role if newcomer else None,
            lead_id=newcomer.lead.id if newcomer and newcomer.lead else None,
            duty=newcomer.duty.strip() if newcomer else "",
            milestone=asked.milestone,
            due_on=asked.due_on,
            recipient=asked.recipient.strip(),
        )
    )
    uow.session.flush()
    uow.record("engagement_request.ask", row, after={"kind": asked.kind.value}, reason=row.reason)
    notify(
        uow,
        REQUEST_ASKED,
        user_ids_with(uow, Role.QUALITY_OFFICER),
        url=requests_page(engagement.id),
        params={
            "project": engagement.project.name,
            "agency": engagement.agency.name,
            "kind": str(asked.kind.label),
        },
    )
    return row


def agree(uow: UnitOfWork, row: EngagementRequest, words: str = "") -> None:
    """Consent: what was asked takes effect at once. Raises `Refused` where it no longer can."""
    engagement = row.engagement
    uow.lock(engagement)
    if row.kind is RequestKind.TEAM and (wrong := _team_after(uow, row)) is not None:
        raise Refused(wrong)
    REQUEST.fire(
        uow,
        row,
        "agree",
        reason=words.strip() or None,
        assign={"words": words.strip(), "decided_by_id": uow.actor.user_id},
    )
    if row.kind is RequestKind.TEAM:
        if row.leaving is not None:
            row.leaving.left_on = uow.today
            uow.session.flush()
        if row.role is not None:
            join(uow, engagement, Newcomer(row.role, row.name, row.lead, row.duty))
    elif row.milestone is not None and row.due_on is not None:
        postpone(uow, engagement, row.milestone, row.due_on)
    uow.session.flush()
    _tell(uow, row)


def refuse(uow: UnitOfWork, row: EngagementRequest, words: str) -> None:
    """Refuse, with the reason, which the agency is told."""
    if not words.strip():
        raise Refused(Refusal(_l("不同意的，请写明理由"), rule_id=RULES[row.kind], field="words"))
    REQUEST.fire(
        uow, row, "refuse", reason=words.strip(), assign={"words": words.strip(), "decided_by_id": uow.actor.user_id}
    )
    _tell(uow, row)


def withdraw(uow: UnitOfWork, row: EngagementRequest) -> None:
    """Take a request back while it waits."""
    REQUEST.fire(uow, row, "withdraw")


def ensure_may_release(uow: UnitOfWork, engagement: Engagement) -> None:
    """Raise `Refused` unless the bureau agreed that results are given out or published (R-AGENCY-14)."""
    if not has_consent(uow, engagement, RequestKind.RELEASE):
        raise Refused(Refusal(_l("未经财政局同意，不得对外提供或者发布评价信息"), rule_id="R-AGENCY-14"))


def _general(uow: UnitOfWork, engagement: Engagement, asked: Asked) -> list[Refusal]:
    found = []
    if engagement.state is EngagementState.TERMINATED or (
        engagement.state is EngagementState.CLOSED and asked.kind is not RequestKind.RELEASE
    ):
        found.append(Refusal(_l("评价委托已经结束")))
    if not asked.reason.strip():
        found.append(Refusal(_l("请写明理由"), rule_id=RULES[asked.kind], field="reason"))
    waiting = uow.session.scalar(
        select(EngagementRequest.id).where(
            EngagementRequest.engagement_id == engagement.id,
            EngagementRequest.kind == asked.kind,
            EngagementRequest.state == RequestState.ASKED,
        )
    )
    if waiting is not None:
        found.append(Refusal(_l("上一项同类申请还在等财政局答复")))
    return found


def _of_team(uow: UnitOfWork, engagement: Engagement, asked: Asked) -> list[Refusal]:
    found: list[Refusal] = []
    plan = plan_of(uow, engagement)
    if plan is not None and plan.state is not PlanState.APPROVED:
        found.append(Refusal(_l("评价方案通过前，直接在方案中调整工作组"), rule_id="R-AGENCY-07"))
    if asked.leaving is None and asked.newcomer is None:
        found.append(Refusal(_l("请选择调出的人员，或者填写调入的人员"), rule_id="R-AGENCY-07", field="leaving"))
    if asked.leaving is not None and (
        asked.leaving.engagement_id != engagement.id or asked.leaving.left_on is not None
    ):
        found.append(Refusal(_l("此人不在工作组中"), field="leaving"))
    if asked.newcomer is not None:
        try:
            ensure_may_join(uow, engagement, asked.newcomer)
        except Refused as refused:
            found += refused.refusals
    leads = [one for one in team_of(uow, engagement) if one.role is TeamRole.LEAD and one is not asked.leaving]
    comes = asked.newcomer is not None and asked.newcomer.role is TeamRole.LEAD
    if not leads and not comes:
        found.append(Refusal(_l("调整后工作组没有主评人，请同时指定接替的主评人"), rule_id="R-AGENCY-07", field="lead"))
    return found


def _team_after(uow: UnitOfWork, row: EngagementRequest) -> Refusal | None:
    if row.leaving is not None and row.leaving.left_on is not None:
        return Refusal(_l("申请调出的人员已不在工作组中"))
    if row.name and any(one.name == row.name for one in team_of(uow, row.engagement)):
        return Refusal(_l("“%(name)s”已在工作组中", name=row.name))
    return None


def _of_extension(uow: UnitOfWork, engagement: Engagement, asked: Asked) -> list[Refusal]:
    rows = {one.kind: one for one in milestones_of(uow, engagement)}
    row = rows.get(asked.milestone) if asked.milestone is not None else None
    if row is None:
        return [Refusal(_l("请选择要延期的节点"), field="milestone")]
    if row.done_on is not None:
        return [Refusal(_l("“%(name)s”已经完成", name=row.kind.label), field="milestone")]
    if asked.due_on is None or asked.due_on <= row.due_on:
        return [
            Refusal(_l("新的日期应晚于现在的期限 %(day)s", day=row.due_on.isoformat()), field="due_on"),
        ]
    if asked.due_on <= uow.today:
        return [Refusal(_l("新的日期应晚于今天"), field="due_on")]
    return []


def _tell(uow: UnitOfWork, row: EngagementRequest) -> None:
    engagement = row.engagement
    notify(
        uow,
        REQUEST_DECIDED,
        user_ids_with(uow, Role.AGENCY_MANAGER, Role.AGENCY_STAFF, organisation_id=engagement.agency_id),
        url=requests_page(engagement.id),
        params={
            "project": engagement.project.name,
            "kind": str(row.kind.label),
            "outcome": str(row.state.label),
        },
    )
