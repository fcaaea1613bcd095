"""A season read from the database: every review against every expert, with fit, bars and what clashes."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

import numpy as np
from sqlalchemy import func, select

from agencies.models import Engagement
from core.parameters import overrides
from core.unit_of_work import UnitOfWork
from experts.exclusions import Exclusion
from experts.models import Expert, Review, SeasonChoice, SeasonReview, Seat
from experts.queries.records import service_records
from experts.quotas import CATEGORIES
from experts.review_rules import SEATS, ReviewRules, review_rules
from experts.season.fit import PARTS, Matter, Profile, Usual, points, shares, total
from experts.season.plan import Case, kinds_for
from experts.services.conflicts import SERVED, screen
from experts.states import ReviewState, SeatState, Verdict
from experts.suitability import ServiceRecord
from projects.models import Project

RULE = "R-EXP.fit"
LENGTH = timedelta(hours=3)
"""Meetings that begin within this time of each other cannot both be attended."""


@dataclass(frozen=True)
class Pair:
    """An expert for a review: the points of each part, why not (None: may be seated), busy elsewhere at that time."""

    expert: Expert
    kind: str
    points: Mapping[str, float]
    exclusion: Exclusion | None
    is_busy: bool = False

    @property
    def fit(self) -> float:
        """The points together, out of 100."""
        return total(self.points)

    @property
    def may_sit(self) -> bool:
        """Whether the plan may seat them."""
        return self.exclusion is None and not self.is_busy and bool(self.kind)


@dataclass(frozen=True)
class Outlook:
    """Everybody who could be seated, for each part of the season, in one order of experts."""

    parts: Sequence[SeasonReview]
    experts: Sequence[Expert]
    kinds: Sequence[str]
    table: Sequence[Sequence[Pair]]
    records: Mapping[uuid.UUID, ServiceRecord]
    weights: Mapping[str, float]
    rules: ReviewRules


def fit_weights(uow: UnitOfWork) -> dict[str, float]:
    """Return the points of each part (R-EXP.fit)."""
    book, on, local = uow.house.rules, uow.today, overrides(uow)
    return {part: float(book.number(RULE, part, on=on, overrides=local)) for part in PARTS}


def outlook(uow: UnitOfWork, parts: Sequence[SeasonReview], *, only: SeasonReview | None = None) -> Outlook:
    """Look at every active expert for every review (or `only` one of them); the kinds are those of the whole season."""
    rules, weights = review_rules(uow), fit_weights(uow)
    shown = [only] if only is not None else list(parts)
    screened = [screen(uow, part.review.engagement) for part in shown]
    experts = [one.expert for one in screened[0]] if screened else []
    ids = [one.id for one in experts]
    records = service_records(uow, ids)
    served = _served(uow, ids)
    wanted: Counter[str] = Counter()
    for part in parts:
        wanted.update({key: int(count) for key, count in part.demand.items()})
    kinds = kinds_for([_can(one) for one in experts], {key: wanted[key] for key in SEATS})
    average = sum(one.three_years for one in records.values()) / max(1, len(records))
    usual = Usual(rules.load_max, average)
    busy = _busy(uow, [part.review for part in shown])
    table = []
    for part, looked in zip(shown, screened, strict=True):
        project = part.review.engagement.project
        matter = Matter(project.industry.value, f"{project.name} {project.objective} {project.content}")
        row = []
        for expert, kind, one in zip(experts, kinds, looked, strict=True):
            profile = Profile(
                frozenset(expert.industries), expert.speciality, served.get(expert.id, {}), records[expert.id]
            )
            fits = kind != "trade" or project.industry.value in expert.industries
            row.append(
                Pair(
                    expert,
                    kind if fits else "",
                    points(shares(matter, profile, usual), weights),
                    one.exclusion,
                    (part.review_id, expert.id) in busy,
                )
            )
        table.append(row)
    return Outlook(shown, experts, kinds, table, records, weights, rules)


def _can(expert: Expert) -> frozenset[str]:
    held = set(expert.category_labels)
    return frozenset(key for key, wanted in CATEGORIES.items() if held.intersection(wanted))


def _served(uow: UnitOfWork, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, dict[str, int]]:
    """Count the reviews each served by the project's industry; one query."""
    rows = uow.session.execute(
        select(Seat.expert_id, Project.industry, func.count())
        .join(Review, Review.id == Seat.review_id)
        .join(Engagement, Engagement.id == Review.engagement_id)
        .join(Project, Project.id == Engagement.project_id)
        .where(Seat.expert_id.in_(ids), Seat.state == SeatState.SUBMITTED)
        .group_by(Seat.expert_id, Project.industry)
    )
    found: dict[uuid.UUID, dict[str, int]] = {}
    for expert_id, industry, count in rows:
        found.setdefault(expert_id, {})[industry.value] = count
    return found


