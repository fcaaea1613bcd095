"""Four further houses: a provincial one, a department's whole spending, the ministry's form, and a long report."""

from __future__ import annotations

from decimal import Decimal

from bench.authors.facts import Case, pct
from bench.authors.houses import (
    Paper,
    funds_table,
    grade_of,
    growth,
    merged,
    money,
    parts,
    points_of,
    problems,
    rate_of,
    said,
    score,
    survey_text,
    weight,
    whole_year,
)

D = Decimal


def zhejiang(case: Case) -> Paper:
    """A provincial house: no abstract, thousands separators, points before weights, one table for each category."""
    c = case
    paper = Paper(
        [c.v("kind", "项目支出绩效评价报告"), f"项目名称：{c.project}", f"项目单位：{c.unit}", f"评价机构：{c.agency}"]
    )
    grade = c.v("grade", grade_of(c.total, "four"))
    budget, spent, rate = said(c, "abstract", comma=True)
    paper.head("一、基本情况")
    paper.say(
        f"1.立项背景。为改善公共服务，{c.unit}设立{c.v('entity', c.project)}。",
        f"2.预算安排。{c.year}年年初预算安排{money(c.initial, comma=True)}万元，"
        f"调整后预算{budget}"
        f"万元，资金全部到位。截至{c.year}年12月31日，累计支出{spent}万元，"
        f"结余{c.v('left', money(c.budget - c.spent, comma=True))}万元，预算执行率（按调整后预算计算）"
        f"{rate}。",
    )
    paper.say(
        "3.资金构成。"
        + "；".join(
            f"{one.name}支出{c.a('part', n, money(one.spent, comma=True))}万元，"
            f"占{c.a('share', n, pct(one.spent, c.spent))}"
            for n, one in enumerate(c.items)
        )
        + "。",
    )
    paper.table(
        "表1-1  资金预算与执行情况",
        funds_table(c, titles=("项目内容", "预算金额（万元）", "支出金额（万元）", "执行率（%）"), comma=True),
    )
    paper.head("二、绩效评价工作情况")
    paper.say(f"评价时段为{c.v('period', f'{c.year}年1月至{c.year}年12月')}。", survey_text(c))
    rows = [["满意程度", "份数", "占比"]]
    rows += [
        [name, c.v(f"answer.{n}", str(k)), c.v(f"answer.{n}.share", pct(k, c.valid))]
        for n, (name, k) in enumerate(c.answers)
    ]
    rows.append(["合计", str(c.valid), "100.00%"])
    paper.table("表2-1 满意度调查结果", rows)
    paper.head("三、评价结论")
    paper.say(
        f"经综合评定，{c.project}绩效评价得分为{c.v('total.body', f'{c.total:.2f}')}分，绩效评价等级为{grade}。"
        f"其中："
        + "，".join(f"{first}得分{c.v(f'cat.{n}.said', f'{c.of(first)[1]:.2f}')}分" for n, first in enumerate(c.firsts))
        + "。"
    )
    paper.head("四、绩效指标分析")
    for n, first in enumerate(c.firsts):
        w, s = c.of(first)
        paper.head(f"（{'一二三四'[n]}）{c.v(f'cat.{n}.name', first.removeprefix('项目'))}指标", 2)
        rows = [["二级指标", "三级指标", "得分", "分值", "得分率", "评分说明"]]
        own = [(p, m) for p, m in enumerate(c.marks) if m.first == first]
        rows += [
            [m.second, m.name, score(c, p, m), weight(c, p, m), c.v(f"leaf.{p}.rate", pct(m.score, m.weight)), m.note]
            for p, m in own
        ]
        rows.append(["小计", "", c.v(f"cat.{n}.table", f"{s:.2f}"), f"{w:f}", c.v(f"cat.{n}.rate", pct(s, w)), ""])
        paper.table(f"表4-{n + 1} {first}指标得分情况", rows, merged(0, [m.second for _, m in own], 1))
        best = max((m for _, m in own), key=lambda m: m.weight)
        paper.say(f"本部分共{len(own)}项指标，其中“{best.name}”分值{best.weight:f}分，得{best.score:.2f}分。")
    paper.head("五、存在的主要问题")
    paper.say(*(f"（{'一二三'[n]}）{text}" for n, text in enumerate(problems(c))))
    if c.v("suggestions", "yes") == "yes":
        paper.head("六、对策建议")
        paper.say("一是提前开展需求摸底，二是将绩效目标细化到季度，三是完善资料归档。")
    paper.say(c.v("repeat", "本报告仅供委托方了解项目绩效之用，结论以所获资料为限。"))
    if "repeat" in c.over:
        paper.head("七、其他需要说明的问题")
        paper.say(c.over["repeat"])
    return paper


