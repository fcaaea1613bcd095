"""Papers of bids for demonstrations, tests and benchmarks: composed text, price tables, Word files with properties.

Two composed bids say alike things in other words, as honest bidders do; `copied` makes of one what a rival makes of
it who writes off: names and figures changed, a few words replaced, some paragraphs left out.
"""

from __future__ import annotations

import io
import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

CHAPTERS = (
    "一、项目理解",
    "二、评价思路",
    "三、指标体系设计",
    "四、数据采集与现场核查",
    "五、质量控制",
    "六、进度安排",
)
PHRASES = {
    name: words
    for line in Path(__file__).with_name("bid_phrases.txt").read_text(encoding="utf-8").splitlines()
    for name, *words in [line.split()]
}
"""What sentences are made of, by the part it plays in them."""
ACTORS = ("我公司", "项目组", "评价团队", "本所", "我方", "现场小组", "主评人", "数据小组")
CONSULTANTS = ("赵", "钱", "孙", "李", "周", "吴", "郑", "王", "冯", "陈", "褚", "卫", "蒋", "沈", "韩", "杨")
GIVEN = ("立", "文", "晓", "志", "海", "雨", "明", "思", "建", "若", "景", "云", "嘉", "启")
ITEMS = ("方案设计费", "人员费用", "现场调研费", "问卷调查费", "专家咨询费", "报告编制费", "税费及管理费")
WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
MADE_AT = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass
class PaperText:
    """A paper before it becomes a file: paragraphs, one price table, and the people it names."""

    paragraphs: list[str]
    items: list[tuple[str, Decimal]] = field(default_factory=list)
    lead: str = ""
    phone: str = ""

    def lines(self) -> list[str]:
        """Return it as the reader gives it: paragraphs, then table rows with their cells divided by tabs."""
        contact = [f"项目负责人：{self.lead}", f"联系电话：{self.phone}"] if self.lead else []
        rows = [f"{number}\t{name}\t{value:,.2f}" for number, (name, value) in enumerate(self.items, 1)]
        return [*contact, *self.paragraphs, *rows]


def composed(dice: random.Random, *, paragraphs: int = 24, price: Decimal = Decimal(160000)) -> PaperText:
    """Compose a bid's technical part in words of its own."""
    body: list[str] = []
    for number in range(paragraphs):
        if number % max(1, paragraphs // len(CHAPTERS)) == 0 and number // max(1, paragraphs // len(CHAPTERS)) < 6:
            body.append(CHAPTERS[number // max(1, paragraphs // len(CHAPTERS))])
        body.append("".join(_sentence(dice) for _one in range(dice.randint(2, 4))))
    shares = [dice.randint(5, 30) for _one in ITEMS]
    items = [
        (name, (price * share / sum(shares)).quantize(Decimal("0.01")))
        for name, share in zip(ITEMS, shares, strict=True)
    ]
    lead = dice.choice(CONSULTANTS) + dice.choice(GIVEN) + dice.choice(GIVEN)
    return PaperText(body, items, lead, f"1{dice.choice('3589')}{dice.randint(10**8, 10**9 - 1)}")


def copied(dice: random.Random, source: PaperText, *, keep: float = 0.7, edits: float = 0.02) -> PaperText:
    """Return what somebody makes of a paper who writes it off: part of it, figures and a few words changed."""
    own = composed(dice)
    kept = [one for one in source.paragraphs if one in CHAPTERS or dice.random() < keep]
    body = [_edited(dice, one, edits) for one in kept]
    return PaperText(body + own.paragraphs[:6], own.items, own.lead, own.phone)


def _edited(dice: random.Random, text: str, edits: float) -> str:
    text = re.sub(r"\d+", lambda _found: str(dice.randint(2, 90)), text)
    actor = dice.choice(ACTORS)
    text = re.sub("|".join(ACTORS), actor, text)
    return "".join("并" if one not in "，。" and dice.random() < edits else one for one in text)


def _sentence(dice: random.Random) -> str:
    def pick(part: str) -> str:
        return dice.choice(PHRASES[part])

    start = pick("openings")
    place = pick("places")
    deeds = "、".join(f"{pick('verbs')}{pick('objects')}" for _one in range(dice.randint(1, 3)))
    days, people = dice.randint(2, 25), dice.randint(2, 9)
    shapes = (
        f"{start}，{dice.choice(ACTORS)}在{place}{deeds}，{pick('manners')}，{pick('aims')}；{pick('limits')}。",
        f"为{pick('aims')}，{dice.choice(ACTORS)}安排{people}人到{place}{deeds}，{pick('limits')}。",
        f"{place}的工作用时{days}天：{deeds}，{pick('manners')}，{start}{pick('limits')}。",
        f"{dice.choice(ACTORS)}{start}{deeds}，共{people}人{days}天，{pick('manners')}，以{pick('aims')}。",
    )
    return dice.choice(shapes)


def word_file(text: PaperText, *, title: str = "", properties: Mapping[str, str] | None = None) -> bytes:
    """Return a DOCX with these words; `properties` are core properties of python-docx, such as `author`.

    The root of its revisions is not the library's, which all files made with it would share.
    """
    from docx import Document  # takes long to load and most requests make no Word file

    document = Document()
    settings = document.settings.element
    for root in settings.findall(f".//{WORD}rsidRoot"):
        root.getparent().remove(root)
    core = document.core_properties
    core.author, core.last_modified_by, core.comments = "", "", ""
    core.created = core.modified = MADE_AT
    for name, value in (properties or {}).items():
        setattr(core, name, value)
    if title:
        document.add_heading(title, level=0)
    if text.lead:
        document.add_paragraph(f"项目负责人：{text.lead}")
        document.add_paragraph(f"联系电话：{text.phone}")
    for one in text.paragraphs:
        if one in CHAPTERS:
            document.add_heading(one, level=1)
        else:
            document.add_paragraph(one)
    if text.items:
        _add_table(document, text.items)
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def _add_table(document: object, items: Sequence[tuple[str, Decimal]]) -> None:
    table = document.add_table(rows=0, cols=3)  # type: ignore[attr-defined]  # python-docx builds its class at run time
    for number, (name, value) in enumerate(items, 1):
        cells = table.add_row().cells
        cells[0].text, cells[1].text, cells[2].text = str(number), name, f"{value:,.2f}"
