"""The keyholders that an amendment brings in: named by the officer, each with an own key (R-KEY-01)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm.attributes import flag_modified

from core.errors import Refusal, Refused
from core.i18n import _l
from core.identity.models import User
from core.notifications.send import NotificationKind, notify
from core.unit_of_work import UnitOfWork
from procurement.clarifying.entries import real_changes
from procurement.models import Amendment, AmendmentKeyholder
from procurement.sealing import fingerprint
from procurement.sealing.keys import is_recipient
from procurement.services.drafting import keyholder_candidates
from procurement.states import AmendmentState, Consequence

KEY_WANTED = NotificationKind(
    "amendment.key-wanted",
    _l("请为更正登记开标密钥：%(tender)s"),
    _l("《%(tender)s》将更换开标密钥持有人，您是更正后的持有人，请在本人的浏览器里生成密钥并登记公钥。"),
)


def set_new_keyholders(uow: UnitOfWork, amendment: Amendment, users: Sequence[User], needed: int) -> None:
    """Name the keyholders from the amendment on; those who stay keep their key until they make another one."""
    _ensure_draft(amendment)
    allowed = {one.id for one in keyholder_candidates(uow)}
    strangers = [one.name for one in users if one.id not in allowed]
    if strangers:
        words = _l("%(names)s 不是采购人一方的密钥持有人", names="、".join(strangers))
        raise Refused(Refusal(words, rule_id="R-KEY-01", field="keyholders"))
    present = {one.user_id: one for one in amendment.tender.keyholders}
    named = {one.user_id: one for one in amendment.keyholders}
    newcomers = []
    kept = []
    for place, user in enumerate(users, 1):
        row = named.get(user.id)
        if row is None:
            old = present.get(user.id)
            row = AmendmentKeyholder(
                id=uow.ids.new(),
                user_id=user.id,
                public_key=old.public_key if old else None,
                fingerprint=old.fingerprint if old else None,
                registered_at=old.registered_at if old else None,
            )
            row.user = user
            if old is None:
                newcomers.append(user.id)
        row.position = place
        kept.append(row)
    amendment.keyholders[:] = kept
    _note(uow, amendment, needed)
    url = f"/amendments/{amendment.id}/key"
    notify(uow, KEY_WANTED, newcomers, url=url, params={"tender": amendment.tender.title})
    uow.record("amendment.set_keyholders", amendment, after={"keyholders": [str(one.id) for one in users]})


def own_new_place(uow: UnitOfWork, amendment: Amendment) -> AmendmentKeyholder | None:
    """Return the actor's place among the keyholders that the amendment brings in."""
    return next((one for one in amendment.keyholders if one.user_id == uow.actor.user_id), None)


def register_new_key(uow: UnitOfWork, amendment: Amendment, public_key: str) -> AmendmentKeyholder:
    """Register the actor's public key for the amendment while it is being drafted.

    Raises `Refused` for what is no age recipient, for a key another holder has, and once it is submitted.
    """
    uow.lock(amendment)
    _ensure_draft(amendment)
    holder = own_new_place(uow, amendment)
    if holder is None:
        raise Refused(Refusal(_l("您不是更正后的开标密钥持有人"), rule_id="R-KEY-01"))
    if not is_recipient(public_key):
        raise Refused(Refusal(_l("这不是有效的公钥，请在本页生成密钥后登记"), field="public_key"))
    if any(one.public_key == public_key for one in amendment.keyholders if one is not holder):
        raise Refused(Refusal(_l("该公钥已由另一位持有人登记"), rule_id="R-KEY-01", field="public_key"))
    holder.public_key, holder.fingerprint, holder.registered_at = public_key, fingerprint(public_key), uow.now
    needed = amendment.changes.get("keyholders_needed", amendment.tender.keyholders_needed)
    _note(uow, amendment, int(needed))
    uow.record("amendment.register_key", amendment, after={"fingerprint": holder.fingerprint})
    return holder


def _note(uow: UnitOfWork, amendment: Amendment, needed: int) -> None:
    """Write the set into the draft's changes, as the record will have it."""
    wanted: dict[str, Any] = {
        **amendment.changes,
        "keyholders": [
            {
                "position": one.position,
                "name": one.user.name,
                "recipient": one.public_key,
                "fingerprint": one.fingerprint,
            }
            for one in amendment.keyholders
        ],
        "keyholders_needed": needed,
    }
    amendment.changes = real_changes(amendment.tender.record or {}, wanted)
    if {"keyholders", "keyholders_needed"} & set(amendment.changes):
        amendment.is_material, amendment.consequence = True, Consequence.RESEAL
    flag_modified(amendment, "changes")
    uow.session.flush()


def _ensure_draft(amendment: Amendment) -> None:
    if amendment.state is not AmendmentState.DRAFT:
        raise Refused(Refusal(_l("更正已提交审批，不能再改开标密钥；请先退回"), rule_id="R-KEY-01"))
