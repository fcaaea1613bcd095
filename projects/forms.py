"""Forms of the project and indicator libraries: shape only; what the rules say is in the services."""

from __future__ import annotations

from wtforms import DecimalField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from core.http.choices import choices_of
from core.http.forms import Form
from core.i18n import _l
from projects.states import Dimension, Industry, Sector


class ProjectForm(Form):
    """A project's entries; money in yuan."""

    code = StringField(
        _l("项目编号"), [DataRequired(_l("请填写项目编号")), Length(max=40)], description=_l("如 2026-JY-012")
    )
    name = StringField(_l("项目名称"), [DataRequired(_l("请填写项目名称")), Length(max=120)])
    name_en = StringField(_l("英文名称"), [Optional(), Length(max=200)])
    unit_id = SelectField(_l("项目单位"), [DataRequired(_l("请选择项目单位"))])
    year = IntegerField(
        _l("预算年度"), [InputRequired(_l("请填写四位年份")), NumberRange(2000, 2100, _l("年份应在 2000 至 2100 之间"))]
    )
    sector = SelectField(_l("领域"), choices=choices_of(Sector))
    industry = SelectField(_l("行业（GB/T 4754）"), choices=choices_of(Industry), default=Industry.P.value)
    budget = DecimalField(
        _l("预算金额（元）"),
        [InputRequired(_l("请填写预算金额，如 5200000.00")), NumberRange(0.01, 10**13, _l("金额须大于 0"))],
        places=2,
    )
    evaluation_fee = DecimalField(
        _l("评价经费（元）"), [Optional(), NumberRange(0, 10**12, _l("金额不能为负"))], places=2
    )
    objective = TextAreaField(_l("绩效目标"), [Optional(), Length(max=4000)])
    content = TextAreaField(_l("主要内容"), [Optional(), Length(max=4000)])


class CommonIndicatorForm(Form):
    """One common indicator of the library."""

    dimension = SelectField(_l("一级指标"), choices=choices_of(Dimension))
    second = StringField(_l("二级指标"), [DataRequired(_l("请填写二级指标")), Length(max=60)])
    third = StringField(_l("三级指标"), [DataRequired(_l("请填写三级指标")), Length(max=60)])
    explanation = TextAreaField(_l("评价要点"), [DataRequired(_l("请填写评价要点")), Length(max=1000)])
    scoring = TextAreaField(_l("评分标准"), [DataRequired(_l("请填写评分标准")), Length(max=1000)])
    formula = StringField(_l("计算公式"), [Optional(), Length(max=200)])
