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
    "注册(?:资本|资金)|实缴(?:资本|资金)|资产(?:总额|规模|总计)|总资产|净资产|营业(?:收入|额)|主营业务收入|年(?:产值|营收)|"
    "销售(?:收入|额)|从业人员(?:数量?|人数|总数|规模)?|员工(?:人数|总数|规模|数量)|职工(?:人数|总数|数量)|人员规模|"
    "在职人数|企业规模|净利润|利润(?:总额|额|率)|盈利(?:能力|水平|额)|(?:纳税|税收|缴税)(?:总)?(?:额|金额)|纳税规模|"
    "成立(?:时间|年限)|经营年限"
)
_REGION = re.compile(
    "(?:本|我|当地?|该)(?:省|市|区|县|地)(?:内|范围内|域内|辖区)?(?:的)?(?:注册|设有|设立|办公|业绩|企业|机构|分支|公司|"
    "供应商|奖|荣誉|客户|项目|场所|纳税|服务)|"
    "(?:国家|部|省|市|区|县)级(?:以上)?(?:及以上)?(?:奖|荣誉|表彰)|"
    "本地(?:化)?(?:注册|机构|企业|公司|办公|分公司|业绩|服务网点|服务机构|供应商)|"
    "(?:注册(?:地|地址|住所)?|住所地?|办公(?:地点|场所))(?:须|应|必须|需)?(?:在|位于)[^，。；]{0,12}?(?:省|市|区|县)|"
    "注册在|(?:设有|设立|具有)(?:[^，。；]{0,8})(?:分支机构|分公司|办事处|服务网点)|分支机构|"
    "特定(?:行政区域|行业|供应商)|指定(?:品牌|供应商|机构)|(?:省|市|区)(?:财政)?(?:库内|入库|备选库|名录库|资格库)|"
    "(?:入围|入选|列入)[^，。；]{0,10}(?:名录|名单|备选库|机构库|资格库)|(?:曾|已)(?:为|承担过?)(?:本|我)(?:局|单位|区)"
)
_BRAND = re.compile("品牌|商标|(?:原厂|厂家)授权|专利号|型号为|唯一(?:型号|供应商)")
_OWNERSHIP = re.compile(
    "国有(?:企业|控股|独资)|民营企业|外资企业|外商投资|内资企业|中资|所有制|合伙制(?:企业)?|有限责任公司方可|上市公司|"
    "法人资格|(?:须|应|必须)(?:为|是)(?:国有|民营|外资|合伙|法人|公司)"
)
_AFFILIATION = re.compile("(?:成员单位|会员单位|协会会员|理事单位)|(?:协会|学会|商会)(?:会员|颁发|评定|推荐)")
_CONTRACTS = re.compile(
    r"(?:([0-9]+)|([一二两三四五六七八九十]))\s*(?:个|份|项)(?:以上|及以上)?(?:的)?(?:同类|类似|相关)?"
    r"(?:业务|项目|业绩|服务)?(?:合同|业绩)"
)
_KIND = re.compile("(?:同类|类似|相关)(?:业务|项目|服务)?(?:的)?(?:合同|业绩|经验)")
_DEFINED = re.compile("(?:同类|类似|相关)(?:业务|项目|服务)?(?:是指|指|包括|范围|，即|（|\\()|绩效|评价|评估|审计")
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
    """Return every wording that may favour a region, a trade, a brand, ownership or a society (R-TENDER-12)."""
    pairs = list(texts)
    return [
        one for pattern in (_REGION, _BRAND, _OWNERSHIP, _AFFILIATION) for one in _found("R-TENDER-12", pattern, pairs)
    ]


def many_contracts(conditions: Iterable[tuple[Text, str]], most: int) -> list[Wording]:
    """Return every qualification condition that asks for more than `most` contracts of the same kind (R-TENDER-14)."""
    return [
        Wording("R-TENDER-14", where, match.group(0))
        for where, text in conditions
        for match in _CONTRACTS.finditer(text)
        if (int(match.group(1)) if match.group(1) else _FIGURES[match.group(2)]) > most
    ]


def undefined_kind(conditions: Iterable[tuple[Text, str]]) -> list[Wording]:
    """Return every qualification condition that asks for contracts of a kind it does not define (R-TENDER-14)."""
    return [
        Wording("R-TENDER-14", where, match.group(0))
        for where, text in conditions
        if not _DEFINED.search(text)
        for match in _KIND.finditer(text)
    ]


def _found(rule_id: str, pattern: re.Pattern[str], texts: Iterable[tuple[Text, str]]) -> list[Wording]:
    return [Wording(rule_id, where, match.group(0)) for where, text in texts for match in pattern.finditer(text)]
