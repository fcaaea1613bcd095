"""Forms of a purchase's agent: shape only."""

from __future__ import annotations

from wtforms import DateField, FileField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from core.http.choices import choices
from core.http.forms import Form
from core.i18n import _l
from procurement.states import AgentStep


class AgreementForm(Form):
    """What the agency agreement says."""

    agency = SelectField(_l("采购代理机构"), [DataRequired(_l("请选择采购代理机构"))])
    number = StringField(_l("委托代理协议编号"), [DataRequired(_l("请填写委托代理协议编号")), Length(max=100)])
    agreed_on = DateField(_l("协议签订日期"), [InputRequired(_l("请填写日期，如 2027-01-01"))])
    valid_until = DateField(_l("协议有效至"), [Optional()], description=_l("不填写的，至本次采购结束"))
    steps = SelectMultipleField(
        _l("委托范围"),
        [DataRequired(_l("委托代理协议须明确代理的范围，请至少选择一项"))],
        choices=choices((one.value, one.label) for one in AgentStep),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        description=_l("代理机构的人员只能在本项目中办理这些环节；审批、确定供应商、签订合同和付款由采购人办理"),
    )
    fee = StringField(_l("代理费用及支付方"), [Optional(), Length(max=200)], description=_l("公告中如实载明"))
    contact_name = StringField(_l("代理机构联系人"), [Optional(), Length(max=50)])
    contact_telephone = StringField(_l("代理机构联系电话"), [Optional(), Length(max=50)])
    agreement = FileField(_l("委托代理协议（PDF）"), [Optional()])


class EndForm(Form):
    """Why the appointment ends."""

    reason = TextAreaField(_l("终止委托的原因"), [DataRequired(_l("请写明终止委托的原因")), Length(max=500)])
