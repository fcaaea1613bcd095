"""Reads for the list and the page of engagements."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import CTE, ColumnElement, ScalarSelect, Select, Subquery, false, func, or_, select, union
from sqlalchemy.orm import aliased, contains_eager

from agencies.models import Engagement, EngagementWords
from agencies.states import EngagementState
from core.i18n import _l
from core.identity.actor import Actor
from core.identity.models import Organisation
from core.identity.roles import Role
from core.search import Best, lexeme, matches, words_of
from core.unit_of_work import UnitOfWork
from projects.models import IndicatorSystem, Project

ALL_SEEING = (
    Role.PROCUREMENT_OFFICER,
    Role.PROCUREMENT_APPROVER,
    Role.QUALITY_OFFICER,
    Role.OBSERVER,
    Role.PROCUREMENT_SUPERVISOR,
)


LOOKED_AT = 1000
"""More than for agencies: beyond it a million engagements are read in order of time, which costs far more."""
NEWEST = 50_000
MANY = 200
"""Of words that very many engagements hold so many are listed, from among the newest."""


def visible_engagements(actor: Actor) -> Select[Engagement]:
    """Select the engagements the actor may read: the same rule as `AgencyPermission.READ_ENGAGEMENT`."""
    query = select(Engagement)
    if actor.has(*ALL_SEEING):
        return query
    agencies = actor.organisations_as(Role.AGENCY_MANAGER, Role.AGENCY_STAFF)
    units = actor.organisations_as(Role.UNIT_OFFICER)
    own = Engagement.agency_id.in_(agencies)
    of_unit = Engagement.project_id.in_(select(Project.id).where(Project.unit_id.in_(units)))
    if agencies and units:
        return query.where(or_(own, of_unit))
    # One condition alone lets an index find the few rows among a million.
    return query.where(of_unit if units else own)


def engagements_matching(actor: Actor, *, text: str = "", state: str = "") -> Select[Engagement]:
    """Select the visible engagements by words of their number, project, unit or agency, and by state.

    Of more than some hundred that hold the words these are the newest.
    """
    query = visible_engagements(actor)
    if text:
        found = newest_engagements(actor, text=text, state=state)
        ids = found.candidates.subquery() if found else select(EngagementWords.engagement_id).where(false()).subquery()
        return query.where(Engagement.id.in_(select(ids.c[0])))
    if state in {member.value for member in EngagementState}:
        query = query.where(Engagement.state == EngagementState(state))
    return query


def newest_engagements(actor: Actor, *, text: str, state: str = "") -> Best | None:
    """Return the order of a search for engagements: the newest first; None where no word was typed.

    Of words that very many hold only the newest are listed: the index of words knows no time, and to sort all that it
    finds would mean to read it.
    """
    if not words_of(text):
        return None
    some = select(EngagementWords.engagement_id, EngagementWords.opened_at)
    some = some.where(*_holding(EngagementWords, text, state))
    note = _l("，只列出最新的；再加一个词可缩小范围")
    if not actor.has(*ALL_SEEING):
        visible = visible_engagements(actor).with_only_columns(Engagement.id)
        own = some.where(EngagementWords.engagement_id.in_(visible)).limit(LOOKED_AT).subquery()
        return Best(_newest_first(own), false(), note)
    fresh = _among_newest(5000, text, state).limit(MANY + 1).cte("fresh")
    are_few = _count(fresh) <= MANY
    found = some.where(are_few).limit(LOOKED_AT + 1).cte("some")
    later = _among_newest(NEWEST, text, state).where(_count(found) > LOOKED_AT).limit(MANY)
    rows = union(select(fresh), select(found), select(later.subquery())).subquery()
    return Best(_newest_first(rows), or_(~are_few, _count(found) > LOOKED_AT), note)


def _newest_first(rows: Subquery) -> Select[Any]:
    return select(rows.c.engagement_id, (-func.extract("epoch", rows.c.opened_at)).label("age"))


def _among_newest(many: int, text: str, state: str) -> Select[uuid.UUID, datetime]:
    """Select those of so many newest engagements that hold the words, read in order of time until enough are found."""
    latest = select(EngagementWords).order_by(EngagementWords.opened_at.desc()).limit(many).subquery()
    recent = aliased(EngagementWords, latest)
    return select(recent.engagement_id, recent.opened_at).where(*_holding(recent, text, state))


def _count(rows: CTE) -> ScalarSelect[int]:
    return select(func.count()).select_from(rows).scalar_subquery()


def _holding(words: Any, text: str, state: str) -> list[ColumnElement[bool]]:
    """Return the conditions that the words of an engagement hold a text and a state."""
    conditions = [matches(words.grams, text)]
    if state in {member.value for member in EngagementState}:
        conditions.append(lexeme(words.grams, f"state={state}"))
    return conditions


def named_engagements(query: Select[Engagement]) -> Select[Engagement]:
    """Return the query with project and agency at hand, to sort by their names."""
    return (
        query.join(Project, Project.id == Engagement.project_id)
        .join(Organisation, Organisation.id == Engagement.agency_id)
        .options(contains_eager(Engagement.project), contains_eager(Engagement.agency))
    )


def load_engagement(uow: UnitOfWork, engagement_id: uuid.UUID) -> Engagement | None:
    """Return the engagement with this id."""
    return uow.get(Engagement, engagement_id)


def engagement_of(uow: UnitOfWork, system: IndicatorSystem) -> Engagement | None:
    """Return the engagement whose indicator system this is."""
    return uow.session.scalar(select(Engagement).where(Engagement.system_id == system.id))
