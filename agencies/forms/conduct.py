"""What is typed about cases, measures and others' sanctions; what the rules say is in the services."""

from __future__ import annotations

from flask_wtf.file import MultipleFileField
from wtforms import BooleanField, DateField, FileField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, Optional

from agencies.states import ConductCode, HonestyStep, MeasureKind, SanctionKind
from core.http.choices import choices, choices_of
from core.http.forms import Asked, Form
from core.i18n import _l

FILES = _l("PDF、图片、Word 或 Excel，每个不超过 20 MB")


class CaseForm(Form):
    """A case: who, what, when, the facts and the evidence."""

    engagement = SelectField(_l("所涉委托"), [Optional()], description=_l("与某项评价委托有关的，请选择"))
    code = SelectField(_l("违规情形"), [DataRequired(_l("请选择违规情形"))], choices=choices_of(ConductCode))
    happened_on = DateField(_l("发生日期"), [Asked(), Optional()])
    facts = TextAreaField(
        _l("查明的事实"), [Asked(), Length(max=4000)], description=_l("时间、经过和证据的要点；会告知机构")
    )
    source = StringField(_l("线索来源"), [Optional(), Length(max=200)], description=_l("如监督检查、报告复核、来信"))
    step = RadioField(
        _l("拟作处理"), [DataRequired()], choices=choices_of(HonestyStep), default=HonestyStep.MINOR.value
    )
    files = MultipleFileField(_l("证据材料"), [Asked()], description=FILES)


class StatementForm(Form):
    """What the agency says to it."""

    statement = TextAreaField(_l("陈述和申辩"), [Asked(), Length(max=8000)])
    files = MultipleFileField(_l("证明材料"), [Optional()], description=FILES)


class DecisionForm(Form):
    """What is decided about a case, and why."""

    outcome = RadioField(
        _l("认定结果"),
        [DataRequired(_l("请选择认定结果"))],
        choices=choices([("record", _l("认定并记入诚信档案")), ("dismiss", _l("不予认定"))]),
    )
    step = RadioField(_l("失信程度"), [Optional()], choices=choices_of(HonestyStep))
    reason = TextAreaField(
        _l("认定的理由"), [Asked(), Length(max=4000)], description=_l("说明对陈述申辩是否采纳；写入决定书")
    )


class AmendForm(Form):
    """A recorded case put right or withdrawn."""

    outcome = RadioField(
        _l("更正方式"),
        [DataRequired(_l("请选择更正方式"))],
        choices=choices([("amend", _l("更正失信程度")), ("withdraw", _l("撤销记录"))]),
    )
    step = RadioField(_l("失信程度"), [Optional()], choices=choices_of(HonestyStep))
    reason = TextAreaField(_l("更正的理由"), [Asked(), Length(max=2000)])


class MeasureForm(Form):
    """A measure proposed on a recorded case."""

    kind = RadioField(_l("处理措施"), [DataRequired(_l("请选择处理措施"))], choices=choices_of(MeasureKind))
    words = TextAreaField(_l("要求和依据"), [Asked(), Length(max=4000)], description=_l("写入文书"))
    recipient = StringField(
        _l("送交部门"), [Optional(), Length(max=120)], description=_l("通报、移送时填写，如区财政局采购监管科")
    )


class FollowForm(Form):
    """What a measure came to, or why it is not signed."""

    words = TextAreaField(_l("情况说明"), [Optional(), Length(max=8000)])
    files = MultipleFileField(_l("证明材料"), [Optional()], description=FILES)


class SanctionForm(Form):
    """A sanction that somebody else imposed."""

    kind = RadioField(_l("种类"), [DataRequired(_l("请选择种类"))], choices=choices_of(SanctionKind))
    authority = StringField(_l("作出机关"), [Asked(), Length(max=120)])
    document_number = StringField(_l("文号"), [Optional(), Length(max=80)])
    facts = TextAreaField(_l("事由和内容"), [Asked(), Length(max=2000)])
    decided_on = DateField(_l("决定日期"), [Asked(), Optional()])
    ends_on = DateField(_l("有效期至"), [Optional()])
    is_major = BooleanField(_l("属于重大违法记录"))
    source = StringField(_l("来源"), [Asked(), Length(max=300)], description=_l("网址或者来文文号，可以核对"))
    file = FileField(_l("证明文件"), [Optional()], description=FILES)


class ReasonForm(Form):
    """One reason."""

    reason = TextAreaField(_l("意见和理由"), [Optional(), Length(max=2000)])
