"""The eleven indicators with their words, and how much each weighs on supervision's desk."""

from __future__ import annotations

from core.i18n import _l
from core.states import Titled


class Indicator(Titled):
    """A Cardinal indicator of the Open Contracting Partnership, under its own code."""

    R003 = "R003", _l("投标准备期过短")
    R018 = "R018", _l("只有一家投标")
    R024 = "R024", _l("次低价紧贴中标价")
    R025 = "R025", _l("屡投不中")
    R028 = "R028", _l("报价相同")
    R030 = "R030", _l("逾期投标中标")
    R035 = "R035", _l("除中标人外全部无效")
    R036 = "R036", _l("最低报价被认定无效")
    R038 = "R038", _l("无效投标比例过高")
    R048 = "R048", _l("中标领域过于分散")
    R058 = "R058", _l("中标价大幅低于次低价")

    @property
    def rule_id(self) -> str:
        """The rule that holds its definition and thresholds."""
        return f"R-FLAG.{self.value}"


class FlagRole(Titled):
    """In which role an organisation is flagged."""

    TENDERER = "tenderer", _l("供应商")
    BUYER = "buyer", _l("采购人")
    ENTITY = "entity", _l("采购执行单位")
