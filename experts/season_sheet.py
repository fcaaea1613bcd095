"""A season's plan as a workbook: a row a seat, with the parts of its fit."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from decimal import Decimal

from core.i18n import Language
from core.spreadsheets import Column, export_xlsx
from core.spreadsheets.columns import Cell
from experts.models import SeasonReview
from experts.quotas import TITLES
from experts.season.fit import PARTS
from experts.season_words import PART_TITLES

COLUMNS = (
    Column("review", "评审编号", "Review"),
    Column("project", "项目", "Project", width=34),
    Column("agency", "机构", "Agency", width=28),
    Column("meets", "评审时间", "Meets", width=18),
    Column("seat", "席位", "Seat"),
    Column("order", "次序", "Order", kind="number", width=8),
    Column("expert", "专家", "Expert"),
    Column("employer", "工作单位", "Employer", width=28),
    Column("kind", "身份", "Capacity"),
    Column("fit", "匹配分", "Fit", kind="number", width=10),
    *(Column(part, *PART_TITLES[part], kind="number", width=12) for part in PARTS),
    Column("chance", "机会", "Chance", kind="number", width=10),
    Column("decided", "人工确定的理由", "Decided by hand", width=30),
)


def season_sheet(
    parts: Sequence[SeasonReview], reasons: Mapping[tuple[uuid.UUID, uuid.UUID], str], language: Language
) -> bytes:
    """Return the plan as XLSX."""
    return export_xlsx(COLUMNS, _rows(parts, reasons, language), title="Season", language=language)


def _rows(
    parts: Sequence[SeasonReview], reasons: Mapping[tuple[uuid.UUID, uuid.UUID], str], language: Language
) -> list[dict[str, Cell]]:
    words = ("正式", "候补") if language == "zh" else ("member", "reserve")
    return [
        {
            "review": part.review.number,
            "project": part.review.engagement.project.name,
            "agency": part.review.engagement.agency.name,
            "meets": part.review.meets_at,
            "seat": words[seat.is_reserve],
            "order": seat.position,
            "expert": seat.expert.user.name,
            "employer": seat.expert.employer,
            "kind": str(TITLES[seat.kind]),
            "fit": seat.fit,
            **{name: Decimal(str(seat.points.get(name, 0))) for name in PARTS},
            "chance": seat.chance,
            "decided": reasons.get((part.id, seat.expert_id), ""),
        }
        for part in parts
        for seat in sorted(part.seats, key=lambda one: one.position)
    ]
