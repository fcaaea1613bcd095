"""What a report of the second generator is about: one project with its money, indicators, counts and questionnaire."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

from numpy.random import Generator

D = Decimal


@dataclass
class Item:
    """One use of the money; amounts in 万元."""

    name: str
    budget: Decimal
    spent: Decimal


@dataclass
class Mark:
    """One indicator of the lowest level."""

    first: str
    second: str
    name: str
    weight: Decimal
    score: Decimal
    target: str = ""
    actual: str = ""
    note: str = ""


@dataclass
class Case:
    """All that a report states."""

    project: str
    unit: str
    place: str
    agency: str
    year: int
    items: list[Item]
    initial: Decimal
    marks: list[Mark]
    before: Decimal
    sent: int
    back: int
    valid: int
    answers: list[tuple[str, int]]
    areas: list[tuple[str, int]]
    thing: str
    measure: str
    over: dict[str, str] = field(default_factory=dict)
    printed: dict[str, str] = field(default_factory=dict)

    def v(self, key: str, text: str) -> str:
        """A printed figure or phrase by its key, or what a slip puts in its place."""
        self.printed.setdefault(key, text)
        return self.over.get(key, text)

    def a(self, key: str, number: int, text: str) -> str:
        """One of several printed figures of a kind."""
        return self.v(f"{key}.{number}", text)

    @property
    def budget(self) -> Decimal:
        """The adjusted budget, all of it in place."""
        return sum((one.budget for one in self.items), D(0))

    @property
    def spent(self) -> Decimal:
        """All spending."""
        return sum((one.spent for one in self.items), D(0))

    @property
    def total(self) -> Decimal:
        """The total score."""
        return sum((one.score for one in self.marks), D(0))

    @property
    def firsts(self) -> list[str]:
        """The first-level names in order."""
        return list(dict.fromkeys(one.first for one in self.marks))

    def of(self, first: str) -> tuple[Decimal, Decimal]:
        """Weight and score of a first-level name."""
        own = [one for one in self.marks if one.first == first]
        return sum((one.weight for one in own), D(0)), sum((one.score for one in own), D(0))


def pct(part: Decimal | int, whole: Decimal | int, digits: int = 2) -> str:
    """A share in percent, rounded half up."""
    share = D(part) / D(whole) * 100
    return f"{share.quantize(D(1).scaleb(-digits), ROUND_HALF_UP)}%"


PROJECTS = (
    ("公园绿地养护", "绿化管理所", "公园", "万平方米", ["乔木修剪", "草坪养护", "病虫害防治", "设施维修"]),
    ("中小学午餐补贴", "教育局", "学校", "人", ["食材采购", "配送服务", "厨房设备", "食品检测"]),
    ("河道轮疏", "水务管理中心", "河道", "公里", ["清淤作业", "护岸修复", "底泥处置", "监理服务"]),
    ("社区智慧养老", "民政局", "服务点", "人次", ["智能终端", "平台运维", "上门服务", "宣传培训"]),
    ("科技型企业贷款贴息", "科学技术委员会", "企业", "家", ["贷款贴息", "担保补助", "评审费用", "平台建设"]),
    ("老旧住房消防改造", "房屋管理局", "小区", "户", ["消防管网", "报警设备", "楼道整治", "设计监理"]),
)
PLACES = ("浦江区", "临湖市", "青溪县", "沙洲区", "北岭市")
AGENCIES = ("华衡咨询有限公司", "正则会计师事务所（普通合伙）", "东海绩效管理研究院", "众益工程咨询有限公司")
PLAN = {
    "sh": (
        ("项目决策", "项目立项", ("立项依据充分性", "立项程序规范性")),
        ("项目决策", "资金投入", ("预算编制科学性", "资金分配合理性")),
        ("项目过程", "资金管理", ("预算执行率", "资金使用合规性")),
        ("项目过程", "组织实施", ("管理制度健全性", "制度执行有效性")),
        ("项目产出", "产出数量", ("任务完成率", "巡查覆盖率")),
        ("项目产出", "产出质量", ("验收合格率",)),
        ("项目产出", "产出时效", ("完成及时率",)),
        ("项目效益", "社会效益", ("投诉下降率", "长效机制建设")),
        ("项目效益", "满意度", ("服务对象满意度",)),
    ),
    "gd": (
        ("履职效能", "整体效能", ("重点工作完成率", "绩效目标实现率")),
        ("履职效能", "专项效能", ("项目验收合格率", "资料归档完整率")),
        ("管理效率", "预算编制", ("预算编制约束性", "绩效目标合理性")),
        ("管理效率", "预算执行", ("支出进度", "结转结余控制率")),
        ("管理效率", "信息公开", ("预决算公开合规性",)),
        ("社会评价", "满意度", ("公众满意度", "管理对象满意度")),
    ),
}
FREE = {"率", "度"}


def _marks(rng: Generator, plan: str) -> list[Mark]:
    names = [(a, b, c) for a, b, every in PLAN[plan] for c in every]
    weights = [D(int(w)) for w in rng.integers(3, 9, len(names))]
    while sum(weights) != 100:
        place = int(rng.integers(len(weights)))
        step = 1 if sum(weights) < 100 else -1
        if 2 <= weights[place] + step <= 12:
            weights[place] += step
    marks = []
    for (first, second, name), weight in zip(names, weights, strict=True):
        lost = rng.random() < 0.4
        score = weight - (D(int(rng.integers(1, 9))) / 10 * (weight / 4)).quantize(D("0.01")) if lost else weight
        mark = Mark(first, second, name, weight, score)
        if name.endswith("率"):
            aim = int(rng.choice([90, 95, 98, 100]))
            got = D(aim) * score / weight if lost else D(aim) + (D(100 - aim) * D("0.4"))
            mark.target = f"≥{aim}%" if aim < 100 else "100%"
            mark.actual = f"{got.quantize(D('0.01'))}%"
            mark.note = (
                f"实际为{mark.actual}，未达到目标值，按比例扣{weight - score}分。" if lost else "达到目标值，得满分。"
            )
        else:
            mark.target = {"性": "符合要求", "设": "健全"}.get(name[-1], "规范")
            mark.actual = "基本符合" if lost else "符合"
            mark.note = f"{name}方面尚有欠缺，扣{weight - score}分。" if lost else "资料齐全，得满分。"
        marks.append(mark)
    return marks


def draw(rng: Generator, plan: str = "sh") -> Case:
    """Draw one case; everything in it agrees."""
    project, unit, thing, measure, uses = PROJECTS[int(rng.integers(len(PROJECTS)))]
    place = PLACES[int(rng.integers(len(PLACES)))]
    year = int(rng.integers(2021, 2025))
    items = []
    for name in uses:
        budget = D(int(rng.integers(3000, 90000))) / 100
        spent = (budget * D(int(rng.integers(8200, 10001))) / 10000).quantize(D("0.01"))
        items.append(Item(name, budget, spent))
    total = sum((one.budget for one in items), D(0))
    initial = (total * D(int(rng.integers(90, 112))) / 100).quantize(D("0.01"))
    before = (total * D(int(rng.integers(70, 99))) / 100).quantize(D("0.01"))
    sent = int(rng.integers(300, 900))
    back = sent - int(rng.integers(5, 40))
    valid = back - int(rng.integers(3, 30))
    shares = rng.multinomial(valid, [0.62, 0.24, 0.09, 0.03, 0.02])
    answers = list(zip(("非常满意", "比较满意", "一般", "不太满意", "不满意"), map(int, shares), strict=True))
    areas = [(f"{name}片区", int(rng.integers(12, 160))) for name in ("东", "西", "南", "北")]
    agency = AGENCIES[int(rng.integers(len(AGENCIES)))]
    return Case(
        f"{year}年度{project}项目",
        f"{place}{unit}",
        place,
        f"{place[:2]}{agency}",
        year,
        items,
        initial,
        _marks(rng, plan),
        before,
        sent,
        back,
        valid,
        answers,
        areas,
        thing,
        measure,
    )
