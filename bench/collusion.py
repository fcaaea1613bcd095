"""Signs of collusion in generated bid sets: how many planted ones are found, and how many honest ones are accused.

    python -m bench.collusion [SETS]

Each set is a lot with three to eight bids that say alike things in words of their own, quote the tender and the law,
share a client, a public phrase, generic metadata and rounded prices, as honest bids do. Every sign is planted in a
third of the sets between two or three of the bids; a hit counts only between those that were planted.
"""

from __future__ import annotations

import random
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from procurement.collusion import Folder, Limits, Paper, Passage, look
from procurement.collusion.alike import BOILERPLATE, Measure
from procurement.collusion.prices import PriceMeasure
from procurement.demonstration.bid_papers import PaperText, composed, copied
from procurement.states import Sign, SignWeight

LIMITS = Limits(Measure(12, 40, 150, 800), PriceMeasure(0.005, 4, 0.001))
SETS = 150
NOISE = ("Administrator", "微软用户", "HP", "", "user", "Lenovo")
PUBLIC = "贯彻落实过紧日子要求，优化财政资源配置，切实提高资金使用效益，推动预算绩效管理提质增效。"
CENT = Decimal("0.01")
TENDER = [
    "本项目对社区居家养老服务补贴资金开展财政重点绩效评价，评价期为上一预算年度，涉及十三个街镇和六家运营机构。",
    "供应商应当在合同签订后十个工作日内提交评价实施方案和指标体系，经采购人组织专家评审通过后方可进场。",
    "评价报告须包括项目基本情况、评价工作开展情况、综合评价结论、指标分析、主要经验做法、存在问题和改进建议。",
    "项目组成员不少于六人，其中主评人一名，须具有高级职称或者注册会计师资格，并全程参加现场评价。",
    "满意度调查有效样本不少于五百份，覆盖全部街镇，访谈被评价单位和服务机构不少于二十人次。",
    "供应商须对评价过程中取得的资料承担保密责任，工作底稿在项目结束后一个月内移交采购人归档。",
    "付款方式为合同签订后支付百分之三十，报告通过验收后支付百分之六十，质量考核合格后支付余款。",
    "响应文件应当逐条说明对采购需求的理解，不得简单复制采购文件内容作为服务方案。",
]


@dataclass
class Draft:
    """A bid being made."""

    text: PaperText
    price: Decimal
    author: str
    extra: list[tuple[str, str]]
    lines: list[str]
    address: str
    device: str
    submitter: str
    payment: str


Plant = Callable[[random.Random, list[Draft]], None]


def drafts_of(dice: random.Random) -> list[Draft]:
    """Return honest bids with everything honest bids have in common."""
    law = [one for one in BOILERPLATE.read_text(encoding="utf-8").splitlines() if len(one) > 60]
    person = f"{dice.choice('陈林黄')}{dice.choice('国建')}平"
    client = f"业绩合同：委托方区民政局，联系人：{person}，电话021-5566{dice.randint(1000, 9999)}"
    grain = dice.choice([CENT, Decimal(1), Decimal(100), Decimal(1000), Decimal(10000)])
    found = []
    for number in range(dice.randint(3, 8)):
        price = (Decimal(dice.uniform(120000, 178000)) / grain).quantize(Decimal(1)) * grain
        text = composed(dice, paragraphs=dice.randint(14, 30), price=price)
        lines = [client, *dice.sample(TENDER, 2), *dice.sample(law, 3)]
        if dice.random() < 0.5:
            lines.append(PUBLIC)
        at = f"{dice.randint(11, 220)}.{dice.randint(1, 250)}.{dice.randint(1, 250)}.{dice.randint(1, 250)}"
        author = dice.choice(NOISE) if dice.random() < 0.5 else f"{text.lead}{number}"
        words = [f"{dice.getrandbits(64):016x}" for _one in range(4)]
        found.append(Draft(text, price, author, [], lines, at, words[0], words[1], words[2]))
    return found


def folders_of(drafts: list[Draft]) -> list[Folder]:
    """Return the bids as the search gets them."""
    folders = []
    for number, one in enumerate(drafts):
        passages = tuple(Passage(line, None, place) for place, line in enumerate([*one.text.lines(), *one.lines], 1))
        properties = (("author", one.author), *one.extra)
        paper = Paper(f"d{number}", "服务方案.docx", f"{number:064x}", 90_000, passages, properties)
        names = "恒信", "中衡", "博睿", "启明", "同济", "华信", "诚达", "立信"
        folders.append(
            Folder(
                f"b{number}",
                f"上海{names[number]}绩效评价咨询有限公司",
                f"9131000{number}MA1K0000{number}X",
                one.price,
                (paper,),
                submitter=one.submitter,
                address=one.address,
                device=one.device,
                payment=one.payment,
            )
        )
    return folders


def _text(dice: random.Random, drafts: list[Draft]) -> None:
    drafts[1].text = replace(copied(dice, drafts[0].text, keep=dice.uniform(0.25, 0.9), edits=dice.uniform(0, 0.03)))


