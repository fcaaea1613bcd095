"""The contract's clauses: filled from the frozen record and the bid, and compared with what was typed.

A fixed clause says what the tender and the bid have decided; it is generated and never typed, so that the contract
cannot depart from them in substance (法 46). The free clauses start from a template, and every difference is shown.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from core.amounts import round_fen
from core.wording import Wording

Clause = dict[str, Any]
_PHRASE = re.compile(r"[^，。；;,.\n]+[，。；;,.\n]*|[，。；;,.\n]+")
FREE_TEMPLATE: tuple[tuple[str, str, str], ...] = (
    (
        "deliverables",
        "成果交付",
        (
            "乙方应当在服务期限内提交经甲方和评审专家评审通过的指标体系、评价工作底稿和正式评价报告（纸质和电子版）。"
            "成果的著作权归甲方所有，未经甲方书面同意，乙方不得对外发布。"
        ),
    ),
    (
        "confidentiality",
        "保密和廉洁",
        (
            "乙方及其人员对履行合同中知悉的国家秘密、商业秘密、个人信息和未公开的评价情况负有保密义务，"
            "不得收受被评价单位的财物，不得将合同转包或者违法分包。"
        ),
    ),
    (
        "liability",
        "违约责任",
        (
            "乙方逾期提交成果的，每逾期一日按合同金额的千分之一支付违约金；成果经两次修改仍不能通过验收的，甲方有权解除合同。"
            "甲方逾期付款的，按同期贷款市场报价利率支付逾期利息。"
        ),
    ),
    (
        "disputes",
        "争议解决",
        "因履行本合同发生争议的，双方协商解决；协商不成的，向甲方所在地人民法院提起诉讼。",
    ),
)


@dataclass(frozen=True)
class Basis:
    """What the fixed clauses are filled from; amounts and days are already printed as they will read."""

    number: str
    tender_number: str
    purchaser: str
    agency: str
    projects: Sequence[str]
    requirement: str
    draft: str
    amount: str
    capital: str
    service_from: str
    service_until: str
    terms: str
    standards: Sequence[str]
    instalments: Sequence[str]
    bond: str
    record_hash: str
    agent: str = ""
    """Who acted for the purchaser in the purchase, and under which agreement; nothing where it acted itself."""
    wording: Wording | None = None
    """What the purchase's method calls winner, bid and award; None where the usual words are its own."""

    def says(self, term: str) -> str:
        """Return a term in the words of the purchase."""
        return self.wording.said(term) if self.wording else term


def fixed_clauses(basis: Basis) -> list[Clause]:
    """Return the clauses that the tender and the bid have decided."""
    projects = "、".join(f"“{name}”" for name in basis.projects)
    listed = "\n".join(f"（{number}）{text}" for number, text in enumerate(basis.standards, start=1))
    paid = "\n".join(f"（{number}）{text}" for number, text in enumerate(basis.instalments, start=1))
    bid, letter = basis.says("投标文件"), f"{basis.says('中标')}通知书"
    sealed = f"（记录校验值{basis.record_hash[:16]}）" if basis.record_hash else ""
    return [
        _fixed(
            "parties",
            "合同当事人和依据",
            f"甲方（采购人）：{basis.purchaser}。乙方（{basis.says('中标人')}）：{basis.agency}。\n"
            f"{f'采购代理机构：{basis.agent}。' if basis.agent else ''}"
            f"双方根据采购编号{basis.tender_number}的采购文件、乙方{bid}和{letter}签订本合同。"
            f"采购文件{sealed}、{bid}和{letter}是本合同的组成部分。",
        ),
        _fixed("subject", "服务内容", f"乙方承担{projects}的绩效评价服务。{basis.requirement}".strip()),
        _fixed(
            "price",
            "合同价款",
            f"合同总价为人民币{basis.amount}元（{basis.capital}），为乙方的{basis.says('中标')}报价，包含全部税费。",
        ),
        _fixed("period", "服务期限", f"自{basis.service_from}起至{basis.service_until}止。"),
        _fixed("standards", "服务标准", f"乙方的服务应当逐项达到下列标准，验收时逐项核对：\n{listed}"),
        _fixed("payment", "付款方式", f"{paid}\n乙方{bid}的付款承诺：{basis.terms or '按采购文件约定。'}".strip()),
        _fixed("bond", "履约保证金", basis.bond),
        _fixed("draft", "采购文件中的合同条款", basis.draft or "采购文件没有另外约定的条款。"),
    ]


def assembled(basis: Basis, free: Mapping[str, str]) -> list[Clause]:
    """Return all clauses in order, the free ones as typed (or as the template has them)."""
    typed = [
        {"key": key, "title": title, "text": free.get(key, text).strip(), "fixed": False}
        for key, title, text in FREE_TEMPLATE
    ]
    return [*fixed_clauses(basis), *typed]


def departures(clauses: Sequence[Clause], basis: Basis) -> list[str]:
    """Return the titles of fixed clauses that no longer say what the tender and the bid have decided."""
    wanted = {clause["key"]: clause["text"] for clause in fixed_clauses(basis)}
    found = {clause["key"]: clause for clause in clauses if clause["fixed"]}
    titles = {clause["key"]: clause["title"] for clause in fixed_clauses(basis)}
    return [titles[key] for key, text in wanted.items() if key not in found or found[key]["text"] != text]


@dataclass(frozen=True)
class Piece:
    """A stretch of a changed clause."""

    kind: Literal["same", "added", "removed"]
    text: str


@dataclass(frozen=True)
class Difference:
    """A free clause that differs from the template, piece by piece."""

    key: str
    title: str
    pieces: Sequence[Piece]


def differences(clauses: Sequence[Clause]) -> list[Difference]:
    """Return where the free clauses differ from the template, for the person who checks the contract."""
    typed = {clause["key"]: str(clause["text"]) for clause in clauses if not clause["fixed"]}
    return [
        Difference(key, title, _pieces(text, typed.get(key, "")))
        for key, title, text in FREE_TEMPLATE
        if typed.get(key, "") != text
    ]


def figure(amount: Decimal) -> str:
    """Return an amount as papers print it before the word 元: 1,234.50."""
    return f"{round_fen(amount):,.2f}"


def _fixed(key: str, title: str, text: str) -> Clause:
    return {"key": key, "title": title, "text": text, "fixed": True}


def _pieces(before: str, after: str) -> list[Piece]:
    """Compare phrase by phrase: a reader compares sentences, not characters."""
    old, new = _PHRASE.findall(before), _PHRASE.findall(after)
    pieces: list[Piece] = []
    for tag, start, end, new_start, new_end in difflib.SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes():
        if tag == "equal":
            pieces.append(Piece("same", "".join(old[start:end])))
            continue
        if end > start:
            pieces.append(Piece("removed", "".join(old[start:end])))
        if new_end > new_start:
            pieces.append(Piece("added", "".join(new[new_start:new_end])))
    return pieces
