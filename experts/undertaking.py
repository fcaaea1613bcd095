"""The undertaking of confidentiality that an expert signs with the acceptance: its text, and the hash of it; pure."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Final

CLAUSES: Final[tuple[Mapping[str, str], ...]] = (
    {
        "zh": "对评审材料、评审意见、评分和其他专家的身份保密，不复制、不外传，会后按要求退还或销毁。",
        "en": "I keep the papers, opinions, scores and fellow experts confidential, copy and pass on nothing, and "
        "return or destroy the papers as asked.",
    },
    {
        "zh": "独立、客观、公正地发表意见，不与被评价单位、受评机构私下接触，不收受任何利益。",
        "en": "I judge independently and fairly, meet neither the evaluated unit nor the agency privately, and take no "
        "benefit.",
    },
    {
        "zh": "评审前后发现应当回避的情形，立即申报并退出。",
        "en": "If I learn of a reason to step down, before or after, I say so at once and leave.",
    },
    {
        "zh": "违反承诺的，按专家管理规定处理，记入履职记录。",
        "en": "A breach is dealt with under the rules for experts and noted in my record.",
    },
)
"""What is undertaken, clause by clause."""


def clauses(language: str) -> list[str]:
    """Return the clauses in a language."""
    return [one["zh" if language == "zh" else "en"] for one in CLAUSES]


def digest() -> str:
    """Return the hash of the text in both languages: what was signed can be told from a later wording."""
    text = "\n".join(f"{one['zh']}\n{one['en']}" for one in CLAUSES)
    return hashlib.sha256(text.encode()).hexdigest()
