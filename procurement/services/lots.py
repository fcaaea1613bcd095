"""The lots of a draft: each with projects, a title and a budget (yuan); their sum is the tender's budget."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy.orm.attributes import flag_modified

from core.errors import Refusal, Refused
from core.i18n import _l
from core.unit_of_work import UnitOfWork
from procurement.models import Lot, Tender
from procurement.services.drafting import check_free, ensure_draft
from procurement.services.requirements import note_author
from projects.models import Project

MOST_LOTS = 20


@dataclass(frozen=True)
class LotEntry:
    """A lot as entered."""

    title: str
    budget: Decimal
    projects: Sequence[Project]


def set_lots(uow: UnitOfWork, tender: Tender, entries: Sequence[LotEntry]) -> None:
    """Replace the draft's lots by these, in this order. Raises `Refused` at `lots`, or at `<place>-<name>` of a lot."""
    ensure_draft(tender)
    if refusals := _faults(entries):
        raise Refused(*refusals)
    check_free(uow, [project for entry in entries for project in entry.projects], tender)
    before = [one.title for one in tender.lots]
    for place, entry in enumerate(entries, 1):
        if place > len(tender.lots):
            tender.lots.append(Lot(id=uow.ids.new(), position=place, title=entry.title, budget=entry.budget))
        lot = tender.lots[place - 1]
        lot.title, lot.budget, lot.projects = entry.title, entry.budget, list(entry.projects)
    del tender.lots[len(entries) :]
    tender.budget = sum((entry.budget for entry in entries), Decimal(0))
    # Lots are rows of their own; the tender's revision must move too, or a stale form would overwrite them.
    flag_modified(tender, "title")
    uow.session.flush()
    note_author(uow, tender)
    uow.record(
        "tender.set_lots",
        tender,
        before={"lots": before},
        after={"lots": [entry.title for entry in entries], "budget": str(tender.budget)},
    )


def _faults(entries: Sequence[LotEntry]) -> list[Refusal]:
    if not 1 <= len(entries) <= MOST_LOTS:
        return [Refusal(_l("请填写 1 至 %(most)s 个包", most=MOST_LOTS), rule_id="R-TENDER-02", field="lots")]
    found: list[Refusal] = []
    seen: set[uuid.UUID] = set()
    for place, entry in enumerate(entries):
        if not entry.title:
            found.append(Refusal(_l("请填写包名称"), field=f"{place}-title"))
        if entry.budget <= 0:
            found.append(Refusal(_l("请填写大于 0 的预算"), rule_id="R-TENDER-06", field=f"{place}-budget"))
        if not entry.projects:
            found.append(Refusal(_l("请至少选择一个项目"), rule_id="R-TENDER-02", field=f"{place}-projects"))
        twice = [one.name for one in entry.projects if one.id in seen]
        if twice:
            words = _l("“%(name)s”已在另一个包中", name=twice[0])
            found.append(Refusal(words, field=f"{place}-projects"))
        seen.update(one.id for one in entry.projects)
    return found
