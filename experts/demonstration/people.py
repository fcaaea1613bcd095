"""160 invented experts of the pool."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from core.unit_of_work import UnitOfWork
from experts.demonstration.stage import Stage
from experts.services.pool import ExpertEntry, admit_expert
from experts.states import Category
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

FIELDS = (F.P, F.Q, F.S, F.A, F.N, F.E, F.I, F.O, F.R, F.M, F.G, F.L)


def add_experts(uow: UnitOfWork, world: Stage) -> None:
    """Admit 160 invented experts; the first few are among the users one may become."""
    people = iter(_names(world, sum(COUNTS.values())))
    number = 0
    for category, count in COUNTS.items():
        for place in range(count):
            number += 1
            expert = admit_expert(uow, _entry(uow, world, next(people), category, (number, place)))
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
    appointed = uow.today - timedelta(days=10 * (place % 12))
    born = uow.today.year - world.random.randint(36, 63)
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
        speciality=f"{field.value} 类项目绩效评价",
    )
