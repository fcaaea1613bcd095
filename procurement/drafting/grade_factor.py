"""Reading a purchase's papers for an agency's grade as a criterion, and for fees that follow a grade. Pure.

R-GRADE.legal, R-GRADE.scope, R-GRADE.factor, R-GRADE.fee: a grade may be scored within a cap and in a form open to
newcomers and other regions; it is never a condition; a fee that follows it stands in documents and contract alike.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

GRADE = re.compile(
    "分类评级|(?:机构|供应商|投标人|事务所)(?:的)?(?:信用|诚信|考核|评价|年度)?(?:的)?(?:等级|评级|考核结果)|"
    "(?:信用|诚信|履约|执业质量)(?:的)?(?:等级|评级|评分)"
)
EQUAL = re.compile("同等|等效|相当的证明")
ELSEWHERE = re.compile("其他(?:地区|省|市|区)|外地|不限地区|各地")
NEWCOMER = re.compile("新进|新设|未参评|尚未评级|没有(?:机构)?等级|未评级|首次参加")
FEE = re.compile(
    "(?:等级|评级|考核结果|质量得分)[^。；\\n]{0,30}(?:奖励|上浮|下浮|扣减|扣除|增加服务费|减少服务费|支付比例)|"
    "(?:奖励|上浮|下浮|扣减|扣除)[^。；\\n]{0,20}(?:等级|评级|考核结果)"
)


@dataclass(frozen=True)
class Factor:
    """A scored criterion about an agency's grade, and whether it accepts the evidence of others as equal."""

    title: str
    maximum: Decimal
    accepts_elsewhere: bool
    accepts_newcomers: bool


def is_about_grades(texts: Iterable[str]) -> bool:
    """Whether any of the texts speaks of an agency's grade or credit as what is judged."""
    return any(GRADE.search(one) for one in texts)


def factor_of(title: str, maximum: Decimal, texts: Sequence[str]) -> Factor | None:
    """Return a scored criterion as a grade factor, or None where it is about something else."""
    if not is_about_grades([title, *texts]):
        return None
    whole = "；".join([title, *texts])
    equal = EQUAL.search(whole) is not None
    return Factor(
        title,
        maximum,
        equal and ELSEWHERE.search(whole) is not None,
        equal and NEWCOMER.search(whole) is not None,
    )


def follows_grades(text: str) -> bool:
    """Whether a text lets a fee follow a grade."""
    return FEE.search(text) is not None
