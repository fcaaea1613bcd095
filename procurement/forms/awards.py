"""Forms from examination to award: shape only; what the rules say is in the services."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

from wtforms import BooleanField, DateTimeLocalField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Email, InputRequired, Length, Optional

from core.http.choices import choices, choices_of
from core.http.forms import Form
from core.i18n import _l
from procurement.states import CorrectionGround, FailureGround, SeatCategory

AFTER_OPENING_GROUNDS = (
    FailureGround.TOO_FEW_VALID,
    FailureGround.ABOVE_BUDGET,
    FailureGround.UNLAWFUL_ACT,
    FailureGround.TASK_CANCELLED,
)
BEFORE_OPENING_GROUNDS = (FailureGround.CANNOT_OPEN, FailureGround.UNLAWFUL_ACT, FailureGround.TASK_CANCELLED)


class MemberForm(Form):
    """One line of the draw's record."""

    name = StringField(_l("姓名"), [DataRequired(_l("请填写姓名")), Length(max=60)])
    email = StringField(_l("邮箱"), [DataRequired(_l("请填写邮箱")), Email(_l("邮箱格式不正确"))])
    employer = StringField(_l("工作单位"), [DataRequired(_l("请填写工作单位")), Length(max=120)])
    category = SelectField(_l("身份"), choices=choices_of(SeatCategory))
    draw_number = StringField(
        _l("抽取编号"),
        [DataRequired(_l("请填写抽取编号；采购人代表填写授权函编号")), Length(max=60)],
        description=_l("省级专家库抽取结果上的编号；采购人代表填写授权函编号"),
    )
    drawn_at = DateTimeLocalField(
        _l("抽取时间（北京时间）"), [InputRequired(_l("请填写抽取时间"))], format=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"]
    )
    is_chair = BooleanField(_l("推选为组长"))


class FailForm(Form):
    """Why the tender fails."""

    ground = SelectField(_l("废标情形"), choices=choices_of(AFTER_OPENING_GROUNDS))
    reason = TextAreaField(_l("事实和理由（将通知全体投标人）"), [DataRequired(_l("请写明理由")), Length(max=1000)])


class ReopenForm(Form):
    """On which lawful ground locked sheets are returned."""

    ground = SelectField(_l("更正情形"), choices=choices_of(CorrectionGround))
    reason = TextAreaField(_l("具体说明（会记入日志并告知成员）"), [DataRequired(_l("请写明理由")), Length(max=1000)])


class RecuseForm(Form):
    """Why a member leaves."""

    reason = TextAreaField(_l("回避理由"), [DataRequired(_l("请写明理由")), Length(max=500)])


class LockForm(Form):
    """The last word before a sheet is locked."""

    dissent = TextAreaField(
        _l("不同意见及理由"),
        [Optional(), Length(max=1000)],
        description=_l("对评审结论有异议的在此写明；不写视为同意评审报告（R-COMM-11）"),
    )


class PriceReviewForm(Form):
    """What the evaluation report must say of an abnormally low price (R-ALP-02)."""

    ground = TextAreaField(_l("启动原因"), [DataRequired(_l("请填写启动原因")), Length(max=2000)])
    course = TextAreaField(
        _l("审查过程（投标人的书面说明和成本测算）"), [DataRequired(_l("请填写审查过程")), Length(max=2000)]
    )
    basis = TextAreaField(
        _l("判断依据"),
        [DataRequired(_l("请填写判断依据")), Length(max=2000)],
        description=_l("同类项目中标价、市场价格、收费标准、行业平均成本等；不得以注册资本、成立年限代替"),
    )
    conclusion = TextAreaField(_l("结论"), [DataRequired(_l("请填写结论")), Length(max=2000)])
    outcome = RadioField(
        _l("审查结果"),
        [InputRequired(_l("请选择审查结果"))],
        choices=choices(
            (("accepted", _l("能够证明报价合理，继续评审")), ("rejected", _l("不能证明报价合理，作为无效投标处理")))
        ),
    )


_POINTS = re.compile(r"\d{1,3}(\.\d{1,2})?")


def points_of(typed: str) -> Decimal | None:
    """Read points as typed: None when nothing was; raises `InvalidOperation` for anything but a plain number."""
    text = typed.strip()
    if not text:
        return None
    if not _POINTS.fullmatch(text):
        raise InvalidOperation
    return Decimal(text)
