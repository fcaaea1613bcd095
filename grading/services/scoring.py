"""From locked sheets to the score of one task; with it the engagement is closed (R-GRADE.task, R-GRADE.veto)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from agencies.models import Engagement
from agencies.queries.conduct import vetoing_case
from agencies.workflow import ENGAGEMENT
from core.clock import SHANGHAI
from core.errors import Refusal, Refused
from core.events import publish
from core.i18n import _l
from core.identity.people import user_ids_with
from core.identity.roles import Role
from core.notifications.send import notify
from core.records import plain
from core.unit_of_work import UnitOfWork
from grading.addresses import score_page
from grading.events import TaskScored
from grading.grade_record import GradedTask, combined, scored
from grading.grade_rules import ELEMENTS, grade_rules
from grading.models import Submission, TaskScore
from grading.moderated import Moderated
from grading.notifications import SCORED
from grading.queries import panel_review, score_of, sheets_of, versions_of
from grading.queries.moderation import ended_moderation, moderations_of, running_moderation
from grading.queries.report_review import review_of_engagement
from grading.queries.rubric import rubric_for, rubric_of
from grading.rubric import HUNDRED, Rubric
from grading.scale import BadRating, GradeRules, printed
from grading.services.rating import BESIDE_THE_REPORT, unexplained
from grading.services.task_ratings import GivenRating, Ratings, ratings_in, write_ratings
from grading.states import Difficulty, RaterKind, ReportKind, ReportReviewState, SubmissionState

KINDS = {RaterKind.UNIT: "unit", RaterKind.BUREAU: "bureau", RaterKind.EXPERT: "experts"}


@dataclass(frozen=True)
class ElementLine:
    """One element of a task score as shown: who gave what, the weights used, who was missing, the points."""

    key: str
    full: Decimal
    given: Mapping[str, Sequence[Decimal]]
    weights: Mapping[str, Decimal]
    missing: tuple[str, ...]
    rating: Decimal | None
    points: Decimal | None


@dataclass(frozen=True)
class Reckoning:
    """A task score as it stands: its elements, the total once every element is rated, and what is still missing."""

    elements: tuple[ElementLine, ...]
    total: Decimal | None
    lacking: tuple[str, ...]
    rules: GradeRules


def ratings_of(uow: UnitOfWork, submission: Submission) -> Ratings:
    """Return by element and kind of rater the ratings (0–100) that stand: locked sheets, panel, and the calendar."""
    given = ratings_in(given_ratings(uow, submission))
    return {element: given.get(element, {}) for element in ELEMENTS}


def timeliness(uow: UnitOfWork, submission: Submission) -> Decimal:
    """Return the rating of timeliness: 100 for a first final in time, less the rubric's points for each day late.

    The contract's day is kept by the formal report; a draft sent for comments keeps none (R-AGENCY-11).
    """
    finals = [one for one in versions_of(uow, submission) if one.kind is ReportKind.FINAL]
    first = min(one.delivered_at for one in finals or [submission])
    late = (first.astimezone(SHANGHAI).date() - submission.engagement.due_on).days
    return max(Decimal(0), HUNDRED - rubric_for(uow, submission).late_day * max(0, late))


def reckon(ratings: Ratings, rules: GradeRules) -> Reckoning:
    """Return the score with how it comes about, as far as the ratings reach."""
    elements, lacking = [], []
    for key in ELEMENTS:
        full, given = rules.elements[key], {kind: values for kind, values in ratings.get(key, {}).items() if values}
        if not given:
            lacking.append(key)
            elements.append(ElementLine(key, full, {}, {}, tuple(rules.raters_of(key)), None, None))
            continue
        one = combined(GradedTask("", {key: given}, Decimal(1)), rules)[key]
        weights = {kind: printed(weight * 100, 1) for kind, weight in one.weights.items()}
        elements.append(
            ElementLine(
                key,
                full,
                given,
                weights,
                () if key in SINGLE else one.missing,
                printed(one.score, 2),
                printed(one.score * int(full) / 100, 2),
            )
        )
    total = None if lacking else scored(GradedTask("", ratings, Decimal(1)), rules).total
    return Reckoning(tuple(elements), total, tuple(lacking), rules)


SINGLE = ("plan", "team", "timeliness", "archive")
"""Elements that one kind of rater alone rates; nobody is missing there."""


def given_ratings(uow: UnitOfWork, submission: Submission) -> list[GivenRating]:
    """Return every measure (0–100) with who gave it: the elements, and each line of report quality.

    Rule sets of other places rate their own elements by these. Nobody is named for what the panel or the calendar gave.
    """
    review, found = panel_review(uow, submission.engagement), list[GivenRating]()
    if review is not None and review.average is not None:
        found.append(GivenRating("plan", "experts", review.average))
    for sheet in sheets_of(uow, submission):
        for line in sheet.lines:
            if line.key in ("team", "process", "archive") or (line.key == "plan" and review is None):
                found.append(GivenRating(line.key, KINDS[sheet.kind], line.points, sheet.rater_id))
    found += report_ratings(uow, submission, agreed_points(uow, submission))
    found.append(GivenRating("timeliness", "bureau", timeliness(uow, submission)))
    return found


def report_ratings(
    uow: UnitOfWork, submission: Submission, agreed: Mapping[str, Decimal] | None = None, *, as_locked: bool = False
) -> list[GivenRating]:
    """Return the report's quality and its lines by rater: agreed points for everybody, else what each gave.

    `as_locked` gives what was locked before any moderation.
    """
    found = []
    for sheet in sheets_of(uow, submission):
        own = {
            line.key: line.points if as_locked else line.counts
            for line in sheet.lines
            if line.key not in BESIDE_THE_REPORT
        }
        points = own if agreed is None else agreed
        measures = {"report": sum(points.values(), Decimal(0)), **shares_of(points, rubric_of(uow, sheet.rubric))}
        kind, rater = KINDS[sheet.kind], sheet.rater_id
        found += [GivenRating(measure, kind, value, rater) for measure, value in measures.items()]
    return found


def shares_of(points: Mapping[str, Decimal], rubric: Rubric) -> dict[str, Decimal]:
    """Return the measures that a rubric's lines feed, each the share of its lines' full points, 0–100."""
    given: dict[str, list[tuple[Decimal, Decimal]]] = {}
    for line in rubric.quality:
        for measure in line.measures if line.key in points else ():
            given.setdefault(measure, []).append((points[line.key], line.full))
    shares = {}
    for measure, rows in given.items():
        got, full = (sum(column, Decimal(0)) for column in zip(*rows, strict=True))
        shares[measure] = printed(Fraction(got) * 100 / Fraction(full), 2)
    return shares


def agreed_points(uow: UnitOfWork, submission: Submission) -> dict[str, Decimal] | None:
    """Return the points by dimension that the raters agreed on; None where none were (R-GRADE.moderation)."""
    session = ended_moderation(uow, submission)
    if session is None or session.consensus is None:
        return None
    return {key: Decimal(value) for key, value in session.consensus.items()}


def moderation_left(uow: UnitOfWork, submission: Submission) -> Moderated | None:
    """Return what was locked and what was revised where the ratings were moderated, None where they were not."""
    session = ended_moderation(uow, submission)
    if session is None:
        return None
    return Moderated(
        ratings_in(report_ratings(uow, submission, as_locked=True)),
        ratings_in(report_ratings(uow, submission)),
        session.consensus is not None,
        session.note,
    )


def veto_ground(uow: UnitOfWork, engagement: Engagement) -> str | None:
    """Return the recorded misconduct in this engagement that vetoes its score, in words (R-GRADE.veto), or None."""
    case = vetoing_case(uow, engagement)
    return f"{case.number} {case.code.label}" if case is not None else None


def decide_score(
    uow: UnitOfWork,
    submission: Submission,
    *,
    veto: str = "",
    difficulty: Difficulty = Difficulty.USUAL,
    urgent: bool = False,
    spread_note: str = "",
) -> TaskScore:
    """Confirm the task score and close the engagement; `veto` is the ground of a veto (score 0, R-GRADE.veto).

    How difficult the task was and whether it was urgent count in the year under rule sets that ask for it. A far-off
    rater who has not said why needs `spread_note`: how that was followed up (R-GRADE.spread).

    Raises `Refused` while findings are open, while an element has no rating, while ratings are moderated, or when it is
    decided already.
    """
    engagement = submission.engagement
    uow.lock(engagement)
    if score_of(uow, engagement.id) is not None:
        raise Refused(Refusal(_l("任务得分已确认")))
    if submission.state is not SubmissionState.DISPOSED:
        raise Refused(Refusal(_l("疑点处置完成后才能确认得分")))
    _ensure_settled(uow, submission, spread_note)
    rules, given = grade_rules(uow), given_ratings(uow, submission)
    if not any(sheet.kind is RaterKind.BUREAU for sheet in sheets_of(uow, submission)):
        raise Refused(Refusal(_l("财政局的评分表尚未锁定，不能确认任务得分"), rule_id="R-GRADE.raters"))
    ground = veto.strip() or veto_ground(uow, engagement)
    try:
        result = scored(GradedTask(engagement.number, ratings_in(given), engagement.amount, ground), rules)
    except BadRating as error:
        raise Refused(Refusal(_l("评分不完整，不能确认任务得分"), rule_id="R-GRADE.task")) from error
    left = moderation_left(uow, submission)
    score = uow.add(
        TaskScore(
            engagement_id=engagement.id,
            agency_id=engagement.agency_id,
            amount=engagement.amount,
            sector=engagement.project.sector,
            year=uow.today.year,
            score=result.total,
            parts=plain(
                {
                    "points": dict(result.points),
                    "rules": rules.version,
                    "spread_note": spread_note.strip(),
                    "moderation": left.body() if left else None,
                    "moderators": sorted(
                        {str(one.moderator_id) for one in moderations_of(uow, submission) if one.moderator_id}
                    ),
                }
            ),
            difficulty=difficulty,
            urgent=urgent,
            veto=ground,
            decided_by_id=uow.actor.user_id,
            decided_at=uow.now,
        )
    )
    write_ratings(uow, score, given)
    uow.record(
        "submission.score",
        submission,
        about=(engagement, engagement.project),
        after={"score": str(result.total)},
        reason=ground,
    )
    ENGAGEMENT.fire(uow, engagement, "close")
    publish(uow, TaskScored(score))
    notify(
        uow,
        SCORED,
        user_ids_with(uow, Role.AGENCY_MANAGER, Role.AGENCY_STAFF, organisation_id=engagement.agency_id),
        url=score_page(submission.id),
        params={"project": engagement.project.name, "score": str(result.total)},
    )
    return score


def _ensure_settled(uow: UnitOfWork, submission: Submission, spread_note: str) -> None:
    if running_moderation(uow, submission) is not None:
        raise Refused(Refusal(_l("评分正在合议，合议结束后才能确认得分"), rule_id="R-GRADE.moderation"))
    review = review_of_engagement(uow, submission.engagement_id)
    if review is not None and review.state is not ReportReviewState.CONCLUDED:
        words = _l("报告评审（%(number)s）尚未形成意见，形成或者取消后才能确认得分", number=review.number)
        raise Refused(Refusal(words, rule_id="R-GRADE.panel"))
    if agreed_points(uow, submission) is None and unexplained(uow, submission) and not spread_note.strip():
        words = _l("有评分人与中位数相差较大且没有说明理由：请等其说明，或者写明如何核实")
        raise Refused(Refusal(words, rule_id="R-GRADE.spread", field="spread_note"))
