"""What an indicator's target asks for, what was reached, and whether it was met."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from grading.facts.figures import NUMBER, plain
from grading.reading.splicing import squeeze

SIGN = re.compile(r"≥|＞|>|不低于|不少于|至少|大于等于|达到|不小于|以上")
MOST = re.compile(r"≤|＜|<|不超过|不高于|不大于|不多于|小于等于|控制在|以内|以下|低于")
VALUE = re.compile(rf"({NUMBER})\s*(%|[一-鿿㎡]{{0,4}}(?:/[一-鿿]+)?)")

TAKEN = re.compile(rf"(?:扣(?:除|减)?|减)\s*({NUMBER})\s*分")
EXCUSED = re.compile(
    r"视同|视为|免予|免扣|不扣|不予扣|未扣|不影响|未影响|客观|疫情|不可抗力|经批|批复|批准|备案|已整改|整改到位|已完成整改|剔除|不计入"
    r"|不作扣|不再扣|豁免|例外|酌情不|加分|改正|予以认可"
)


@dataclass(frozen=True)
class Aim:
    """A target or a result as one figure. `most` says that less is better (≤)."""

    value: Decimal
    unit: str
    most: bool
    signed: bool


def aim_in(text: str) -> Aim | None:
    """Read a target or result that is one figure (`≥90%`, `103座`, `不超过640元/平方米`); None for any other."""
    bare = squeeze(plain(text)).strip("。；;，,")
    found = list(VALUE.finditer(bare))
    if len(found) != 1 or len(bare) > 24:
        return None
    number, unit = found[0].groups()
    most = bool(MOST.search(bare)) and not re.search(r"不低于", bare)
    return Aim(Decimal(number.replace(",", "")), unit.strip("以上下内及"), most, bool(SIGN.search(bare)) or most)


def is_met(target: Aim, actual: Aim) -> bool | None:
    """Whether the result meets the target; None where the two cannot be compared."""
    if target.unit != actual.unit and target.unit and actual.unit:
        return None
    return actual.value <= target.value if target.most else actual.value >= target.value


def excused(text: str) -> bool:
    """Whether words say why a shortfall costs no points; a row of which they do is never put to the model."""
    return bool(EXCUSED.search(text)) and not TAKEN.search(text)
