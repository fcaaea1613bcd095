"""What a procurement agent may be entrusted with."""

from __future__ import annotations

from core.i18n import _l
from core.states import Titled


class AgentStep(Titled):
    """A part of the purchase that the agency agreement entrusts to the agent (政府采购法 art. 20: 代理采购的范围)."""

    DOCUMENTS = "documents", _l("编制采购文件、邀请供应商")
    CLARIFICATION = "clarification", _l("答疑、更正和公告登记")
    OPENING = "opening", _l("组织开启")
    EVALUATION = "evaluation", _l("组织审查和评审")
    RESULT = "result", _l("公告结果、退还保证金")
    REMEDIES = "remedies", _l("答复询问和质疑")
    CONTRACT = "contract", _l("拟订合同、公告和备案")
