"""Computing a season: at once when small, by a job when large; every run is kept with its proof or cause."""

from __future__ import annotations

import hashlib
import time
import uuid
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import delete, func, select

from core.errors import Refusal, Refused
from core.i18n import _l
from core.jobs import defer, job
from core.notifications.send import notify
from core.unit_of_work import UnitOfWork
from experts.addresses import season_page
from experts.models import Expert, Season, SeasonRun, SeasonSeat
from experts.notifications import SEASON_COMPUTED
from experts.review_rules import SEATS
from experts.season.plan import Case, NoPlan, Options, Plan, plan_season
from experts.services.season_cases import Outlook, case_of, outlook
from experts.states import ExpertState, ReviewState, SeasonState
from experts.workflow import SEASON

AT_ONCE = 6_000
"""Pairs of review and expert that are computed while the officer waits: about two seconds."""


def compute(uow: UnitOfWork, season: Season) -> SeasonRun | None:
    """Compute the plan; None where it is large and a job does it, so that the page can be left."""
    gone = [part.review.number for part in season.parts if part.review.state is not ReviewState.CONVENED]
    if gone:
        raise Refused(
            Refusal(_l("%(number)s 已开始抽取或已取消，请另开分配", number="、".join(gone)), rule_id="R-EXP.season")
        )
    SEASON.fire(uow, season, "compute")
    pool = uow.session.scalar(select(func.count()).where(Expert.state == ExpertState.ACTIVE)) or 0
    if pool * len(season.parts) > AT_ONCE:
        defer(uow, compute_season, lock=f"season:{season.id}", season_id=str(season.id), user_id=str(uow.actor.user_id))
        return None
    return run(uow, season, uow.actor.user_id)


@job("experts.compute-season")
def compute_season(uow: UnitOfWork, season_id: str, user_id: str) -> None:
    """Compute a large season and tell who asked; a run that was done already is not done again."""
    season = uow.get(Season, uuid.UUID(season_id))
    if season is None or season.state is not SeasonState.COMPUTING:
        return
    run(uow, season, uuid.UUID(user_id))
    notify(
        uow,
        SEASON_COMPUTED,
        [uuid.UUID(user_id)],
        url=season_page(season.id),
        params={"number": season.number},
        by_mail=False,
    )


def options_of(season: Season) -> Options:
    """Return the season's options as the plan takes them."""
    kept = season.options
    percent = kept.get("pair_percent")
    return Options(
        load_max=int(kept["load_max"]),
        load_min=int(kept["load_min"]),
        fairness=bool(kept["fairness"]),
        together=kept.get("together"),
        pair_cap=None if percent is None else percent / 100,
        seed=int(season.seed),
    )


def run(uow: UnitOfWork, season: Season, user_id: uuid.UUID | None) -> SeasonRun:
    """Work out the plan and keep it, or the cause why there is none; the season moves on accordingly."""
    began = time.perf_counter()
    found = outlook(uow, season.parts)
    case = case_of(uow, found)
    number = (uow.session.scalar(select(func.max(SeasonRun.number)).where(SeasonRun.season_id == season.id)) or 0) + 1
    row = SeasonRun(
        season_id=season.id,
        number=number,
        run_at=uow.now,
        run_by_id=user_id,
        options={**season.options, "seed": season.seed},
        result=None,
        cause=None,
    )
    _forget(uow, season)
    try:
        plan = plan_season(case, options_of(season))
    except NoPlan as no_plan:
        row.cause = _cause(found, no_plan)
        uow.add(row)
        uow.session.flush()
        SEASON.fire(uow, season, "fail", as_system=True)
    else:
        _keep(uow, found, case, plan)
        row.result = _result(found, plan, time.perf_counter() - began)
        uow.add(row)
        uow.session.flush()
        SEASON.fire(uow, season, "propose", as_system=True)
    uow.record("season.run", season, after={"run": number, **({"digest": row.result["digest"]} if row.result else {})})
    uow.session.expire(season, ["runs"])
    return row


def _forget(uow: UnitOfWork, season: Season) -> None:
    parts = [part.id for part in season.parts]
    uow.session.execute(delete(SeasonSeat).where(SeasonSeat.part_id.in_(parts)))
    for part in season.parts:
        uow.session.expire(part, ["seats"])


def _keep(uow: UnitOfWork, found: Outlook, case: Case, plan: Plan) -> None:
    for number, part in enumerate(found.parts):
        seated = sorted(
            (expert for review, expert in plan.pairs if review == number),
            key=lambda expert: (SEATS.index(case.kinds[expert]), -case.fit[number, expert]),
        )
        reserves = _reserves(found, case, number, seated)
        for position, (expert, is_reserve) in enumerate(
            [*((one, False) for one in seated), *((one, True) for one in reserves)], start=1
        ):
            pair, chance = found.table[number][expert], plan.chances.get((number, expert))
            uow.add(
                SeasonSeat(
                    part_id=part.id,
                    expert_id=pair.expert.id,
                    kind=case.kinds[expert],
                    fit=Decimal(str(pair.fit)),
                    points=dict(pair.points),
                    chance=None if chance is None else Decimal(str(round(chance, 6))),
                    is_reserve=is_reserve,
                    position=position,
                )
            )
    uow.session.flush()


def _reserves(found: Outlook, case: Case, review: int, seated: Sequence[int]) -> list[int]:
    """Return the reserves of a review: of each kind in turn the best who is free, one an employer."""
    part, chosen = found.parts[review], list[int]()
    ranked = {
        kind: sorted(
            (
                expert
                for expert, own in enumerate(case.kinds)
                if own == kind and not case.barred[review, expert] and expert not in seated and case.free[expert] > 0
            ),
            key=lambda expert: (-case.fit[review, expert], expert),
        )
        for kind in SEATS
        if part.demand.get(kind)
    }
    while len(chosen) < part.review.reserves and any(ranked.values()):
        for kind in list(ranked):
            while ranked[kind]:
                expert = ranked[kind].pop(0)
                taken = {case.employers[one] for one in (*seated, *chosen)}
                if not case.employers[expert] or case.employers[expert] not in taken:
                    chosen.append(expert)
                    break
            if len(chosen) >= part.review.reserves:
                break
    return chosen


def _result(found: Outlook, plan: Plan, seconds: float) -> dict[str, Any]:
    listed = "\n".join(
        f"{found.parts[review].review.number}\t{found.experts[expert].id}" for review, expert in plan.pairs
    )
    return {
        "objective": round(plan.objective, 4),
        "bound": round(plan.bound, 4),
        "gap": round(plan.gap, 6),
        "total": round(plan.total, 4),
        "worst": round(plan.worst, 4),
        "rounds": plan.rounds,
        "reviews": len(found.parts),
        "experts": len(found.experts),
        "seconds": round(seconds, 2),
        "digest": hashlib.sha256(listed.encode()).hexdigest(),
    }


def _cause(found: Outlook, no_plan: NoPlan) -> dict[str, Any]:
    cause, relaxation = no_plan.cause, no_plan.relaxation
    return {
        "kind": cause.kind,
        "label": str(cause.label),
        "reviews": [found.parts[one].review.number for one in cause.reviews],
        "experts": [found.experts[one].user.name for one in cause.experts[:20]],
        "words": cause.reason,
        "missing": relaxation.missing if relaxation else None,
        "raise_load": relaxation.raise_load if relaxation else None,
    }
