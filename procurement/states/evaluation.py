"""Kinds of letters to bidders, of price corrections and stops, and how parallel bids are told apart."""

from __future__ import annotations

from core.i18n import _l
from core.states import State, Titled


class InquiryKind(Titled):
    """What the committee asks a bidder in writing (R-EVAL-04, R-ALP-02)."""

    CLARIFICATION = "clarification", _l("澄清、说明或者补正")
    LOW_PRICE = "low-price", _l("异常低价说明")


class InquiryStanding(State):
    """Where a letter stands; computed from its time limit and answer, never stored."""

    WAITING = "waiting", _l("待答复"), "waiting"
    ANSWERED = "answered", _l("已答复"), "good"
    LAPSED = "lapsed", _l("逾期未答复"), "bad"


class CorrectionOrder(Titled):
    """On which ground a price is corrected, in the lawful order (R-PRICE-04)."""

    SHEET_OVER_TEXT = "sheet-over-text", _l("开标一览表与投标文件不一致，以开标一览表为准")
    WORDS_OVER_FIGURES = "words-over-figures", _l("大写与小写不一致，以大写为准")
    DECIMAL_SLIP = "decimal-slip", _l("单价小数点或者百分比明显错位，以总价为准并修改单价")
    UNIT_TIMES_QUANTITY = "unit-times-quantity", _l("总价与单价汇总不一致，以单价计算为准")


class PriceStanding(State):
    """Whether a bidder has confirmed its corrected price; computed, never stored."""

    WAITING = "waiting", _l("待投标人确认"), "waiting"
    CONFIRMED = "confirmed", _l("投标人已确认"), "good"
    REFUSED = "refused", _l("投标人不确认"), "bad"
    LAPSED = "lapsed", _l("逾期未确认"), "bad"


class PauseGround(Titled):
    """Why a review stops."""

    MEMBER_MISSING = "member-missing", _l("成员缺席且无法及时补足")
    DOCUMENT_BREACH = "document-breach", _l("采购文件违反国家有关强制性规定，评审无法继续")


class TieMethod(Titled):
    """How one of several parallel bids is chosen (R-EVAL-07)."""

    DRAW = "draw", _l("随机抽取")
    DOCUMENT = "document", _l("按采购文件载明的方式")
