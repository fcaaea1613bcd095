"""Forms about a published tender's documents: taking them, asking, answering, amending, confirming."""

from __future__ import annotations

from wtforms import (
    BooleanField,
    DateField,
    DateTimeLocalField,
    DecimalField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from core.http.choices import choices_of
from core.http.forms import Form
from core.i18n import _l
from procurement.forms.tenders import LARGEST
from procurement.states import Consequence

_AMOUNT = NumberRange(0, LARGEST, _l("金额不能为负"))


class TakeDocumentsForm(Form):
    """For which organisation the documents are taken."""

    supplier = SelectField(_l("供应商"), [DataRequired(_l("请选择单位"))])


class AskForm(Form):
    """A question; `about` is what it concerns: the tender, or `lot:ID`, `criterion:ID`."""

    asker = SelectField(_l("提问单位"), [Optional()])
    about = SelectField(_l("针对"), [DataRequired(_l("请选择提问针对的内容"))])
    question = TextAreaField(
        _l("提问内容"),
        [DataRequired(_l("请填写问题")), Length(max=2000)],
        description=_l("公开时不显示提问单位；请勿写入单位名称、人员姓名和联系方式"),
    )


class ActForm(Form):
    """Nothing to type: one press."""


class AnswerForm(Form):
    """One answer to one or several questions, as everybody will read it."""

    questions = SelectMultipleField(
        _l("答复的提问"),
        [DataRequired(_l("请选择要答复的提问"))],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    question = TextAreaField(
        _l("公开的问题"),
        [DataRequired(_l("请填写公开的问题")), Length(max=4000)],
        description=_l("可以合并、改写，不得出现供应商名称"),
    )
    answer = TextAreaField(_l("答复"), [DataRequired(_l("请填写答复")), Length(max=8000)])
    explains_only = BooleanField(
        _l("本答复只作说明，不改变招标文件"),
        [DataRequired(_l("改变招标文件的，须发布更正公告"))],
    )


class DeclineForm(Form):
    """Why a question gets no answer; its asker reads it."""

    reason = TextAreaField(_l("不予答复的理由"), [DataRequired(_l("请填写理由")), Length(max=1000)])


class AmendmentForm(Form):
    """The entries that may change, filled with what stands now; money in yuan, clock times in Shanghai."""

    reason = TextAreaField(
        _l("更正理由"), [Optional(), Length(max=1000)], description=_l("写进更正公告，供应商据此了解为何更正")
    )
    questions = SelectMultipleField(
        _l("同时答复的提问"),
        [Optional()],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        description=_l("发布后这些提问显示为已答复，答复即本更正"),
    )
    requirement = TextAreaField(
        _l("采购需求"), [Optional(), Length(max=8000)], description=_l("可以补充说明，不得改变采购标的")
    )
    contract_draft = TextAreaField(_l("拟签订的合同文本"), [Optional(), Length(max=40000)])
    service_until = DateField(_l("服务期限至"), [Optional()])
    ceiling = DecimalField(
        _l("最高限价"), [Optional(), _AMOUNT], places=2, description=_l("不填时以采购预算为限；预算本身不能更正")
    )
    deposit = DecimalField(_l("投标保证金"), [Optional(), _AMOUNT], places=2)
    price_weight = DecimalField(
        _l("价格分权重"),
        [InputRequired(_l("请填写价格分权重")), NumberRange(0, 100, _l("权重应在 0 至 100 之间"))],
        places=2,
    )
    documents_until = DateField(_l("招标文件提供至"), [Optional()])
    documents_place = StringField(_l("获取招标文件的方式"), [Optional(), Length(max=200)])
    deadline = DateTimeLocalField(
        _l("投标截止和开标时间"),
        [InputRequired(_l("请填写投标截止时间"))],
        format="%Y-%m-%dT%H:%M",
        description=_l("北京时间；只能顺延"),
    )
    opening_place = StringField(_l("开标地点"), [Optional(), Length(max=200)])
    contact_name = StringField(_l("联系人"), [Optional(), Length(max=60)])
    contact_telephone = StringField(_l("联系电话"), [Optional(), Length(max=40)])
    is_material = BooleanField(_l("可能影响投标文件编制"), description=_l("是则截止时间须留足法定天数，不足的自动顺延"))
    consequence = RadioField(
        _l("对已递交投标的要求"),
        [DataRequired(_l("请选择对已递交投标的要求"))],
        choices=choices_of(Consequence),
        description=_l("改动涉及报价或密封内容的，应要求重新密封"),
    )


class NewKeyholdersForm(Form):
    """Who holds a key from the amendment on."""

    keyholders = SelectMultipleField(
        _l("更正后的开标密钥持有人"),
        [DataRequired(_l("请选择至少三名持有人"))],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    keyholders_needed = IntegerField(
        _l("开标需要的人数"), [InputRequired(_l("请填写人数")), NumberRange(2, 9, _l("至少两人"))]
    )


class CriteriaAmendmentForm(Form):
    """The table of criteria is read by `criteria_table`; this carries what every form carries."""
