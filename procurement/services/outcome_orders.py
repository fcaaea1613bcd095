"""Where the purchaser writes to a committee or into a contract: no order of an outcome gets through (R-SEC-04)."""

from __future__ import annotations

from collections.abc import Iterable

from core.errors import Refusal
from core.i18n import _l
from procurement.drafting.ordered_outcomes import RULE, ordered_outcomes, orders_to_committee


def committee_orders(reason: str, field: str = "reason") -> list[Refusal]:
    """Return why these words cannot go to the members of a committee: they say what its result shall be."""
    return [
        Refusal(
            _l("“%(words)s”是对评审结论的指令性要求；评分由成员独立作出，请只写明核对的事实", words=one.words),
            rule_id=RULE,
            field=field,
        )
        for one in orders_to_committee([("", reason)])
    ]


def contract_orders(texts: Iterable[tuple[str, str]]) -> list[Refusal]:
    """Return why these `(field, text)` pairs cannot stand in a contract: they order what an evaluation shall find."""
    return [
        Refusal(
            _l("“%(words)s”：不得约定审减率、评价结论等指令性要求", words=one.words), rule_id=RULE, field=str(one.where)
        )
        for one in ordered_outcomes(texts)
    ]