def guangdong(case: Case) -> Paper:
    """A department's whole spending: other categories, points of five bands, figures in 元 in the table."""
    c = case
    paper = Paper(
        [f"{c.unit}{c.year}年度部门整体支出", c.v("kind", "绩效评价报告")], header=f"{c.unit}部门整体支出绩效评价"
    )
    grade = c.v("grade", grade_of(c.total, "five"))
    budget, spent, rate = said(c, "abstract")
    paper.head("一、部门基本情况")
    paper.say(
        f"（一）部门职能。{c.v('entity', c.unit)}负责辖区内{c.thing}的规划、建设和管理。",
        f"（二）人员情况。核定编制{c.v('areas.total', str(sum(n for _, n in c.areas)))}人，其中："
        + "、".join(f"{name}{c.v(f'area.{i}', str(n))}人" for i, (name, n) in enumerate(c.areas))
        + "。",
        f"（三）收支情况。{c.year}年部门年初预算{money(c.initial)}万元，年中调整后为{budget}万元，"
        f"决算支出{spent}万元，支出进度（预算执行率）{rate}。"
        f"上年决算支出{money(c.before)}万元，{growth(c)}。",
    )
    rows = [["支出项目", "年初结转", "预算数（元）", "决算数（元）", "结余（元）"]]
    for n, item in enumerate(c.items):
        rows.append(
            [
                item.name,
                "0.00",
                c.v(f"item.{n}.budget", f"{item.budget * 10000:,.2f}"),
                c.v(f"item.{n}.spent", f"{item.spent * 10000:,.2f}"),
                c.v(f"item.{n}.left", f"{(item.budget - item.spent) * 10000:,.2f}"),
            ]
        )
    rows.append(
        [
            "总计",
            "0.00",
            c.v("items.budget", f"{c.budget * 10000:,.2f}"),
            c.v("items.spent", f"{c.spent * 10000:,.2f}"),
            f"{(c.budget - c.spent) * 10000:,.2f}",
        ]
    )
    paper.table("表一  部门支出决算情况", rows)
    paper.head("二、绩效评价情况")
    paper.say(
        "评分等级分为：优（90分及以上）、良（80分至90分以下）、中（70分至80分以下）、低（60分至70分以下）、差（60分以下）。",
        f"评价期间为{whole_year(c)}。{survey_text(c)}",
        f"综合评价得分{c.v('total.body', f'{c.total:.2f}')}分，评定等级为“{grade}”。",
    )
    for n, first in enumerate(c.firsts):
        w, _ = c.of(first)
        name = c.v(f"cat.{n}.name", first)
        paper.say(f"{n + 1}.{name}。该指标分值{w:f}分，评价得分{points_of(c, n)}分，得分率{rate_of(c, n)}。")
    paper.head("三、存在问题")
    paper.say(*(f"{n}、{text}" for n, text in enumerate(problems(c), 1)))
    if c.v("suggestions", "yes") == "yes":
        paper.head("四、改进措施")
        paper.say("加强预算编制与项目储备衔接，按季通报支出进度。")
    paper.head("附表  部门整体支出绩效评价指标评分表")
    rows = [
        ["评价指标", "", "", "分值", "评分标准", "完成情况", "评价得分"],
        ["一级指标", "二级指标", "三级指标", "", "", "", ""],
    ]
    for p, m in enumerate(c.marks):
        w, _ = c.of(m.first)
        rows.append(
            [
                f"{m.first}（{w:f}分）",
                m.second,
                m.name,
                weight(c, p, m),
                "按完成比例计分",
                c.v(f"leaf.{p}.actual", m.note),
                score(c, p, m),
            ]
        )
    rows.append(["总分", "", "", "100", "", "", c.v("total.table", f"{c.total:.2f}")])
    spans = [
        (0, 0, 1, 3),
        *((0, k, 2, 1) for k in (3, 4, 5, 6)),
        *merged(0, [m.first for m in c.marks], 2),
        (len(rows) - 1, 0, 1, 3),
    ]
    paper.table("", rows, spans)
    paper.say(c.v("repeat", "以上数据来源于部门决算报表和财务账套，评价组已逐项核对原始凭证。"))
    if "repeat" in c.over:
        paper.say(c.over["repeat"])
    return paper


