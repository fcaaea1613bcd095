"""Indicator systems as tables: the columns that `check-report --approved` reads too (FINDINGS)."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from core.spreadsheets import CellRefused, Column, Message, Preview, export_xlsx, preview_table, template_xlsx
from core.spreadsheets.columns import Cell
from projects.models import Indicator
from projects.services.systems import IndicatorEntry
from projects.states import Dimension, StandardKind

DIMENSIONS = {
    "决策": Dimension.DECISION,
    "过程": Dimension.PROCESS,
    "产出": Dimension.OUTPUT,
    "效益": Dimension.BENEFIT,
}
STANDARDS = {
    "计划标准": StandardKind.PLAN,
    "行业标准": StandardKind.INDUSTRY,
    "历史标准": StandardKind.HISTORY,
    "其他标准": StandardKind.OTHER,
}
DIMENSION_NAMES = {member: name for name, member in DIMENSIONS.items()}
STANDARD_NAMES = {member: name for name, member in STANDARDS.items()}


def _dimension(text: str) -> Dimension:
    found = DIMENSIONS.get(text.strip())
    if found is None:
        raise CellRefused(
            "一级指标须为决策、过程、产出或效益（R-PERF-04）",
            "the first level must be 决策, 过程, 产出 or 效益 (R-PERF-04)",
        )
    return found


def _standard(text: str) -> StandardKind:
    found = STANDARDS.get(text.strip() or "计划标准")
    if found is None:
        raise CellRefused(
            "评价标准须为计划标准、行业标准、历史标准或其他标准（R-PERF-05）",
            "the standard must be 计划标准, 行业标准, 历史标准 or 其他标准 (R-PERF-05)",
        )
    return found


def weight_of(text: str) -> Decimal:
    """Read a weight: more than 0, at most 100, at most two decimals. Raises `CellRefused` (R-PERF-02)."""
    typed = text.strip().removesuffix("%").removesuffix("分").strip()
    try:
        weight = Decimal(typed)
    except ArithmeticError as wrong:
        raise CellRefused("权重须是数字（R-PERF-02）", "the weight must be a number (R-PERF-02)") from wrong
    if not weight.is_finite() or not 0 < weight <= 100 or weight != weight.quantize(Decimal("0.01")):
        raise CellRefused(
            "权重须大于 0、不超过 100，最多两位小数（R-PERF-02）",
            "the weight must be more than 0, at most 100, with at most two decimals (R-PERF-02)",
        )
    return weight


COLUMNS = (
    Column("dimension", "一级指标", "Level 1", parse=_dimension, choices=tuple(DIMENSIONS), width=10),
    Column("second", "二级指标", "Level 2", limit=60),
    Column("third", "三级指标", "Level 3", limit=60, width=24),
    Column(
        "weight",
        "权重",
        "Weight",
        parse=weight_of,
        kind="number",
        width=8,
        note=Message("各指标权重合计 100", "the weights of all indicators add to 100"),
    ),
    Column("target", "目标值", "Target", limit=500, width=28),
    Column("scoring", "评分标准", "Scoring rule", limit=1000, width=48),
    Column("standard", "评价标准", "Standard", parse=_standard, required=False, choices=tuple(STANDARDS), width=12),
)


def read_sheet(data: bytes) -> tuple[Preview, list[IndicatorEntry]]:
    """Read an uploaded table; the entries are empty unless every cell is right. Raises `Unreadable`."""
    preview = preview_table(data, COLUMNS)
    if not preview.clean:
        return preview, []
    entries = [
        IndicatorEntry(
            dimension=row["dimension"],
            second=row["second"],
            third=row["third"],
            weight=row["weight"],
            target=row["target"],
            standard=row["standard"] or StandardKind.PLAN,
            scoring=row["scoring"],
        )
        for row in preview.rows
    ]
    return preview, entries


def export_sheet(indicators: Iterable[Indicator | IndicatorEntry]) -> bytes:
    """Return the indicators as XLSX."""
    rows: list[dict[str, Cell]] = [
        {
            "dimension": DIMENSION_NAMES[one.dimension],
            "second": one.second,
            "third": one.third,
            "weight": one.weight,
            "target": one.target,
            "standard": STANDARD_NAMES[one.standard],
            "scoring": one.scoring,
        }
        for one in indicators
    ]
    return export_xlsx(COLUMNS, rows, title="指标体系")


def template_sheet() -> bytes:
    """Return the empty sheet with its explanations."""
    return template_xlsx(COLUMNS, title="指标体系")
