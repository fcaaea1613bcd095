"""How agencies stand, what their grades lead to, and decisions about it: a constant number of queries for many."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, select

from agencies.consequences import (
    Consequence,
    ConsequenceKind,
    Numbers,
    PoorTask,
    Restriction,
    YearGrade,
    as_decision,
    consequences,
    exit_of,
    latest,
)
from agencies.library_standing import Decided, StandingOn, standing_on
from agencies.models import Agency, AgencyGrade, StandingDecision
from agencies.ports import poor_tasks, rounds
from agencies.states import DecisionState, Standing, StandingKind
from core.clock import SHANGHAI
from core.errors import Refusal
from core.i18n import Text, _l
from core.identity.models import Organisation
from core.parameters import overrides
from core.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class KnownStanding:
    """What is known of an organisation on a day; a newcomer has no agency and nothing against it."""

    agency: Agency | None
    standing: StandingOn
    grade: YearGrade | None
    consequences: Sequence[Consequence]

    def has(self, kind: ConsequenceKind) -> bool:
        """Whether this consequence holds."""
        return any(one.kind is kind for one in self.consequences)


OUTSIDE = KnownStanding(None, StandingOn(Standing.IN_LIBRARY), None, ())
"""What is known of a newcomer: nothing, and nothing follows from it (R-GRADE.scope)."""


def numbers(uow: UnitOfWork) -> Numbers:
    """Return the rules' numbers in force today."""
    book, on, local = uow.house.rules, uow.today, overrides(uow)

    def whole(rule_id: str, name: str) -> int:
        return book.whole(rule_id, name, on=on, overrides=local)

    return Numbers(
        lots_a=whole("R-GRADE.A", "lots_max"),
        lots_c=whole("R-GRADE.C", "lots_max"),
        rounds=whole("R-GRADE.D1", "rounds"),
        pause_years=whole("R-GRADE.DY", "pause_years"),
        poor_years=whole("R-GRADE.exit", "poor_years"),
        exit_years=whole("R-GRADE.exit", "pause_years"),
    )


def standings_of(
    uow: UnitOfWork,
    organisations: Collection[uuid.UUID],
    day: date | None = None,
    *,
    begun: Sequence[date] | None = None,
) -> dict[uuid.UUID, KnownStanding]:
    """Return what is known of each of these organisations, today or on a day.

    `begun` are the rounds that count; a purchase leaves its own out.
    """
    on, wanted = day or uow.today, set(organisations)
    agencies = {
        one.organisation_id: one
        for one in uow.session.scalars(select(Agency).where(Agency.organisation_id.in_(wanted))).unique()
    }
    ids = [one.id for one in agencies.values()]
    decided = _decided(uow, ids)
    grades = _grades(uow, ids)
    poor = poor_tasks(uow, list(agencies))
    rules = numbers(uow)
    if begun is None:
        begun = rounds(uow) if any(poor.values()) else ()
    found = {}
    for organisation_id in wanted:
        agency = agencies.get(organisation_id)
        found[organisation_id] = (
            OUTSIDE
            if agency is None
            else _known(agency, decided[agency.id], grades[agency.id], poor.get(organisation_id, ()), rules, on, begun)
        )
    return found


def standing_of(uow: UnitOfWork, agency: Agency, day: date | None = None) -> KnownStanding:
    """Return what is known of one agency of the library."""
    return standings_of(uow, [agency.organisation_id], day)[agency.organisation_id]


def _known(  # noqa: PLR0917 - what is known
    agency: Agency,
    decided: Sequence[Decided],
    grades: Sequence[YearGrade],
    poor: Sequence[PoorTask],
    rules: Numbers,
    on: date,
    begun: Sequence[date],
) -> KnownStanding:
    returns = [one.begins_on for one in decided if one.kind is StandingKind.RETURN and one.begins_on <= on]
    returned_on = max(returns, default=None)
    follows = consequences(grades, poor, rules, on, returned_on=returned_on, rounds=begun)
    exit_ = exit_of(grades, rules, on, returned_on)
    every = [*decided, as_decision(exit_)] if exit_ is not None else list(decided)
    return KnownStanding(agency, standing_on(every, on), latest(grades, on), follows)


def _decided(uow: UnitOfWork, agency_ids: Collection[uuid.UUID]) -> Mapping[uuid.UUID, list[Decided]]:
    found: dict[uuid.UUID, list[Decided]] = defaultdict(list)
    rows = uow.session.scalars(
        select(StandingDecision)
        .where(StandingDecision.agency_id.in_(agency_ids), StandingDecision.state == DecisionState.DECIDED)
        .order_by(StandingDecision.decided_at, StandingDecision.number)
    )
    for place, one in enumerate(rows.unique()):
        reason = one.reason
        found[one.agency_id].append(
            Decided(str(one.id), one.kind, one.begins_on, one.ends_on, one.rule_id, reason, place)
        )
    return found


