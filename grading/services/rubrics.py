"""The bureau's own rubrics: copied, edited, put in force; one in use is never changed (R-GRADE.rubric)."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import func, select

from core.errors import Refusal, Refused
from core.i18n import _l
from core.rules import Words
from core.unit_of_work import UnitOfWork
from grading.models import RubricChoice, RubricVersion
from grading.queries.rubric import find_rubric, own_version, sheets_by_version
from grading.rubric import Rubric, faults_of, unseen
from grading.rubric_files import from_data, to_data
from grading.states import RubricState
from grading.workflow.rubric import RUBRIC

RULE = "R-GRADE.rubric"
LOCK = 0x525542


def copy_rubric(uow: UnitOfWork, version: str) -> RubricVersion:
    """Copy a version, shipped or own, into a new draft that may be edited. Raises `Refused` for an unknown one."""
    source = find_rubric(uow, version)
    if source is None:
        raise Refused(Refusal(_l("没有这一版评分标准"), rule_id=RULE))
    # A lock for the numbering alone: two copies made at once must not get one name.
    uow.session.execute(select(func.pg_advisory_xact_lock(LOCK)))
    taken = uow.session.scalar(select(func.count()).where(RubricVersion.version.like(f"{uow.today.year}-%"))) or 0
    name = f"{uow.today.year}-{taken + 1}"
    words = Words(f"{source.name.zh}（修订）", f"{source.name.en} (revised)")
    row = uow.add(
        RubricVersion(
            version=name,
            body=to_data(replace(source, version=name, name=words)),
            based_on=source.version,
            state=RubricState.DRAFT,
            made_by_id=uow.actor.user_id,
            made_at=uow.now,
            fixed_at=None,
        )
    )
    uow.session.flush()
    uow.record("rubric_version.copy", row, after={"version": name, "based_on": source.version})
    return row


def edit_rubric(uow: UnitOfWork, row: RubricVersion, rubric: Rubric, *, is_finished: bool = True) -> None:
    """Keep what was edited. Raises `Refused` at the editor's fields, and for a version that is in use.

    While rows are being added (`is_finished` False) points need not add to 100 yet.
    """
    uow.lock(row)
    _ensure_free(uow, row)
    faults = faults_of(rubric) if is_finished else []
    if faults:
        raise Refused(*(Refusal(one.reason, rule_id=RULE, field=one.field) for one in faults))
    before = row.body
    row.body = to_data(replace(rubric, version=row.version))
    uow.session.flush()
    if row.body != before:
        uow.record("rubric_version.edit", row, after={"version": row.version})


def _ensure_free(uow: UnitOfWork, row: RubricVersion) -> None:
    if row.state is not RubricState.DRAFT or sheets_by_version(uow).get(row.version):
        raise Refused(Refusal(_l("这一版已定稿或者已有评分表使用，不能修改；请复制为新版本"), rule_id=RULE))


def choose_rubric(uow: UnitOfWork, version: str, reason: str) -> RubricChoice:
    """Rate new reports by this version; an own draft is fixed by it. Sheets already begun keep theirs.

    Raises `Refused` for a version that does not hold, that shows parts its source does not give, or without a reason.
    """
    rubric = find_rubric(uow, version)
    if rubric is None:
        raise Refused(Refusal(_l("没有这一版评分标准"), rule_id=RULE, field="version"))
    refusals = [Refusal(one.reason, rule_id=RULE, field="version") for one in faults_of(rubric)]
    if unseen(rubric):
        words = _l("这一版有来源未显示的部分，请复制后补充完整再启用")
        refusals.append(Refusal(words, rule_id=RULE, field="version"))
    if not reason.strip():
        refusals.append(Refusal(_l("请写明启用的理由"), rule_id=RULE, field="reason"))
    if refusals:
        raise Refused(*refusals)
    row = own_version(uow, version)
    if row is not None and row.state is RubricState.DRAFT:
        RUBRIC.fire(uow, row, "fix")
    choice = uow.add(
        RubricChoice(version=version, chosen_at=uow.now, chosen_by_id=uow.actor.user_id, reason=reason.strip()[:500])
    )
    uow.session.flush()
    uow.record("rubric_choice.make", choice, after={"version": version}, reason=reason)
    return choice


def drop_rubric(uow: UnitOfWork, row: RubricVersion) -> None:
    """Throw a draft away that nobody used. Raises `Refused` for one in use."""
    uow.lock(row)
    _ensure_free(uow, row)
    uow.record("rubric_version.drop", row, before={"version": row.version})
    uow.session.delete(row)
    uow.session.flush()


def drafted(row: RubricVersion) -> Rubric:
    """Return the rubric a row holds."""
    return from_data(row.body)
