"""What each method calls the things for which texts use the words of open tendering.

公开招标 and 邀请招标 need no wording: the usual words are theirs. For the others every term of tendering has its own
(政府采购法 arts. 38-40, 74号令, 财库〔2014〕214号): 供应商 for 投标人, 响应文件 for 投标文件, 成交 for 中标.
Names of methods, and other terms that happen to hold such a word, are left alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from core.i18n import Text
from core.ports import Task
from core.states import State
from core.wording import Wording, add_wordings, said
from procurement.models import Tender
from procurement.permissions.agents import tender_of
from procurement.states import Method

LEFT_ALONE = ("公开招标", "邀请招标", "最低评标价法", "招标代理", "我的投标", "我的评标")
COMMON = {
    **{one: one for one in LEFT_ALONE},
    "投标（响应）": "响应",
    "中标（成交）": "成交",
    "投标人": "供应商",
    "投标单位": "供应商",
    "投标报价": "报价",
    "投标保证金": "保证金",
    "投标截止时间": "截止时间",
    "投标无效": "响应无效",
    "投标邀请书": "邀请书",
    "串通投标": "串通",
    "单独投标": "单独参加",
    "联合体投标": "以联合体参加",
    "参加投标": "参加",
    "可以投标": "可以参加",
    "不能投标": "不能参加",
    "不得投标": "不得参加",
    "无效投标": "无效响应",
    "有效投标": "有效响应",
    "废标项目": "失败的项目",
    "开标一览表": "报价一览表",
    "开标": "开启",
    "唱标": "公布报价",
    "评标委员会": "评审小组",
    "评标委员": "小组成员",
    "评标基准价": "评审基准价",
    "评标": "评审",
    "重新招标": "重新采购",
    "招标": "采购",
    "已废标": "已失败",
    "废标": "终止采购",
}


def _wording(
    key: str, *, document: str, response: str, notice: str, closing: str, group: str, won: str, winner: str, **more: str
) -> Wording:
    """Return a method's wording; `won` is 成交, 入围 or 选定."""
    own = {
        "招标文件": document,
        "招标公告": notice,
        "投标文件": response,
        "投标截止": closing,
        "投标": response,
        "评标委员会": group,
        "中标候选人": f"{won}候选人",
        "中标人": winner,
        "中标": won,
        "已定标": f"已{won}",
        "定标": f"确定{winner}",
    }
    return Wording(key, {**COMMON, **own, **more})


_RESPONSE = {"response": "响应文件", "won": "成交", "winner": "成交供应商"}
WORDINGS: dict[Method, Wording] = {
    Method.CONSULTATION: _wording(
        "consultation",
        document="磋商文件",
        notice="竞争性磋商公告",
        closing="首次响应截止",
        group="磋商小组",
        **_RESPONSE,
        评标基准价="磋商基准价",
    ),
    Method.NEGOTIATION: _wording(
        "negotiation",
        document="谈判文件",
        notice="竞争性谈判公告",
        closing="首次响应截止",
        group="谈判小组",
        **_RESPONSE,
    ),
    Method.QUOTATION: _wording(
        "quotation",
        document="询价通知书",
        notice="询价公告",
        closing="报价截止",
        group="询价小组",
        **{**_RESPONSE, "response": "报价文件"},
    ),
    Method.FRAMEWORK: _wording(
        "framework",
        document="征集文件",
        notice="征集公告",
        closing="响应截止",
        group="评审小组",
        response="响应文件",
        won="入围",
        winner="入围供应商",
    ),
    Method.SINGLE_SOURCE: _wording(
        "single-source",
        document="单一来源采购文件",
        notice="单一来源采购公示",
        closing="公示期满",
        group="协商小组",
        **_RESPONSE,
        比选协商中="协商中",
        评标完成="待确认成交",
    ),
    Method.BELOW_LIMIT: _wording(
        "below-limit",
        document="征询函",
        notice="征询函",
        closing="答复截止",
        group="比选人员",
        response="答复",
        won="选定",
        winner="选定供应商",
        比选协商中="比选中",
        评标完成="待确认选定",
    ),
}
CALL_OFF = _wording(
    "call-off",
    document="竞价文件",
    notice="二次竞价通知",
    closing="报价截止",
    group="采购人",
    **{**_RESPONSE, "response": "竞价响应"},
    比选协商中="等待供应商答复",
    评标完成="待确认成交",
)
WORDINGS |= dict.fromkeys((Method.CALL_OFF_DIRECT, Method.CALL_OFF_ROTATION, Method.CALL_OFF_PRICES), CALL_OFF)


def wording_of(tender: Tender) -> Wording | None:
    """Return the wording of a purchase; None where the usual words are its own."""
    return WORDINGS.get(tender.method)


def wording_of_subject(subject: Any) -> Wording | None:
    """Return the wording of a page about this: a purchase, or something that belongs to one."""
    tender = tender_of(subject)
    return None if tender is None else wording_of(tender)


def said_of(tender: Tender, text: Text) -> Text:
    """Return a text in the words of this purchase, for lists in which purchases of all methods stand."""
    return said(text, wording_of(tender))


def task_of(tender: Tender, title: Text, url: str, **rest: Any) -> Task:
    """Return a task about a purchase, said in its words."""
    return Task(said_of(tender, title), tender.title, url, **rest)


@dataclass(frozen=True)
class Stage:
    """A purchase's state as its badge shows it."""

    value: str
    kind: str
    label: Text


def stage_of(tender: Tender) -> Stage | State:
    """Return the state of a purchase in its own words, for a badge."""
    state, wording = tender.state, wording_of(tender)
    return state if wording is None else Stage(state.value, state.kind, said(state.label, wording))


def announce_wordings() -> None:
    """Let pages, papers and mails about a purchase speak in its words."""
    add_wordings(wording_of_subject, *WORDINGS.values())
