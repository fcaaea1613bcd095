"""Amounts that a text calls budget, funds in place or spending, and stated execution rates."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from grading.facts.figures import NUMBER, Figure, Place, decimals_of, plain
from grading.reading.document import Paragraph

ROLES: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "other",
        re.compile(
            r"未(?:支出|使用|执行|拨付)|结余|结转|剩余|上年|去年|同期|收回|调[减增整]{1,2}(?:了|预算|资金)?$|追加|调减|调增|缺口"
        ),
    ),
    ("initial", re.compile(r"年初(?:批复|安排|部门)?(?:的)?预算|初始预算|期初预算")),
    ("adjusted", re.compile(r"调整后(?:的)?(?:预算)?|调整预算|全年预算|预算调整(?:为|到)|调整为")),
    ("funded", re.compile(r"到位|下达|拨入|收到|财政拨款|资金来源")),
    (
        "spent",
        re.compile(
            r"(?:实际|累计|共|已|资金|项目|合计|全年|总)?(?:支出|执行数?|使用|支付|列支|花费|开支)(?!预算|标准|计划|责任|单位|率)"
        ),
    ),
    ("paid", re.compile(r"拨付")),
    ("budget", re.compile(r"预算|安排|总投资|批复|申请|总额")),
)
NAMED = frozenset({"initial", "adjusted", "funded"})
BASES = frozenset({"initial", "adjusted", "funded", "budget", "paid"})
RATE = re.compile(
    rf"(?P<label>[^，,。；;：:（）()、\d]{{0,16}}?执行率)(?:[（(](?P<by>[^）)\d]{{2,20}})[）)])?"
    rf"(?P<link>[^\d，,。；;（()]{{0,8}}?)(?P<number>{NUMBER})\s*%"
)
BY = re.compile(
    r"(?:按照?|以|占|按其)([^，,。；;\d]{0,6}(?:年初|调整后?|到位|下达|全年)[^，,。；;\d]{0,8}?)(?:[\d,.]+\s*[万亿]?元)?(?:计算|测算|口径|为基数|为口径|作为|计|的)"
)
AIM = re.compile(r"目标|不低于|不少于|≥|以上|要求|应|高于|低于|大于|小于|每|得满分|计划|达不到")


@dataclass(frozen=True, slots=True)
class Fund:
    """An amount with the part that the text gives it: "initial", "adjusted", "funded", "budget", "paid", "spent"."""

    role: str
    figure: Figure


@dataclass(frozen=True, slots=True)
class Rate:
    """A stated execution rate.

    `label` are the words before it, `sentence` the offsets of its sentence, `named` the kind of budget by which
    the sentence
    says it is counted (按年初预算计算), "" where it names none.
    """

    figure: Figure
    label: str
    sentence: tuple[int, int]
    named: str = ""


def funds_in(paragraph: Paragraph, figures: list[Figure]) -> list[Fund]:
    """The funds of a paragraph, told by the words between each amount and the figure or mark before it."""
    text = plain(paragraph.text)
    found: list[Fund] = []
    edge = 0
    for figure in figures:
        if figure.kind != "amount":
            if figure.kind != "number":
                edge = figure.end
            continue
        start = max(edge, max(text.rfind(mark, 0, figure.start) for mark in "，,。；;、（(\n") + 1)
        label = text[max(start, figure.start - 30) : figure.start]
        edge = figure.end
        if text[figure.end : figure.end + 1] in {"/", "每"}:
            continue
        role = role_of(label)
        if role:
            found.append(Fund(role, figure))
    return found


def role_of(label: str) -> str:
    """The part of an amount from its label: what stands nearest to it counts, 未支出 and 上年 before all."""
    if ROLES[0][1].search(label):
        return ""
    best, where = "", -1
    for role, pattern in ROLES[1:]:
        for match in pattern.finditer(label):
            if match.end() > where:
                best, where = role, match.end()
    return best


def rates_in(paragraph: Paragraph) -> Iterator[Rate]:
    """The execution rates that a paragraph states, aims left out."""
    text = plain(paragraph.text)
    place = Place(paragraph.page, paragraph.index)
    for match in RATE.finditer(text):
        if AIM.search(match["label"] + match["link"]) or text[match.end() : match.end() + 2] in {
            "以上",
            "以下",
            "的目",
        }:
            continue
        start = max(text.rfind(mark, 0, match.start()) for mark in "。；;\n") + 1
        ends = [at for mark in "。；;\n" if (at := text.find(mark, match.end())) >= 0]
        number = match["number"].replace(",", "")
        quote = paragraph.text[match.start() : match.end()]
        figure = Figure(
            Decimal(number), "%", "percent", decimals_of(number), quote, place, match.start("number"), match.end()
        )
        by = BY.search(text[start : match.start() + len(match["label"])] + (match["by"] or ""))
        yield Rate(figure, match["label"], (start, min(ends, default=len(text))), role_of(by.group(1)) if by else "")
