"""Writing a report of given facts.

The chapters of the reference outline (R-PERF-11), in one of several phrasings each.
"""

from __future__ import annotations

from decimal import Decimal

from grading.synthesis.annexes import work_papers
from grading.synthesis.blocks import Block, mark
from grading.synthesis.chance import cents, percent
from grading.synthesis.facts import CATEGORIES, Facts, Leaf
from grading.synthesis.house import House
from grading.synthesis.tables import indicator_table, leaf_table, survey_annex
from grading.synthesis.writer import NUMERALS, Writer


def write(facts: Facts, house: House, pages: int) -> list[Block]:
    """The blocks of the whole report, figures marked."""
    writer = Writer(facts, house)
    _cover(writer)
    if house.abstract:
        _abstract(writer)
    _basics(writer)
    _work(writer)
    _conclusion(writer)
    _analysis(writer)
    _problems(writer)
    _suggestions(writer)
    _others(writer)
    writer.head(1, "附件1：项目绩效评价指标评分表", "scores")
    indicator_table(writer)
    survey_annex(writer)
    work_papers(writer, pages)
    return writer.blocks


def _cover(w: Writer) -> None:
    facts = w.facts
    w.blocks.append(Block("title", f"{facts.project}{mark('kind', '绩效评价报告')}", part="cover"))
    w.say(f"项目名称：{facts.project}")
    w.say(f"项目单位：{facts.unit}")
    w.say(f"委托单位：{facts.place}财政局")
    w.say(f"评价机构：{facts.agency}")
    w.say(w.day("finished", facts.finished))


def _verdict(w: Writer, place: str) -> str:
    total = mark(f"total.{place}", f"{w.facts.total:.2f}")
    if not w.facts.graded:
        return w.pick(f"verdict.{place}", f"综合评价得分{total}分", f"综合得分为{total}分")
    grade = mark(f"grade.{place}", w.facts.grade)
    return w.pick(
        f"verdict.{place}",
        f"综合评价得分{total}分，评价等级为“{grade}”",
        f"综合得分{total}分，绩效等级为“{grade}”",
        f"评价总得分为{total}分，等级为“{grade}”",
    )


def _abstract(w: Writer) -> None:
    facts = w.facts
    w.head(1, "摘要", "abstract")
    w.say(
        f"受{facts.place}财政局委托，{facts.agency}对{facts.unit}组织实施的{facts.project}开展了绩效评价。"
        f"项目年初预算{w.money('money.initial', facts.money.initial)}，"
        f"调整后预算{w.money('money.adjusted', facts.money.adjusted)}，"
        f"实际支出{w.money('money.spent', facts.money.spent)}，预算执行率{w.rate('execution', facts.money.execution)}。"
    )
    label, verb, unit, *_ = facts.domain.amounts[0]
    done = sum(part for _, part in facts.spread)
    w.say(
        f"经评价，项目全年{verb}{w.number('count.abstract', done)}{unit}，"
        f"{label}与计划数对照情况详见正文。{_verdict(w, 'abstract')}。"
    )
    faults = [leaf.fault for leaf in facts.leaves if leaf.fault][:3]
    if faults:
        w.say(f"评价发现的主要问题：{'；'.join(faults)}。")


def _basics(w: Writer) -> None:
    facts, money = w.facts, w.facts.money
    w.head(1, "一、基本情况", "basics")
    w.head(2, "（一）项目概况")
    w.say(
        w.pick(
            "background",
            f"1.项目背景。为{facts.domain.purpose}，{facts.place}印发《{facts.short}管理办法》（"
            f"{facts.papers[0]}），由{facts.unit}负责组织实施{mark('project', facts.short)}。",
            f"1.立项背景。{facts.unit}按照《{facts.short}管理办法》（{facts.papers[0]}）实施"
            f"{mark('project', facts.short)}，旨在{facts.domain.purpose}。",
        )
    )
    _, verb, unit, *_ = facts.domain.amounts[0]
    done = sum(part for _, part in facts.spread)
    parts = "、".join(
        f"{town}{w.number(f'count.part.{place}', part)}{unit}" for place, (town, part) in enumerate(facts.spread)
    )
    w.say(f"2.项目内容。{facts.year}年全年{verb}{w.number('count.total', done)}{unit}，其中{parts}。")
    (upper, given), (own, rest) = money.sources
    w.say(
        f"3.资金投入情况。{facts.year}年项目年初预算{w.money('money.initial', money.initial)}，"
        f"年中按进度核减{w.money('money.cut', money.initial - money.adjusted)}，"
        f"调整后预算{w.money('money.adjusted', money.adjusted)}，"
        f"其中{upper}{w.money('source.0', given)}、{own}{w.money('source.1', rest)}。"
        f"资金到位{w.money('money.placed', money.placed)}，到位率{mark('placed.rate', '100.00%')}。"
        if money.initial != money.adjusted
        else f"3.资金投入情况。{facts.year}年项目预算{w.money('money.adjusted', money.adjusted)}，"
        f"其中{upper}{w.money('source.0', given)}、"
        f"{own}{w.money('source.1', rest)}。资金到位{w.money('money.placed', money.placed)}，"
        f"到位率{mark('placed.rate', '100.00%')}。"
    )
    spent = "、".join(f"{name}{w.money(f'part.{place}', use)}" for place, (name, _, use) in enumerate(money.parts))
    base = mark(
        "execution.base", w.pick("base", "到位资金", "调整后预算" if money.initial != money.adjusted else "预算")
    )
    w.say(
        f"截至{facts.year}年12月31日，项目实际支出{w.money('money.spent', money.spent)}，其中{spent}。"
        f"按{base}计算，预算执行率为{w.rate('execution', money.execution)}。"
    )
    if money.paid != money.spent:
        gap = w.money("money.gap", money.paid - money.spent)
        carried = f"拨付数大于使用数{gap}，为尚未结算的尾款，已按规定结转下年使用。" if facts.carried else ""
        w.say(
            f"{facts.place}财政局累计拨付资金{w.money('money.paid', money.paid)}，"
            f"项目单位实际使用{w.money('money.spent', money.spent)}。{carried}"
        )
    w.say(
        f"{facts.year - 1}年项目支出{w.money('money.before', money.before)}，"
        f"{facts.year}年支出{w.money('money.spent', money.spent)}，{_growth(w)}。"
    )
    reserve = cents(money.adjusted * money.reserve / 100)
    w.say(
        f"按照合同约定，尾款为调整后预算{w.money('money.adjusted', money.adjusted)}的"
        f"{mark('reserve.rate', f'{money.reserve}%')}，"
        f"即{w.money('reserve.amount', reserve)}，待验收合格后支付。"
    )
    _spending(w)
    w.head(2, "（二）项目绩效目标")
    goals = "；".join(
        f"{leaf.name}{leaf.target}" for leaf in facts.leaves if leaf.form in {"amount", "rate", "cost", "satisfaction"}
    )
    w.say(f"年度绩效目标：{goals}。")


