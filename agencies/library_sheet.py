"""The library as a table: XLSX or CSV in with a preview, XLSX out; what is exported reads back the same."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from openpyxl.utils import get_column_letter

from agencies.models import Agency
from agencies.states import AgencyKind
from core.errors import Refusal
from core.i18n import Language, Text, _l
from core.identity.uscc import is_uscc
from core.spreadsheets import (
    CellError,
    CellRefused,
    Column,
    Limits,
    Message,
    Preview,
    date_cell,
    export_xlsx,
    preview_table,
    template_xlsx,
    whole_cell,
)
from core.spreadsheets.columns import Cell
from projects.states import Sector

LIMITS = Limits(size=2 * 1024 * 1024, rows=5000, columns=30)
KIND_NAMES = {
    AgencyKind.CONSULTING: "专业咨询机构",
    AgencyKind.ACCOUNTING: "会计师事务所",
    AgencyKind.APPRAISAL: "资产评估机构",
    AgencyKind.LAW: "律师事务所",
    AgencyKind.RESEARCH: "科研院所",
    AgencyKind.UNIVERSITY: "高等院校",
}
FIELD_NAMES = {
    Sector.FARMERS: "农民增收",
    Sector.EMPLOYMENT: "劳动就业",
    Sector.EDUCATION: "义务教育",
    Sector.SOCIAL_SECURITY: "社会保障",
    Sector.PUBLIC_SAFETY: "公共安全",
}
LISTED_FIELDS = "、".join(FIELD_NAMES.values())


@dataclass(frozen=True)
class AgencyEntry:
    """One row: an agency as the bureau's table has it. `uscc` says which; empty cells leave alone what is known."""

    uscc: str
    name: str
    kind: AgencyKind
    fields: tuple[Sector, ...]
    legal_representative: str
    founded_on: date | None = None
    staff: int | None = None
    address: str | None = None
    telephone: str | None = None
    leads: tuple[tuple[str, str], ...] = field(default=())
    """Names of lead evaluators with their qualification."""
    admitted_on: date | None = None


def _parts(text: str) -> list[str]:
    for sign in "，,；;/":
        text = text.replace(sign, "、")
    return [part.strip() for part in text.split("、") if part.strip()]


def _code(text: str) -> str:
    code = text.upper().replace(" ", "")
    if not is_uscc(code):
        raise CellRefused(
            "不是有效的统一社会信用代码：应为 18 位且校验位相符。",
            "This is no valid credit code: 18 signs whose last one checks the others.",
        )
    return code


def _kind(text: str) -> AgencyKind:
    found = {name: one for one, name in KIND_NAMES.items()}.get(text)
    if found is None:
        listed = "、".join(KIND_NAMES.values())
        raise CellRefused(
            f"不认识的机构类型“{text}”；可用：{listed}。",
            f"“{text}” is no kind of agency; known are: {listed}.",
        )
    return found


def _fields(text: str) -> tuple[Sector, ...]:
    by_name = {name: one for one, name in FIELD_NAMES.items()}
    unknown = [part for part in _parts(text) if part not in by_name]
    if unknown:
        listed = "、".join(by_name)
        raise CellRefused(
            f"不认识的领域“{unknown[0]}”；可用：{listed}。",
            f"“{unknown[0]}” is no field; known are: {listed}.",
        )
    return tuple(dict.fromkeys(by_name[part] for part in _parts(text)))


def _staff(text: str) -> int:
    number = whole_cell(text)
    if not 0 <= number <= 1_000_000:
        raise CellRefused("请填写 0 至 1,000,000 的整数。", "Write a whole number from 0 to 1,000,000.")
    return number


def _leads(text: str) -> tuple[tuple[str, str], ...]:
    found = []
    for part in _parts(text.replace("(", "（").replace(")", "）")):
        name, _bracket, rest = part.partition("（")
        if not name.strip() or (rest and not rest.endswith("）")):
            raise CellRefused(
                f"请把“{part}”写成“姓名（资格）”。",
                f"Write “{part}” as “name (qualification)”.",
            )
        found.append((name.strip(), rest.removesuffix("）").strip()))
    return tuple(dict.fromkeys(found))


