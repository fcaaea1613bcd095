"""Forms of a procurement plan: shape only; what the rules say is in the services."""

from __future__ import annotations

from wtforms import (
    BooleanField,
    DateField,
    DecimalField,
    HiddenField,
    IntegerField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from core.http.choices import choices, choices_of
from core.http.forms import Form
from core.i18n import _l
from procurement.forms.tenders import LARGEST
from procurement.methods import ON_ITS_OWN
from procurement.planning.levels import HIGHEST
from procurement.states import Category

NEEDED = _l("请选择")


class NewPlanForm(Form):
    """The fiscal year to plan for."""

    year = IntegerField(_l("年度"), [InputRequired(_l("请填写年度"))])


class PlanItemForm(Form):
    """A purchase foreseen."""

    title = StringField(_l("采购项目名称"), [DataRequired(_l("请填写采购项目名称")), Length(max=120)])
    projects = SelectMultipleField(
        _l("被评价的项目"), widget=ListWidget(prefix_label=False), option_widget=CheckboxInput()
    )
    category = SelectField(_l("采购品目"), [InputRequired(NEEDED)], choices=choices_of(Category))
    amount = DecimalField(
        _l("预算金额"),
        [InputRequired(_l("请填写预算金额，如 180000.00")), NumberRange(0.01, LARGEST, _l("金额须大于 0"))],
        places=2,
    )
    month = SelectField(
        _l("计划实施月份"),
        [InputRequired(NEEDED)],
        choices=choices((str(one), _l("%(month)s 月", month=one)) for one in range(1, 13)),
        default="1",
    )
    in_catalogue = BooleanField(_l("列入集中采购目录"))
    method = SelectField(
        _l("采购方式"),
        choices=choices([("", _l("按金额、目录和年度标准建议")), *((one.value, one.label) for one in ON_ITS_OWN)]),
    )
    method_reason = StringField(
        _l("改用其他方式的理由"), [Optional(), Length(max=300)], description=_l("与建议的采购方式不同时必须填写")
    )
    need = TextAreaField(
        _l("需求概况"), [Optional(), Length(max=2000)], description=_l("公开采购意向和起草采购需求时使用")
    )


class PlanImportForm(Form):
    """A table on its way: `kept` is the file that was looked at, so that what is written is what was shown."""

    kept = HiddenField()


class LevelForm(Form):
    """One approver's level; empty takes it away."""

    user_id = HiddenField()
    level = SelectField(
        _l("审批级别"),
        choices=choices(
            [("", _l("无审批权限")), *((str(one), _l("%(level)s 级", level=one)) for one in range(1, HIGHEST + 1))]
        ),
    )


class SubstituteForm(Form):
    """Who stands in for whom, on which days."""

    absent_id = SelectField(_l("缺席的审批人"), [InputRequired(NEEDED)])
    substitute_id = SelectField(_l("代理人"), [InputRequired(NEEDED)])
    first_on = DateField(_l("代理期第一天"), [InputRequired(_l("请填写日期，如 2027-01-01"))])
    last_on = DateField(_l("代理期最后一天"), [InputRequired(_l("请填写日期，如 2027-01-01"))])
    reason = StringField(_l("代理原因"), [DataRequired(_l("请填写代理原因")), Length(max=200)])
