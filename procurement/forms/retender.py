"""The form for the approval that another method of purchase needs after a failed tender."""

from __future__ import annotations

from wtforms import StringField
from wtforms.validators import DataRequired, Length

from core.http.forms import Form
from core.i18n import _l


class MethodApprovalForm(Form):
    """Under which number the city finance authority approved another method (R-OPEN-05)."""

    number = StringField(
        _l("批准文号"),
        [DataRequired(_l("请填写批准文号")), Length(max=100)],
        description=_l("设区的市以上人民政府财政部门批准改变采购方式的文号"),
    )
