"""Identity numbers and bank accounts, encrypted: the database alone, or the key file alone, opens nothing.

The key of one person's data is derived from the installation's key (a file of its owner's alone, never in the database)
and the person's own key (`core.audit.models.PersonKey`): deleting that row forgets the data for good.
"""

from __future__ import annotations

import base64
import json
import os
import re
import uuid
from dataclasses import asdict, dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import select

from core.audit.models import PersonKey
from core.errors import Refusal, Refused
from core.i18n import _l
from core.settings import kept_secret
from core.unit_of_work import UnitOfWork
from experts.models import Expert, PayAccount

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECKS = "10X98765432"
NONCE = 12


@dataclass(frozen=True)
class PayData:
    """What a payment needs: identity number, account holder, bank with branch, account number."""

    identity: str
    holder: str
    bank: str
    account: str


def is_identity_number(number: str) -> bool:
    """Whether this is a citizen's identity number with the right check sign (GB 11643)."""
    if not re.fullmatch(r"[0-9]{17}[0-9X]", number):
        return False
    total = sum(weight * int(sign) for weight, sign in zip(WEIGHTS, number, strict=False))
    return CHECKS[total % 11] == number[-1]


def enter_account(uow: UnitOfWork, expert: Expert, data: PayData, *, repeated: str) -> PayAccount:
    """Keep where an expert's fees go, encrypted. Raises `Refused`, each at its field; nothing of it is logged."""
    plain = PayData(
        data.identity.strip().upper(), data.holder.strip(), data.bank.strip(), re.sub(r"\s", "", data.account)
    )
    refusals = []
    if not is_identity_number(plain.identity):
        refusals.append(Refusal(_l("身份证号码的位数或者校验位不对"), field="identity"))
    if plain.holder != expert.user.name:
        refusals.append(Refusal(_l("户名须与专家姓名一致"), rule_id="R-EXP.fee", field="holder"))
    if not re.fullmatch(r"[0-9]{12,21}", plain.account):
        refusals.append(Refusal(_l("银行账号须为 12 至 21 位数字"), field="account"))
    if plain.account != re.sub(r"\s", "", repeated):
        refusals.append(Refusal(_l("两次填写的账号不一样"), field="repeated"))
    if not plain.bank:
        refusals.append(Refusal(_l("请填写开户银行"), field="bank"))
    if refusals:
        raise Refused(*refusals)
    row = account_of(uow, expert)
    sealed = _seal(uow, expert.user_id, plain)
    if row is None:
        row = uow.add(
            PayAccount(expert_id=expert.id, sealed=sealed, account_tail=plain.account[-4:], entered_at=uow.now)
        )
    else:
        row.sealed, row.account_tail, row.entered_at = sealed, plain.account[-4:], uow.now
    uow.session.flush()
    uow.record("expert.pay_account", expert)
    return row


def account_of(uow: UnitOfWork, expert: Expert) -> PayAccount | None:
    """Return an expert's account, still encrypted."""
    return uow.session.scalar(select(PayAccount).where(PayAccount.expert_id == expert.id))


def opened(uow: UnitOfWork, expert: Expert, account: PayAccount) -> PayData | None:
    """Decrypt an account; None once the person's key was deleted. Only the list for the finance office asks for it."""
    key = _key(uow, expert.user_id, make=False)
    raw = base64.b64decode(account.sealed)
    if key is None:
        return None
    try:
        return PayData(**json.loads(AESGCM(key).decrypt(raw[:NONCE], raw[NONCE:], expert.user_id.bytes)))
    except InvalidTag:
        return None


def _seal(uow: UnitOfWork, person: uuid.UUID, data: PayData) -> str:
    key, nonce = _key(uow, person, make=True), os.urandom(NONCE)
    plain = json.dumps(asdict(data), ensure_ascii=False).encode()
    return base64.b64encode(nonce + AESGCM(key or b"").encrypt(nonce, plain, person.bytes)).decode()


def _key(uow: UnitOfWork, person: uuid.UUID, *, make: bool) -> bytes | None:
    row = uow.session.get(PersonKey, person)
    if row is None:
        if not make:
            return None
        row = uow.add(PersonKey(person_id=person, key=os.urandom(32)))
        uow.session.flush()
    house = bytes.fromhex(kept_secret(uow.house.settings.var / "secrets" / "pay.key"))
    return HKDF(algorithm=hashes.SHA256(), length=32, salt=row.key, info=b"hengping pay data").derive(house)
