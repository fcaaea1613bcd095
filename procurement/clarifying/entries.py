"""What of a published record may be amended, and the record that an amendment makes (R-TENDER-05, R-TENDER-07).

The object of the purchase and the bidders' qualifications have no entry here: no amendment can reach them.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

from core.i18n import Text, _l
from core.records import Record, digest

Kind = Literal["text", "line", "date", "instant", "amount", "points", "criteria", "keyholders"]


@dataclass(frozen=True)
class Entry:
    """An entry that may change: `path` is its place in the record; `name` is also the tender's column.

    `always_material`: a change of it affects every bid, whatever is declared.
    """

    name: str
    label: Text
    path: tuple[str, ...]
    kind: Kind
    always_material: bool = False

    def value_in(self, record: Mapping[str, Any]) -> Any:
        """Return the entry's value in a record, None where the record lacks it."""
        node: Any = record
        for step in self.path:
            node = node.get(step) if isinstance(node, Mapping) else None
        return node

    def parsed(self, value: Any) -> Any:
        """Return a value of the record as such: date, instant, amount, number of points; anything else as it is."""
        if value is None or value == "":
            return None if self.kind in ("date", "instant", "amount", "points") else value
        readers: dict[str, Any] = {
            "date": date.fromisoformat,
            "instant": datetime.fromisoformat,
            "amount": Decimal,
            "points": lambda text: Decimal(str(text)),
        }
        return readers[self.kind](value) if self.kind in readers else value

    def same(self, one: Any, other: Any) -> bool:
        """Whether two values of the record say the same, however their figures are written."""
        if one is None or other is None:
            return bool(one == other)
        return bool(self.parsed(one) == self.parsed(other))


ENTRIES = (
    Entry("requirement", _l("采购需求"), ("requirement",), "text"),
    Entry("contract_draft", _l("拟签订的合同文本"), ("contract_draft",), "text"),
    Entry("service_until", _l("服务期限至"), ("service_until",), "date", always_material=True),
    Entry("ceiling", _l("最高限价"), ("ceiling",), "amount", always_material=True),
    Entry("deposit", _l("投标保证金"), ("deposit",), "amount", always_material=True),
    Entry("documents_until", _l("招标文件提供至"), ("documents", "until"), "date"),
    Entry("documents_place", _l("获取招标文件的方式"), ("documents", "place"), "line"),
    Entry("deadline", _l("投标截止和开标时间"), ("deadline",), "instant"),
    Entry("opening_place", _l("开标地点"), ("opening_place",), "line"),
    Entry("contact_name", _l("联系人"), ("contact", "name"), "line"),
    Entry("contact_telephone", _l("联系电话"), ("contact", "telephone"), "line"),
    Entry("price_weight", _l("价格分权重"), ("price_weight",), "points", always_material=True),
    Entry("criteria", _l("评审因素"), ("criteria",), "criteria", always_material=True),
    Entry("keyholders", _l("开标密钥持有人"), ("keyholders",), "keyholders", always_material=True),
    Entry("keyholders_needed", _l("开标需要的人数"), ("keyholders_needed",), "points", always_material=True),
)
BY_NAME = {one.name: one for one in ENTRIES}
RESEALING = frozenset({"keyholders", "keyholders_needed"})
"""Entries whose change makes every envelope useless: it was sealed to other keys."""


def amended(record: Record, changes: Mapping[str, Any], number: int) -> Record:
    """Return the next version of a record: the changes put in, its number, and the hash of the version before.

    Raises KeyError for an entry that may not be amended.
    """
    after = copy.deepcopy(record)
    for name, value in changes.items():
        entry, node = BY_NAME[name], after
        for step in entry.path[:-1]:
            node = node.setdefault(step, {})
        node[entry.path[-1]] = copy.deepcopy(value)
    after["version"] = {"number": number, "previous": digest(record)}
    return after


def real_changes(record: Record, changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return those changes that differ from the record."""
    return {
        name: value for name, value in changes.items() if not BY_NAME[name].same(BY_NAME[name].value_in(record), value)
    }


def forces_material(changes: Mapping[str, Any]) -> bool:
    """Whether one of the changed entries affects every bid by its nature."""
    return any(BY_NAME[name].always_material for name in changes)


def forces_resealing(changes: Mapping[str, Any]) -> bool:
    """Whether the keyholders change, so that bids must be sealed again (R-KEY-01)."""
    return bool(RESEALING & set(changes))
