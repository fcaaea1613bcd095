"""Forms of what precedes a tender: shape only; what the rules say is in the services and the panel."""

from __future__ import annotations

from wtforms import (
    BooleanField,
    DateField,
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
from procurement.forms.tenders import LARGEST
from procurement.states import Category, RespondentKind, SmeReservation, SurveyMeans

NEEDED = _l("请选择")
VERDICTS = (("pass", _l("通过")), ("fail", _l("不通过")))


class PreparationForm(Form):
    """Why the purchase is made as it is."""

    category = SelectField(
        _l("采购品目"), [InputRequired(NEEDED)], choices=choices_of(Category), description=_l("同一品目按财政年度累计")
    )
    in_catalogue = BooleanField(_l("列入集中采购目录"))
    method_reason = StringField(
        _l("未按建议选择采购方式的理由"), [Optional(), Length(max=300)], description=_l("与建议的采购方式不同时填写")
    )
    method_approval = StringField(
        _l("采购方式的批准文号"),
        [Optional(), Length(max=120)],
        description=_l(
            "达到公开招标数额标准、年度累计超过标准，或者失败后改变采购方式时填写；已批准的不计入化整为零检查"
        ),
    )
    urgent_reason = StringField(
        _l("未提前 30 日公开采购意向的原因"),
        [Optional(), Length(max=300)],
        description=_l("只限于因不可预见的原因急需开展的采购"),
    )
    sme_reservation = SelectField(_l("面向中小企业预留"), [InputRequired(NEEDED)], choices=choices_of(SmeReservation))
    sme_reason = StringField(_l("预留或者不预留的理由"), [Optional(), Length(max=300)])
    lots_per_bidder = IntegerField(
        _l("一家投标人最多中标包数"),
        [Optional(), NumberRange(1, 99, _l("请填写 1 至 99 的整数"))],
        description=_l("不填即不限；按包号顺序确定，写入公告"),
    )
    wording_reason = StringField(
        _l("规模条件用语的说明"),
        [Optional(), Length(max=300)],
        description=_l("规则栏提示的用语实际不构成规模条件时，说明原因"),
    )


class SurveyForm(Form):
    """A survey of the need."""

    surveyed_on = DateField(_l("调查日期"), [InputRequired(_l("请填写调查日期"))])
    means = SelectField(_l("调查方式"), [InputRequired(NEEDED)], choices=choices_of(SurveyMeans))
    market = TextAreaField(
        RespondentKind.MARKET.label, [Optional(), Length(max=2000)], description=_l("每行一个，一般不少于三个")
    )
    user = TextAreaField(RespondentKind.USER.label, [Optional(), Length(max=2000)], description=_l("每行一个"))
    expert = TextAreaField(RespondentKind.EXPERT.label, [Optional(), Length(max=2000)], description=_l("每行一个"))
    findings = TextAreaField(
        _l("调查结果"),
        [DataRequired(_l("请填写调查结果")), Length(max=4000)],
        description=_l("市场供给、同类采购历史成交、可能涉及的后续采购"),
    )
    files = MultipleFileField(_l("调查材料"), description=_l("PDF、DOCX、XLSX 或图片"))


class GeneralReviewForm(Form):
    """The general review of a requirement."""

    verdict = RadioField(_l("审查结论"), [InputRequired(_l("请作出审查结论"))], choices=choices(VERDICTS))
    opinion = TextAreaField(_l("审查意见"), [DataRequired(_l("请填写审查意见")), Length(max=4000)])
    files = MultipleFileField(_l("审查材料"), description=_l("PDF、DOCX、XLSX 或图片"))


class KeyReviewForm(Form):
    """The key review; its four aspects are read from fields of their own."""

    opinion = TextAreaField(_l("审查意见"), [DataRequired(_l("请填写审查意见")), Length(max=4000)])
    files = MultipleFileField(_l("审查材料"), description=_l("PDF、DOCX、XLSX 或图片"))


class AuthorForm(Form):
    """Somebody who helped to write the requirement."""

    user_id = SelectField(_l("参与编制需求的人员"), [InputRequired(NEEDED)])


class IntentionForm(Form):
    """What an intention notice says."""

    title = StringField(_l("采购项目名称"), [DataRequired(_l("请填写采购项目名称")), Length(max=120)])
    need = TextAreaField(
        _l("采购需求概况"),
        [DataRequired(_l("请填写采购需求概况")), Length(max=2000)],
        description=_l("采购标的名称，需实现的主要功能或者目标，数量，以及质量、服务、安全、时限等要求"),
    )
    budget = DecimalField(
        _l("预算金额"),
        [InputRequired(_l("请填写预算金额，如 180000.00")), NumberRange(0.01, LARGEST, _l("金额须大于 0"))],
        places=2,
    )
    starts_on = SelectField(_l("预计采购时间"), [InputRequired(NEEDED)])
    note = StringField(_l("备注"), [Optional(), Length(max=200)])
