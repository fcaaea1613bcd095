"""What an expert types in the own file, and the bureau about it; what is typed about payments."""

from __future__ import annotations

from wtforms import DateField, PasswordField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from core.http.forms import Form
from core.i18n import _l


class ChangeForm(Form):
    """New particulars, since when, and a word about it."""

    employer = StringField(_l("工作单位"), [Optional(), Length(max=80)])
    position = StringField(_l("职务"), [Optional(), Length(max=60)])
    professional_title = StringField(_l("职称"), [Optional(), Length(max=60)])
    telephone = StringField(_l("电话"), [Optional(), Length(max=40)])
    changed_on = DateField(_l("变更日期"), [InputRequired(_l("请填写日期"))])
    note = TextAreaField(_l("说明"), [Optional(), Length(max=500)])


class RemarkOnChangeForm(Form):
    """What the bureau says with its decision about a change."""

    remark = TextAreaField(_l("核对意见"), [Optional(), Length(max=500)], description=_l("不采纳的必须写明理由"))


class AccountForm(Form):
    """Where fees go. Nothing of it is ever shown again but the last four digits."""

    identity = StringField(_l("身份证号码"), [DataRequired(_l("请填写身份证号码")), Length(max=20)])
    holder = StringField(_l("户名"), [DataRequired(_l("请填写户名")), Length(max=40)])
    bank = StringField(_l("开户银行"), [DataRequired(_l("请填写开户银行")), Length(max=80)], description=_l("写到支行"))
    account = PasswordField(_l("银行账号"), [DataRequired(_l("请填写银行账号")), Length(max=30)])
    repeated = PasswordField(_l("再填一次账号"), [DataRequired(_l("请再填一次账号")), Length(max=30)])


class PaidForm(Form):
    """When the finance office paid."""

    paid_on = DateField(_l("支付日期"), [InputRequired(_l("请填写日期"))])


class CancelForm(Form):
    """Why a list is cancelled."""

    reason = TextAreaField(_l("作废的理由"), [DataRequired(_l("请填写理由")), Length(max=500)])
