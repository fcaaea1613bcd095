"""Forms of the yearly report on quality: shape only."""

from __future__ import annotations

from wtforms import SelectField
from wtforms.validators import InputRequired

from core.http.forms import Form
from core.i18n import _l


class QualityReportForm(Form):
    """The year to report on."""

    year = SelectField(_l("年度"), [InputRequired(_l("请选择年度"))], coerce=int)
