"""States of the bureau's own rubrics."""

from __future__ import annotations

from core.i18n import _l
from core.states import State


class RubricState(State):
    """Where a version of the rubric stands: once fixed it is never changed."""

    DRAFT = "draft", _l("草稿"), "active"
    FIXED = "fixed", _l("已定稿"), "good"
