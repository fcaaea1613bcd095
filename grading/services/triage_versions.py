"""Which model ranks findings, and training it anew from what reviewers decided."""

from __future__ import annotations

import io
import json
import uuid
from collections.abc import Sequence
from typing import Any

import numpy as np
from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from core.errors import Refusal, Refused
from core.events import publish
from core.i18n import _l
from core.identity.people import user_ids_with
from core.identity.roles import Role
from core.notifications.send import notify
from core.unit_of_work import UnitOfWork
from grading.addresses import MODEL_PAGE
from grading.check_report import Triage
from grading.checks.finding import Evidence, Finding, Severity
from grading.events import TrainingAsked
from grading.models import ReportFinding, Submission, TriageVersion
from grading.notifications import HELD_BACK, PROMOTED
from grading.reading.document import Report
from grading.states import DismissalGround, FindingState
from grading.triage.corpus import Labelled, labelled
from grading.triage.features import NAMES, matrix
from grading.triage.model import ABOUT, MODEL, ModelRefused, estimate_with, load, opened
from grading.triage.retraining import LEAST_HELD, LEAST_LEARNT, Decided, TooFewDecisions
from grading.triage.retraining import retrain as trained_anew
from grading.triage.train import SEED

GENERATED_REPORTS = 40
NEW_DECISIONS = 20
"""Decisions since the last training that make the weekly job train again."""
PDF = "application/pdf"


def version_in_use(uow: UnitOfWork) -> TriageVersion | None:
    """Return the version in use; None while it is the shipped one and nothing was trained here."""
    return uow.session.scalar(
        select(TriageVersion)
        .where(TriageVersion.in_use_from.is_not(None))
        .order_by(TriageVersion.in_use_from.desc(), TriageVersion.number.desc())
        .limit(1)
    )


def versions(uow: UnitOfWork) -> list[TriageVersion]:
    """Return every version, newest first."""
    query = select(TriageVersion).options(selectinload(TriageVersion.asked_by))
    return list(uow.session.scalars(query.order_by(TriageVersion.number.desc())))


def model_name(uow: UnitOfWork) -> str:
    """Return how the model in use is called in records: its number and hash."""
    row = version_in_use(uow)
    if row is not None:
        return f"{row.number}·{row.sha256[:12]}"
    return f"0·{shipped()['sha256'][:12]}"


def shipped() -> dict[str, Any]:
    """Return what is known of the model that came with the program."""
    known: dict[str, Any] = json.loads(ABOUT.read_text(encoding="utf-8"))
    return known


def triage_in_use(uow: UnitOfWork) -> Triage | None:
    """Return what gives findings their probability; None for the shipped model, or where the own one is refused."""
    row = version_in_use(uow)
    if row is None or row.number == 0:
        return None
    try:
        model = _opened(row, uow)
    except (ModelRefused, FileNotFoundError):
        return None
    return lambda findings, report: estimate_with(model, findings, report)


_open_models: dict[str, Any] = {}
"""The model last opened in this process, by its hash."""


def _model_of(row: TriageVersion, uow: UnitOfWork) -> Any:
    """Return the model to compare with: the version's own, or the shipped one where that can be used no more."""
    if row.number == 0:
        return load()
    try:
        return _opened(row, uow)
    except (ModelRefused, FileNotFoundError):
        return load()


def _opened(row: TriageVersion, uow: UnitOfWork) -> Any:
    if row.sha256 not in _open_models:
        with uow.house.store.open(row.sha256) as file:
            model = opened(file.read(), row.about)
        _open_models.clear()
        _open_models[row.sha256] = model
    return _open_models[row.sha256]


def ask_for_training(uow: UnitOfWork) -> None:
    """Queue a training. Raises `Refused` while there are too few decisions."""
    count = decided_count(uow)
    if count < LEAST_LEARNT + LEAST_HELD:
        raise Refused(
            Refusal(
                _l(
                    "处置结果还不够：已有 %(count)s 条，至少需要 %(least)s 条",
                    count=count,
                    least=LEAST_LEARNT + LEAST_HELD,
                )
            )
        )
    publish(uow, TrainingAsked())
    uow.record("triage_version.ask", None, detail={"decisions": count})


def retrain_now(
    uow: UnitOfWork, *, asked_by: uuid.UUID | None, generated: Labelled | None = None
) -> TriageVersion | None:
    """Train anew; the new version is used only if it is better on held-out agencies. None where too little is decided.

    The version before stays and can be used again. `generated` are labelled generated reports, made here if not given.
    """
    uow.session.execute(select(func.pg_advisory_xact_lock(0x545249)))
    first = _shipped_row(uow)
    present = version_in_use(uow) or first
    try:
        decided = decisions(uow)
        rest = generated if generated is not None else labelled(SEED, GENERATED_REPORTS)
        made = trained_anew(decided, rest, _model_of(present, uow))
    except TooFewDecisions:
        return None
    uow.house.store.put(io.BytesIO(made.model))
    row = uow.add(
        TriageVersion(
            number=(uow.session.scalar(select(func.max(TriageVersion.number))) or 0) + 1,
            trained_at=uow.now,
            asked_by_id=asked_by,
            sha256=made.about["sha256"],
            about={**made.about, "compared_with": present.number},
            better=made.better,
            in_use_from=uow.now if made.better else None,
        )
    )
    uow.session.flush()
    uow.record(
        "triage_version.train",
        row,
        after={"number": row.number, "sha256": row.sha256, "in_use": row.better},
        detail={"before": made.about["before"]["brier"], "after": made.about["after"]["brier"]},
    )
    notify(
        uow,
        PROMOTED if row.better else HELD_BACK,
        user_ids_with(uow, Role.QUALITY_OFFICER),
        url=MODEL_PAGE,
        params={"number": str(row.number)},
        by_mail=False,
    )
    return row


