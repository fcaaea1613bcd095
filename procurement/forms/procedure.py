"""Forms of the award's procedure: shape only."""

from __future__ import annotations

from wtforms import DateTimeLocalField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from core.http.forms import Form
from core.i18n import _l


class DelayForm(Form):
    """Why the purchaser has not decided yet."""

    reason = TextAreaField(
        _l("未按期定标的合法理由"),
        [DataRequired(_l("请写明未按期确定中标人的合法理由")), Length(max=1000)],
        description=_l("登记后，逾期不再自动视同确定第一名"),
    )


class ResultNoticeForm(Form):
    """Where the result stands in the designated medium."""

    url = StringField(_l("结果公告网址"), [DataRequired(_l("请填写网址")), Length(max=500)])
    at = DateTimeLocalField(
        _l("发布时间（北京时间）"), [InputRequired(_l("请填写发布时间"))], format=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"]
    )


class RefundForm(Form):
    """Whose deposits were paid back."""

    bids = SelectMultipleField(
        _l("已退还保证金的投标人"),
        [InputRequired(_l("请选择投标人"))],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
