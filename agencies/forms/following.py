"""What is typed on the way from the plan to the archive: team, work on site, requests."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from wtforms import DateField, SelectField, StringField, TextAreaField
from wtforms.validators import Length, Optional

from agencies.lead_check import Verdict
from agencies.models import LeadEvaluator, Milestone, TeamMember
from agencies.services.fieldwork import Visit
from agencies.services.requests import Asked as Request
from agencies.services.team import Newcomer
from agencies.states import FieldworkKind, MilestoneKind, RequestKind, TeamRole
from core.errors import Refusal, Refused
from core.http.choices import choices, choices_of
from core.http.forms import Asked, Form
from core.i18n import Text, _l

NOBODY = ("", _l("（不选）"))
Leads = Sequence[tuple[LeadEvaluator, Verdict]]


def _described(lead: LeadEvaluator, judged: Verdict) -> Text:
    if judged.qualifies:
        return f"{lead.name}（{lead.qualification}）"
    return _l("%(name)s（不符合主评人条件）", name=lead.name)


class NewcomerForm(Form):
    """Somebody who joins a team: a lead of the library, or anybody else by name."""

    role = SelectField(_l("角色"), choices=choices_of(TeamRole), default=TeamRole.MEMBER.value)
    lead = SelectField(_l("主评人（本机构在库）"), choices=[], default="", validate_choice=False)
    name = StringField(_l("姓名（主评人以外的人员）"), [Optional(), Length(max=40)])
    duty = StringField(_l("分工"), [Optional(), Length(max=200)])

    def offer(self, leads: Leads) -> None:
        """Offer the agency's lead evaluators, saying of each who does not qualify today (R-LEAD-01)."""
        self.lead.choices = choices([NOBODY, *((str(one.id), _described(one, judged)) for one, judged in leads)])

    def newcomer(self, leads: Leads) -> Newcomer:
        """Return who was named."""
        role = TeamRole(self.role.data)
        found = (one for one, _verdict in leads if str(one.id) == self.lead.data)
        chosen = next(found, None) if role is TeamRole.LEAD else None
        return Newcomer(role, "" if role is TeamRole.LEAD else self.text("name"), chosen, self.text("duty"))


class TeamRequestForm(NewcomerForm):
    """A change of the team: who leaves, who joins, why."""

    leaving = SelectField(_l("调出人员"), choices=[], default="", validate_choice=False)
    reason = TextAreaField(_l("理由"), [Asked(), Length(max=2000)])

    def offer_team(self, team: Sequence[TeamMember]) -> None:
        """Offer who is in the team."""
        pairs = [(str(one.id), f"{one.name}（{one.role.label}）") for one in team]
        self.leaving.choices = choices([NOBODY, *pairs])

    def request(self, leads: Leads, team: Sequence[TeamMember]) -> Request:
        """Return what is asked; a newcomer is meant where a name or a lead was given."""
        comes = bool(self.text("name")) if self.role.data != TeamRole.LEAD.value else bool(self.lead.data)
        return Request(
            RequestKind.TEAM,
            self.text("reason"),
            leaving=next((one for one in team if str(one.id) == self.leaving.data), None),
            newcomer=self.newcomer(leads) if comes else None,
        )


class ExtensionForm(Form):
    """Which step to postpone, until when, why."""

    milestone = SelectField(_l("要延期的节点"), choices=[], validate_choice=False)
    due_on = DateField(_l("延至"), [Optional()])
    reason = TextAreaField(_l("理由"), [Asked(), Length(max=2000)])

    def offer(self, milestones: Sequence[Milestone]) -> None:
        """Offer the steps that are not done."""
        self.milestone.choices = choices(
            (one.kind.value, _l("%(name)s（现期限 %(day)s）", name=one.kind.label, day=one.due_on.isoformat()))
            for one in milestones
            if one.done_on is None
        )

    def request(self) -> Request:
        """Return what is asked."""
        known = {one.value for one in MilestoneKind}
        kind = MilestoneKind(self.milestone.data) if self.milestone.data in known else None
        return Request(RequestKind.EXTENSION, self.text("reason"), milestone=kind, due_on=self.due_on.data)


class OffSiteForm(Form):
    """Why no work on site is possible."""

    reason = TextAreaField(_l("不能开展现场评价的理由和替代办法"), [Asked(), Length(max=2000)])

    def request(self) -> Request:
        """Return what is asked."""
        return Request(RequestKind.OFF_SITE, self.text("reason"))


class ReleaseForm(Form):
    """To whom something is to be given, and why."""

    recipient = StringField(_l("提供或者发布的对象和范围"), [Asked(), Length(max=200)])
    reason = TextAreaField(_l("内容和用途"), [Asked(), Length(max=2000)])

    def request(self) -> Request:
        """Return what is asked."""
        return Request(RequestKind.RELEASE, self.text("reason"), recipient=self.text("recipient"))


class AnswerForm(Form):
    """The bureau's words with its decision about a request."""

    words = TextAreaField(_l("答复意见"), [Optional(), Length(max=1000)])


class FieldworkForm(Form):
    """One piece of work on site."""

    kind = SelectField(_l("调查方式"), choices=choices_of(FieldworkKind))
    held_on = DateField(_l("日期"), [Asked(), Optional()])
    place = StringField(_l("地点"), [Asked(), Length(max=200)])
    people = StringField(_l("参加人员、对象和数量"), [Asked(), Length(max=300)])
    note = TextAreaField(_l("结果摘要"), [Optional(), Length(max=2000)])

    def visit(self) -> Visit:
        """Return what was typed. Raises `Refused` without a date."""
        if self.held_on.data is None:
            raise Refused(Refusal(_l("请填写日期"), field="held_on"))
        return Visit(
            FieldworkKind(self.kind.data), self.held_on.data, self.text("place"), self.text("people"), self.text("note")
        )


def id_of(text: str) -> uuid.UUID | None:
    """Return an id that a form sent, or None where it is none."""
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
