"""采购意向公告 (财库〔2020〕10号, R-TENDER-20)."""

from __future__ import annotations

from procurement.notices.formats.words import day_of, yuan
from procurement.notices.text import NoticeText, Paragraph, Table
from procurement.public_process import Intention, Party


def intention_notice(purchaser: Party, number: str, intention: Intention) -> NoticeText:
    """Return the notice of one procurement intention."""
    month = f"{intention.month.year}年{intention.month.month}月"
    return NoticeText(
        kind="intention",
        title=f"{purchaser.name}{month}政府采购意向（{intention.title}）",
        issuer=purchaser.name,
        number=number,
        day=day_of(intention.at),
        body=(
            Paragraph(
                "为便于供应商及时了解政府采购信息，根据《财政部关于开展政府采购意向公开工作的通知》"
                "（财库〔2020〕10号）等有关规定，现将采购意向公开如下："
            ),
            Table(
                ("序号", "采购项目名称", "采购需求概况", "预算金额", "预计采购时间", "备注"),
                (
                    (
                        "1",
                        intention.title,
                        intention.summary,
                        yuan(intention.budget),
                        month,
                        intention.note or "—",
                    ),
                ),
                frozenset({3}),
            ),
            Paragraph(
                "本次公开的采购意向是本单位政府采购工作的初步安排，具体采购项目情况以相关采购公告和采购文件为准。"
            ),
        ),
    )
