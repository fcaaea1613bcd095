"""Forms of the evaluation: letters and answers, corrected prices, stops, re-reviews; shape only."""

from __future__ import annotations

from wtforms import (
    BooleanField,
    DecimalField,
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
from core.i18n import _l
from procurement.states import CorrectionGround, DisciplineCode


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


class ReReviewForm(ReasonForm):
    """On which lawful ground the original committee reviews again."""

    ground = SelectField(_l("法定情形"), choices=choices_of(CorrectionGround))
