"""The register as a file: its columns with what each means, and a line's values; CSV, XLSX and JSON say the same."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from agencies.queries.register import RegisterLine
from core.clock import SHANGHAI
from core.i18n import Language
from core.rules import Words
from core.spreadsheets import Column, Message
from core.spreadsheets.columns import Cell, Kind


@dataclass(frozen=True)
class RegisterColumn:
    """A column: its name in JSON, its heads, its type, what it means, how a line gives it."""

    key: str
    title: Words
    type: str
    meaning: Words
    value: Callable[[RegisterLine, Language], Cell]

    @property
    def column(self) -> Column:
        """The column of the table."""
        kinds: dict[str, Kind] = {"number": "number", "integer": "number", "date": "date"}
        note = Message(self.meaning.zh, self.meaning.en)
        return Column(self.key, self.title.zh, self.title.en, kind=kinds.get(self.type, "text"), note=note)


def _words(value: Any, language: Language) -> str:
    return str(value.en if language == "en" else value.zh)


def _of_line(name: str) -> Callable[[RegisterLine, Language], Cell]:
    def value(one: RegisterLine, _language: Language) -> Cell:
        found: Decimal | int | str | None = getattr(one.line, name) if one.line is not None else None
        return found

    return value


COLUMNS = (
    RegisterColumn(
        "id",
        Words("编号", "Id"),
        "string",
        Words("机构在本库的编号，不会改变", "the agency's id in this library; it never changes"),
        lambda one, _language: str(one.listing.agency_id),
    ),
    RegisterColumn(
        "name",
        Words("机构名称", "Name"),
        "string",
        Words("登记的全称", "the registered name"),
        lambda one, _language: one.listing.name,
    ),
    RegisterColumn(
        "uscc",
        Words("统一社会信用代码", "Credit code"),
        "string",
        Words("18 位；未登记的为空", "unified social credit code of 18 characters; empty where unknown"),
        lambda one, _language: one.listing.uscc,
    ),
    RegisterColumn(
        "kind",
        Words("机构类型", "Kind"),
        "string",
        Words(
            "consulting、accounting、appraisal、law、research、university 之一（R-AGENCY-01）",
            "one of consulting, accounting, appraisal, law, research, university (R-AGENCY-01)",
        ),
        lambda one, _language: one.listing.kind.value,
    ),
    RegisterColumn(
        "fields",
        Words("擅长领域", "Fields"),
        "string",
        Words("领域的代码，用分号分开", "codes of fields, parted by semicolons"),
        lambda one, _language: ";".join(one.listing.fields),
    ),
    RegisterColumn(
        "district",
        Words("所在区", "District"),
        "string",
        Words("从登记地址取得", "read from the registered address"),
        lambda one, _language: one.listing.district,
    ),
    RegisterColumn(
        "admitted_on",
        Words("入库日期", "Admitted on"),
        "date",
        Words("进入机构库的日期", "the day on which it entered the library"),
        lambda one, _language: one.listing.admitted_on,
    ),
    RegisterColumn(
        "standing",
        Words("在库状态", "Standing"),
        "string",
        Words(
            "in-library、suspended、left、removed 之一；只影响限额以下和框架协议的选定，不影响投标（R-GRADE.scope）",
            "one of in-library, suspended, left, removed; it never bars from bidding (R-GRADE.scope)",
        ),
        lambda one, _language: one.standing.standing.value,
    ),
    RegisterColumn(
        "standing_since",
        Words("状态起始", "Standing since"),
        "date",
        Words("暂停、退出或者移出的起始日期", "the first day of a suspension, leave or removal"),
        lambda one, _language: one.standing.cause.begins_on if one.standing.cause else None,
    ),
    RegisterColumn(
        "grade",
        Words("评级", "Grade"),
        "string",
        Words(
            "最近一次公布的年度评级：A、B、C、D；- 为样本不足不参评；空为尚未评级",
            "the latest published yearly grade: A, B, C, D; - not graded for too small a sample; empty: never graded",
        ),
        lambda one, _language: one.listing.grade.value if one.listing.grade else None,
    ),
    RegisterColumn(
        "grade_year",
        Words("评级年度", "Year of the grade"),
        "integer",
        Words("评级所属的年度", "the year the grade is for"),
        lambda one, _language: one.listing.year,
    ),
    RegisterColumn(
        "score",
        Words("年度得分", "Score"),
        "number",
        Words("0 至 100", "0 to 100"),
        lambda one, _language: one.listing.score,
    ),
    RegisterColumn(
        "tasks",
        Words("计入任务", "Tasks counted"),
        "integer",
        Words("计入年度得分的评价任务数", "evaluations that count in the year's score"),
        lambda one, _language: one.listing.tasks if one.listing.grade else None,
    ),
    RegisterColumn(
        "method",
        Words("评级办法", "Method"),
        "string",
        Words("算出评级的规则", "the rule set the grade was computed by"),
        lambda one, language: _words(one.line.method, language) if one.line else None,
    ),
    RegisterColumn(
        "method_version",
        Words("办法版本", "Version of the method"),
        "string",
        Words("规则的版本", "the rule set's version"),
        _of_line("version"),
    ),
    RegisterColumn(
        "weighted_mean",
        Words("加权平均", "Weighted mean"),
        "number",
        Words("各任务得分的加权平均，扣诚信分之前", "the tasks' weighted mean before honesty deductions"),
        _of_line("mean"),
    ),
    RegisterColumn(
        "honesty_deduction",
        Words("诚信扣分", "Honesty deduction"),
        "number",
        Words("年度得分中扣减的诚信分", "honesty points taken off the year's score"),
        _of_line("deducted"),
    ),
    RegisterColumn(
        "published_on",
        Words("公布日期", "Published on"),
        "date",
        Words("评级公布的日期（北京时间）", "the day of publication (Shanghai)"),
        lambda one, _language: one.published_at.astimezone(SHANGHAI).date() if one.published_at else None,
    ),
    RegisterColumn(
        "grade_id",
        Words("评级编号", "Id of the grade"),
        "string",
        Words(
            "/grades/编号 是计算经过，/grades/编号/public-record.json 是可以用 flask verify grade 核验的公开记录",
            "/grades/ID is the reckoning, /grades/ID/public-record.json the record for flask verify grade",
        ),
        lambda one, _language: str(one.listing.grade_id) if one.listing.grade_id else None,
    ),
)
"""The register's columns in their order."""


def rows_of(lines: Iterable[RegisterLine], language: Language) -> list[dict[str, Cell]]:
    """Return the lines as rows of the table."""
    return [{column.key: column.value(one, language) for column in COLUMNS} for one in lines]


def json_rows(lines: Iterable[RegisterLine], language: Language) -> list[dict[str, Any]]:
    """Return the lines as JSON has them: numbers as numbers, days as ISO dates, fields as a list, nothing as null."""
    found = []
    for row in rows_of(lines, language):
        plain: dict[str, Any] = {
            key: float(value) if isinstance(value, Decimal) else str(value) if hasattr(value, "isoformat") else value
            for key, value in row.items()
        }
        plain["fields"] = [one for one in str(row["fields"]).split(";") if one]
        found.append(plain)
    return found
