"""Reading texts for an ordered outcome: a rate to cut, a grade or rank to give, a fee that hangs on it (R-SEC-04).

Pure: texts in, findings out. Only what names both the outcome and its measure counts as ordered, so that asking what
came out, or forbidding such an order, is no order.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from core.i18n import Text
from procurement.drafting.criteria_wording import Wording

RULE = "R-SEC-04"
_FREE = "[^，。；;\n]"
_MEASURE = (
    r"(?:不(?:得)?(?:低|少|小|高|多|大)于|至少|至多|须?达到|控制在|(?:应当?|须|必须|需要?)(?:为|在|达到)|≥|≤|>|<)"
)
_CUT = re.compile(
    rf"(?:审减|核减|压减|调减)(?:率|比例|幅度|额度?|金额){_FREE}{{0,8}}?{_MEASURE}{_FREE}{{0,3}}?[0-9一二三四五六七八九十百]"
)
_GRADE = re.compile(
    rf"(?:评价|评审|评估)(?:结论|结果|等级|得分|分数){_FREE}{{0,6}}?{_MEASURE}{_FREE}{{0,3}}?"
    "(?:优|良|中|差|合格|不合格|通过|[0-9]+分?)"
)
_SHARE = re.compile(
    rf"按{_FREE}{{0,4}}?(?:审减|核减|压减)(?:率|比例|额|金额){_FREE}{{0,8}}?(?:支付|计费|计取|提成|收取)"
)
_POINTS = re.compile(
    rf"(?:得分|评分|分数|总分|打分){_FREE}{{0,8}}?(?:调整?(?:为|到)|改(?:为|成|到)|(?:应当?|须|必须)(?:为|打)|"
    rf"(?:提高|调高|降低|调低)(?:为|到|至)|不(?:得)?(?:低|高)于){_FREE}{{0,2}}?[0-9]+"
)
_RANK = re.compile(
    rf"(?:(?:应当?|须|必须|务必|请|要){_FREE}{{0,16}}?(?:评|定|排|列)(?:为|在)?(?:第[一二三123](?:名|位)?|首位)|"
    rf"(?:确保|保证|让|使|务必){_FREE}{{0,16}}?(?:(?:中标|成交)(?!候选|人|供应商|结果|通知|金额|价)|淘汰|落选))"
)
_FORBIDDING = re.compile(
    r"(?:不得|不应|禁止|严禁|不准|不能|无权)(?:以任何形式)?(?:设定|下达|规定|要求|提出|约定|将|按|以)?[^，。；;\n]{0,10}$"
)


def ordered_outcomes(texts: Iterable[tuple[Text, str]]) -> list[Wording]:
    """Return every order of an outcome in the `(where, text)` pairs of a purchase's papers."""
    return _found((_CUT, _GRADE, _SHARE), texts)


def orders_to_committee(texts: Iterable[tuple[Text, str]]) -> list[Wording]:
    """Return every order in what the purchaser writes to a committee: points or ranks to give, besides the above."""
    return _found((_CUT, _GRADE, _SHARE, _POINTS, _RANK), texts)


def _found(patterns: Iterable[re.Pattern[str]], texts: Iterable[tuple[Text, str]]) -> list[Wording]:
    pairs = list(texts)
    return [
        Wording(RULE, where, match.group(0))
        for pattern in patterns
        for where, text in pairs
        for match in pattern.finditer(text)
        if not _FORBIDDING.search(text[: match.start()])
    ]
