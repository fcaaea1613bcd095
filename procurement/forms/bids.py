"""The small form that follows a sealed upload."""

from __future__ import annotations

from typing import Any

from wtforms import HiddenField
from wtforms.validators import UUID, InputRequired, Regexp

from core.http.forms import Form
from core.i18n import _l


class SubmitBidForm(Form):
    """Says which uploaded envelope is the bid; everything about the bid itself is sealed inside."""

    bidder = HiddenField(validators=[InputRequired(_l("请选择投标单位")), UUID(_l("请选择投标单位"))])
    upload_id = HiddenField(
        validators=[InputRequired(_l("没有收到密封文件，请重新密封并递交")), UUID(_l("上传编号不正确"))]
    )
    sha256 = HiddenField(
        validators=[
            InputRequired(_l("没有收到密封文件，请重新密封并递交")),
            Regexp(r"^[0-9a-f]{64}$", message=_l("校验值的格式不正确")),
        ]
    )

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        """Validate, and word the errors at once: the summary on top is the only place that shows hidden fields'."""
        valid = bool(super().validate(*args, **kwargs))
        for field in self:
            field.errors = [str(error) for error in field.errors]
        return valid


class WithdrawForm(Form):
    """Nothing to type: taking a bid back is one press."""