def _growth(w: Writer) -> str:
    growth = w.facts.money.growth
    word = "增长" if growth >= 0 else "下降"
    return f"较上年{word}{w.rate('growth', abs(growth))}"


def _spending(w: Writer) -> None:
    money = w.facts.money
    rows = [["支出内容", "调整后预算", "实际支出", "执行率", "占总支出比重"]]
    for place, (name, plan, used) in enumerate(money.parts):
        rows.append(
            [
                name,
                w.cell(f"plan.{place}", plan),
                w.cell(f"part.{place}", used),
                w.rate(f"part.rate.{place}", percent(used, plan)),
                w.rate(f"part.share.{place}", percent(used, money.spent)),
            ]
        )
    rows.append(
        [
            "合计",
            w.cell("money.adjusted", money.adjusted),
            w.cell("money.spent", money.spent),
            w.rate("execution", money.execution),
            "100.00%",
        ]
    )
    w.grid(rows, caption="表1  资金安排及支出情况表（单位：万元）")


def _work(w: Writer) -> None:
    facts = w.facts
    w.head(1, "二、绩效评价工作开展情况", "work")
    w.head(2, "（一）评价目的、对象和范围")
    w.say(
        w.pick(
            "aim",
            "评价目的在于了解资金使用和任务完成情况，查找管理中的薄弱环节，为预算安排提供参考。"
            f"评价对象为{facts.project}资金，评价时段为{facts.year}年1月1日至{facts.year}年12月31日。",
            f"本次评价对象为{facts.project}资金，时间范围为{facts.year}年1月至{facts.year}年12月，"
            "目的是客观反映资金使用效益，促进改进管理。",
        )
    )
    for paper in (
        "《中华人民共和国预算法》及其实施条例",
        "《项目支出绩效评价管理办法》（财预〔2020〕10号）",
        "《第三方机构预算绩效评价业务监督管理暂行办法》（财监〔2021〕4号）",
        f"《{facts.place}预算绩效评价管理办法》（{facts.papers[1]}）",
    ):
        w.say(f"{paper}；")
    w.head(2, "（二）评价原则、方法和标准")
    w.say(
        w.pick(
            "method",
            "评价遵循科学公正、统筹兼顾、激励约束、公开透明的原则，综合运用比较法、因素分析法和公众评判法，评价标准以计划标准为主。",
            "评价按照独立、客观、公正的要求，采用成本效益分析法、比较法和公众评判法，以计划标准和行业标准为评价标准。",
        )
    )
    weights = "、".join(
        f"{name}{w.points(f'cat.{place}.weight', facts.weight(place))}分" for place, name in enumerate(CATEGORIES)
    )
    w.say(
        f"指标体系设一级指标4个、三级指标{mark('leaves', str(len(facts.leaves)))}个，总分100分，"
        f"其中{weights}，详见附件1。"
    )
    w.head(2, "（三）评价工作过程")
    (a, b), (c, d), (e, f) = facts.phases
    w.say(
        f"前期准备阶段（{w.day('phase.0.start', a)}至{w.day('phase.0.end', b)}）：收集资料，制定评价方案。"
        f"现场评价阶段（{w.day('phase.1.start', c)}至{w.day('phase.1.end', d)}）：现场核查，"
        f"发放问卷{w.number('survey.sent', facts.survey.sent)}份。"
        f"报告撰写阶段（{w.day('phase.2.start', e)}至{w.day('phase.2.end', f)}）：形成初稿，"
        f"征求{facts.unit}意见并修改定稿。"
    )


