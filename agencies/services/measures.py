"""The ladder of R-AGENCY-16 on a recorded case: proposed, signed by another with its paper, followed to its end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from agencies.addresses import measure_page
from agencies.events import MeasureIssued
from agencies.models import ConductCase, ConductMeasure
from agencies.notifications import MEASURE_CLOSED, MEASURE_ISSUED, MEASURE_REPORTED, MEASURE_RETURNED
from agencies.permissions import ConductPermission
from agencies.services.conduct import KINDS, MOST_FILES
from agencies.services.numbers import next_paper_number
from agencies.states import ConductState, MeasureKind, MeasureState
from agencies.workflow import MEASURE
from core.deadlines import derive
from core.documents.accept import MEGABYTE, Upload, accept_file
from core.errors import Forbidden, Refusal, Refused
from core.events import publish
from core.i18n import _l
from core.identity.people import user_ids_with
from core.identity.roles import Role
from core.notifications.send import NotificationKind, notify
from core.parameters import overrides
from core.permissions import policy
from core.unit_of_work import UnitOfWork
from core.work_calendar import work_calendar

RULE = "R-AGENCY-16"
REPORT = "report"
WORDS = {
    MeasureKind.CORRECTION: "改",
    MeasureKind.ADMONITION: "约",
    MeasureKind.REGULATOR: "通",
    MeasureKind.TRANSFER: "移",
}
"""The word in the number of each kind of paper."""

PERIODS = {
    MeasureKind.CORRECTION: "correct_days",
    MeasureKind.ADMONITION: "talk_days",
    MeasureKind.REGULATOR: "reply_days",
    MeasureKind.TRANSFER: "reply_days",
}
TOLD = (MeasureKind.REGULATOR, MeasureKind.TRANSFER)
"""Kinds that are sent to somebody else than the agency."""


@dataclass(frozen=True)
class MeasureEntry:
    """What is proposed: the step, what is asked for, and to whom it is sent where it is not the agency."""

    kind: MeasureKind
    words: str
    recipient: str = ""


def propose_measure(uow: UnitOfWork, case: ConductCase, entry: MeasureEntry) -> ConductMeasure:
    """Propose a measure on a recorded case. Raises `Forbidden`, or `Refused` at every field that lacks, or twice."""
    decision = policy.decide(uow.actor, ConductPermission.PROPOSE_MEASURE)
    if not decision:
        raise Forbidden(decision.reason)
    uow.lock(case)
    refusals = []
    if case.state is not ConductState.RECORDED:
        refusals.append(Refusal(_l("认定之后才能提出处理措施"), rule_id=RULE))
    if not entry.words.strip():
        refusals.append(Refusal(_l("请写明要求和依据"), rule_id=RULE, field="words"))
    if entry.kind in TOLD and not entry.recipient.strip():
        refusals.append(Refusal(_l("请写明送交的部门"), rule_id=RULE, field="recipient"))
    open_ = (MeasureState.PROPOSED, MeasureState.ISSUED, MeasureState.REPORTED)
    if any(one.kind is entry.kind and one.state in open_ for one in case.measures):
        refusals.append(Refusal(_l("同一种措施已在办理"), rule_id=RULE, field="kind"))
    if refusals:
        raise Refused(*refusals)
    measure = uow.add(
        ConductMeasure(
            number=next_paper_number(uow, ConductMeasure.number, WORDS[entry.kind]),
            case_id=case.id,
            kind=entry.kind,
            words=entry.words.strip(),
            recipient=entry.recipient.strip(),
            due_on=None,
            state=MeasureState.PROPOSED,
            proposed_by_id=uow.actor.user_id,
            proposed_at=uow.now,
            issued_by_id=None,
            issued_at=None,
            answered_at=None,
            fulfilled_at=None,
        )
    )
    uow.session.flush()
    uow.session.refresh(measure)
    uow.session.expire(case, ["measures"])
    uow.record("conduct_measure.propose", measure, after={"number": measure.number, "kind": measure.kind.value})
    return measure


def issue_measure(uow: UnitOfWork, measure: ConductMeasure) -> None:
    """Sign a measure: its time begins, and the agency is told. Raises `Forbidden` for who proposed it."""
    due = due_day(uow, measure.kind)
    MEASURE.fire(uow, measure, "issue", assign={"issued_by_id": uow.actor.user_id, "due_on": due})
    publish(uow, MeasureIssued(measure))
    params = {"number": measure.number, "kind": str(measure.kind.label), "day": due.isoformat()}
    _tell_agency(uow, measure, MEASURE_ISSUED, params)


def due_day(uow: UnitOfWork, kind: MeasureKind) -> date:
    """Return by when a measure signed today is carried out (R-AGENCY.measures)."""
    book, calendar = uow.house.rules, work_calendar(uow)
    return derive("R-AGENCY.measures", uow.today, calendar, book, name=PERIODS[kind], overrides=overrides(uow)).last_day


def cancel_measure(uow: UnitOfWork, measure: ConductMeasure, reason: str) -> None:
    """Do not sign a measure, or take it back. Raises `Forbidden` for who proposed it, `Refused` without a reason."""
    MEASURE.fire(uow, measure, "cancel", reason=reason, assign={"remark": reason.strip()})


def report_correction(uow: UnitOfWork, measure: ConductMeasure, words: str, files: Sequence[Upload] = ()) -> None:
    """Take the agency's report of its correction. Raises `Forbidden`, `Refused` without words or for another kind."""
    chosen = [one for one in files if one.filename]
    refusals = []
    if measure.kind is not MeasureKind.CORRECTION:
        refusals.append(Refusal(_l("这项措施不需要报告整改情况"), rule_id=RULE))
    if not words.strip():
        refusals.append(Refusal(_l("请写明整改情况"), rule_id=RULE, field="words"))
    if len(chosen) > MOST_FILES:
        refusals.append(Refusal(_l("一次最多附%(most)s个文件", most=MOST_FILES), field="files"))
    if refusals:
        raise Refused(*refusals)
    MEASURE.fire(uow, measure, "report", assign={"answer": words.strip()})
    for one in chosen:
        accept_file(uow, one, owner=measure, purpose=REPORT, kinds=KINDS, max_bytes=20 * MEGABYTE, field="files")
    params = {"number": measure.number, "agency": measure.case.agency.organisation.name}
    officers = user_ids_with(uow, Role.QUALITY_OFFICER)
    notify(uow, MEASURE_REPORTED, officers, url=measure_page(measure.id), params=params, by_mail=False)


