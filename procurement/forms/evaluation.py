"""Forms of the evaluation: letters and answers, corrected prices, stops, re-reviews; shape only."""

from __future__ import annotations

from wtforms import (
    BooleanField,
    DateTimeLocalField,
    DecimalField,
    FileField,
    IntegerField,
    MultipleFileField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from core.http.choices import choices, choices_of
from core.http.forms import Form
from core.i18n import Text, _l
from procurement.states import CorrectionGround, DisciplineCode, SeatSource, TieMethod


class LetterForm(Form):
    """What a bidder is asked in writing, and until when it may answer."""

    question = TextAreaField(_l("要求说明的问题"), [DataRequired(_l("请写明要投标人说明的问题")), Length(max=4000)])
    minutes = IntegerField(
        _l("答复时限"),
        [InputRequired(_l("请填写分钟数")), NumberRange(1, 4320, _l("请填写 1 至 4320 之间的整数"))],
        default=60,
    )


class AnswerForm(Form):
    """A bidder's signed answer."""

    answer = TextAreaField(_l("答复"), [DataRequired(_l("请写明答复")), Length(max=4000)])
    files = MultipleFileField(_l("附件（成本测算、证明材料）"), [Optional()], description=_l("PDF、Word、Excel 或图片"))
    signed_name = StringField(
        _l("法定代表人或者授权代表签字"), [DataRequired(_l("请由法定代表人或者其授权的代表签字")), Length(max=60)]
    )
    keeps_substance = BooleanField(_l("本答复不超出投标文件的范围，不改变投标文件的实质性内容"))


class ConfirmPriceForm(Form):
    """Whether a bidder confirms its corrected price."""

    outcome = RadioField(
        _l("是否确认"),
        [InputRequired(_l("请选择是否确认"))],
        choices=choices((("confirmed", _l("确认修正后的报价")), ("refused", _l("不确认（投标无效）")))),
    )
    signed_name = StringField(
        _l("法定代表人或者授权代表签字"), [DataRequired(_l("请由法定代表人或者其授权的代表签字")), Length(max=60)]
    )


class MismatchForm(Form):
    """What a bid states of its price in its several places; the system finds which counts."""

    words = StringField(
        _l("开标一览表大写金额"),
        [Optional(), Length(max=60)],
        description=_l("如：壹拾伍万元整；与小写一致的不填"),
    )
    total = DecimalField(_l("投标文件正文中的总价"), [Optional(), NumberRange(min=0)], places=2)
    unit_price = DecimalField(_l("单价"), [Optional(), NumberRange(min=0)], places=None)
    quantity = DecimalField(_l("数量"), [Optional(), NumberRange(min=0)], places=None)
    minutes = IntegerField(
        _l("确认时限"),
        [InputRequired(_l("请填写分钟数")), NumberRange(1, 4320, _l("请填写 1 至 4320 之间的整数"))],
        default=60,
    )


class ReasonForm(Form):
    """A deed that needs its reason in words."""

    reason = TextAreaField(_l("事实和理由"), [DataRequired(_l("请写明理由")), Length(max=1000)])


class VoidForm(ReasonForm):
    """Why a member's opinion is void."""

    code = SelectField(_l("违反的纪律"), choices=choices_of(DisciplineCode))


class IrregularityForm(Form):
    """An unlawful act of a supplier, reported to the finance authority."""

    bid = SelectField(_l("涉及的投标人"), [Optional()], choices=[])
    facts = TextAreaField(_l("发现的事实和依据"), [DataRequired(_l("请写明发现的事实和依据")), Length(max=2000)])


class DeductionForm(Form):
    """On what ground a bidder's price is reduced for its points (R-PRICE-05)."""

    ground = RadioField(
        _l("价格扣除"),
        choices=choices(
            (
                ("none", _l("不扣除")),
                ("small_or_micro", _l("投标人为小型、微型企业")),
                ("partner", _l("联合体或者分包中有小型、微型企业")),
            )
        ),
        default="none",
    )
    declared = BooleanField(_l("已提交《中小企业声明函》，内容完整"))
    partner_share = DecimalField(
        _l("小微企业所占合同份额"), [Optional(), NumberRange(0, 100, _l("请填写 0 至 100 之间的数"))], places=2
    )


def _percent(label: Text) -> DecimalField:
    return DecimalField(label, [InputRequired(_l("请填写百分比")), NumberRange(0, 100, _l("请填写 0 至 100 之间的数"))])


class TermsForm(Form):
    """What the document says of the evaluation beside criteria and weights."""

    mean = _percent(_l("低于全部有效报价平均值的"))
    next_lowest = _percent(_l("低于次低报价的"))
    ceiling = _percent(_l("低于最高限价（未设的为预算）的"))
    small_percent = _percent(_l("小微企业报价扣除"))
    partner_percent = _percent(_l("联合体或者分包中有小微企业的扣除"))
    minimum = DecimalField(
        _l("商务技术分最低分"),
        [Optional()],
        places=2,
        description=_l("低于此分的不参加价格比较和排序；不设的不填"),
    )
    tie_method = RadioField(_l("得分且报价相同时"), choices=choices_of(TieMethod), default=TieMethod.DRAW.value)
    tie_rule = TextAreaField(_l("采购文件载明的方式"), [Optional(), Length(max=500)])


class ReReviewForm(ReasonForm):
    """On which lawful ground the original committee reviews again."""

    ground = SelectField(_l("法定情形"), choices=choices_of(CorrectionGround))


class DrawForm(Form):
    """How experts were chosen: the provincial draw's record, or a selection with consent."""

    source = RadioField(
        _l("产生方式"),
        choices=choices_of((SeatSource.PROVINCIAL_DRAW, SeatSource.SELF_SELECTED)),
        default=SeatSource.PROVINCIAL_DRAW.value,
    )
    number = StringField(_l("抽取编号或者同意文号"), [DataRequired(_l("请填写抽取编号")), Length(max=60)])
    drawn_at = DateTimeLocalField(
        _l("抽取时间（北京时间）"), [InputRequired(_l("请填写抽取时间"))], format=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"]
    )
    excluded = TextAreaField(
        _l("回避和未能到场的人员"), [Optional(), Length(max=1000)], description=_l("抽取记录上写明的姓名和原因")
    )
    ground = TextAreaField(_l("自行选定的理由"), [Optional(), Length(max=500)])
    consenting = StringField(_l("同意的主管预算单位"), [Optional(), Length(max=120)])
    file = FileField(_l("抽取记录或者同意文件"), [Optional()])


class SessionForm(Form):
    """Where the committee sits and who watches."""

    place = StringField(_l("评标地点"), [DataRequired(_l("请填写评标地点")), Length(max=120)])
    supervisors = TextAreaField(
        _l("现场监督人员"), [Optional(), Length(max=200)], description=_l("每行一人，不超过两人")
    )
    phones_kept = BooleanField(_l("进入现场人员的通讯工具已集中保管"))
    recording = StringField(_l("录音录像编号"), [Optional(), Length(max=120)])
    authorisation = FileField(_l("采购人代表授权函"), [Optional()])
    briefing = FileField(
        _l("项目背景和需求的书面介绍"),
        [Optional()],
        description=_l("只能书面介绍，不得有倾向性、误导性；随采购文件存档，全体成员可以阅读"),
    )


class DutyForm(Form):
    """The duty of all experts of a committee; one row each, read by the view."""
