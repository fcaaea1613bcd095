"""The committee's finding about a sign of collusion: shape only."""

from __future__ import annotations

from wtforms import RadioField, SelectField, SelectMultipleField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from core.http.choices import choices
from core.http.forms import Form
from core.i18n import _l
from procurement.states import SignExcuse, SignVerdict


class FindingForm(Form):
    """What the committee found, and why."""

    verdict = RadioField(
        _l("认定"),
        [InputRequired(_l("请选择认定结论"))],
        choices=choices(
            (
                (SignVerdict.RIGGED.value, _l("视为串通投标：相关投标无效，并书面报告财政部门")),
                (SignVerdict.EXPLAINED.value, _l("不构成串通")),
            )
        ),
    )
    excuse = SelectField(
        _l("不构成串通的情形"),
        [Optional()],
        choices=choices((("", _l("（认定不构成串通时选择）")), *((one.value, one.label) for one in SignExcuse))),
    )
    also = SelectMultipleField(
        _l("一并认定涉及相同投标人的其他提示"),
        [Optional()],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    reason = TextAreaField(
        _l("事实和理由"),
        [DataRequired(_l("请写明认定的事实和理由，评标报告将如实记录")), Length(max=2000)],
        description=_l("写明核对了投标文件的哪些位置、投标人如何说明、委员会如何认定"),
    )
