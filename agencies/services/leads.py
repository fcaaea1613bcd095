"""Lead evaluators: kept beside their record entry, and judged on a day (R-LEAD-01, R-AGENCY-07)."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date

from flask_babel import force_locale
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from agencies.lead_check import LeadFacts, Limits, Verdict, facts_of, summary, verdict
from agencies.models import LeadEvaluator, RecordItem
from core.errors import Refusal, Refused
from core.i18n import _l
from core.parameters import overrides
from core.unit_of_work import UnitOfWork


def lead_limits(uow: UnitOfWork) -> Limits:
    """Return the numbers of R-LEAD-01 in force today; one query."""
    book, local = uow.house.rules, overrides(uow)

    def whole(name: str) -> int:
        return book.whole("R-LEAD-01", name, on=uow.today, overrides=local)

    return Limits(whole("work_years"), whole("evaluation_years"), whole("offence_years"))


def lead_facts(lead: LeadEvaluator) -> LeadFacts:
    """Return what the record says of a lead; of one without an entry nothing but the name is known."""
    return facts_of(lead.item.entries) if lead.item is not None else LeadFacts()


def lead_verdict(uow: UnitOfWork, lead: LeadEvaluator, on: date | None = None) -> Verdict:
    """Judge one lead evaluator on a day (today where none is given); each condition says why (R-LEAD-01)."""
    return verdict(lead_facts(lead), lead_limits(uow), on or uow.today)


def leads_of(
    uow: UnitOfWork, organisation_id: uuid.UUID, on: date | None = None
) -> list[tuple[LeadEvaluator, Verdict]]:
    """Return an organisation's present lead evaluators with their verdicts, those who qualify first; two queries."""
    day, limits = on or uow.today, lead_limits(uow)
    rows = uow.session.scalars(
        select(LeadEvaluator)
        .where(LeadEvaluator.organisation_id == organisation_id, LeadEvaluator.ended_on.is_(None))
        .options(joinedload(LeadEvaluator.item))
    )
    judged = [(one, verdict(lead_facts(one), limits, day)) for one in rows]
    return sorted(judged, key=lambda pair: (not pair[1].qualifies, pair[0].name, str(pair[0].id)))


def ensure_may_lead(
    uow: UnitOfWork, organisation_id: uuid.UUID, lead: LeadEvaluator, on: date | None = None, *, field: str = "lead"
) -> None:
    """Raise `Refused` unless this person may lead work of this organisation on a day.

    Every condition that is broken is named: to let somebody lead who does not qualify is the use of unqualified people
    (R-AGENCY-05).
    """
    day = on or uow.today
    if lead.organisation_id != organisation_id:
        raise Refused(Refusal(_l("主评人须是本机构的人员"), rule_id="R-AGENCY-07", field=field))
    refusals = []
    if lead.ended_on is not None and lead.ended_on < day:
        words = _l("%(name)s已不是本机构的主评人", name=lead.name)
        refusals.append(Refusal(words, rule_id="R-AGENCY-07", field=field))
    refusals += [
        Refusal(_l("%(title)s：%(reason)s", title=one.title, reason=one.reason), rule_id=one.rule_id, field=field)
        for one in lead_verdict(uow, lead, day).broken
    ]
    if refusals:
        words = _l("聘用不符合条件的人员属于执业禁止行为")
        raise Refused(*refusals, Refusal(words, rule_id="R-AGENCY-05", field=field))


def keep_lead(uow: UnitOfWork, item: RecordItem) -> LeadEvaluator:
    """Bring the lead evaluator of a record entry up to the entry; teams and lists refer to it."""
    lead = uow.session.scalar(select(LeadEvaluator).where(LeadEvaluator.item_id == item.id))
    if lead is None:
        lead = uow.add(
            LeadEvaluator(organisation_id=item.organisation_id, item_id=item.id, name=item.name, qualification="")
        )
    facts = facts_of(item.entries)
    with force_locale("zh"):  # what is kept is kept in one language
        lead.name, lead.qualification, lead.ended_on = item.name, summary(facts), item.ended_on
    lead.working_since = _first([one.begins_on for one in facts.work])
    lead.evaluating_since = _first([one.begins_on for one in facts.evaluation])
    uow.session.flush()
    return lead


def _first(days: Sequence[date]) -> date | None:
    return min(days, default=None)
