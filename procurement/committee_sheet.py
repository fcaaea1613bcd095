"""The draw's record as a table: what the provincial pool prints, read from XLSX or CSV (R-POOL-01)."""

from __future__ import annotations

from datetime import datetime

from core.clock import SHANGHAI
from core.spreadsheets import CellRefused, Column, Message, Preview, preview_table, template_xlsx
from procurement.services.committee import MemberEntry
from procurement.states import SeatCategory

CATEGORIES = {"评审专家": SeatCategory.EXPERT, "采购人代表": SeatCategory.PURCHASER}
TIMES = ("%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S", "%Y/%m/%d %H:%M", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S")


def _time(text: str) -> datetime:
    for form in TIMES:
        try:
            return datetime.strptime(text.strip(), form).replace(tzinfo=SHANGHAI)
        except ValueError:
            continue
    raise CellRefused("抽取时间须写成 2026-03-01 09:30", "the time of the draw must read 2026-03-01 09:30")


def _email(text: str) -> str:
    name, at, domain = text.strip().partition("@")
    if not (name and at and "." in domain):
        raise CellRefused("邮箱格式不正确", "this is no mail address")
    return text.strip()


COLUMNS = (
    Column("name", "姓名", "Name", limit=60, width=12),
    Column("email", "邮箱", "Mail", parse=_email, limit=120, width=28),
    Column("employer", "工作单位", "Employer", limit=120, width=32),
    Column("category", "身份", "Capacity", parse=lambda text: CATEGORIES[text], choices=tuple(CATEGORIES), width=14),
    Column("draw_number", "抽取编号", "Draw number", limit=60, width=24),
    Column(
        "drawn_at",
        "抽取时间",
        "Drawn at",
        parse=_time,
        width=20,
        note=Message("北京时间，如 2026-03-01 09:30", "Beijing time, such as 2026-03-01 09:30"),
    ),
    Column("chair", "组长", "Chair", required=False, choices=("是",), width=8),
)


def read_committee(data: bytes) -> tuple[Preview, list[MemberEntry]]:
    """Read an uploaded table; the entries count only if the preview is clean. Raises `Unreadable`."""
    preview = preview_table(data, COLUMNS)
    if not preview.clean:
        return preview, []
    return preview, [
        MemberEntry(
            name=row["name"],
            email=row["email"],
            employer=row["employer"],
            category=row["category"],
            draw_number=row["draw_number"],
            drawn_at=row["drawn_at"],
            is_chair=bool(row["chair"]),
        )
        for row in preview.rows
    ]


def committee_template() -> bytes:
    """Return an empty table with the columns and their explanations."""
    return template_xlsx(COLUMNS, title="评标委员会")
