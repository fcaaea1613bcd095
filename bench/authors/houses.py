"""Five houses, each with its own outline, wording, tables and habits; a document is a list of blocks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from bench.authors.facts import Case, Item, Mark, pct

D = Decimal
HEAD, TEXT, TABLE, NOTE = "head", "text", "table", "note"


@dataclass
class Block:
    """A heading, a paragraph, or a table with its caption line; `spans` are (row, column, rows, columns)."""

    form: str
    text: str = ""
    level: int = 0
    rows: list[list[str]] = field(default_factory=list)
    spans: list[tuple[int, int, int, int]] = field(default_factory=list)


@dataclass
class Paper:
    """A whole document: cover lines, blocks, and the running head."""

    cover: list[str]
    blocks: list[Block] = field(default_factory=list)
    header: str = ""

    def head(self, text: str, level: int = 1) -> None:
        """Add a heading."""
        self.blocks.append(Block(HEAD, text, level))

    def say(self, *texts: str) -> None:
        """Add paragraphs."""
        self.blocks += [Block(TEXT, text) for text in texts]

    def table(self, caption: str, rows: list[list[str]], spans: list[tuple[int, int, int, int]] | None = None) -> None:
        """Add a table under its caption."""
        if caption:
            self.blocks.append(Block(NOTE, caption))
        self.blocks.append(Block(TABLE, rows=rows, spans=spans or []))


def money(value: Decimal, *, comma: bool = False) -> str:
    """An amount in 万元 with two decimals."""
    return f"{value:,.2f}" if comma else f"{value:.2f}"


def grade_of(total: Decimal, bands: str) -> str:
    """The grade of a total under one of two sets of bands."""
    if bands == "five":
        return next(g for low, g in ((90, "优"), (80, "良"), (70, "中"), (60, "低"), (0, "差")) if total >= low)
    return next(g for low, g in ((90, "优"), (80, "良"), (60, "中"), (0, "差")) if total >= low)


def merged(column: int, keys: list[str], first: int) -> list[tuple[int, int, int, int]]:
    """Spans that join like neighbours of a column."""
    spans, start = [], 0
    for place in range(1, len(keys) + 1):
        if place == len(keys) or keys[place] != keys[start]:
            if place - start > 1:
                spans.append((first + start, column, place - start, 1))
            start = place
    return spans


def score(case: Case, place: int, mark: Mark, *, digits: int = 2) -> str:
    """The printed score of an indicator."""
    return case.v(f"leaf.{place}.score", f"{mark.score:.{digits}f}")


def weight(case: Case, place: int, mark: Mark) -> str:
    """The printed weight of an indicator."""
    return case.v(f"leaf.{place}.weight", f"{mark.weight:f}")


def funds_table(case: Case, *, titles: tuple[str, str, str, str], comma: bool = False) -> list[list[str]]:
    """Budget, spending and rate for every use, and the total."""
    rows = [list(titles)]
    rows += [
        [
            item.name,
            case.v(f"item.{n}.budget", money(item.budget, comma=comma)),
            case.v(f"item.{n}.spent", money(item.spent, comma=comma)),
            case.v(f"item.{n}.rate", pct(item.spent, item.budget)),
        ]
        for n, item in enumerate(case.items)
    ]
    rows.append(
        [
            "合计",
            case.v("items.budget", money(case.budget, comma=comma)),
            case.v("items.spent", money(case.spent, comma=comma)),
            case.v("items.rate", pct(case.spent, case.budget)),
        ]
    )
    return rows


def parts(case: Case, what: Callable[[Item], Decimal], key: str) -> str:
    """The uses with their amounts, as a sentence lists them."""
    return "、".join(f"{one.name}{case.v(f'{key}.{n}', money(what(one)))}万元" for n, one in enumerate(case.items))


def said(case: Case, where: str, *, comma: bool = False) -> tuple[str, str, str]:
    """Budget, spending and execution rate as one place of the text states them."""
    return (
        case.v(f"budget.{where}", money(case.budget, comma=comma)),
        case.v(f"spent.{where}", money(case.spent, comma=comma)),
        case.v(f"rate.{where}", pct(case.spent, case.budget)),
    )


def whole_year(case: Case) -> str:
    """The period of a calendar year."""
    return case.v("period", f"{case.year}年1月1日至{case.year}年12月31日")


def points_of(case: Case, number: int) -> str:
    """The score of a category as a sentence states it."""
    return case.v(f"cat.{number}.said", f"{case.of(case.firsts[number])[1]:.2f}")


def rate_of(case: Case, number: int) -> str:
    """The score rate of a category as a sentence states it."""
    weight_of, score_of = case.of(case.firsts[number])
    return case.v(f"cat.{number}.saidrate", pct(score_of, weight_of))


def survey_text(case: Case) -> str:
    """The questionnaire in one sentence."""
    return (
        f"评价组面向服务对象发放问卷{case.v('sent', str(case.sent))}份，回收{case.v('back', str(case.back))}份，回收率"
        f"{case.v('back.rate', pct(case.back, case.sent))}，其中有效问卷{case.v('valid', str(case.valid))}份，有效率"
        f"{case.v('valid.rate', pct(case.valid, case.back))}。"
    )


def problems(case: Case) -> list[str]:
    """The problems: one for each of the two indicators that lost most."""
    lost = sorted((m for m in case.marks if m.score < m.weight), key=lambda m: m.score - m.weight)[:2]
    texts = [
        f"{m.name}未达预期。经核查，{m.note.rstrip('。')}，主要原因是前期摸底不充分、过程跟踪不够及时。" for m in lost
    ]
    return [case.v(f"problem.{n}", text) for n, text in enumerate(texts)] or ["档案整理不够规范，3份验收单缺少日期。"]


def shanghai(case: Case) -> Paper:
    """A district house: abstract first, coded indicators, three merged columns, the value reached called 业绩值."""
    c = case
    paper = Paper([f"{c.place}{c.project}", c.v("kind", "绩效评价报告"), f"评价机构：{c.agency}", f"{c.year + 1}年6月"])
    grade = c.v("grade", grade_of(c.total, "four"))
    budget, spent, rate = said(c, "abstract")
    paper.head("摘要")
    paper.say(
        f"受{c.place}财政局委托，{c.agency}于{c.year + 1}年3月至6月对{c.project}开展绩效评价。",
        f"项目年初预算{money(c.initial)}万元，年中调整为{budget}万元，实际支出{spent}万元，预算执行率{rate}。",
        f"经综合评价，项目得分{c.v('total.abstract', f'{c.total:.2f}')}分，绩效等级为“{grade}”。",
    )
    paper.head("一、项目基本情况")
    paper.head("（一）项目概况", 2)
    paper.say(
        f"{c.v('entity', c.project)}由{c.unit}组织实施，实施周期为{whole_year(c)}。",
        f"项目覆盖{c.place}{c.v('areas.total', str(sum(n for _, n in c.areas)))}个{c.thing}，其中："
        + "、".join(f"{name}{c.v(f'area.{i}', str(n))}个" for i, (name, n) in enumerate(c.areas))
        + "。",
    )
    budget, spent, rate = said(c, "body")
    paper.head("（二）资金投入和使用情况", 2)
    paper.say(
        f"本项目调整后预算{budget}万元，实际支出{spent}万元，"
        f"其中：{parts(c, lambda one: one.spent, 'part')}。预算执行率为{rate}。",
        f"{c.year - 1}年度同类项目支出{money(c.before)}万元，"
        f"{c.year}年度支出{c.v('spent.growth', money(c.spent))}万元，"
        f"{growth(c)}。",
    )
    paper.table(
        "表1 项目资金使用情况表（单位：万元）", funds_table(c, titles=("支出内容", "调整后预算", "实际支出", "执行率"))
    )
    paper.head("二、绩效评价工作开展情况")
    paper.say("评价采用社会调查、案卷研究和座谈访谈等方法，遵循客观公正、科学规范的原则。", survey_text(c))
    paper.head("三、综合评价情况及评价结论")
    paper.say(
        "评价结果分为四档：90（含）—100分为“优”、80（含）—90分为“良”、60（含）—80分为“中”、60分以下为“差”。",
        f"{c.project}绩效评价总得分为{c.v('total.body', f'{c.total:.2f}')}分，评价等级为“{grade}”。",
    )
    rows = [["一级指标", *c.firsts, "合计"], ["权重"], ["得分"], ["得分率"]]
    for n, first in enumerate(c.firsts):
        w, s = c.of(first)
        rows[1].append(f"{w:f}")
        rows[2].append(c.v(f"cat.{n}.table", f"{s:.2f}"))
        rows[3].append(c.v(f"cat.{n}.rate", pct(s, w)))
    rows[1].append("100")
    rows[2].append(f"{c.total:.2f}")
    rows[3].append(pct(c.total, 100))
    paper.table("表2 各部分权重与得分", rows)
    paper.head("四、绩效评价指标分析")
    for n, first in enumerate(c.firsts):
        w, s = c.of(first)
        name = c.v(f"cat.{n}.name", first.removeprefix("项目"))
        paper.head(f"（{'一二三四'[n]}）{first}", 2)
        paper.say(f"{name}类指标权重{w:f}分，得分{points_of(c, n)}分，得分率{rate_of(c, n)}。")
        paper.say(
            *(f"{m.name}：权重{m.weight:f}分，{m.note}该指标得分{m.score:.2f}分。" for m in c.marks if m.first == first)
        )
    closing(paper, c)
    rows = [["一级指标", "二级指标", "三级指标", "权重", "目标值", "业绩值", "得分"]]
    for place, m in enumerate(c.marks):
        rows.append(
            [
                m.first,
                m.second,
                f"{'ABCD'[c.firsts.index(m.first)]}{place + 1} {m.name}",
                weight(c, place, m),
                m.target,
                c.v(f"leaf.{place}.actual", m.actual),
                score(c, place, m),
            ]
        )
    rows.append(["合计", "", "", "100", "", "", c.v("total.table", f"{c.total:.2f}")])
    spans = [*merged(0, [m.first for m in c.marks], 1), *merged(1, [m.first + m.second for m in c.marks], 1)]
    paper.head("附件1 绩效评价指标评分表")
    paper.table("", rows, spans)
    return paper


def growth(case: Case) -> str:
    """The change against the year before, in words."""
    up = case.spent >= case.before
    rate = case.v("growth", pct(abs(case.spent - case.before), case.before))
    return f"同比{'增长' if up else '下降'}{rate}"


def closing(paper: Paper, case: Case) -> None:
    """Experience, problems and suggestions."""
    paper.head("五、主要经验及做法")
    paper.say(
        "建立了分级巡查和月度通报机制，问题整改形成闭环。", case.v("repeat", "落实专人负责台账，资料按季度归档。")
    )
    paper.head("六、存在的问题及原因分析")
    paper.say(*(f"{n}.{text}" for n, text in enumerate(problems(case), 1)))
    if case.v("suggestions", "yes") == "yes":
        paper.head("七、有关建议")
        paper.say("1.完善需求论证，将历史数据作为预算测算依据。", "2.细化考核条款，按月核对完成量并与付款挂钩。")
    if "repeat" in case.over:
        paper.say(case.over["repeat"])


HOUSES: Mapping[str, Callable[[Case], Paper]] = {"shanghai": shanghai}
