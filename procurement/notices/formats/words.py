"""What the formats share: dates and amounts as official Chinese writes them, contacts, the usual closing headings."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

from core.clock import SHANGHAI
from procurement.notices.text import Block, Facts, Heading
from procurement.public_process import Party, Process

NUMERALS = "一二三四五六七八九十"


class Sections:
    """Numbers the headings of a notice: 一、 二、 and so on."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self._count = 0

    def add(self, title: str, *blocks: Block) -> None:
        """Add a numbered section."""
        self.blocks += [Heading(f"{NUMERALS[self._count]}、{title}"), *blocks]
        self._count += 1


def day(value: date) -> str:
    """Return a date as 2026年11月25日."""
    return f"{value.year}年{value.month}月{value.day}日"


def day_of(instant: datetime) -> str:
    """Return the Shanghai day of an instant."""
    return day(instant.astimezone(SHANGHAI).date())


def moment(instant: datetime) -> str:
    """Return an instant as 2026年11月25日09点30分（北京时间）."""
    local = instant.astimezone(SHANGHAI)
    return f"{day(local.date())}{local:%H}点{local:%M}分（北京时间）"


def yuan(amount: Decimal) -> str:
    """Return an amount with its unit."""
    return f"{amount:,.2f}元"


def contacts(process: Process) -> list[Block]:
    """Return whom to ask, as every format ends."""
    purchaser = process.purchaser
    if purchaser.telephone == process.telephone:
        purchaser = replace(purchaser, telephone="")  # said once, with the contact
    blocks: list[Block] = [Facts(_party("采购人", purchaser))]
    if process.agent is not None:
        blocks.append(Facts(_party("采购代理机构", process.agent)))
    rows = [("项目联系人", process.contact), ("电话", process.telephone)]
    told = tuple((name, value) for name, value in rows if value)
    return [*blocks, Facts(told)] if told else blocks


def _party(title: str, party: Party) -> tuple[tuple[str, str], ...]:
    rows = [(f"{title}名称", party.name), ("地址", party.address), ("联系方式", party.telephone)]
    return tuple((name, value) for name, value in rows if value)
