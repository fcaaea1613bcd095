"""The pool as a table: XLSX or CSV in with a preview, XLSX out."""

from __future__ import annotations

from collections.abc import Iterable

from core.i18n import Language
from core.spreadsheets import (
    CellRefused,
    Column,
    Message,
    Preview,
    date_cell,
    export_xlsx,
    preview_table,
    template_xlsx,
    whole_cell,
)
from core.spreadsheets.columns import Cell
from experts.models import Expert
from experts.services.pool import ExpertEntry
from experts.states import Category
from projects.states import Industry

CATEGORY_NAMES = {
    Category.PERFORMANCE: "绩效管理",
    Category.INDUSTRY: "行业",
    Category.FINANCE: "财务会计",
    Category.LAW: "法律",
    Category.INFORMATION: "信息化",
    Category.COST: "工程造价",
    Category.SCHOLAR: "高校学者",
    Category.CONGRESS: "人大代表",
    Category.CPPCC: "政协委员",
    Category.AUDIT: "审计",
    Category.DISCIPLINE: "纪检监察",
}
_BY_NAME = {name: one for one, name in CATEGORY_NAMES.items()}


def _parts(text: str) -> list[str]:
    for sign in "，,；;/":
        text = text.replace(sign, "、")
    return [part.strip() for part in text.split("、") if part.strip()]


def _categories(text: str) -> tuple[Category, ...]:
    unknown = [part for part in _parts(text) if part not in _BY_NAME]
    if unknown:
        names = "、".join(_BY_NAME)
        raise CellRefused(
            f"不认识的类别“{unknown[0]}”；可用：{names}。", f"“{unknown[0]}” is no category; known are: {names}."
        )
    return tuple(_BY_NAME[part] for part in _parts(text))


def _industries(text: str) -> tuple[Industry, ...]:
    letters = [part.upper()[:1] for part in _parts(text)]
    known = {one.value for one in Industry}
    unknown = [letter for letter in letters if letter not in known]
    if unknown:
        raise CellRefused(
            f"“{unknown[0]}”不是 GB/T 4754 的门类字母（A 至 T）。", f"“{unknown[0]}” is no GB/T 4754 section (A to T)."
        )
    return tuple(Industry(letter) for letter in letters)


def _email(text: str) -> str:
    if "@" not in text.strip("@") or " " in text:
        raise CellRefused("请填写邮箱地址。", "Write an e-mail address.")
    return text.lower()


COLUMNS = (
    Column("name", "姓名", "Name", limit=40, width=12),
    Column("email", "邮箱", "E-mail", parse=_email, limit=120, width=26),
    Column("telephone", "电话", "Telephone", required=False, limit=40),
    Column("employer", "工作单位", "Employer", limit=80, width=28),
    Column("position", "职务", "Position", required=False, limit=60),
    Column("professional_title", "职称", "Professional title", limit=60),
    Column("birth_year", "出生年份", "Year of birth", parse=whole_cell, kind="number", width=10),
    Column(
        "categories",
        "专家类别",
        "Categories",
        parse=_categories,
        width=24,
        note=Message("多个类别用顿号分开，如：绩效管理、高校学者", "several are parted by 、"),
    ),
    Column(
        "industries",
        "行业门类",
        "Industries",
        parse=_industries,
        required=False,
        note=Message("GB/T 4754 门类字母，如：P、Q", "letters of GB/T 4754 sections, such as P、Q"),
    ),
    Column("speciality", "专长", "Speciality", required=False, limit=200, width=30),
    Column("district", "所在区", "District", required=False, limit=40),
    Column("appointed_on", "聘期开始", "Appointed on", parse=date_cell, kind="date"),
    Column("appointed_until", "聘期结束", "Appointed until", parse=date_cell, kind="date"),
    Column(
        "field_since",
        "从业起始年份",
        "In the field since",
        parse=whole_cell,
        required=False,
        kind="number",
        width=12,
        note=Message("中级职称参加采购评审时必填", "needed beside an intermediate title to judge bids"),
    ),
)


def read_sheet(data: bytes) -> tuple[Preview, list[ExpertEntry]]:
    """Read an uploaded table; the entries are empty unless every cell is right. Raises `Unreadable`."""
    preview = preview_table(data, COLUMNS)
    if not preview.clean:
        return preview, []
    return preview, [
        ExpertEntry(
            **{name: value for name, value in row.items() if value is not None}
            | {"industries": row["industries"] or ()}
        )
        for row in preview.rows
    ]


def export_sheet(experts: Iterable[Expert], language: Language = "zh") -> bytes:
    """Return the experts as XLSX in the columns that the import reads."""
    rows: list[dict[str, Cell]] = [
        {
            "name": one.user.name,
            "email": one.user.email,
            "telephone": one.user.telephone,
            "employer": one.employer,
            "position": one.position,
            "professional_title": one.professional_title,
            "birth_year": one.birth_year,
            "field_since": one.field_since,
            "categories": "、".join(CATEGORY_NAMES[kind] for kind in one.category_labels),
            "industries": "、".join(one.industries),
            "speciality": one.speciality,
            "district": one.district,
            "appointed_on": one.appointed_on,
            "appointed_until": one.appointed_until,
        }
        for one in experts
    ]
    return export_xlsx(COLUMNS, rows, title="专家库", language=language)


def template_sheet() -> bytes:
    """Return the empty sheet with its explanations."""
    return template_xlsx(COLUMNS, title="专家库")
