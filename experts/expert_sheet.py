"""The pool as a table: XLSX or CSV in with a preview, XLSX out; what is exported reads back the same."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

from openpyxl.utils import get_column_letter

from core.errors import Refusal
from core.i18n import Language
from core.spreadsheets import (
    CellError,
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
from core.states import Titled
from experts.entries import ExpertEntry
from experts.models import Expert
from experts.states import BudgetFunction, Category, Division, Education, EntryRoute, Gender
from projects.states import Industry

T = TypeVar("T", bound=Titled)

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
GENDER_NAMES = {Gender.WOMAN: "女", Gender.MAN: "男"}
EDUCATION_NAMES = {
    Education.DOCTOR: "博士",
    Education.MASTER: "硕士",
    Education.BACHELOR: "本科",
    Education.OTHER: "本科以下",
}
ROUTE_NAMES = {
    EntryRoute.APPLICATION: "本人申请",
    EntryRoute.RECOMMENDATION: "单位推荐",
    EntryRoute.INVITATION: "本局邀请",
}
RETIRED = "退休"
IN_POST = "在职"


def _parts(text: str) -> list[str]:
    for sign in "，,；;/":
        text = text.replace(sign, "、")
    return [part.strip() for part in text.split("、") if part.strip()]


def _named(names: Mapping[T, str], zh: str, en: str) -> Callable[[str], T]:
    """Return what reads one of these names; `zh` and `en` say what kind of thing it should be."""
    by_name = {name: one for one, name in names.items()}

    def read(text: str) -> T:
        if text not in by_name:
            listed = "、".join(by_name)
            raise CellRefused(f"不认识的{zh}“{text}”；可用：{listed}。", f"“{text}” is no {en}; known are: {listed}.")
        return by_name[text]

    return read


def _categories(text: str) -> tuple[Category, ...]:
    read = _named(CATEGORY_NAMES, "类别", "category")
    return tuple(read(part) for part in _parts(text))


def _industries(text: str) -> tuple[Industry, ...]:
    letters = [part.upper()[:1] for part in _parts(text)]
    known = {one.value for one in Industry}
    unknown = [letter for letter in letters if letter not in known]
    if unknown:
        raise CellRefused(
            f"“{unknown[0]}”不是 GB/T 4754 的门类字母（A 至 T）。", f"“{unknown[0]}” is no GB/T 4754 section (A to T)."
        )
    return tuple(Industry(letter) for letter in letters)


def _coded(members: type[T], length: int, zh: str, en: str) -> Callable[[str], tuple[T, ...]]:
    """Return what reads a list of codes; what stands behind a code (83 教育) is left aside."""

    def read(text: str) -> tuple[T, ...]:
        codes = [part[:length].zfill(length) for part in _parts(text)]
        known = {one.value for one in members}
        unknown = [code for code in codes if code not in known]
        if unknown:
            raise CellRefused(f"“{unknown[0]}”不是{zh}。", f"“{unknown[0]}” is no {en}.")
        return tuple(members(code) for code in codes)

    return read


def _email(text: str) -> str:
    if "@" not in text.strip("@") or " " in text:
        raise CellRefused("请填写邮箱地址。", "Write an e-mail address.")
    return text.lower()


def _retired(text: str) -> bool:
    if text not in (RETIRED, IN_POST):
        raise CellRefused(f"请填写“{IN_POST}”或“{RETIRED}”。", f"Write “{IN_POST}” (in post) or “{RETIRED}” (retired).")
    return text == RETIRED


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
    Column("speciality", "专长", "Speciality", required=False, limit=500, width=30),
    Column("district", "所在区", "District", required=False, limit=40),
    Column("appointed_on", "聘期开始", "Appointed on", parse=date_cell, kind="date"),
    Column(
        "appointed_until",
        "聘期结束",
        "Appointed until",
        parse=date_cell,
        kind="date",
        note=Message("已在库的专家不在这里改聘期，请用续聘", "terms of those in the pool are renewed elsewhere"),
    ),
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
    Column("gender", "性别", "Gender", parse=_named(GENDER_NAMES, "性别", "gender"), required=False, width=8),
    Column(
        "education", "学历", "Education", parse=_named(EDUCATION_NAMES, "学历", "education"), required=False, width=10
    ),
    Column("is_retired", "在职状态", "In post", parse=_retired, required=False, width=10),
    Column(
        "divisions",
        "行业大类",
        "Divisions",
        parse=_coded(Division, 2, " GB/T 4754 的大类代码（01 至 97）", "GB/T 4754 division (01 to 97)"),
        required=False,
        note=Message("两位大类代码，如：83、84", "two-digit codes such as 83、84"),
    ),
    Column(
        "functions",
        "支出功能",
        "Functions",
        parse=_coded(BudgetFunction, 3, "支出功能分类的类级代码", "class of expenditure"),
        required=False,
        note=Message("支出功能分类类级代码，如：205、208", "codes of classes of expenditure such as 205、208"),
    ),
    Column(
        "departments",
        "熟悉部门",
        "Departments",
        parse=lambda text: tuple(_parts(text)),
        required=False,
        limit=500,
        width=28,
        note=Message("预算单位全称，用顿号分开", "full names of budget units, parted by 、"),
    ),
    Column("route", "入库途径", "Route", parse=_named(ROUTE_NAMES, "入库途径", "route"), required=False, width=12),
)
DEFAULTS = {"industries": (), "divisions": (), "functions": (), "departments": ()}


def read_sheet(data: bytes) -> tuple[Preview, list[ExpertEntry]]:
    """Read an uploaded table; the entries are empty unless every cell is right. Raises `Unreadable`."""
    preview = preview_table(data, COLUMNS)
    if not preview.clean:
        return preview, []
    return preview, [
        ExpertEntry(**{**DEFAULTS, **{name: value for name, value in row.items() if value is not None}})
        for row in preview.rows
    ]


def refused_cells(preview: Preview, row: int, refusals: Iterable[Refusal]) -> list[CellError]:
    """Return what a rule refused in the row-th entry, at the cells of its fields."""
    number, found = preview.row_numbers[row], []
    for one in refusals:
        key = one.field if one.field in preview.places else "name"
        place = preview.places[key or "name"]
        words = f"{one.reason}（{one.rule_id}）" if one.rule_id else str(one.reason)
        value = preview.rows[row].get(key or "name")
        cell = f"{get_column_letter(place)}{number}"
        shown = str(value) if isinstance(value, str | int) else ""
        found.append(CellError(preview.sheet, number, place, cell, Message(words, words), shown))
    return found


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
            "gender": GENDER_NAMES[one.gender] if one.gender else "",
            "education": EDUCATION_NAMES[one.education] if one.education else "",
            "is_retired": RETIRED if one.is_retired else IN_POST,
            "categories": "、".join(CATEGORY_NAMES[kind] for kind in one.category_labels),
            "industries": "、".join(one.industries),
            "divisions": "、".join(one.divisions),
            "functions": "、".join(one.functions),
            "departments": "、".join(unit.name for unit in one.departments),
            "speciality": one.speciality,
            "district": one.district,
            "route": ROUTE_NAMES[one.route],
            "appointed_on": one.appointed_on,
            "appointed_until": one.appointed_until,
        }
        for one in experts
    ]
    return export_xlsx(COLUMNS, rows, title="专家库", language=language)


def template_sheet() -> bytes:
    """Return the empty sheet with its explanations."""
    return template_xlsx(COLUMNS, title="专家库")
