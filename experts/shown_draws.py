"""A draw as pages show it: chances, the obstacle, what was picked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from sqlalchemy import select

from core.i18n import Text
from core.records import DIGESTS
from core.unit_of_work import UnitOfWork
from experts.draw import DrawPlan
from experts.draw.infeasible import Infeasible
from experts.exclusions import Exclusion
from experts.models import Draw, Expert
from experts.queries import service_records
from experts.services.conflicts import Screened
from experts.stored_draws import plan_from, replacements_in, result_of
from experts.suitability import ServiceRecord


def chances_of(
    uow: UnitOfWork, screened: Sequence[Screened], plan: DrawPlan
) -> list[tuple[Expert, Fraction, ServiceRecord]]:
    """Return everybody who may be drawn with their exact chance of a seat and their record, the best chance first."""
    chances = plan.chances
    eligible = [one.expert for one in screened if one.exclusion is None]
    duty = service_records(uow, eligible)
    rows = [(one, chances[str(one.id)], duty[one.id]) for one in eligible]
    return sorted(rows, key=lambda row: (-row[1], row[0].user.name))


def explained(infeasible: Infeasible, titles: Mapping[str, Text]) -> dict[str, object]:
    """Word the obstacle: which quotas block, the least that would have to give, by the titles of their features."""
    return {
        "eligible": infeasible.eligible,
        "blocking": [(titles.get(one.feature, one.value), one.minimum, one.maximum) for one in infeasible.blocking],
        "relaxation": [
            (
                titles.get(one.quota.feature, one.quota.value),
                one.quota.minimum,
                one.minimum,
                one.quota.maximum,
                one.maximum,
            )
            for one in infeasible.relaxation
        ],
        "readmit": [(Exclusion(reason).label, count) for reason, count in infeasible.readmit.items()],
    }


def picked_of(uow: UnitOfWork, held: Sequence[Draw]) -> dict[str, object]:
    """Return what the lottery picked, with names, for those who may see the panel."""
    result = result_of(held)
    full = held[-1].record or {}
    plan = plan_from(held[-1].plan)
    steps = replacements_in(full)
    names = {*result.seats, *result.reserves, *(s.declined for s in steps), *(s.replaced_by for s in steps)}
    people = {str(one.id): one for one in uow.session.scalars(select(Expert).where(Expert.id.in_(names))).unique()}
    panel = plan.lottery[result.picked.panel]
    return {
        "seats": [people[name] for name in result.seats],
        "reserves": [people[name] for name in result.reserves],
        "steps": [(people[one.declined], one.reason, people[one.replaced_by]) for one in steps],
        "ticket": result.picked.ticket,
        "total": plan.total,
        "panel": result.picked.panel + 1,
        "panels": len(plan.lottery),
        "share": panel.weight / plan.total,
        "eligible": sum(kind.count for kind in plan.kinds),
        "digest": full[DIGESTS]["record"],
    }
