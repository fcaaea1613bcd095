"""Moderation of a report's ratings to a consensus, or leaving the mean (R-GRADE.moderation).

Raters see each other's locked sheets while the session is open, and may revise with a reason: what was locked stays
beside what now counts. The moderator records the points agreed on, or leaves the mean; a dissent stays with either.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from decimal import Decimal

from core.errors import Forbidden, Refusal, Refused
from core.i18n import _l
from core.identity.people import user_ids_with
from core.identity.roles import Role
from core.notifications.send import NotificationKind, notify
from core.parameters import overrides
from core.permissions import policy
from core.unit_of_work import UnitOfWork
from grading.addresses import moderation_page, score_page
from grading.models import Moderation, QualitySheet, Submission
from grading.notifications import MODERATION_ASKED, MODERATION_CLOSED, MODERATION_OPENED
from grading.permissions import ModerationPermission
from grading.queries import own_sheet, score_of, sheets_of
from grading.queries.moderation import running_moderation
from grading.queries.rubric import rubric_for, rubric_of
from grading.rating_spread import distance
from grading.rubric import CENT, Dimension
from grading.services.rating import BESIDE_THE_REPORT, quality_total
from grading.states import ModerationState
from grading.workflow import MODERATION

RULE = "R-GRADE.moderation"


def is_called_for(uow: UnitOfWork, submission: Submission) -> bool:
    """Whether the locked ratings lie so far apart that a moderation is due."""
    wide = uow.house.rules.number(RULE, "range_from", on=uow.today, overrides=overrides(uow))
    return distance([quality_total(one) for one in sheets_of(uow, submission)]) >= wide


def ask_moderation(uow: UnitOfWork, submission: Submission, ground: str) -> Moderation:
    """Ask, as a rater who has locked, that the ratings be moderated; quality staff decide. Raises `Refused`."""
    decision = policy.decide(uow.actor, ModerationPermission.ASK, submission)
    if not decision:
        raise Forbidden(decision.reason)
    session = _new_session(uow, submission, ground)
    uow.record("moderation.ask", session, about=(submission,), reason=ground)
    params = {"project": submission.engagement.project.name}
    staff = set(user_ids_with(uow, Role.QUALITY_OFFICER)) - {uow.actor.user_id}
    notify(uow, MODERATION_ASKED, staff, url=score_page(submission.id), params=params)
    return session


def open_moderation(uow: UnitOfWork, submission: Submission, ground: str) -> Moderation:
    """Open a session at once, or the one that was asked for; the raters are told. Raises `Refused`."""
    decision = policy.decide(uow.actor, ModerationPermission.OPEN, submission)
    if not decision:
        raise Forbidden(decision.reason)
    session = running_moderation(uow, submission)
    if session is None:
        session = _new_session(uow, submission, ground)
    _ensure_two(uow, submission)
    MODERATION.fire(uow, session, "open", assign={"moderator_id": uow.actor.user_id})
    uow.session.flush()
    _tell(uow, session, MODERATION_OPENED, (one.rater_id for one in sheets_of(uow, submission)))
    return session


def decline_moderation(uow: UnitOfWork, session: Moderation, reason: str) -> None:
    """Say no to a rater who asked, with a reason."""
    MODERATION.fire(
        uow, session, "decline", reason=reason, assign={"note": reason.strip(), "moderator_id": uow.actor.user_id}
    )
    _tell(uow, session, MODERATION_CLOSED, [session.asked_by_id])


def _new_session(uow: UnitOfWork, submission: Submission, ground: str) -> Moderation:
    uow.lock(submission)
    refusals = []
    if score_of(uow, submission.engagement_id) is not None:
        refusals.append(Refusal(_l("任务得分已确认，不能再合议"), rule_id=RULE))
    if running_moderation(uow, submission) is not None:
        refusals.append(Refusal(_l("这份报告的合议已经提出或者正在进行"), rule_id=RULE))
    if not ground.strip():
        refusals.append(Refusal(_l("请写明合议的理由"), rule_id=RULE, field="ground"))
    if refusals:
        raise Refused(*refusals)
    _ensure_two(uow, submission)
    session = uow.add(
        Moderation(
            submission_id=submission.id,
            submission=submission,
            state=ModerationState.ASKED,
            ground=ground.strip(),
            asked_by_id=uow.actor.user_id,
            asked_at=uow.now,
            opened_at=None,
            moderator_id=None,
            consensus=None,
            closed_at=None,
        )
    )
    uow.session.flush()
    return session


def _ensure_two(uow: UnitOfWork, submission: Submission) -> None:
    if len(sheets_of(uow, submission)) < 2:
        raise Refused(Refusal(_l("至少两方锁定评分表后才能合议"), rule_id=RULE))


def revise_sheet(uow: UnitOfWork, session: Moderation, points: Mapping[str, Decimal], reason: str) -> QualitySheet:
    """Put other points in the place of the own locked ones, with a reason; those locked are kept.

    `points` are by dimension of report quality. Raises `Refused` at `revised_<key>`, `reason`, or once it is over.
    """
    sheet = _own_locked(uow, session)
    lines = {line.key: line for line in rubric_of(uow, sheet.rubric).quality}
    refusals = _wrong_points(lines, points, "revised")
    if not reason.strip():
        refusals.append(Refusal(_l("请说明修改的理由"), rule_id=RULE, field="reason"))
    if refusals:
        raise Refused(*refusals)
    changed = False
    for line in sheet.lines:
        if line.key in points:
            line.revised = points[line.key] if points[line.key] != line.points else None
            changed = changed or line.revised is not None
    sheet.revised_at, sheet.revised_reason = (uow.now, reason.strip()) if changed else (None, "")
    uow.session.flush()
    uow.record("moderation.revise", session, about=(session.submission,), detail={"kind": str(sheet.kind)})
    return sheet


def note_dissent(uow: UnitOfWork, session: Moderation, words: str) -> None:
    """Keep the actor's dissent with the result; possible until the score is confirmed."""
    sheet = own_sheet(uow, session.submission)
    if sheet is None or not policy.allows(uow.actor, ModerationPermission.REVISE, session):
        raise Forbidden(policy.decide(uow.actor, ModerationPermission.REVISE, session).reason)
    if score_of(uow, session.submission.engagement_id) is not None:
        raise Refused(Refusal(_l("任务得分已确认，不能再注明"), rule_id=RULE))
    if session.state not in (ModerationState.OPEN, ModerationState.AGREED, ModerationState.LEFT):
        raise Refused(Refusal(_l("合议尚未召集"), rule_id=RULE))
    uow.lock(sheet)
    sheet.dissent = words.strip()
    uow.session.flush()
    uow.record("moderation.dissent", session, about=(session.submission,), detail={"kind": str(sheet.kind)})


