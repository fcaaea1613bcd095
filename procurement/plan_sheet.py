"""A plan's items as a table: XLSX or CSV in with a preview, XLSX out in the same columns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import partial

from core.i18n import Language
from core.spreadsheets import (
    CellRefused,
    Column,
    Limits,
    Message,
    Preview,
    amount_cell,
    export_xlsx,
    preview_table,
    template_xlsx,
)
from core.spreadsheets.columns import Cell
from procurement.models import Plan
from procurement.services.planning import PlanItemEntry
from procurement.states import Category, Method
from projects.models import Project

CATEGORIES = {
    Category.EVALUATION: "绩效评价服务",
    Category.EX_ANTE: "事前绩效评估服务",
    Category.REVIEW: "评审论证服务",
    Category.AUDIT: "会计审计服务",
    Category.CONSULTING: "其他咨询服务",
}
METHODS = {
    Method.OPEN_TENDER: "公开招标",
    Method.INVITED_TENDER: "邀请招标",
    Method.CONSULTATION: "竞争性磋商",
    Method.NEGOTIATION: "竞争性谈判",
    Method.QUOTATION: "询价",
    Method.SINGLE_SOURCE: "单一来源采购",
    Method.BELOW_LIMIT: "限额以下自行选定",
    Method.FRAMEWORK: "框架协议采购",
}
YES = {"是": True, "yes": True, "y": True, "1": True, "否": False, "no": False, "n": False, "0": False}
LIMITS = Limits(size=1024 * 1024, rows=300, columns=20)


def _category(text: str) -> Category:
    found = {name: one for one, name in CATEGORIES.items()}.get(text)
    if found is None:
        names = "、".join(CATEGORIES.values())
        raise CellRefused(f"没有“{text}”这个品目；可用：{names}。", f"“{text}” is no category; known are: {names}.")
    return found


def _method(text: str) -> Method:
    found = {name: one for one, name in METHODS.items()}.get(text)
    if found is None:
        names = "、".join(METHODS.values())
        raise CellRefused(f"没有“{text}”这种采购方式；可用：{names}。", f"“{text}” is no method; known are: {names}.")
    return found


def _yes(text: str) -> bool:
    if text.lower() not in YES:
        raise CellRefused("请填“是”或“否”。", "Write yes or no.")
    return YES[text.lower()]


def _month(year: int, text: str) -> date:
    digits = text.removesuffix("月").strip()
    month = int(digits) if digits.isascii() and digits.isdigit() else 0
    if not 1 <= month <= 12:
        raise CellRefused("请填写 1 至 12 的月份。", "Write a month from 1 to 12.")
    return date(year, month, 1)


def _projects(known: Mapping[str, Project], text: str) -> tuple[Project, ...]:
    for sign in "，,；; ":
        text = text.replace(sign, "、")
    codes = [part for part in text.split("、") if part]
    unknown = [code for code in codes if code not in known]
    if unknown:
        raise CellRefused(f"项目库里没有编号“{unknown[0]}”。", f"There is no project {unknown[0]} in the library.")
    return tuple(known[code] for code in dict.fromkeys(codes))


def columns(year: int, known: Mapping[str, Project]) -> tuple[Column, ...]:
    """Return the columns of a year's table; project codes are looked up in `known`."""
    return (
        Column("title", "采购项目名称", "Purchase", limit=120, width=36),
        Column("category", "采购品目", "Category", parse=_category, choices=tuple(CATEGORIES.values()), width=18),
        Column("amount", "预算金额（元）", "Estimated amount (yuan)", parse=amount_cell, kind="amount", width=16),
        Column("starts_on", "计划实施月份", "Month of start", parse=partial(_month, year), limit=4, width=12),
        Column("in_catalogue", "集中采购目录内", "In the catalogue", parse=_yes, required=False, choices=("是", "否")),
        Column(
            "method",
            "采购方式",
            "Method",
            parse=_method,
            required=False,
            choices=tuple(METHODS.values()),
            note=Message("不填时按金额、目录和年度标准建议", "left empty, the proposed method is taken"),
        ),
        Column("method_reason", "改用其他方式的理由", "Reason for another method", required=False, width=30),
        Column(
            "projects",
            "被评价项目编号",
            "Project codes",
            parse=partial(_projects, known),
            required=False,
            width=30,
            note=Message("多个编号用顿号分开", "several are parted by 、"),
        ),
        Column("need", "需求概况", "Need", required=False, limit=2000, width=40),
    )


def read_plan_sheet(data: bytes, year: int, known: Mapping[str, Project]) -> tuple[Preview, list[PlanItemEntry]]:
    """Read an uploaded table; the entries are empty unless every cell is right. Raises `Unreadable`."""
    preview = preview_table(data, columns(year, known), LIMITS)
    if not preview.clean:
        return preview, []
    return preview, [
        PlanItemEntry(**{name: value for name, value in row.items() if value is not None}) for row in preview.rows
    ]


def export_plan_sheet(plan: Plan, language: Language = "zh") -> bytes:
    """Return the plan's items as XLSX in the columns that the import reads."""
    rows: list[dict[str, Cell]] = [
        {
            "title": one.title,
            "category": CATEGORIES[one.category],
            "amount": one.amount,
            "starts_on": one.starts_on.month,
            "in_catalogue": "是" if one.in_catalogue else "否",
            "method": METHODS[one.method],
            "method_reason": one.method_reason,
            "projects": "、".join(project.code for project in one.projects),
            "need": one.need,
        }
        for one in plan.items
    ]
    return export_xlsx(columns(plan.year, {}), rows, title=f"{plan.year}年采购计划", language=language)


def plan_template(year: int) -> bytes:
    """Return the empty table with its explanations."""
    return template_xlsx(columns(year, {}), title=f"{year}年采购计划")


def known_projects(rows: Iterable[Project]) -> dict[str, Project]:
    """Return projects by their codes."""
    return {one.code: one for one in rows}
