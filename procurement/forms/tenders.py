"""Forms of a tender: shape only; what the rules say is in `lawfulness`."""

from __future__ import annotations

from wtforms import (
    BooleanField,
    DateField,
    DateTimeLocalField,
    DecimalField,
    IntegerField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from core.http.choices import choices
from core.http.forms import Form
from core.i18n import _l, _lp
from procurement.methods import ON_ITS_OWN
from procurement.states import Method

LARGEST = 10**12
_AMOUNT = NumberRange(0.01, LARGEST, _l("金额须大于 0"))


class DraftForm(Form):
    """What a purchase starts from."""

    project_id = SelectField(
        _l("被评价的项目"), [Optional()], description=_l("框架协议征集不选项目：项目随第二阶段逐项确定")
    )
    method = SelectField(
        _l("采购方式"),
        [DataRequired(_l("请选择采购方式"))],
        choices=choices((one.value, one.label) for one in ON_ITS_OWN),
        default=Method.OPEN_TENDER.value,
    )
    title = StringField(
        _l("采购项目名称"), [Optional(), Length(max=120)], description=_l("不填时由项目名称生成，以后可以修改")
    )
    budget = DecimalField(
        _l("采购预算（元）"),
        [Optional(), _AMOUNT],
        places=2,
        description=_l("不填时取项目的评价经费；框架协议填有效期内预计的采购总额"),
    )

    def validate_project_id(self, field: SelectField) -> None:
        """Every purchase but a framework call names what is evaluated."""
        if not field.data and self.method.data != Method.FRAMEWORK.value:
            raise ValidationError(_l("请选择项目"))


class TenderForm(Form):
    """The entries of a draft; money in yuan, clock times in Shanghai. The panel tells what is still missing."""

    title = StringField(_l("采购项目名称"), [DataRequired(_l("请填写采购项目名称")), Length(max=120)])
    projects = SelectMultipleField(
        _l("被评价的项目"),
        [DataRequired(_l("请至少选择一个项目"))],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    budget = DecimalField(_l("采购预算"), [InputRequired(_l("请填写采购预算，如 180000.00")), _AMOUNT], places=2)
    ceiling = DecimalField(_l("最高限价"), [Optional(), _AMOUNT], places=2, description=_l("不填时以采购预算为限"))
    deposit = DecimalField(
        _l("投标保证金"),
        [Optional(), NumberRange(0, LARGEST, _l("金额不能为负"))],
        places=2,
        description=_l("不超过采购预算的 2%，不收取时填 0"),
    )
    notice_on = DateField(_l("计划公告日期"), [Optional()], description=_l("实际以批准发布之日起算"))
    documents_until = DateField(_l("采购文件提供至"), [Optional()])
    deadline = DateTimeLocalField(
        _l("投标截止和开标时间"), [Optional()], format="%Y-%m-%dT%H:%M", description=_l("北京时间")
    )
    opening_place = StringField(_l("开标地点"), [Optional(), Length(max=200)])
    documents_place = StringField(_l("获取采购文件的方式"), [Optional(), Length(max=200)])
    service_until = DateField(_l("服务期限至"), [Optional()])
    requirement = TextAreaField(_l("采购需求"), [Optional(), Length(max=8000)])
    qualifications = TextAreaField(
        _l("投标人资格条件"), [Optional(), Length(max=4000)], description=_l("每行一项；不得以规模条件设限")
    )
    contract_draft = TextAreaField(_l("拟签订的合同文本"), [Optional(), Length(max=40000)])
    evaluation = SelectField(
        _l("评审方法"),
        [DataRequired(_l("请选择评审方法"))],
        description=_l("标准统一的服务应当采用最低评标价法（R-EVAL-01）"),
    )
    price_weight = DecimalField(
        _l("价格分权重"),
        [InputRequired(_l("请填写价格分权重")), NumberRange(0, 100, _l("权重应在 0 至 100 之间"))],
        places=2,
        description=_l("服务项目不低于 10；与各评审因素分值合计为 100"),
    )
    contact_name = StringField(_l("联系人"), [Optional(), Length(max=60)])
    contact_telephone = StringField(_l("联系电话"), [Optional(), Length(max=40)])
    is_complex = BooleanField(_l("技术复杂"))
    is_high_impact = BooleanField(_l("社会影响较大"))


class CriteriaForm(Form):
    """The table of criteria is read by `criteria_table`; this carries what every form carries."""


class KeyholdersForm(Form):
    """Who holds a key and how many are needed to open."""

    keyholders = SelectMultipleField(
        _lp("list", "开标密钥持有人"),
        [DataRequired(_l("请选择至少三名持有人"))],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    keyholders_needed = IntegerField(
        _l("开标需要的人数"), [InputRequired(_l("请填写人数")), NumberRange(2, 9, _l("至少两人"))]
    )


class KeyForm(Form):
    """The public half of a key that was made in the browser."""

    public_key = StringField(_l("公钥"), [DataRequired(_l("请先生成密钥并下载密钥文件")), Length(max=200)])


class PublishForm(Form):
    """Approval with publication; acts once."""


class ExternalNoticeForm(Form):
    """Where and when the notice first stood in the designated medium."""

    url = StringField(_l("指定媒体的公告网址"), [DataRequired(_l("请填写网址")), Length(max=500)])
    at = DateTimeLocalField(
        _l("发布时间"), [InputRequired(_l("请填写发布时间"))], format="%Y-%m-%dT%H:%M", description=_l("北京时间")
    )
