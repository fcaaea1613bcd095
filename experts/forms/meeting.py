"""Forms of a review's meeting: shape only."""

from __future__ import annotations

from wtforms import DateTimeLocalField, FileField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from core.http.choices import choices_of
from core.http.forms import Form
from core.i18n import _l
from experts.states import Capacity


class MeetingForm(Form):
    """When and where the meeting is now; a reason where it moves."""

    meets_at = DateTimeLocalField(_l("评审时间"), [InputRequired(_l("请填写评审时间"))])
    place = StringField(_l("地点"), [Optional(), Length(max=120)])
    online = StringField(_l("线上会议地址或会议号"), [Optional(), Length(max=200)])
    agenda = TextAreaField(_l("议程"), [Optional(), Length(max=2000)])
    reason = TextAreaField(
        _l("更改原因"), [Optional(), Length(max=500)], description=_l("更改时间或地点时必填，会告知所有人")
    )


class GuestForm(Form):
    """One more body that is invited."""

    capacity = SelectField(_l("身份"), choices=choices_of(Capacity))
    body = StringField(_l("参会单位"), [DataRequired(_l("请填写单位名称")), Length(max=80)])
    person = StringField(_l("参会人姓名"), [Optional(), Length(max=40)])


class CodeForm(Form):
    """The code shown in the room."""

    code = StringField(_l("会场码"), [DataRequired(_l("请填写会场码")), Length(max=20)])


class DoorForm(CodeForm):
    """Signing in at the door without an account: which body, and one's name."""

    attendee = SelectField(_l("参会单位"), [Optional()])
    person = StringField(_l("姓名"), [Optional(), Length(max=40)])


class PaperForm(Form):
    """A file for the meeting."""

    file = FileField(_l("文件"))


class MinutesForm(Form):
    """The course of the meeting and the panel's opinion."""

    course = TextAreaField(_l("会议情况"), [DataRequired(_l("请填写内容")), Length(max=8000)])
    opinion = TextAreaField(
        _l("专家组评审意见"),
        [DataRequired(_l("请填写内容")), Length(max=8000)],
        description=_l("已按评审表和意见拟好，请核对；有人签署后不能再改"),
    )


class SignForm(Form):
    """A signature under the opinion, with a dissent where there is one."""

    dissent = TextAreaField(
        _l("不同意见"), [Optional(), Length(max=2000)], description=_l("没有的留空；写明的随评审意见存档")
    )


class NoteForm(Form):
    """What somebody without an account said, as the secretary writes it down."""

    attendee = SelectField(_l("发言单位"), [DataRequired(_l("请选择单位"))])
    indicator = SelectField(_l("针对"), [Optional()])
    body = TextAreaField(_l("意见"), [DataRequired(_l("请填写意见")), Length(max=2000)])
