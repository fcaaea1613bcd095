"""Forms of framework agreements and call-offs: shape only; what the rules say is in services and checks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from flask_wtf.file import FileField
from werkzeug.datastructures import MultiDict
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

from core.amounts import NotAnAmount
from core.http.choices import choices
from core.http.forms import Form
from core.i18n import _l
from core.money import parse_amount
from procurement.forms.tenders import LARGEST
from procurement.methods import WAYS
from procurement.models import Lot
from procurement.services.framework_drafting import TypeEntry
from procurement.services.lots import MOST_LOTS
from procurement.states import RemovalGround

_AMOUNT = NumberRange(0.01, LARGEST, _l("金额须大于 0"))
SPARE_TYPES = 2
"""Empty lines offered after the types that are there."""


@dataclass(frozen=True)
class TypedType:
    """A type of evaluation as typed."""

    title: str = ""
    ceiling: str = ""


def types_of(lots: Sequence[Lot]) -> list[TypedType]:
    """Return stored types as they are edited, with some empty lines after them."""
    stored = [TypedType(one.title, format(one.budget, "f")) for one in lots]
    return [*stored, *(TypedType() for _one in range(min(SPARE_TYPES, MOST_LOTS - len(stored))))]


def typed_types(form: MultiDict[str, str]) -> list[TypedType]:
    """Return the types as they were sent: `type-<n>-title`, `type-<n>-ceiling`."""
    return [
        TypedType(
            (form.get(f"type-{place}-title") or "").strip()[:120], (form.get(f"type-{place}-ceiling") or "").strip()
        )
        for place in range(MOST_LOTS)
        if f"type-{place}-title" in form
    ]


def read_types(typed: Sequence[TypedType]) -> list[TypeEntry]:
    """Return the types that are not empty; what is no amount reads as zero, which the service refuses."""
    return [TypeEntry(one.title, _amount(one.ceiling)) for one in typed if one.title or one.ceiling]


def _amount(text: str) -> Decimal:
    try:
        return parse_amount(text)
    except NotAnAmount:
        return Decimal(0)


class TermsForm(Form):
    """The terms of a framework call; its types are read beside it."""

    months = IntegerField(
        _l("框架协议有效期"), [InputRequired(_l("请填写有效期的月数")), NumberRange(1, 600, _l("请填写大于 0 的月数"))]
    )
    elimination = DecimalField(
        _l("淘汰比例"),
        [InputRequired(_l("请填写淘汰比例")), NumberRange(0, 99, _l("淘汰比例应在 0 至 99 之间"))],
        places=2,
        description=_l("不低于 20%，且至少淘汰一家"),
    )
    most_admitted = IntegerField(
        _l("入围家数上限"),
        [Optional(), NumberRange(1, 200, _l("请填写大于 0 的家数"))],
        description=_l("不填时只按淘汰比例"),
    )
    ways = SelectMultipleField(
        _l("第二阶段确定成交供应商的方式"),
        [Optional()],
        choices=choices((one.value, words) for one, words in WAYS.items()),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        description=_l("直接选定是主要方式；没有载明的方式以后不能采用"),
    )
    quality_ground = StringField(
        _l("采用质量优先法的依据"),
        [Optional(), Length(max=300)],
        description=_l("如政府定价、政府指导价文件；价格优先法不填"),
    )
    top_up_foreseen = BooleanField(_l("约定补充征集：剩余入围供应商不足 70% 且影响执行时，按相同条件补充"))
    exit_rules = TextAreaField(_l("入围供应商的清退和补充规则"), [Optional(), Length(max=4000)])
    plan_filing = StringField(_l("采购方案备案编号"), [Optional(), Length(max=120)])


class AgreementForm(Form):
    """A signing with the signed copy."""

    signed_on = DateField(_l("签订日期"), [InputRequired(_l("请填写签订日期"))])
    file = FileField(_l("签订的框架协议（PDF）"))
    late_reason = TextAreaField(
        _l("逾期签订的理由"), [Optional(), Length(max=500)], description=_l("在期限内签订的不填")
    )


class FilingForm(Form):
    """The filing of the signed agreements."""

    filed_on = DateField(_l("备案日期"), [InputRequired(_l("请填写备案日期"))])
    number = StringField(_l("备案编号"), [DataRequired(_l("请填写备案编号")), Length(max=120)])


class InformForm(Form):
    """When the framework's users were told."""

    informed_on = DateField(_l("告知日期"), [InputRequired(_l("请填写告知日期"))])


class RemoveForm(Form):
    """Why a supplier is removed."""

    ground = RadioField(
        _l("法定情形"),
        [DataRequired(_l("请选择法定情形"))],
        choices=choices((one.value, one.label) for one in RemovalGround),
    )
    reason = TextAreaField(_l("事实和证据"), [DataRequired(_l("请写明清退的事实")), Length(max=2000)])


class CallOffForm(Form):
    """What is called off and how the supplier is found."""

    project = SelectField(_l("被评价的项目"), [DataRequired(_l("请选择项目"))])
    lot = SelectField(_l("评价类别"), [DataRequired(_l("请选择评价类别"))])
    way = RadioField(_l("确定成交供应商的方式"), [DataRequired(_l("请选择方式"))])
    service_until = DateField(_l("服务期限至"), [Optional()], description=_l("不填时为 90 天"))
    task = TextAreaField(
        _l("任务要求"), [Optional(), Length(max=4000)], description=_l("本项目特有的要求；其余按框架协议")
    )


class ChooseForm(Form):
    """Which supplier at what price and why."""

    member = RadioField(_l("选定的供应商"), [DataRequired(_l("请选择一家供应商"))])
    price = DecimalField(
        _l("成交价格"), [Optional(), _AMOUNT], places=2, description=_l("不填时为协议价格；不能高于协议价格")
    )
    reason = TextAreaField(
        _l("选定理由"),
        [DataRequired(_l("请写明选定理由")), Length(max=2000)],
        description=_l("价格、质量、服务便利性、用户评价；可以参考机构等级（R-FRAME-02）"),
    )


class PricesForm(Form):
    """Until when prices may come and what the task is."""

    deadline = DateTimeLocalField(
        _l("报价截止时间"), [Optional()], format="%Y-%m-%dT%H:%M", description=_l("北京时间；须留出必要的响应时间")
    )
    requirement = TextAreaField(_l("任务要求"), [DataRequired(_l("请填写任务要求")), Length(max=8000)])


class AnswerForm(Form):
    """Whether the supplier takes its turn."""

    accepts = RadioField(
        _l("答复"),
        [DataRequired(_l("请选择是否接受"))],
        choices=choices([("yes", _l("接受，按协议价格承担")), ("no", _l("不能承接"))]),
    )
    reason = TextAreaField(_l("不能承接的理由"), [Optional(), Length(max=1000)], description=_l("接受的不填"))


class JudgeForm(Form):
    """What follows from a turn that was declined or not answered."""

    verdict = RadioField(
        _l("认定"),
        [DataRequired(_l("请选择认定结果"))],
        choices=choices([("excused", _l("有正当理由，保留本轮机会")), ("forfeited", _l("无正当理由，本轮机会已用"))]),
    )
    reason = TextAreaField(_l("认定的理由"), [DataRequired(_l("请写明认定的理由")), Length(max=1000)])
