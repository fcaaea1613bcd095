"""Keeping the key figures an agency states, and giving them to the check."""

from __future__ import annotations

from collections.abc import Iterator

from core.errors import Refusal, Refused
from core.i18n import _l
from core.unit_of_work import UnitOfWork
from grading.models import KeyFigures, Submission
from grading.statement import Statement

NAMES = tuple(Statement.__dataclass_fields__)


def keep_figures(uow: UnitOfWork, submission: Submission, statement: Statement) -> KeyFigures | None:
    """Keep what was stated with a version; nothing where nothing was.

    Raises `Refused` at each figure that cannot be: more returned than sent, more valid than returned, more used than
    any budget stated.
    """
    refusals = list(_impossible(statement))
    if refusals:
        raise Refused(*refusals)
    if not statement:
        return None
    return uow.add(KeyFigures(submission_id=submission.id, **vars(statement)))


def statement_of(submission: Submission) -> Statement | None:
    """Return what the agency stated with a version, or None."""
    row = submission.key_figures
    return None if row is None else Statement(**{name: getattr(row, name) for name in NAMES})


def _impossible(statement: Statement) -> Iterator[Refusal]:
    if statement.score is not None and not 0 <= statement.score <= 100:
        yield Refusal(_l("总得分在 0 到 100 之间"), field="score")
    if statement.sent is not None and statement.returned is not None and statement.returned > statement.sent:
        yield Refusal(_l("收回份数不能多于发放份数"), field="returned")
    if statement.returned is not None and statement.valid is not None and statement.valid > statement.returned:
        yield Refusal(_l("有效份数不能多于收回份数"), field="valid")