def _grades(uow: UnitOfWork, agency_ids: Collection[uuid.UUID]) -> Mapping[uuid.UUID, list[YearGrade]]:
    found: dict[uuid.UUID, list[YearGrade]] = defaultdict(list)
    columns = (AgencyGrade.agency_id, AgencyGrade.id, AgencyGrade.year, AgencyGrade.grade, AgencyGrade.published_at)
    rows = select(*columns).where(AgencyGrade.agency_id.in_(agency_ids), AgencyGrade.published_at.is_not(None))
    for agency_id, key, year, grade, published_at in uow.session.execute(rows):
        if published_at is None:
            continue
        day = published_at.astimezone(SHANGHAI).date()
        found[agency_id].append(YearGrade(str(key), year, grade, day))
    return found


def words_of(one: Consequence) -> Text:
    """Return a consequence in a sentence that names what it rests on."""
    kinds, basis, number = ConsequenceKind, one.basis, one.number
    day = one.ends_on.isoformat() if one.ends_on else ""
    return {
        kinds.TWO_LOTS: _l("%(year)s 年度为 A 级，可以同时承接 %(number)s 个包", year=basis, number=number),
        kinds.PREFERRED: _l("%(year)s 年度为 A 级，直接选定时优先", year=basis),
        kinds.LOT_LIMIT: _l("%(year)s 年度为 C 级，最多同时承接 %(number)s 个包", year=basis, number=number),
        kinds.COACHED: _l("%(year)s 年度为 C 级，接受辅导", year=basis),
        kinds.SKIP_ROUND: _l("委托 %(task)s 为 D 级，暂停下一轮委托", task=basis),
        kinds.SKIP_YEAR: _l("%(year)s 年度为 D 级，暂停委托至 %(day)s", year=basis, day=day),
        kinds.EXIT: _l("%(years)s 年度均为 D 级，退出机构库，%(day)s 后可以重新申请", years=basis, day=day),
    }[one.kind]


def standing_words(standing: StandingOn) -> Text:
    """Return a standing with its period in a sentence."""
    cause = standing.cause
    if cause is None:
        return _l("在库")
    begins = cause.begins_on.isoformat()
    if standing.standing is Standing.SUSPENDED and standing.until is not None:
        return _l("自 %(begins)s 起暂停，至 %(until)s 止", begins=begins, until=standing.until.isoformat())
    if standing.standing is Standing.SUSPENDED:
        return _l("自 %(begins)s 起暂停，整改后申请恢复", begins=begins)
    if standing.standing is Standing.LEFT:
        return _l("自 %(begins)s 起自愿退出", begins=begins)
    after = standing.may_return_from.isoformat() if standing.may_return_from else ""
    return _l("自 %(begins)s 起移出机构库，%(after)s 起可以重新申请", begins=begins, after=after)


def refusal_of(restriction: Restriction, name: str, field: str) -> Refusal:
    """Return why an agency is not chosen, with its rule, at the field where it was chosen."""
    cause = restriction.cause
    why = standing_words(cause) if isinstance(cause, StandingOn) else words_of(cause)
    return Refusal(_l("%(name)s：%(why)s", name=name, why=why), rule_id=restriction.rule_id, field=field)


def decisions_of(uow: UnitOfWork, agency: Agency) -> list[StandingDecision]:
    """Return every decision and application about an agency, the newest first."""
    rows = select(StandingDecision).where(StandingDecision.agency_id == agency.id)
    return list(uow.session.scalars(rows.order_by(StandingDecision.number.desc())).unique())


def decisions_matching(*, text: str = "", kind: str = "", state: str = "") -> Select[StandingDecision]:
    """Select decisions by agency, kind and state."""
    query = (
        select(StandingDecision)
        .join(Agency, Agency.id == StandingDecision.agency_id)
        .join(Organisation, Organisation.id == Agency.organisation_id)
    )
    if text:
        query = query.where(Organisation.name.ilike(f"%{text}%"))
    if kind in {one.value for one in StandingKind}:
        query = query.where(StandingDecision.kind == StandingKind(kind))
    if state in {one.value for one in DecisionState}:
        query = query.where(StandingDecision.state == DecisionState(state))
    return query


def load_decision(uow: UnitOfWork, decision_id: uuid.UUID) -> StandingDecision | None:
    """Return the decision with this id."""
    return uow.get(StandingDecision, decision_id)