def retrain_if_due(uow: UnitOfWork) -> TriageVersion | None:
    """Train anew if enough was decided since the last training."""
    last = uow.session.scalar(select(func.max(TriageVersion.trained_at)).where(TriageVersion.number > 0))
    query = select(func.count()).where(ReportFinding.state.in_((FindingState.UPHELD, FindingState.DISMISSED)))
    if last is not None:
        query = query.where(ReportFinding.disposed_at > last)
    if (uow.session.scalar(query) or 0) < NEW_DECISIONS:
        return None
    return retrain_now(uow, asked_by=None)


def use_again(uow: UnitOfWork, version: TriageVersion) -> None:
    """Go back to an earlier version. Raises `Refused` for one that was never better, or that is in use."""
    present = version_in_use(uow)
    if not version.better:
        raise Refused(Refusal(_l("这一版没有通过保留机构的检验，不能启用")))
    if present is not None and present.id == version.id:
        raise Refused(Refusal(_l("这一版正在使用")))
    uow.lock(version)
    version.in_use_from = uow.now
    uow.record("triage_version.use", version, after={"number": version.number})


def _shipped_row(uow: UnitOfWork) -> TriageVersion:
    """Return the shipped model as version 0, noted the first time something is compared with it."""
    known = shipped()
    row = uow.session.scalar(select(TriageVersion).where(TriageVersion.number == 0))
    if row is None:
        with MODEL.open("rb") as file:
            uow.house.store.put(file)
        row = uow.add(
            TriageVersion(
                number=0,
                trained_at=uow.now,
                asked_by_id=None,
                sha256=known["sha256"],
                about=known,
                better=True,
                in_use_from=uow.now,
            )
        )
        uow.session.flush()
    return row


def decided_count(uow: UnitOfWork) -> int:
    """Return how many findings a person has decided, duplicates aside."""
    return uow.session.scalar(select(func.count()).select_from(ReportFinding).where(*_is_decided())) or 0


def _is_decided() -> tuple[Any, ...]:
    return (
        ReportFinding.state.in_((FindingState.UPHELD, FindingState.DISMISSED)),
        ReportFinding.ground.is_distinct_from(DismissalGround.REPEATED),
    )


def decisions(uow: UnitOfWork) -> Decided:
    """Return all decisions as rows of features; what is only a repetition of another finding teaches nothing."""
    query = (
        select(ReportFinding)
        .options(selectinload(ReportFinding.submission).selectinload(Submission.document))
        .order_by(ReportFinding.submission_id, ReportFinding.position)
    )
    by_report: dict[uuid.UUID, list[ReportFinding]] = {}
    for row in uow.session.scalars(query):
        by_report.setdefault(row.submission_id, []).append(row)
    rows, upheld, agencies = [], [], []
    for found in by_report.values():
        decided = [
            row.state in (FindingState.UPHELD, FindingState.DISMISSED) and row.ground is not DismissalGround.REPEATED
            for row in found
        ]
        if not any(decided):
            continue
        submission = found[0].submission
        values = matrix([as_finding(row) for row in found], _stub(submission))
        for row, taken, line in zip(found, decided, values, strict=True):
            if taken:
                rows.append(line)
                upheld.append(int(row.state is FindingState.UPHELD))
                agencies.append(submission.engagement.agency.name)
    table = np.array(rows, dtype=np.float64).reshape(len(rows), len(NAMES))
    return Decided(table, np.array(upheld, dtype=np.int64), tuple(agencies))


def as_finding(row: ReportFinding) -> Finding:
    """Return a stored finding as the checker made it."""
    evidence = tuple(
        Evidence(item["quote"], item.get("page"), item.get("paragraph"), item.get("table"), item.get("row"))
        for item in row.evidence
    )
    message: Any = row.message
    return Finding(
        row.code, Severity(row.severity), message, evidence, row.stated or "", row.expected or "", row.signals
    )


def _stub(submission: Submission) -> Report:
    """The report as far as the model looks at it: its kind and how much of it was not read."""
    unread: Sequence[str] = (submission.coverage or {}).get("unread", ())
    kind = "pdf" if submission.document.media_type == PDF else "docx"
    return Report(submission.title, kind, submission.pages, (), (), unread=tuple(unread))
