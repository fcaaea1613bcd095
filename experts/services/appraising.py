"""The year's appraisal of everybody in the pool (R-EXP.score, R-EXP.exit, R-EXP.suspension, R-EXP-03)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select

from core.i18n import Language
from core.spreadsheets import Column, export_xlsx
from core.unit_of_work import UnitOfWork
from experts.appraisal import Verdict
from experts.models import Expert
from experts.queries.appraisals import Appraisal, appraisals
from experts.states import ExpertState

ORDER = (Verdict.EXIT, Verdict.SUSPEND, Verdict.SENIOR, Verdict.KEEP, Verdict.UNRATED)


@dataclass(frozen=True)
class Appraised:
    """Somebody who was rated in the year or to whom a rule applies."""

    expert: Expert
    year_average: Decimal | None
    year_count: int
    known: Appraisal


def appraised_in(uow: UnitOfWork, year: int, verdict: Verdict | None = None) -> list[Appraised]:
    """Return everybody rated in the year and everybody a rule applies to, what asks for a decision first."""
    query = select(Expert).where(Expert.state != ExpertState.LEFT).order_by(Expert.id)
    experts = uow.session.scalars(query).unique().all()
    known = appraisals(uow, experts)
    found = []
    for one in experts:
        of_year = next((score for score in known[one.id].years if score.year == year), None)
        word = known[one.id].verdict
        if of_year is None and word in (Verdict.UNRATED, Verdict.KEEP):
            continue
        if verdict is None or word is verdict:
            average, count = (of_year.average, of_year.count) if of_year else (None, 0)
            found.append(Appraised(one, average, count, known[one.id]))
    return sorted(found, key=lambda one: (ORDER.index(one.known.verdict), one.year_average or 0, one.expert.user.name))


COLUMNS = (
    Column("name", "姓名", "Name", width=12),
    Column("employer", "工作单位", "Employer", width=28),
    Column("count", "本年评分次数", "Rated this year", kind="number", width=12),
    Column("average", "本年平均分", "Average of the year", kind="number", width=12),
    Column("all_count", "累计评分次数", "Rated in all", kind="number", width=12),
    Column("all_average", "累计平均分", "Average in all", kind="number", width=12),
    Column("absences", "应邀后缺席", "Absent after accepting", kind="number", width=12),
    Column("silences", "未答复邀请", "Not answered", kind="number", width=12),
    Column("verdict", "考核结论", "Appraisal", width=14),
)


def appraisal_sheet(rows: Sequence[Appraised], year: int, language: Language) -> bytes:
    """Return the year's appraisal as XLSX."""
    return export_xlsx(
        COLUMNS,
        [
            {
                "name": one.expert.user.name,
                "employer": one.expert.employer,
                "count": one.year_count,
                "average": one.year_average,
                "all_count": len(one.known.marks),
                "all_average": one.known.average,
                "absences": one.known.absences,
                "silences": one.known.silences,
                "verdict": str(one.known.verdict.label),
            }
            for one in rows
        ],
        title=str(year),
        language=language,
    )