def _own_locked(uow: UnitOfWork, session: Moderation) -> QualitySheet:
    uow.lock(session)
    sheet = own_sheet(uow, session.submission)
    if sheet is None or not policy.allows(uow.actor, ModerationPermission.REVISE, session):
        raise Forbidden(policy.decide(uow.actor, ModerationPermission.REVISE, session).reason)
    if session.state is not ModerationState.OPEN:
        raise Refused(Refusal(_l("合议没有召集或者已经结束，不能修改评分"), rule_id=RULE))
    uow.lock(sheet)
    return sheet


def _wrong_points(lines: Mapping[str, Dimension], points: Mapping[str, Decimal], prefix: str) -> list[Refusal]:
    return [
        Refusal(
            _l("%(line)s应在 0 至 %(full)s 之间", line=lines[key].title, full=f"{lines[key].full:f}"),
            rule_id=RULE,
            field=f"{prefix}_{key}",
        )
        for key, value in points.items()
        if key in lines and not lines[key].allows(value)
    ]


def agree(uow: UnitOfWork, session: Moderation, points: Mapping[str, Decimal], note: str) -> None:
    """Record the consensus by dimension: it counts in the place of the mean. Raises `Refused` at `agreed_<key>`."""
    lines = {line.key: line for line in rubric_for(uow, session.submission).quality}
    missing = [
        Refusal(_l("请填写“%(line)s”的得分", line=line.title), rule_id=RULE, field=f"agreed_{key}")
        for key, line in lines.items()
        if key not in points
    ]
    refusals = [*missing, *_wrong_points(lines, points, "agreed"), *_without(note)]
    if refusals:
        raise Refused(*refusals)
    kept = {key: f"{points[key]:f}" for key in lines}
    _close(uow, session, "agree", note, kept)


def leave_mean(uow: UnitOfWork, session: Moderation, note: str) -> None:
    """Conclude without a consensus: the mean of the ratings, revised where they were, counts."""
    refusals = _without(note)
    if refusals:
        raise Refused(*refusals)
    _close(uow, session, "leave", note, None)


def _without(note: str) -> list[Refusal]:
    return [] if note.strip() else [Refusal(_l("请写明合议情况和理由"), rule_id=RULE, field="note")]


def _close(uow: UnitOfWork, session: Moderation, step: str, note: str, consensus: dict[str, str] | None) -> None:
    assign = {"note": note.strip(), "consensus": consensus, "moderator_id": uow.actor.user_id}
    MODERATION.fire(uow, session, step, reason=note, assign=assign)
    uow.session.flush()
    _tell(uow, session, MODERATION_CLOSED, (one.rater_id for one in sheets_of(uow, session.submission)))


def _tell(uow: UnitOfWork, session: Moderation, kind: NotificationKind, people: Iterable[uuid.UUID]) -> None:
    params = {"project": session.submission.engagement.project.name}
    notify(
        uow,
        kind,
        [one for one in set(people) if one != uow.actor.user_id],
        url=moderation_page(session.id),
        params=params,
    )


def mean_of(sheets: Iterable[QualitySheet]) -> dict[str, Decimal]:
    """Return each dimension's mean of the points that count, as a proposal for the consensus."""
    given: dict[str, list[Decimal]] = {}
    for sheet in sheets:
        for line in sheet.lines:
            if line.key not in BESIDE_THE_REPORT:
                given.setdefault(line.key, []).append(line.counts)
    return {key: (sum(values, Decimal(0)) / len(values)).quantize(CENT) for key, values in given.items()}
