"""The form that takes a table of agencies in."""

from __future__ import annotations

from wtforms import FileField, HiddenField

from core.http.forms import Form
from core.i18n import _l


class LibraryImportForm(Form):
    """A table on its way: `kept` is the file that was looked at, `previewed` what it would do."""

    file = FileField(_l("机构表（XLSX 或 CSV，不超过 2 MB、5,000 行）"))
    kept = HiddenField()
    previewed = HiddenField()
