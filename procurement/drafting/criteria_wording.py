"""Reading criteria and qualification conditions for words the law forbids or frowns on (R-TENDER-12, 13, 14).

Pure: texts in, findings out. A pattern finds a wording, not a meaning, so only the forbidden size conditions block; the
others ask the officer to look again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from core.i18n import Text

_SIZE = re.compile(
    "注册(?:资本|资金)|资产总额|总资产|净资产|营业(?:收入|额)|年产值|从业人员(?:数量?|人数|总数|规模)|员工(?:人数|总数|规模)|"
    "职工(?:人数|总数)|净利润|利润(?:总额|额|率)|纳税(?:总)?额"
)
_REGION = re.compile(
    "(?:本|我)(?:市|区|县|省|地)(?:内|范围内|域内)?(?:的)?(?:注册|设有|办公|业绩|企业|机构|分支|奖|荣誉|客户|项目)|"
    "(?:省|市|区|县)级(?:以上)?(?:奖|荣誉)|本地(?:化)?(?:机构|企业|办公|分公司|业绩|服务网点)|"
    "特定(?:行政区域|行业)|指定(?:品牌|供应商)|(?:须|应|必须)(?:为|是)(?:国有|民营|外资)"
)
_OWNERSHIP = re.compile("国有(?:企业|控股)|民营企业|外资企业|所有制|合伙制(?:企业)?|有限责任公司方可|上市公司")
_CONTRACTS = re.compile(
    r"(?:([0-9]+)|([一二两三四五六七八九十]))\s*(?:个|份|项)(?:以上|及以上)?(?:的)?(?:同类|类似|相关)?"
    r"(?:业务|项目|业绩|服务)?(?:合同|业绩)"
)
_FIGURES = {figure: number for number, figure in enumerate("一二三四五六七八九十", 1)} | {"两": 2}


@dataclass(frozen=True)
class Wording:
    """A wording found: the rule it touches, where it stands (`title`) and the very words."""

    rule_id: str
    where: Text
    words: str


def size_conditions(texts: Iterable[tuple[Text, str]]) -> list[Wording]:
    """Return every size condition (规模条件) in the `(where, text)` pairs (R-TENDER-13)."""
    return _found("R-TENDER-13", _SIZE, texts)


def unequal_treatment(texts: Iterable[tuple[Text, str]]) -> list[Wording]:
    """Return every wording that may favour a region, a trade, a brand or a form of ownership (R-TENDER-12)."""
    pairs = list(texts)
    return _found("R-TENDER-12", _REGION, pairs) + _found("R-TENDER-12", _OWNERSHIP, pairs)


def many_contracts(conditions: Iterable[tuple[Text, str]], most: int) -> list[Wording]:
    """Return every qualification condition that asks for more than `most` contracts of the same kind (R-TENDER-14)."""
    return [
        Wording("R-TENDER-14", where, match.group(0))
        for where, text in conditions
        for match in _CONTRACTS.finditer(text)
        if (int(match.group(1)) if match.group(1) else _FIGURES[match.group(2)]) > most
    ]


def _found(rule_id: str, pattern: re.Pattern[str], texts: Iterable[tuple[Text, str]]) -> list[Wording]:
    return [Wording(rule_id, where, match.group(0)) for where, text in texts for match in pattern.finditer(text)]
