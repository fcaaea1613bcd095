"""What a contract is filled from: the frozen record of its tender and the bid that won (法 46, R-CONTRACT-02)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from core.money import format_capital
from procurement.contracting.clauses import Basis, departures, figure
from procurement.models import Award, Contract, Instalment
from procurement.states import CriterionKind, StandardKind
from procurement.wordings import wording_of

HOUSE_STANDARDS = (
    (StandardKind.SERVICE, "在服务期限内提交指标体系、工作方案和评价报告，报告经专家评审和质量评分通过"),
    (StandardKind.SERVICE, "主评人和项目组成员与投标文件一致，变更须经采购人书面同意"),
    (StandardKind.SAFETY, "评价资料和个人信息妥善保管，不泄露、不对外发布，办结后按约定移交或者销毁"),
)
"""What every evaluation service is accepted by, beside what its own tender asks for."""


def record_of(award: Award) -> dict[str, Any]:
    """Return the tender's frozen record; a tender that was awarded always has one."""
    return award.tender.record or {}


def standards_of(award: Award, added: Sequence[tuple[StandardKind, str]] = ()) -> list[dict[str, str]]:
    """Return every standard of acceptance: the tender's substantive requirements, the house's, and those added."""
    asked = [
        f"{one['title']}：{one['description']}" if one.get("description") else str(one["title"])
        for one in record_of(award).get("criteria", ())
        if one.get("kind") == CriterionKind.SUBSTANTIVE.value
    ]
    wording = wording_of(award.tender)
    own = [(kind, wording.said(text) if wording else text) for kind, text in HOUSE_STANDARDS]
    listed = [*((StandardKind.TECHNICAL, text) for text in asked), *own, *added]
    return [{"kind": kind.value, "text": text} for kind, text in listed]


def basis_of(contract: Contract, award: Award) -> Basis:
    """Return what the fixed clauses are printed from, all of it decided before the contract."""
    record, sheet = record_of(award), award.bid.opening_sheet or {}
    return Basis(
        number=contract.number,
        tender_number=award.tender.number,
        purchaser=award.tender.purchaser.name,
        agency=award.bid.bidder.name,
        projects=[project.name for project in award.lot.projects],
        requirement=str(record.get("requirement") or ""),
        draft=str(record.get("contract_draft") or ""),
        amount=figure(award.amount),
        capital=format_capital(award.amount),
        service_from=in_words(contract.service_from),
        service_until=in_words(contract.service_until),
        terms=str(sheet.get("terms") or ""),
        standards=[str(one["text"]) for one in contract.standards],
        instalments=[instalment_words(one) for one in contract.instalments],
        bond=_bond(contract),
        record_hash=award.tender.record_hash or "",
        agent=_agent(record),
        wording=wording_of(award.tender),
    )


def departures_of(contract: Contract) -> list[str]:
    """Return the clauses in which the contract no longer says what the tender and the bid have decided."""
    found = departures(contract.clauses, basis_of(contract, contract.award))
    if contract.amount != contract.award.amount:
        found.append("合同价款")
    return found


def instalment_words(one: Instalment) -> str:
    """Return an instalment as the contract prints it."""
    return f"{one.condition}，支付人民币{figure(one.amount)}元，不迟于{in_words(one.due_on)}。"


def in_words(day: date) -> str:
    """Return a civil date as Chinese papers write it."""
    return f"{day.year}年{day.month}月{day.day}日"


def _agent(record: dict[str, Any]) -> str:
    agent = record.get("agent")
    return f"{agent['name']}（委托代理协议{agent['agreement']}）" if agent else ""


def _bond(contract: Contract) -> str:
    if not contract.bond_amount:
        return "本合同不收取履约保证金。"
    return (
        f"乙方在签订合同前以非现金形式交纳履约保证金人民币{figure(contract.bond_amount)}元；"
        "验收合格后，甲方凭验收书予以退还，不计利息。"
    )
