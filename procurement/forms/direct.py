"""Forms of purchases without sealed bids: few fields; what the rules say is in `drafting/direct_lawfulness`."""

from __future__ import annotations

from wtforms import (
    BooleanField,
    DateField,
    DateTimeLocalField,
    DecimalField,
    FileField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from core.http.choices import choices
from core.http.forms import Form
from core.i18n import _l
from procurement.forms.tenders import LARGEST
from procurement.states import SoleGround

_AMOUNT = NumberRange(0.01, LARGEST, _l("金额须大于 0"))


class InquiryForm(Form):
    """What suppliers are asked, and which of them."""

    title = StringField(_l("采购项目名称"), [DataRequired(_l("请填写采购项目名称")), Length(max=120)])
    budget = DecimalField(_l("采购预算"), [InputRequired(_l("请填写采购预算，如 95000.00")), _AMOUNT], places=2)
    suppliers = SelectMultipleField(
        _l("征询的供应商"),
        [Optional()],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    few_reason = StringField(
        _l("征询不足法定或本局规定家数的理由"), [Optional(), Length(max=300)], description=_l("家数足够时不填")
    )
    deadline = DateTimeLocalField(
        _l("答复截止时间"), [Optional()], format="%Y-%m-%dT%H:%M", description=_l("北京时间；此前不显示答复内容")
    )
    service_until = DateField(_l("服务期限至"), [Optional()])
    requirement = TextAreaField(_l("采购需求"), [Optional(), Length(max=8000)])
    contact_name = StringField(_l("联系人"), [Optional(), Length(max=60)])
    contact_telephone = StringField(_l("联系电话"), [Optional(), Length(max=40)])


class SoleForm(Form):
    """A single source: the supplier, the ground and what is bought."""

    title = StringField(_l("采购项目名称"), [DataRequired(_l("请填写采购项目名称")), Length(max=120)])
    budget = DecimalField(_l("采购预算"), [InputRequired(_l("请填写采购预算，如 95000.00")), _AMOUNT], places=2)
    supplier = SelectField(_l("供应商"), [Optional()])
    ground = RadioField(_l("法定情形"), [Optional()], choices=choices((one.value, one.label) for one in SoleGround))
    ground_reason = TextAreaField(_l("具体理由"), [Optional(), Length(max=2000)])
    original = SelectField(_l("原委托"), [Optional()], description=_l("只在添购时选择；合计不超过原合同金额的 10%"))
    opinion = TextAreaField(
        _l("专业人员论证意见"),
        [Optional(), Length(max=4000)],
        description=_l("限额以上只能从唯一供应商采购的必填，写明姓名、单位和职称；随公示公开"),
    )
    service_until = DateField(_l("服务期限至"), [Optional()])
    requirement = TextAreaField(_l("采购需求"), [Optional(), Length(max=8000)])
    contact_name = StringField(_l("联系人"), [Optional(), Length(max=60)])
    contact_telephone = StringField(_l("联系电话"), [Optional(), Length(max=40)])


class ReplyForm(Form):
    """A supplier's answer."""

    declined = BooleanField(_l("不参加本次征询"))
    price = DecimalField(_l("报价"), [Optional(), _AMOUNT], places=2)
    plan = TextAreaField(
        _l("工作方案"),
        [Optional(), Length(max=8000)],
        description=_l("思路、人员、进度和方法；上传文件的可以不填"),
    )
    proposal = FileField(_l("工作方案文件"), [Optional()], description=_l("PDF 或 Word，不超过 30 MB"))
    price_sheet = FileField(
        _l("报价单"), [Optional()], name="price-sheet", description=_l("盖章的扫描件或者表格，选填")
    )


class ProposeForm(Form):
    """Which supplier at what price and why; the remark on each plan is a field of the page."""

    asked = RadioField(_l("选定的供应商"), [DataRequired(_l("请选择一家供应商"))])
    price = DecimalField(
        _l("商定价格"), [Optional(), _AMOUNT], places=2, description=_l("不填时为该供应商的报价；不能高于报价")
    )
    reason = TextAreaField(_l("选定理由"), [Optional(), Length(max=2000)])
    minutes = TextAreaField(
        _l("协商情况记录"),
        [Optional(), Length(max=8000)],
        description=_l("参加人员、价格构成和依据、同类项目价格、商定结果"),
    )
