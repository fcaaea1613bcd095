"""Finding tenders and notices from the search box, and buying from a project's page."""

from __future__ import annotations

from collections.abc import Iterable

from flask import url_for

from core.i18n import _l
from core.permissions import policy
from core.ports import Hit
from core.unit_of_work import UnitOfWork
from procurement.permissions import TenderPermission
from procurement.queries.tenders import published_notices, tenders_matching, tenders_of_project
from procurement.wordings import said_of, stage_of
from projects.models import Project
from projects.ports import ProjectAction


def find_tenders(uow: UnitOfWork, text: str) -> Iterable[Hit]:
    """Yield up to ten tenders the actor may read; to everybody else published notices."""
    if policy.allows(uow.actor, TenderPermission.BROWSE):
        for tender in uow.session.scalars(tenders_matching(uow.actor, text=text).limit(10)):
            page = url_for("tenders.show", tender_id=tender.id)
            yield Hit(_l("采购项目"), tender.title, page, stage_of(tender).label)
        return
    for tender in uow.session.scalars(published_notices(uow, text=text).limit(10)):
        yield Hit(
            said_of(tender, _l("招标公告")), tender.title, url_for("notices.show", tender_id=tender.id), tender.number
        )


def project_purchase(uow: UnitOfWork, project: Project) -> Iterable[ProjectAction]:
    """Yield the way to buy the project's evaluation, or to the purchase that is running."""
    running = tenders_of_project(uow, project)
    for tender in running:
        if policy.allows(uow.actor, TenderPermission.READ, tender):
            page = url_for("tenders.show", tender_id=tender.id)
            yield ProjectAction(_l("查看采购 %(number)s", number=tender.number), page)
    if not running and policy.allows(uow.actor, TenderPermission.DRAFT):
        yield ProjectAction(_l("发起采购"), url_for("tenders.new", project=project.id))
