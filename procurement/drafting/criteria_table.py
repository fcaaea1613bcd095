"""The editable table of criteria: what was typed, read row by row, with every fault at its cell."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from werkzeug.datastructures import MultiDict

from core.http.forms import FormError
from core.i18n import _
from procurement.models import Criterion
from procurement.services.drafting import CriterionEntry
from procurement.states import CriterionKind

COLUMNS = ("kind", "title", "maximum", "description", "bands")
_BAND = re.compile(r"^\s*(\d+(?:\.\d+)?(?:\s*[-–—~至]\s*\d+(?:\.\d+)?)?)\s*分?\s*[:：]\s*(.+?)\s*$")
MOST_ROWS = 60
Errors = dict[tuple[int, str], FormError]


@dataclass(frozen=True)
class TypedRow:
    """One row as typed; `bands` has one band a line, `points：text`."""

    kind: str = CriterionKind.SUBJECTIVE.value
    title: str = ""
    maximum: str = ""
    description: str = ""
    bands: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether nothing was typed beside the kind."""
        return not any((self.title, self.maximum, self.description, self.bands))


def rows_of(criteria: Sequence[Criterion]) -> list[TypedRow]:
    """Return stored criteria as rows to edit."""
    return [
        TypedRow(
            one.kind.value,
            one.title,
            "" if one.maximum is None else format(one.maximum.normalize(), "f"),
            one.description,
            "\n".join(f"{band['points']}：{band.get('text', '')}" for band in one.bands),
        )
        for one in criteria
    ]


def grade_row(most: Decimal) -> TypedRow:
    """Return a ready criterion about grades: within the cap, open to newcomers and other regions (R-GRADE.legal)."""
    full, middle, least = most, most * 3 / 5, most / 5
    return TypedRow(
        CriterionKind.OBJECTIVE.value,
        "机构等级或者同等证明",
        f"{full:g}",
        "以财政部门最近一次公布的机构等级为准；新进机构和其他地区的机构可以提交同等证明，如其他地区的考核结果、"
        "同类项目委托方的书面评价，由评审委员会按同一标准认定",
        f"{full:g}：A 级或者同等水平\n{middle:g}：B 级或者同等水平\n{least:g}：C 级或者同等水平\n0：未提供",
    )


def typed_rows(form: MultiDict[str, str]) -> list[TypedRow]:
    """Return the rows as they were sent."""
    columns = [form.getlist(name) for name in COLUMNS]
    return [TypedRow(*(cell.strip() for cell in cells)) for cells in zip(*columns, strict=False)][:MOST_ROWS]


def read_rows(rows: Sequence[TypedRow]) -> tuple[list[CriterionEntry], Errors]:
    """Return the criteria of the rows that are not empty, and every fault by row and column."""
    entries: list[CriterionEntry] = []
    errors: Errors = {}
    for place, row in enumerate(rows):
        if not row.is_empty:
            entries.append(_entry(place, row, errors))
    return entries, errors


def _entry(place: int, row: TypedRow, errors: Errors) -> CriterionEntry:
    kinds = {one.value: one for one in CriterionKind}
    kind = kinds.get(row.kind)
    if kind is None:
        errors[place, "kind"] = FormError(_("请选择评审方式"))
        kind = CriterionKind.SUBJECTIVE
    if not row.title:
        errors[place, "title"] = FormError(_("请填写评审因素"))
    if kind is CriterionKind.SUBSTANTIVE:
        if row.maximum or row.bands:
            errors[place, "maximum"] = FormError(_("实质性要求不计分，请清空分值和档次"), "R-EVAL-03")
        return CriterionEntry(kind, row.title, None, row.description)
    return CriterionEntry(kind, row.title, _points(place, row, errors), row.description, _bands(place, row, errors))


def _points(place: int, row: TypedRow, errors: Errors) -> Decimal:
    try:
        points = Decimal(row.maximum)
    except InvalidOperation:
        points = Decimal(0)
    if not points.is_finite() or not 0 < points <= 100 or points != points.quantize(Decimal("0.01")):
        errors[place, "maximum"] = FormError(_("请填写 0 至 100 的分值，至多两位小数"), "R-EVAL-02")
        return Decimal(0)
    return points


def _bands(place: int, row: TypedRow, errors: Errors) -> tuple[tuple[str, str], ...]:
    bands = []
    for line in filter(None, (line.strip() for line in row.bands.splitlines())):
        match = _BAND.match(line)
        if match is None:
            errors[place, "bands"] = FormError(_("每行写一档，如 8-10：方案完整"), "R-EVAL-02")
            break
        bands.append((re.sub(r"\s*[-–—~至]\s*", "-", match.group(1)), match.group(2)))
    return tuple(bands)
