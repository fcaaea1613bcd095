"""What the library says of suppliers where the purchaser chooses, and where it bars nobody (R-GRADE.scope).

Grades and standing act in purchases below the limits and in the direct selection of a framework alone. Everywhere else
they are shown and bar nobody: bars from a statutory purchase come from legal sanctions (`bidder_conflicts`).
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, String, cast, func, select, true

from agencies.consequences import ConsequenceKind, Restriction, Route, is_preferred, restrictions
from agencies.models import Engagement
from agencies.queries.standing import KnownStanding, refusal_of, standing_words, standings_of, words_of
from agencies.states import EngagementState
from core.clock import SHANGHAI
from core.errors import Refusal
from core.i18n import Text, _l
from core.identity.models import Organisation
from core.unit_of_work import UnitOfWork
from procurement.models import AskedSupplier, CallOff, Tender
from procurement.planning.thresholds import thresholds
from procurement.states import Method, TenderState

ROUTES = {Method.BELOW_LIMIT: Route.BELOW_LIMIT, Method.CALL_OFF_DIRECT: Route.DIRECT_SELECTION}
"""The methods in which grades and standing act; every other method has no route (R-GRADE.scope)."""

RUNNING = (EngagementState.PREPARING, EngagementState.EVALUATING)
VOID = (TenderState.CANCELLED, TenderState.FAILED)


@dataclass(frozen=True)
class Gate:
    """What is known of one supplier for one purchase: why it is not chosen here, whether it is preferred, in words."""

    known: KnownStanding
    restrictions: Sequence[Restriction]
    is_preferred: bool
    acts: bool
    """Whether grades act in this purchase at all."""

    @property
    def words(self) -> list[tuple[Text, str | None]]:
        """What to show beside the supplier's name, with the rule of each sentence."""
        found: list[tuple[Text, str | None]] = []
        if self.known.grade is not None:
            grade = self.known.grade
            found.append((_l("%(year)s 年度 %(grade)s", year=grade.year, grade=grade.grade.label), None))
        elif self.known.agency is None:
            found.append((_l("未入库，同样可以参加"), "R-GRADE.scope"))
        cause = self.known.standing.cause
        if cause is not None:
            found.append((standing_words(self.known.standing), cause.rule_id))
        shown = (ConsequenceKind.SKIP_YEAR, ConsequenceKind.SKIP_ROUND, ConsequenceKind.LOT_LIMIT)
        used = [one.cause for one in self.restrictions]
        found += [(words_of(one), one.rule_id) for one in self.known.consequences if one.kind in shown and one in used]
        if self.is_preferred:
            found.append((_l("A 级优先"), "R-GRADE.A"))
        return found


def route_of(uow: UnitOfWork, tender: Tender) -> Route | None:
    """Return where grades act in this purchase; None for every statutory one, and for one at or above the limit."""
    route = ROUTES.get(tender.method)
    if route is Route.BELOW_LIMIT and tender.budget >= thresholds(uow).limit:
        return None
    return route


def gates(uow: UnitOfWork, tender: Tender, suppliers: Collection[Organisation]) -> dict[uuid.UUID, Gate]:
    """Return what the library says of each supplier for this purchase: a constant number of queries."""
    ids = [one.id for one in suppliers]
    route = route_of(uow, tender)
    known = standings_of(uow, ids, begun=rounds_begun(uow, tender))
    held = _running(uow, ids) if route is not None else {}
    found = {}
    for key in ids:
        one, running = known[key], held.get(key, 0)
        barred = restrictions(one.standing, one.consequences, route, running=running)
        preferred = not barred and is_preferred(one.consequences, route, running=running)
        found[key] = Gate(one, barred, preferred, route is not None)
    return found


def gate_refusals(uow: UnitOfWork, tender: Tender, suppliers: Collection[Organisation], field: str) -> list[Refusal]:
    """Return why these suppliers are not chosen in this purchase, each with its rule; empty in a statutory one."""
    found = gates(uow, tender, suppliers)
    return [refusal_of(one, supplier.name, field) for supplier in suppliers for one in found[supplier.id].restrictions]


def labelled(uow: UnitOfWork, tender: Tender, suppliers: Sequence[Organisation]) -> list[tuple[str, str]]:
    """Return suppliers to choose from, each with its grade and standing behind its name."""
    found = gates(uow, tender, suppliers)
    return [(str(one.id), "　".join([one.name, *_marks(found[one.id])])) for one in suppliers]


def _marks(gate: Gate) -> list[str]:
    barred = [str(_l("不能选择"))] if gate.restrictions else []
    return barred + [str(words) for words, _rule in gate.words]


def rounds_begun(uow: UnitOfWork, besides: Tender | None = None) -> list[date]:
    """Return the days on which rounds began in which grades act, leaving one purchase out (R-GRADE.D1).

    A selection begins when suppliers are asked, a direct selection when one is proposed; what was given up is none.
    """
    asked = (
        select(func.min(AskedSupplier.asked_at))
        .join(Tender, Tender.id == AskedSupplier.tender_id)
        .where(
            AskedSupplier.asked_at.is_not(None),
            Tender.method == Method.BELOW_LIMIT,
            Tender.state.not_in(VOID),
            _not(besides),
        )
        .group_by(Tender.id)
    )
    proposed = (
        select(CallOff.proposed_at)
        .join(Tender, Tender.id == CallOff.tender_id)
        .where(
            CallOff.proposed_at.is_not(None),
            Tender.method == Method.CALL_OFF_DIRECT,
            Tender.state.not_in(VOID),
            _not(besides),
        )
    )
    days = [at for query in (asked, proposed) for at in uow.session.scalars(query)]
    return [at.astimezone(SHANGHAI).date() for at in days if at is not None]


def _not(besides: Tender | None) -> ColumnElement[bool]:
    return true() if besides is None else Tender.id != besides.id


def _running(uow: UnitOfWork, suppliers: Collection[uuid.UUID]) -> dict[uuid.UUID, int]:
    """Return how many lots each holds from purchases in which grades act, as long as the report is not delivered."""
    rows = (
        select(Engagement.agency_id, func.count())
        .join(Tender, Engagement.source == func.concat("tender:", cast(Tender.id, String)))
        .where(Engagement.agency_id.in_(suppliers), Engagement.state.in_(RUNNING), Tender.method.in_(ROUTES))
        .group_by(Engagement.agency_id)
    )
    return {row[0]: row[1] for row in uow.session.execute(rows)}
