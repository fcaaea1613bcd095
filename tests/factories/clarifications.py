"""Holders, questions and amendments for tests, made through the services by the people who would make them."""

from __future__ import annotations

from typing import Any

from core.identity.models import User
from core.identity.roles import Role
from core.unit_of_work import UnitOfWork
from procurement.models import Amendment, DocumentHolder, Question, Tender, TenderVersion
from procurement.services.amending import change_amendment, publish_amendment, start_amendment, submit_amendment
from procurement.services.holding import take_documents
from procurement.services.questions import ask
from procurement.states import Consequence
from tests.factories.bids import Scene, acting
from tests.factories.identity import make_user
from tests.factories.procurement import Purchase, published_tender


def holder_of(uow: UnitOfWork, tender: Tender, user: User | None = None) -> tuple[DocumentHolder, User]:
    """A supplier (new unless given) that took the documents."""
    user = user or make_user(uow, Role.AGENCY_MANAGER)
    organisation_id = user.memberships[0].organisation_id
    return take_documents(acting(uow, user), tender, organisation_id), user


def asked(uow: UnitOfWork, tender: Tender, text: str = "服务期限能否顺延？", user: User | None = None) -> Question:
    """A question of a holder (new unless given)."""
    holder, user = holder_of(uow, tender, user)
    return ask(acting(uow, user), holder, text)


def drafted_amendment(
    uow: UnitOfWork,
    purchase: Purchase,
    changes: dict[str, Any],
    *,
    reason: str = "补充服务要求",
    is_material: bool = False,
    consequence: Consequence = Consequence.CONFIRM,
    questions: list[Question] | None = None,
) -> Amendment:
    """An amendment as its officer saved it."""
    clerk = acting(uow, purchase.officer)
    amendment = start_amendment(clerk, purchase.tender)
    change_amendment(
        clerk,
        amendment,
        changes,
        reason=reason,
        is_material=is_material,
        consequence=consequence,
        questions=questions,
    )
    return amendment


def amended_tender(uow: UnitOfWork, purchase: Purchase, changes: dict[str, Any], **how: Any) -> TenderVersion:
    """The version that an amendment made: drafted, submitted and approved by two people."""
    amendment = drafted_amendment(uow, purchase, changes, **how)
    submit_amendment(acting(uow, purchase.officer), amendment)
    return publish_amendment(acting(uow, purchase.approver), amendment)


def scene_of(purchase: Purchase) -> Scene:
    """The purchase as the bidding factories know it."""
    return Scene(purchase.tender, purchase.officer, purchase.holders, purchase.keys)


__all__ = ["amended_tender", "asked", "drafted_amendment", "holder_of", "published_tender", "scene_of"]
