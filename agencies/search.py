"""Finding agencies from the search box."""

from __future__ import annotations

from collections.abc import Iterable

from flask import url_for

from agencies.queries import agencies_matching
from core.i18n import _l
from core.ports import Hit
from core.unit_of_work import UnitOfWork


def find_agencies(uow: UnitOfWork, text: str) -> Iterable[Hit]:
    """Yield up to ten agencies whose name or credit code holds the text; the register is public."""
    for agency in uow.session.scalars(agencies_matching(text=text).limit(10)):
        yield Hit(
            _l("机构"),
            agency.organisation.name,
            url_for("agencies.show", agency_id=agency.id),
            agency.grade.grade.label if agency.grade else "",
        )
