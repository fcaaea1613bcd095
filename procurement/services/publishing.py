"""From draft to notice: submitted for approval, published by somebody else as one frozen record (R-SEC-02)."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlsplit

from core.errors import Forbidden, Refusal, Refused
from core.events import publish
from core.i18n import _l
from core.permissions import policy
from core.unit_of_work import UnitOfWork
from procurement.drafting.lawfulness import breaches
from procurement.drafting.record import frozen_record, record_hash
from procurement.events import TenderPublished
from procurement.models import Tender
from procurement.permissions import TenderPermission
from procurement.services.invitations import tell_the_invited
from procurement.states import TenderState
from procurement.workflow import TENDER


def submit_tender(uow: UnitOfWork, tender: Tender) -> None:
    """Submit the draft for approval. Raises `Refused` with every rule it breaks."""
    found = breaches(uow, tender)
    if tender.state is TenderState.DRAFT and found:
        raise Refused(*found)
    TENDER.fire(uow, tender, "submit")


def publish_tender(uow: UnitOfWork, tender: Tender) -> None:
    """Approve and publish: the record is frozen and hashed, the notice is out, periods run from today.

    Raises `Forbidden` for the drafter or without the permission, `Refused` with every rule broken on this day
    (dates that were lawful when submitted may no longer be).
    """
    uow.lock(tender)
    decision = policy.decide(uow.actor, TenderPermission.APPROVE, tender)
    if not decision:
        raise Forbidden(decision.reason)
    if tender.state is TenderState.IN_APPROVAL:
        tender.notice_on = uow.today
        uow.session.flush()
        if found := breaches(uow, tender):
            raise Refused(*found)
    record = frozen_record(uow, tender)
    frozen = {"record": record, "record_hash": record_hash(record), "approved_by_id": uow.actor.user_id}
    TENDER.fire(uow, tender, "publish", assign=frozen, detail={"record_hash": frozen["record_hash"]})
    publish(uow, TenderPublished(tender))
    tell_the_invited(uow, tender)


def register_external_notice(uow: UnitOfWork, tender: Tender, url: str, at: datetime) -> None:
    """Note where and when the notice first stood in the designated medium, from which periods run (R-NOTICE-01)."""
    if tender.published_at is None:
        raise Refused(Refusal(_l("公告尚未发布"), rule_id="R-NOTICE-01"))
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise Refused(Refusal(_l("请填写完整的网址，如 https://…"), field="url"))
    if at > uow.now:
        raise Refused(Refusal(_l("发布时间不能晚于现在"), field="at"))
    before = tender.external_notice_url
    tender.external_notice_url, tender.external_notice_at = url, at
    uow.session.flush()
    uow.record("tender.register_notice", tender, before={"url": before}, after={"url": url, "at": at.isoformat()})
