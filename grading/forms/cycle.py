"""Forms of grading cycles: shape only."""

from __future__ import annotations

from flask_babel import get_locale
from wtforms import IntegerField, SelectField, StringField
from wtforms.validators import InputRequired, Length

from core.http.forms import Form
from core.i18n import Language, _l
from grading.rule_sets import HOUSE, rule_sets


def rule_set_choices() -> list[tuple[str, str]]:
    """Return the rule sets that ship, by key, in the reader's language."""
    language: Language = "en" if str(get_locale()).startswith("en") else "zh"
    return [(one.key, one.title.in_language(language)) for one in rule_sets().values()]


class YearForm(Form):
    """The year to compute, and by which rule set; a cycle that has begun keeps its own."""

    year = IntegerField(_l("年度"), [InputRequired(_l("请填写四位年份"))])
    rule_set = SelectField(_l("评级规则"), choices=rule_set_choices, default=HOUSE)


class ReasonForm(Form):
    """A deed that asks for its reason."""

    reason = StringField(_l("理由"), [InputRequired(_l("请说明理由")), Length(max=500)])
