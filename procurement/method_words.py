"""The words that the papers of each method use: 招标文件 or 磋商文件, 投标人 or 供应商, 中标 or 成交."""

from __future__ import annotations

from dataclasses import dataclass

from core.i18n import Text, _l


@dataclass(frozen=True)
class MethodWords:
    """One method's words. In English they stand inside a sentence, in lower case."""

    document: Text
    response: Text
    bidder: Text
    winner: Text
    notice: Text
    result_notice: Text
    group: Text
    opening: Text
    closing: Text
    failed: Text
    sheet: Text
    """What the price and main terms stand in."""
    round: Text = ""
    """What group and supplier do together: 磋商, 谈判."""


TENDER_WORDS = MethodWords(
    document=_l("招标文件"),
    response=_l("投标文件"),
    bidder=_l("投标人"),
    winner=_l("中标人"),
    notice=_l("招标公告"),
    result_notice=_l("中标结果公告"),
    group=_l("评标委员会"),
    opening=_l("开标"),
    closing=_l("投标截止"),
    failed=_l("废标"),
    sheet=_l("开标一览表"),
)
INVITED_WORDS = MethodWords(
    document=_l("招标文件"),
    response=_l("投标文件"),
    bidder=_l("投标人"),
    winner=_l("中标人"),
    notice=_l("投标邀请书"),
    result_notice=_l("中标结果公告"),
    group=_l("评标委员会"),
    opening=_l("开标"),
    closing=_l("投标截止"),
    failed=_l("废标"),
    sheet=_l("开标一览表"),
)
CONSULTATION_WORDS = MethodWords(
    document=_l("磋商文件"),
    response=_l("响应文件"),
    bidder=_l("供应商"),
    winner=_l("成交供应商"),
    notice=_l("竞争性磋商公告"),
    result_notice=_l("成交结果公告"),
    group=_l("磋商小组"),
    opening=_l("响应文件开启"),
    closing=_l("首次响应截止"),
    failed=_l("磋商终止"),
    sheet=_l("报价一览表"),
    round=_l("磋商"),
)
NEGOTIATION_WORDS = MethodWords(
    document=_l("谈判文件"),
    response=_l("响应文件"),
    bidder=_l("供应商"),
    winner=_l("成交供应商"),
    notice=_l("竞争性谈判公告"),
    result_notice=_l("成交结果公告"),
    group=_l("谈判小组"),
    opening=_l("响应文件开启"),
    closing=_l("首次响应截止"),
    failed=_l("谈判终止"),
    sheet=_l("报价一览表"),
    round=_l("谈判"),
)
QUOTATION_WORDS = MethodWords(
    document=_l("询价通知书"),
    response=_l("报价文件"),
    bidder=_l("供应商"),
    winner=_l("成交供应商"),
    notice=_l("询价公告"),
    result_notice=_l("成交结果公告"),
    group=_l("询价小组"),
    opening=_l("报价开启"),
    closing=_l("报价截止"),
    failed=_l("询价终止"),
    sheet=_l("报价一览表"),
)
SOLE_WORDS = MethodWords(
    document=_l("单一来源采购文件"),
    response=_l("响应文件"),
    bidder=_l("供应商"),
    winner=_l("成交供应商"),
    notice=_l("单一来源采购公示"),
    result_notice=_l("成交结果公告"),
    group=_l("协商小组"),
    opening=_l("协商"),
    closing=_l("公示期满"),
    failed=_l("采购终止"),
    sheet=_l("报价一览表"),
)
SELECTION_WORDS = MethodWords(
    document=_l("征询函"),
    response=_l("工作方案和报价"),
    bidder=_l("供应商"),
    winner=_l("选定供应商"),
    notice=_l("征询函"),
    result_notice=_l("选定结果"),
    group=_l("比选人员"),
    opening=_l("比选"),
    closing=_l("答复截止"),
    failed=_l("选定终止"),
    sheet=_l("报价一览表"),
)
FRAMEWORK_WORDS = MethodWords(
    document=_l("征集文件"),
    response=_l("响应文件"),
    bidder=_l("供应商"),
    winner=_l("入围供应商"),
    notice=_l("征集公告"),
    result_notice=_l("入围结果公告"),
    group=_l("评审小组"),
    opening=_l("响应文件开启"),
    closing=_l("响应截止"),
    failed=_l("征集终止"),
    sheet=_l("报价一览表"),
)
CALL_OFF_WORDS = MethodWords(
    document=_l("竞价文件"),
    response=_l("竞价响应"),
    bidder=_l("入围供应商"),
    winner=_l("成交供应商"),
    notice=_l("二次竞价通知"),
    result_notice=_l("成交结果公告"),
    group=_l("采购人"),
    opening=_l("报价开启"),
    closing=_l("报价截止"),
    failed=_l("竞价终止"),
    sheet=_l("报价一览表"),
)