def _conclusion(w: Writer) -> None:
    facts = w.facts
    w.head(1, "三、综合评价情况及评价结论", "conclusion")
    top, good, fair = (f"{bound:f}" for bound in facts.bands)
    w.say(f"经综合评价，{facts.project}{_verdict(w, 'body')}。各一级指标得分情况见表2。")
    if facts.graded:
        w.say(
            f"评价等级按总分划分：{top}（含）—100分为优、{good}（含）—{top}分为良、{fair}（含）—"
            f"{good}分为中、{fair}分以下为差。"
        )
    rows = [["一级指标", *CATEGORIES, "合计"], ["分值"], ["得分"], ["得分率"]]
    for place in range(len(CATEGORIES)):
        weight, score = facts.weight(place), facts.score(place)
        rows[1].append(w.points(f"cat.{place}.weight", weight))
        rows[2].append(mark(f"cat.{place}.score", f"{score:.2f}"))
        rows[3].append(w.rate(f"cat.{place}.rate", percent(score, weight)))
    rows[1].append(w.points("all.weight", Decimal(100)))
    rows[2].append(mark("total.table", f"{facts.total:.2f}"))
    rows[3].append(w.rate("total.rate", facts.total))
    w.grid(rows, caption="表2  一级指标得分情况")


def _told(w: Writer, leaf: Leaf) -> str:
    score = mark(f"leaf.{leaf.code}.score", f"{leaf.score:.2f}")
    weight = w.points(f"leaf.{leaf.code}.weight", leaf.weight)
    return w.pick(
        f"told.{leaf.code}",
        f"{leaf.name}：分值{weight}分，{leaf.note}，评价得分{score}分。",
        f"“{leaf.name}”指标权重{weight}分，得分{score}分。{leaf.note}。",
        f"{leaf.name}（{weight}分）。经核查，{leaf.note}，该指标得分{score}分。",
    )


def _analysis(w: Writer) -> None:
    facts = w.facts
    w.head(1, "四、绩效评价指标分析", "analysis")
    style = w.pick("category", "a", "b", "c")
    for place, name in enumerate(CATEGORIES):
        w.head(2, f"（{NUMERALS[place]}）项目{name}情况", f"category.{place}")
        weight = w.points(f"cat.{place}.weight", facts.weight(place))
        score = mark(f"cat.{place}.score", f"{facts.score(place):.2f}")
        rate = w.rate(f"cat.{place}.rate", percent(facts.score(place), facts.weight(place)))
        label = mark(f"cat.{place}.name", name)
        w.say(
            {
                "a": f"{label}指标共{weight}分，评价得分{score}分，得分率{rate}。",
                "b": f"{label}指标权重{weight}分，得{score}分，得分率为{rate}。",
                "c": f"{label}类指标分值{weight}分，实际得分{score}分，得分率{rate}。",
            }[style]
        )
        for leaf in facts.of(place):
            w.say(_told(w, leaf))
            if w.house.layout == "provincial":
                leaf_table(w, leaf)


def _problems(w: Writer) -> None:
    w.head(1, "五、主要经验及做法、存在的问题及原因分析", "problems")
    w.head(2, "（一）主要经验及做法", "experience")
    w.say(
        w.pick(
            "experience",
            f"{w.facts.unit}建立工作调度机制，按月通报{w.facts.short}进度，任务分解到岗到人。",
            f"{w.facts.unit}将{w.facts.short}纳入年度重点工作，实行台账管理和现场抽查相结合。",
        )
    )
    w.head(2, "（二）存在的问题及原因分析", "problems")
    faults = [leaf for leaf in w.facts.leaves if leaf.fault]
    for number, leaf in enumerate(faults, 1):
        cause = w.pick(
            f"cause.{leaf.code}", "主要原因是前期谋划不够细致", "原因在于过程跟踪不够及时", "主要是责任分工落实不到位"
        )
        w.say(f"{number}.{leaf.fault}。“{leaf.name}”指标因此扣{leaf.lost:.2f}分，{cause}。")
    if not faults:
        w.say("1.资料归集时效有待提高。个别年末资料在次年一月归档，本次评价已作提示，未予扣分。")


def _suggestions(w: Writer) -> None:
    w.head(1, "六、有关建议", "suggestions")
    faults = [leaf for leaf in w.facts.leaves if leaf.fault]
    for number, leaf in enumerate(faults, 1):
        w.say(f"{number}.{leaf.remedy}，由{w.facts.unit}针对“{leaf.name}”逐项落实。")
    if not faults:
        w.say(f"1.由{w.facts.unit}明确归档时限，年末资料于次月十日前归集完毕。")


def _others(w: Writer) -> None:
    w.head(1, "七、其他需要说明的问题", "others")
    w.say(f"本报告所用资金数据取自{w.facts.unit}项目明细账，业务数据取自其工作台账。")
    w.say(w.facts.agency)
