"""160 invented experts of the pool."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from core.unit_of_work import UnitOfWork
from experts.demonstration.stage import Stage
from experts.entries import ExpertEntry
from experts.queries import units
from experts.services.pool import admit_expert
from experts.states import BudgetFunction, Category, Division, Education, EntryRoute, Gender
from projects.states import Industry

C, F = Category, Industry

SURNAMES = "陈李张刘王杨黄赵吴周徐孙马朱胡郭何林罗郑梁谢宋唐许邓冯韩曹曾彭萧蔡潘田董袁于余叶"
GIVEN = (
    "思远",
    "静怡",
    "文博",
    "雅琴",
    "志强",
    "佩兰",
    "建平",
    "晓岚",
    "明哲",
    "秋实",
    "若水",
    "景行",
    "书涵",
    "致和",
    "清扬",
    "嘉树",
)
PLACES = ("澄湖", "云汀", "望江", "松岑", "临浦", "青屿", "南浦", "石渠")
EMPLOYERS = {
    C.PERFORMANCE: ("财经研究院", "公共绩效研究中心", "政策评估中心", "预算绩效学会"),
    C.INDUSTRY: ("行业协会", "规划设计院", "事业发展中心", "技术服务中心"),
    C.FINANCE: ("会计师事务所", "会计学会", "国资财务中心"),
    C.LAW: ("律师协会",),
    C.INFORMATION: ("数据科学研究所",),
    C.COST: ("工程造价协会",),
    C.SCHOLAR: ("大学公共管理学院", "财经大学", "师范大学"),
    C.CONGRESS: ("人大代表联络站",),
    C.CPPCC: ("政协委员工作室",),
    C.AUDIT: ("内部审计协会",),
    C.DISCIPLINE: ("廉政研究会",),
}
TITLES = {C.SCHOLAR: ("教授", "副教授"), C.FINANCE: ("高级会计师", "注册会计师"), C.INDUSTRY: ("高级工程师", "研究员")}
COUNTS = {
    C.PERFORMANCE: 38,
    C.INDUSTRY: 58,
    C.FINANCE: 18,
    C.LAW: 5,
    C.INFORMATION: 5,
    C.COST: 5,
    C.SCHOLAR: 18,
    C.CONGRESS: 3,
    C.CPPCC: 2,
    C.AUDIT: 6,
    C.DISCIPLINE: 2,
}
"""160 experts by their first category."""

ENDING = {40: 690, 52: 670, 64: 655, 76: 640, 88: 720}
"""Experts appointed long ago, so that their term ends soon or has ended: by number, days before admission."""


@dataclass(frozen=True)
class Knowledge:
    """What somebody of a field knows: divisions, class of expenditure, a word of the department's name, speciality."""

    divisions: tuple[str, ...]
    function: BudgetFunction
    department: str
    speciality: str


KNOWS = {
    F.P: Knowledge(("83",), BudgetFunction.EDUCATION, "教育", "义务教育均衡、校舍建设和生均经费绩效"),
    F.Q: Knowledge(("84", "85"), BudgetFunction.HEALTH, "卫生", "社区卫生服务能力和公共卫生项目绩效"),
    F.S: Knowledge(("92", "94"), BudgetFunction.GENERAL, "民政", "财政支出绩效评价和部门整体绩效"),
    F.A: Knowledge(("01", "05"), BudgetFunction.FARMING, "农业", "农业补贴、农田建设和农民增收绩效"),
    F.N: Knowledge(("77", "78"), BudgetFunction.ENVIRONMENT, "应急", "河道治理、绿化和市容环境绩效"),
    F.E: Knowledge(("47", "48"), BudgetFunction.URBAN, "应急", "工程造价、老旧小区改造和基建项目绩效"),
    F.I: Knowledge(("64", "65"), BudgetFunction.SCIENCE, "公安", "信息化建设、运维和数据共享项目绩效"),
    F.O: Knowledge(("80",), BudgetFunction.SOCIAL, "人力资源", "就业服务、职业培训和养老服务绩效"),
    F.R: Knowledge(("88", "89"), BudgetFunction.CULTURE, "教育", "公共文化、体育设施开放和文艺扶持绩效"),
    F.M: Knowledge(("73", "74"), BudgetFunction.SCIENCE, "市场监管", "科技创新扶持和检验检测项目绩效"),
    F.G: Knowledge(("54",), BudgetFunction.TRANSPORT, "公安", "公共交通补贴和道路养护绩效"),
    F.L: Knowledge(("72",), BudgetFunction.COMMERCE, "市场监管", "产业扶持资金和会展服务绩效"),
}
FIELDS = (F.P, F.Q, F.S, F.A, F.N, F.E, F.I, F.O, F.R, F.M, F.G, F.L)


def add_experts(uow: UnitOfWork, world: Stage) -> None:
    """Admit 160 invented experts; the first few are among the users one may become."""
    departments = [one.name for one in units(uow)]
    people = iter(_names(world, sum(COUNTS.values())))
    number = 0
    for category, count in COUNTS.items():
        for place in range(count):
            number += 1
            entry = _entry(uow, world, next(people), category, (number, place))
            known = KNOWS[FIELDS[place % len(FIELDS)]]
            names = tuple(one for one in departments if known.department in one)
            expert = admit_expert(uow, replace(entry, departments=names))
            if number % 12 == 1:
                world.users[f"expert{number}"] = expert.user


def _names(world: Stage, count: int) -> Sequence[str]:
    every = [surname + given for surname in SURNAMES for given in GIVEN]
    world.random.shuffle(every)
    return every[:count]


def _entry(uow: UnitOfWork, world: Stage, name: str, category: Category, numbers: tuple[int, int]) -> ExpertEntry:
    number, place = numbers
    kinds = EMPLOYERS[category]
    field = FIELDS[place % len(FIELDS)]
    categories = [category]
    if category is C.SCHOLAR and place % 3 == 0:
        categories.append(C.PERFORMANCE)
    if category is C.PERFORMANCE and place % 6 == 0:
        categories.append(C.FINANCE)
    appointed = uow.today - timedelta(days=ENDING.get(number, 10 * (place % 12)))
    born = uow.today.year - world.random.randint(36, 63)
    retired = number % 17 == 0
    return ExpertEntry(
        name=name,
        email=f"expert{number}@chenghu.example",
        telephone=f"1390000{1000 + 7 * number}",
        employer=f"{PLACES[place % len(PLACES)]}{kinds[place % len(kinds)]}{'' if place < 8 else place // 8 + 1}",
        position="",
        professional_title=TITLES.get(category, ("高级经济师", "研究员"))[place % 2],
        birth_year=born,
        field_since=born + 25,
        industries=(field, FIELDS[(place + 5) % len(FIELDS)]) if category is C.INDUSTRY else (field,),
        categories=tuple(categories),
        appointed_on=appointed,
        appointed_until=date(appointed.year + 3, appointed.month, min(appointed.day, 28)),
        district=f"{PLACES[(place + 1) % len(PLACES)]}区",
        speciality=KNOWS[field].speciality,
        gender=Gender.WOMAN if number % 5 in (1, 3) else Gender.MAN,
        education=(Education.DOCTOR, Education.MASTER, Education.BACHELOR)[number % 3],
        is_retired=retired,
        divisions=tuple(Division(one) for one in KNOWS[field].divisions),
        functions=(KNOWS[field].function,),
        route=tuple(EntryRoute)[number % 3],
    )
