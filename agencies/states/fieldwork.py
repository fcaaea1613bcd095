"""How an agency works on site."""

from __future__ import annotations

from core.i18n import _l
from core.states import Titled


class FieldworkKind(Titled):
    """A way of working on site (R-AGENCY-10)."""

    INTERVIEW = "interview", _l("访谈座谈")
    VISIT = "visit", _l("现场勘查")
    SURVEY = "survey", _l("问卷调查")
