"""Invented places, agencies and documents."""

from __future__ import annotations

from numpy.random import Generator

from grading.synthesis.chance import draw, shares, some, whole

PLACES = (
    "望澜区",
    "宁溪县",
    "潞平区",
    "栖川县",
    "安沅区",
    "青砚区",
    "云浦岭区",
    "沐河湾县",
    "柏陵区",
    "锦岫县",
    "汀洲湾区",
    "泽衡县",
)
TOWNS = (
    "东临",
    "西陂",
    "南荇",
    "北岑",
    "上塬",
    "下溪",
    "长桥",
    "白沙渡",
    "松岗",
    "梅坞",
    "石泉",
    "柳浦",
    "青塘",
    "双井",
    "龙头岭",
    "新圩",
)
FIRST = ("衡信", "致远博", "瑞明", "中策", "弘鉴", "天勤", "金算", "华睿", "信诚达", "正则", "同衡", "远鉴")
KINDS = (
    "会计师事务所（普通合伙）",
    "会计师事务所（特殊普通合伙）",
    "管理咨询有限公司",
    "工程咨询有限公司",
    "绩效评价有限公司",
)
AGENCIES = tuple(f"{first}{kind}" for first in FIRST for kind in KINDS)
MARKS = ("财绩", "财预", "政办发", "财评")


def document_number(rng: Generator, place: str, year: int) -> str:
    """The number of an invented local paper, such as 宁财绩〔2021〕3号."""
    return f"{place[0]}{draw(rng, MARKS)}〔{year}〕{whole(rng, 2, 96)}号"


def spread(rng: Generator, total: int) -> tuple[tuple[str, int], ...]:
    """A count spread over some towns of the district; the parts add to the total."""
    count = min(whole(rng, 4, 7), total)
    towns = some(rng, TOWNS, count)
    return tuple(
        (f"{town}{draw(rng, ('镇', '乡', '街道'))}", part)
        for town, part in zip(towns, shares(rng, total, count), strict=True)
    )
