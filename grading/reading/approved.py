"""The approved indicator system as an XLSX sheet: 一级指标, 二级指标, 三级指标, 权重, 目标值, 评分标准."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path

from grading.reading.refusal import refusal
from grading.reading.splicing import squeeze

COLUMNS = {"level1": "一级指标", "level2": "二级指标", "name": "三级指标", "weight": "权重", "target": "目标值"}


@dataclass(frozen=True)
class ApprovedIndicator:
    """One third-level indicator as it was approved; `weight` None where the cell is empty."""

    name: str
    level1: str
    weight: Decimal | None
    target: str


def read_approved(path: Path) -> tuple[ApprovedIndicator, ...]:
    """Read the sheet; merged group cells count for every row they cover.

    Raises `Unreadable` where the file is no such sheet.
    """
    from openpyxl import load_workbook

    try:
        book = load_workbook(path, read_only=False, data_only=True)
        sheet = book.worksheets[0]
        rows = [[("" if one is None else str(one)).strip() for one in row] for row in sheet.iter_rows(values_only=True)]
    except Exception as error:
        raise refusal("approved") from error
    head = next((number for number, row in enumerate(rows) if COLUMNS["name"] in map(squeeze, row)), None)
    if head is None:
        raise refusal("approved")
    titles = [squeeze(one) for one in rows[head]]
    place = {key: titles.index(title) for key, title in COLUMNS.items() if title in titles}
    found, level1 = [], ""
    for row in rows[head + 1 :]:
        level1 = row[place["level1"]] if "level1" in place and row[place["level1"]] else level1
        name = squeeze(row[place["name"]])
        if name and not name.endswith(("合计", "小计")):
            target = row[place["target"]] if "target" in place else ""
            found.append(ApprovedIndicator(name, squeeze(level1), _weight(row, place), target))
    if not found:
        raise refusal("approved")
    return tuple(found)


def _weight(row: list[str], place: dict[str, int]) -> Decimal | None:
    text = row[place["weight"]].removesuffix("分").removesuffix("%") if "weight" in place else ""
    try:
        return Decimal(text).normalize() if text else None
    except InvalidOperation:
        return None
