"""Registering the public key that a keyholder made in the own browser (R-KEY-01)."""

from __future__ import annotations

from core.errors import Refusal, Refused
from core.i18n import _l
from core.unit_of_work import UnitOfWork
from procurement.models import Keyholder, Tender
from procurement.sealing import fingerprint
from procurement.sealing.keys import is_recipient
from procurement.states import TenderState


def own_keyholder(uow: UnitOfWork, tender: Tender) -> Keyholder | None:
    """Return the actor's place among the tender's keyholders."""
    return next((one for one in tender.keyholders if one.user_id == uow.actor.user_id), None)


def register_key(uow: UnitOfWork, tender: Tender, public_key: str) -> Keyholder:
    """Register the actor's public key for this tender; it may be replaced until the notice is out.

    Raises `Refused` for what is no age recipient, for a key another holder has, and once the record is frozen.
    """
    uow.lock(tender)
    holder = own_keyholder(uow, tender)
    if holder is None:
        raise Refused(Refusal(_l("您不是本项目的开标密钥持有人"), rule_id="R-KEY-01"))
    if tender.state not in (TenderState.DRAFT, TenderState.IN_APPROVAL):
        raise Refused(Refusal(_l("公告已发布，公钥已写入公告，不能再更换"), rule_id="R-KEY-01"))
    if not is_recipient(public_key):
        raise Refused(Refusal(_l("这不是有效的公钥，请在本页生成密钥后登记"), field="public_key"))
    if any(one.public_key == public_key for one in tender.keyholders if one is not holder):
        raise Refused(Refusal(_l("该公钥已由另一位持有人登记"), rule_id="R-KEY-01", field="public_key"))
    holder.public_key, holder.fingerprint, holder.registered_at = public_key, fingerprint(public_key), uow.now
    uow.session.flush()
    uow.record("tender.register_key", tender, after={"fingerprint": holder.fingerprint})
    return holder
