"""Annexed work papers: one record of a site visit after another, until the report has its length."""

from __future__ import annotations

from zlib import crc32

from grading.synthesis.chance import percent
from grading.synthesis.names import TOWNS
from grading.synthesis.writer import Writer

LETTERS_A_PAGE = 1150
LETTERS_A_ROW = 27
FINDINGS = ("现场与台账一致", "现场与台账基本一致，个别记录当场补正", "标识完整，责任人在岗", "资料齐全，签章完整")


def _length(w: Writer) -> int:
    return sum(len(block.text) + 14 + len(block.rows) * LETTERS_A_ROW for block in w.blocks)


def work_papers(w: Writer, pages: int) -> None:
    """Add site-visit records until the report fills about that many pages."""
    if _length(w) >= pages * LETTERS_A_PAGE:
        return
    w.head(1, "附件3：现场核查工作底稿", "papers")
    _, verb, unit, *_ = w.facts.domain.amounts[0]
    number, size = 0, 4 + pages // 4
    while _length(w) < pages * LETTERS_A_PAGE:
        number += 1
        draw = crc32(f"{w.house.seed}:visit:{number}".encode())
        town = f"{TOWNS[number % len(TOWNS)]}片区第{number}核查点"
        counts = [3 + (draw >> (place % 13)) % 29 for place in range(size)]
        seen = [count - (draw >> (3 + place % 17)) % 2 for place, count in enumerate(counts)]
        w.say(
            f"底稿{number}：{town}，核查内容为{verb}（计量单位：{unit}），"
            f"台账登记{w.number(f'visit.{number}.total', sum(counts))}{unit}，"
            f"现场核实{w.number(f'visit.{number}.seen', sum(seen))}{unit}，"
            f"核实率{w.rate(f'visit.{number}.rate', percent(sum(seen), sum(counts)))}。"
            f"{FINDINGS[draw % len(FINDINGS)]}（编号{draw % 100000:05d}）。"
        )
        rows = [["核查对象", "台账数", "核实数", "核实率"]]
        for place, (count, found) in enumerate(zip(counts, seen, strict=True)):
            key = f"visit.{number}.{place}"
            rows.append(
                [
                    f"{TOWNS[(number + place) % len(TOWNS)]}第{place + 1}组",
                    w.cell(f"{key}.count", count),
                    w.cell(f"{key}.seen", found),
                    w.rate(f"{key}.rate", percent(found, count)),
                ]
            )
        rows.append(
            [
                "合计",
                w.cell(f"visit.{number}.total", sum(counts)),
                w.cell(f"visit.{number}.seen", sum(seen)),
                w.rate(f"visit.{number}.rate", percent(sum(seen), sum(counts))),
            ]
        )
        w.grid(rows)