COLUMNS = (
    Column(
        "uscc",
        "统一社会信用代码",
        "Credit code",
        parse=_code,
        limit=40,
        width=24,
        note=Message("已在库的按它更新", "those in the library are updated by it"),
        rule_id="R-AGENCY-03",
    ),
    Column("name", "机构名称", "Name", limit=120, width=36, rule_id="R-AGENCY-03"),
    Column(
        "kind",
        "机构类型",
        "Kind",
        parse=_kind,
        choices=tuple(KIND_NAMES.values()),
        width=16,
        rule_id="R-AGENCY-01",
    ),
    Column(
        "fields",
        "擅长领域",
        "Fields",
        parse=_fields,
        width=28,
        note=Message(f"多个领域用顿号分开：{LISTED_FIELDS}", f"several are parted by 、: {LISTED_FIELDS}"),
        rule_id="R-AGENCY-03",
    ),
    Column(
        "legal_representative",
        "法定代表人或首席合伙人",
        "Legal representative",
        limit=60,
        width=20,
        rule_id="R-AGENCY-03",
    ),
    Column("founded_on", "成立日期", "Founded on", parse=date_cell, required=False, kind="date", rule_id="R-AGENCY-03"),
    Column("staff", "从业人员", "Staff", parse=_staff, required=False, kind="number", width=10, rule_id="R-AGENCY-03"),
    Column("address", "地址", "Address", required=False, limit=200, width=36, rule_id="R-AGENCY-03"),
    Column("telephone", "电话", "Telephone", required=False, limit=40, rule_id="R-AGENCY-03"),
    Column(
        "leads",
        "主评人",
        "Lead evaluators",
        parse=_leads,
        required=False,
        limit=1000,
        width=40,
        note=Message(
            "如：陈思远（注册会计师）、吴佳宁（高级经济师）；只添加，不删除",
            "such as 陈思远（注册会计师）; names are added, none is taken out",
        ),
        rule_id="R-LEAD-01",
    ),
    Column(
        "admitted_on",
        "入库日期",
        "Admitted on",
        parse=date_cell,
        required=False,
        kind="date",
        note=Message("不填为今天；已在库的不在这里改", "left empty: today; not changed for those in the library"),
        rule_id="R-AGENCY-03",
    ),
)
TITLES: Mapping[str, Text] = {
    "name": _l("机构名称"),
    "kind": _l("机构类型"),
    "fields": _l("擅长领域"),
    "legal_representative": _l("法定代表人或首席合伙人"),
    "founded_on": _l("成立日期"),
    "staff": _l("从业人员"),
    "address": _l("地址"),
    "telephone": _l("电话"),
    "leads": _l("主评人"),
}
"""What may change, as a preview names it."""


def read_library_sheet(data: bytes) -> tuple[Preview, list[AgencyEntry]]:
    """Read an uploaded table; the entries are empty unless every cell is right. Raises `Unreadable`."""
    preview = preview_table(data, COLUMNS, LIMITS)
    if not preview.clean:
        return preview, []
    rows: list[dict[str, Any]] = preview.rows
    return preview, [AgencyEntry(**{key: value for key, value in row.items() if value is not None}) for row in rows]


def refused_cells(preview: Preview, row: int, refusals: Iterable[Refusal]) -> list[CellError]:
    """Return what a rule refused in the row-th entry, at the cells of its fields, with the rule."""
    number, found = preview.row_numbers[row], []
    for one in refusals:
        key = one.field if one.field in preview.places else "uscc"
        place = preview.places[key or "uscc"]
        words = f"{one.reason}（{one.rule_id}）" if one.rule_id else str(one.reason)
        value = preview.rows[row].get(key or "uscc")
        shown = str(value) if isinstance(value, str | int | date) else ""
        cell = f"{get_column_letter(place)}{number}"
        found.append(CellError(preview.sheet, number, place, cell, Message(words, words), shown))
    return found


def export_library_sheet(agencies: Iterable[Agency], language: Language = "zh") -> bytes:
    """Return the agencies as XLSX in the columns that the import reads."""
    rows: list[dict[str, Cell]] = [
        {
            "uscc": one.organisation.uscc,
            "name": one.organisation.name,
            "kind": KIND_NAMES[one.kind],
            "fields": "、".join(FIELD_NAMES[sector] for sector in one.sectors),
            "legal_representative": one.legal_representative,
            "founded_on": one.founded_on,
            "staff": one.staff,
            "address": one.organisation.address,
            "telephone": one.organisation.telephone,
            "leads": "、".join(
                f"{lead.name}（{lead.qualification}）" if lead.qualification else lead.name for lead in one.leads
            ),
            "admitted_on": one.admitted_on,
        }
        for one in agencies
    ]
    return export_xlsx(COLUMNS, rows, title="机构库", language=language)


def template_sheet() -> bytes:
    """Return the empty table with its explanations."""
    return template_xlsx(COLUMNS, title="机构库")
