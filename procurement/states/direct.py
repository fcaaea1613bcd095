"""Why a purchase may go to one supplier alone (R-NEG-03)."""

from __future__ import annotations

from core.i18n import _l
from core.states import Titled


class SoleGround(Titled):
    """The only grounds of single-source purchasing."""

    SOLE = "sole", _l("只能从唯一供应商处采购")
    URGENT = "urgent", _l("发生了不可预见的紧急情况不能从其他供应商处采购")
    ADDITION = "addition", _l("须保证服务配套，继续从原供应商处添购")
