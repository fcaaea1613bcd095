"""Draft and published tenders for tests, made through the services by different people with real keys."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from core.clock import shanghai
from core.identity.models import User
from core.identity.roles import OrganisationKind, Role
from core.unit_of_work import UnitOfWork
from procurement.models import Tender
from procurement.sealing import KeyPair, new_key
from procurement.services.drafting import draft_tender as draft
from procurement.services.drafting import set_keyholders
from procurement.services.keys import register_key
from procurement.services.publishing import publish_tender, submit_tender
from projects.models import Project
from tests.factories.bids import acting
from tests.factories.identity import make_organisation, make_user
from tests.factories.projects import make_project


@dataclass
class Purchase:
    """A tender with the people of the purchaser's side; `keys` in the order of the keyholders."""

    tender: Tender
    officer: User
    approver: User
    holders: list[User]
    keys: list[KeyPair]


def lawful_values(today: date, **changes) -> dict:
    """Entries of a tender that breaks no rule when its notice goes out today."""
    return {
        "title": "社区卫生服务绩效评价服务采购",
        "budget": Decimal("180000.00"),
        "notice_on": today,
        "documents_until": today + timedelta(days=14),
        "deadline": shanghai(today + timedelta(days=21), 9, 30),
        "opening_place": "区行政中心三楼开标室",
        "documents_place": "在本平台免费下载",
        "contact_name": "沈经办",
        "contact_telephone": "0512-60000001",
        "contract_draft": "第一条 服务内容……第二条 价款与支付……",
        "service_until": today + timedelta(days=180),
        **changes,
    }


def draft_tender(
    uow: UnitOfWork, *, projects: Sequence[Project] | None = None, keyholders: int = 3, keyed: bool = True, **values
) -> Purchase:
    """A lawful draft of a procurement officer, with keyholders who registered their keys unless `keyed=False`."""
    bureau = make_organisation(uow, OrganisationKind.BUREAU)
    officer = make_user(uow, Role.PROCUREMENT_OFFICER, organisation=bureau)
    approver = make_user(uow, Role.PROCUREMENT_APPROVER, organisation=bureau)
    holders = [make_user(uow, Role.KEYHOLDER, organisation=bureau) for _one in range(keyholders)]
    keys = [new_key() for _one in holders]
    clerk = acting(uow, officer)
    tender = draft(clerk, projects or [make_project(uow)], **lawful_values(uow.today, **values))
    set_keyholders(clerk, tender, holders, 2)
    if keyed:
        for user, key in zip(holders, keys, strict=True):
            register_key(acting(uow, user), tender, key.recipient)
    return Purchase(tender, officer, approver, holders, keys)


def published_tender(uow: UnitOfWork, **values) -> Purchase:
    """A tender whose notice went out today, submitted by the officer and published by the approver."""
    purchase = draft_tender(uow, **values)
    submit_tender(acting(uow, purchase.officer), purchase.tender)
    publish_tender(acting(uow, purchase.approver), purchase.tender)
    return purchase
