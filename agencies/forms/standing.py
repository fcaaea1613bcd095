"""What is typed about standing and coaching."""

from __future__ import annotations

from wtforms import DateField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, Optional

from agencies.services.standings import GROUNDS
from agencies.states import StandingKind
from core.http.choices import choices
from core.http.forms import Asked, Form
from core.i18n import _l

PROPOSED = (StandingKind.SUSPENSION, StandingKind.REMOVAL, StandingKind.RETURN)
ASKED_FOR = (StandingKind.RETURN, StandingKind.LEAVE)


class StandingForm(Form):
    """A suspension, removal or return proposed by the bureau."""

    kind = RadioField(
        _l("决定"), [DataRequired(_l("请选择决定"))], choices=choices((one.value, one.label) for one in PROPOSED)
    )
    begins_on = DateField(_l("起始日期"), [Optional()], description=_l("不填为确认当天"))
    ends_on = DateField(_l("截止日期"), [Optional()], description=_l("只在暂停时填写；不填的，整改后申请恢复"))
    rule_id = SelectField(_l("依据"), choices=choices(GROUNDS))
    reason = TextAreaField(_l("事实和理由"), [Asked(), Length(max=2000)], description=_l("对外公开，请勿写个人信息"))


class ApplicationForm(Form):
    """An agency's application to return or to leave."""

    kind = RadioField(
        _l("申请事项"),
        [DataRequired(_l("请选择申请事项"))],
        choices=choices((one.value, one.label) for one in ASKED_FOR),
    )
    statement = TextAreaField(_l("理由和整改情况"), [Asked(), Length(max=4000)])


class CoachForm(Form):
    """Who coaches, and what about."""

    coach = StringField(_l("辅导人和所在单位"), [Asked(), Length(max=120)])
    topics = TextAreaField(_l("辅导重点"), [Optional(), Length(max=1000)])


class SessionForm(Form):
    """One session of coaching."""

    held_on = DateField(_l("辅导日期"), [Asked(), Optional()])
    notes = TextAreaField(_l("内容和改进要求"), [Asked(), Length(max=4000)])


class ConclusionForm(Form):
    """How coaching ended."""

    conclusion = TextAreaField(_l("效果和结论"), [Asked(), Length(max=2000)])
