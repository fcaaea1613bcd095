"""What an agency owes its record: changes that came by themselves or are noted, the yearly word (R-AGENCY-03)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from agencies.lead_check import facts_of, ran_out
from agencies.models import Agency, RecordChange, RecordConfirmation, RecordItem
from agencies.permissions import RecordPermission
from agencies.queries.record import confirmations_of, open_changes, record_of
from agencies.services.changes import update_deadline
from agencies.states import RecordChangeState, RecordPart
from agencies.updating import CONFIRM_RULE, RULE, months_later
from core.clock import SHANGHAI
from core.errors import Forbidden, Refusal, Refused
from core.i18n import Text, _l
from core.parameters import overrides
from core.permissions import policy
from core.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class RanOut:
    """Something of an entry that ran out by itself and is not reported: the last day to do so is by R-AGENCY-03."""

    item: RecordItem
    what: Text
    ended_on: date
    due_on: date


def ran_out_unreported(uow: UnitOfWork, agency: Agency) -> list[RanOut]:
    """Return certificates and contracts that ran out while no change of their entry is on its way."""
    record = record_of(uow, agency.organisation)
    on_its_way = {one.item_id for one in open_changes(uow, agency.organisation)}
    return [
        RanOut(item, what, day, update_deadline(uow, day).last_day)
        for item in record.of(RecordPart.LEADS)
        if item.id not in on_its_way
        for what, day in ran_out(facts_of(item.entries), uow.today)
    ]


def to_report(uow: UnitOfWork, agency: Agency) -> list[RecordChange]:
    """Return the changes that wait for the agency: noted, or asked about."""
    mine = (RecordChangeState.NOTED, RecordChangeState.QUESTIONED)
    return [one for one in open_changes(uow, agency.organisation) if one.state in mine]


def confirmation_due(uow: UnitOfWork, agency: Agency) -> date:
    """Return by when the record must be confirmed again: months after the last confirmation or the admission."""
    months = uow.house.rules.whole(CONFIRM_RULE, "months", on=uow.today, overrides=overrides(uow))
    latest = next(iter(confirmations_of(uow, agency.organisation)), None)
    last = latest.confirmed_at.astimezone(SHANGHAI).date() if latest else agency.admitted_on
    return months_later(last, months)


def confirm_record(uow: UnitOfWork, agency: Agency) -> RecordConfirmation:
    """Keep the manager's word that the record is true and current (R-AGENCY.confirm).

    Raises `Refused` while something is known that was not reported, and when this year's word is given already.
    """
    organisation = agency.organisation
    decision = policy.decide(uow.actor, RecordPermission.EDIT, agency)
    if not decision:
        raise Forbidden(decision.reason)
    uow.lock(agency)
    refusals = [
        Refusal(_l("“%(title)s”还没有申报，先申报再确认", title=one.title), rule_id=RULE)
        for one in to_report(uow, agency)
    ]
    refusals += [
        Refusal(_l("%(name)s的%(what)s已到期，先申报再确认", name=one.item.name, what=one.what), rule_id=RULE)
        for one in ran_out_unreported(uow, agency)
    ]
    if any(one.year == uow.today.year for one in confirmations_of(uow, organisation)):
        refusals.append(Refusal(_l("本年度已经确认过"), rule_id=CONFIRM_RULE))
    if refusals:
        raise Refused(*refusals)
    record = record_of(uow, organisation)
    row = uow.add(
        RecordConfirmation(
            organisation_id=organisation.id,
            year=uow.today.year,
            confirmed_at=uow.now,
            confirmed_by_id=uow.actor.user_id,
            items=sum(len(items) for items in record.items.values()),
        )
    )
    uow.session.flush()
    uow.record("agency_record.confirm", agency, about=(organisation,), after={"year": row.year, "items": row.items})
    return row
