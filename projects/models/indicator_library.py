"""The indicator library: common indicators that the bureau keeps for all evaluations (共性指标, R-PERF-04)."""

from __future__ import annotations

from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base, Identified, Versioned
from projects.states import Dimension


class CommonIndicator(Identified, Versioned, Base):
    """One indicator of the national framework or of the bureau, with what to look at and how it is computed."""

    __tablename__ = "common_indicator"

    dimension: Mapped[Dimension]
    second: Mapped[str]
    third: Mapped[str] = mapped_column(unique=True)
    explanation: Mapped[str]
    scoring: Mapped[str]
    formula: Mapped[str] = mapped_column(default="")
    position: Mapped[int]
