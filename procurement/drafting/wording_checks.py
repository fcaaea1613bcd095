"""The panel's lines about the wording of a purchase's papers (R-TENDER-12, 13, 14, R-SEC-04).

A wording about a firm's size blocks unless the officer says why it is none, an ordered outcome always; the others ask
to look again.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable

from core.i18n import Text, _l
from core.unit_of_work import UnitOfWork
from procurement.drafting.criteria_wording import (
    Wording,
    many_contracts,
    size_conditions,
    undefined_kind,
    unequal_treatment,
)
from procurement.drafting.entrusting import handed_over_duties, other_payers
from procurement.drafting.lines import RuleLine, broken, kept, warning
from procurement.drafting.ordered_outcomes import ordered_outcomes
from procurement.models import Tender
from procurement.planning.purchases import preparation_of


def wording_lines(uow: UnitOfWork, tender: Tender) -> list[RuleLine]:
    """Return every wording the law forbids or frowns on, and what was looked for in vain."""
    label: Text = _l("资格条件")
    conditions = [(label, text) for text in tender.qualifications]
    criteria: list[tuple[Text, str]] = [
        (one.title, "；".join([one.title, one.description, *(str(band.get("text", "")) for band in one.bands)]))
        for one in tender.criteria
    ]
    most = uow.house.rules.whole("R-TENDER-14", "contracts_max", on=uow.today)
    everything = conditions + criteria
    lines = _excused(uow, tender, _lines(uow, size_conditions(everything), _l("规模条件不得作为资格要求或者评审因素")))
    lines += _lines(uow, unequal_treatment(everything), _l("可能构成差别待遇，请核对或改写"))
    lines += _lines(uow, many_contracts(conditions, most), _l("要求的同类业务合同一般不超过 %(most)s 个", most=most))
    lines += _lines(uow, undefined_kind(conditions), _l("以同类业务合同作为资格条件的，须明确同类业务的具体范围"))
    ordered = _l("不得下达审减率、评价结论等指令性要求")
    lines += _lines(uow, ordered_outcomes(everything), ordered)
    for field, where, text in (
        ("requirement", _l("采购需求"), tender.requirement),
        ("contract_draft", _l("拟签订的合同文本"), tender.contract_draft),
    ):
        lines += _lines(uow, ordered_outcomes([(where, text)]), ordered, field)
    for field, where, text in (
        ("requirement", _l("采购需求"), tender.requirement),
        ("contract_draft", _l("拟签订的合同文本"), tender.contract_draft),
    ):
        lines += _entrusting(where, text, field)
    for rule_id, words in (
        ("R-TENDER-12", _l("未发现差别待遇的表述")),
        ("R-TENDER-13", _l("未以规模条件设限")),
        ("R-SEC-04", _l("未规定评价、评审的结论")),
    ):
        if not any(line.rule_id == rule_id for line in lines):
            lines.append(kept(rule_id, words))
    return lines


def _entrusting(where: Text, text: str, field: str) -> list[RuleLine]:
    """Who pays the agency, and whose duty is whose (R-AGENCY-17): it asks to look again."""
    payer, duty = _l("评价费用只能由委托方支付"), _l("单位自己的绩效目标和自评不得整体委托代办")
    found = [(one, payer) for one in other_payers(text)] + [(one, duty) for one in handed_over_duties(text)]
    return [
        warning("R-AGENCY-17", _l("“%(where)s”中的“%(words)s”：%(says)s", where=where, words=one, says=says), field)
        for one, says in found
    ]


def _lines(uow: UnitOfWork, found: Iterable[Wording], says: Text, field: str = "criteria") -> list[RuleLine]:
    return [
        broken(
            uow,
            one.rule_id,
            _l("“%(where)s”中的“%(words)s”：%(says)s", where=one.where, words=one.words, says=says),
            field,
        )
        for one in found
    ]


def _excused(uow: UnitOfWork, tender: Tender, lines: list[RuleLine]) -> list[RuleLine]:
    """A wording found by its words alone may be harmless; with the officer's reason it warns and does not block."""
    reason = preparation_of(uow, tender).wording_reason if lines else ""
    if not reason:
        return lines
    return [
        dataclasses.replace(
            line, level="warn", words=_l("%(found)s（经办人说明：%(reason)s）", found=line.words, reason=reason)
        )
        for line in lines
    ]
