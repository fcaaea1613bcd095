"""Drawing the facts of one invented evaluation, consistent in every figure."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from numpy.random import Generator

from grading.synthesis.chance import cents, chance, draw, percent, shares, some, whole
from grading.synthesis.domains import DOMAINS, Domain
from grading.synthesis.facts import LETTERS, Facts, Leaf, Money, Subject, Survey
from grading.synthesis.names import AGENCIES, PLACES, document_number, spread

SPLITS = ((15, 25, 25, 35), (20, 20, 30, 30), (14, 21, 35, 30), (15, 20, 35, 30), (10, 20, 40, 30), (15, 15, 40, 30))
JUDGED = (
    (0, "项目立项", "立项依据充分性", "充分", "立项与部门职责相符，依据齐全", "", ""),
    (
        0,
        "项目立项",
        "立项程序规范性",
        "规范",
        "经集体研究并履行报批程序",
        "部分子项未见可行性论证材料",
        "完善立项论证和集体决策程序",
    ),
    (
        0,
        "绩效目标",
        "绩效目标合理性",
        "合理",
        "目标与年度任务、资金量相匹配",
        "个别目标与任务量匹配度不高",
        "结合任务量核定绩效目标",
    ),
    (
        0,
        "绩效目标",
        "绩效指标明确性",
        "明确",
        "指标清晰、可衡量",
        "有1个效益指标未量化",
        "把定性指标转化为可衡量的指标值",
    ),
    (
        0,
        "资金投入",
        "预算编制科学性",
        "科学",
        "预算测算依据充分",
        "预算按上年标准编制，未按工作量测算",
        "按工作量和单价测算预算",
    ),
    (
        0,
        "资金投入",
        "资金分配合理性",
        "合理",
        "资金分配与实际需求相适应",
        "分配办法未考虑各镇任务差异",
        "按因素法完善资金分配办法",
    ),
    (
        1,
        "资金管理",
        "资金使用合规性",
        "合规",
        "抽查凭证手续完整，未发现违规支出",
        "抽查发现2笔付款审核资料不全",
        "严格付款审核，补齐支撑资料",
    ),
    (1, "组织实施", "管理制度健全性", "健全", "业务和财务管理制度健全", "尚未制定补助资金核拨细则", "出台资金核拨细则"),
    (
        1,
        "组织实施",
        "制度执行有效性",
        "有效",
        "按制度组织实施，资料归档完整",
        "抽查的台账中有3份记录不完整",
        "对台账记录开展月度核查",
    ),
    (
        1,
        "组织实施",
        "合同管理规范性",
        "规范",
        "合同签订、验收、归档规范",
        "有1份合同未按约定时限验收",
        "建立合同履约节点提醒",
    ),
)
FULL = 100
TIMES = ("完成及时性", "资金支付及时性")


def _leaf(code: str, category: int, group: str, name: str, *, form: str, weight: int, **rest: str) -> Leaf:
    return Leaf(
        code,
        category,
        group,
        name,
        form,
        Decimal(weight),
        Decimal(weight),
        rest["rule"],
        rest["target"],
        rest["actual"],
        rest["note"],
    )


def _judged(rng: Generator, code: str, row: tuple[int, str, str, str, str, str, str], weight: int) -> Leaf:
    category, group, name, target, praise, fault, remedy = row
    leaf = _leaf(
        code,
        category,
        group,
        name,
        form="quality",
        weight=weight,
        rule="符合要求得满分，每发现一项不足酌情扣分",
        target=target,
        actual=target,
        note=f"{praise}，得满分",
    )
    if not fault or chance(rng, 0.55) or weight < 2:
        return leaf
    lost = Decimal(whole(rng, 2, max(2, weight * 2))) / 4
    return replace(
        leaf,
        score=leaf.weight - lost,
        actual=f"基本{target}",
        note=f"{fault}，扣{lost:.2f}分",
        fault=fault,
        remedy=remedy,
    )


def scored(leaf: Leaf, planned: Decimal, done: Decimal, unit: str) -> Leaf:
    """A measured leaf scored in proportion where the target is missed (R-PERF-06)."""
    completion = percent(done, planned)
    if done >= planned:
        return replace(leaf, completion=completion, note=f"计划{planned:f}{unit}，实际{done:f}{unit}，达到目标，得满分")
    score = cents(leaf.weight * done / planned)
    gap = f"{leaf.name}未达到目标，实际{done:f}{unit}，目标{planned:f}{unit}"
    return replace(
        leaf,
        completion=completion,
        score=score,
        fault=gap,
        remedy=f"对照{leaf.name}目标倒排进度，加强过程调度",
        note=f"计划{planned:f}{unit}，实际{done:f}{unit}，完成率{completion}%，按比例得{score:.2f}分",
    )


def _amount(rng: Generator, code: str, measure: tuple[str, str, str, int, int], weight: int) -> Leaf:
    name, _, unit, low, high = measure
    planned = whole(rng, low, high)
    done = planned if chance(rng, 0.45) else whole(rng, planned * 78 // 100, planned - 1)
    if chance(rng, 0.15):
        done = whole(rng, planned + 1, planned * 109 // 100 + 1)
    leaf = _leaf(
        code,
        2,
        "产出数量",
        name,
        form="amount",
        weight=weight,
        rule="完成率100%得满分，未完成的按完成率得分",
        target=f"≥{planned}{unit}",
        actual=f"{done}{unit}",
        note="",
    )
    return scored(leaf, Decimal(planned), Decimal(done), unit)


def _rate(rng: Generator, code: str, measure: tuple[str, int], weight: int) -> Leaf:
    name, target = measure
    base = whole(rng, 220, 980)
    met = chance(rng, 0.6)
    share = whole(rng, target * 10, 1000) if met else whole(rng, target * 10 - 120, target * 10 - 8)
    done = percent(base * share // 1000 + (1 if met and target < 100 else 0), base)
    done = Decimal(100) if target == 100 and met else min(done, Decimal(100))
    leaf = _leaf(
        code,
        2,
        "产出质量",
        name,
        form="rate",
        weight=weight,
        rule="达到目标值得满分，未达到的按比例得分",
        target=f"≥{target}%" if target < FULL else "100%",
        actual=f"{done}%",
        note="",
    )
    return scored(leaf, Decimal(target), done, "%")


def _money(rng: Generator, items: tuple[str, ...]) -> Money:
    initial = whole(rng, 18000, 640000) * 10
    cut = whole(rng, 0, initial // 12) if chance(rng, 0.7) else 0
    adjusted = initial - cut
    spent = adjusted * whole(rng, 820, 996) // 1000
    paid = spent + (whole(rng, 100, 3000) if chance(rng, 0.4) else 0)
    paid = min(paid, adjusted)
    before = spent * whole(rng, 780, 1180) // 1000
    upper = adjusted * whole(rng, 20, 45) // 100
    count = whole(rng, 3, len(items))
    names = some(rng, items, count)
    planned = shares(rng, adjusted, count, adjusted // 12)
    rest, used = adjusted - spent, []
    for place, part in enumerate(planned):
        take = rest if place == count - 1 else min(rest, whole(rng, 0, part // 4))
        take = min(take, part - 1)
        used.append(part - take)
        rest -= take
    spent = sum(used)
    return Money(
        initial=Decimal(initial) / 100,
        adjusted=Decimal(adjusted) / 100,
        placed=Decimal(adjusted) / 100,
        paid=Decimal(max(paid, spent)) / 100,
        spent=Decimal(spent) / 100,
        before=Decimal(before) / 100,
        sources=(("省级补助资金", Decimal(upper) / 100), ("区（县）级财政资金", Decimal(adjusted - upper) / 100)),
        parts=tuple(
            (name, Decimal(plan) / 100, Decimal(use) / 100)
            for name, plan, use in zip(names, planned, used, strict=True)
        ),
        reserve=whole(rng, 5, 30),
    )


def _survey(rng: Generator) -> Survey:
    sent = whole(rng, 120, 680)
    returned = sent - whole(rng, 0, sent // 15)
    valid = returned - whole(rng, 0, returned // 30)
    bad = valid * whole(rng, 1, 8) // 100
    fair = valid * whole(rng, 5, 16) // 100
    good = valid * whole(rng, 25, 40) // 100
    return Survey(sent, returned, valid, (valid - bad - fair - good, good, fair, bad))


def _weights(rng: Generator, split: tuple[int, ...], counts: list[int]) -> list[list[int]]:
    return [shares(rng, total, count, max(1, total // count - 2)) for total, count in zip(split, counts, strict=True)]


def _leaves(rng: Generator, domain: Domain, money: Money, survey: Survey, *, many: bool) -> tuple[Leaf, ...]:
    amounts = domain.amounts if many else tuple(some(rng, domain.amounts[1:], whole(rng, 1, 3)))
    amounts = amounts if many else (domain.amounts[0], *amounts)
    rates = domain.rates if many else domain.rates[: whole(rng, 1, 3)]
    times = TIMES if many else TIMES[:1]
    effects = domain.effects if many else domain.effects[: whole(rng, 2, 4)]
    managing = [row for row in JUDGED if row[0] == 1][: 4 if many else 3]
    counts = [6, len(managing) + 2, len(amounts) + len(rates) + len(times) + 1, len(effects) + 1]
    weights = _weights(rng, draw(rng, SPLITS), counts)
    coded = [
        [(f"{LETTERS[part]}{place + 1:02d}", weight) for place, weight in enumerate(row)]
        for part, row in enumerate(weights)
    ]
    leaves = [_judged(rng, code, row, weight) for (code, weight), row in zip(coded[0], JUDGED, strict=False)]
    (code, weight), (second, worth), *rest = coded[1]
    placed = _leaf(
        code,
        1,
        "资金管理",
        "资金到位率",
        form="place",
        weight=weight,
        rule="到位率100%得满分，未足额到位的按比例得分",
        target="100%",
        actual="100%",
        note="",
    )
    leaves.append(replace(placed, note="资金全部到位，得满分", completion=Decimal(100)))
    spent = _leaf(
        second,
        1,
        "资金管理",
        "预算执行率",
        form="execution",
        weight=worth,
        rule="得分＝预算执行率×分值",
        target="100%",
        actual=f"{money.execution}%",
        note="",
    )
    leaves.append(scored(spent, Decimal(100), money.execution, "%"))
    leaves += [_judged(rng, code, row, weight) for (code, weight), row in zip(rest, managing, strict=True)]
    ready = iter(coded[2])
    for measure in amounts:
        code, weight = next(ready)
        leaves.append(_amount(rng, code, measure, weight))
    for share in rates:
        code, weight = next(ready)
        leaves.append(_rate(rng, code, share, weight))
    for name in times:
        code, weight = next(ready)
        row = (
            2,
            "产出时效",
            name,
            "及时",
            "按计划时限完成",
            "有1项任务晚于计划时限15天完成",
            "细化时间节点，实行销号管理",
        )
        leaves.append(_judged(rng, code, row, weight))
    code, weight = next(ready)
    label, unit, ceiling = domain.cost
    cost = Decimal(whole(rng, ceiling * 86, ceiling * 100)) / 100
    leaves.append(
        _leaf(
            code,
            2,
            "产出成本",
            label,
            form="cost",
            weight=weight,
            rule="不超过目标值得满分，每超过1%扣5%权重分",
            target=f"≤{ceiling:.2f}{unit}",
            actual=f"{cost:.2f}{unit}",
            note=f"单位成本控制在目标值以内，为{cost:.2f}{unit}，得满分",
        )
    )
    for (code, weight), name in zip(coded[3], effects, strict=False):
        row = (
            3,
            "实施效益",
            name,
            "明显",
            "访谈和现场核查表明效果明显",
            f"{name}的佐证资料不足",
            f"健全{name}的跟踪统计",
        )
        leaves.append(_judged(rng, code, row, weight))
    code, weight = coded[3][-1]
    goal = draw(rng, (80, 85, 90, 95))
    kept = _leaf(
        code,
        3,
        "满意度",
        f"{domain.group}满意度",
        form="satisfaction",
        weight=weight,
        rule="达到目标值得满分，未达到的按比例得分",
        target=f"≥{goal}%",
        actual=f"{survey.satisfaction}%",
        note="",
    )
    leaves.append(scored(kept, Decimal(goal), survey.satisfaction, "%"))
    return tuple(leaves)


def plan(rng: Generator, *, many: bool, about: Subject | None = None) -> Facts:
    """Draw one evaluation; `many` asks for the long system of 28 or so third-level indicators.

    `about` fixes whose project it is; the figures are drawn all the same.
    """
    domain, year, place = draw(rng, DOMAINS), whole(rng, 2020, 2025), draw(rng, PLACES)
    if about is not None:
        domain, year, place = replace(DOMAINS[about.domain], project=about.project), about.year, about.place
    money, survey = _money(rng, domain.items), _survey(rng)
    leaves = _leaves(rng, domain, money, survey, many=many)
    first = next(leaf for leaf in leaves if leaf.form == "amount")
    done = int("".join(filter(str.isdigit, first.actual)))
    planned = int("".join(filter(str.isdigit, first.target)))
    start = date(year + 1, whole(rng, 3, 5), whole(rng, 1, 25))
    edges = [start]
    for _ in range(5):
        edges.append(edges[-1] + timedelta(days=whole(rng, 3, 16)))
    return Facts(
        year=year,
        place=place,
        project=f"{place}{year}年度{domain.project}",
        unit=about.unit if about else f"{place}{domain.department}",
        agency=about.agency if about else draw(rng, AGENCIES),
        domain=domain,
        money=money,
        leaves=leaves,
        survey=survey,
        spread=spread(rng, done),
        planned=planned,
        papers=tuple(document_number(rng, place, whole(rng, year - 4, year)) for _ in range(2)),
        phases=((edges[0], edges[1]), (edges[2], edges[3]), (edges[4], edges[5])),
        finished=edges[5] + timedelta(days=whole(rng, 3, 20)),
    )
