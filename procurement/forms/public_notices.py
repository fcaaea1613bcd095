"""Where a notice stands in the designated medium."""

from __future__ import annotations

from wtforms import DateTimeLocalField, StringField
from wtforms.validators import DataRequired, InputRequired, Length

from core.http.forms import Form
from core.i18n import _l


class RegisterNoticeForm(Form):
    """Where and when a notice first stood in the designated medium (R-NOTICE-01)."""

    url = StringField(_l("指定媒体的公告网址"), [DataRequired(_l("请填写网址")), Length(max=500)])
    at = DateTimeLocalField(
        _l("发布时间"), [InputRequired(_l("请填写发布时间"))], format="%Y-%m-%dT%H:%M", description=_l("北京时间")
    )
