"""What the formats share: dates and amounts as official Chinese writes them, contacts, the usual closing headings."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from core.clock import SHANGHAI
from procurement.notices.text import Block, Facts, Heading, Paragraph
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


def span(begins: date | None, ends: date | None) -> str:
    """Return a period from one day to another, as far as they are known."""
    return "".join([f"{day(begins)}起" if begins else "", f"至{day(ends)}" if ends else ""]) or "见合同"


def yuan(amount: Decimal) -> str:
    """Return an amount with its unit."""
    return f"{amount:,.2f}元"


def contacts(process: Process) -> list[Block]:
    """Return whom to ask, as every format ends: purchaser, agent where there is one, and the person in charge."""
    blocks: list[Block] = [Paragraph("1.采购人信息"), Facts(_party(process.purchaser))]
    if process.agent is not None:
        blocks += [Paragraph("2.采购代理机构信息"), Facts(_party(process.agent))]
    rows = [("项目联系人", process.contact), ("电话", process.telephone)]
    told = tuple((name, value) for name, value in rows if value)
    number = 3 if process.agent is not None else 2
    return [*blocks, Paragraph(f"{number}.项目联系方式"), Facts(told)] if told else blocks


def signatories(process: Process, supplier: Party) -> Facts:
    """Return the parties of a contract as its notices name them."""
    sides = (("采购人（甲方）", process.purchaser), ("供应商（乙方）", supplier))
    rows = [
        row
        for title, party in sides
        for row in ((title, party.name), ("地址", party.address), ("联系方式", party.telephone))
    ]
    return Facts(tuple((name, value) for name, value in rows if value))


def _party(party: Party) -> tuple[tuple[str, str], ...]:
    rows = [("名称", party.name), ("地址", party.address), ("联系方式", party.telephone)]
    return tuple((name, value) for name, value in rows if value)
