"""Appeals against a sheet: filed line by line in time, answered to by who scored, decided by people who did not."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, func, select
from werkzeug.datastructures import FileStorage

from core.documents.accept import accept_file, keep_bytes
from core.errors import Refusal, Refused
from core.i18n import _l
from core.identity.people import user_ids_with
from core.identity.roles import Role
from core.notifications.send import notify
from core.unit_of_work import UnitOfWork
from grading.addresses import appeal_page
from grading.corrections import OTHER, NotACorrection, correction_of, targets_in
from grading.models import AppealLine, CycleEntry, EntryConsent, GradeAppeal
from grading.notifications import APPEAL_DECIDED, APPEALED, STATE_ON_APPEAL
from grading.queries import consent_to, decided_targets, open_appeal
from grading.services.appeal_paper import appeal_paper
from grading.services.cycle_course import may_still_appeal
from grading.services.grading_cycle import refill
from grading.states import AppealState, CycleState, LineOutcome
from grading.workflow import APPEAL

EVIDENCE, LETTER = "appeal-evidence", "appeal-decision"
EVIDENCE_KINDS = ("pdf", "docx", "xlsx", "jpg", "png")
NUMBERING = 0x475241
RULE = "R-GRADE.publish"


@dataclass(frozen=True)
class Contested:
    """One line of an appeal: what it is against, and why."""

    target: str
    ground: str


@dataclass(frozen=True)
class LineDecision:
    """What is decided on a line: upheld with the target that is put right and its figure, or rejected; the reason."""

    outcome: LineOutcome
    reason: str
    target: str = ""
    value: str = ""


def file_appeal(
    uow: UnitOfWork,
    entry: CycleEntry,
    lines: Sequence[Contested],
    *,
    ground: str = "",
    files: Sequence[FileStorage] = (),
) -> GradeAppeal:
    """File the agency's appeal with its evidence.

    Raises `Refused` before the sheet is sent to it, after the last day, while another one is open, and at the line
    whose reason is missing or which is on no line of the sheet.
    """
    uow.lock(entry.cycle)  # so that the sheets are not taken back at the same time
    uow.lock(entry)
    refusals = [*_untimely(uow, entry), *_wrong_lines(entry, lines, decided_targets(uow, entry))]
    if open_appeal(uow, entry) is not None:
        refusals.append(Refusal(_l("已有一件申诉正在处理")))
    if refusals:
        raise Refused(*refusals)
    stated = {one.key: one.stated for one in targets_in(entry.record)}
    appeal = uow.add(
        GradeAppeal(
            entry_id=entry.id,
            state=AppealState.FILED,
            ground=ground.strip(),
            filed_at=uow.now,
            filed_by_id=uow.actor.user_id,
            stated_at=None,
            stated_by_id=None,
            number=None,
            before=_standing(entry),
            after=None,
            decided_at=None,
            decided_by_id=None,
            lines=[
                AppealLine(
                    id=uow.ids.new(),
                    position=position,
                    target=one.target,
                    stated=stated.get(one.target, ""),
                    ground=one.ground.strip(),
                    outcome=None,
                    correction=None,
                )
                for position, one in enumerate(lines, start=1)
            ],
        )
    )
    uow.session.flush()
    for file in files:
        accept_file(uow, file, owner=appeal, purpose=EVIDENCE, kinds=EVIDENCE_KINDS, field="files")
    uow.session.execute(delete(EntryConsent).where(EntryConsent.entry_id == entry.id))
    uow.record("grade_appeal.file", appeal, about=(entry.agency,), after={"lines": [one.target for one in lines]})
    _tell_of(uow, appeal)
    return appeal


def _untimely(uow: UnitOfWork, entry: CycleEntry) -> list[Refusal]:
    cycle = entry.cycle
    if may_still_appeal(uow, cycle):
        return []
    if cycle.state is CycleState.ANNOUNCED and cycle.appeals_due_on is not None:
        return [Refusal(_l("申诉期限已于 %(day)s 届满", day=cycle.appeals_due_on.isoformat()), rule_id=RULE)]
    if cycle.state is CycleState.PUBLISHED:
        return [Refusal(_l("评级已公布，申诉应在公布前提出；发现错误的，可请财政局更正"), rule_id=RULE)]
    return [Refusal(_l("评级表送达后才能申诉"), rule_id=RULE)]


def _wrong_lines(entry: CycleEntry, lines: Sequence[Contested], decided: Collection[str]) -> list[Refusal]:
    if not lines:
        return [Refusal(_l("请至少选择一项并写明事实和理由"), rule_id=RULE, field="target_1")]
    known = {one.key for one in targets_in(entry.record)} | {OTHER}
    found = []
    for number, one in enumerate(lines, start=1):
        if one.target not in known:
            found.append(Refusal(_l("请选择对评级表的哪一项有异议"), field=f"target_{number}"))
        elif one.target in decided:
            found.append(Refusal(_l("这一项的申诉已经处理"), rule_id=RULE, field=f"target_{number}"))
        if not one.ground.strip():
            found.append(Refusal(_l("请写明申诉的事实和理由"), rule_id=RULE, field=f"ground_{number}"))
    targets = [one.target for one in lines if one.target != OTHER]
    if len(set(targets)) != len(targets):
        found.append(Refusal(_l("同一项只写一次"), field="target_1"))
    return found


def _tell_of(uow: UnitOfWork, appeal: GradeAppeal) -> None:
    """Ask those who may decide to decide, and those who scored for what they have to say."""
    entry, page = appeal.entry, appeal_page(appeal.id)
    officers = set(user_ids_with(uow, Role.QUALITY_OFFICER, Role.PROCUREMENT_APPROVER))
    judges = {one for one in officers if str(one) in entry.judges}
    notify(uow, APPEALED, officers - judges, url=page, params=_about(entry))
    notify(uow, STATE_ON_APPEAL, judges, url=page, params=_about(entry))


def agree(uow: UnitOfWork, entry: CycleEntry) -> None:
    """Note that the agency holds nothing against its sheet. Raises `Refused` where it may no longer appeal."""
    uow.lock(entry.cycle)
    uow.lock(entry)
    refusals = _untimely(uow, entry)
    if open_appeal(uow, entry) is not None:
        refusals.append(Refusal(_l("已有一件申诉正在处理")))
    if refusals:
        raise Refused(*refusals)
    if consent_to(uow, entry) is None:
        uow.add(EntryConsent(entry_id=entry.id, given_at=uow.now, given_by_id=uow.actor.user_id))
        uow.record("cycle_entry.agree", entry, about=(entry.cycle, entry.agency))


def state_on(uow: UnitOfWork, appeal: GradeAppeal, words: str) -> None:
    """Keep what the officers who graded say to an appeal, for whoever decides it and for the agency."""
    uow.lock(appeal)
    refusals = []
    if appeal.state is not AppealState.FILED:
        refusals.append(Refusal(_l("申诉已经处理，不能再说明情况")))
    if not words.strip():
        refusals.append(Refusal(_l("请写明情况"), field="statement"))
    if refusals:
        raise Refused(*refusals)
    appeal.statement, appeal.stated_at, appeal.stated_by_id = words.strip(), uow.now, uow.actor.user_id
    uow.record("grade_appeal.state", appeal)


def decide_appeal(
    uow: UnitOfWork, appeal: GradeAppeal, decisions: Mapping[int, LineDecision], *, answer: str = ""
) -> None:
    """Decide every line with its reason; what is upheld is corrected and the grade recomputed within its cycle.

    The letter with the decision is kept. Raises `Refused` at the field of a line without outcome or reason or whose
    figure cannot be, and `Forbidden` for whoever rated or confirmed a task of this agency.
    """
    entry = appeal.entry
    uow.lock(appeal)
    uow.lock(entry)
    corrections = _corrections(entry, appeal.lines, decisions)
    upheld = [one for one in appeal.lines if decisions[one.position].outcome is LineOutcome.UPHELD]
    step = "reject" if not upheld else "uphold" if len(upheld) == len(appeal.lines) else "uphold_part"
    for line in appeal.lines:
        made = decisions[line.position]
        line.outcome, line.reason = made.outcome, made.reason.strip()
        line.correction = corrections.get(line.position)
    if corrections:
        entry.corrections = [*entry.corrections, *corrections.values()]
        refill(uow, entry)
    values: dict[str, Any] = {"answer": answer.strip(), "decided_by_id": uow.actor.user_id, "after": _standing(entry)}
    APPEAL.fire(uow, appeal, step, detail=values["after"], assign={**values, "number": _next_number(uow)})
    uow.session.flush()
    paper = appeal_paper(uow, appeal)
    keep_bytes(uow, paper, owner=appeal, purpose=LETTER, name=f"{appeal.number}.pdf", media_type="application/pdf")
    managers = user_ids_with(uow, Role.AGENCY_MANAGER, organisation_id=entry.agency.organisation_id)
    notify(uow, APPEAL_DECIDED, managers, url=appeal_page(appeal.id), params=_about(entry))


def _corrections(
    entry: CycleEntry, lines: Sequence[AppealLine], decisions: Mapping[int, LineDecision]
) -> dict[int, dict[str, str]]:
    """Return the correction of each upheld line by its number; raises `Refused` with everything that is missing."""
    found: dict[int, dict[str, str]] = {}
    refusals, record = [], entry.record
    for line in lines:
        number, made = line.position, decisions.get(line.position)
        if made is None:
            refusals.append(Refusal(_l("请决定每一项"), rule_id=RULE, field=f"outcome_{number}"))
            continue
        if not made.reason.strip():
            refusals.append(Refusal(_l("请写明处理的理由"), rule_id=RULE, field=f"reason_{number}"))
        if made.outcome is not LineOutcome.UPHELD:
            continue
        try:
            key = made.target or line.target
            found[number] = correction_of(record, key, made.value, made.reason.strip())
        except LookupError:
            refusals.append(Refusal(_l("成立的，请选择更正评级表的哪一项"), field=f"correct_{number}"))
        except NotACorrection as error:
            refusals.append(Refusal(error.reason, field=f"value_{number}"))
    if refusals:
        raise Refused(*refusals)
    return found


def _standing(entry: CycleEntry) -> dict[str, Any]:
    return {"grade": entry.grade.value, "score": None if entry.score is None else str(entry.score)}


def _about(entry: CycleEntry) -> dict[str, str]:
    return {"year": str(entry.cycle.year), "agency": entry.name}


def _next_number(uow: UnitOfWork) -> str:
    """Return the next free number of the year, e.g. 评申〔2026〕3号."""
    uow.session.execute(select(func.pg_advisory_xact_lock(NUMBERING)))  # two decisions at once get two numbers
    year = uow.today.year
    taken = uow.session.scalar(select(func.count()).where(GradeAppeal.number.like(f"评申〔{year}〕%"))) or 0
    return f"评申〔{year}〕{taken + 1}号"
