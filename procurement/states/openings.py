"""What came of one keyholder's layer at the opening."""

from __future__ import annotations

from core.i18n import _l
from core.states import Titled


class ShareResult(Titled):
    """What came of the layer that a keyholder was given to peel."""

    PEELED = "peeled", _l("已解开一层")
    CLOSED = "closed", _l("解不开")
    NO_KEY = "no-key", _l("解开后不是这份投标的密钥")
    KEY = "key", _l("得到这份投标的密钥")