def _prices(dice: random.Random, drafts: list[Draft]) -> None:
    first = Decimal(dice.randint(13000000, 15000000)) / 100
    if dice.random() < 0.5:
        step = Decimal(dice.randint(120000, 480000)) / 100
        values = [first, first + step, first + 2 * step]
    else:
        ratio = Decimal(dice.randint(1015, 1060)) / 1000
        values = [first, (first * ratio).quantize(CENT), (first * ratio * ratio).quantize(CENT)]
    for draft, value in zip(drafts, values, strict=False):
        draft.price = value


def _items(dice: random.Random, drafts: list[Draft]) -> None:
    ratio = Decimal(dice.randint(1020, 1090)) / 1000
    drafts[1].text.items = [(name, (value * ratio).quantize(CENT)) for name, value in drafts[0].text.items]


def _author(_dice: random.Random, drafts: list[Draft]) -> None:
    drafts[0].author = drafts[1].author = "wangjing-pc7"


def _serial(dice: random.Random, drafts: list[Draft]) -> None:
    mark = f"{dice.getrandbits(32):08X}"
    drafts[0].extra.append(("revision-root", mark))
    drafts[1].extra.append(("revision-root", mark))


def _person(_dice: random.Random, drafts: list[Draft]) -> None:
    drafts[1].text.lead = drafts[0].text.lead


def _contact(_dice: random.Random, drafts: list[Draft]) -> None:
    phone = drafts[0].text.phone
    drafts[1].lines.append(f"投标联络电话 {phone[:3]}-{phone[3:7]}-{phone[7:]}")


def _address(_dice: random.Random, drafts: list[Draft]) -> None:
    drafts[1].address = drafts[0].address


def _device(_dice: random.Random, drafts: list[Draft]) -> None:
    drafts[1].device = drafts[0].device


def _payer(dice: random.Random, drafts: list[Draft]) -> None:
    account = str(dice.randint(10**17, 10**18 - 1))
    drafts[0].lines.append(f"保证金退还账号：{account}")
    drafts[1].lines.append(f"退款账户：{account[:4]} {account[4:8]} {account[8:]}")


def _mixed(_dice: random.Random, drafts: list[Draft]) -> None:
    drafts[1].lines.append("综上，上海恒信绩效评价咨询有限公司具备承担本项目的能力。")


PLANTS: dict[Sign, tuple[int, Plant]] = {
    Sign.TEXT: (2, _text),
    Sign.PRICES: (3, _prices),
    Sign.ITEMS: (2, _items),
    Sign.AUTHOR: (2, _author),
    Sign.SERIAL: (2, _serial),
    Sign.PERSON: (2, _person),
    Sign.CONTACT: (2, _contact),
    Sign.ADDRESS: (2, _address),
    Sign.DEVICE: (2, _device),
    Sign.PAYER: (2, _payer),
    Sign.MIXED: (2, _mixed),
}


def measured(sets: int, seed: int = 1) -> dict[Sign, Counter[str]]:
    """Return for each sign how many were planted, found, missed, and how many hits accuse bids without a plant."""
    dice = random.Random(seed)
    counts: dict[Sign, Counter[str]] = {sign: Counter() for sign in PLANTS}
    for number in range(sets):
        drafts = drafts_of(dice)
        planted: dict[Sign, set[str]] = {}
        for place, (sign, (size, plant)) in enumerate(PLANTS.items()):
            if (number + place) % 3 == 0:
                plant(dice, drafts)
                planted[sign] = {f"b{one}" for one in range(size)}
        hits = look(folders_of(drafts), "\n".join(TENDER), LIMITS)
        for sign in PLANTS:
            mine = [one for one in hits if one.sign is sign and one.weight is not SignWeight.LOW]
            wanted = planted.get(sign)
            right = [one for one in mine if wanted and wanted <= set(one.bids)]
            counts[sign]["planted"] += wanted is not None
            counts[sign]["found"] += bool(right)
            counts[sign]["right"] += len(right)
            counts[sign]["wrong"] += len(mine) - len(right)
    return counts


def main() -> int:
    """Measure and print; 1 when recall or precision of any sign falls below 0.9."""
    sets = int(sys.argv[1]) if len(sys.argv) > 1 else SETS
    began = time.perf_counter()
    counts = measured(sets)
    spent = time.perf_counter() - began
    worst = 1.0
    print(f"{sets} lots, {spent / sets * 1000:.0f} ms each")
    for sign, one in counts.items():
        recall = one["found"] / one["planted"] if one["planted"] else 1.0
        precision = one["right"] / (one["right"] + one["wrong"]) if one["right"] + one["wrong"] else 1.0
        worst = min(worst, recall, precision)
        print(
            f"{sign.value:8s} planted {one['planted']:4d}  recall {recall:.3f}  precision {precision:.3f}"
            f"  ({one['wrong']} wrong)"
        )
    return 0 if worst >= 0.9 else 1


if __name__ == "__main__":
    sys.exit(main())
