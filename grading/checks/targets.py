"""Targets, results and points: `target-score`, `score-monotone`, `actual-copies-target`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from grading.checks.finding import Evidence, Finding, Severity
from grading.checks.registry import Context, check, message
from grading.facts.figures import NUMBER, Figure, Place, plain
from grading.facts.rows import Indicator
from grading.facts.targets import aim_in, is_met
from grading.reading.splicing import squeeze

REASON = re.compile(
    r"因|由于|客观|疫情|不可抗力|调整|说明|视同|视为|免予|免扣|酌情|政策|上级|考虑到|剔除|不计入|允许|合理|核减|变更|豁免|例外|延期|备案|批复"
)
DEDUCTED = re.compile(
    r"扣|因|由于|但|不足|未|缺|偏|超|滞后|不够|不完整|不规范|不及时|过低|过高|问题|瑕疵|资料|部分|个别|较低|较弱|不全|有待|存在|仅|减分|按比例|得分率|区间|比例"
)
FULL = re.compile(r"满分|不扣分|得全分")
PROSE = re.compile(
    rf"(?:计划(?:值|数|为)?|目标(?:值|为)?)\s*(?P<target>[≥≤＞＜><]?\s*{NUMBER}\s*[一-鿿%㎡（）()]{{0,5}}?)[，,；;、]\s*"
    rf"(?:实际(?:值|完成|为)?|完成(?:值)?)\s*(?P<actual>{NUMBER}\s*[一-鿿%㎡（）()]{{0,5}}?)[，,；;。（(]"
)
PROSE_WEIGHT = re.compile(rf"(?:权重|分值|满分)\s*(?:为)?\s*({NUMBER})\s*分|[（(]\s*({NUMBER})\s*分\s*[）)]")
PROSE_SCORE = re.compile(rf"(?:评价得分|该指标得分|指标得分|实际得分|得分|得)\s*(?:为)?\s*({NUMBER})\s*分")
COMPLETION = re.compile(rf"完成率\s*(?:为|达|达到)?\s*({NUMBER})\s*%")
PROPORTIONAL = re.compile(r"按(?:完成)?(?:比例|率)(?:得|计|扣|给)?分?|按比例")
COPIED = re.compile(r"≥|≤|＞|＜|>|<|不低于|不少于|不超过|不高于")


@dataclass(frozen=True)
class Case:
    """One indicator with target and result, weight and score, as a table or a sentence gives them."""

    name: str
    target: str
    actual: str
    weight: Decimal
    score: Decimal
    note: str
    evidence: tuple[Evidence, ...]


def cases(context: Context) -> Iterator[Case]:
    """Yield every indicator whose target, result, weight and score are known."""
    main = context.facts.main
    for leaf in main.leaves if main else []:
        if leaf.weight and leaf.score and leaf.target and leaf.actual and leaf.weight.value > 0:
            shown = (_cell(leaf, leaf.actual), _cell(leaf, leaf.target), _cell(leaf, leaf.score.text))
            yield Case(leaf.name, leaf.target, leaf.actual, leaf.weight.value, leaf.score.value, leaf.note, shown)
    for paragraph in context.facts.report.paragraphs:
        if paragraph.origin == "body":
            yield from _told(paragraph.text, paragraph.page, paragraph.index)


def _told(original: str, page: int | None, index: int) -> Iterator[Case]:
    text = plain(original)
    for found in PROSE.finditer(text):
        start = max(text.rfind("。", 0, found.start()), text.rfind("\n", 0, found.start())) + 1
        opening = text[max(0, start - 60) : found.start()]
        end = text.find("。", found.end())
        tail = text[found.end() : end if end >= 0 else len(text)]
        weight, score = None, None
        for match in PROSE_WEIGHT.finditer(opening):
            weight = Decimal((match[1] or match[2]).replace(",", ""))
        for match in PROSE_SCORE.finditer(tail + "。"):
            score = Decimal(match[1].replace(",", ""))
        if score is None and (again := list(PROSE_SCORE.finditer(opening))):
            score = Decimal(again[-1][1].replace(",", ""))
        if weight is None or score is None:
            continue
        quote = original[found.start() : end if end >= 0 else len(text)].strip("。")
        name = re.split(r"[：:“”（(]", opening.strip("“"))[0][-16:]
        yield Case(name, found["target"], found["actual"], weight, score, tail, (Evidence(quote[:120], page, index),))


def _cell(leaf: Indicator, text: str) -> Evidence:
    place: Place | None = leaf.score.place if isinstance(leaf.score, Figure) else None
    table = place.table if place else None
    return Evidence(text.strip(), leaf.page, None, table, place.row if place else leaf.row)


@check("target-score", severity=Severity.WARNING)
def target_score(context: Context) -> Iterator[Finding]:
    """T1: a missed target with full marks and no reason, or a met one with a deduction that nothing explains.

    Reasons in brackets or in the note silence it; so does over-fulfilment of a target set too low (R-PERF-06).
    """
    seen: set[tuple[str, Decimal]] = set()
    for case in cases(context):
        target, actual = aim_in(case.target), aim_in(case.actual)
        met = is_met(target, actual) if target and actual else None
        key = (squeeze(case.name)[-8:], case.score)
        if met is None or key in seen or case.score > case.weight:
            continue
        if target and actual and _in_proportion(case, actual.value, target.value):
            continue
        words = f"{case.note}{case.actual}"
        bracketed = re.search(r"[（(][^）)]{6,}[）)]", words)
        if not met and case.score == case.weight and not REASON.search(words) and not bracketed:
            seen.add(key)
            yield _points(case, missed=True, sure=0.85)
        elif met and case.score < case.weight and not DEDUCTED.search(case.note) and len(squeeze(case.note)) >= 4:
            seen.add(key)
            yield _points(case, missed=False, sure=0.7)


def _in_proportion(case: Case, actual: Decimal, target: Decimal) -> bool:
    """Whether the score is the weight times the completion, as it is printed (99.98 % of 12 is 12.00)."""
    if not PROPORTIONAL.search(case.note) or target <= 0:
        return False
    exponent = case.score.as_tuple().exponent
    half = Decimal(5).scaleb(exponent - 1) if isinstance(exponent, int) else Decimal("0.005")
    return abs(case.weight * actual / target - case.score) <= half


def _points(case: Case, *, missed: bool, sure: float) -> Finding:
    zh = "未达到目标却得满分，且未说明理由" if missed else "达到目标却被扣分，且未说明原因"
    en = (
        "missed its target with full marks and no reason"
        if missed
        else "met its target but lost points without a reason"
    )
    return Finding(
        "target-score",
        Severity.WARNING,
        message(
            f"“{case.name}”目标{case.target.strip()}，实际{case.actual.strip()}，{zh}，请核对。",
            f"The indicator “{case.name}” {en} (target {case.target.strip()}, actual {case.actual.strip()}).",
        ),
        case.evidence,
        str(case.score),
        "应按评分标准扣分或说明理由" if missed else "扣分应说明原因",
        {"confidence": sure, "table": float(case.evidence[0].table is not None), "parts": float(len(case.evidence))},
    )


@check("score-monotone", severity=Severity.WARNING)
def score_monotone(context: Context) -> Iterator[Finding]:
    """T2: among indicators scored in proportion, a lower completion earns a higher share of its weight."""
    proportional = []
    for case in cases(context):
        rate = COMPLETION.search(plain(case.note + case.actual))
        if rate is not None and PROPORTIONAL.search(case.note) and case.weight > 0:
            proportional.append((Decimal(rate[1]), case.score / case.weight * 100, case))
    flagged: set[str] = set()
    for done, share, case in proportional:
        loose = Decimal("0.51") / case.weight + Decimal("0.06")
        higher = [
            other
            for other in proportional
            if other[0] > done + Decimal("0.5") and other[1] + Decimal("0.51") / other[2].weight < share - loose
        ]
        off = abs(share - done) > loose + 1
        if higher and off and case.name not in flagged:
            flagged.add(case.name)
            other = higher[0][2]
            expected = (case.weight * done / 100).quantize(Decimal("0.01"))
            yield Finding(
                "score-monotone",
                Severity.WARNING,
                message(
                    f"“{case.name}”完成率{done}%，按比例应得{expected}分，却得{case.score}分，高于完成更多的“{other.name}”，请核对。",
                    f"“{case.name}” reached {done} %, which gives {expected} in proportion, but has {case.score}: more "
                    f"of its weight than “{other.name}”, which reached more.",
                ),
                (*case.evidence[:1], *other.evidence[:1]),
                str(case.score),
                str(expected),
                {"confidence": 0.9, "table": float(case.evidence[0].table is not None), "parts": 2.0},
            )


@check("actual-copies-target", severity=Severity.WARNING)
def actual_copies_target(context: Context) -> Iterator[Finding]:
    """T3: the actual value is the target's own text, sign and all; a figure or word that merely equals it is silent."""
    main = context.facts.main
    for leaf in main.leaves if main else []:
        target, actual = squeeze(leaf.target), squeeze(leaf.actual)
        if not target or target != actual:
            continue
        if COPIED.search(actual) or len(actual) >= 30:
            yield Finding(
                "actual-copies-target",
                Severity.WARNING,
                message(
                    f"“{leaf.name}”的实际值与目标值文字相同（{leaf.actual.strip()[:40]}），请填写实际完成情况。",
                    f"The actual value of “{leaf.name}” is the target's own text ({leaf.actual.strip()[:40]}).",
                ),
                (_cell(leaf, leaf.actual), _cell(leaf, leaf.target)),
                leaf.actual.strip()[:60],
                "实际完成值",
                {"confidence": 0.92 if COPIED.search(actual) else 0.7, "table": 1.0, "parts": 2.0},
            )
