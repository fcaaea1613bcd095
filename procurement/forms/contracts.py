"""Forms of contracts, acceptances and payments: shape only; what the rules say is in the services."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from flask_wtf.file import FileField
from wtforms import (
    BooleanField,
    DateField,
    DateTimeLocalField,
    DecimalField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from core.errors import Refusal, Refused
from core.http.choices import choices, choices_of
from core.http.forms import Asked, Form
from core.i18n import _l
from procurement.contracting.clause_titles import CLAUSE_TITLES
from procurement.contracting.clauses import FREE_TEMPLATE
from procurement.services.contracts import InstalmentEntry
from procurement.states import DepartureGround, StandardKind, SupplementKind

INSTALMENTS = 4
MOMENT = ["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"]


class ContractForm(Form):
    """What is still open in a contract; the rest is fixed by the tender and the bid."""

    service_from = DateField(_l("服务开始日"), [InputRequired(_l("请填写服务开始日"))])
    bond_amount = DecimalField(_l("履约保证金（元）"), [Optional(), NumberRange(min=0)], description=_l("不收取的留空"))
    is_public_service = BooleanField(_l("向社会公众提供的公共服务项目（验收须邀请服务对象并公告结果）"))
    more_standards = TextAreaField(
        _l("另外约定的服务标准"), [Optional(), Length(max=4000)], description=_l("每行一条；验收时逐项核对")
    )

    def instalments(self) -> list[InstalmentEntry]:
        """Return the instalments as typed, empty lines left out; raises `Refused` at an unfinished one."""
        found = []
        for number in range(1, INSTALMENTS + 1):
            condition = self.text(f"condition_{number}")
            amount: Decimal | None = self[f"amount_{number}"].data
            due_on: date | None = self[f"due_{number}"].data
            if not condition and amount is None and due_on is None:
                continue
            if not condition or amount is None or amount <= 0 or due_on is None:
                raise Refused(Refusal(_l("请写全本期的付款条件、金额和日期"), field=f"condition_{number}"))
            found.append(InstalmentEntry(condition, amount.quantize(Decimal("0.01")), due_on))
        return found

    def free(self) -> dict[str, str]:
        """Return the free clauses as typed."""
        return {key: self.text(f"clause_{key}") for key, _title, _text in FREE_TEMPLATE}

    def standards(self) -> list[tuple[StandardKind, str]]:
        """Return the standards that were added, one a line."""
        lines = self.text("more_standards").splitlines()
        return [(StandardKind.SERVICE, line.strip()) for line in lines if line.strip()]


for _number in range(1, INSTALMENTS + 1):
    setattr(ContractForm, f"condition_{_number}", StringField(_l("付款条件"), [Optional(), Length(max=200)]))
    setattr(ContractForm, f"amount_{_number}", DecimalField(_l("金额（元）"), [Optional()]))
    setattr(ContractForm, f"due_{_number}", DateField(_l("最迟支付日"), [Optional()]))
for _key, _title, _text in FREE_TEMPLATE:
    setattr(
        ContractForm,
        f"clause_{_key}",
        TextAreaField(CLAUSE_TITLES[_key], [DataRequired(_l("请填写这一条款")), Length(max=4000)]),
    )


class ReviewForm(Form):
    """The second person's word."""

    verdict = RadioField(
        _l("复核意见"),
        [InputRequired(_l("请选择复核意见"))],
        choices=choices((("approve", _l("通过")), ("back", _l("退回修改")))),
    )
    reason = TextAreaField(_l("退回理由"), [Optional(), Length(max=1000)])


class SignForm(Form):
    """When it was signed, with the signed copy."""

    signed_on = DateField(_l("签订日期"), [InputRequired(_l("请填写签订日期"))])
    file = FileField(_l("双方签字盖章的合同（PDF）"), [Asked()])
    late_reason = TextAreaField(
        _l("逾期签订的理由"), [Optional(), Length(max=1000)], description=_l("超过法定签订期限的必填")
    )


class PublicationForm(Form):
    """Where the contract stands in the designated medium."""

    url = StringField(_l("合同公告网址"), [DataRequired(_l("请填写网址")), Length(max=500)])
    at = DateTimeLocalField(_l("发布时间（北京时间）"), [InputRequired(_l("请填写发布时间"))], format=MOMENT)


class FilingForm(Form):
    """When and under which number the copy was filed."""

    filed_on = DateField(_l("备案日期"), [InputRequired(_l("请填写备案日期"))])
    filing_number = StringField(_l("备案编号"), [DataRequired(_l("请填写备案编号")), Length(max=60)])


class BondForm(Form):
    """When the bond came in and went back."""

    received_on = DateField(_l("收到日期"), [Optional()])
    returned_on = DateField(_l("退还日期"), [Optional()])


class TerminationForm(Form):
    """Why a signed contract ends before its time."""

    reason = TextAreaField(_l("解除合同的事实和依据"), [DataRequired(_l("请写明理由")), Length(max=1000)])


class ReplacementForm(Form):
    """Why the winner will not sign, and what follows."""

    ground = SelectField(_l("法定情形"), choices=choices_of(DepartureGround))
    reason = TextAreaField(_l("事实"), [DataRequired(_l("请写明中标人放弃或者不能签订合同的事实")), Length(max=1000)])
    then = RadioField(
        _l("后续办理"),
        [InputRequired(_l("请选择后续办理"))],
        choices=choices((("next", _l("按排序确定下一候选人为中标人")), ("anew", _l("重新开展采购活动")))),
    )


class SupplementForm(Form):
    """What is to be agreed after signing."""

    kind = SelectField(_l("类别"), choices=choices_of(SupplementKind))
    amount = DecimalField(_l("追加金额（元）"), [Optional(), NumberRange(min=0)])
    service_until = DateField(_l("新的服务届满日"), [Optional()])
    terms = TextAreaField(_l("补充或者变更的内容"), [DataRequired(_l("请写明补充或者变更的内容")), Length(max=2000)])
    reason = TextAreaField(_l("理由"), [DataRequired(_l("请写明理由")), Length(max=1000)])


class PaymentForm(Form):
    """A payment asked for."""

    instalment = SelectField(_l("付款期"), [InputRequired(_l("请选择付款期"))])
    amount = DecimalField(_l("申请金额（元）"), [InputRequired(_l("请填写金额"))])
    invoice_number = StringField(_l("发票号码"), [DataRequired(_l("请填写发票号码")), Length(max=60)])
    invoice_on = DateField(_l("收到发票的日期"), [InputRequired(_l("请填写收到发票的日期"))])


class AcceptanceForm(Form):
    """What the acceptance group found, beside the standards one by one."""

    held_on = DateField(_l("验收日期"), [Optional()])
    members = TextAreaField(
        _l("验收小组成员"),
        [Optional(), Length(max=1000)],
        description=_l("每行一人，写明单位；本次采购和合同的经办人不参加"),
    )
    users = TextAreaField(
        _l("服务对象及其意见"), [Optional(), Length(max=4000)], description=_l("每行一人：称呼：意见")
    )
    conclusion = TextAreaField(_l("验收结论"), [Optional(), Length(max=2000)])

    def people(self) -> list[tuple[str, str]]:
        """Return the users with what they said."""
        lines = [line.strip().replace("：", ":", 1) for line in self.text("users").splitlines() if line.strip()]
        return [(name.strip(), said.strip()) for name, _colon, said in (line.partition(":") for line in lines)]
