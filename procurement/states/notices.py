"""Kinds of public notices in the designated formats (财办库〔2020〕50号, 财库〔2020〕10号)."""

from __future__ import annotations

from core.i18n import _l
from core.states import Titled


class NoticeKind(Titled):
    """What a notice announces."""

    INTENTION = "intention", _l("采购意向公告")
    SINGLE_SOURCE = "single-source", _l("单一来源采购公示")
    TENDER = "tender", _l("采购公告")
    AMENDMENT = "amendment", _l("更正公告")
    RESULT = "result", _l("结果公告")
    TERMINATION = "termination", _l("废标、终止公告")
    CONTRACT = "contract", _l("合同公告")
    ACCEPTANCE = "acceptance", _l("验收结果公告")
    COMPLAINT = "complaint-result", _l("投诉处理结果公告")