def ministry(case: Case) -> Paper:
    """A unit's own short report with the ministry's form: funds and indicators in one table."""
    c = case
    paper = Paper([f"{c.unit}", f"{c.project}{c.v('kind', '绩效自评报告')}"])
    grade = c.v("grade", grade_of(c.total, "four"))
    budget, spent, rate = said(c, "abstract")
    paper.head("一、项目概况")
    paper.say(
        f"{c.v('entity', c.project)}全年预算{budget}万元，全年执行{spent}万元，"
        f"执行率{rate}。项目实施期为{c.v('period', f'{c.year}年3月至{c.year}年11月')}。",
        f"全年执行数中，{parts(c, lambda one: one.spent, 'part')}。",
    )
    paper.head("二、自评结论")
    paper.say(f"对照绩效目标，本项目自评得分{c.v('total.body', f'{c.total:.2f}')}分，自评等级为“{grade}”。")
    paper.head("三、存在问题和原因")
    paper.say(*problems(c))
    if c.v("suggestions", "yes") == "yes":
        paper.head("四、下一步改进措施")
        paper.say("加强进度跟踪，及时兑现尾款。")
    paper.say(c.v("repeat", "自评数据经财务部门和业务科室共同确认后填报。"))
    if "repeat" in c.over:
        paper.say(c.over["repeat"])
    first, *rest = c.marks
    rows = [
        ["项目名称", c.project, "", "", "", "", "", ""],
        ["项目资金（万元）", "", "年初预算数", "全年预算数", "全年执行数", "分值", "执行率", "得分"],
        [
            "",
            "年度资金总额",
            money(c.initial),
            c.v("items.budget", money(c.budget)),
            c.v("items.spent", money(c.spent)),
            f"{first.weight:f}",
            c.v("items.rate", pct(c.spent, c.budget)),
            score(c, 0, first),
        ],
        ["一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分", "偏差原因分析及改进措施"],
    ]
    rows += [
        [
            m.first,
            m.second,
            m.name,
            m.target,
            c.v(f"leaf.{p}.actual", m.actual),
            weight(c, p, m),
            score(c, p, m),
            m.note if m.score < m.weight else "",
        ]
        for p, m in enumerate(rest, 1)
    ]
    rows.append(["总分", "", "", "", "", "100", c.v("total.table", f"{c.total:.2f}"), ""])
    spans = [(0, 1, 1, 7), (1, 0, 2, 1), *merged(0, [m.first for m in rest], 4), (len(rows) - 1, 0, 1, 5)]
    paper.table(f"项目支出绩效自评表（{c.year}年度）", rows, spans)
    return paper


