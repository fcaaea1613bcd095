"""Taking the tender documents: who did is told of every answer and amendment (R-TENDER-03, R-TENDER-05)."""

from __future__ import annotations

import uuid

from sqlalchemy import Select, select
from sqlalchemy.exc import IntegrityError

from core.errors import Forbidden, Refusal, Refused
from core.i18n import _l
from core.permissions import policy
from core.settings import kept_secret
from core.unit_of_work import UnitOfWork
from procurement.clarifying.pseudonyms import pseudonym
from procurement.clarifying.windows import documents_end
from procurement.models import DocumentHolder, Tender
from procurement.permissions import BIDDER_SIDE, ClarificationPermission
from procurement.services.bidding import share_tender
from procurement.services.receiving import present


def take_documents(uow: UnitOfWork, tender: Tender, organisation_id: uuid.UUID) -> DocumentHolder:
    """Register one of the actor's organisations as a holder of the documents; a second time changes nothing.

    Raises `Forbidden` for somebody else's organisation, `Refused` when the documents are no longer given out.
    """
    decision = policy.decide(uow.actor, ClarificationPermission.TAKE_DOCUMENTS, tender)
    if not decision:
        raise Forbidden(decision.reason)
    if uow.actor.user_id is None or organisation_id not in uow.actor.organisations_as(*BIDDER_SIDE):
        raise Forbidden(_l("只能以本单位名义领取招标文件"))
    share_tender(uow, tender)
    known = _holding(uow, tender, organisation_id)
    if known is not None:
        return known
    now, until = present(uow), documents_end(tender)
    if not tender.is_open_at(now) or until is None or now >= until:
        raise Refused(Refusal(_l("招标文件的提供期限已过，不能再领取"), rule_id="R-TENDER-03"))
    holder = DocumentHolder(
        id=uow.ids.new(),
        tender_id=tender.id,
        organisation_id=organisation_id,
        registered_by_id=uow.actor.user_id,
        registered_at=now,
        pseudonym=pseudonym(_key(uow), tender.id, organisation_id),
    )
    try:
        with uow.session.begin_nested():
            uow.session.add(holder)
            uow.session.flush()
    except IntegrityError:  # a colleague was quicker
        return uow.session.scalars(_of(tender, organisation_id)).one()
    uow.record("document_holder.register", holder)
    return holder


def _of(tender: Tender, organisation_id: uuid.UUID) -> Select[DocumentHolder]:
    return select(DocumentHolder).where(
        DocumentHolder.tender_id == tender.id, DocumentHolder.organisation_id == organisation_id
    )


def _holding(uow: UnitOfWork, tender: Tender, organisation_id: uuid.UUID) -> DocumentHolder | None:
    return uow.session.scalar(_of(tender, organisation_id))


def _key(uow: UnitOfWork) -> bytes:
    """The installation's own key for pseudonyms: in a file only its owner reads, never in the database."""
    return bytes.fromhex(kept_secret(uow.house.settings.var / "secrets" / "pseudonym.key"))