def accept_correction(uow: UnitOfWork, measure: ConductMeasure, remark: str) -> None:
    """Find a reported correction carried out. Raises `Forbidden`, or `Refused` unless it was reported."""
    if measure.kind is MeasureKind.CORRECTION and measure.state is MeasureState.ISSUED:
        raise Refused(Refusal(_l("机构尚未报告整改情况"), rule_id=RULE))
    MEASURE.fire(uow, measure, "fulfil", reason=remark.strip() or None, assign={"remark": remark.strip()})
    _tell_agency(uow, measure, MEASURE_CLOSED, {"number": measure.number})


def return_correction(uow: UnitOfWork, measure: ConductMeasure, reason: str) -> None:
    """Send a reported correction back; the time runs anew. Raises `Forbidden`, or `Refused` without a reason."""
    assign = {"remark": reason.strip(), "due_on": due_day(uow, measure.kind)}
    MEASURE.fire(uow, measure, "send_back", reason=reason, assign=assign)
    _tell_agency(uow, measure, MEASURE_RETURNED, {"number": measure.number})


def close_measure(uow: UnitOfWork, measure: ConductMeasure, words: str) -> None:
    """Note the minutes of a talk, or what the recipient replied, and close it. Raises `Refused` without words."""
    refusals = []
    if measure.kind is MeasureKind.CORRECTION:
        refusals.append(Refusal(_l("责令改正须由机构报告后核实"), rule_id=RULE))
    if not words.strip():
        words_ = (
            _l("请写明约谈的时间、参加人和内容")
            if measure.kind is MeasureKind.ADMONITION
            else _l("请写明接收和处理的结果")
        )
        refusals.append(Refusal(words_, rule_id=RULE, field="words"))
    if refusals:
        raise Refused(*refusals)
    MEASURE.fire(uow, measure, "fulfil", assign={"answer": words.strip(), "answered_at": uow.now})


def _tell_agency(uow: UnitOfWork, measure: ConductMeasure, kind: NotificationKind, params: dict[str, str]) -> None:
    agency = measure.case.agency
    managers = user_ids_with(uow, Role.AGENCY_MANAGER, organisation_id=agency.organisation_id)
    notify(uow, kind, managers, url=measure_page(measure.id), params=params)