def firm(case: Case) -> Paper:
    """A firm's long report: figures first, a detail table over several pages, narrative analysis, annexes."""
    c = case
    paper = Paper([f"关于{c.place}{c.project}的", c.v("kind", "绩效评价报告"), c.agency], header=f"{c.agency}")
    grade = c.v("grade", grade_of(c.total, "four"))
    budget, spent, rate = said(c, "abstract")
    paper.head("第一章 项目概述")
    paper.say(
        f"{c.v('entity', c.project)}为{c.place}民生实事项目，由{c.unit}实施。项目总预算{budget}万元，"
        f"实际使用{spent}万元，执行率达{rate}。",
        "从支出结构看，"
        + "；".join(
            f"{one.name}{c.a('part', n, money(one.spent))}万元，占比{c.a('share', n, pct(one.spent, c.spent))}"
            for n, one in enumerate(c.items)
        )
        + "。",
        f"实施区间：{c.v('period', f'{c.year}年2月至{c.year}年12月')}。",
    )
    paper.head("第二章 评价结论")
    paper.say(
        f"综合得分{c.v('total.abstract', f'{c.total:.2f}')}分，评级为“{grade}”。",
        "，".join(
            f"{first}（{c.of(first)[0]:f}分）得{c.v(f'cat.{n}.said', f'{c.of(first)[1]:.2f}')}分"
            for n, first in enumerate(c.firsts)
        )
        + "。",
    )
    paper.head("第三章 数据与调查")
    paper.say(survey_text(c))
    names = "，".join(
        f"{name}{k}份、占{c.v(f'answer.{n}.share', pct(k, c.valid))}" for n, (name, k) in enumerate(c.answers)
    )
    paper.say(f"在{c.v('valid.again', str(c.valid))}份有效问卷中，{names}。")
    rows = [["序号", f"{c.thing}名称", f"工作量（{c.measure}）", "单价（元）", "金额（元）"]]
    sum_of = D(0)
    for n in range(1, 46):
        amount, price = 12 + (n * 37) % 91, D(40 + (n * 13) % 60)
        sum_of += amount * price
        rows.append(
            [
                str(n),
                f"{'东西南北'[n % 4]}{n}号{c.thing}",
                str(amount),
                f"{price:.2f}",
                c.v(f"detail.{n}", f"{amount * price:,.2f}"),
            ]
        )
    rows.append(
        ["合计", "", str(sum(12 + (n * 37) % 91 for n in range(1, 46))), "", c.v("detail.sum", f"{sum_of:,.2f}")]
    )
    paper.table("表3-2 抽查明细表", rows, [(len(rows) - 1, 0, 1, 2)])
    paper.head("第四章 指标分析")
    for p, m in enumerate(c.marks):
        paper.say(f"{p + 1}.{m.name}（{m.weight:f}分）。{m.note}实际得分{c.v(f'leaf.{p}.said', f'{m.score:.2f}')}分。")
    paper.head("第五章 主要成效、问题与建议")
    paper.head("（一）主要成效", 2)
    paper.say(c.v("repeat", f"{c.thing}整体面貌明显改善，居民投诉受理后平均两日内办结，社会反响良好。"))
    paper.head("（二）存在问题", 2)
    paper.say(*(f"{'一二三'[n]}是{text}" for n, text in enumerate(problems(c))))
    if c.v("suggestions", "yes") == "yes":
        paper.head("（三）相关建议", 2)
        paper.say("建议健全成本定额，推行按效付费，并在次年预算中体现评价结果。")
    if "repeat" in c.over:
        paper.say(c.over["repeat"])
    rows = [["评价维度", "指标名称", "得分", "满分", "目标", "实际", "说明"]]
    rows += [
        [m.first, m.name, score(c, p, m), weight(c, p, m), m.target, c.v(f"leaf.{p}.actual", m.actual), m.note]
        for p, m in enumerate(c.marks)
    ]
    rows.append(["合计", "", c.v("total.table", f"{c.total:.2f}"), "100", "", "", ""])
    paper.head("附录一 评分明细")
    paper.table("", rows, merged(0, [m.first for m in c.marks], 1))
    return paper
