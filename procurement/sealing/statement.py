"""What a bidder states beside the price: signature, consortium, size of the firm, deposit, declarations.

It stands in the manifest as data, sealed like everything else; a manifest without it comes from an older page or from
another tool. The Chinese forms: 中小企业声明函 (R-PRICE-05), 联合体协议 (R-TENDER-18), 投标保证金 (R-TENDER-08), and
the declarations of 政府采购法 art. 22 (R-TENDER-17).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from procurement.sealing.errors import Corrupt

SIGNATURES = ("certificate", "handwritten", "stamped")
SIZES = ("micro", "small", "medium", "prison", "welfare", "other")
SMALL_OR_MICRO = frozenset({"micro", "small", "prison", "welfare"})
"""Prison enterprises and welfare units for disabled people count as small or micro firms (R-PRICE-06)."""
SMALL_AND_MEDIUM = SMALL_OR_MICRO | {"medium"}
MEANS = ("transfer", "cheque", "draft", "guarantee")
"""How a deposit may be paid: never in cash (R-TENDER-08)."""
DECLARATIONS = ("civil", "credit", "capacity", "tax", "record")
"""Civil capacity; credit and accounts; means to perform; tax and social insurance; no major violation."""
MOST_MEMBERS = 20
MOST_LETTERS = 500
USCC = re.compile(r"[0-9A-Z]{18}")
AMOUNT = re.compile(r"[0-9]{1,13}(\.[0-9]{1,2})?")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


@dataclass(frozen=True)
class Member:
    """A member of a consortium beside the bidder itself, by name and unified social credit code."""

    name: str
    uscc: str


@dataclass(frozen=True)
class Statement:
    """`deposit_*` are empty where none is asked for; `sme_*` are the figures of the declaration, as text.

    Payer, bank and account are what the deposit came from and goes back to; a guarantee has none.
    """

    signature: str = "stamped"
    members: tuple[Member, ...] = ()
    firm_size: str = "other"
    sme_employees: str = ""
    sme_turnover: str = ""
    deposit_amount: str = ""
    deposit_means: str = ""
    deposit_reference: str = ""
    deposit_paid_on: str = ""
    deposit_payer: str = ""
    deposit_bank: str = ""
    deposit_account: str = ""
    declarations: tuple[str, ...] = field(default=())

    def plain(self) -> dict[str, Any]:
        """Return it as it stands in the manifest."""
        return {
            **asdict(self),
            "members": [asdict(one) for one in self.members],
            "declarations": list(self.declarations),
        }


def read_statement(content: Any) -> Statement | None:
    """Read a manifest's statement, None where there is none. Raises `Corrupt`; nothing in it is trusted."""
    if content is None:
        return None
    if not isinstance(content, Mapping):
        raise _wrong()
    words = {name: content.get(name, "") for name in Statement.__dataclass_fields__ if name not in _LISTS}
    if not all(map(_is_text, words.values())):
        raise _wrong()
    allowed = (
        (words["signature"], SIGNATURES),
        (words["firm_size"], SIZES),
        (words["deposit_means"], ("", *MEANS)),
    )
    patterns = ((words["deposit_amount"], AMOUNT), (words["deposit_paid_on"], DAY))
    if any(value not in known for value, known in allowed):
        raise _wrong()
    if any(value and not pattern.fullmatch(value) for value, pattern in patterns):
        raise _wrong()
    declared = content.get("declarations", [])
    if not isinstance(declared, Sequence) or isinstance(declared, str) or not all(map(_is_text, declared)):
        raise _wrong()
    known = tuple(one for one in DECLARATIONS if one in declared)
    return Statement(members=_members(content.get("members", [])), declarations=known, **words)


_LISTS = ("members", "declarations")


def _members(listed: Any) -> tuple[Member, ...]:
    if not isinstance(listed, Sequence) or isinstance(listed, str) or len(listed) > MOST_MEMBERS:
        raise _wrong()
    found = []
    for one in listed:
        if not isinstance(one, Mapping) or not _is_text(one.get("name")) or not _is_text(one.get("uscc")):
            raise _wrong()
        if not one["name"].strip() or not USCC.fullmatch(one["uscc"]):
            raise _wrong()
        found.append(Member(one["name"].strip(), one["uscc"]))
    return tuple(found)


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and len(value) <= MOST_LETTERS and not UNSTORABLE.search(value)


def _wrong() -> Corrupt:
    return Corrupt("投标声明的数据有误", "the bid's statement is wrong")