def _busy(uow: UnitOfWork, reviews: Sequence[Review]) -> set[tuple[uuid.UUID, uuid.UUID]]:
    """Return who is asked to, or sits in, another meeting at the time of one of these; one query."""
    if not reviews:
        return set()
    first, last = min(one.meets_at for one in reviews), max(one.meets_at for one in reviews)
    rows = uow.session.execute(
        select(Seat.expert_id, Review.meets_at, Review.id)
        .join(Review, Review.id == Seat.review_id)
        .where(
            Seat.state.in_((SeatState.INVITED, SeatState.ACCEPTED)),
            Review.state.in_((ReviewState.INVITING, ReviewState.SCORING)),
            Review.meets_at.between(first - LENGTH, last + LENGTH),
        )
    ).all()
    return {
        (review.id, row.expert_id)
        for review in reviews
        for row in rows
        if row.id != review.id and abs(row.meets_at - review.meets_at) < LENGTH
    }


def choices_of(uow: UnitOfWork, parts: Sequence[SeasonReview]) -> Sequence[SeasonChoice]:
    """Return what was decided by hand in these parts, oldest first."""
    return uow.session.scalars(
        select(SeasonChoice)
        .where(SeasonChoice.part_id.in_([one.id for one in parts]))
        .order_by(SeasonChoice.decided_at, SeasonChoice.id)
    ).all()


def case_of(uow: UnitOfWork, found: Outlook) -> Case:
    """Return the season as numbers, with what was decided by hand fixed or barred."""
    fit = np.array([[pair.fit for pair in row] for row in found.table], dtype=np.float64).reshape(
        len(found.parts), len(found.experts)
    )
    barred = np.array([[not pair.may_sit for pair in row] for row in found.table], dtype=bool).reshape(fit.shape)
    place = {one.id: number for number, one in enumerate(found.experts)}
    row_of = {part.id: number for number, part in enumerate(found.parts)}
    fixed = []
    for choice in choices_of(uow, found.parts):
        if choice.expert_id not in place:
            continue
        review, expert = row_of[choice.part_id], place[choice.expert_id]
        if choice.verdict is Verdict.BAR:
            barred[review, expert] = True
        elif found.table[review][expert].may_sit:
            fixed.append((review, expert))
    reviews = [part.review for part in found.parts]
    clashes = [
        (one, two)
        for one in range(len(reviews))
        for two in range(one + 1, len(reviews))
        if abs(reviews[one].meets_at - reviews[two].meets_at) < LENGTH
        or reviews[one].engagement.project.unit_id == reviews[two].engagement.project.unit_id
    ]
    return Case(
        fit=fit,
        barred=barred,
        demand=[{key: int(part.demand.get(key, 0)) for key in SEATS} for part in found.parts],
        kinds=list(found.kinds),
        free=[max(0, found.rules.load_max - found.records[one.id].this_year) for one in found.experts],
        employers=[one.employer for one in found.experts] if found.rules.per_employer == 1 else [""] * len(place),
        clashes=clashes,
        fixed=fixed,
        agencies=[str(one.engagement.agency_id) for one in reviews],
        repeat_max=found.rules.repeat_max,
        judged=_judged(uow, place),
    )


def _judged(uow: UnitOfWork, place: Mapping[uuid.UUID, int]) -> dict[tuple[int, str], int]:
    """Count how often each judged each agency this year; one query."""
    rows = uow.session.execute(
        select(Seat.expert_id, Engagement.agency_id, func.count())
        .join(Review, Review.id == Seat.review_id)
        .join(Engagement, Engagement.id == Review.engagement_id)
        .where(
            Seat.expert_id.in_(list(place)),
            Seat.state.in_(SERVED),
            Review.state != ReviewState.CANCELLED,
            func.extract("year", Review.convened_at) == uow.today.year,
        )
        .group_by(Seat.expert_id, Engagement.agency_id)
    )
    return {(place[expert_id], str(agency_id)): count for expert_id, agency_id, count in rows}
