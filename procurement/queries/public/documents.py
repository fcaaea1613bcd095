"""The documents of a purchase as the public knows them: their versions and what was answered about them."""

from __future__ import annotations

from datetime import datetime
from itertools import pairwise

from flask_babel import force_locale
from sqlalchemy import func, select

from core.unit_of_work import UnitOfWork
from procurement.clarifying.differences import differences, extract
from procurement.models import PublishedAnswer, Question, Tender, TenderVersion
from procurement.public_process import Change, Enquiry, Version
from procurement.queries.amendments import versions_of


def public_versions(uow: UnitOfWork, tender: Tender, at: datetime | None) -> tuple[Version, ...]:
    """Return the versions of the documents; `at` is when those without a public notice of their own become public."""
    rows = versions_of(uow, tender)
    if not rows:
        published = at or tender.published_at
        return (Version(1, published, tender.record or {}),) if published else ()
    first = Version(1, at or rows[0].published_at, rows[0].record)
    return (first, *(_amended(before, one, at) for before, one in pairwise(rows)))


def public_enquiries(uow: UnitOfWork, tender: Tender) -> tuple[Enquiry, ...]:
    """Return the published answers, each with the day its first question was asked; who asked is never in it."""
    rows = uow.session.execute(
        select(PublishedAnswer, func.min(Question.asked_at))
        .join(Question, Question.answer_id == PublishedAnswer.id)
        .where(PublishedAnswer.tender_id == tender.id)
        .group_by(PublishedAnswer.id)
        .order_by(PublishedAnswer.number)
    )
    return tuple(
        Enquiry(
            key=f"enquiry-{row.number}",
            asked_at=asked_at,
            question=row.question,
            answer=row.answer,
            answered_at=row.published_at,
        )
        for row, asked_at in rows
    )


def _amended(before: TenderVersion, one: TenderVersion, at: datetime | None) -> Version:
    with force_locale("zh"):  # notices and open data are Chinese whatever the reader's language
        changes = tuple(
            Change(str(difference.label), *extract(difference.before, difference.after))
            for difference in differences(before.record, one.record)
        )
    return Version(one.number, at or one.published_at, one.record, reason=one.reason, changes=changes)
